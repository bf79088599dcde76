// SPDX-License-Identifier: Apache-2.0
// xacthuc follow: a registry's changes as JSON lines, now and, if asked, as they come.
#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>
#include <vector>
#include <xacthuc/registry/change.hpp>
#include <xacthuc/registry/change_feed.hpp>

#include "cli/commands/commands.hpp"
#include "cli/interruption.hpp"
#include "cli/output/output_file.hpp"
#include "cli/registers/registry_folder.hpp"
#include "cli/shared_options.hpp"

namespace xacthuc::cli {
namespace {

constexpr auto wait_between = std::chrono::milliseconds{20};

struct follow_options {
    std::string folder;
    std::string digest_key_file;
    std::optional<std::uint64_t> from;
    std::uint64_t count = ~std::uint64_t{0};
    bool waits = false;
    std::string mark_file;
    std::uint64_t at_least = 0;
};

[[nodiscard]] exit_code run_follow(const follow_options& options) {
    check_folder({.path = options.folder, .keys = {}, .mark_file = {}});
    const auto key_file = options.digest_key_file.empty()
                              ? (std::filesystem::path{options.folder} / "digest.key").string()
                              : options.digest_key_file;
    auto feed = take(change_feed::open(options.folder, load_digest_key(key_file), options.from,
                                       {.mark_file = options.mark_file, .at_least_sequence = options.at_least}));
    output_file out{"-"};
    std::vector<change> changes;
    std::string text;
    for (auto left = options.count; left != 0;) {
        stop_if_interrupted();
        changes.clear();
        if (take(feed.next(changes)) == 0) {
            if (!options.waits) break;
            std::this_thread::sleep_for(wait_between);
            continue;
        }
        text.clear();
        for (const auto& what : changes) {
            if (left == 0) break;
            append_json(text, what);
            --left;
        }
        out.write(text);
    }
    return exit_code::done;
}

}  // namespace

void add_follow(CLI::App& app, exit_code& status) {
    const auto [follow, options] =
        add_command<follow_options>(app, status, "follow", "Print a registry's changes as JSON lines", run_follow);
    follow->add_option("REGISTRY", options->folder, "Folder of the registry; another process may be writing it")
        ->required();
    follow->add_option("--from", options->from, "Sequence number to begin with [the first that is there]");
    add_count(*follow, "--count", options->count, "Stop after so many");
    follow->add_flag("--wait", options->waits, "Go on as changes come, until interrupted");
    add_high_water(*follow, options->mark_file, options->at_least);
    follow
        ->add_option("--digest-key", options->digest_key_file,
                     "Secret key that the changes are sealed with [digest.key in the folder]")
        ->group("Keys");
    follow->footer(
        "Each line has sequence, time_unix_ms, change and id; an upsert has the record, whose names are digests, in\n"
        "hexadecimal digits; a key where there is one. apply reads such lines.\n"
        "Examples:\n"
        "  xacthuc follow register\n"
        "  xacthuc follow register --from 1001 --wait | xacthuc apply replica - --format jsonl\n");
}

}  // namespace xacthuc::cli
