// SPDX-License-Identifier: Apache-2.0
// A receipt from the middle of an hour is read without the hour: the same groups are found as by reading all of it,
// while the hour is open, sealed, pruned or forgotten, and few bytes are read for one.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <optional>
#include <random>
#include <vector>
#include <xacthuc/ledger/ledger.hpp>
#include <xacthuc/ledger/receipt_reader.hpp>

#include "ledger/group_finder.hpp"
#include "ledger/row_store.hpp"
#include "sanitized.hpp"
#include "unit/ledger/log_signer.hpp"
#include "unit/registry/scratch_directory.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::int64_t begin_unix_ms = 1'795'878'000'000;  // the first of an hour, and no day ends before three of them
constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::size_t group_rows = 2'000;

std::atomic<std::uint64_t> bytes_read{0};

// The system's calls, which count what is read.
[[nodiscard]] const file_calls& counting_calls() {
    static const file_calls calls = [] {
        auto made = system_file_calls();
        made.read = [](void* context, int file, std::byte* to, std::size_t size, std::uint64_t offset) {
            bytes_read += size;
            return system_file_calls().read(context, file, to, size, offset);
        };
        return made;
    }();
    return calls;
}

class ledger_at_work {
  public:
    ledger_at_work() {
        const auto identity = signer.identity();
        ledger_options options{.origin = identity.origin, .verifier = identity.verifier, .signer = identity.signer};
        options.queue_slots = 1 << 13;
        auto made = ledger::open(directory(), options);
        REQUIRE(made.has_value());
        of.emplace(std::move(*made));
    }
    [[nodiscard]] std::filesystem::path directory() const { return in.path() / "ledger"; }
    // A group of so many rows.
    void answer(std::size_t rows, std::int64_t now) {
        std::vector<request> asked(rows);
        for (auto& each : asked) {
            each.words[0] = (1'000'000'000 + random_() % 1'000'000) | std::uint64_t{5} << 40;
            each.words[3] = std::uint64_t{7} << 32 | (random_() % 9) << 48;
        }
        const std::vector<verdict> shown(rows, verdict{outcome::verified, 5, 0, 0});
        ledger_call call;
        call.time_unix_ms = now;
        call.officer = random_() % 100;
        call.register_sequence = 1000;
        REQUIRE(of->append(call, asked, shown).has_value());
        REQUIRE(of->gather(now).has_value());
        REQUIRE(of->publish(now).has_value());
    }
    [[nodiscard]] std::uint64_t size() const { return of->head().size; }
    // By reading the whole hour.
    [[nodiscard]] row_group slowly(std::uint64_t entry, std::int64_t time_unix_ms) const {
        const auto rows = row_store::look(system_file_calls(), directory()).value();
        const auto hour = ledger_hour::of(time_unix_ms);
        std::optional<row_group> found;
        const auto take = [&](row_group&& group, const group_entry*) -> detailed_result<void> {
            if (group.leaf_index == entry) found = std::move(group);
            return {};
        };
        REQUIRE(rows.read_hour(hour, rows.key_of(hour.day()).value(), take).has_value());
        REQUIRE(found.has_value());
        return std::move(*found);
    }
    [[nodiscard]] std::uint64_t below(std::uint64_t end) { return random_() % end; }

    scratch_directory in{scratch_directory::quick_place()};
    log_signer signer;
    std::optional<ledger> of;

  private:
    std::mt19937_64 random_{9};
};

[[nodiscard]] bool are_same(const row_group& a, const row_group& b) {
    bool same = a.leaf_index == b.leaf_index && a.first_place == b.first_place && a.time_unix_ms == b.time_unix_ms &&
                a.tree_rows == b.tree_rows && a.calls == b.calls && a.hidden_ids == b.hidden_ids;
    for (std::size_t row = 0; same && row < a.rows(); ++row) same = a.kind(row) == b.kind(row);
    return same;
}

// How many bytes a group cost.
[[nodiscard]] std::uint64_t cost_of(group_finder& by, std::uint64_t entry) {
    const auto before = bytes_read.load();
    const auto found = by.read_group(entry);
    REQUIRE(found.has_value());
    CHECK(found->leaf_index == entry);
    return bytes_read - before;
}

}  // namespace

