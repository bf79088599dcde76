// SPDX-License-Identifier: Apache-2.0
#include "cli/policy/policy_source.hpp"

#include <algorithm>
#include <utility>
#include <xacthuc/domain/date.hpp>

#include "cli/shared_options.hpp"
#include "cli/wall_clock.hpp"

namespace xacthuc::cli {

std::uint16_t policy_day(const std::string& text) {
    if (text.empty()) return policy_day_of(unix_ms_now());
    const auto day = date::parse(text);
    if (!day || day->known_to() != date::precision::day)
        throw command_error{exit_code::usage, "--today: not a day such as 2027-01-31: " + text};
    constexpr std::int64_t first = 10'957;  // 2000-01-01 after 1970-01-01
    return static_cast<std::uint16_t>(
        std::clamp<std::int64_t>(day->unix_days() - first, first_policy_day, last_policy_day));
}

loaded_policy open_policy(const policy_place& from) {
    policy_source source{.path = from.path, .root = {}, .today = policy_day(from.today)};
    if (!from.root.empty()) {
        auto root = note_verifier::parse(from.root);
        if (!root) throw command_error{exit_code::usage, "--root: " + root.error().message() + ": " + from.root};
        source.root = *std::move(root);
    }
    auto made = load_policy(source);
    if (made) return *std::move(made);
    const auto why = made.error();
    if (why.code != make_error_code(errc::framework_faults)) throw error_of(why);
    say("{}", why.context);
    const auto lines = 1 + std::ranges::count(why.context, '\n');
    throw command_error{exit_code::not_trusted,
                        fmt::format("{} {} in the frameworks: {}", lines, lines == 1 ? "fault" : "faults", from.path)};
}

loaded_policy open_frameworks(const policy_place& from) {
    auto made = open_policy(from);
    if (!made.tree) throw command_error{exit_code::usage, "wanted frameworks, not a compiled policy: " + from.path};
    return made;
}

}  // namespace xacthuc::cli
