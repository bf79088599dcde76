// SPDX-License-Identifier: Apache-2.0
// Who asks, by which policy, watched by which guards: what verify takes for that.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <xacthuc/engine/engine_parts.hpp>
#include <xacthuc/engine/live_policy.hpp>
#include <xacthuc/guard/guards.hpp>

#include "cli/policy/policy_source.hpp"

namespace xacthuc::cli {

struct asker_options {
    policy_place policy;
    std::optional<std::uint16_t> agency;
    std::uint16_t procedure = 0;
    std::uint64_t officer = 0;
    std::string guards;  // the folder of their state
};

// Adds --policy, --policy-root, --agency, --procedure, --officer and --guards. Requires: `into` outlives the
// subcommand.
void add_asker(CLI::App& subcommand, asker_options& into);

// The parts of an engine that these options ask for. Alarms are told, and the guards' state is saved, by end().
class asker_parts {
  public:
    // Throws command_error.
    explicit asker_parts(const asker_options& options);

    [[nodiscard]] engine_parts parts() const noexcept { return {.policy = policy_.get(), .watch = guards_.get()}; }
    // Throws command_error.
    void end();

  private:
    std::unique_ptr<live_policy> policy_;
    std::unique_ptr<guards> guards_;
};

// An alarm for people: never of whom, but how many and of which agency.
[[nodiscard]] std::string text_of(const guard_alarm& of);

}  // namespace xacthuc::cli
