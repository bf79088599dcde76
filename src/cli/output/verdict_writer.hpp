// SPDX-License-Identifier: Apache-2.0
// Verdicts as text: a CSV row or a line of JSON each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/ledger/ledger.hpp>

#include "columns/csv/citizen_columns.hpp"

namespace xacthuc::cli {

struct answered_row {
    std::uint64_t line = 0;
    std::string_view reference;
    verdict answer;
    const csv::row_problem* problem = nullptr;  // of a malformed one
    std::optional<ledger_place> place{};        // of its row in the ledger
};

// line,reference,outcome,meaning,matched,mismatched,unavailable,name_grade,coarse,claim_coarse,column,reason; and where
// there is a ledger ledger_entry,ledger_row
void append_verdict_header(std::string& to, bool has_ledger);
void append_csv_verdict(std::string& to, const answered_row& row, bool has_ledger);
void append_json_verdict(std::string& to, const answered_row& row);

}  // namespace xacthuc::cli
