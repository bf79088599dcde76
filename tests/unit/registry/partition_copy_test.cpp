// SPDX-License-Identifier: Apache-2.0
// Partitions that move between indexes as bytes: against plain maps, and against bytes that nobody exported.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <random>
#include <xacthuc/registry/partition_copy.hpp>

#include "hash/content_hash.hpp"
#include "unit/index/made_records.hpp"
#include "unit/registry/outcome.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

using copy_bytes = std::vector<std::byte>;
constexpr std::size_t copy_header_bytes = 128;
constexpr std::uint64_t fingerprint = 0x1234'5678;

[[nodiscard]] citizen_index nothing_here(bool with_keys = true, std::uint64_t seed = 0,
                                         std::uint64_t digests = fingerprint) {
    return citizen_index::without_partitions(
               {.placement_seed = seed, .digest_key_fingerprint = digests, .as_of = {9, 1000}, .with_keys = with_keys})
        .value();
}
[[nodiscard]] personal_id id_of(std::uint64_t id) {
    return personal_id::from_trusted(id);
}
[[nodiscard]] public_key made_key(std::uint64_t number) {
    public_key key{};
    std::memcpy(key.bytes.data(), &number, sizeof number);
    return key;
}

// An index, and what it should hold, by the book: which partitions are here, and who is in them.
struct mirrored {
    struct known {
        std::uint64_t content = 0;
        std::uint64_t key = 0;
        friend bool operator==(const known&, const known&) = default;
    };
    citizen_index index = nothing_here();
    std::map<std::size_t, std::map<std::uint64_t, known>> here;

    void check(std::size_t partition, std::uint64_t id) const {
        const auto found = index.find(id_of(id));
        const auto place = here.find(partition);
        REQUIRE(index.has_partition(partition) == (place != here.end()));
        if (place == here.end()) {
            REQUIRE(found.error() == errc::partition_elsewhere);
            return;
        }
        REQUIRE(found.has_value());
        const auto who = place->second.find(id);
        REQUIRE(found->has_value() == (who != place->second.end()));
        if (who == place->second.end()) return;
        REQUIRE((*found)->words[1] == made_record(id, who->second.content).words[1]);
        public_key key{};
        REQUIRE(index.find_key(id_of(id), key) == (who->second.key != 0));
        REQUIRE(key == made_key(who->second.key));
    }
};

// Each of these ids is of one of three partitions.
constexpr std::array<std::size_t, 3> some_partitions{0, 31, 16383};
struct someone {
    std::size_t partition;
    std::uint64_t id;
};
[[nodiscard]] std::vector<someone> crowd(std::size_t each) {
    std::vector<someone> all;
    for (const auto partition : some_partitions)
        for (const auto id : ids_in_partition(partition, each)) all.push_back({partition, id});
    return all;
}

void change_one(mirrored& in, const someone& who, std::uint64_t lot, std::uint64_t content) {
    const auto place = in.here.find(who.partition);
    const bool is_here = place != in.here.end();
    const bool is_known = is_here && place->second.contains(who.id);
    const auto check_told = [&](const result<citizen_index::change_result>& done) {
        if (!is_here)
            REQUIRE(done.error() == errc::partition_elsewhere);
        else
            REQUIRE(done.has_value() == (is_known || lot < 5));
        return done.has_value();
    };
    if (lot < 4) {
        if (check_told(in.index.upsert(made_record(who.id, content)))) place->second[who.id].content = content;
    } else if (lot == 4) {
        if (check_told(in.index.upsert(made_record(who.id, content), made_key(content))))
            place->second[who.id] = {content, content};
    } else if (lot == 5) {
        if (check_told(in.index.set_key(id_of(who.id), made_key(content)))) place->second[who.id].key = content;
    } else {
        if (check_told(in.index.erase(id_of(who.id)))) place->second.erase(who.id);
    }
}

