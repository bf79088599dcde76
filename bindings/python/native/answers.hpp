// SPDX-License-Identifier: Apache-2.0
// The verdicts of a table's rows, and the table that Python sees of them.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/index/citizen_index.hpp>

#include "growing_array.hpp"
#include "recording.hpp"
#include "request_columns.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

// Never changes once it is handed to Python.
struct answer_data {
    explicit answer_data(std::shared_ptr<page_pool> memory) noexcept : verdicts{std::move(memory)} {}

    growing_array<verdict> verdicts;
    std::vector<row_problem> problems;  // of the malformed rows, in order
    claim_mask claims = 0;              // that were asked about
    freshness as_of;
    std::vector<recorded_rows> recorded;  // in the order of their rows; none without a ledger

    // Where the ledger has the row of an answer.
    [[nodiscard]] std::optional<ledger_place> place_of(std::uint64_t position) const noexcept;
};

struct answers {
    std::shared_ptr<const answer_data> data;
};

// Adds the class Answers.
void define_answers(nb::module_& module);

}  // namespace xacthuc::python
