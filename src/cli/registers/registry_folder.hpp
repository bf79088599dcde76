// SPDX-License-Identifier: Apache-2.0
// The registry that a subcommand works on: its options, and opening it.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <xacthuc/registry/registry.hpp>

#include "cli/registers/key_files.hpp"

namespace xacthuc::cli {

struct registry_folder {
    std::string path;
    key_paths keys;
    std::string mark_file;
    std::uint64_t at_least = 0;
};

// Adds the folder as a positional option, and the options of the keys: of the digests, of the authority to trust, and,
// for those that sign, of its secret.
void add_registry_folder(CLI::App& subcommand, registry_folder& into, bool signs);

// Adds --at-least and --mark: what is known of how far the registry has come.
void add_high_water(CLI::App& subcommand, std::string& mark_file, std::uint64_t& at_least);

// Throws command_error when there is no such folder, before a key is missed that would be in it.
void check_folder(const registry_folder& from);

// Opens for writing; with the authority's secret key where `signs` says that it is needed. Throws command_error.
[[nodiscard]] registry open_to_write(const registry_folder& from, unsigned threads, bool signs = false);
[[nodiscard]] registry open_to_read(const registry_folder& from, unsigned threads);
// The same, for who knows what a failure may come from; for a wrong key it throws all the same.
[[nodiscard]] detailed_result<registry> try_to_read(const registry_folder& from, unsigned threads);

// Says how an opening went, for people.
void say_opening(const registry_opening& how);

// The snapshot that a path means: itself, or the newest in a registry's folder. Throws command_error.
[[nodiscard]] std::string snapshot_of(const std::string& path);
// All in a registry's folder, the newest first.
[[nodiscard]] std::vector<std::string> snapshots_in(const std::string& folder);

}  // namespace xacthuc::cli