void move_one(mirrored& from, mirrored& to, std::size_t partition) {
    copy_bytes bytes;
    const auto told = export_partition(from.index, partition, bytes);
    if (!from.here.contains(partition)) {
        CHECK(code_of(told) == errc::partition_elsewhere);
        CHECK(code_of(from.index.drop_partition(partition)) == errc::partition_elsewhere);
        return;
    }
    REQUIRE(succeeded(told));
    CHECK(told->citizens == from.here[partition].size());
    CHECK(told->as_of.sequence == 9);
    CHECK(code_of(import_partition(from.index, bytes)) == errc::already_exists);
    const auto taken = import_partition(to.index, bytes);
    REQUIRE(succeeded(taken));
    CHECK(taken->partition == partition);
    to.here[partition] = from.here[partition];
    // Copied once more, versions and keys too, it is the same bytes.
    copy_bytes again;
    REQUIRE(succeeded(export_partition(to.index, partition, again)));
    CHECK(again == bytes);
    REQUIRE(succeeded(from.index.drop_partition(partition)));
    from.here.erase(partition);
}

// A good copy, and what it would be with another word at some place and the hash right again.
[[nodiscard]] copy_bytes good_copy(std::size_t citizens = 20, bool with_keys = true, std::size_t partition = 77) {
    auto index = nothing_here(with_keys);
    REQUIRE(succeeded(index.add_partition(partition, {})));
    for (const auto id : ids_in_partition(partition, citizens)) {
        REQUIRE(index.upsert(made_record(id, id)).has_value());
        if (with_keys) REQUIRE(index.set_key(id_of(id), made_key(id)).has_value());
    }
    copy_bytes bytes;
    REQUIRE(succeeded(export_partition(index, partition, bytes)));
    return bytes;
}
void seal_copy(copy_bytes& bytes) {
    const auto header = std::span{bytes}.first(copy_header_bytes);
    const auto body = hash_for_damage(std::span{bytes}.subspan(copy_header_bytes));
    std::ranges::copy(body, header.last(16).begin());
    std::ranges::copy(hash_for_damage(header), header.last(16).begin());
}
template <class T>
[[nodiscard]] copy_bytes with(copy_bytes bytes, std::size_t offset, T value) {
    std::memcpy(&bytes[offset], &value, sizeof value);
    seal_copy(bytes);
    return bytes;
}
[[nodiscard]] record record_in(const copy_bytes& bytes, std::size_t number) {
    record r;
    std::memcpy(r.words.data(), &bytes[copy_header_bytes + number * sizeof r], sizeof r);
    return r;
}

}  // namespace

TEST_CASE("partitions that move between two indexes while they change leave both equal to plain maps") {
    std::mt19937_64 random{20261129};
    const auto people = crowd(120);
    std::array<mirrored, 2> both;
    for (const auto partition : some_partitions) {
        REQUIRE(succeeded(both[0].index.add_partition(partition, {})));
        both[0].here[partition];
    }
    for (int step = 0; step < 30'000; ++step) {
        auto& in = both[random() % 2];
        const auto& who = people[random() % people.size()];
        if (random() % 100 == 0)
            move_one(in, &in == &both[0] ? both[1] : both[0], who.partition);
        else
            change_one(in, who, random() % 8, 1 + (random() >> 32));
        in.check(who.partition, who.id);
    }
    for (const auto& in : both) {
        std::uint64_t citizens = 0;
        for (const auto& [partition, those] : in.here) citizens += those.size();
        CHECK(in.index.citizens() == citizens);
        for (const auto& who : people) in.check(who.partition, who.id);
        const auto report = in.index.scrub();
        CHECK(report.live == citizens);
        CHECK(report.damaged == 0);
    }
    // Whatever needs every partition says that some are not here.
    copy_bytes block;
    CHECK(code_of(both[0].index.copy_block(5, block)) == errc::partition_elsewhere);
    CHECK(code_of(both[0].index.rebuild_partition(5, {})) == errc::partition_elsewhere);
    CHECK(both[0].index.check_path(id_of(ids_in_partition(5, 1)[0])).error() == errc::partition_elsewhere);
}

