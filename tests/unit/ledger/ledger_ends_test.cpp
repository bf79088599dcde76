// SPDX-License-Identifier: Apache-2.0
// How the data of a day ends: what forget() and prune() leave, by the bytes of the files.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>
#include <xacthuc/ledger/history.hpp>
#include <xacthuc/ledger/ledger.hpp>

#include "unit/ledger/log_signer.hpp"
#include "unit/registry/scratch_directory.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t noon_unix_ms = 1'795'842'000'000;  // 2026-11-28T12 in UTC+7
constexpr std::int64_t days = 40;                         // to 2027-01-06
constexpr std::size_t rows_a_day = 3;

[[nodiscard]] personal_id person(std::size_t k) {
    return personal_id::from_trusted(1'000'000'001 + k * 1'000);
}

void ask_for_days(ledger& to) {
    for (std::int64_t day = 0; day < days; ++day) {
        const auto now = noon_unix_ms + day * day_ms;
        std::vector<request> requests(rows_a_day);
        for (std::size_t k = 0; k < rows_a_day; ++k) {
            requests[k].words[0] = person(k).value() | std::uint64_t{1} << 40;
            requests[k].words[3] = std::uint64_t{3} << 32 | std::uint64_t{7} << 48;
        }
        const std::vector<verdict> verdicts(rows_a_day, verdict{outcome::verified, 1, 0, 0});
        ledger_call call;
        call.time_unix_ms = now;
        (void)to.append(call, requests, verdicts).value();
        to.publish(now).value();
    }
    const auto now = noon_unix_ms + days * day_ms;
    (void)to.seal(now).value();
}

[[nodiscard]] ledger opened(const std::filesystem::path& at, const log_signer& signer) {
    const auto identity = signer.identity();
    return ledger::open(at, {.origin = identity.origin,
                             .verifier = identity.verifier,
                             .signer = identity.signer,
                             .queue_slots = 1 << 12})
        .value();
}

[[nodiscard]] std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}
[[nodiscard]] std::set<std::string> names_in(const std::filesystem::path& folder) {
    std::set<std::string> names;
    for (const auto& each : std::filesystem::directory_iterator{folder}) names.insert(each.path().filename());
    return names;
}
[[nodiscard]] std::uint64_t number_at(const std::string& bytes, std::size_t offset) {
    std::uint64_t number = 0;
    std::memcpy(&number, bytes.data() + offset, sizeof number);
    return number;
}

// The days of the month that a segment has entries of, from 1, as docs/histories.md has its bytes.
[[nodiscard]] std::multiset<unsigned> days_in(const std::filesystem::path& segment) {
    constexpr std::size_t head = 104;
    constexpr std::size_t block_end = 24;
    const auto bytes = bytes_of(segment);
    REQUIRE(bytes.size() > head);
    const auto entries = number_at(bytes, 16);
    const auto blocks = number_at(bytes, 24);
    const auto index = bytes.size() - blocks * 16;
    const auto entry_bytes =
        (index - head - blocks * block_end - number_at(bytes, 32) * 14 - number_at(bytes, 40) * 8) / entries;
    std::multiset<unsigned> found;
    for (std::uint64_t block = 0; block < blocks; ++block) {
        const auto first = number_at(bytes, index + block * 16 + 8);
        const auto end = block + 1 < blocks ? number_at(bytes, index + (block + 1) * 16 + 8) : entries;
        for (auto entry = first; entry < end; ++entry) {
            const auto at = head + entry * entry_bytes + block * block_end;
            found.insert(1 + (static_cast<unsigned char>(bytes[at]) & 31U));
        }
    }
    CHECK(found.size() == entries);
    return found;
}

[[nodiscard]] std::size_t accesses(const std::filesystem::path& at, std::size_t k) {
    return ledger_history::open(at)->of(person(k), history_viewer::inspector, noon_unix_ms / 1000).value().size();
}

