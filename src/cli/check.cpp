// SPDX-License-Identifier: Apache-2.0
// xacthuc check: everything that a registry has is read and verified.
#include <atomic>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>
#include <memory>
#include <vector>
#include <xacthuc/registry/change_feed.hpp>

#include "cli/commands.hpp"
#include "cli/figures.hpp"
#include "cli/progress.hpp"
#include "cli/registry_folder.hpp"
#include "cli/shared_options.hpp"
#include "registry/registry_files.hpp"

namespace xacthuc::cli {
namespace {

struct check_options {
    shared_options shared;
    registry_folder folder;
};

struct checked {
    std::uint64_t snapshots = 0;
    std::uint64_t changes = 0;
    std::uint64_t citizens = 0;
    std::uint64_t damaged = 0;  // slots in memory
    freshness as_of;
    std::vector<std::string> problems;
};

// Who else may write what the registry consists of.
void check_access(const check_options& options, checked& into) {
    for (auto& line : take(registry_directory{system_file_calls(), options.folder.path}.exposures()))
        into.problems.push_back(std::move(line));
}

// Every snapshot: signature, every block, every record.
void check_snapshots(const check_options& options, const authority_public_key& trusted, checked& into) {
    for (const auto& path : snapshots_in(options.folder.path)) {
        map_snapshot_options how;
        how.threads = options.shared.threads;
        const auto index = map_snapshot(path, trusted, how);
        ++into.snapshots;
        if (!index) {
            into.problems.push_back(index.error().message());
            continue;
        }
        if (const auto found = index->scrub(); found.damaged != 0)
            into.problems.push_back(fmt::format("{} damaged records: {}", found.damaged, path));
    }
}

// Every change in the log: its seal, and that none is missing.
void check_changes(const registry& of, checked& into) {
    auto feed = of.follow();
    if (!feed) {
        into.problems.push_back(feed.error().message());
        return;
    }
    std::vector<change> changes;
    for (;;) {
        changes.clear();
        const auto count = feed->next(changes);
        if (!count) into.problems.push_back(count.error().message());
        if (!count || *count == 0) return;
        into.changes += *count;
    }
}

[[nodiscard]] exit_code run_check(const check_options& options) {
    checked found;
    check_access(options, found);
    const auto paths = options.folder.keys.beside((std::filesystem::path{options.folder.path} / "snapshot").string());
    check_snapshots(options, load_authority(paths.authority_public), found);
    const auto opened = open_to_read(options.folder, options.shared.threads);
    for (const auto& one : opened.opening().unusable_snapshots)
        if (one.code == errc::misplaced_snapshot) found.problems.push_back(one.message());
    check_changes(opened, found);
    const auto in_memory = opened.index().scrub();
    found.citizens = in_memory.live;
    found.damaged = in_memory.damaged;
    found.as_of = opened.index().as_of();
    if (found.damaged != 0) found.problems.push_back(fmt::format("{} damaged slots in memory", found.damaged));
    if (found.citizens != opened.index().citizens())
        found.problems.push_back(fmt::format("{} citizens are in memory, {} were counted", grouped(found.citizens),
                                             grouped(opened.index().citizens())));
    for (const auto& problem : found.problems) say("{}", problem);
    say("{} snapshots, {} changes, {} citizens at sequence {}: {}", found.snapshots, grouped(found.changes),
        grouped(found.citizens), found.as_of.sequence,
        found.problems.empty() ? "whole" : fmt::format("{} problems", found.problems.size()));
    if (options.shared.json) {
        boost::json::array problems;
        for (const auto& problem : found.problems) problems.emplace_back(problem);
        print_json({{"command", "check"},
                    {"registry", options.folder.path},
                    {"snapshots", found.snapshots},
                    {"changes", found.changes},
                    {"citizens", found.citizens},
                    {"sequence", found.as_of.sequence},
                    {"damaged", found.damaged},
                    {"problems", problems}});
    }
    return found.problems.empty() ? exit_code::done : exit_code::not_trusted;
}

}  // namespace

void add_check(CLI::App& app, exit_code& status) {
    auto* const check = app.add_subcommand("check", "Verify all of a registry: snapshots, changes, and what they make");
    const auto options = std::make_shared<check_options>();
    add_registry_folder(*check, options->folder, false);
    add_shared(*check, options->shared);
    check->footer(
        "Loads the register into memory, as a program that serves it does. Others may be writing it meanwhile.\n"
        "Exit code 5 says that something is damaged; every problem is a line on standard error.\n"
        "Examples:\n"
        "  xacthuc check register\n"
        "  xacthuc check register --authority authority.pub --json\n");
    check->callback([options, &status] { status = run_check(*options); });
}

}  // namespace xacthuc::cli