TEST_CASE("a partition leaves an index that was built whole, and comes back to its original place") {
    index_builder::options how;
    how.with_keys = true;
    how.digest_key_fingerprint = fingerprint;
    auto index = build_index(50'000, how);
    const auto irregular = irregular_partitions(index);
    const auto memory = index.memory_bytes();
    for (int round = 0; round < 3; ++round) {
        copy_bytes bytes;
        REQUIRE(succeeded(export_partition(index, 1234, bytes)));
        const auto facts = index.facts();
        REQUIRE(succeeded(index.drop_partition(1234)));
        CHECK_FALSE(index.has_partition(1234));
        CHECK(irregular_partitions(index) == irregular + 1);
        const auto taken = import_partition(index, bytes);
        REQUIRE(succeeded(taken));
        CHECK(index.facts().citizens == facts.citizens);
        CHECK(irregular_partitions(index) == irregular);
        CHECK(index.memory_bytes() == memory);
    }
    for (std::uint64_t i = 0; i < 100'000; ++i) REQUIRE((*index.find(id_of(made_id(i)))).has_value() == (i < 50'000));
}

TEST_CASE("memory of partitions that came and went is given back") {
    auto index = nothing_here();
    const auto at_first = index.memory_bytes();
    const auto bytes = good_copy(2000);
    for (int round = 0; round < 500; ++round) {
        REQUIRE(succeeded(import_partition(index, bytes)));
        REQUIRE(succeeded(index.drop_partition(77)));
    }
    CHECK(index.memory_bytes() == at_first);
    CHECK(index.citizens() == 0);
}

TEST_CASE("no bit of a copy can be flipped, and none can be cut off or added") {
    for (const bool with_keys : {false, true}) {
        auto index = nothing_here(with_keys);
        auto bytes = good_copy(20, with_keys);
        const auto is_refused = [&] { return !import_partition(index, bytes).has_value() && !index.has_partition(77); };
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            bytes[bit / 8] ^= std::byte{1} << bit % 8;
            REQUIRE(is_refused());
            bytes[bit / 8] ^= std::byte{1} << bit % 8;
        }
        const auto whole = bytes;
        for (std::size_t size = 0; size < whole.size(); ++size) {
            bytes.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            REQUIRE(is_refused());
            const auto code = code_of(import_partition(index, bytes));
            CHECK((size == 0 ? code == errc::not_a_partition : code == errc::truncated));
        }
        bytes = whole;
        bytes.push_back({});
        CHECK(code_of(import_partition(index, bytes)) == errc::trailing_bytes);
        CHECK(index.citizens() == 0);
        CHECK(succeeded(import_partition(index, whole)));
    }
}

TEST_CASE("a copy whose hash is right is refused where it is not what an index can hold") {
    auto index = nothing_here();
    const auto good = good_copy();
    const auto code = [&](const copy_bytes& bytes) { return code_of(import_partition(index, bytes)); };
    CHECK(code(with(good, 8, std::uint32_t{2})) == errc::newer_version);
    CHECK(code(with(good, 8, std::uint32_t{0})) == errc::damaged_header);
    CHECK(code(with(good, 12, std::uint32_t{64})) == errc::damaged_header);
    CHECK(code(with(good, 16, std::uint32_t{16384})) == errc::damaged_header);
    CHECK(code(with(good, 16, std::uint32_t{78})) == errc::damaged_record);  // of another partition
    CHECK(code(with(good, 20, std::uint32_t{8192})) == errc::damaged_header);
    CHECK(code(with(good, 24, std::uint32_t{2})) == errc::damaged_header);
    CHECK(code(with(good, 24, std::uint32_t{0})) == errc::trailing_bytes);
    CHECK(code(with(good, 28, std::uint32_t{1})) == errc::damaged_header);
    CHECK(code(with(good, 72, std::uint64_t{1})) == errc::damaged_header);
    CHECK(code(with(good, 32, std::uint64_t{19})) == errc::trailing_bytes);
    CHECK(code(with(good, 32, std::uint64_t{21})) == errc::truncated);
    for (const auto citizens : {~std::uint64_t{0}, std::uint64_t{1} << 58, (std::uint64_t{1} << 58) + 20})
        CHECK((code(with(good, 32, citizens)) == errc::damaged_header ||
               code(with(good, 32, citizens)) == errc::truncated));
    CHECK(code(with(good, 40, std::uint64_t{1})) == errc::foreign_partition);
    CHECK(code(with(good, 48, std::uint64_t{1})) == errc::foreign_digest_key);
    CHECK(code(good_copy(20, false)) == errc::foreign_partition);
    // Records: out of order, twice, with a state or a mark, damaged, no id.
    const auto first = record_in(good, 0);
    const auto second = record_in(good, 1);
    auto swapped = with(good, copy_header_bytes, second.words);
    CHECK(code(with(swapped, copy_header_bytes + sizeof first, first.words)) == errc::damaged_record);
    CHECK(code(with(good, copy_header_bytes + sizeof first, first.words)) == errc::damaged_record);
    for (const auto bits : {layout::state.put(7), layout::state.put(1), layout::closed.mask()})
        CHECK(code(with(good, copy_header_bytes, first.words[0] | bits)) == errc::damaged_record);
    CHECK(code(with(good, copy_header_bytes + 8, first.words[1] ^ 1)) == errc::damaged_record);
    record none = with_integrity({});
    CHECK(code(with(good, copy_header_bytes, none.words)) == errc::damaged_record);
    CHECK_FALSE(index.has_partition(77));
    CHECK(index.citizens() == 0);
    REQUIRE(code(good) == boost::system::error_code{});
    CHECK(index.scrub(77, 1).damaged == 0);
}

