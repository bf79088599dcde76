// SPDX-License-Identifier: Apache-2.0
// Holder proofs: the message, the outcomes, and that nothing signed serves for anything else.
#include <doctest/doctest.h>
#include <sodium.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <xacthuc/engine/proof.hpp>

#include "engine/measure_proofs.hpp"
#include "unit/engine/nation_with_keys.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// Outcomes of all kernels, which must agree.
[[nodiscard]] std::vector<verdict> ask(const citizen_index& index, std::span<const request> requests,
                                       std::span<const holder_proof> proofs, const proof_options& options = {},
                                       std::size_t* checked = nullptr) {
    std::vector<verdict> answers(requests.size());
    const auto first = verify_with_proofs(all_kernels().front(), index, requests, proofs, answers, options);
    for (const auto& kernels : all_kernels()) {
        std::vector<verdict> again(requests.size());
        CHECK(verify_with_proofs(kernels, index, requests, proofs, again, options) == first);
        CHECK(again == answers);
    }
    if (checked != nullptr) *checked = first;
    return answers;
}

[[nodiscard]] outcome ask_one(const citizen_index& index, const request& q, const holder_proof& proof) {
    return ask(index, {&q, 1}, {&proof, 1}).front().outcome();
}

}  // namespace

TEST_CASE("the holder's message is what the documents say, byte by byte") {
    request q;
    q.words[0] = request_layout::id.put(0x0102030405) | request_layout::claims.put(0x1a1b) |
                 request_layout::birth_precision.put(3);
    q.words[3] = request_layout::agency.put(0x2a2b) | request_layout::procedure.put(0x3a3b) | 0xffff'ffff;
    proof_nonce nonce;
    for (std::size_t i = 0; i < nonce.size(); ++i) nonce[i] = static_cast<std::uint8_t>(0xe0 + i);
    const holder_message expected{'x',  't',  '-',  'h',  'o',  'l',  'd',  '1',  0x05, 0x04, 0x03, 0x02,
                                  0x01, 0,    0,    0,    0x2b, 0x2a, 0x3b, 0x3a, 0x1b, 0x1a, 0x48, 0x47,
                                  0x46, 0x45, 0x44, 0x43, 0x42, 0x41, 0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5,
                                  0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0xec, 0xed, 0xee, 0xef};
    CHECK(message_for_holder(q, 0x4142434445464748, nonce) == expected);
}

