// SPDX-License-Identifier: Apache-2.0
// As what verdicts are written, and the options that say so.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/shared_options.hpp"

namespace xacthuc::cli {

enum class verdict_format : std::uint8_t { csv, json_lines };

// Where a stream of verdicts goes.
struct verdict_output {
    std::string path = "-";
    std::optional<verdict_format> format;

    // JSON lines where all of standard output is to be JSON, else CSV, unless one of them was asked for.
    [[nodiscard]] verdict_format format_for(const shared_options& shared) const noexcept {
        return format.value_or(shared.json && path == "-" ? verdict_format::json_lines : verdict_format::csv);
    }
};

// Adds --out and --format. Requires: `into` outlives the subcommand.
void add_verdict_output(CLI::App& subcommand, verdict_output& into);

}  // namespace xacthuc::cli
