// SPDX-License-Identifier: Apache-2.0
// Base64 of notes, held against libsodium's: every length, every byte in every place, and one way to write each value.
#include "note/base64.hpp"

#include <doctest/doctest.h>
#include <sodium.h>

#include <random>
#include <string>
#include <vector>

#include "domain/octets.hpp"

using namespace xacthuc;

namespace {

[[nodiscard]] std::string sodium_text_of(const std::vector<std::byte>& bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), octets(bytes), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();
    return text;
}

}  // namespace

TEST_CASE("bytes of any length are written as libsodium writes them, and read again") {
    std::mt19937_64 random{1};
    for (std::size_t size = 0; size < 300; ++size) {
        std::vector<std::byte> bytes(size);
        for (auto& each : bytes) each = static_cast<std::byte>(random());
        const auto text = base64_of(bytes);
        CHECK(text == sodium_text_of(bytes));
        CHECK(bytes_of_base64(text) == bytes);
    }
}

TEST_CASE("what is read is written the same, whatever byte is put in its place") {
    std::mt19937_64 random{2};
    std::size_t read_count = 0;
    for (std::size_t size = 0; size < 8; ++size) {
        std::vector<std::byte> bytes(size);
        for (auto& each : bytes) each = static_cast<std::byte>(random());
        const auto right = base64_of(bytes);
        for (std::size_t at = 0; at < right.size(); ++at)
            for (unsigned byte = 0; byte < 256; ++byte) {
                auto text = right;
                text[at] = static_cast<char>(byte);
                const auto read = bytes_of_base64(text);
                if (read) REQUIRE(base64_of(*read) == text);
                read_count += read.has_value();
            }
        for (std::size_t cut = 0; cut < right.size(); ++cut)
            CHECK(bytes_of_base64(right.substr(0, cut)).has_value() == (cut % 4 == 0));
        CHECK_FALSE(bytes_of_base64(right + "="));
        CHECK_FALSE(bytes_of_base64(right + "===="));
        CHECK_FALSE(bytes_of_base64(right + "A==="));
    }
    CHECK(read_count > 1000);
    CHECK_FALSE(bytes_of_base64("QQ==QQ=="));
    CHECK_FALSE(bytes_of_base64("QR=="));
    CHECK_FALSE(bytes_of_base64("QUF="));  // of two bytes, with a bit too many
    CHECK(bytes_of_base64("QUE=").has_value());
}
