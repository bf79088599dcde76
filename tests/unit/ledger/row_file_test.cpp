// SPDX-License-Identifier: Apache-2.0
// An hour's rows on the disk, open and sealed: what is read is what was written, in how few bytes; every change is
// noticed, and what a crash leaves is gone on with.
#include "ledger/row_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "ledger/group_hash.hpp"
#include "ledger/row_block.hpp"
#include "sanitized.hpp"
#include "unit/ledger/made_rows.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::int64_t begin_unix_ms = 1'795'878'000'000;
constexpr ledger_hour the_hour = ledger_hour::of(begin_unix_ms);

[[nodiscard]] day_key some_day(unsigned char first = 1) {
    std::array<std::byte, day_key::key_bytes> bytes{};
    bytes[0] = std::byte{first};
    return day_key::from_bytes(bytes);
}
[[nodiscard]] const id_permutation& some_ids() {
    static const id_permutation ids{std::array<std::byte, id_permutation::secret_bytes>{std::byte{5}}};
    return ids;
}

class folder {
  public:
    folder() : path_{std::filesystem::temp_directory_path() / "xacthuc_row_file_test"} {
        std::filesystem::remove_all(path_);
        std::filesystem::create_directories(path_);
    }
    ~folder() { std::filesystem::remove_all(path_); }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

[[nodiscard]] std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}
void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes;
}

struct written_hour {
    std::vector<group_builder::built> groups;
    std::uint64_t rows = 0;
};

// Groups of a second each, of so many rows.
[[nodiscard]] written_hour make_groups(std::size_t seconds, std::size_t rows_a_second, bool sign = false) {
    written_hour hour;
    made_hour made;
    row_queue queue{1 << 16};
    std::uint64_t place = 17;
    for (std::size_t s = 0; s < seconds; ++s) {
        const auto now = begin_unix_ms + static_cast<std::int64_t>(s) * 1000;
        made.fill(queue, now, 1000, rows_a_second);
        if (sign) {
            auto room = queue.reserve(1);
            room.put(0, {}, 3, verdict::from_bits(made.random()()));
            ledger_call call;
            call.time_unix_ms = now;
            call.agency_signature.fill(static_cast<std::byte>(s + 1));
            (void)room.commit(call);
        }
        hour.groups.push_back(build_group(queue, some_day(), some_ids(), place, now, 1000 + s));
        place += hour.groups.back().group.tree_rows;
        hour.rows += hour.groups.back().group.rows();
    }
    return hour;
}
void write_open(const written_hour& hour, const std::filesystem::path& in) {
    auto writer = hour_writer::create(system_file_calls(), open_hour_path(in, the_hour));
    REQUIRE(writer.has_value());
    for (const auto& each : hour.groups)
        REQUIRE(writer->append(each.group, each.leaf.encode(), some_day()).has_value());
}

// The leaves that the files' groups come to, or why they cannot be read.
[[nodiscard]] detailed_result<std::vector<group_leaf>> leaves_in(const std::filesystem::path& in,
                                                                 const day_key& key = some_day()) {
    std::vector<group_leaf> leaves;
    const auto done = read_hour(system_file_calls(), in, the_hour, key,
                                [&](row_group&& group, const group_entry* entry) -> detailed_result<void> {
                                    leaves.push_back(hash_group(group, {}, key, some_ids()).leaf);
                                    if (entry != nullptr) CHECK(leaves.back().encode() == *entry);
                                    return {};
                                });
    if (!done) return done.error();
    return leaves;
}
[[nodiscard]] std::vector<group_leaf> leaves_of(const written_hour& hour) {
    std::vector<group_leaf> leaves;
    for (const auto& each : hour.groups) leaves.push_back(each.leaf);
    return leaves;
}

}  // namespace

TEST_CASE("an hour is read as it was written, open and sealed") {
    for (const auto rows : std::to_array<std::size_t>({0, 1, 63, 64, 65, 700})) {
        const folder in;
        const auto hour = make_groups(3, rows, rows == 63);
        write_open(hour, in.path());
        CHECK(leaves_in(in.path()).value() == leaves_of(hour));
        REQUIRE(seal_hour(system_file_calls(), in.path(), the_hour, some_day()).has_value());
        CHECK_FALSE(std::filesystem::exists(open_hour_path(in.path(), the_hour)));
        CHECK(leaves_in(in.path()).value() == leaves_of(hour));
        const auto hours = list_hours(system_file_calls(), in.path());
        REQUIRE(hours.has_value());
        REQUIRE(hours->size() == 1);
        CHECK(hours->front().hour == the_hour);
        CHECK(hours->front().is_sealed);
        CHECK_FALSE(hours->front().is_open);
    }
}

