// SPDX-License-Identifier: Apache-2.0
// Agency proofs: one signature over a whole batch, and the keys of agencies.
#include <doctest/doctest.h>
#include <sodium.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>

#include "bytes_of.hpp"
#include "domain/octets.hpp"
#include "unit/engine/agency_at_work.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// All requests of a batch must get this.
[[nodiscard]] bool all_get(outcome what, const citizen_index& index, std::span<const request> batch,
                           const agency_proof& proof, const agency_keys& keys) {
    std::vector<verdict> answers(batch.size());
    engine{index}.verify(batch, proof, keys, answers);
    return std::ranges::all_of(answers, [&](const verdict& v) {
        return v.outcome() == what && (what == outcome::verified || v == verdict{what, 0, 0, 0});
    });
}

}  // namespace

TEST_CASE("the agency's message is what the documents say, and its hash is BLAKE2b with that personalisation") {
    std::vector<request> batch(3);
    batch[1].words = {1, 2, 3, 4};
    proof_nonce nonce;
    nonce.fill(std::byte{0xcc});
    const auto message = message_for_agency(batch, 0x0102, 0x1112131415161718, nonce);
    auto expected = bytes_of<agency_message>({'x', 't', '-', 'a', 'g', 'c',  'y',  '1',  2,    1,    3,    0,    0,
                                              0,   0,   0,   0,   0,   0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11});
    std::fill_n(expected.begin() + 26, 16, std::byte{0xcc});
    const std::array<unsigned char, crypto_generichash_blake2b_SALTBYTES> salt{};
    crypto_generichash_blake2b_state state;
    crypto_generichash_blake2b_init_salt_personal(&state, nullptr, 0, 32, salt.data(),
                                                  reinterpret_cast<const unsigned char*>("xacthuc-requests"));
    for (const auto& q : batch)
        crypto_generichash_blake2b_update(&state, reinterpret_cast<const unsigned char*>(q.words.data()), 32);
    crypto_generichash_blake2b_final(&state, octets(expected) + 42, 32);
    CHECK(message == expected);
}

TEST_CASE("a signed batch is answered as without a signature, in every size") {
    agency_at_work at;
    const auto q = at.nation.ask(0, 70);
    std::vector<request> batch = q.requests;
    for (auto& each : batch)
        each.words[3] = (each.words[3] & ~request_layout::agency.mask()) | request_layout::agency.put(agency);
    for (std::size_t size = 0; size <= batch.size(); ++size) {
        const std::span part{batch.data(), size};
        std::vector<verdict> answers(size + 1);
        engine{at.nation.index()}.verify(part, at.sign(part), at.keys, answers);
        REQUIRE(std::equal(answers.begin(), answers.end() - 1, q.expected.begin()));
        REQUIRE(answers.back() == verdict{});
    }
}

TEST_CASE("a changed, missing, added, swapped or doubled request spoils the whole batch") {
    agency_at_work at;
    const auto& index = at.nation.index();
    const auto proof = at.sign(at.batch);
    CHECK(all_get(outcome::verified, index, at.batch, proof, at.keys));
    for (std::size_t i = 0; i < at.batch.size(); ++i)
        for (const auto bit : {0U, 45U, 70U, 150U, 200U, 230U, 255U}) {
            auto changed = at.batch;
            changed[i].words[bit / 64] ^= std::uint64_t{1} << bit % 64;
            REQUIRE(all_get(outcome::bad_signature, index, changed, proof, at.keys));
        }
    auto other = at.batch;
    std::swap(other[3], other[31]);
    CHECK(all_get(outcome::bad_signature, index, other, proof, at.keys));
    other = at.batch;
    other.pop_back();
    CHECK(all_get(outcome::bad_signature, index, other, proof, at.keys));
    other = at.batch;
    other.push_back(other.back());
    CHECK(all_get(outcome::bad_signature, index, other, proof, at.keys));
}

