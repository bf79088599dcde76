// SPDX-License-Identifier: Apache-2.0
// A citizen's history has all accesses to her and no other, from segments and from rows that none has yet; and shows no
// more than the rules let its viewer see.
#include <doctest/doctest.h>

#include <set>
#include <xacthuc/ledger/history.hpp>

#include "ledger/access_history.hpp"
#include "unit/ledger/made_accesses.hpp"
#include "unit/registry/scratch_directory.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// Rows of some days in memory, of which keys can be destroyed.
struct made_ledger {
    std::vector<record_access> all{};
    std::vector<std::int64_t> destroyed{};

    [[nodiscard]] static ledger_hour hour_of(const record_access& one) {
        return ledger_hour::of(one.time_unix_s * 1000);
    }
    [[nodiscard]] access_rows rows() const {
        access_rows made;
        made.hours = [this]() -> detailed_result<std::vector<ledger_hour>> {
            std::set<ledger_hour> found;
            for (const auto& one : all) found.insert(hour_of(one));
            return std::vector<ledger_hour>{found.begin(), found.end()};
        };
        made.key_of = [this](std::int64_t day) -> detailed_result<std::optional<day_key>> {
            if (std::ranges::count(destroyed, day) != 0) return std::optional<day_key>{};
            std::array<std::byte, 32> secret{};
            for (std::size_t i = 0; i < 4; ++i)
                secret[i] = static_cast<std::byte>(static_cast<std::uint64_t>(day) >> 8 * i);
            return std::optional{day_key::from_bytes(secret)};
        };
        made.read = [this](ledger_hour hour, const day_key&,
                           const access_rows::group_visitor& take) -> detailed_result<void> {
            for (const auto& one : all) {
                if (hour_of(one) != hour) continue;
                row_group group;
                group.calls.push_back({.rows = 1, .time_unix_ms = one.time_unix_s * 1000 + 7, .officer = one.officer});
                group.hidden_ids.push_back(one.hidden_id);
                group.kinds.push_back({one.agency, one.procedure, one.claims, one.verdict_bits});
                group.kind_of.push_back(0);
                take(group);
            }
            return {};
        };
        return made;
    }
    [[nodiscard]] std::vector<record_access> of(std::uint64_t hidden_id) const {
        std::vector<record_access> found;
        for (const auto& one : all)
            if (one.hidden_id == hidden_id && std::ranges::count(destroyed, local_second::of(one.time_unix_s).day) == 0)
                found.push_back(one);
        std::ranges::sort(found);
        return found;
    }
};

[[nodiscard]] std::vector<record_access> found_in(const std::filesystem::path& folder, const made_ledger& ledger,
                                                  std::uint64_t hidden_id) {
    std::vector<record_access> found;
    const auto history = access_history::open(system_file_calls(), folder).value();
    history.find(hidden_id, ledger.rows(), [&](const record_access& one) { found.push_back(one); }).value();
    CHECK(std::ranges::is_sorted(found, {}, &record_access::time_unix_s));
    std::ranges::sort(found);
    return found;
}

[[nodiscard]] std::vector<std::string> names_in(const std::filesystem::path& folder) {
    return list_directory(system_file_calls(), folder).value();
}

constexpr std::uint64_t often_asked = 3 * 0x12'3456'789aU;

}  // namespace

