// SPDX-License-Identifier: Apache-2.0
// Holder proofs: the message, the outcomes, and that nothing signed serves for anything else.
#include <doctest/doctest.h>
#include <sodium.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <random>
#include <xacthuc/engine/proof.hpp>

#include "bytes_of.hpp"
#include "unit/engine/nation_with_keys.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// Outcomes of all kernels, which must agree.
[[nodiscard]] std::vector<verdict> ask(const citizen_index& index, std::span<const request> requests,
                                       std::span<const holder_proof> proofs, const proof_options& options = {},
                                       std::size_t* checked = nullptr) {
    std::vector<verdict> answers(requests.size());
    const request_batch asked{.requests = requests, .holders = proofs, .proofs = options};
    const auto first = answer_batch(all_kernels().front(), index, asked, answers).signatures_checked;
    for (const auto& kernels : all_kernels()) {
        std::vector<verdict> again(requests.size());
        CHECK(answer_batch(kernels, index, asked, again).signatures_checked == first);
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
    for (std::size_t i = 0; i < 4; ++i) q.words[i] = 0x8786858483828180 + i * 0x0808080808080808;
    proof_nonce nonce;
    for (std::size_t i = 0; i < nonce.size(); ++i) nonce[i] = static_cast<std::byte>(0xe0 + i);
    auto expected = bytes_of<holder_message>(
        {'x', 't', '-', 'h', 'o', 'l', 'd', '2', 0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11});
    for (std::size_t i = 0; i < 32; ++i) expected[16 + i] = static_cast<std::byte>(0x80 + i);
    for (std::size_t i = 0; i < 8; ++i) expected[48 + i] = static_cast<std::byte>(0x48 - i);
    for (std::size_t i = 0; i < 16; ++i) expected[56 + i] = static_cast<std::byte>(0xe0 + i);
    CHECK(message_for_holder(q, 0x1112131415161718, 0x4142434445464748, nonce) == expected);
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
            const request_batch asked{.requests = requests, .holders = proofs};
            REQUIRE(answer_batch(kernels, nation.index(), asked, answers).signatures_checked == size);
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
        if (i % 5 == 1) made.proofs[i].signature.bytes[i % 64] ^= static_cast<std::byte>(1U << i % 8);
        if (i % 5 == 2) made.requests[i] = mixed.requests[i];
        if (i % 5 == 3) made.requests[i].words[1] ^= 1;  // with the folded name still right
    }
    const auto answers = ask(nation.index(), made.requests, made.proofs);
    for (std::size_t i = 0; i < answers.size(); ++i)
        REQUIRE(answers[i] == nation.one_by_one(made.requests[i], made.proofs[i]));
    std::vector<verdict> public_answers(answers.size());
    engine{nation.index()}.verify(made.requests, made.proofs, public_answers);
    CHECK(public_answers == answers);
    for (const auto wanted : {outcome::verified, outcome::bad_signature, outcome::no_key_registered})
        CHECK(std::ranges::count_if(answers, [&](const verdict& v) { return v.outcome() == wanted; }) > 0);
}

