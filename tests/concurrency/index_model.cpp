// SPDX-License-Identifier: Apache-2.0
#include "concurrency/index_model.hpp"

#include <algorithm>
#include <map>
#include <sstream>

namespace xacthuc::tests {
namespace {

// What the partition holds, by the book. An erased citizen's version may be remembered or forgotten at any time.
struct citizen_state {
    bool is_there = false;
    bool is_remembered = false;
    std::uint32_t version = 0;
    std::uint64_t number = 0;
    std::uint64_t key = 0;
};
struct state {
    bool is_elsewhere = false;
    std::map<std::uint64_t, citizen_state> citizens;
};

[[nodiscard]] state state_of(const std::vector<entry_seen>& contents) {
    state made;
    for (const auto& e : contents) made.citizens[e.id] = {true, true, e.version, e.number, e.key};
    return made;
}

[[nodiscard]] bool shows(const state& now, const entry_seen& seen) {
    if (now.is_elsewhere || seen.is_elsewhere) return now.is_elsewhere && seen.is_elsewhere;
    const auto found = now.citizens.find(seen.id);
    const bool is_there = found != now.citizens.end() && found->second.is_there;
    if (is_there != seen.is_there) return false;
    const auto& c = found->second;
    return !is_there || (c.version == seen.version && c.number == seen.number && c.key == seen.key);
}
[[nodiscard]] bool is_exactly(const state& now, const std::vector<entry_seen>& seen) {
    if (now.is_elsewhere) return false;
    const auto there = std::ranges::count_if(now.citizens, [](const auto& c) { return c.second.is_there; });
    return static_cast<std::size_t>(there) == seen.size() &&
           std::ranges::all_of(seen, [&](const entry_seen& e) { return shows(now, e); });
}

// Whether the change can have been told this in this state; makes it in `now`. `remembers`: whether an erased citizen's
// version is taken to be known still.
[[nodiscard]] bool explains_change(const told& report, state& now, bool remembers) {
    using kind = operation::kind;
    auto& c = now.citizens[report.what.id];
    const bool is_held = c.is_there || (remembers && c.is_remembered);
    const auto version = report.what.version.value_or(is_held ? c.version + 1 : 0);
    if (is_held && !is_newer(version, c.version)) return report.is_error && report.error == errc::change_is_older;
    const bool is_put = report.what.what == kind::put || report.what.what == kind::put_key;
    if (!is_put && !c.is_there) return report.is_error && report.error == errc::citizen_unknown;
    if (report.is_error || report.version != version) return false;
    if (report.what.what == kind::erase) {
        c = {false, true, version, 0, 0};
        return true;
    }
    if (report.inserted != !c.is_there) return false;
    if (!c.is_there) c.key = 0;
    if (is_put) c.number = report.what.number;
    if (report.what.what != kind::put) c.key = report.what.number;
    c.is_there = c.is_remembered = true;
    c.version = version;
    return true;
}

[[nodiscard]] bool explains(const told& report, state& now, bool remembers) {
    using kind = operation::kind;
    const auto says = [&](errc why) { return report.is_error && report.error == why; };
    const auto what = report.what.what;
    const bool needs_it = what != kind::find && what != kind::batch && what != kind::reclaim && what != kind::add;
    if (now.is_elsewhere && needs_it) return says(errc::partition_elsewhere);
    switch (what) {
        case kind::add:
            if (!now.is_elsewhere) return says(errc::already_exists);
            now = state_of(report.what.contents);
            return !report.is_error;
        case kind::drop:
            now = {true, {}};
            return !report.is_error;
        case kind::find:
        case kind::batch:
            return shows(now, report.seen.at(0));
        case kind::copy:
            return !report.is_error && is_exactly(now, report.seen);
        case kind::rebuild:
            now = state_of(report.what.contents);
            return !report.is_error;
        case kind::reclaim:
            return true;
        default:
            return explains_change(report, now, remembers);
    }
}

struct search {
    const std::vector<std::vector<told>>& reports;
    const std::optional<std::vector<entry_seen>>& at_last;

    [[nodiscard]] bool from(const std::vector<std::uint32_t>& done, const state& now) const {
        bool is_end = true;
        for (std::size_t t = 0; t < reports.size(); ++t) {
            if (done[t] == reports[t].size()) continue;
            is_end = false;
            const auto& next = reports[t][done[t]];
            // Whatever had completed before it began comes before it.
            if (!std::ranges::equal(next.completed_before, done,
                                    [](std::uint32_t before, std::uint32_t d) { return before <= d; }))
                continue;
            auto then_done = done;
            ++then_done[t];
            for (const bool remembers : {true, false}) {
                auto then = now;
                if (explains(next, then, remembers) && from(then_done, then)) return true;
            }
        }
        return is_end && (at_last ? is_exactly(now, *at_last) : now.is_elsewhere);
    }
};

}  // namespace

bool is_linearizable(const scenario& s, const std::vector<told>& before, const std::vector<std::vector<told>>& reports,
                     const std::optional<std::vector<entry_seen>>& at_last) {
    auto now = state_of(s.at_first);
    for (const auto& report : before)
        if (!explains(report, now, true)) return false;
    return search{reports, at_last}.from(std::vector<std::uint32_t>(reports.size(), 0), now);
}

std::string to_text(const std::vector<std::vector<told>>& reports) {
    constexpr std::array names{"put",  "put_key", "erase",   "set_key", "find", "batch",
                               "copy", "rebuild", "reclaim", "add",     "drop"};
    std::ostringstream text;
    for (std::size_t t = 0; t < reports.size(); ++t)
        for (const auto& r : reports[t]) {
            text << "\n  thread " << t << ": " << names[static_cast<std::size_t>(r.what.what)] << ' ' << r.what.id
                 << ' ' << r.what.number << " after";
            for (const auto count : r.completed_before) text << ' ' << count;
            if (r.is_error) text << " → " << make_error_code(r.error).message();
            if (r.inserted) text << " inserted";
            text << " version " << r.version;
            for (const auto& e : r.seen)
                text << " {" << e.id
                     << (e.is_elsewhere ? " elsewhere"
                         : e.is_there   ? ""
                                        : " absent")
                     << " v" << e.version << " #" << e.number << " key " << e.key << '}';
        }
    return text.str();
}

}  // namespace xacthuc::tests
