// SPDX-License-Identifier: Apache-2.0
// SHA-256 is the published function, and leaves and nodes are those of RFC 6962, for every size and count.
#include "hash/sha256.hpp"

#include <doctest/doctest.h>
#include <sodium.h>

#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace xacthuc;

namespace {

[[nodiscard]] std::string hex(const sha256_hash& hash) {
    std::string digits(2 * hash.size() + 1, '\0');
    sodium_bin2hex(digits.data(), digits.size(), reinterpret_cast<const unsigned char*>(hash.data()), hash.size());
    digits.pop_back();
    return digits;
}

[[nodiscard]] sha256_hash expected(std::byte prefix, std::span<const std::byte> message) {
    crypto_hash_sha256_state state;
    sha256_hash hash;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(&prefix), 1);
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(message.data()), message.size());
    crypto_hash_sha256_final(&state, reinterpret_cast<unsigned char*>(hash.data()));
    return hash;
}

[[nodiscard]] std::vector<std::byte> random_bytes(std::size_t size, std::uint64_t seed) {
    std::mt19937_64 random{seed};
    std::vector<std::byte> bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::byte>(random());
    return bytes;
}

}  // namespace

TEST_CASE("published values: nothing, abc, two blocks, a million letters") {
    const auto of = [](std::string_view text) { return hex(sha256(std::as_bytes(std::span{text}))); };
    CHECK(of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(of(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("leaves of every size, in every small count, have the hashes that libsodium gives each") {
    const auto bytes = random_bytes(64 * 100, 1);
    for (std::size_t size = 0; size <= sha256_leaf_size_max; ++size)
        for (std::size_t count = 0; count <= 70; count += count < 36 ? 1 : 11)
            for (const std::size_t stride : {size, std::size_t{64}}) {
                std::vector<sha256_hash> found(count);
                sha256_leaves(bytes.data(), size, stride, found);
                for (std::size_t i = 0; i < count; ++i)
                    REQUIRE(found[i] == expected(std::byte{0}, std::span{bytes}.subspan(i * stride, size)));
            }
}

TEST_CASE("leaves are read to their last byte and no further") {
    for (std::size_t size = 0; size <= sha256_leaf_size_max; ++size) {
        const auto bytes = random_bytes(35 * size, size);  // the sanitizer watches its end
        std::vector<sha256_hash> found(35);
        sha256_leaves(bytes.data(), size, size, found);
        CHECK(found.back() == expected(std::byte{0}, std::span{bytes}.last(size)));
    }
}

TEST_CASE("nodes have the hashes that libsodium gives each, also where they take their children's place") {
    for (std::size_t count = 0; count <= 70; ++count) {
        const auto bytes = random_bytes(count * 64, count);
        std::vector<sha256_hash> children(2 * count);
        if (count != 0) std::memcpy(children.data(), bytes.data(), bytes.size());
        std::vector<sha256_hash> parents(count);
        sha256_nodes(children, parents);
        for (std::size_t i = 0; i < count; ++i)
            REQUIRE(parents[i] == expected(std::byte{1}, std::span{bytes}.subspan(64 * i, 64)));
        sha256_nodes(children, std::span{children}.first(count));
        children.resize(count);
        CHECK(children == parents);
    }
}
