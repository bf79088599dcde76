// SPDX-License-Identifier: Apache-2.0
// The key ring: what it refuses, what it promotes, that it keeps to its budget, that scrubbing mends, and that threads
// do not disturb it.
#include <doctest/doctest.h>
#include <sodium.h>

#include <atomic>
#include <limits>
#include <thread>
#include <vector>
#include <xacthuc/ed25519/key_ring.hpp>
#include <xacthuc/ed25519/verify.hpp>

#include "domain/octets.hpp"
#include "ed25519/comb_table.hpp"

using namespace xacthuc;
using namespace xacthuc::ed25519;

namespace {

std::vector<public_key> new_keys(std::size_t count) {
    std::vector<public_key> keys(count);
    for (auto& key : keys) {
        unsigned char secret[crypto_sign_SECRETKEYBYTES];
        crypto_sign_keypair(octets(key.bytes), secret);
    }
    return keys;
}

TEST_CASE("bad keys are refused with their reason, unknown keys are not found") {
    key_ring ring;
    public_key zero_y, above_p, off_curve;
    above_p.bytes.fill(std::byte{0xff});
    off_curve.bytes[0] = std::byte{2};
    CHECK(ring.add(zero_y).error() == make_error_code(errc::key_small_order));
    CHECK(ring.add(above_p).error() == make_error_code(errc::key_not_canonical));
    CHECK(ring.add(off_curve).error() == make_error_code(errc::key_not_on_curve));
    CHECK(ring.find(zero_y) == nullptr);
    CHECK_FALSE(ring.remove(zero_y));
    CHECK(ring.state().key_count == 0);
}

TEST_CASE("a busy key gets a comb of 8 bits, a removed key gives its memory back") {
    key_ring ring({.comb_bytes_max = comb_bytes(8), .promote_after_uses = 10});
    const auto keys = new_keys(2);
    REQUIRE(ring.add(keys[0]).has_value());
    REQUIRE(ring.add(keys[0]).has_value());
    for (int i = 0; i < 9; ++i) {
        CHECK(ring.find(keys[0])->comb_bits() == 0);
    }
    CHECK(ring.find(keys[0])->comb_bits() == 8);
    CHECK(ring.state().comb_bytes == comb_bytes(8));
    CHECK(ring.state().comb_count[8] == 1);
    CHECK(ring.remove(keys[0]));
    CHECK(ring.state().comb_bytes == 0);
    CHECK(ring.state().key_count == 0);
}

TEST_CASE("what is left of the budget decides the width, and busier keys push out others") {
    key_ring ring({.comb_bytes_max = comb_bytes(8) + comb_bytes(6), .promote_after_uses = 10});
    const auto keys = new_keys(4);
    for (const auto& key : keys) {
        REQUIRE(ring.add(key).has_value());
    }
    CHECK(ring.find(keys[0], 100)->comb_bits() == 8);
    CHECK(ring.find(keys[1], 100)->comb_bits() == 6);
    // Not twice as busy as any other: nothing moves.
    CHECK(ring.find(keys[2], 100)->comb_bits() == 0);
    CHECK(ring.find(keys[3], 1000)->comb_bits() >= comb_bits_min);
    const key_ring_state state = ring.state();
    CHECK(state.comb_bytes <= comb_bytes(8) + comb_bytes(6));
    std::size_t sum = 0;
    for (unsigned bits = comb_bits_min; bits <= comb_bits_max; ++bits) {
        sum += state.comb_count[bits] * comb_bytes(bits);
    }
    CHECK(sum == state.comb_bytes);
    CHECK(state.key_count == 4);
}

TEST_CASE("no budget, no combs; the keys still verify") {
    key_ring ring({.comb_bytes_max = 1000, .promote_after_uses = 1});
    public_key key;
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    crypto_sign_keypair(octets(key.bytes), secret);
    REQUIRE(ring.add(key).has_value());
    signature sig;
    crypto_sign_detached(octets(sig.bytes), nullptr, nullptr, 0, secret);
    for (int i = 0; i < 10; ++i) {
        const auto found = ring.find(key, 100);
        CHECK(found->comb_bits() == 0);
        CHECK(verify(*found, {}, sig));
    }
    CHECK(ring.promote(std::span(&key, 1)) == 0);
}

TEST_CASE("the counts are halved, so that old fame fades") {
    key_ring ring({.comb_bytes_max = comb_bytes(5), .promote_after_uses = 10, .finds_per_halving = 4});
    const auto keys = new_keys(2);
    for (const auto& key : keys) {
        REQUIRE(ring.add(key).has_value());
    }
    CHECK(ring.find(keys[0], 1000)->comb_bits() == 5);
    for (int i = 0; i < 60 && ring.find(keys[1], 10)->comb_bits() == 0; ++i) {
    }
    CHECK(ring.find(keys[1], 0)->comb_bits() == 5);
    CHECK(ring.find(keys[0], 0)->comb_bits() == 0);
}

TEST_CASE("a count of uses that can go no further stays there: the busiest key keeps its comb") {
    key_ring ring({.comb_bytes_max = comb_bytes(5), .promote_after_uses = 10, .finds_per_halving = 0});
    const auto keys = new_keys(2);
    for (const auto& key : keys) {
        REQUIRE(ring.add(key).has_value());
    }
    constexpr auto all = std::numeric_limits<std::uint32_t>::max();
    CHECK(ring.find(keys[0], all)->comb_bits() == 5);
    CHECK(ring.find(keys[0], 2)->comb_bits() == 5);
    CHECK(ring.find(keys[1], 1000)->comb_bits() == 0);
    CHECK(ring.find(keys[0], 0)->comb_bits() == 5);
}

TEST_CASE("scrubbing finds and mends damaged combs") {
    key_ring ring({.comb_bytes_max = 10 * comb_bytes(5), .promote_after_uses = 1'000'000});
    const auto keys = new_keys(3);
    for (const auto& key : keys) {
        REQUIRE(ring.add(key).has_value());
    }
    CHECK(ring.promote(keys) == 3);
    CHECK(ring.scrub() == 0);
    const auto damaged = ring.find(keys[1]);
    const unsigned bits = damaged->comb_bits();
    const_cast<comb_table*>(comb_access::comb_of(*damaged))->words()[777] ^= 1;
    CHECK(ring.scrub() == 1);
    CHECK(ring.scrub() == 0);
    CHECK(ring.find(keys[1])->comb_bits() == bits);
    CHECK(ring.find(keys[1])->comb_is_sound());
    CHECK_FALSE(damaged->comb_is_sound());
}

TEST_CASE("many threads find, verify, add, remove, promote and scrub at once") {
    constexpr std::size_t key_count = 6;
    std::vector<public_key> keys(key_count);
    std::vector<signature> signatures(key_count);
    const std::byte message[3] = {std::byte{1}, std::byte{2}, std::byte{3}};
    for (std::size_t i = 0; i < key_count; ++i) {
        unsigned char secret[crypto_sign_SECRETKEYBYTES];
        crypto_sign_keypair(octets(keys[i].bytes), secret);
        crypto_sign_detached(octets(signatures[i].bytes), nullptr, octets(message), sizeof message, secret);
    }
    key_ring ring({.comb_bytes_max = 3 * comb_bytes(5), .promote_after_uses = 4, .finds_per_halving = 16});
    for (const auto& key : keys) {
        REQUIRE(ring.add(key).has_value());
    }
    std::atomic<unsigned> wrong{0};
    std::atomic<unsigned> over_budget{0};
    const auto reader = [&](unsigned thread) {
        for (unsigned i = 0; i < 60; ++i) {
            const std::size_t which = (i * (thread + 1)) % key_count;
            if (const auto found = ring.find(keys[which], 1 + i % 5)) {
                wrong += verify(*found, message, signatures[which]) ? 0 : 1;
                wrong += verify(*found, message, signatures[(which + 1) % key_count]) ? 1 : 0;
            }
            over_budget += ring.state().comb_bytes > 3 * comb_bytes(5) ? 1 : 0;
        }
    };
    const auto changer = [&] {
        for (unsigned i = 0; i < 20; ++i) {
            ring.remove(keys[i % key_count]);
            wrong += ring.scrub() != 0 ? 1 : 0;
            wrong += ring.add(keys[i % key_count]).has_value() ? 0 : 1;
            ring.promote(std::span(keys).subspan(i % key_count, 1));
        }
    };
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < 3; ++i) {
        threads.emplace_back(reader, i);
    }
    threads.emplace_back(changer);
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(wrong == 0);
    CHECK(over_budget == 0);
    CHECK(ring.state().key_count == key_count);
}

}  // namespace
