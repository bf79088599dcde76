// SPDX-License-Identifier: Apache-2.0
// The register file that a subcommand writes or reads: its options, and the steps from builder to snapshot and from
// snapshot to index.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>
#include <xacthuc/index/index_builder.hpp>
#include <xacthuc/registry/opened_register.hpp>

#include "cli/registers/key_files.hpp"

namespace xacthuc::cli {

// A snapshot to be written.
struct register_output {
    std::string path;
    key_paths keys;
    std::uint64_t sequence = 1;
    double load = 0.62;
    std::optional<std::uint64_t> placement_seed;
};

// Adds --out, which it returns, and the options of the keys and of the index.
CLI::Option* add_register_output(CLI::App& subcommand, register_output& into);

// Fills in the keys' paths. Throws command_error when the snapshot's folder is not there or its name is taken by
// something that is not a file, so that nothing long is begun in vain.
void check_register_output(register_output& out);

[[nodiscard]] index_builder::options builder_options(const register_output& out, const writer_keys& keys,
                                                     std::uint64_t citizens_expected);

struct saved_register {
    std::uint64_t citizens = 0;
    std::uint64_t memory_bytes = 0;
    std::uint64_t file_bytes = 0;
    double build_seconds = 0;
    double save_seconds = 0;
};

// Requires: all of the builder's appenders are destroyed.
[[nodiscard]] saved_register build_and_save(index_builder&& builder, const register_output& out,
                                            const writer_keys& keys, unsigned threads,
                                            std::vector<index_builder::duplicate>* duplicates = nullptr);

// A snapshot to be read, or a registry's folder.
struct register_input {
    std::string path;
    key_paths keys;
    bool map = false;
    std::string mark_file;
    std::uint64_t at_least = 0;
};

// Adds --register, which it returns, the options of the keys, and what is known of how far the register has come.
CLI::Option* add_register_input(CLI::App& subcommand, register_input& into);

// The register in memory, checked, with the key that its names were digested under. Throws command_error.
[[nodiscard]] opened_register open_register(const register_input& from, unsigned threads);

// Adds --delimiter: a character, or "tab".
void add_delimiter(CLI::App& subcommand, char& into);

}  // namespace xacthuc::cli