TEST_CASE("a copy of numbers that were chosen to come to one place is refused" * doctest::test_suite("slow")) {
    auto index = nothing_here(false);
    REQUIRE(succeeded(index.add_partition(3, {})));
    std::vector<record> records;
    for (std::uint64_t id = 1; records.size() < 4000; ++id)
        if (const auto hash = placement_hash(id, 0); partition_of(hash) == 3 && (hash & 0xffff'ffff) >> 30 == 0)
            records.push_back(made_record(id, id));
    REQUIRE(succeeded(index.rebuild_partition(3, records)));
    copy_bytes bytes;
    REQUIRE(succeeded(export_partition(index, 3, bytes)));
    REQUIRE(succeeded(index.drop_partition(3)));
    CHECK(code_of(import_partition(index, bytes)) == errc::path_too_long);
    records.resize(1500);
    REQUIRE(succeeded(index.add_partition(3, records)));
    REQUIRE(succeeded(export_partition(index, 3, bytes)));
    REQUIRE(succeeded(index.drop_partition(3)));
    CHECK(succeeded(import_partition(index, bytes)));
}

TEST_CASE("a copy is judged alone as it is when it is taken in") {
    for (const bool with_keys : {false, true}) {
        auto index = nothing_here(with_keys);
        const auto good = good_copy(20, with_keys);
        const auto alone = check_partition(good);
        REQUIRE(succeeded(alone));
        const auto taken = import_partition(index, good);
        REQUIRE(succeeded(taken));
        CHECK(alone->partition == 77);
        CHECK(alone->citizens == 20);
        CHECK(alone->with_keys == with_keys);
        CHECK(alone->as_of.sequence == taken->as_of.sequence);
        CHECK(alone->digest_key_fingerprint == fingerprint);
        for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
            auto flipped = good;
            flipped[bit / 8] ^= std::byte{1} << bit % 8;
            REQUIRE_FALSE(check_partition(flipped).has_value());
        }
        const auto swapped = with(good, copy_header_bytes, record_in(good, 1).words);
        CHECK(code_of(check_partition(swapped)) == errc::damaged_record);
    }
    // Whose register it is, it says; whether that is the one that somebody has, is not for it to judge.
    auto other = nothing_here(true, 5, 6);
    REQUIRE(succeeded(other.add_partition(77, {})));
    copy_bytes bytes;
    REQUIRE(succeeded(export_partition(other, 77, bytes)));
    const auto facts = check_partition(bytes);
    REQUIRE(succeeded(facts));
    CHECK(facts->placement_seed == 5);
    CHECK(facts->digest_key_fingerprint == 6);
}
