// SPDX-License-Identifier: Apache-2.0
// A month's accesses come back as they were, each citizen's and no other's; what is damaged is found; days whose key is
// gone cannot be read.
#include "ledger/access_segment.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <set>

#include "unit/ledger/made_accesses.hpp"
#include "unit/registry/model_files.hpp"
#include "unit/registry/scratch_directory.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

[[nodiscard]] std::vector<record_access> found_in(const access_segment& segment, std::uint64_t hidden_id,
                                                  const access_secrets& secrets) {
    std::vector<record_access> found;
    segment.expect(hidden_id);
    segment.find(hidden_id, secrets, [&](const record_access& one) { found.push_back(one); }).value();
    return found;
}

// What find() should hand out, by looking at all.
[[nodiscard]] std::vector<record_access> expected_of(const std::vector<record_access>& all, std::uint64_t hidden_id) {
    std::vector<record_access> found;
    std::ranges::copy_if(all, std::back_inserter(found),
                         [&](const record_access& one) { return one.hidden_id == hidden_id; });
    return found;
}

void check_same(std::vector<record_access> found, std::vector<record_access> expected) {
    CHECK(std::ranges::is_sorted(found, {}, &record_access::time_unix_s));
    std::ranges::sort(found);
    std::ranges::sort(expected);
    CHECK(found == expected);
}

[[nodiscard]] std::vector<std::byte> read_file(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const auto bytes = std::as_bytes(std::span{text});
    return {bytes.begin(), bytes.end()};
}
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
    std::ofstream file{path, std::ios::binary};
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

TEST_CASE("months are counted and named as people do") {
    CHECK(november.text() == "2026-11");
    CHECK(ledger_month::parse("2026-11") == november);
    for (const auto* const wrong : {"2026-13", "2026-00", "2026-1", "2026/11", "x026-11", "2026-011"})
        CHECK(!ledger_month::parse(wrong));
    for (std::int64_t day = 0; day < 40'000; ++day) {
        const auto month = ledger_month::of_day(day);
        CHECK(month.first_day() <= day);
        CHECK(ledger_month{month.number + 1}.first_day() > day);
    }
}

TEST_CASE("each citizen's accesses are found, in the order of time, whatever the number of passes that sort them") {
    const scratch_directory place;
    const auto path = place / "2026-11.xta";
    const made_secrets secrets;
    for (const std::size_t count : {0U, 1U, 2U, 1'000U, 1'024U, 1'025U, 20'000U})
        for (const std::size_t a_pass : {std::size_t{1} << 23, std::size_t{700}}) {
            const auto all = made_accesses(count, count);
            write_access_segment(system_file_calls(), path, november, source_of(all), secrets.all(), {a_pass}).value();
            const auto segment = access_segment::open(system_file_calls(), path).value();
            CHECK(segment.entries() == count);
            std::set<std::uint64_t> ids{0, 1, (std::uint64_t{1} << 40) - 1};
            for (std::size_t i = 0; i < all.size(); i += 1 + all.size() / 300) {
                ids.insert(all[i].hidden_id);
                ids.insert(all[i].hidden_id ^ 1);
            }
            for (std::uint64_t k = 1; k <= 5; ++k) ids.insert(k * 0x12'3456'789aU);
            for (const auto id : ids) check_same(found_in(segment, id, secrets.all()), expected_of(all, id));
            std::vector<record_access> read;
            segment.read_all(secrets.all(), [&](const record_access& one) { read.push_back(one); }).value();
            CHECK(std::ranges::is_sorted(read, {}, &record_access::hidden_id));
            std::ranges::sort(read);
            auto expected = all;
            std::ranges::sort(expected);
            CHECK(read == expected);
            check_access_segment(segment, source_of(all), secrets.all()).value();
        }
}

