// SPDX-License-Identifier: Apache-2.0
// What XT.UPSERT reads, from whoever sends it.
#include "changes.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <random>
#include <vector>

using namespace xacthuc;
using namespace xacthuc::redis;

namespace {

constexpr std::uint64_t seed_of_changes = 11;

[[nodiscard]] record made_record(std::uint64_t id) {
    record r;
    r.words = {id, id * 0x9e37'79b9'7f4a'7c15, 0, id & 0xffff'ffff};
    return with_integrity(r);
}

void append_change(std::vector<std::byte>& to, std::uint64_t kind, const record& r, std::byte key = std::byte{0}) {
    std::byte one[change_bytes]{};
    std::memcpy(one, &kind, sizeof kind);
    std::memcpy(one + 8, r.words.data(), sizeof r);
    std::memset(one + 40, std::to_integer<int>(key), 32);
    to.insert(to.end(), one, one + change_bytes);
}

[[nodiscard]] std::vector<std::byte> begun(std::uint64_t sequence) {
    std::vector<std::byte> bytes(changes_head_bytes);
    std::memcpy(bytes.data(), &sequence, sizeof sequence);
    return bytes;
}

}  // namespace

TEST_CASE("good changes are read as they were written") {
    const auto r = made_record(1'199'000'001);
    const auto partition = partition_of(placement_hash(1'199'000'001, seed_of_changes));
    auto bytes = begun(77);
    for (std::uint64_t kind = 0; kind < 4; ++kind)
        append_change(bytes, kind, r, std::byte{static_cast<unsigned char>(kind % 2 == 1 ? 5 : 0)});
    const auto read = read_changes(bytes, partition, seed_of_changes);
    REQUIRE(read.has_value());
    CHECK(read->as_of.sequence == 77);
    REQUIRE(read->changes.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(read->changes[i].kind == static_cast<change_kind>(i));
        CHECK(read->changes[i].citizen == r);
    }
    CHECK(read_changes(bytes, (partition + 1) % partition_count, seed_of_changes).error().code ==
          errc::foreign_partition);
}

TEST_CASE("no byte of a change may be wrong, but in what a record may hold") {
    const auto r = made_record(1'199'000'001);
    const auto partition = partition_of(placement_hash(1'199'000'001, seed_of_changes));
    auto good = begun(1);
    append_change(good, 0, r);
    REQUIRE(read_changes(good, partition, seed_of_changes).has_value());
    for (std::size_t size = 0; size < good.size(); ++size)
        CHECK_FALSE(read_changes(std::span{good}.first(size), partition, seed_of_changes).has_value());
    for (std::size_t at = changes_head_bytes; at < good.size(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            auto wrong = good;
            wrong[at] ^= std::byte{static_cast<unsigned char>(1 << bit)};
            const auto read = read_changes(wrong, partition, seed_of_changes);
            // Kinds 1 and 2 are kinds too, and state and closed bits are not the sender's to set: the index ignores
            // them.
            const bool is_kind = at == changes_head_bytes && bit < 2;
            const bool is_state = at == changes_head_bytes + 15 && bit >= 4;
            CHECK_MESSAGE(read.has_value() == (is_kind || is_state), at << ' ' << bit);
        }
}

TEST_CASE("changes do what they say, and again nothing more") {
    auto made = citizen_index::without_partitions({.placement_seed = seed_of_changes, .with_keys = true});
    REQUIRE(made.has_value());
    auto& index = *made;
    const auto id = personal_id::from_trusted(1'199'000'001);
    const auto partition = partition_of(placement_hash(id.value(), seed_of_changes));
    const partition_change upsert{change_kind::upsert, made_record(id.value()), {}};
    CHECK(make_change(index, upsert).error() == errc::partition_elsewhere);
    REQUIRE(index.add_partition(partition, {}).has_value());
    CHECK(make_change(index, upsert).has_value());
    CHECK(index.find(id).value().has_value());
    public_key key{};
    key.bytes.fill(std::byte{9});
    public_key found{};
    CHECK(make_change(index, {change_kind::set_key, upsert.citizen, key}).has_value());
    CHECK(index.find_key(id, found));
    CHECK(found == key);
    CHECK(make_change(index, upsert).has_value());
    CHECK(index.find_key(id, found));
    CHECK(make_change(index, {change_kind::upsert_with_key, upsert.citizen, {}}).has_value());
    CHECK_FALSE(index.find_key(id, found));
    for (int again = 0; again < 2; ++again) {
        CHECK(make_change(index, {change_kind::erase, upsert.citizen, {}}).has_value());
        CHECK_FALSE(index.find(id).value().has_value());
    }
    CHECK(make_change(index, {change_kind::set_key, upsert.citizen, key}).has_value());
    CHECK_FALSE(index.find(id).value().has_value());
}