TEST_CASE("rightly signed requests are verified, in batches of every size, by every kernel") {
    nation_with_keys nation{20'000};
    const auto made = nation.signed_by_holders(70);
    for (std::size_t size = 0; size <= made.requests.size(); ++size) {
        const std::span requests{made.requests.data(), size};
        const std::span proofs{made.proofs.data(), size};
        std::vector<verdict> answers(size + 1);
        for (const auto& kernels : all_kernels()) {
            std::ranges::fill(answers, verdict{});
            REQUIRE(verify_with_proofs(kernels, nation.index(), requests, proofs, answers, {}) == size);
            REQUIRE(std::all_of(answers.begin(), answers.end() - 1,
                                [](const verdict& v) { return v.outcome() == outcome::verified; }));
            REQUIRE(answers.back() == verdict{});
        }
    }
}

TEST_CASE(
    "the answer does not depend on the batch: good, bad, keyless and unsigned requests, one by one and together") {
    nation_with_keys nation{20'000};
    auto made = nation.signed_by_holders(1'500);
    const auto mixed = nation.ask(0, 1'500);
    for (std::size_t i = 0; i < made.requests.size(); ++i) {
        if (i % 5 == 1) made.proofs[i].signature.bytes[i % 64] ^= static_cast<std::uint8_t>(1U << i % 8);
        if (i % 5 == 2) made.requests[i] = mixed.requests[i];
        if (i % 5 == 3) made.requests[i].words[1] ^= 1;  // with the folded name still right
    }
    for (const auto precedence : {proof_precedence::claims_first, proof_precedence::proof_first}) {
        const auto answers = ask(nation.index(), made.requests, made.proofs, {precedence});
        for (std::size_t i = 0; i < answers.size(); ++i)
            REQUIRE(answers[i] == nation.one_by_one(made.requests[i], made.proofs[i], precedence));
        std::vector<verdict> public_answers(answers.size());
        engine{nation.index()}.verify(made.requests, made.proofs, public_answers, {precedence});
        CHECK(public_answers == answers);
        for (const auto wanted : {outcome::verified, outcome::bad_signature, outcome::no_key_registered})
            CHECK(std::ranges::count_if(answers, [&](const verdict& v) { return v.outcome() == wanted; }) > 0);
    }
}

TEST_CASE("any flipped bit of a proof, or of what it binds in the request, is a bad signature") {
    nation_with_keys nation{20'000};
    const auto made = nation.signed_by_holders(1);
    const auto& q = made.requests[0];
    const auto& proof = made.proofs[0];
    std::vector<request> requests;
    std::vector<holder_proof> proofs;
    for (std::size_t bit = 0; bit < sizeof proof * 8; ++bit) {
        auto bytes = std::bit_cast<std::array<std::uint8_t, sizeof proof>>(proof);
        bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        requests.push_back(q);
        proofs.push_back(std::bit_cast<holder_proof>(bytes));
    }
    for (const auto field : {request_layout::agency, request_layout::procedure})
        for (unsigned bit = 0; bit < field.width; ++bit) {
            requests.push_back(q);
            requests.back().words[3] ^= field.put(std::uint64_t{1} << bit);
            proofs.push_back(proof);
        }
    for (const auto& v : ask(nation.index(), requests, proofs)) REQUIRE(v.outcome() == outcome::bad_signature);
    CHECK(ask_one(nation.index(), q, proof) == outcome::verified);
}

TEST_CASE("a proof for fewer or other claims, another procedure, agency or citizen serves for nothing else") {
    nation_with_keys nation{20'000};
    const auto made = nation.signed_by_holders(300);
    for (std::size_t i = 0; i < 40; ++i) {
        auto fewer = made.requests[i];
        fewer.words[0] &= ~request_layout::claims.put(mask_of(claim::sex));
        fewer.words[2] &= ~layout::sex.mask();
        CHECK(ask_one(nation.index(), fewer, made.proofs[i]) == outcome::bad_signature);
        CHECK(ask_one(nation.index(), fewer, nation.sign(fewer, made.holders[i])) == outcome::verified);
        // One's own key over a request about another, and another's proof as it is.
        const auto other = i + 1;
        if (nation.pair_of(made.holders[i]) == nation.pair_of(made.holders[other])) continue;
        CHECK(ask_one(nation.index(), made.requests[other], nation.sign(made.requests[other], made.holders[i])) ==
              outcome::bad_signature);
        CHECK(ask_one(nation.index(), made.requests[i], made.proofs[other]) == outcome::bad_signature);
    }
    std::size_t sharing = 0;
    // Two citizens who share a key: the id in the message still tells them apart.
    for (std::size_t i = 1; i < made.requests.size(); ++i) {
        if (nation.pair_of(made.holders[0]) != nation.pair_of(made.holders[i])) continue;
        if (made.requests[0].id() == made.requests[i].id()) continue;
        CHECK(ask_one(nation.index(), made.requests[i], made.proofs[0]) == outcome::bad_signature);
        ++sharing;
    }
    CHECK(sharing > 0);
}

TEST_CASE("no key, a revoked account, a damaged and an erased record have their outcomes, and masks stay") {
    nation_with_keys nation{20'000};
    const auto made = nation.signed_by_holders(5);
    auto& index = nation.index();
    const auto id_of = [&](std::size_t i) { return personal_id::from_trusted(made.requests[i].id()); };
    const std::array<std::byte, 32> none{};
    REQUIRE(index.set_key(id_of(0), none).has_value());
    for (const std::size_t i : {1U, 2U}) {
        auto r = index.find(id_of(i)).value().value();
        r.words[2] &= ~layout::account.mask();
        r.words[2] |= layout::account.put(static_cast<std::uint64_t>(account_status::revoked));
        REQUIRE(index.upsert(r).has_value());
    }
    REQUIRE(index.set_key(id_of(2), none).has_value());  // revoked comes before keyless
    REQUIRE(index.erase(id_of(3)).has_value());
    const auto answers = ask(index, made.requests, made.proofs);
    const auto masks = mask_of(claim::name, claim::birth_date, claim::sex, claim::life);
    CHECK(answers[0].outcome() == outcome::no_key_registered);
    CHECK(answers[1].outcome() == outcome::key_revoked);
    CHECK(answers[2].outcome() == outcome::key_revoked);
    for (const std::size_t i : {0U, 1U, 2U, 4U}) CHECK(answers[i].matched() == masks);
    CHECK(answers[0].name_grade() == name_grade::exact);
    CHECK(answers[3] == verdict{outcome::not_found, 0, 0, masks});
    CHECK(answers[4].outcome() == outcome::verified);
}

TEST_CASE("an index without a key column has no keys") {
    small_nation nation{20'000};
    const auto q = nation.ask(0, 500);
    const std::vector<holder_proof> proofs(q.requests.size());
    const auto answers = ask(nation.index(), q.requests, proofs);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto before = q.expected[i].outcome();
        if (before != outcome::verified && before != outcome::incomplete) {
            REQUIRE(answers[i] == q.expected[i]);
        } else {
            REQUIRE(
                (answers[i].outcome() == outcome::no_key_registered || answers[i].outcome() == outcome::key_revoked));
            REQUIRE((answers[i].bits() >> 10) == (q.expected[i].bits() >> 10));
        }
    }
}

TEST_CASE("claims that fail cost no signature unless the proof is to come first") {
    nation_with_keys nation{20'000};
    auto made = nation.signed_by_holders(600);
    auto& proofs = made.proofs;
    for (std::size_t i = 0; i < made.requests.size(); ++i) {
        made.requests[i].words[2] ^= layout::sex.put(3);  // male for female
        if (i % 2 == 0) proofs[i].signature.bytes[3] ^= 1;
    }
    constexpr auto sex_differs = static_cast<outcome>(100 + static_cast<unsigned>(claim::sex));
    std::size_t checked = 0;
    for (const auto& v : ask(nation.index(), made.requests, proofs, {}, &checked)) REQUIRE(v.outcome() == sex_differs);
    CHECK(checked == 0);
    const auto answers = ask(nation.index(), made.requests, proofs, {proof_precedence::proof_first}, &checked);
    CHECK(checked == made.requests.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto wanted = i % 2 == 0 ? outcome::bad_signature : sex_differs;
        REQUIRE(answers[i].outcome() == wanted);
        REQUIRE(answers[i].mismatched() == mask_of(claim::sex));
    }
}

TEST_CASE("what is malformed, unknown, superseded or damaged stays so, whatever the proof and its precedence") {
    nation_with_keys nation{20'000};
    auto q = nation.ask(0, 5'000);
    q.requests.push_back(request{});
    q.expected.push_back(verdict{outcome::malformed, 0, 0, 0});
    const std::vector<holder_proof> proofs(q.requests.size());
    for (const auto precedence : {proof_precedence::claims_first, proof_precedence::proof_first}) {
        const auto answers = ask(nation.index(), q.requests, proofs, {precedence});
        std::size_t seen = 0;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            const auto before = q.expected[i].outcome();
            if (before != outcome::malformed && before != outcome::not_found && before != outcome::superseded) continue;
            REQUIRE(answers[i] == q.expected[i]);
            ++seen;
        }
        CHECK(seen > 50);
    }
}

TEST_CASE("every bit of a key, flipped alone, is a bad signature; of its record, never a yes that was a no") {
    nation_with_keys nation{20'000};
    auto made = nation.signed_by_holders(1);
    auto& q = made.requests[0];
    const auto id = personal_id::from_trusted(q.id());
    std::array<std::byte, 32> key;
    REQUIRE(nation.index().find_key(id, key));
    for (std::size_t bit = 0; bit < key.size() * 8; ++bit) {
        auto flipped = key;
        flipped[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
        REQUIRE(nation.index().set_key(id, flipped).has_value());
        verdict answer;
        engine{nation.index()}.verify({&q, 1}, {made.proofs.data(), 1}, {&answer, 1});
        REQUIRE(answer.outcome() == outcome::bad_signature);
    }
    REQUIRE(nation.index().set_key(id, key).has_value());
    const auto partition = partition_of(placement_hash(q.id(), nation.index().placement_seed()));
    const auto block = nation.index().block(partition);
    auto* const bytes = const_cast<std::byte*>(block.data());
    made.proofs[0].nonce[0] ^= 1;
    block_head head;
    std::memcpy(&head, bytes, sizeof head);
    for (auto bit = sizeof head * 8; bit < block_bytes(head.line_count, false) * 8; ++bit) {
        const auto mask = static_cast<std::byte>(1U << bit % 8);
        bytes[bit / 8] ^= mask;
        verdict answer;
        engine{nation.index()}.verify({&q, 1}, {made.proofs.data(), 1}, {&answer, 1});
        bytes[bit / 8] ^= mask;
        REQUIRE((answer.outcome() == outcome::bad_signature || answer.outcome() == outcome::damaged_record));
    }
}

TEST_CASE("the measurement answers rightly and reports figures") {
    nation_with_keys nation{20'000};
    const auto made = nation.signed_by_holders(512);
    const auto speed = measure_proofs(all_kernels().back(), nation.index(), made.requests, made.proofs,
                                      {.round_count = 2, .batch_items = 128});
    CHECK(speed.wrong_answers == 0);
    CHECK(speed.holder_per_second > 0);
    CHECK(speed.holder_ratio > 0);
    CHECK(speed.agency_per_second > 0);
    CHECK(speed.agency_ratio > 0);
}
