// SPDX-License-Identifier: Apache-2.0
#include "cli/policy/policy_source.hpp"

#include <algorithm>
#include <xacthuc/domain/date.hpp>
#include <xacthuc/policy/policy_source.hpp>

#include "cli/shared_options.hpp"
#include "cli/wall_clock.hpp"

namespace xacthuc::cli {
namespace {

// How many faults are told: of a wrong folder there may be thousands.
constexpr std::size_t faults_told_max = 100;

[[noreturn]] void refuse(const policy_faults& faults, const std::string& path) {
    for (std::size_t k = 0; k < faults.size() && k < faults_told_max; ++k) say("{}", faults[k].message());
    if (faults.size() > faults_told_max) say("… and {} more", faults.size() - faults_told_max);
    throw command_error{exit_code::not_trusted, fmt::format("{} {} in the frameworks: {}", faults.size(),
                                                            faults.size() == 1 ? "fault" : "faults", path)};
}

template <class T>
[[nodiscard]] T take_policy(policy_result<T>&& from, const std::string& path) {
    if (!from) refuse(from.error(), path);
    return std::move(*from);
}

}  // namespace

std::uint16_t policy_day(const std::string& text) {
    if (text.empty()) return policy_day_of(unix_ms_now());
    const auto day = date::parse(text);
    if (!day || day->known_to() != date::precision::day)
        throw command_error{exit_code::usage, "--today: not a day such as 2027-01-31: " + text};
    constexpr std::int64_t first = 10'957;  // 2000-01-01 after 1970-01-01
    return static_cast<std::uint16_t>(
        std::clamp<std::int64_t>(day->unix_days() - first, first_policy_day, last_policy_day));
}

policy_tree link_policy(const policy_source& from) {
    policy_check_options options{.today = policy_day(from.today)};
    if (!from.root.empty()) {
        auto root = note_verifier::parse(from.root);
        if (!root) throw command_error{exit_code::usage, "--root: " + root.error().message() + ": " + from.root};
        options.root = *std::move(root);
    }
    auto texts = take_policy(load_frameworks(from.path), from.path);
    return take_policy(policy_tree::link(std::move(texts), options), from.path);
}

std::shared_ptr<const policy_table> load_policy(const policy_source& from) {
    if (is_compiled_policy(from.path)) return std::make_shared<const policy_table>(take(policy_table::load(from.path)));
    return std::make_shared<const policy_table>(take_policy(policy_table::compile(link_policy(from)), from.path));
}

}  // namespace xacthuc::cli