TEST_CASE("a receipt from the middle of an hour of a million rows reads its group, and not the hour") {
    ledger_at_work at;
    constexpr std::size_t groups = XACTHUC_TEST_SANITIZED ? 300 : 500;
    for (std::size_t k = 0; k < groups; ++k)
        at.answer(group_rows, begin_unix_ms + static_cast<std::int64_t>(k) * 7'000);
    REQUIRE(at.size() == groups);
    const auto rows_folder = at.directory() / "rows";
    const auto hour = ledger_hour::of(begin_unix_ms);
    auto finder = group_finder::open(counting_calls(), at.directory()).value();
    auto reader = receipt_reader::open(at.directory(), at.signer.verifier()).value();
    const auto check_some = [&](std::uint64_t bytes_max) {
        for (int tries = 0; tries < 20; ++tries) {
            const auto entry = at.below(groups);
            CHECK(cost_of(finder, entry) < bytes_max);
            const auto row = at.below(group_rows);
            const auto made = reader.read(entry, row);
            REQUIRE(made.has_value());
            CHECK(made->row_index == row);
            CHECK(verify_receipt(*made, at.signer.origin(), at.signer.verifier()).value() == at.of->head());
            CHECK(*made == at.of->receipt_for(ledger_place{entry, row}).value());
        }
    };
    const auto open_bytes = std::filesystem::file_size(open_hour_path(rows_folder, hour));
    const auto group_bytes = open_bytes / groups;
    // The first looks at the heads before it, the others at those since the last place that is remembered.
    CHECK(cost_of(finder, groups / 2) < groups * group_head_bytes + 2 * group_bytes);
    CHECK(cost_of(finder, groups - 1) < groups * group_head_bytes + 2 * group_bytes);
    check_some(2 * group_bytes + 8 * group_head_bytes);
    CHECK(open_bytes > 100 * group_bytes);

    REQUIRE(at.of->seal(begin_unix_ms + 2 * hour_ms).has_value());
    at.answer(3, begin_unix_ms + 2 * hour_ms);
    REQUIRE(at.of->seal(begin_unix_ms + 2 * hour_ms).value() >= 1);
    REQUIRE(!std::filesystem::exists(open_hour_path(rows_folder, hour)));
    // A block has a quarter of a million rows.
    const auto sealed_bytes = std::filesystem::file_size(sealed_hour_path(rows_folder, hour));
    check_some(XACTHUC_TEST_SANITIZED ? sealed_bytes : sealed_bytes / 3);
    for (int tries = 0; tries < 3; ++tries) {
        const auto entry = at.below(groups);
        CHECK(are_same(finder.read_group(entry).value(), at.slowly(entry, begin_unix_ms)));
    }
}

TEST_CASE("groups are found in hours that come, are sealed, pruned and forgotten, while somebody else writes") {
    ledger_at_work at;
    auto finder = group_finder::open(counting_calls(), at.directory()).value();
    CHECK(finder.read_group(0).error().code == errc::not_found);
    std::vector<std::int64_t> times;
    std::int64_t now = begin_unix_ms;
    for (int k = 0; k < 120; ++k) {
        now += static_cast<std::int64_t>(at.below(3 * hour_ms));
        at.answer(1 + at.below(200), now);
        times.push_back(now);
        if (at.below(4) == 0) REQUIRE(at.of->seal(now).has_value());
        for (int tries = 0; tries < 3; ++tries) {
            const auto entry = at.below(at.size());
            const auto found = finder.read_group(entry);
            REQUIRE(found.has_value());
            CHECK(are_same(*found, at.slowly(entry, times[entry])));
        }
    }
    const auto day_of = [](std::int64_t time) { return ledger_hour::of(time).day(); };
    const auto forgotten = day_of(times[80]);
    REQUIRE(at.of->forget(text_of_day(forgotten)).has_value());
    const auto kept = day_of(times[40]);
    REQUIRE(at.of->prune(text_of_day(kept)).has_value());
    auto reader = receipt_reader::open(at.directory(), at.signer.verifier()).value();
    for (std::uint64_t entry = 0; entry < at.size(); ++entry) {
        const auto day = day_of(times[entry]);
        const bool is_gone = day < kept || day == forgotten;
        const auto found = finder.read_group(entry);
        CHECK(found.has_value() == !is_gone);
        if (!found) CHECK(found.error().code == errc::not_found);
        const auto made = reader.read(entry, 0);
        CHECK(made.has_value() == !is_gone);
        if (!made) CHECK(made.error().code == errc::not_found);
    }
    CHECK(reader.read(at.size(), 0).error().code == errc::not_found);
    CHECK(reader.read(at.size() - 1, 100'000).error().code == errc::not_found);
}

TEST_CASE("a byte that was changed in a group is noticed by whoever wants that group") {
    ledger_at_work at;
    for (int k = 0; k < 20; ++k) at.answer(64, begin_unix_ms + k);
    const auto hour = ledger_hour::of(begin_unix_ms);
    const auto path = open_hour_path(at.directory() / "rows", hour);
    const auto size = std::filesystem::file_size(path);
    std::vector<std::uint64_t> ends;
    const auto file = hour_file::open(system_file_calls(), at.directory() / "rows", hour).value();
    for (auto place = file.first().value(); (place = file.after(*place).value());) ends.push_back(place->offset);
    REQUIRE(ends.size() == 20);
    REQUIRE(ends.back() == size);
    for (int tries = 0; tries < 300; ++tries) {
        const auto place = at.below(size);
        const auto entry = static_cast<std::uint64_t>(std::ranges::upper_bound(ends, place) - ends.begin());
        const auto flip = [&] {
            const auto changed = open_file::to_change(system_file_calls(), path).value();
            std::array<std::byte, 1> one;
            REQUIRE(changed.read(one, place).has_value());
            one[0] ^= std::byte{1};
            REQUIRE(changed.write(one, place).has_value());
        };
        for (const bool is_whole : {false, true}) {
            flip();
            auto finder = group_finder::open(system_file_calls(), at.directory()).value();
            CHECK(finder.read_group(entry).has_value() == is_whole);
        }
    }
}
