// SPDX-License-Identifier: Apache-2.0
// What is read from a ledger, as tables that are handed out: who asked about a citizen, and what bills are made of.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <vector>
#include <xacthuc/ledger/history.hpp>
#include <xacthuc/ledger/row_reader.hpp>

#include "arrow_output.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

struct ledger_table {
    std::shared_ptr<const output_table> value;
};

[[nodiscard]] ledger_table ledger_table_of(std::vector<history_entry> accesses);
[[nodiscard]] ledger_table ledger_table_of(std::vector<billed_row> rows);

void define_ledger_table(nb::module_& module);

}  // namespace xacthuc::python
