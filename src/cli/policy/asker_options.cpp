// SPDX-License-Identifier: Apache-2.0
#include "cli/policy/asker_options.hpp"

#include <fmt/chrono.h>

#include <xacthuc/registry/guard_folder.hpp>

#include "cli/output/figures.hpp"
#include "cli/output/telling.hpp"
#include "cli/wall_clock.hpp"

namespace xacthuc::cli {

void add_asker(CLI::App& subcommand, asker_options& into) {
    auto* const policy = subcommand.add_option("--policy", into.policy.path,
                                               "Who may ask what: a folder of frameworks, or a compiled policy (.xtp)");
    subcommand
        .add_option("--policy-root", into.policy.root, "Verifier key that the national framework has to be signed by")
        ->type_name("KEY")
        ->needs(policy);
    subcommand.add_option("--agency", into.agency, "Number of the agency that asks, for rows that name none")
        ->type_name("NUMBER");
    subcommand.add_option("--procedure", into.procedure, "Number of the procedure, for rows that name none")
        ->type_name("NUMBER");
    subcommand.add_option("--officer", into.officer, "Who at the agency asks, by a number of its own")
        ->type_name("NUMBER");
    subcommand.add_option("--guards", into.guards, "Folder where quotas, misses and used proofs are remembered");
}

asker_parts::asker_parts(const asker_options& options) {
    if (!options.policy.path.empty()) policy_ = std::make_unique<live_policy>(open_policy(options.policy).table);
    if (!options.guards.empty()) guards_ = take(guards::open({}, take(guards_in(options.guards)), unix_ms_now()));
}

void asker_parts::end() {
    if (!guards_) return;
    for (const auto& each : guards_->take_alarms()) say("{}", text_of(each));
    take(guards_->close(unix_ms_now()));
}

std::string text_of(const guard_alarm& of) {
    return fmt::format("alarm at {:%Y-%m-%d %H:%M:%S} UTC: agency {}: {}: {}, beyond {}{}",
                       fmt::gmtime(static_cast<std::time_t>(of.at_unix_ms / 1000)), of.agency, to_string(of.reason),
                       grouped(of.number), grouped(of.limit), of.suspended ? "; it is suspended" : "");
}

}  // namespace xacthuc::cli
