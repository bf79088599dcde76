// SPDX-License-Identifier: Apache-2.0
// Triples of key, message and signature, valid ones and all kinds of nearly valid ones, made from a stream of choices.
// Secret scalars are known to the maker, so that it can satisfy the equation with points of small order added to A and
// R.
#pragma once

#include <sodium.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <vector>
#include <xacthuc/domain/public_key.hpp>
#include <xacthuc/ed25519/signature.hpp>

#include "domain/octets.hpp"

namespace xacthuc::ed25519 {

struct triple {
    public_key key;
    ed25519::signature signature;
    std::vector<std::byte> message;
};

inline bool libsodium_verdict(const triple& it) {
    return crypto_sign_verify_detached(octets(it.signature.bytes), octets(it.message), it.message.size(),
                                       octets(it.key.bytes)) == 0;
}

// Numbers, with which the tests calculate.
using bytes32 = std::array<std::uint8_t, 32>;

[[nodiscard]] inline public_key key_of(const bytes32& encoding) {
    public_key key;
    std::memcpy(key.bytes.data(), encoding.data(), encoding.size());
    return key;
}

// The canonical encodings of the eight points whose order divides 8.
inline const std::array<bytes32, 8>& small_points() {
    static const std::array<bytes32, 8> points = [] {
        constexpr bytes32 order8a = {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
                                     0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
                                     0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05};
        constexpr bytes32 order8b = {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
                                     0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
                                     0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a};
        bytes32 minus_one;
        minus_one.fill(0xff);
        minus_one[0] = 0xec;
        minus_one[31] = 0x7f;
        std::array<bytes32, 8> all = {bytes32{1}, minus_one, bytes32{0}, bytes32{0},
                                      order8a,    order8a,   order8b,    order8b};
        for (const std::size_t i : {3u, 5u, 7u}) {
            all[i][31] = static_cast<std::uint8_t>(all[i][31] | 0x80);
        }
        return all;
    }();
    return points;
}

// Every encoding with y from p to 2^255 - 1, either sign; and the two with x = 0 and the sign set.
inline const std::vector<bytes32>& uncanonical_encodings() {
    static const std::vector<bytes32> encodings = [] {
        std::vector<bytes32> all;
        for (unsigned low = 0xed; low <= 0xff; ++low) {
            for (const std::uint8_t high : {std::uint8_t{0x7f}, std::uint8_t{0xff}}) {
                bytes32 it;
                it.fill(0xff);
                it[0] = static_cast<std::uint8_t>(low);
                it[31] = high;
                all.push_back(it);
            }
        }
        bytes32 one{1};
        one[31] = 0x80;
        bytes32 minus_one = small_points()[1];
        minus_one[31] |= 0x80;
        all.push_back(one);
        all.push_back(minus_one);
        return all;
    }();
    return encodings;
}

class triple_maker {
  public:
    // `next` gives the choices: any 32 bits, evenly spread or not.
    explicit triple_maker(std::function<std::uint32_t()> next) : next_(std::move(next)) {
        for (unsigned i = 0; i < pool_size; ++i) {
            secrets_[i] = pooled_scalar(i);
            crypto_scalarmult_ed25519_base_noclamp(points_[i].data(), secrets_[i].data());
        }
    }

    // With A moved by small point a and R by small point r, and the equation satisfied but for those; 0 moves nothing.
    triple make_signed(unsigned a, unsigned r) {
        triple it;
        it.message.resize(message_size());
        for (auto& byte : it.message) {
            byte = static_cast<std::byte>(next_());
        }
        const unsigned key = below(pool_size);
        const unsigned nonce = below(pool_size);
        it.key = key_of(moved(points_[key], a));
        const bytes32 commitment = moved(points_[nonce], r);
        std::memcpy(it.signature.bytes.data(), commitment.data(), 32);
        sign(it, secrets_[key], secrets_[nonce]);
        return it;
    }