TEST_CASE("any flipped bit of a proof, or of what it binds in the request, is a bad signature") {
    nation_with_keys nation{20'000};
    const auto made = nation.signed_by_holders(1);
    const auto& q = made.requests[0];
    const auto& proof = made.proofs[0];
    std::vector<request> requests;
    std::vector<holder_proof> proofs;
    for (std::size_t bit = 0; bit < sizeof proof * 8; ++bit) {
        auto bytes = std::bit_cast<std::array<std::byte, sizeof proof>>(proof);
        bytes[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
        requests.push_back(q);
        proofs.push_back(std::bit_cast<holder_proof>(bytes));
    }
    // All of the request but the id, with which it is about somebody else.
    for (unsigned bit = request_layout::id.width; bit < 256; ++bit) {
        requests.push_back(q);
        requests.back().words[bit / 64] ^= std::uint64_t{1} << bit % 64;
        proofs.push_back(proof);
    }
    std::size_t refused_count = 0;
    for (const auto& v : ask(nation.index(), requests, proofs)) {
        if (v.outcome() == outcome::malformed) continue;  // two claims of one field
        REQUIRE(v == verdict{outcome::bad_signature, 0, 0, 0});
        ++refused_count;
    }
    CHECK(refused_count > sizeof proof * 8 + 200);
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

TEST_CASE("no key, a revoked account and an erased record have their outcomes, and no masks") {
    nation_with_keys nation{20'000};
    const auto made = nation.signed_by_holders(5);
    auto& index = nation.index();
    const auto id_of = [&](std::size_t i) { return personal_id::from_trusted(made.requests[i].id()); };
    const public_key none;
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
    CHECK(answers[0] == verdict{outcome::no_key_registered, 0, 0, 0});
    CHECK(answers[1] == verdict{outcome::key_revoked, 0, 0, 0});
    CHECK(answers[2] == verdict{outcome::key_revoked, 0, 0, 0});
    CHECK(answers[3] == verdict{outcome::not_found, 0, 0, masks});
    CHECK(answers[4].outcome() == outcome::verified);
    CHECK(answers[4].matched() == masks);
}

TEST_CASE("an index without a key column has no keys, and tells nothing else of those it knows") {
    small_nation nation{20'000};
    const auto q = nation.ask(0, 500);
    const std::vector<holder_proof> proofs(q.requests.size());
    const auto answers = ask(nation.index(), q.requests, proofs);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto before = q.expected[i].outcome();
        if (before == outcome::malformed || before == outcome::not_found || before == outcome::superseded) {
            REQUIRE(answers[i] == q.expected[i]);
        } else {
            REQUIRE((answers[i] == verdict{outcome::no_key_registered, 0, 0, 0} ||
                     answers[i] == verdict{outcome::key_revoked, 0, 0, 0}));
        }
    }
}

TEST_CASE("a refused proof gets one answer, whatever is claimed and whether it is true") {
    nation_with_keys nation{20'000};
    const auto made = nation.signed_by_holders(60);
    const auto others = nation.signed_by_holders(61);
    std::mt19937_64 rng{7};
    const auto& index = nation.index();
    const auto now = made.proofs[0].issued_at_unix_ms;
    std::size_t answers_seen = 0;
    for (std::size_t i = 0; i < made.requests.size(); ++i) {
        // True in all, false in some, about other things.
        std::vector<request> claimed(20, made.requests[i]);
        for (std::size_t k = 1; k < claimed.size(); ++k) {
            auto& q = claimed[k];
            if (k % 4 == 1) q.words[1] ^= rng() | 1;
            if (k % 4 == 2) q.words[2] ^= layout::birth_day.put(1 + rng() % 3);
            if (k % 4 == 3) {
                q.words[0] &= ~request_layout::claims.put(mask_of(claim::sex));
                q.words[2] &= ~layout::sex.mask();
            }
            if (k % 5 == 4) q.words[2] ^= layout::life.put(3);
        }
        const auto same_for_all = [&](const holder_proof& proof, const proof_options& options, outcome wanted) {
            std::vector<holder_proof> proofs(claimed.size(), proof);
            for (std::size_t k = 0; k < proofs.size(); ++k) proofs[k].nonce[15] = static_cast<std::byte>(k);
            for (const auto& v : ask(index, claimed, proofs, options)) REQUIRE(v == verdict{wanted, 0, 0, 0});
            answers_seen += claimed.size();
        };
        auto bad = made.proofs[i];
        bad.signature.bytes[i % 64] ^= std::byte{1};
        same_for_all(bad, {}, outcome::bad_signature);
        same_for_all(holder_proof{}, {}, outcome::bad_signature);  // none at all
        same_for_all(others.proofs[i + 1], {}, outcome::bad_signature);
        same_for_all(made.proofs[i], {.now_unix_ms = now + 1'000'000}, outcome::proof_expired);
        same_for_all(made.proofs[i], {.now_unix_ms = now - 1'000'000}, outcome::proof_not_yet_valid);
        const auto id = personal_id::from_trusted(claimed[0].id());
        auto r = nation.index().find(id).value().value();
        if (i % 2 == 0) {
            r.words[2] &= ~layout::account.mask();
            r.words[2] |= layout::account.put(static_cast<std::uint64_t>(account_status::revoked));
            REQUIRE(nation.index().upsert(r).has_value());
            same_for_all(made.proofs[i], {}, outcome::key_revoked);
        } else {
            REQUIRE(nation.index().set_key(id, public_key{}).has_value());
            same_for_all(made.proofs[i], {}, outcome::no_key_registered);
        }
    }
    CHECK(answers_seen == 60 * 20 * 6);
}

TEST_CASE("a proof for one register is none for another") {
    nation_with_keys nation{20'000};
    const auto made = nation.signed_by_holders(3);
    const auto fingerprint = test_key().fingerprint();
    for (std::size_t i = 0; i < 3; ++i) {
        const auto& pair = *nation.pair_of(made.holders[i]);
        const auto& q = made.requests[i];
        CHECK(ask_one(nation.index(), q, sign_as_holder(q, fingerprint, pair, 5, i)) == outcome::verified);
        CHECK(ask_one(nation.index(), q, sign_as_holder(q, fingerprint ^ 1, pair, 5, i)) == outcome::bad_signature);
        CHECK(ask_one(nation.index(), q, sign_as_holder(q, 0, pair, 5, i)) == outcome::bad_signature);
    }
}

TEST_CASE("a call takes no proof twice, wherever in it the two stand; the first valid one counts") {
    nation_with_keys nation{20'000};
    const auto made = nation.signed_by_holders(700);
    for (const std::size_t distance : {1U, 255U, 256U, 511U, 513U, 650U}) {
        auto requests = made.requests;
        auto proofs = made.proofs;
        requests[7 + distance] = requests[7];
        proofs[7 + distance] = proofs[7];
        const auto answers = ask(nation.index(), requests, proofs);
        for (std::size_t i = 0; i < answers.size(); ++i) {
            if (i == 7 + distance) {
                REQUIRE(answers[i] == verdict{outcome::proof_repeated, 0, 0, 0});
            } else {
                REQUIRE(answers[i].outcome() == outcome::verified);
            }
        }
    }
    const std::vector<request> thousand(1'000, made.requests[0]);
    std::vector<holder_proof> same(1'000, made.proofs[0]);
    for (std::size_t i = 0; i < 3; ++i) same[i].signature.bytes[5] ^= std::byte{1};  // a bad one uses nothing up
    const auto answers = ask(nation.index(), thousand, same);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto wanted = i < 3 ? outcome::bad_signature : i == 3 ? outcome::verified : outcome::proof_repeated;
        REQUIRE(answers[i].outcome() == wanted);
    }
    // Signed anew with the same nonce, for another question: still used up. With another nonce, or by another: not.
    auto fewer = made.requests[0];
    fewer.words[0] &= ~request_layout::claims.put(mask_of(claim::sex));
    fewer.words[2] &= ~layout::sex.mask();
    const auto& pair = *nation.pair_of(made.holders[0]);
    const auto register_is = test_key().fingerprint();
    const std::vector<request> requests{made.requests[0], fewer, fewer};
    const std::vector<holder_proof> proofs{sign_as_holder(made.requests[0], register_is, pair, 5, 1),
                                           sign_as_holder(fewer, register_is, pair, 6, 1),
                                           sign_as_holder(fewer, register_is, pair, 6, 2)};
    const auto three = ask(nation.index(), requests, proofs);
    CHECK(three[0].outcome() == outcome::verified);
    CHECK(three[1].outcome() == outcome::proof_repeated);
    CHECK(three[2].outcome() == outcome::verified);
}

TEST_CASE("a proof is good from a little before it was issued until it is too old, at every edge of time") {
    constexpr auto first = std::numeric_limits<std::int64_t>::min();
    constexpr auto last = std::numeric_limits<std::int64_t>::max();
    const auto at = [](std::int64_t issued, std::int64_t now) {
        return check_proof_time(issued, {.now_unix_ms = now, .max_age_ms = 100, .max_ahead_ms = 10});
    };
    CHECK(at(1'000, 1'000) == outcome::verified);
    CHECK(at(1'000, 1'100) == outcome::verified);
    CHECK(at(1'000, 1'101) == outcome::proof_expired);
    CHECK(at(1'000, 990) == outcome::verified);
    CHECK(at(1'000, 989) == outcome::proof_not_yet_valid);
    for (const auto now : {std::int64_t{0}, std::int64_t{1'795'000'000'000}}) {
        CHECK(at(first, now) == outcome::proof_expired);
        CHECK(at(last, now) == outcome::proof_not_yet_valid);
    }
    CHECK(at(0, 1'795'000'000'000) == outcome::proof_expired);
    CHECK(at(first, last) == outcome::proof_expired);
    CHECK(at(last, first) == outcome::proof_not_yet_valid);
    CHECK(at(last, last) == outcome::verified);
    CHECK(at(first, first) == outcome::verified);
    for (const auto issued : {first, std::int64_t{0}, last}) {
        CHECK(check_proof_time(issued, {}) == outcome::verified);  // nobody said what time it is
        CHECK(check_proof_time(issued, {.now_unix_ms = 0, .max_age_ms = last, .max_ahead_ms = last}) ==
              (issued == first ? outcome::proof_expired : outcome::verified));
    }
    nation_with_keys nation{20'000};
    const auto made = nation.signed_by_holders(1);
    const auto issued = made.proofs[0].issued_at_unix_ms;
    const auto ask_at = [&](std::int64_t now) {
        return ask(nation.index(), made.requests, made.proofs, {.now_unix_ms = now}).front();
    };
    CHECK(ask_at(issued + 300'000).outcome() == outcome::verified);
    CHECK(ask_at(issued + 300'001) == verdict{outcome::proof_expired, 0, 0, 0});
    CHECK(ask_at(issued - 30'000).outcome() == outcome::verified);
    CHECK(ask_at(issued - 30'001) == verdict{outcome::proof_not_yet_valid, 0, 0, 0});
}

TEST_CASE("claims that fail are told to who signed them, and to nobody else") {
    nation_with_keys nation{20'000};
    auto made = nation.signed_by_holders(600);
    for (std::size_t i = 0; i < made.requests.size(); ++i) {
        made.requests[i].words[2] ^= layout::sex.put(3);  // male for female
        if (i % 2 == 1) made.proofs[i] = nation.sign(made.requests[i], made.holders[i]);
        made.proofs[i].nonce[9] = std::byte{0};
    }
    constexpr auto sex_differs = static_cast<outcome>(100 + static_cast<unsigned>(claim::sex));
    std::size_t checked = 0;
    const auto answers = ask(nation.index(), made.requests, made.proofs, {}, &checked);
    CHECK(checked == made.requests.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (i % 2 == 0) {
            REQUIRE(answers[i] == verdict{outcome::bad_signature, 0, 0, 0});
        } else if (answers[i].outcome() != outcome::proof_repeated) {  // one citizen drawn twice
            REQUIRE(answers[i].outcome() == sex_differs);
            REQUIRE(answers[i].mismatched() == mask_of(claim::sex));
        }
    }
}

TEST_CASE("what is malformed, unknown, superseded or damaged stays so, whatever the proof") {
    nation_with_keys nation{20'000};
    auto q = nation.ask(0, 5'000);
    q.requests.push_back(request{});
    q.expected.push_back(verdict{outcome::malformed, 0, 0, 0});
    const std::vector<holder_proof> proofs(q.requests.size());
    const auto answers = ask(nation.index(), q.requests, proofs);
    const auto in_time = ask(nation.index(), q.requests, proofs, {.now_unix_ms = 1'795'000'000'000});
    std::size_t seen = 0;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto before = q.expected[i].outcome();
        if (before == outcome::malformed) {
            REQUIRE(in_time[i] == q.expected[i]);
        } else {
            REQUIRE(in_time[i] == verdict{outcome::proof_expired, 0, 0, 0});
        }
        if (before != outcome::malformed && before != outcome::not_found && before != outcome::superseded) continue;
        REQUIRE(answers[i] == q.expected[i]);
        ++seen;
    }
    CHECK(seen > 50);
}

namespace {

// The requests that swap_after_judging() writes to, and what it writes.
std::span<request> judged;
request written;

void swap_after_judging(const index_view& index, std::span<const request> requests, std::span<verdict> verdicts,
                        std::span<const slot*> found, const kernels::coming_requests& coming) noexcept {
    kernels::portable_kernel.find(index, requests, verdicts, found, coming);
    for (auto& each : judged) each = written;
}

}  // namespace

TEST_CASE("what was judged has to be signed, and not what stands there when the signature is looked at") {
    nation_with_keys nation{20'000};
    const auto made = nation.signed_by_holders(1);
    // She signed the first; the second she did not, and it is the one that is judged.
    std::vector<request> requests{made.requests[0]};
    requests[0].words[0] &= ~request_layout::claims.put(mask_of(claim::sex));
    requests[0].words[2] &= ~layout::sex.mask();
    judged = requests;
    written = made.requests[0];
    const kernels::kernel changing{"changing", kernels::portable_kernel.verify_by, swap_after_judging,
                                   kernels::portable_kernel.judge};
    verdict answer;
    answer_batch({changing, ed25519::current_kernel()}, nation.index(), {.requests = requests, .holders = made.proofs},
                 {&answer, 1});
    CHECK(requests[0] == written);
    CHECK(answer == verdict{outcome::bad_signature, 0, 0, 0});
}

TEST_CASE("every bit of a key, flipped alone, is a bad signature; of its record, never a yes that was a no") {
    nation_with_keys nation{20'000};
    auto made = nation.signed_by_holders(1);
    auto& q = made.requests[0];
    const auto id = personal_id::from_trusted(q.id());
    public_key key;
    REQUIRE(nation.index().find_key(id, key));
    for (std::size_t bit = 0; bit < key.bytes.size() * 8; ++bit) {
        auto flipped = key;
        flipped.bytes[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
        REQUIRE(nation.index().set_key(id, flipped).has_value());
        verdict answer;
        engine{nation.index()}.verify({&q, 1}, {made.proofs.data(), 1}, {&answer, 1});
        REQUIRE(answer.outcome() == outcome::bad_signature);
    }
    REQUIRE(nation.index().set_key(id, key).has_value());
    const auto partition = partition_of(placement_hash(q.id(), nation.index().placement_seed()));
    const auto block = nation.index().block(partition);
    auto* const bytes = const_cast<std::byte*>(block.data());
    made.proofs[0].nonce[0] ^= std::byte{1};
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
