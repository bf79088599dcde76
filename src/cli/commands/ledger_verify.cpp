// SPDX-License-Identifier: Apache-2.0
// xacthuc ledger verify: the public log of a ledger, from its files and its key alone.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <xacthuc/ledger/group_leaf.hpp>
#include <xacthuc/ledger/log_verification.hpp>
#include <xacthuc/ledger/witness.hpp>

#include "cli/commands/ledger_commands.hpp"
#include "cli/interruption.hpp"
#include "cli/output/figures.hpp"
#include "cli/output/progress.hpp"
#include "cli/shared_options.hpp"
#include "cli/wall_clock.hpp"

namespace xacthuc::cli {
namespace {

struct ledger_verify_options {
    public_log_options log;
    std::uint64_t minimum_index = 0;
    witness_options witnesses;
};

// What the entries say of themselves.
struct entries_seen {
    std::uint64_t answers = 0;  // rows, those included that only fill a group
    std::uint64_t foreign = 0;  // not of a ledger
    std::uint64_t back_dated = 0;
    std::int64_t first_unix_ms = 0;
    std::int64_t last_unix_ms = 0;

    void take(std::span<const std::byte> entry) {
        const auto leaf = group_leaf::decode(entry);
        if (!leaf) {
            ++foreign;
            return;
        }
        answers += leaf->rows;
        if (first_unix_ms == 0) first_unix_ms = leaf->time_unix_ms;
        back_dated += leaf->time_unix_ms < last_unix_ms ? 1 : 0;
        last_unix_ms = std::max(last_unix_ms, leaf->time_unix_ms);
    }
};

[[nodiscard]] log_report verify(const ledger_verify_options& options, const public_log& log, entries_seen& seen) {
    std::optional<progress> bar;
    std::uint64_t before = options.minimum_index;
    log_verification how;
    how.minimum_index = options.minimum_index;
    how.on_entry = [&](std::uint64_t, std::span<const std::byte> entry) { seen.take(entry); };
    how.on_progress = [&](std::uint64_t done, std::uint64_t all) {
        stop_if_interrupted();
        if (!bar) bar.emplace("verify", "entries", all);
        if (done > before) bar->add(done - std::exchange(before, done));
    };
    return take_of_log(verify_log(log.folder, log.origin, log.key, how));
}

// What is wrong beside the files.
[[nodiscard]] std::vector<std::string> judge(const log_report& report, const entries_seen& seen,
                                             const witness_policy& policy) {
    std::vector<std::string> problems;
    for (const auto& one : report.problems) problems.push_back(one.message());
    if (report.problem_count > report.problems.size())
        problems.push_back(fmt::format("and {} problems more", grouped(report.problem_count - report.problems.size())));
    if (seen.foreign != 0) problems.push_back(fmt::format("{} entries are not of a ledger", grouped(seen.foreign)));
    if (seen.back_dated != 0)
        problems.push_back(fmt::format("{} entries are dated before one that precedes them", grouped(seen.back_dated)));
    const auto now_s = static_cast<std::uint64_t>(unix_ms_now() / 1000);
    const auto cosigned = std::ranges::count_if(
        policy.witnesses, [&](const auto& one) { return cosigned_at(report.note, one.who).has_value(); });
    if (!policy.is_fresh(report.note, now_s))
        problems.push_back(
            fmt::format("the checkpoint has no {} cosignatures of the last {} s; {} of {} witnesses have "
                        "cosigned it",
                        policy.quorum, policy.staleness_max.count(), cosigned, policy.witnesses.size()));
    return problems;
}

[[nodiscard]] exit_code run_ledger_verify(const ledger_verify_options& options) {
    const auto log = public_log_of(options.log);
    const auto policy = witness_policy_of(options.witnesses);
    entries_seen seen;
    const auto report = verify(options, log, seen);
    const auto problems = judge(report, seen, policy);
    for (const auto& problem : problems) say("{}", problem);
    if (report.is_unfinished) say("it was stopped while it published more, and will when it is opened again");
    say("{} with {} rows, {} files: {}", counted(report.entries, "entry", "entries"), grouped(seen.answers),
        grouped(report.files), problems.empty() ? "whole" : counted(problems.size(), "problem", "problems"));
    if (options.log.json) {
        boost::json::array told;
        for (const auto& problem : problems) told.emplace_back(problem);
        print_json({{"command", "ledger verify"},
                    {"origin", report.head.origin},
                    {"size", report.head.size},
                    {"checkpoint", report.note.encode()},
                    {"entries", report.entries},
                    {"rows", seen.answers},
                    {"first_unix_ms", seen.first_unix_ms},
                    {"last_unix_ms", seen.last_unix_ms},
                    {"files", report.files},
                    {"unfinished", report.is_unfinished},
                    {"problems", told}});
    }
    return problems.empty() ? exit_code::done : exit_code::not_trusted;
}

}  // namespace

void add_ledger_verify(CLI::App& ledger, exit_code& status) {
    const auto [verify, options] = add_command<ledger_verify_options>(
        ledger, status, "verify", "Verify the public log: every entry, every tile, the checkpoint", run_ledger_verify);
    add_public_log(*verify, options->log);
    verify
        ->add_option("--minimum-index", options->minimum_index,
                     "Entries before it may be missing: they were pruned, as the ledger's owner has announced")
        ->type_name("INDEX");
    add_witness_options(*verify, options->witnesses);
    verify
        ->add_option("--staleness-max", options->witnesses.staleness_max_s,
                     "How long ago at most they may have done so, seconds [3600]")
        ->type_name("SECONDS");
    verify->footer(
        "It needs nothing that is private, and the ledger may be written meanwhile. What the rows say is for the\n"
        "ledger's owner to verify, and of one row for whoever has its receipt.\n"
        "Exit code 5 says that something is missing, changed or not cosigned; every problem is a line on standard "
        "error.\n"
        "Examples:\n"
        "  xacthuc ledger verify ledger --key ledger.vkey\n"
        "  xacthuc ledger verify copy-of-log --key example.vn/ledger+1c2d3e4f+AY... --witness w.example+5a6b7c8d+BI... "
        "--json\n");
}

}  // namespace xacthuc::cli