struct kept_days {
    scratch_directory place{scratch_directory::quick_place()};
    std::filesystem::path at = place / "ledger";
    log_signer signer;
    ledger kept = opened(at, signer);

    kept_days() {
        ask_for_days(kept);
        (void)update_histories(at, noon_unix_ms / 1000 + days * 86'400).value();
    }
    // What somebody sees who still has the file open.
    [[nodiscard]] std::filesystem::path watch(const std::filesystem::path& file) const {
        const auto link = place.path() / ("watched-" + file.filename().string());
        std::filesystem::create_hard_link(at / file, link);
        return link;
    }
};

}  // namespace

TEST_CASE("a day that is forgotten is in no file: its key is overwritten, and its accesses are written out") {
    kept_days of;
    const auto segment = of.at / "access/2026-12.xta";
    CHECK(days_in(segment).count(15) == rows_a_day);
    const auto before = bytes_of(segment);
    const auto key = of.watch("day-keys/2026-12-15.key");
    const auto secret = bytes_of(key).substr(13);
    REQUIRE(of.kept.forget("2026-12-15").has_value());

    CHECK(!std::filesystem::exists(of.at / "day-keys/2026-12-15.key"));
    CHECK(bytes_of(key).find(secret) == std::string::npos);
    CHECK(days_in(segment).count(15) == 0);
    CHECK(days_in(segment).size() == 30 * rows_a_day);
    for (std::size_t k = 0; k < rows_a_day; ++k) CHECK(accesses(of.at, k) == days - 1);
    CHECK(of.kept.check().value().forgotten == 1);

    // Interrupted in between, it is finished by another call, which says that there is no key.
    std::ofstream{segment, std::ios::binary | std::ios::trunc} << before;
    CHECK(days_in(segment).count(15) == rows_a_day);
    CHECK(of.kept.forget("2026-12-15").error().code == errc::not_found);
    CHECK(days_in(segment).count(15) == 0);
    CHECK(of.kept.forget("15/12/2026").error().code == errc::date_syntax);
    // A day of which there is a file of its own.
    REQUIRE(of.kept.forget("2027-01-03").has_value());
    CHECK(names_in(of.at / "access").count("2027-01-03.xta") == 0);
}

TEST_CASE("days that are pruned are in no file, and what comes after them stays") {
    kept_days of;
    CHECK(names_in(of.at / "access").count("2026-11.xta") == 1);
    // What another version, or an interruption, has left over.
    std::filesystem::copy_file(of.at / "access/2026-11.xta", of.at / "access/2026-11-29.xta");
    const auto key = of.watch("day-keys/2026-12-19.key");
    const auto secret = bytes_of(key).substr(13);
    CHECK(of.kept.prune("2026-12-20").value() == 22);

    CHECK(bytes_of(key).find(secret) == std::string::npos);
    CHECK(names_in(of.at / "access") == std::set<std::string>{"2026-12.xta", "2027-01-01.xta", "2027-01-02.xta",
                                                              "2027-01-03.xta", "2027-01-04.xta", "2027-01-05.xta",
                                                              "2027-01-06.xta"});
    const auto left = days_in(of.at / "access/2026-12.xta");
    CHECK(left.size() == 12 * rows_a_day);
    CHECK(*left.begin() == 20);
    for (const auto& name : names_in(of.at / "day-keys")) CHECK(name >= "2026-12-20");
    for (const auto& name : names_in(of.at / "rows")) CHECK((name >= "2026-12-20" || name == "first-entry"));
    for (std::size_t k = 0; k < rows_a_day; ++k) CHECK(accesses(of.at, k) == days - 22);
    CHECK(of.kept.check().value().pruned == 22);

    // The newest row's day stays, whatever is asked.
    (void)of.kept.prune("2030-01-01").value();
    CHECK(names_in(of.at / "access") == std::set<std::string>{"2027-01-06.xta"});
    CHECK(accesses(of.at, 0) == 1);
    CHECK(of.kept.prune("2030-01-01").value() == 0);
}
