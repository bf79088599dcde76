// SPDX-License-Identifier: Apache-2.0
// The validity rule, at every place where implementations of Ed25519 are known to differ: our verdict is libsodium's,
// by every path.
#include <doctest/doctest.h>

#include <random>

#include "unit/ed25519/all_paths.hpp"

using namespace xacthuc;
using namespace xacthuc::ed25519;

namespace {

std::function<std::uint32_t()> random_choices(std::uint32_t seed) {
    return [rng = std::mt19937(seed)]() mutable { return static_cast<std::uint32_t>(rng()); };
}

triple with_encodings(const triple& from, const bytes32* key, const bytes32* commitment) {
    triple it = from;
    if (key != nullptr) {
        it.key = key_of(*key);
    }
    if (commitment != nullptr) {
        std::memcpy(it.signature.bytes.data(), commitment->data(), 32);
    }
    return it;
}

constexpr bytes32 order_bytes = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                 0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                 0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

TEST_CASE("every point of small order as A, as R and as both is refused") {
    triple_maker maker(random_choices(1));
    const triple valid = maker.make_signed(0, 0);
    REQUIRE(libsodium_verdict(valid));
    std::vector<triple> triples;
    for (const bytes32& a : small_points()) {
        triples.push_back(with_encodings(valid, &a, nullptr));
        triples.push_back(with_encodings(valid, nullptr, &a));
        for (const bytes32& r : small_points()) {
            triple it = with_encodings(valid, &a, &r);
            triples.push_back(it);
            // S = 0, h A of small order too: the equation holds for some of these.
            std::fill(it.signature.bytes.begin() + 32, it.signature.bytes.end(), std::byte{0});
            triples.push_back(it);
        }
        CHECK(verifying_key::make(key_of(a)).error() == make_error_code(errc::key_small_order));
    }
    registered_keys keys;
    check_all_paths(triples, keys);
}

TEST_CASE("keys and commitments of mixed order are decided exactly, without the cofactor") {
    triple_maker maker(random_choices(2));
    std::vector<triple> triples;
    for (unsigned a = 0; a < 8; ++a) {
        for (unsigned r = 0; r < 8; ++r) {
            for (int copy = 0; copy < 4; ++copy) {
                triples.push_back(maker.make_signed(a, r));
            }
        }
    }
    std::size_t mixed_and_valid = 0;
    for (std::size_t i = 4; i < triples.size(); ++i) {
        mixed_and_valid += libsodium_verdict(triples[i]) ? 1 : 0;
    }
    // The exact equation does hold for some of them; a rule that refused all would not be libsodium's either.
    CHECK(mixed_and_valid > 0);
    CHECK(mixed_and_valid < triples.size() - 4);
    registered_keys keys;
    check_all_paths(triples, keys);
}

TEST_CASE("every encoding that is not canonical is refused") {
    triple_maker maker(random_choices(3));
    const triple valid = maker.make_signed(0, 0);
    std::vector<triple> triples;
    for (const bytes32& encoding : uncanonical_encodings()) {
        triples.push_back(with_encodings(valid, &encoding, nullptr));
        triples.push_back(with_encodings(valid, nullptr, &encoding));
        triples.push_back(with_encodings(valid, &encoding, &encoding));
        CHECK(verifying_key::make(key_of(encoding)).has_error());
    }
    for (const triple& it : triples) {
        CHECK_FALSE(libsodium_verdict(it));
    }
    registered_keys keys;
    check_all_paths(triples, keys);
}

TEST_CASE("S of L and more is refused, up to the last bit") {
    triple_maker maker(random_choices(4));
    std::vector<triple> triples;
    const triple valid = maker.make_signed(0, 0);
    triple it = valid;
    for (int multiple = 1; multiple < 16; ++multiple) {
        unsigned carry = 0;
        for (std::size_t i = 0; i < 32; ++i) {
            carry += std::to_integer<unsigned>(it.signature.bytes[32 + i]) + order_bytes[i];
            it.signature.bytes[32 + i] = static_cast<std::byte>(carry);
            carry >>= 8;
        }
        triples.push_back(it);
    }
    for (const int offset : {-1, 0, 1}) {
        triple edge = valid;
        std::memcpy(edge.signature.bytes.data() + 32, order_bytes.data(), 32);
        edge.signature.bytes[32] = static_cast<std::byte>(std::to_integer<int>(edge.signature.bytes[32]) + offset);
        triples.push_back(edge);
    }
    registered_keys keys;
    check_all_paths(triples, keys);
}

TEST_CASE("a valid triple with any one bit of key, signature or message flipped is what libsodium says it is") {
    triple_maker maker(random_choices(5));
    std::vector<triple> triples{maker.make_signed(0, 0)};
    const triple base = triples.front();
    REQUIRE(libsodium_verdict(base));
    for (unsigned bit = 0; bit < 512; ++bit) {
        triple it = base;
        it.signature.bytes[bit / 8] ^= static_cast<std::byte>(1u << (bit % 8));
        triples.push_back(it);
    }
    for (std::size_t bit = 0; bit < 8 * base.message.size(); ++bit) {
        triple it = base;
        it.message[bit / 8] ^= static_cast<std::byte>(1u << (bit % 8));
        triples.push_back(it);
    }
    registered_keys keys;
    check_all_paths(triples, keys, false);
    triples.resize(1);
    for (unsigned bit = 0; bit < 256; ++bit) {
        triple it = base;
        it.key.bytes[bit / 8] ^= static_cast<std::byte>(1u << (bit % 8));
        triples.push_back(it);
    }
    for (const kernel* const kernel : kernels_under_test()) {
        std::vector<batch_item> items;
        const auto expected = std::make_unique<bool[]>(triples.size());
        for (std::size_t i = 0; i < triples.size(); ++i) {
            items.push_back(raw_item(triples[i]));
            expected[i] = libsodium_verdict(triples[i]);
        }
        check_batch(*kernel, triples, items, {expected.get(), items.size()});
    }
}

}  // namespace
