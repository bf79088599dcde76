// SPDX-License-Identifier: Apache-2.0
#include "cli/output/verdict_writer.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>
#include <boost/json/value.hpp>
#include <iterator>

#include "columns/csv/field_writer.hpp"
#include "columns/csv/request_columns.hpp"

namespace xacthuc::cli {
namespace {

void append_json_claims(std::string& to, std::string_view key, claim_mask claims) {
    fmt::format_to(std::back_inserter(to), ",\"{}\":[", key);
    if (claims != 0) {
        to += '"';
        csv::append_claims(to, claims, "\",\"");
        to += '"';
    }
    to += ']';
}

void append_json_text(std::string& to, std::string_view key, std::string_view text) {
    fmt::format_to(std::back_inserter(to), ",\"{}\":{}", key, boost::json::serialize(boost::json::value(text)));
}

}  // namespace

void append_verdict_header(std::string& to, bool has_ledger) {
    to += "line,reference,outcome,meaning,matched,mismatched,unavailable,name_grade,coarse,claim_coarse,column,reason";
    to += has_ledger ? ",ledger_entry,ledger_row\n" : "\n";
}

void append_csv_verdict(std::string& to, const answered_row& row, bool has_ledger) {
    const auto& answer = row.answer;
    fmt::format_to(std::back_inserter(to), "{},", row.line);
    csv::append_field(to, row.reference);
    fmt::format_to(std::back_inserter(to), ",{},{},", static_cast<unsigned>(answer.outcome()),
                   to_string(answer.outcome()));
    for (const auto mask : {answer.matched(), answer.mismatched(), answer.unavailable()}) {
        csv::append_claims(to, mask);
        to += ',';
    }
    to += to_string(answer.name_grade());
    to += answer.coarse() ? ",yes" : ",no";
    to += answer.claim_coarse() ? ",yes," : ",no,";
    if (row.problem != nullptr) {
        to += row.problem->column;
        to += ',';
        csv::append_field(to, row.problem->reason);
    } else {
        to += ',';
    }
    if (row.place)
        fmt::format_to(std::back_inserter(to), ",{},{}", row.place->entry, row.place->row);
    else if (has_ledger)
        to += ",,";
    to += '\n';
}

void append_json_verdict(std::string& to, const answered_row& row) {
    const auto& answer = row.answer;
    fmt::format_to(std::back_inserter(to), "{{\"line\":{}", row.line);
    if (!row.reference.empty()) append_json_text(to, "reference", row.reference);
    fmt::format_to(std::back_inserter(to), ",\"outcome\":{},\"meaning\":\"{}\"",
                   static_cast<unsigned>(answer.outcome()), to_string(answer.outcome()));
    append_json_claims(to, "matched", answer.matched());
    append_json_claims(to, "mismatched", answer.mismatched());
    append_json_claims(to, "unavailable", answer.unavailable());
    fmt::format_to(std::back_inserter(to), ",\"name_grade\":\"{}\",\"coarse\":{},\"claim_coarse\":{}",
                   to_string(answer.name_grade()), answer.coarse(), answer.claim_coarse());
    if (row.problem != nullptr) {
        if (!row.problem->column.empty()) append_json_text(to, "column", row.problem->column);
        append_json_text(to, "reason", row.problem->reason);
    }
    if (row.place)
        fmt::format_to(std::back_inserter(to), ",\"ledger_entry\":{},\"ledger_row\":{}", row.place->entry,
                       row.place->row);
    to += "}\n";
}

}  // namespace xacthuc::cli
