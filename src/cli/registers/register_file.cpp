// SPDX-License-Identifier: Apache-2.0
#include "cli/registers/register_file.hpp"

#include <filesystem>
#include <string>
#include <utility>

#include "cli/exit_code.hpp"
#include "cli/interruption.hpp"
#include "cli/output/progress.hpp"
#include "cli/registers/registry_folder.hpp"
#include "cli/wall_clock.hpp"

namespace xacthuc::cli {
namespace {

void add_key_option(CLI::App& subcommand, const std::string& name, std::string& into, const std::string& what) {
    subcommand.add_option(name, into, what)->group("Keys");
}

}  // namespace

CLI::Option* add_register_output(CLI::App& subcommand, register_output& into) {
    auto* const out = subcommand.add_option("-o,--out", into.path, "Snapshot to write; it replaces an older one");
    subcommand.add_option("--sequence", into.sequence, "Sequence number of the register's state")
        ->capture_default_str()
        ->group("Index");
    subcommand.add_option("--load", into.load, "Records a slot: lower is faster, higher is smaller")
        ->check(CLI::Range(0.05, 0.9))
        ->capture_default_str()
        ->group("Index");
    subcommand.add_option("--placement-seed", into.placement_seed, "Seed of where records lie [random]")
        ->group("Index");
    add_key_option(subcommand, "--digest-key", into.keys.digest_key,
                   "Secret key of the name digests, made when missing [digest.key beside the snapshot]");
    add_key_option(subcommand, "--authority-key", into.keys.authority_key,
                   "Secret key that signs the snapshot, made when missing [authority.key beside the snapshot]");
    return out;
}

void check_register_output(register_output& out) {
    const std::filesystem::path path{out.path};
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error))
        throw command_error{exit_code::failed, "no such folder: " + folder.string()};
    const auto status = std::filesystem::status(path, error);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
        throw command_error{exit_code::failed, "a snapshot can only be written to a file: " + out.path};
    out.keys = out.keys.beside(out.path);
}

index_builder::options builder_options(const register_output& out, const writer_keys& keys,
                                       std::uint64_t citizens_expected) {
    index_builder::options how;
    how.placement_seed = out.placement_seed;
    how.digest_key_fingerprint = keys.digests.fingerprint();
    how.as_of = {out.sequence, unix_ms_now()};
    how.load = out.load;
    how.citizens_expected = citizens_expected;
    return how;
}

saved_register build_and_save(index_builder&& builder, const register_output& out, const writer_keys& keys,
                              unsigned threads, std::vector<index_builder::duplicate>* duplicates) {
    saved_register saved;
    stop_if_interrupted();
    partition_progress building{"build "};
    const auto index = take(std::move(builder).build(threads, duplicates, building.report()));
    saved.build_seconds = building.seconds();
    saved.citizens = index.citizens();
    saved.memory_bytes = index.memory_bytes();
    stop_if_interrupted();
    partition_progress saving{"save  "};
    save_snapshot_options how;
    how.threads = threads;
    how.report = saving.report();
    saved.file_bytes = take(save_snapshot(index, out.path, keys.authority, how)).file_bytes;
    saved.save_seconds = saving.seconds();
    return saved;
}

CLI::Option* add_register_input(CLI::App& subcommand, register_input& into) {
    auto* const path =
        subcommand.add_option("-r,--register", into.path, "Snapshot of the register, or the folder of a registry");
    subcommand.add_flag("--map", into.map,
                        "Read the snapshot in place instead of loading it: checked all the same, slower answers");
    add_key_option(subcommand, "--digest-key", into.keys.digest_key,
                   "Secret key of the name digests [digest.key beside the snapshot]");
    add_key_option(subcommand, "--authority", into.keys.authority_public,
                   "Public key of the authority to trust [authority.pub beside the snapshot]");
    add_high_water(subcommand, into.mark_file, into.at_least);
    return path;
}

opened_register open_register(const register_input& from, unsigned threads) {
    std::error_code error;
    const bool is_folder = std::filesystem::is_directory(from.path, error);
    if (is_folder && from.map)
        throw command_error{exit_code::usage, "--map reads a snapshot; changes cannot be made upon it"};
    const auto paths = is_folder ? from.keys.in(from.path) : from.keys.beside(from.path);
    open_registry_options how;
    how.how = open_registry_options::access::read;
    how.threads = threads;
    how.digest_key_file = paths.digest_key;
    how.mark_file = from.mark_file;
    how.at_least_sequence = from.at_least;
    auto opened = [&] {
        partition_progress loading{"load  "};
        how.report = loading.report();
        return take(opened_register::open(from.path, load_authority(paths.authority_public), how, {.map = from.map}));
    }();
    if (const auto* const live = opened.on_disk()) say_opening(live->opening());
    return opened;
}

void add_delimiter(CLI::App& subcommand, char& into) {
    subcommand
        .add_option_function<std::string>(
            "--delimiter",
            [&into](const std::string& text) {
                const bool is_usable =
                    text.size() == 1 && std::string_view{"\"\r\n "}.find(text[0]) == std::string::npos;
                if (!is_usable && text != "tab") throw CLI::ValidationError{"--delimiter", "wanted a character or tab"};
                into = text == "tab" ? '\t' : text[0];
            },
            "What separates fields: a character, or tab [,]")
        ->type_name("CHARACTER");
}

}  // namespace xacthuc::cli
