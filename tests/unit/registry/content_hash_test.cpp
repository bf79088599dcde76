// SPDX-License-Identifier: Apache-2.0
// The hashes of a snapshot are the published ones, whichever way they are computed.
#include "hash/content_hash.hpp"

#include <doctest/doctest.h>
#include <sodium.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace xacthuc;

namespace {

template <class Hash>
[[nodiscard]] std::string hex(const Hash& hash) {
    std::string digits(2 * hash.size() + 1, '\0');
    sodium_bin2hex(digits.data(), digits.size(), reinterpret_cast<const unsigned char*>(hash.data()), hash.size());
    digits.pop_back();
    return digits;
}

}  // namespace

TEST_CASE("published values: XXH3-128 and BLAKE2b-256 of nothing and of abc") {
    const auto abc = std::as_bytes(std::span{std::string_view{"abc"}});
    CHECK(hex(hash_for_damage({})) == "99aa06d3014798d86001c324468d497f");
    CHECK(hex(hash_for_binding({})) == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    CHECK(hex(hash_for_binding(abc)) == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST_CASE("many contents at once have the hashes that libsodium gives each, whatever their number and sizes") {
    std::mt19937_64 random{5};
    std::vector<std::byte> bytes(200'000);
    for (auto& byte : bytes) byte = static_cast<std::byte>(random());
    for (std::size_t round = 0; round < 400; ++round) {
        std::vector<std::span<const std::byte>> contents(random() % 12);
        const std::size_t size_max = round % 4 == 0 ? 40'000 : round % 4 == 1 ? 1'000 : round % 4 == 2 ? 300 : 129;
        for (auto& content : contents) {
            const auto from = random() % 100'000;
            // Now and then multiples of a block's 128 bytes, one off them, and nothing.
            auto size = random() % size_max;
            if (random() % 3 == 0) size = size / 128 * 128 + random() % 3;
            content = std::span<const std::byte>{bytes}.subspan(from, size);
        }
        std::vector<binding_hash> found(contents.size());
        hash_for_binding(contents, found);
        for (std::size_t i = 0; i < contents.size(); ++i) {
            binding_hash expected;
            crypto_generichash(reinterpret_cast<unsigned char*>(expected.data()), expected.size(),
                               reinterpret_cast<const unsigned char*>(contents[i].data()), contents[i].size(), nullptr,
                               0);
            CHECK(found[i] == expected);
        }
    }
}