TEST_CASE("a flipped bit in an agency's proof, or another agency's number, spoils it") {
    agency_at_work at;
    const auto proof = at.sign(at.batch);
    const std::span part{at.batch.data(), 3};
    const auto part_proof = at.sign(part);
    const auto& index = at.nation.index();
    for (std::size_t bit = 0; bit < 512; ++bit) {
        auto changed = part_proof;
        changed.signature.bytes[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
        REQUIRE(all_get(outcome::bad_signature, index, part, changed, at.keys));
    }
    for (std::size_t bit = 0; bit < 64; ++bit) {
        auto changed = part_proof;
        changed.issued_at_unix_ms ^= std::int64_t{1} << bit;
        REQUIRE(all_get(outcome::bad_signature, index, part, changed, at.keys));
    }
    for (std::size_t bit = 0; bit < 128; ++bit) {
        auto changed = part_proof;
        changed.nonce[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
        REQUIRE(all_get(outcome::bad_signature, index, part, changed, at.keys));
    }
    // The same key under two numbers: the number is in the message.
    at.keys.set(agency + 1, public_half(at.pairs.pairs()[0])).value();
    auto changed = proof;
    changed.agency = agency + 1;
    CHECK(all_get(outcome::bad_signature, index, at.batch, changed, at.keys));
}

TEST_CASE("an agency that signs requests in another's name gets no answer to those") {
    agency_at_work at;
    at.keys.set(8, public_half(at.pairs.pairs()[1])).value();
    at.batch[4].words[3] ^= request_layout::agency.put(15);  // 7 to 8
    const auto proof = at.sign(at.batch);
    std::vector<verdict> answers(at.batch.size());
    engine{at.nation.index()}.verify(at.batch, proof, at.keys, answers);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (i == 4) {
            CHECK(answers[i] == verdict{outcome::bad_signature, 0, 0, 0});
        } else {
            CHECK(answers[i].outcome() == outcome::verified);
        }
    }
}

TEST_CASE("agencies without a key, with a revoked one, with a new one") {
    agency_at_work at;
    const auto& index = at.nation.index();
    const auto proof = at.sign(at.batch);
    agency_keys nobody;
    CHECK(all_get(outcome::no_key_registered, index, at.batch, proof, nobody));
    CHECK(nobody.revoke(agency).error() == errc::agency_unknown);
    at.keys.set(3, public_half(at.pairs.pairs()[0])).value();  // shares the key
    CHECK(at.keys.state().key_count == 1);
    CHECK(at.keys.revoke(agency).has_value());
    CHECK(all_get(outcome::key_revoked, index, at.batch, proof, at.keys));
    CHECK(at.keys.find(3).key != nullptr);
    at.keys.reinstate(agency, public_half(at.pairs.pairs()[1])).value();
    CHECK(all_get(outcome::bad_signature, index, at.batch, proof, at.keys));
    CHECK(all_get(outcome::verified, index, at.batch, sign_batch(at.batch, at.pairs.pairs()[1]), at.keys));
    CHECK(at.keys.revoke(3).has_value());
    CHECK(at.keys.state().key_count == 1);  // nobody has the first key any more
    public_key small_order;
    small_order.bytes[0] = std::byte{1};
    CHECK(at.keys.set(agency, small_order).error() == errc::key_small_order);
    CHECK(all_get(outcome::verified, index, at.batch, sign_batch(at.batch, at.pairs.pairs()[1]), at.keys));
}

TEST_CASE("a revoked agency comes back by being reinstated and in no other way") {
    agency_at_work at;
    const auto& index = at.nation.index();
    const auto first = public_half(at.pairs.pairs()[0]);
    const auto second = public_half(at.pairs.pairs()[1]);
    const auto proof = at.sign(at.batch);
    CHECK(at.keys.reinstate(agency, first).error() == errc::agency_unknown);
    CHECK(at.keys.reinstate(99, first).error() == errc::agency_unknown);
    at.keys.revoke(agency).value();
    at.keys.revoke(agency).value();  // twice is as good as once
    for (const auto& key : {first, second}) {
        CHECK(at.keys.set(agency, key).error() == errc::agency_revoked);
        CHECK(at.keys.find(agency).revoked);
        CHECK(all_get(outcome::key_revoked, index, at.batch, proof, at.keys));
    }
    public_key small_order;
    small_order.bytes[0] = std::byte{1};
    CHECK(at.keys.reinstate(agency, small_order).error() == errc::key_small_order);
    CHECK(at.keys.find(agency).revoked);
    at.keys.reinstate(agency, first).value();
    CHECK(all_get(outcome::verified, index, at.batch, proof, at.keys));
}

TEST_CASE("finding a key ends, whatever others do to the agencies meanwhile") {
    key_pool pairs{98, 2};
    agency_keys keys{{.promote_after_uses = 1'000'000}};
    const auto first = public_half(pairs.pairs()[0]);
    const auto second = public_half(pairs.pairs()[1]);
    keys.set(agency, first).value();
    std::atomic<bool> stop{false};
    std::thread changer{[&] {
        for (unsigned i = 0; !stop; ++i) {
            keys.set(agency, i % 2 == 0 ? second : first).value();
            keys.revoke(agency).value();
            keys.reinstate(agency, first).value();
        }
    }};
    std::size_t found_count = 0;
    for (unsigned i = 0; i < 20'000; ++i) {
        const auto found = keys.find(agency);
        if (found.revoked) {
            CHECK(found.key == nullptr);
        } else {
            REQUIRE(found.key != nullptr);
            CHECK((found.key->bytes() == first || found.key->bytes() == second));
            ++found_count;
        }
    }
    stop = true;
    changer.join();
    CHECK(found_count > 0);
}

TEST_CASE("all agencies' keys get combs at once, and damaged ones are mended") {
    key_pool pairs{97, 3};
    agency_keys keys{{.comb_bytes_max = std::size_t{8} << 20}};
    for (std::uint16_t i = 0; i < 3; ++i) keys.set(i, public_half(pairs.pairs()[i])).value();
    keys.revoke(2).value();
    CHECK(keys.promote() == 2);
    CHECK(keys.find(0).key->comb_bits() == ed25519::comb_bits_max);
    CHECK(keys.scrub() == 0);
}
