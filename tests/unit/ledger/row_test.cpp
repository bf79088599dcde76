// SPDX-License-Identifier: Apache-2.0
// The fixed bytes of rows and entries, ids under the secret permutation, and hours by name.
#include <doctest/doctest.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <vector>
#include <xacthuc/ledger/group_leaf.hpp>
#include <xacthuc/ledger/row.hpp>

#include "hash/sha256.hpp"
#include "ledger/hour.hpp"
#include "ledger/id_permutation.hpp"

using namespace xacthuc;

namespace {

[[nodiscard]] ledger_row some_row() {
    ledger_row row;
    for (std::size_t i = 0; i < row.salt.size(); ++i) row.salt[i] = static_cast<std::byte>(i + 1);
    row.id = 0x0102030405;
    row.agency = 0x0607;
    row.procedure = 0x0809;
    row.claims = 0x0a0b;
    row.verdict_bits = 0x0c0d0e0f10111213;
    row.time_unix_ms = 0x141516171819;
    row.officer = 0x1a1b1c1d1e1f2021;
    return row;
}

template <std::size_t Size>
[[nodiscard]] std::array<std::byte, Size> random_bytes(std::mt19937_64& random) {
    std::array<std::byte, Size> bytes;
    std::ranges::generate(bytes, [&] { return static_cast<std::byte>(random()); });
    return bytes;
}

}  // namespace

TEST_CASE("a row's bytes are its fields, little-endian, in their order") {
    std::array<std::byte, row_bytes> bytes;
    encode_row(some_row(), bytes);
    std::array<std::uint8_t, row_bytes> wanted{
        1,   2,    3,    4,    5,    6,    7,    8,    9,    10,   11,   12,   13,   14,   15,  16,  5,
        4,   3,    2,    1,    7,    6,    9,    8,    11,   10,   0x13, 0x12, 0x11, 0x10, 0xf, 0xe, 0xd,
        0xc, 0x19, 0x18, 0x17, 0x16, 0x15, 0x14, 0x21, 0x20, 0x1f, 0x1e, 0x1d, 0x1c, 0x1b, 0x1a};
    CHECK(std::ranges::equal(bytes, std::as_bytes(std::span{wanted})));
    CHECK(decode_row(bytes) == some_row());
}

TEST_CASE("every 49 bytes are one row, and no other row has them") {
    std::mt19937_64 random{1};
    for (int i = 0; i < 1000; ++i) {
        const auto bytes = random_bytes<row_bytes>(random);
        std::array<std::byte, row_bytes> again;
        encode_row(decode_row(bytes), again);
        REQUIRE(again == bytes);
    }
}

TEST_CASE("a row is one block for the hash of leaves") {
    std::array<std::byte, 1 + row_bytes> prefixed{};
    encode_row(some_row(), std::span{prefixed}.last<row_bytes>());
    std::array<sha256_hash, 1> hash;
    sha256_leaves(prefixed.data() + 1, row_bytes, row_bytes, hash);
    std::array<unsigned char, crypto_hash_sha256_BYTES> wanted;
    crypto_hash_sha256(wanted.data(), reinterpret_cast<const unsigned char*>(prefixed.data()), prefixed.size());
    CHECK(std::ranges::equal(hash[0], std::as_bytes(std::span{wanted})));
    CHECK(row_bytes <= sha256_leaf_size_max);
}

TEST_CASE("an entry is read as it was written, and nothing else is read") {
    std::mt19937_64 random{2};
    group_leaf leaf;
    leaf.time_unix_ms = 1'800'000'000'123;
    leaf.rows = 64;
    leaf.register_sequence = 9;
    for (auto* each : {&leaf.policy, &leaf.rows_root, &leaf.contexts, &leaf.signatures})
        *each = random_bytes<32>(random);
    auto bytes = leaf.encode();
    CHECK(group_leaf::decode(bytes).value() == leaf);
    CHECK(group_leaf::decode(std::span{bytes}.first(159)).error() == errc::not_of_a_ledger);
    CHECK(group_leaf::decode({}).error() == errc::not_of_a_ledger);
    bytes[7] ^= std::byte{1};
    CHECK(group_leaf::decode(bytes).error() == errc::not_of_a_ledger);
}

TEST_CASE("hidden ids are a permutation that its secret alone reveals") {
    std::mt19937_64 random{3};
    const id_permutation by{random_bytes<32>(random)};
    const id_permutation other{random_bytes<32>(random)};
    constexpr std::uint64_t end = std::uint64_t{1} << id_permutation::id_bits;
    std::size_t alike = 0;
    for (int i = 0; i < 1'000'000; ++i) {
        const auto id = random() % end;
        REQUIRE(by.hide(id) < end);
        REQUIRE(by.reveal(by.hide(id)) == id);
        REQUIRE(by.hide(by.reveal(id)) == id);
        alike += by.hide(id) == other.hide(id) ? 1 : 0;
    }
    CHECK(alike <= 1);
    for (const auto id : {std::uint64_t{0}, end - 1}) CHECK(by.reveal(by.hide(id)) == id);
}

TEST_CASE("neighbours have hidden ids that have nothing to do with each other") {
    std::mt19937_64 random{4};
    const id_permutation by{random_bytes<32>(random)};
    constexpr std::uint64_t count = std::uint64_t{1} << 20;
    constexpr std::uint64_t first = 1'099'511'627'776 / 3;
    std::vector<std::uint64_t> hidden(count);
    for (std::uint64_t i = 0; i < count; ++i) hidden[i] = by.hide(first + i);
    std::array<std::uint64_t, id_permutation::id_bits> flips{};
    for (std::uint64_t i = 1; i < count; ++i)
        for (unsigned bit = 0; bit < flips.size(); ++bit) flips[bit] += (hidden[i] ^ hidden[i - 1]) >> bit & 1U;
    for (const auto each : flips) CHECK(each == doctest::Approx(count / 2).epsilon(0.01));
    std::ranges::sort(hidden);
    CHECK(std::ranges::adjacent_find(hidden) == hidden.end());
}

TEST_CASE("hours are those of Vietnam, and their names are read as they are written") {
    CHECK(ledger_hour::of(0).text() == "1970-01-01T07");
    CHECK(ledger_hour::of(1'795'878'000'000).text() == "2026-11-28T22");  // 15:00 in UTC
    CHECK(ledger_hour::of(1'795'877'999'999).text() == "2026-11-28T21");
    CHECK(ledger_hour::of(1'795'878'000'000).begin_unix_ms() == 1'795'878'000'000);
    for (std::int64_t number = 7; number < 20'000'000; number += 99'991) {
        const ledger_hour hour{number};
        REQUIRE(ledger_hour::parse(hour.text()) == hour);
        REQUIRE(parse_day(text_of_day(hour.day())) == hour.day());
    }
    for (const auto* wrong : {"", "2026-11-28", "2026-11-28T24", "2026-11-31T01", "2026-11-28t01", "2026-11-28T 1",
                              "1969-12-31T23", "2026-11-28T1", "2026-11-28T001"})
        CHECK_FALSE(ledger_hour::parse(wrong));
}
