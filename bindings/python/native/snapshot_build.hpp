// SPDX-License-Identifier: Apache-2.0
// A table of citizens made into a snapshot, or into a registry.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>
#include <xacthuc/registry/key_files.hpp>

#include "citizen_columns.hpp"
#include "working_threads.hpp"

namespace xacthuc::python {

struct build_options {
    std::filesystem::path out;  // a file; or a directory that is there, for a registry
    key_files keys;             // an empty one lies beside `out`
    std::uint64_t sequence = 1;
    bool strict = true;  // a row that is no citizen is an error, and nothing is written
};

struct build_report {
    std::uint64_t rows = 0;
    std::uint64_t citizens = 0;
    std::uint64_t replaced = 0;  // by a later row of the same id
    std::uint64_t file_bytes = 0;
    std::vector<row_problem> problems;
};

// Throws column_error, arrow_error, library_error, and what the table throws.
[[nodiscard]] build_report build_snapshot(nb::handle citizens, const citizen_arguments& fields,
                                          const build_options& how, working_threads& threads);

}  // namespace xacthuc::python
