// SPDX-License-Identifier: Apache-2.0
#include "cli/registers/registry_folder.hpp"

#include <filesystem>

#include "cli/exit_code.hpp"
#include "cli/output/figures.hpp"
#include "cli/output/progress.hpp"
#include "cli/shared_options.hpp"
#include "registry/registry_files.hpp"

namespace xacthuc::cli {
namespace {

[[nodiscard]] detailed_result<registry> open_with(const registry_folder& from, open_registry_options how) {
    check_folder(from);
    const auto paths = from.keys.in(from.path);
    const auto trusted = load_authority(paths.authority_public);
    how.digest_key_file = paths.digest_key;
    how.mark_file = from.mark_file;
    how.at_least_sequence = from.at_least;
    partition_progress loading{"load  "};
    how.report = loading.report();
    return registry::open(from.path, trusted, how);
}

}  // namespace

void add_registry_folder(CLI::App& subcommand, registry_folder& into, bool signs) {
    subcommand.add_option("REGISTRY", into.path, "Folder of the registry")->required();
    subcommand
        .add_option("--digest-key", into.keys.digest_key, "Secret key of the name digests [digest.key in the folder]")
        ->group("Keys");
    subcommand
        .add_option("--authority", into.keys.authority_public,
                    "Public key of the authority to trust [authority.pub in the folder]")
        ->group("Keys");
    add_high_water(subcommand, into.mark_file, into.at_least);
    if (!signs) return;
    subcommand
        .add_option("--authority-key", into.keys.authority_key,
                    "Secret key that signs snapshots [authority.key in the folder]")
        ->group("Keys");
}

void add_high_water(CLI::App& subcommand, std::string& mark_file, std::uint64_t& at_least) {
    subcommand
        .add_option("--at-least", at_least,
                    "Sequence number that the registry is known to have come to: refuse one that ends before, and open "
                    "one whose mark is lost")
        ->group("Trust");
    subcommand
        .add_option("--mark", mark_file,
                    "File of the high-water mark, where it was made elsewhere "
                    "[registry.mark in the folder]")
        ->group("Trust");
}

void check_folder(const registry_folder& from) {
    std::error_code error;
    if (!std::filesystem::is_directory(from.path, error))
        throw command_error{exit_code::failed, "there is no such folder: " + from.path};
}

registry open_to_write(const registry_folder& from, unsigned threads, bool signs) {
    open_registry_options how;
    how.threads = threads;
    check_folder(from);
    if (signs) how.authority = take(authority_key::load(from.keys.in(from.path).authority_key));
    return take(open_with(from, std::move(how)));
}

registry open_to_read(const registry_folder& from, unsigned threads) {
    return take(try_to_read(from, threads));
}

detailed_result<registry> try_to_read(const registry_folder& from, unsigned threads) {
    open_registry_options how;
    how.how = open_registry_options::access::read;
    how.threads = threads;
    return open_with(from, std::move(how));
}

void say_opening(const registry_opening& how) {
    for (const auto& one : how.unusable_snapshots)
        // What a checkpoint removed before it was read is no loss.
        if (one.code != errc::not_found) say("a snapshot is unusable, an older one stands in: {}", one.message());
    if (how.changes_replayed != 0)
        say("{} changes replayed upon {} in {:.2f} s", grouped(how.changes_replayed), how.snapshot.string(),
            how.replay_seconds);
}

std::vector<std::string> snapshots_in(const std::string& folder) {
    std::vector<std::string> paths;
    for (const auto& one : take(registry_directory{system_file_calls(), folder}.snapshots()))
        paths.push_back(one.path.string());
    return paths;
}

std::string snapshot_of(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) return path;
    const auto all = take(registry_directory{system_file_calls(), path}.snapshots());
    if (all.empty()) throw command_error{exit_code::not_trusted, "there is no snapshot in the folder: " + path};
    // The newest by what its header says, not by its name alone.
    for (const auto& one : all)
        if (const auto facts = inspect_snapshot(one.path); facts && facts->index.as_of.sequence == one.sequence)
            return one.path.string();
    return all.front().path.string();
}

}  // namespace xacthuc::cli