TEST_CASE("every row of a group is proved to be in its entry, and those that fill it up too") {
    const auto hour = make_groups(1, 700);
    const auto& built = hour.groups[0];
    for (std::size_t row = 0; row < built.group.tree_rows; ++row) {
        const auto proof =
            prove_row(built.group, row, find_call(built.group, row / 128 * 128), built.tree, some_day(), some_ids());
        std::array<std::byte, row_bytes> bytes;
        encode_row(proof.row, bytes);
        REQUIRE(included_root(tree_leaf(bytes), row, built.group.tree_rows, proof.path) == built.leaf.rows_root);
    }
}

TEST_CASE("an hour of the made-up year takes no more than 8 bytes a verification") {
    const folder in;
    const auto hour = make_groups(360, made_hour::rows_an_hour / 360);
    write_open(hour, in.path());
    REQUIRE(seal_hour(system_file_calls(), in.path(), the_hour, some_day()).has_value());
    const auto size = std::filesystem::file_size(sealed_hour_path(in.path(), the_hour));
    const auto bytes_a_row = static_cast<double>(size) / static_cast<double>(hour.rows);
    MESSAGE(hour.rows << " rows: " << bytes_a_row << " bytes each");
    CHECK(bytes_a_row <= 8);
    CHECK(leaves_in(in.path()).value() == leaves_of(hour));
}

TEST_CASE("without the day's key nothing of an hour can be read") {
    const folder in;
    write_open(make_groups(2, 100), in.path());
    CHECK_FALSE(leaves_in(in.path(), some_day(2)).has_value());
    REQUIRE(seal_hour(system_file_calls(), in.path(), the_hour, some_day()).has_value());
    CHECK(leaves_in(in.path(), some_day(2)).error().code == errc::not_of_a_ledger);
}

TEST_CASE("every byte of a sealed hour that is changed is noticed, and every one that is missing") {
    const folder in;
    const auto hour = make_groups(3, 40, true);
    write_open(hour, in.path());
    REQUIRE(seal_hour(system_file_calls(), in.path(), the_hour, some_day()).has_value());
    const auto path = sealed_hour_path(in.path(), the_hour);
    const auto right = bytes_of(path);
    std::mt19937 random{7};
    for (std::size_t at = 0; at < right.size(); ++at) {
        auto wrong = right;
        wrong[at] = static_cast<char>(static_cast<unsigned char>(wrong[at]) ^ (1 + random() % 255));
        write_bytes(path, wrong);
        REQUIRE_FALSE(leaves_in(in.path()).has_value());
    }
    for (std::size_t size = 0; size < right.size(); size += 7) {
        write_bytes(path, right.substr(0, size));
        REQUIRE_FALSE(leaves_in(in.path()).has_value());
    }
    write_bytes(path, right + "x");
    CHECK(leaves_in(in.path()).error().code == errc::trailing_bytes);
}

TEST_CASE("of an open hour the whole records are read, wherever it was cut or changed, and written on behind them") {
    const folder in;
    const auto hour = make_groups(4, 20);
    write_open(hour, in.path());
    const auto path = open_hour_path(in.path(), the_hour);
    const auto right = bytes_of(path);
    const auto all = leaves_of(hour);
    for (std::size_t at = 0; at < right.size(); at += 11) {
        auto wrong = right;
        if (at % 2 == 0)
            wrong.resize(at);
        else
            wrong[at] = static_cast<char>(wrong[at] ^ 4);
        write_bytes(path, wrong);
        const auto left = leaves_in(in.path());
        REQUIRE(left.has_value());
        REQUIRE(left->size() < all.size());
        REQUIRE(std::equal(left->begin(), left->end(), all.begin()));
        if (at % 23 != 0) continue;
        auto again = hour_writer::resume(system_file_calls(), path);
        REQUIRE(again.has_value());
        REQUIRE(again->groups.size() == left->size());
        const auto& next = hour.groups[left->size()];
        REQUIRE(again->writer.append(next.group, next.leaf.encode(), some_day()).has_value());
        const auto more = leaves_in(in.path());
        REQUIRE(more.has_value());
        // What stood behind the damage is not the record that follows the new one.
        REQUIRE(more->size() == left->size() + 1);
        REQUIRE(std::equal(more->begin(), more->end(), all.begin()));
    }
}

TEST_CASE("what is no block is not read as one") {
    std::mt19937_64 random{9};
    std::vector<row_group> groups;
    for (auto& each : make_groups(2, 30, true).groups) groups.push_back(each.group);
    const auto right = encode_block(groups);
    REQUIRE(decode_block(right).has_value());
    for (int i = 0; i < (XACTHUC_TEST_SANITIZED ? 5'000 : 20'000); ++i) {
        auto wrong = right;
        for (auto edits = 1 + random() % 3; edits > 0; --edits)
            wrong[random() % wrong.size()] = static_cast<std::byte>(random());
        if (random() % 4 == 0) wrong.resize(random() % wrong.size());
        // Whatever comes of it: it is read, or it is not; a sanitizer sees more.
        const auto read = decode_block(wrong);
        if (read)
            for (const auto& group : *read) REQUIRE(group.rows() == group.kind_of.size());
    }
}
