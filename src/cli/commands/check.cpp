// SPDX-License-Identifier: Apache-2.0
// xacthuc check: everything that a registry has is read and verified. Others may write it meanwhile: what a checkpoint
// takes away between being listed and being read is no damage.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>
#include <optional>
#include <vector>
#include <xacthuc/domain/secret_protection.hpp>
#include <xacthuc/registry/change_feed.hpp>

#include "cli/commands/commands.hpp"
#include "cli/interruption.hpp"
#include "cli/output/figures.hpp"
#include "cli/registers/registry_folder.hpp"
#include "cli/shared_options.hpp"
#include "registry/registry_files.hpp"

namespace xacthuc::cli {
namespace {

// How often checkpoints may overtake one step of the check.
constexpr int attempts_max = 100;

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

// What reading says when a checkpoint came between.
[[nodiscard]] bool may_be_overtaken(const failure& why) noexcept {
    return why.code == errc::not_found || why.code == errc::changes_trimmed || why.code == errc::sequence_gap;
}

// Every snapshot: signature, every block, every record. One that is gone again was removed by a checkpoint, after which
// there is a newer one.
void check_snapshots(const check_options& options, const authority_public_key& trusted, checked& into) {
    for (int attempt = 1; into.snapshots == 0 && attempt <= attempts_max; ++attempt) {
        for (const auto& path : snapshots_in(options.folder.path)) {
            stop_if_interrupted();
            map_snapshot_options how;
            how.threads = options.shared.threads;
            const auto index = map_snapshot(path, trusted, how);
            if (!index && index.error().code == errc::not_found &&
                std::ranges::count(snapshots_in(options.folder.path), path) == 0)
                continue;
            ++into.snapshots;
            if (!index) {
                into.problems.push_back(index.error().message());
                continue;
            }
            if (const auto found = index->scrub(); found.damaged != 0)
                into.problems.push_back(fmt::format("{} damaged records: {}", found.damaged, path));
        }
    }
}

// The register as it is loaded. When that fails though it should not, and the snapshots are still the ones that were
// there before, nobody has overtaken it.
[[nodiscard]] registry open_beside_writer(const check_options& options) {
    for (int attempt = 1;; ++attempt) {
        stop_if_interrupted();
        const auto before = snapshots_in(options.folder.path);
        auto opened = try_to_read(options.folder, options.shared.threads);
        if (opened) return std::move(*opened);
        if (!may_be_overtaken(opened.error()) || attempt == attempts_max || snapshots_in(options.folder.path) == before)
            throw error_of(opened.error());
    }
}

// Reads the log from its floor on. Returns where that is, and the problem if there is one.
struct log_reading {
    std::uint64_t begin = 0;
    std::uint64_t changes = 0;
    std::optional<failure> problem;
};
[[nodiscard]] log_reading read_changes(const registry& of) {
    log_reading found;
    auto feed = of.follow();
    if (!feed) {
        found.problem = feed.error();
        return found;
    }
    found.begin = feed->position();
    std::vector<change> changes;
    for (;;) {
        stop_if_interrupted();
        changes.clear();
        const auto count = feed->next(changes);
        if (!count) found.problem = count.error();
        if (!count || *count == 0) return found;
        found.changes += *count;
    }
}

// Every change in the log: its seal, and that none is missing. It was overtaken if it begins elsewhere now.
void check_changes(const registry& of, checked& into) {
    auto found = read_changes(of);
    for (int attempt = 1; found.problem && may_be_overtaken(*found.problem) && attempt < attempts_max; ++attempt) {
        const auto again = read_changes(of);
        const bool has_moved = again.begin != found.begin;
        found = again;
        if (!has_moved) break;
    }
    into.changes = found.changes;
    if (found.problem) into.problems.push_back(found.problem->message());
}

[[nodiscard]] exit_code run_check(const check_options& options) {
    checked found;
    check_folder(options.folder);
    check_access(options, found);
    const auto paths = options.folder.keys.beside((std::filesystem::path{options.folder.path} / "snapshot").string());
    check_snapshots(options, load_authority(paths.authority_public), found);
    const auto opened = open_beside_writer(options);
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
    const bool secrets_are_locked = how_secrets_are_kept().ever_not_locked == 0;
    if (!secrets_are_locked) say("the system did not lock the keys in memory (ulimit -l): they may be swapped to disk");
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
                    {"secrets_locked", secrets_are_locked},
                    {"problems", problems}});
    }
    return found.problems.empty() ? exit_code::done : exit_code::not_trusted;
}

}  // namespace

void add_check(CLI::App& app, exit_code& status) {
    const auto [check, options] = add_command<check_options>(
        app, status, "check", "Verify all of a registry: snapshots, changes, and what they make", run_check);
    add_registry_folder(*check, options->folder, false);
    add_shared(*check, options->shared);
    check->footer(
        "Loads the register into memory, as a program that serves it does. Others may be writing it meanwhile.\n"
        "Exit code 5 says that something is damaged; every problem is a line on standard error.\n"
        "Examples:\n"
        "  xacthuc check register\n"
        "  xacthuc check register --authority authority.pub --json\n");
}

}  // namespace xacthuc::cli
