// SPDX-License-Identifier: Apache-2.0
#include "columns/csv/citizen_columns.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <xacthuc/domain/heading.hpp>

#include "columns/csv/cells.hpp"
#include "columns/csv/field_writer.hpp"
#include "columns/made_row.hpp"

namespace xacthuc::inline v0_1::csv {
namespace {

constexpr std::array<std::string_view, citizen_field_count> citizen_meanings{
    "12 digits; required",
    "UTF-8, any spelling",
    "YYYY, YYYY-MM, YYYY-MM-DD, MM/YYYY, DD/MM/YYYY, DDMMYYYY",
    meanings::sex,
    meanings::life,
    meanings::registration,
    meanings::account_level,
    meanings::account,
    meanings::document,
    "a full date, or lifelong",
    meanings::province,
    meanings::ward,
    "yes when another number took this one's place; else no",
};
constexpr auto known_citizen_columns = with_meanings(citizen_headings, citizen_meanings);

}  // namespace

std::span<const column> citizen_columns() noexcept {
    return known_citizen_columns;
}

citizen_parser::citizen_parser(std::span<const std::string_view> header, bool ignore_unknown, const std::string& file)
    : columns_{match_header(header, known_citizen_columns, unknown_columns_of(ignore_unknown), file)} {
    require_column(columns_, static_cast<std::size_t>(citizen_field::id), id_column_name, file);
}

std::optional<row_problem> citizen_parser::parse(std::span<const std::string_view> fields, citizen& into) const {
    if (fields.size() != columns_.size()) return row_problem{"", wrong_field_count(fields.size(), columns_.size())};
    into = {};
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (columns_[i] == ignored_column) continue;
        const auto field = static_cast<citizen_field>(columns_[i]);
        if (const auto why = columns::put_text(field, fields[i], into)) return row_problem::of(why);
    }
    return {};
}

std::optional<row_problem> citizen_parser::parse(std::span<const std::string_view> fields, const digest_key& key,
                                                 record& into) const {
    citizen who;
    if (auto problem = parse(fields, who)) return problem;
    if (const auto why = columns::make_record(who, key, into)) return row_problem::of(why);
    return {};
}

void citizen_parser::append_header(std::string& to) {
    csv::append_header(to, known_citizen_columns);
}

void citizen_parser::append_row(std::string& to, const citizen& who) {
    const auto id = who.id.digits();
    to.append(id.data(), id.size());
    to += ',';
    append_field(to, who.name);
    fmt::format_to(std::back_inserter(to), ",{},{},{},{},{},{},{},{},", who.birth.to_string(), to_string(who.sex),
                   to_string(who.life), to_string(who.registration), to_string(who.level), to_string(who.account),
                   to_string(who.document), who.document_lifelong ? "lifelong" : who.document_expiry.to_string());
    if (who.residence.province != 0) fmt::format_to(std::back_inserter(to), "{:02}", who.residence.province);
    to += ',';
    if (who.residence.ward != 0) fmt::format_to(std::back_inserter(to), "{:05}", who.residence.ward);
    to += who.superseded ? ",yes\n" : ",\n";
}

}  // namespace xacthuc::inline v0_1::csv