TEST_CASE("citizens so close together and asked about so often that blocks begin among them are found") {
    const scratch_directory place;
    const auto path = place / "2026-11.xta";
    auto all = made_accesses(9'000, 3);
    for (std::size_t i = 0; i < all.size(); ++i) all[i].hidden_id = 1'000'000 + i / 3'000;
    write_access_segment(system_file_calls(), path, november, source_of(all), made_secrets{}.all()).value();
    const auto segment = access_segment::open(system_file_calls(), path).value();
    for (std::uint64_t id = 999'999; id < 1'000'004; ++id)
        check_same(found_in(segment, id, made_secrets{}.all()), expected_of(all, id));
}

TEST_CASE("without the key of a day nothing of it is read, and the other days are") {
    const scratch_directory place;
    const auto path = place / "2026-11.xta";
    const auto all = made_accesses(3'000, 4);
    write_access_segment(system_file_calls(), path, november, source_of(all), made_secrets{}.all()).value();
    const auto segment = access_segment::open(system_file_calls(), path).value();
    const made_secrets fewer{{november.first_day() + 3, november.first_day() + 29}};
    const auto id = 3 * 0x12'3456'789aU;
    auto expected = expected_of(all, id);
    std::erase_if(expected, [&](const record_access& one) {
        return std::ranges::count(fewer.destroyed, local_second::of(one.time_unix_s).day) != 0;
    });
    CHECK(expected.size() < expected_of(all, id).size());
    check_same(found_in(segment, id, fewer.all()), expected);
    check_access_segment(segment, source_of(all), fewer.all()).value();
    // With another key than the day's the bytes mean nothing.
    const access_secrets others = [](std::int64_t) -> detailed_result<std::optional<access_secret>> {
        return std::optional<access_secret>{access_secret{std::byte{7}}};
    };
    std::vector<record_access> found;
    const auto read = segment.find(id, others, [&](const record_access& one) { found.push_back(one); });
    if (read) CHECK(found != expected_of(all, id));
    CHECK(!check_access_segment(segment, source_of(all), others));
}

TEST_CASE("two segments of the same accesses share no encrypted bytes") {
    const scratch_directory place;
    const auto all = made_accesses(200, 5);
    std::vector<std::vector<std::byte>> files;
    for (const auto* const name : {"a.xta", "b.xta"}) {
        write_access_segment(system_file_calls(), place / name, november, source_of(all), made_secrets{}.all()).value();
        files.push_back(read_file(place / name));
    }
    CHECK(files[0].size() == files[1].size());
    std::size_t same = 0;
    for (std::size_t i = access_segment_head::bytes; i < files[0].size() - 2'000; ++i)
        same += files[0][i] == files[1][i];
    CHECK(same < files[0].size() * 2 / 3);  // what is not encrypted: ids and days
}

TEST_CASE("accesses of another month, without a key or of too long an id are refused, and no file is left") {
    const scratch_directory place;
    const auto path = place / "2026-11.xta";
    const auto refused = [&](const record_access& one, const made_secrets& secrets) {
        const std::vector<record_access> all{one};
        const auto done = write_access_segment(system_file_calls(), path, november, source_of(all), secrets.all());
        return !done && done.error().code == errc::code_range && std::filesystem::is_empty(place.path());
    };
    const auto good = made_accesses(1, 6)[0];
    auto late = good;
    late.time_unix_s += 40 * 86'400;
    auto early = good;
    early.time_unix_s -= 40 * 86'400;
    auto longer = good;
    longer.hidden_id = std::uint64_t{1} << 40;
    auto before_all = good;
    before_all.time_unix_s = -1;
    CHECK(refused(late, {}));
    CHECK(refused(early, {}));
    CHECK(refused(longer, {}));
    CHECK(refused(before_all, {}));
    CHECK(refused(good, {{local_second::of(good.time_unix_s).day}}));
    std::size_t asked = 0;
    const access_source changing = [&](const access_taker& take) -> detailed_result<void> {
        if (asked++ == 0) take(good);
        return {};
    };
    CHECK(!write_access_segment(system_file_calls(), path, november, changing, made_secrets{}.all()));
    const access_source failing = [](const access_taker&) -> detailed_result<void> {
        return failure{errc::io, "it cannot be read"};
    };
    CHECK(write_access_segment(system_file_calls(), path, november, failing, made_secrets{}.all()).error().code ==
          errc::io);
}

TEST_CASE("every byte that is changed, and every length, is found") {
    const scratch_directory place;
    const auto path = place / "2026-11.xta";
    const auto all = made_accesses(60, 7);
    write_access_segment(system_file_calls(), path, november, source_of(all), made_secrets{}.all()).value();
    const auto good = read_file(path);
    const auto reads = [&] {
        const auto segment = access_segment::open(system_file_calls(), path);
        if (!segment) return false;
        return segment->read_all(made_secrets{}.all(), [](const record_access&) {}).has_value();
    };
    CHECK(reads());
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto bad = good;
        bad[i] ^= static_cast<std::byte>(1 << i % 8);
        write_file(path, bad);
        REQUIRE(!reads());
    }
    for (std::size_t size = 0; size < good.size(); size += 7) {
        write_file(path, std::span{good}.first(size));
        REQUIRE(!reads());
    }
    auto longer = good;
    longer.push_back(std::byte{0});
    write_file(path, longer);
    CHECK(!reads());
}

TEST_CASE("a month that no calendar has is no month of a segment, though its head is whole") {
    const scratch_directory place;
    const auto path = place / "2026-11.xta";
    write_access_segment(system_file_calls(), path, november, source_of(made_accesses(3, 7)), made_secrets{}.all())
        .value();
    auto bytes = read_file(path);
    const auto head_bytes = std::span{bytes}.first<access_segment_head::bytes>();
    auto head = access_segment_head::decode(head_bytes).value();
    for (const auto number : {INT64_MIN, std::int64_t{-1}, std::int64_t{12} * 10'000, INT64_MAX}) {
        head.month.number = number;
        std::ranges::copy(head.encode(), head_bytes.begin());
        write_file(path, bytes);
        CHECK(access_segment::open(system_file_calls(), path).error().code == errc::damaged_header);
    }
}

TEST_CASE("a segment that lacks an access, has one twice or one that never was is not that of the rows") {
    const scratch_directory place;
    const auto path = place / "2026-11.xta";
    const auto all = made_accesses(500, 8);
    write_access_segment(system_file_calls(), path, november, source_of(all), made_secrets{}.all()).value();
    const auto segment = access_segment::open(system_file_calls(), path).value();
    const auto agrees = [&](const std::vector<record_access>& with) {
        return check_access_segment(segment, source_of(with), made_secrets{}.all()).has_value();
    };
    CHECK(agrees(all));
    auto other = all;
    other.pop_back();
    CHECK(!agrees(other));
    other.push_back(other.front());
    CHECK(!agrees(other));
    other = all;
    other[77].officer ^= 1;
    CHECK(!agrees(other));
    other = all;
    std::ranges::reverse(other);
    CHECK(agrees(other));
}

TEST_CASE("whichever call fails, and where the power is cut, there is the old segment or the new one, whole") {
    const auto old_ones = made_accesses(30, 9);
    const auto new_ones = made_accesses(40, 10);
    const std::filesystem::path path{"/ledger/2026-11.xta"};
    using fault = model_files::fault;
    for (const fault kind :
         {fault{}, fault{.error = ENOSPC, .sticky = true}, fault{.error = 0}, fault{.power_cut = true}})
        for (std::size_t k = 0;; ++k) {
            model_files files;
            const auto calls = files.calls();
            write_access_segment(calls, path, november, source_of(old_ones), made_secrets{}.all()).value();
            auto now = kind;
            now.at = k;
            files.set_fault(now);
            const bool done =
                write_access_segment(calls, path, november, source_of(new_ones), made_secrets{}.all()).has_value();
            const bool was_reached = files.calls_made() > k;
            if (kind.power_cut)
                files.restart({.unsynced_contents = k % 2 == 0, .unsynced_names = k % 3 == 0});
            else
                files.set_fault({});
            const auto segment = access_segment::open(calls, path).value();
            if (done && !kind.power_cut) CHECK(segment.entries() == new_ones.size());
            check_access_segment(segment, source_of(segment.entries() == 30 ? old_ones : new_ones),
                                 made_secrets{}.all())
                .value();
            if (!was_reached) break;
        }
}
