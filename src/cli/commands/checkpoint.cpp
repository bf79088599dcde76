// SPDX-License-Identifier: Apache-2.0
// xacthuc checkpoint: a registry's changes so far go into a new snapshot.
#include <boost/json/object.hpp>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/output/figures.hpp"
#include "cli/output/progress.hpp"
#include "cli/registers/registry_folder.hpp"
#include "cli/shared_options.hpp"

namespace xacthuc::cli {
namespace {

struct checkpoint_command_options {
    shared_options shared;
    registry_folder folder;
    unsigned kept = 2;
};

[[nodiscard]] checkpoint_facts make_checkpoint(registry& of, const checkpoint_command_options& options) {
    partition_progress saving{"save  "};
    checkpoint_options how;
    how.threads = options.shared.threads;
    how.snapshots_kept = options.kept;
    how.report = saving.report();
    return take(of.checkpoint(how));
}

[[nodiscard]] exit_code run_checkpoint(const checkpoint_command_options& options) {
    auto opened = open_to_write(options.folder, options.shared.threads, true);
    say_opening(opened.opening());
    const auto made = make_checkpoint(opened, options);
    take(opened.close());
    if (made.written)
        say("{} changes merged; {} citizens, sequence {}: {} ({})", grouped(made.changes_merged),
            grouped(made.citizens), made.as_of.sequence, made.snapshot.string(), bytes_text(made.file_bytes));
    else
        say("no changes since the last one: {}", made.snapshot.string());
    if (options.shared.json)
        print_json({{"command", "checkpoint"},
                    {"written", made.written},
                    {"file", made.snapshot.string()},
                    {"file_bytes", made.file_bytes},
                    {"citizens", made.citizens},
                    {"sequence", made.as_of.sequence},
                    {"as_of_unix_ms", made.as_of.as_of_unix_ms},
                    {"changes_merged", made.changes_merged}});
    return exit_code::done;
}

}  // namespace

void add_checkpoint(CLI::App& app, exit_code& status) {
    const auto [checkpoint, options] = add_command<checkpoint_command_options>(
        app, status, "checkpoint", "Write a registry's newest state as a snapshot, and trim its changes",
        run_checkpoint);
    add_registry_folder(*checkpoint, options->folder, true);
    checkpoint->add_option("--keep", options->kept, "Snapshots that stay, with the changes since the oldest of them")
        ->check(CLI::Range(1U, 1000U))
        ->capture_default_str();
    add_shared(*checkpoint, options->shared);
    checkpoint->footer(
        "A program that has the registry open makes its own checkpoints, by the library.\n"
        "Examples:\n"
        "  xacthuc checkpoint register\n"
        "  xacthuc checkpoint register --keep 1 --authority-key /safe/authority.key\n");
}

}  // namespace xacthuc::cli
