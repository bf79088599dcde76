// SPDX-License-Identifier: Apache-2.0
// SHA-256 is the published function, and leaves and nodes are those of RFC 6962, for every size and count.
#include "hash/sha256.hpp"

#include <doctest/doctest.h>
#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "hash/sha256_kernels.hpp"

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

// Does it with each kernel that this processor runs.
template <class Does>
void with_each_kernel(Does does) {
    for (const auto* const kernel : sha256_kernels()) {
        if (!kernel->runs_here()) continue;
        CAPTURE(kernel->name);
        does(*kernel);
    }
}

}  // namespace

TEST_CASE("published values: nothing, abc, two blocks, a million letters") {
    with_each_kernel([](const sha256_kernel& kernel) {
        const auto of = [&](std::string_view text) { return hex(kernel.whole(std::as_bytes(std::span{text}))); };
        CHECK(of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        CHECK(of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        CHECK(of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
        CHECK(of(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    });
}

TEST_CASE("messages of every size have the hash that libsodium gives") {
    const auto bytes = random_bytes(400, 2);
    with_each_kernel([&](const sha256_kernel& kernel) {
        for (std::size_t size = 1; size <= bytes.size(); ++size)
            REQUIRE(kernel.whole(std::span{bytes}.first(size)) ==
                    expected(bytes[0], std::span{bytes}.subspan(1, size - 1)));
    });
}

TEST_CASE("leaves of every size, in every small count, have the hashes that libsodium gives each") {
    const auto bytes = random_bytes(64 * 100, 1);
    for (std::size_t size = 0; size <= sha256_leaf_size_max; ++size)
        for (const std::size_t stride : {size, std::size_t{64}}) {
            std::vector<sha256_hash> wanted(70);
            for (std::size_t i = 0; i < wanted.size(); ++i)
                wanted[i] = expected(std::byte{0}, std::span{bytes}.subspan(i * stride, size));
            with_each_kernel([&](const sha256_kernel& kernel) {
                for (std::size_t count = 0; count <= wanted.size(); count += count < 36 ? 1 : 17) {
                    std::vector<sha256_hash> found(count);
                    kernel.leaves(bytes.data(), size, stride, found);
                    REQUIRE(std::ranges::equal(found, std::span{wanted}.first(count)));
                }
            });
        }
}

TEST_CASE("leaves are read to their last byte and no further") {
    for (std::size_t size = 0; size <= sha256_leaf_size_max; ++size)
        for (std::size_t count = 1; count <= 35; count += 2) {
            const auto bytes = random_bytes(count * size, size);  // the sanitizer watches its end
            with_each_kernel([&](const sha256_kernel& kernel) {
                std::vector<sha256_hash> found(count);
                kernel.leaves(bytes.data(), size, size, found);
                REQUIRE(found.back() == expected(std::byte{0}, std::span{bytes}.last(size)));
            });
        }
}

TEST_CASE("nodes have the hashes that libsodium gives each, also where they take their children's place") {
    for (std::size_t count = 0; count <= 70; ++count) {
        const auto bytes = random_bytes(count * 64, count);
        std::vector<sha256_hash> wanted(count);
        for (std::size_t i = 0; i < count; ++i)
            wanted[i] = expected(std::byte{1}, std::span{bytes}.subspan(64 * i, 64));
        with_each_kernel([&](const sha256_kernel& kernel) {
            std::vector<sha256_hash> children(2 * count);
            if (count != 0) std::memcpy(children.data(), bytes.data(), bytes.size());
            std::vector<sha256_hash> parents(count);
            kernel.nodes(children, parents);
            REQUIRE(parents == wanted);
            kernel.nodes(children, std::span{children}.first(count));
            children.resize(count);
            REQUIRE(children == wanted);
        });
    }
}

TEST_CASE("what the library hashes with is one of them, whichever is chosen") {
    const auto bytes = random_bytes(64 * 40, 3);
    std::vector<sha256_hash> leaves(40);
    sha256_leaves(bytes.data(), 49, 64, leaves);
    CHECK(leaves[39] == expected(std::byte{0}, std::span{bytes}.subspan(64 * 39, 49)));
    std::vector<sha256_hash> nodes(20);
    sha256_nodes(leaves, nodes);
    CHECK(nodes[19] == expected(std::byte{1}, std::as_bytes(std::span{leaves}.subspan(38))));
    CHECK(sha256(bytes) == expected(bytes[0], std::span{bytes}.subspan(1)));
}
