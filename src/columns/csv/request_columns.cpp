// SPDX-License-Identifier: Apache-2.0
#include "columns/csv/request_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <xacthuc/domain/heading.hpp>

#include "columns/csv/cells.hpp"
#include "columns/csv/field_writer.hpp"
#include "columns/field_text.hpp"
#include "columns/made_row.hpp"
#include "columns/table_error.hpp"

namespace xacthuc::inline v0_1::csv {
namespace {

constexpr std::array<std::string_view, request_field_count> request_meanings{
    "12 digits; required",
    "with or without diacritics",
    "a name of which every diacritic has to be right; excludes name",
    "a date, a month or a year",
    meanings::sex,
    meanings::life,
    meanings::registration,
    meanings::account_level,
    meanings::account,
    meanings::document,
    meanings::province,
    meanings::ward,
    "a day: the card is valid and does not expire before it",
    "a day; excludes birth_date",
    "level_1, level_2; excludes account_level",
    "who asks, 0 to 65535",
    "what for, 0 to 65535",
};
constexpr std::array<column, 8> columns_beside{{
    {"reference", "ref ma_ho_so", "your own text, given back with the verdict"},
    {"expected_outcome", "", "number or name of the outcome that is right"},
    {"expected_matched", "", "claims that must match, separated by blanks"},
    {"expected_mismatched", "", "claims that must not match"},
    {"expected_unavailable", "", "claims that the register must have no data for"},
    {"expected_name_grade", "", "exact, folded, marks_differ or empty"},
    {"expected_coarse", "", "yes or no: the register knows less of the birth date than is claimed"},
    {"expected_claim_coarse", "", "yes or no: it knows more"},
}};
constexpr auto known_request_columns =
    with_meanings<columns_beside.size()>(request_headings, request_meanings, columns_beside);
constexpr auto first_claim = static_cast<std::size_t>(request_column::name);
constexpr auto first_expected = static_cast<std::size_t>(request_column::expected_outcome);

[[nodiscard]] std::optional<outcome> parse_outcome(std::string_view text) {
    const auto number = parse_code(text, 999, errc::code_range);
    for (std::uint16_t code = 0; code < 1000; ++code) {
        const auto name = to_string(static_cast<outcome>(code));
        if (name != "unknown_outcome" && (number ? *number == code : name == text)) return static_cast<outcome>(code);
    }
    return {};
}

[[nodiscard]] std::optional<name_grade> parse_grade(std::string_view text) {
    for (const auto grade : {name_grade::none, name_grade::folded, name_grade::exact, name_grade::marks_differ})
        if (to_string(grade) == text) return grade;
    return {};
}

// False when the text is not a value of the column.
[[nodiscard]] bool put_expected(request_column column, std::string_view text, expected_verdict& into) {
    const auto put = [](auto& to, const auto& parsed) {
        to = parsed;
        return parsed.has_value();
    };
    switch (column) {
        case request_column::expected_outcome:
            return text.empty() || put(into.what, parse_outcome(text));
        case request_column::expected_matched:
            return put(into.matched, parse_claims(text));
        case request_column::expected_mismatched:
            return put(into.mismatched, parse_claims(text));
        case request_column::expected_unavailable:
            return put(into.unavailable, parse_claims(text));
        case request_column::expected_name_grade:
            return put(into.grade, parse_grade(text));
        default: {
            auto& side = column == request_column::expected_coarse ? into.coarse : into.claim_coarse;
            if (const auto coarse = parse_yes_no(text)) side = *coarse;
            return side.has_value();
        }
    }
}

[[nodiscard]] std::string_view name_of(request_column column) {
    return known_request_columns[static_cast<std::size_t>(column)].name;
}

}  // namespace

std::span<const column> request_columns() noexcept {
    return known_request_columns;
}

bool expected_verdict::allows(const verdict& answer) const noexcept {
    return (!what || *what == answer.outcome()) && (!matched || *matched == answer.matched()) &&
           (!mismatched || *mismatched == answer.mismatched()) &&
           (!unavailable || *unavailable == answer.unavailable()) && (!grade || *grade == answer.name_grade()) &&
           (!coarse || *coarse == answer.coarse()) && (!claim_coarse || *claim_coarse == answer.claim_coarse());
}

request_parser::request_parser(std::span<const std::string_view> header, bool ignore_unknown, const std::string& file)
    : columns_{match_header(header, known_request_columns, unknown_columns_of(ignore_unknown), file)} {
    require_column(columns_, static_cast<std::size_t>(request_column::id), id_column_name, file);
    has_expectations_ = std::ranges::any_of(
        columns_, [](std::size_t column) { return column != ignored_column && column >= first_expected; });
}

std::optional<row_problem> request_parser::parse(std::span<const std::string_view> fields, request_row& into) const {
    into = {};
    if (fields.size() != columns_.size()) return row_problem{"", wrong_field_count(fields.size(), columns_.size())};
    std::optional<row_problem> problem;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (columns_[i] == ignored_column) continue;
        const auto column = static_cast<request_column>(columns_[i]);
        const auto text = fields[i];
        if (columns_[i] >= first_expected) {
            if (!put_expected(column, text, into.expected))
                throw columns::column_error{fmt::format("not a value of the column {}", name_of(column))};
        } else if (column == request_column::reference) {
            if (is_utf8(text)) {
                into.reference = text;
            } else if (!problem) {
                problem = row_problem{name_of(column), "the reference is not valid UTF-8"};
            }
        } else if (!problem) {
            if (const auto why = columns::put_text(static_cast<request_field>(column), text, into.claims))
                problem = row_problem::of(why);
        }
    }
    return problem;
}