TEST_CASE("history is whole while days and months go by, and segments are put together") {
    const scratch_directory place;
    const auto folder = place / "access";
    made_ledger ledger;
    const ledger_month october{november.number - 1};
    for (const auto month : {october, november}) {
        const auto more = made_accesses(150, static_cast<std::uint64_t>(month.number), month);
        ledger.all.insert(ledger.all.end(), more.begin(), more.end());
    }
    CHECK(found_in(folder, ledger, often_asked) == ledger.of(often_asked));
    const auto update = [&](std::int64_t today) {
        return update_accesses(system_file_calls(), folder, ledger.rows(), today).value();
    };
    CHECK(update(october.first_day() + 3) > 0);
    CHECK(names_in(folder).size() <= 3);
    CHECK(update(october.first_day() + 3) == 0);
    CHECK(found_in(folder, ledger, often_asked) == ledger.of(often_asked));
    CHECK(update(november.first_day() + 2) > 0);
    CHECK(names_in(folder).front() == "2026-10.xta");
    CHECK(names_in(folder).size() <= 3);
    CHECK(found_in(folder, ledger, often_asked) == ledger.of(often_asked));
    CHECK(update(november.first_day() + 30) == 1);
    CHECK(names_in(folder) == std::vector<std::string>{"2026-10.xta", "2026-11.xta"});
    CHECK(update(november.first_day() + 30) == 0);
    for (std::uint64_t k = 1; k < 7; ++k)
        CHECK(found_in(folder, ledger, k * 0x12'3456'789aU) == ledger.of(k * 0x12'3456'789aU));
    CHECK(access_history::open(system_file_calls(), folder)->entries() == ledger.all.size());

    SUBCASE("a forgotten day is gone at once, and its entries when the segment is written again") {
        const auto day = november.first_day() + 4;
        const auto before = ledger.of(often_asked);
        ledger.destroyed.push_back(day);
        CHECK(ledger.of(often_asked) != before);
        CHECK(found_in(folder, ledger, often_asked) == ledger.of(often_asked));
        drop_forgotten_accesses(system_file_calls(), folder, ledger.rows(), day).value();
        CHECK(found_in(folder, ledger, often_asked) == ledger.of(often_asked));
        CHECK(access_history::open(system_file_calls(), folder)->entries() < ledger.all.size());
        for (std::int64_t each = october.first_day(); each < november.first_day(); ++each)
            ledger.destroyed.push_back(each);
        drop_forgotten_accesses(system_file_calls(), folder, ledger.rows(), october.first_day()).value();
        CHECK(names_in(folder) == std::vector<std::string>{"2026-11.xta"});
    }
    SUBCASE("a day's segment that a month's has taken in does not count twice") {
        write_access_segment(system_file_calls(), folder / "2026-11-05.xta", november,
                             ledger.rows().source(november.first_day() + 4, november.first_day() + 5),
                             ledger.rows().secrets())
            .value();
        CHECK(found_in(folder, ledger, often_asked) == ledger.of(often_asked));
    }
}

TEST_CASE("the holder is shown an access when the rules let her, without the officer; an inspector sees all") {
    const auto rules = history_rules::parse(R"(
from = 2027-01-01
visible_after_days = 1

[[procedure]]
number = 7
visible_after_days = 90

[[procedure]]
number = 8
visible_from = 2027-06-01

[[procedure]]
number = 9
visible_after_days = 0
shows = "agency"
)",
                                            "h.toml")
                           .value();
    const std::int64_t then = 1'798'736'400;  // 2027-01-01T00:00+07:00
    const auto access = [&](std::uint16_t procedure) {
        return history_entry{then, 5, procedure, 3, verdict{outcome::verified, 3, 0, 0}, 77};
    };
    const auto day = [&](std::int64_t count) { return then + count * 86'400; };
    const auto sees = [&](std::uint16_t procedure, std::int64_t now) {
        return rules.shown(access(procedure), history_viewer::holder, now).has_value();
    };
    CHECK(!sees(1, day(1) - 1));
    CHECK(sees(1, day(1)));
    CHECK(!sees(7, day(90) - 1));
    CHECK(sees(7, day(90)));
    CHECK(!sees(8, day(151) - 1));
    CHECK(sees(8, day(151)));
    CHECK(sees(9, then));
    for (const auto procedure : {std::uint16_t{1}, std::uint16_t{7}, std::uint16_t{8}, std::uint16_t{9}})
        CHECK(rules.shown(access(procedure), history_viewer::inspector, then) == access(procedure));

    auto expected = access(1);
    expected.officer = 0;
    expected.is_withheld = true;
    CHECK(rules.shown(access(1), history_viewer::holder, day(2)) == expected);
    const auto relative = rules.shown(access(9), history_viewer::holder, day(2)).value();
    CHECK(relative.agency == 5);
    CHECK(relative.procedure == 0);
    CHECK(relative.claims == 0);
    CHECK(relative.verdict == verdict{});
    CHECK(relative.officer == 0);
    CHECK(history_rules{}.shown(access(9), history_viewer::holder, then)->procedure == 9);
}

TEST_CASE("what is wrong with rules is told with its line") {
    const auto fault = [](std::string_view text) {
        const auto read = history_rules::parse(text, "h.toml");
        return read ? std::string{} : read.error().front().message();
    };
    CHECK(fault("from = 2027-01-01\n").empty());
    CHECK(!fault("visible_after_days = 1\n").empty());
    CHECK(fault("from = 2027-01-01\n[[procedure]]\nshows = \"all\"\n").find("has a number") != std::string::npos);
    CHECK(fault("from = 2027-01-01\n[[procedure]]\nnumber = 1\nshows = \"some\"\n").starts_with("h.toml:4: "));
    CHECK(fault("from = 2027-01-01\nvisible = 3\n").starts_with("h.toml:2: "));
}
