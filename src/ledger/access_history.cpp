// SPDX-License-Identifier: Apache-2.0
#include "ledger/access_history.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string_view>

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::string_view ending = ".xta";

// What a segment's name says that it has: days [first, end).
struct named_days {
    std::int64_t first = 0;
    std::int64_t end = 0;
    bool is_month = false;

    [[nodiscard]] static std::optional<named_days> parse(std::string_view name) noexcept {
        if (!name.ends_with(ending)) return std::nullopt;
        name.remove_suffix(ending.size());
        if (const auto month = ledger_month::parse(name))
            return named_days{month->first_day(), ledger_month{month->number + 1}.first_day(), true};
        if (const auto day = parse_day(name)) return named_days{*day, *day + 1, false};
        return std::nullopt;
    }
    [[nodiscard]] std::string name() const {
        return (is_month ? ledger_month::of_day(first).text() : text_of_day(first)) + std::string{ending};
    }
    friend auto operator<=>(const named_days&, const named_days&) = default;
};

// Those of a folder by their first day; of a month that has a segment, its days are not among them.
[[nodiscard]] detailed_result<std::vector<named_days>> list_segments(const file_calls& calls,
                                                                     const std::filesystem::path& folder) {
    const auto names = list_directory(calls, folder);
    if (!names) {
        if (names.error().code == errc::not_found) return std::vector<named_days>{};
        return names.error();
    }
    std::set<named_days> all;
    std::set<ledger_month> months;
    for (const auto& name : *names) {
        const auto days = named_days::parse(name);
        if (!days) continue;
        all.insert(*days);
        if (days->is_month) months.insert(ledger_month::of_day(days->first));
    }
    std::erase_if(
        all, [&](const named_days& one) { return !one.is_month && months.contains(ledger_month::of_day(one.first)); });
    return std::vector<named_days>{all.begin(), all.end()};
}

void take_rows(const row_group& group, const access_taker& take) {
    std::size_t row = 0;
    for (const auto& call : group.calls)
        for (const auto end = row + static_cast<std::size_t>(call.rows); row < end; ++row) {
            const auto& kind = group.kind(row);
            take({.hidden_id = group.hidden_ids[row],
                  .time_unix_s = call.time_unix_ms / 1000,
                  .agency = kind.agency,
                  .procedure = kind.procedure,
                  .claims = kind.claims,
                  .verdict_bits = kind.verdict_bits,
                  .officer = call.officer});
        }
}

}  // namespace

access_secrets access_rows::secrets() const {
    return [of = key_of](std::int64_t day) -> detailed_result<std::optional<access_secret>> {
        const auto key = of(day);
        if (!key) return key.error();
        if (!*key) return std::optional<access_secret>{};
        return std::optional{(*key)->access_secret()};
    };
}

access_source access_rows::source(std::int64_t first_day, std::int64_t end_day) const {
    return [rows = *this, first_day, end_day](const access_taker& take) -> detailed_result<void> {
        const auto all = rows.hours();
        if (!all) return all.error();
        std::map<std::int64_t, bool> has_key;
        failure lost{};
        const auto is_readable = [&](std::int64_t day) {
            const auto [known, is_new] = has_key.try_emplace(day, false);
            if (is_new) {
                const auto key = rows.key_of(day);
                if (!key) lost = key.error();
                known->second = key && *key;
            }
            return known->second;
        };
        for (const auto hour : *all) {
            // A row is of the day of its call, which may be just before or just after its group's hour.
            if (hour.number < first_day * 24 - 1 || hour.number > end_day * 24) continue;
            const auto key = rows.key_of(hour.day());
            if (!key) return key.error();
            if (!*key) continue;
            const auto in_days = [&](const record_access& one) {
                const auto day = local_second::of(one.time_unix_s).day;
                if (day >= first_day && day < end_day && is_readable(day)) take(one);
            };
            auto done = rows.read(hour, **key, [&](const row_group& group) { take_rows(group, in_days); });
            if (!done) return done;
            if (lost.code) return lost;
        }
        return {};
    };
}

detailed_result<access_history> access_history::open(const file_calls& calls, const std::filesystem::path& folder) {
    const auto all = list_segments(calls, folder);
    if (!all) return all.error();
    access_history history;
    for (const auto& each : *all) {
        auto segment = access_segment::open(calls, folder / each.name());
        if (!segment) return segment.error();
        history.segments_.push_back(std::move(*segment));
        history.end_day_ = each.end;
    }
    return history;
}

std::uint64_t access_history::entries() const noexcept {
    std::uint64_t sum = 0;
    for (const auto& each : segments_) sum += each.entries();
    return sum;
}

detailed_result<void> access_history::find(std::uint64_t hidden_id, const access_secrets& secrets,
                                           const access_taker& take) const {
    // Who waits for the disk once would wait for it sixty times: then the system is told of all that is to come. To
    // tell it of what is in memory would take as long as to read that.
    using clock = std::chrono::steady_clock;
    constexpr std::chrono::microseconds waited{30};
    bool is_announced = false;
    for (std::size_t k = 0; k < segments_.size(); ++k) {
        const auto start = clock::now();
        if (auto done = segments_[k].find(hidden_id, secrets, take); !done) return done;
        if (is_announced || clock::now() - start < waited) continue;
        for (auto later = k + 1; later < segments_.size(); ++later) segments_[later].expect(hidden_id);
        is_announced = true;
    }
    return {};
}