claim_mask request_parser::claims() const noexcept {
    unsigned claims = 0;
    for (const auto column : columns_)
        if (column != ignored_column && column >= first_claim && column < first_claim + claim_count)
            claims |= 1U << (column - first_claim);
    return static_cast<claim_mask>(claims);
}

std::optional<row_problem> prepare_row(const claim_set& claims, const digest_key& key, claim_mask required,
                                       request& into) {
    if (const auto why = columns::make_request(claims, key, required, into)) return row_problem::of(why);
    return {};
}

std::optional<claim_mask> parse_claims(std::string_view text) {
    unsigned claims = 0;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find_first_of(" ,"));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        if (word.empty()) continue;
        const auto kind = parse_claim(word);
        if (!kind) return {};
        claims |= mask_of(*kind);
    }
    return static_cast<claim_mask>(claims);
}

void append_claims(std::string& to, claim_mask claims, std::string_view separator) {
    bool first = true;
    for (unsigned kind = 0; kind < claim_count; ++kind) {
        if ((claims >> kind & 1U) == 0) continue;
        if (!first) to += separator;
        to += to_string(static_cast<claim>(kind));
        first = false;
    }
}

void request_parser::append_header(std::string& to) {
    csv::append_header(to, known_request_columns);
}

void request_parser::append_row(std::string& to, const claim_set& claims, std::string_view reference,
                                const verdict& expected) {
    std::string text;
    for (std::size_t k = 0; k < request_field_count; ++k) {
        const auto field = static_cast<request_field>(k);
        text.clear();
        columns::append_text(text, field, claims);
        append_field(to, text);
        to += ',';
    }
    append_field(to, reference);
    fmt::format_to(std::back_inserter(to), ",{},", static_cast<unsigned>(expected.outcome()));
    for (const auto mask : {expected.matched(), expected.mismatched(), expected.unavailable()}) {
        append_claims(to, mask);
        to += ',';
    }
    fmt::format_to(std::back_inserter(to), "{},{},{}\n", to_string(expected.name_grade()),
                   expected.coarse() ? "yes" : "no", expected.claim_coarse() ? "yes" : "no");
}

}  // namespace xacthuc::inline v0_1::csv
