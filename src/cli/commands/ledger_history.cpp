// SPDX-License-Identifier: Apache-2.0
// xacthuc ledger history and prune: who asked about a citizen, and the end of what is too old to be told.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <xacthuc/ledger/history.hpp>
#include <xacthuc/ledger/ledger.hpp>

#include "cli/commands/ledger_commands.hpp"
#include "cli/output/figures.hpp"
#include "cli/shared_options.hpp"
#include "cli/streams/answer_recorder.hpp"
#include "cli/wall_clock.hpp"

namespace xacthuc::cli {
namespace {

struct ledger_history_options {
    bool json = false;
    bool is_inspector = false;
    std::string folder;
    std::string id;
    std::string rules;
};

struct ledger_prune_options {
    std::string folder;
    std::string before;
};

struct ledger_forget_options {
    std::string folder;
    std::string day;
};

// A number on the command line is seen by everybody on the machine, so it can be on standard input.
[[nodiscard]] personal_id citizen_of(const std::string& given) {
    auto text = given;
    if (given == "-") std::getline(std::cin, text);
    const auto id = personal_id::parse(text);
    if (!id) throw command_error{exit_code::usage, "ID: " + id.error().message()};
    return *id;
}

[[nodiscard]] boost::json::object json_of_access(const history_entry& of) {
    boost::json::object told{{"time_unix_s", of.time_unix_s}, {"agency", of.agency}};
    if (of.procedure != 0) {
        told["procedure"] = of.procedure;
        told["claims"] = names_of_claims(of.claims);
        told["outcome"] = to_string(of.verdict.outcome());
    }
    if (of.officer != 0) told["officer"] = of.officer;
    told["withheld"] = of.is_withheld;
    return told;
}

[[nodiscard]] std::string line_of_access(const history_entry& of) {
    auto line = fmt::format("{}  agency {:>5}  ", vietnam_time_text(of.time_unix_s), of.agency);
    if (of.procedure == 0)
        line += "in a matter that is not shown";
    else
        put(line, "procedure {:>5}  {}: {}", of.procedure, names_of_claims(of.claims), to_string(of.verdict.outcome()));
    if (of.officer != 0) put(line, "  officer {}", of.officer);
    return line + '\n';
}

[[nodiscard]] exit_code run_ledger_history(const ledger_history_options& options) {
    check_is_ledger(options.folder);
    const auto id = citizen_of(options.id);
    auto rules = options.rules.empty() ? history_rules{} : take_of_file(history_rules::load(options.rules));
    const auto histories = take(ledger_history::open(options.folder, std::move(rules)));
    const auto viewer = options.is_inspector ? history_viewer::inspector : history_viewer::holder;
    const auto accesses = take(histories.of(id, viewer, unix_ms_now() / 1000));
    if (options.json) {
        boost::json::array told;
        for (const auto& each : accesses) told.push_back(json_of_access(each));
        print_json({{"command", "ledger history"}, {"accesses", std::move(told)}});
        return exit_code::done;
    }
    std::string text;
    for (const auto& each : accesses) text += line_of_access(each);
    text += counted(accesses.size(), "access", "accesses") + '\n';
    print_text(text);
    return exit_code::done;
}

[[nodiscard]] exit_code run_ledger_prune(const ledger_prune_options& options) {
    check_is_ledger(options.folder);
    auto opened = open_ledger(options.folder);
    auto pruned = opened.prune(options.before);
    if (!pruned && pruned.error().code == errc::date_syntax)
        throw command_error{exit_code::usage, "--before: wanted a day such as 2026-11-28"};
    const auto hours = take(std::move(pruned));
    print_text(fmt::format("{} of rows removed; the log is what it was, {}\n", counted(hours, "hour", "hours"),
                           counted(opened.head().size, "entry", "entries")));
    return exit_code::done;
}

[[nodiscard]] exit_code run_ledger_forget(const ledger_forget_options& options) {
    check_is_ledger(options.folder);
    auto opened = open_ledger(options.folder);
    const auto done = opened.forget(options.day);
    if (!done && done.error().code == errc::date_syntax)
        throw command_error{exit_code::usage, "DAY: wanted a day such as 2026-11-28"};
    if (!done && done.error().code == errc::not_found)
        throw command_error{exit_code::failed,
                            "there is no key of " + options.day +
                                " any more, or nothing was answered on that day; nothing of it can be "
                                "opened"};
    take(done);
    print_text(fmt::format("The key of {} is destroyed: nobody can open its rows again. The log is what it was, {}\n",
                           options.day, counted(opened.head().size, "entry", "entries")));
    return exit_code::done;
}

}  // namespace

void add_ledger_history(CLI::App& ledger, exit_code& status) {
    const auto [history, options] = add_command<ledger_history_options>(
        ledger, status, "history", "Say who asked about a citizen, and when", run_ledger_history);
    history->add_option("DIR", options->folder, "The ledger's folder, as its owner")->required();
    history->add_option("ID", options->id, "The citizen's number, or - to read it from standard input")->required();
    history->add_option("--rules", options->rules, "What is shown of which procedures, and when: a file of TOML");
    history->add_flag("--inspector", options->is_inspector, "Show all, at once, with the officers' numbers");
    add_json(*history, options->json);
    history->footer(
        "It shows what the citizen may see herself, unless --inspector is given. That she is who she says, or that an\n"
        "inspector is one, is for whoever runs it to know. docs/histories.md says what rules are. Times are "
        "Vietnam's.\n"
        "Examples:\n"
        "  xacthuc ledger history ledger 001190000001 --rules shown.toml\n"
        "  printf 001190000001 | xacthuc ledger history ledger - --inspector --json\n");
}

void add_ledger_forget(CLI::App& ledger, exit_code& status) {
    const auto [forget, options] = add_command<ledger_forget_options>(
        ledger, status, "forget", "Destroy the key of one day: nobody can open its rows again", run_ledger_forget);
    forget->add_option("DIR", options->folder, "The ledger's folder, as its owner; nobody else may have it open")
        ->required();
    forget->add_option("DAY", options->day, "The day in Vietnam, such as 2026-11-28")->required();
    forget->footer(
        "The day's rows stay where they are, and cannot be read; histories are written again without them. Receipts\n"
        "that were given stay good, and the public log stays whole. There is no way back.\n"
        "Examples:\n"
        "  xacthuc ledger forget ledger 2026-11-28\n");
}

void add_ledger_prune(CLI::App& ledger, exit_code& status) {
    const auto [prune, options] = add_command<ledger_prune_options>(
        ledger, status, "prune", "Destroy the keys of old days, and remove their rows", run_ledger_prune);
    prune->add_option("DIR", options->folder, "The ledger's folder, as its owner; nobody else may have it open")
        ->required();
    prune->add_option("--before", options->before, "The first day that stays, such as 2026-11-28")->required();
    prune->footer(
        "Nobody can open the rows of those days again, whatever copies there are; receipts that were given stay good,\n"
        "and the public log stays whole.\n"
        "Examples:\n"
        "  xacthuc ledger prune ledger --before 2021-12-01\n");
}

}  // namespace xacthuc::cli
