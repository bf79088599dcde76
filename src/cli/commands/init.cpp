// SPDX-License-Identifier: Apache-2.0
// xacthuc init: a registry's folder, from a snapshot.
#include <boost/json/object.hpp>
#include <filesystem>

#include "cli/commands/commands.hpp"
#include "cli/output/figures.hpp"
#include "cli/registers/key_files.hpp"
#include "cli/registers/registry_folder.hpp"
#include "cli/shared_options.hpp"

namespace xacthuc::cli {
namespace {

struct init_options {
    shared_options shared;
    std::string folder;
    std::string snapshot;
    key_paths keys;
    bool with_keys = false;
    std::string mark_file;
};

[[nodiscard]] exit_code run_init(const init_options& options) {
    const auto paths = options.keys.beside(options.snapshot);
    const auto digests = load_digest_key(paths.digest_key);
    const auto authority = take(authority_key::load(paths.authority_key));
    map_snapshot_options how;
    how.threads = options.shared.threads;
    how.digest_key_fingerprint = digests.fingerprint();
    const auto index = take(map_snapshot(options.snapshot, authority.public_key(), how));
    const std::filesystem::path folder{options.folder};
    create_registry_options making;
    making.threads = options.shared.threads;
    making.with_keys = options.with_keys || index.facts().with_keys;
    making.keeps_authority = true;
    making.mark_file = options.mark_file;
    take(registry::create(folder, index, digests, authority, making));
    const auto now = index.as_of();
    say("{} citizens, sequence {}: {}", grouped(index.citizens()), now.sequence, options.folder);
    if (options.shared.json)
        print_json({{"command", "init"},
                    {"registry", options.folder},
                    {"citizens", index.citizens()},
                    {"sequence", now.sequence},
                    {"with_keys", options.with_keys || index.facts().with_keys}});
    return exit_code::done;
}

}  // namespace

void add_init(CLI::App& app, exit_code& status) {
    const auto [init, options] = add_command<init_options>(
        app, status, "init", "Make a registry, which takes changes, from a snapshot", run_init);
    init->add_option("REGISTRY", options->folder, "Folder to make; or one that has no registry in it")->required();
    init->add_option("--from", options->snapshot, "Snapshot, as generate and import write it")->required();
    init->add_flag("--with-keys", options->with_keys,
                   "Have room for citizens' public keys, even if the snapshot has none");
    init->add_option("--digest-key", options->keys.digest_key,
                     "Secret key of the name digests, copied into the folder [digest.key beside the snapshot]")
        ->group("Keys");
    init->add_option("--authority-key", options->keys.authority_key,
                     "Secret key that signs snapshots, not copied [authority.key beside the snapshot]")
        ->group("Keys");
    init->add_option("--mark", options->mark_file,
                     "Where to keep the high-water mark, best on another disk; to be given to every command from then "
                     "on [registry.mark in the folder]")
        ->group("Trust");
    add_shared(*init, options->shared);
    init->footer(
        "Examples:\n"
        "  xacthuc init register --from nation/snapshot.xts\n"
        "  xacthuc init register --from snapshot.xts --with-keys --authority-key /safe/authority.key\n");
}

}  // namespace xacthuc::cli