detailed_result<void> access_history::find(std::uint64_t hidden_id, const access_rows& rows,
                                           const access_taker& take) const {
    if (auto done = find(hidden_id, rows.secrets(), take); !done) return done;
    constexpr std::int64_t no_end = std::int64_t{1} << 40;
    std::vector<record_access> younger;
    auto done = rows.source(end_day_, no_end)([&](const record_access& one) {
        if (one.hidden_id == hidden_id) younger.push_back(one);
    });
    if (!done) return done;
    std::ranges::stable_sort(younger, {}, &record_access::time_unix_s);
    for (const auto& one : younger) take(one);
    return {};
}

namespace {

class updating {
  public:
    updating(const file_calls& calls, const std::filesystem::path& folder, const access_rows& rows)
        : calls_{calls}, folder_{folder}, rows_{rows} {}

    // One that has nothing in it is not written.
    [[nodiscard]] detailed_result<bool> write(const named_days& days) const {
        const auto source = rows_.source(days.first, days.end);
        std::uint64_t count = 0;
        if (auto done = source([&](const record_access&) { ++count; }); !done) return done.error();
        if (count == 0) return false;
        auto done = write_access_segment(calls_, folder_ / days.name(), ledger_month::of_day(days.first), source,
                                         rows_.secrets());
        if (!done) return done.error();
        return true;
    }
    [[nodiscard]] detailed_result<void> remove(const named_days& days) const {
        if (auto done = remove_file(calls_, folder_ / days.name()); !done && done.error().code != errc::not_found)
            return done;
        return sync_directory(calls_, folder_);
    }
    // The segments of the month's days, which its own has now.
    [[nodiscard]] detailed_result<void> remove_days(ledger_month month) const {
        const auto names = list_directory(calls_, folder_);
        if (!names) return names.error();
        for (const auto& name : *names) {
            const auto days = named_days::parse(name);
            if (!days || days->is_month || ledger_month::of_day(days->first) != month) continue;
            if (auto done = remove_file(calls_, folder_ / name); !done) return done;
        }
        return sync_directory(calls_, folder_);
    }

  private:
    const file_calls& calls_;
    const std::filesystem::path& folder_;
    const access_rows& rows_;
};

[[nodiscard]] bool has_day(const std::vector<named_days>& segments, std::int64_t day) {
    return std::ranges::any_of(segments, [&](const named_days& one) { return one.first <= day && day < one.end; });
}

}  // namespace

detailed_result<std::size_t> update_accesses(const file_calls& calls, const std::filesystem::path& folder,
                                             const access_rows& rows, std::int64_t today) {
    auto made = make_directory(calls, folder, 0700);
    if (!made && made.error().code != errc::already_exists) return made.error();
    if (auto done = sync_directory_of(calls, folder); !done) return done.error();
    const auto segments = list_segments(calls, folder);
    if (!segments) return segments.error();
    const auto hours = rows.hours();
    if (!hours) return hours.error();
    const updating to{calls, folder, rows};
    std::set<std::int64_t> days;
    for (const auto hour : *hours)
        if (hour.day() < today && !has_day(*segments, hour.day())) days.insert(hour.day());
    std::set<ledger_month> over;
    const auto this_month = ledger_month::of_day(today);
    for (const auto& each : *segments)
        if (!each.is_month && ledger_month::of_day(each.first) < this_month)
            over.insert(ledger_month::of_day(each.first));
    std::size_t written = 0;
    for (const auto day : days) {
        const auto month = ledger_month::of_day(day);
        if (month < this_month) {
            over.insert(month);
            continue;
        }
        const auto wrote = to.write({day, day + 1, false});
        if (!wrote) return wrote.error();
        written += *wrote;
    }
    for (const auto month : over) {
        const auto wrote = to.write({month.first_day(), ledger_month{month.number + 1}.first_day(), true});
        if (!wrote) return wrote.error();
        written += *wrote;
        if (auto done = to.remove_days(month); !done) return done.error();
    }
    return written;
}

detailed_result<void> drop_forgotten_accesses(const file_calls& calls, const std::filesystem::path& folder,
                                              const access_rows& rows, std::int64_t day) {
    const auto segments = list_segments(calls, folder);
    if (!segments) return segments.error();
    const updating to{calls, folder, rows};
    for (const auto& each : *segments) {
        if (day < each.first || day >= each.end) continue;
        const auto wrote = to.write(each);
        if (!wrote) return wrote.error();
        if (!*wrote)
            if (auto done = to.remove(each); !done) return done;
    }
    return {};
}

detailed_result<void> prune_accesses(const file_calls& calls, const std::filesystem::path& folder,
                                     const access_rows& rows, std::int64_t before_day) {
    // From the names and not from list_segments(): days that a month's segment has already may have been left over.
    const auto names = list_directory(calls, folder);
    if (!names) return names.error().code == errc::not_found ? detailed_result<void>{} : names.error();
    const updating to{calls, folder, rows};
    for (const auto& name : *names) {
        const auto days = named_days::parse(name);
        if (!days || days->first >= before_day) continue;
        if (days->end > before_day) {
            const auto wrote = to.write(*days);
            if (!wrote) return wrote.error();
            if (*wrote) continue;
        }
        if (auto done = to.remove(*days); !done) return done;
    }
    return {};
}

}  // namespace xacthuc::inline v0_1
