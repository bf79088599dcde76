// SPDX-License-Identifier: Apache-2.0
// What follow-postgres does between its options and its report.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/output/output_file.hpp"
#include "cli/registers/registry_folder.hpp"
#include "sources/table_mapping.hpp"

namespace xacthuc::cli {

struct postgres_options {
    registry_folder folder;
    std::string conninfo;
    std::string publication;
    std::string slot;
    std::string rejects;  // empty: a row that cannot be read is an error
    std::string metrics;  // empty: none
    unsigned threads = 1;
    std::uint64_t checkpoint_after = 2'000'000;  // changes; 0: never
    bool once = false;
    bool with_keys = false;
    std::chrono::milliseconds heartbeat{10'000};
    std::optional<std::chrono::milliseconds> gives_up_after{};
};

struct postgres_totals {
    std::uint64_t copied = 0;  // 0: the register was there
    std::uint64_t changes = 0;
    std::uint64_t transactions = 0;
    std::uint64_t left_out = 0;
    std::uint64_t reconnects = 0;
    std::string position;
    std::uint64_t sequence = 0;
    std::uint64_t citizens = 0;
};

// Makes the register by a first copy where there is none. Throw command_error.
[[nodiscard]] postgres_totals follow_postgres(const postgres_options& how, const sources::table_mapping& mapping);

// The names of the columns that hold fields, as the table is now; those that the mapping names, where there is no
// conninfo.
[[nodiscard]] std::vector<std::string> columns_to_publish(const std::string& conninfo,
                                                          const sources::table_mapping& mapping);

}  // namespace xacthuc::cli
