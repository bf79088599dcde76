// SPDX-License-Identifier: Apache-2.0
// xacthuc guards: what agencies have used up, and which of them are suspended.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <memory>
#include <xacthuc/registry/guard_folder.hpp>

#include "cli/commands/commands.hpp"
#include "cli/output/figures.hpp"
#include "cli/policy/asker_options.hpp"
#include "cli/shared_options.hpp"
#include "cli/wall_clock.hpp"

namespace xacthuc::cli {
namespace {

struct guards_command_options {
    bool json = false;
    std::string folder;
    std::optional<std::uint16_t> suspended;
    std::optional<std::uint16_t> reinstated;
};

[[nodiscard]] boost::json::object json_of(const guards_report& of) {
    boost::json::array agencies;
    for (const auto& each : of.agencies)
        agencies.push_back(boost::json::object{{"agency", each.agency},
                                               {"suspended", each.suspended},
                                               {"subjects_today", each.subjects_today},
                                               {"subjects_a_year", each.subjects_a_year},
                                               {"misses_per_mille", each.misses_per_mille},
                                               {"misses_usual_per_mille", each.misses_usual_per_mille},
                                               {"budgets_used_up_today", each.budgets_used_up_today}});
    return {{"command", "guards"},
            {"agencies", agencies},
            {"quotas", of.quotas.size()},
            {"alarms_dropped", of.alarms_dropped}};
}

[[nodiscard]] std::string text_of(const guards_report& of) {
    std::string text;
    put(text, "{:>7}{:>16}{:>16}{:>10}{:>10}{:>12}\n", "agency", "citizens today", "in a year", "misses", "usually",
        "used up");
    for (const auto& each : of.agencies)
        put(text, "{:>7}{:>16}{:>16}{:>8} ‰{:>8} ‰{:>12}{}\n", each.agency, grouped(each.subjects_today),
            grouped(each.subjects_a_year), each.misses_per_mille, each.misses_usual_per_mille,
            grouped(each.budgets_used_up_today), each.suspended ? "  suspended" : "");
    put(text, "{} quotas in use; {} alarms found no room\n", grouped(of.quotas.size()), grouped(of.alarms_dropped));
    return text;
}

[[nodiscard]] exit_code run_guards(const guards_command_options& options) {
    const bool changes = options.suspended || options.reinstated;
    auto store = take(changes ? guards_in(options.folder) : look_at_guards_in(options.folder));
    const auto now = unix_ms_now();
    // It takes no proofs, of whatever time.
    guards_options with;
    with.proofs.max_ahead_ms = 0;
    const auto opened = take(guards::open(with, std::move(store), now));
    if (options.suspended) opened->suspend(*options.suspended);
    if (options.reinstated) opened->reinstate(*options.reinstated);
    const auto report = opened->report(now);
    if (changes) take(opened->close(now));
    if (options.json)
        print_json(json_of(report));
    else
        print_text(text_of(report));
    return exit_code::done;
}

}  // namespace

void add_guards(CLI::App& app, exit_code& status) {
    auto* const command = app.add_subcommand("guards", "Say what agencies have used up, and suspend or reinstate one");
    const auto options = std::make_shared<guards_command_options>();
    command->add_option("FOLDER", options->folder, "Where the guards of verify keep their state")->required();
    command->add_option("--suspend", options->suspended, "Refuse whatever this agency asks")->type_name("NUMBER");
    command->add_option("--reinstate", options->reinstated, "Answer this agency again")->type_name("NUMBER");
    add_json(*command, options->json);
    command->footer(
        "It names no citizen. While another process answers with these guards, only looking is possible; what it shows "
        "is\n"
        "of the last time that they were saved.\n"
        "Examples:\n"
        "  xacthuc guards register/guards\n"
        "  xacthuc guards register/guards --suspend 12\n");
    command->callback([options, &status] { status = run_guards(*options); });
}

}  // namespace xacthuc::cli
