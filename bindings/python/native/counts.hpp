// SPDX-License-Identifier: Apache-2.0
// Counts of a register's citizens, as a table.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <vector>
#include <xacthuc/engine/tally.hpp>

#include "working_threads.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

struct counts {
    std::vector<tally_dimension> dimensions;
    std::vector<tally_cell> cells;
};

// Throws ValueError when a name is no dimension's, library_error.
[[nodiscard]] std::unique_ptr<counts> count_by(const citizen_index& index, nb::handle dimensions,
                                               std::uint64_t count_min, std::uint64_t round_to,
                                               working_threads& threads);

// Adds the class Counts.
void define_counts(nb::module_& module);

}  // namespace xacthuc::python