    triple make() {
        triple it = make_signed(below(4) == 0 ? below(8) : 0, below(4) == 0 ? below(8) : 0);
        switch (below(16)) {
            case 0:
                flip(it.signature.bytes);
                break;
            case 1:
                flip(it.key.bytes);
                break;
            case 2:
                it.message.empty() ? it.message.push_back(std::byte{0}) : flip(it.message);
                break;
            case 3:
                add_order(it);
                break;
            case 4:
                overwrite(it.signature.bytes, any_encoding());
                break;
            case 5:
                it.key = key_of(any_encoding());
                break;
            case 6:
                // The equation over the encoding as it stands, with S made for it.
                overwrite(it.signature.bytes, any_encoding());
                it.key = key_of(points_[0]);
                sign(it, secrets_[0], bytes32{});
                break;
            case 7:
                it.key = key_of(any_encoding());
                sign(it, bytes32{}, bytes32{});
                break;
            case 8:
                (below(2) == 0 ? it.key.bytes[31] : it.signature.bytes[31]) ^= std::byte{0x80};
                break;
            case 9:
                for (std::size_t i = 32; i < 64; ++i) {
                    it.signature.bytes[i] = below(4) == 0 ? std::byte{0xff} : static_cast<std::byte>(next_());
                }
                it.signature.bytes[63] &= std::byte{0x1f};
                break;
            default:
                break;
        }
        return it;
    }

    std::uint32_t below(std::uint32_t bound) { return next_() % bound; }

  private:
    static constexpr unsigned pool_size = 16;

    static bytes32 pooled_scalar(unsigned i) {
        std::array<std::uint8_t, 64> wide{};
        const std::uint8_t seed = static_cast<std::uint8_t>(i);
        crypto_hash_sha512(wide.data(), &seed, 1);
        bytes32 scalar;
        crypto_core_ed25519_scalar_reduce(scalar.data(), wide.data());
        return scalar;
    }

    static bytes32 moved(const bytes32& point, unsigned by) {
        if (by == 0) {
            return point;
        }
        bytes32 sum;
        crypto_core_ed25519_add(sum.data(), point.data(), small_points()[by].data());
        return sum;
    }

    // S = r + H(R, A, M) a
    static void sign(triple& it, const bytes32& secret, const bytes32& nonce) {
        std::array<std::uint8_t, 64> digest;
        crypto_hash_sha512_state state;
        crypto_hash_sha512_init(&state);
        crypto_hash_sha512_update(&state, octets(it.signature.bytes), 32);
        crypto_hash_sha512_update(&state, octets(it.key.bytes), 32);
        crypto_hash_sha512_update(&state, octets(it.message), it.message.size());
        crypto_hash_sha512_final(&state, digest.data());
        bytes32 hash, product, sum;
        crypto_core_ed25519_scalar_reduce(hash.data(), digest.data());
        crypto_core_ed25519_scalar_mul(product.data(), hash.data(), secret.data());
        crypto_core_ed25519_scalar_add(sum.data(), product.data(), nonce.data());
        std::memcpy(it.signature.bytes.data() + 32, sum.data(), 32);
    }

    static void add_order(triple& it) {
        constexpr bytes32 group_order = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                         0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                         0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
        unsigned carry = 0;
        for (std::size_t i = 0; i < 32; ++i) {
            carry += std::to_integer<unsigned>(it.signature.bytes[32 + i]) + group_order[i];
            it.signature.bytes[32 + i] = static_cast<std::byte>(carry);
            carry >>= 8;
        }
    }

    bytes32 any_encoding() {
        switch (below(3)) {
            case 0:
                return small_points()[below(8)];
            case 1:
                return uncanonical_encodings()[below(static_cast<std::uint32_t>(uncanonical_encodings().size()))];
            default: {
                bytes32 bytes;
                for (auto& byte : bytes) {
                    byte = static_cast<std::uint8_t>(next_());
                }
                return bytes;
            }
        }
    }

    std::size_t message_size() {
        switch (below(8)) {
            case 0:
                return below(400);
            case 1:
                return 0;
            case 2:
                return 47 + below(3);
            default:
                return 64;
        }
    }

    void flip(std::span<std::byte> bytes) {
        const std::uint32_t bit = below(static_cast<std::uint32_t>(8 * bytes.size()));
        bytes[bit / 8] ^= static_cast<std::byte>(1u << (bit % 8));
    }

    static void overwrite(std::array<std::byte, 64>& bytes, const bytes32& encoding) {
        std::memcpy(bytes.data(), encoding.data(), 32);
    }

    std::function<std::uint32_t()> next_;
    std::array<bytes32, pool_size> secrets_{};
    std::array<bytes32, pool_size> points_{};
};

}  // namespace xacthuc::ed25519
