// SPDX-License-Identifier: Apache-2.0
// The rows of a table as requests.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/request_field.hpp>

#include "table_columns.hpp"

namespace xacthuc::python {

// What the keywords of verify() and prepare() were given.
struct request_arguments {
    std::array<nb::object, request_field_count> fields;
    nb::object ignore;
    nb::object require;

    [[nodiscard]] column_arguments columns() const { return {request_headings, fields, ignore}; }
};

// Adds request_plan(), which says what a table's columns would be taken for, without a register.
void define_request_plan(nb::module_& module);

using request_columns = table_columns<request_field, claim_set>;

// The claims that the rows can make. Throws column_error when there are none.
[[nodiscard]] claim_mask claims_of(const request_columns& plan);

// What require= was given: names of claims, or one. Throws column_error when one is none, or when no column and no
// value for all rows makes it.
[[nodiscard]] claim_mask required_claims(nb::handle names, claim_mask claims);

// What requests are made with, besides the rows.
struct preparing {
    const digest_key& key;
    claim_mask required;
    std::uint16_t agency;  // of rows that name none
};

// Makes requests of the rows from `first` on. Of a row with a problem, a request of zeros, which every engine calls
// malformed.
void prepare_rows(const request_columns::rows& rows, std::int64_t first, const preparing& how,
                  std::span<request> requests, std::vector<row_problem>& problems);

}  // namespace xacthuc::python
