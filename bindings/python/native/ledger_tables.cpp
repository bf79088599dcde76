// SPDX-License-Identifier: Apache-2.0
#include "ledger_tables.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <xacthuc/domain/claim.hpp>

#include "presence.hpp"
#include "python_text.hpp"
#include "verdict_columns.hpp"

namespace xacthuc::python {
namespace {

// Readers of Arrow find the zone by this name; Vietnam has one, and no summer time.
constexpr const char* seconds_in_vietnam = "tss:Asia/Ho_Chi_Minh";
constexpr const char* milliseconds_in_vietnam = "tsm:Asia/Ho_Chi_Minh";

template <class T, class Row, class Value>
[[nodiscard]] output_column numbers(std::span<const Row> rows, Value value) {
    output_column made;
    made.values.resize(rows.size() * sizeof(T));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const T one = value(rows[i]);
        std::memcpy(made.values.data() + i * sizeof(T), &one, sizeof(T));
    }
    return made;
}

template <class Row, class Is>
[[nodiscard]] std::vector<std::byte> bits_of(std::span<const Row> rows, Is is) {
    std::vector<std::byte> made((rows.size() + 7) / 8);
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (is(rows[i])) made[i / 8] |= std::byte{1} << static_cast<unsigned>(i % 8);
    return made;
}

// Null in the rows that are not there.
template <class Row, class Is>
[[nodiscard]] output_column where(output_column column, std::span<const Row> rows, Is is) {
    column.validity = bits_of(rows, is);
    column.null_count = std::ranges::count_if(rows, [&](const Row& one) { return !is(one); });
    return column;
}

// "name birth_date"
template <class Row>
[[nodiscard]] output_column names_of_claims(std::span<const Row> rows) {
    std::vector<std::string> names(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        for_each_claim(rows[i].claims, [&](claim kind) {
            names[i] += names[i].empty() ? "" : " ";
            names[i] += to_string(kind);
        });
    const std::vector<std::string_view> views{names.begin(), names.end()};
    return text_column(views);
}

template <class Row>
[[nodiscard]] std::vector<verdict> verdicts_of(std::span<const Row> rows) {
    std::vector<verdict> all;
    all.reserve(rows.size());
    for (const auto& one : rows) all.push_back(one.verdict);
    return all;
}

template <class Row>
[[nodiscard]] claim_mask claims_of(const std::vector<Row>& rows) {
    claim_mask all = 0;
    for (const auto& one : rows) all = static_cast<claim_mask>(all | one.claims);
    return all;
}

void append(std::vector<output_type> from, std::vector<output_type>& to) {
    std::ranges::move(from, std::back_inserter(to));
}

[[nodiscard]] output_batch batch_of(std::span<const history_entry> rows, claim_mask claims) {
    const auto shows_matter = [](const history_entry& one) { return one.procedure != 0; };
    const auto shows_officer = [](const history_entry& one) { return one.officer != 0; };
    output_batch batch;
    batch.rows = static_cast<std::int64_t>(rows.size());
    auto& to = batch.columns;
    to.push_back(numbers<std::int64_t>(rows, [](const auto& one) { return one.time_unix_s; }));
    to.push_back(numbers<std::uint16_t>(rows, [](const auto& one) { return one.agency; }));
    to.push_back(
        where(numbers<std::uint16_t>(rows, [](const auto& one) { return one.procedure; }), rows, shows_matter));
    to.push_back(where(numbers<std::uint64_t>(rows, [](const auto& one) { return one.officer; }), rows, shows_officer));
    to.push_back(where(names_of_claims(rows), rows, shows_matter));
    output_column withheld;
    withheld.values = bits_of(rows, [](const auto& one) { return one.is_withheld; });
    to.push_back(std::move(withheld));
    const auto verdicts = verdicts_of(rows);
    for (auto& column : verdict_columns(verdicts, claims)) {
        if (column.validity.empty()) column = where(std::move(column), rows, shows_matter);
        to.push_back(std::move(column));
    }
    return batch;
}

[[nodiscard]] output_batch batch_of(std::span<const billed_row> rows, claim_mask claims) {
    output_batch batch;
    batch.rows = static_cast<std::int64_t>(rows.size());
    auto& to = batch.columns;
    to.push_back(numbers<std::uint64_t>(rows, [](const auto& one) { return one.entry; }));
    to.push_back(numbers<std::uint64_t>(rows, [](const auto& one) { return one.row; }));
    to.push_back(numbers<std::int64_t>(rows, [](const auto& one) { return one.time_unix_ms; }));
    to.push_back(numbers<std::uint16_t>(rows, [](const auto& one) { return one.agency; }));
    to.push_back(numbers<std::uint16_t>(rows, [](const auto& one) { return one.procedure; }));
    to.push_back(numbers<std::uint64_t>(rows, [](const auto& one) { return one.officer; }));
    to.push_back(names_of_claims(rows));
    const auto verdicts = verdicts_of(rows);
    std::ranges::move(verdict_columns(verdicts, claims), std::back_inserter(to));
    return batch;
}

template <class Row>
[[nodiscard]] ledger_table made_of(std::vector<output_type> types, std::vector<Row> rows, claim_mask claims) {
    auto table = std::make_shared<output_table>();
    table->types = std::move(types);
    table->rows = rows.size();
    table->rows_from = [kept = std::make_shared<const std::vector<Row>>(std::move(rows)), claims](std::uint64_t first,
                                                                                                  std::uint64_t count) {
        return batch_of(std::span{*kept}.subspan(first, count), claims);
    };
    return {std::move(table)};
}

}  // namespace

ledger_table ledger_table_of(std::vector<history_entry> accesses) {
    const auto claims = claims_of(accesses);
    std::vector<output_type> types{{"time", seconds_in_vietnam, {}, false},
                                   {"agency", "S", {}, false},
                                   {"procedure", "S", {}, true},
                                   {"officer", "L", {}, true},
                                   {"claims", "u", {}, true},
                                   {"withheld", "b", {}, false}};
    auto answered = verdict_types(claims);
    for (auto& type : answered) type.is_nullable = true;
    append(std::move(answered), types);
    return made_of(std::move(types), std::move(accesses), claims);
}

ledger_table ledger_table_of(std::vector<billed_row> rows) {
    const auto claims = claims_of(rows);
    std::vector<output_type> types{
        {"ledger_entry", "L", {}, false}, {"ledger_row", "L", {}, false}, {"time", milliseconds_in_vietnam, {}, false},
        {"agency", "S", {}, false},       {"procedure", "S", {}, false},  {"officer", "L", {}, false},
        {"claims", "u", {}, false}};
    append(verdict_types(claims), types);
    return made_of(std::move(types), std::move(rows), claims);
}

void define_ledger_table(nb::module_& module) {
    nb::class_<ledger_table> type{module, "LedgerTable",
                                  "Rows that were read from a ledger: pl.DataFrame(table), pa.table(table) and DuckDB "
                                  "take it as it is. Times are Vietnam's."};
    type.def("__len__", [](const ledger_table& self) { return self.value->rows; });
    type.def("__repr__", [](const ledger_table& self) {
        return python_text(std::to_string(self.value->rows) + " rows of a ledger");
    });
    type.def(
        "__arrow_c_schema__", [](const ledger_table& self) { return schema_capsule(*self.value); },
        nb::sig("def __arrow_c_schema__(self) -> object"));
    type.def(
        "__arrow_c_stream__", [](const ledger_table& self, const nb::object&) { return stream_capsule(self.value); },
        nb::arg("requested_schema") = nb::none(),
        nb::sig("def __arrow_c_stream__(self, requested_schema: object | None = None) -> object"));
}

}  // namespace xacthuc::python
