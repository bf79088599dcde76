// SPDX-License-Identifier: Apache-2.0
#include "sources/row_changes.hpp"

#include <algorithm>
#include <xacthuc/domain/heading.hpp>

#include "columns/made_row.hpp"

namespace xacthuc::inline v0_1::sources {
namespace {

constexpr std::string_view not_sent =
    "the value lies outside of its row and was not sent, because it was not changed: give the table REPLICA IDENTITY "
    "FULL, and begin anew with a first copy";

// Twelve digits, where a number has lost the zeros before it.
struct padded_id {
    explicit padded_id(std::string_view number) noexcept {
        digits.fill('0');
        if (number.size() <= digits.size())
            std::ranges::copy(number, digits.end() - static_cast<std::ptrdiff_t>(number.size()));
        else
            digits.front() = '-';  // no number of a citizen
    }
    [[nodiscard]] std::string_view text() const noexcept { return {digits.data(), digits.size()}; }

    std::array<char, personal_id::digit_count> digits{};
};

[[nodiscard]] std::string_view plain_text(std::string_view text, cell_form form) noexcept {
    if (form == cell_form::blank_padded) return text.substr(0, text.find_last_not_of(' ') + 1);
    if (form == cell_form::truth) return text == "t" ? "true" : text == "f" ? "false" : text;
    return text;
}

[[nodiscard]] result<personal_id> read_id(std::string_view text, cell_form form) noexcept {
    const auto plain = plain_text(text, form);
    if (form == cell_form::whole_number) return personal_id::parse(padded_id{plain}.text());
    return personal_id::parse(plain);
}

}  // namespace

std::string row_problem::text() const {
    auto made = "column " + std::string{column} + ": " + reason;
    if (!value.empty()) made += " (the value is \"" + std::string{value} + "\")";
    return made;
}

std::vector<std::string> row_changes::bind(const table_mapping& mapping, std::span<const source_column> columns) {
    std::vector<std::string> wrong;
    bindings_.clear();
    forms_.clear();
    names_.clear();
    for (const auto& one : columns) {
        forms_.push_back(one.form);
        names_.push_back(one.name);
    }
    for (std::size_t k = 0; k < citizen_field_count; ++k) {
        const auto field = static_cast<citizen_field>(k);
        const auto& how = mapping.of(field);
        if (how.is_left_out) continue;
        std::vector<std::size_t> found;
        for (std::size_t place = 0; place < names_.size(); ++place)
            if (how.column.empty() ? is_called(citizen_headings[k], plain_heading(names_[place]))
                                   : names_[place] == how.column)
                found.push_back(place);
        if (found.size() > 1)
            wrong.push_back("columns " + names_[found[0]] + " and " + names_[found[1]] + " are both called " +
                            std::string{to_string(field)} + ": name one in [columns]");
        else if (found.size() == 1)
            bindings_.push_back({field, found[0], &how});
        else if (!how.column.empty())
            wrong.push_back("column " + how.column + " is not there, and is to hold " + std::string{to_string(field)});
        else if (field == citizen_field::id)
            wrong.push_back("no column is called as the id is: name it in [columns]");
        else if (!how.words.empty())
            wrong.push_back("no column holds " + std::string{to_string(field)} + ", and [values] has its codes");
    }
    if (!bindings_.empty() && bindings_.front().field == citizen_field::id) id_column_ = bindings_.front().column;
    return wrong;
}

std::optional<std::size_t> row_changes::place_of(citizen_field field) const noexcept {
    const auto found = std::ranges::find(bindings_, field, &binding::field);
    if (found == bindings_.end()) return {};
    return found->column;
}

std::optional<row_problem> row_changes::put(const binding& one, const row_cell& cell, citizen& into) const {
    if (cell.is == row_cell::kind::unchanged) return row_problem{names_[one.column], std::string{not_sent}, {}, true};
    const auto form = forms_[one.column];
    auto text = cell.is == row_cell::kind::text ? plain_text(cell.text, form) : std::string_view{};
    if (one.field == citizen_field::id) {
        const auto id = read_id(text, form);
        if (!id) return row_problem{names_[one.column], id.error().message()};
        into.id = *id;
        return {};
    }
    const auto shown = has_codes(one.field) ? text : std::string_view{};
    if (!one.how->words.empty()) {
        const auto word = one.how->words.find(text);
        if (word != one.how->words.end())
            text = word->second;
        else if (!text.empty() && has_codes(one.field))
            return row_problem{names_[one.column], "the mapping has no word for a value", shown};
    }
    if (const auto why = columns::put_text(one.field, text, into))
        return row_problem{names_[one.column], why.why().message(), shown};
    return {};
}

std::optional<row_problem> row_changes::make(row after, const digest_key& digests, record& into) const {
    citizen who;
    for (const auto& one : bindings_)
        if (auto problem = put(one, after[one.column], who)) return problem;
    const auto why = columns::make_record(who, digests, into);
    if (!why) return {};
    const auto place = why.field ? place_of(*why.field) : std::nullopt;
    return row_problem{place ? std::string_view{names_[*place]} : std::string_view{}, why.why().message()};
}

std::optional<row_problem> row_changes::read(row after, const digest_key& digests, record& into) const {
    if (after.size() != forms_.size()) return row_problem{{}, "the row has another number of columns than its table"};
    return make(after, digests, into);
}

std::optional<row_problem> row_changes::check(citizen_field field, const row_cell& value) const {
    citizen scratch;
    return put(*std::ranges::find(bindings_, field, &binding::field), value, scratch);
}

std::optional<personal_id> row_changes::id_of(row of) const {
    if (id_column_ >= of.size() || of[id_column_].is != row_cell::kind::text) return {};
    const auto id = read_id(of[id_column_].text, forms_[id_column_]);
    if (!id) return {};
    return *id;
}

std::optional<row_problem> row_changes::append_put(row before, row after, const digest_key& digests,
                                                   std::vector<change>& into) const {
    record made;
    const auto is_kept = [](const row_cell& one) { return one.is != row_cell::kind::unchanged; };
    if (before.size() == after.size() && !std::ranges::all_of(after, is_kept)) {
        std::vector<row_cell> whole{after.begin(), after.end()};
        for (std::size_t k = 0; k < whole.size(); ++k)
            if (!is_kept(whole[k]) && before[k].is == row_cell::kind::text) whole[k] = before[k];
        if (auto problem = read(whole, digests, made)) {
            // Views of what ends here.
            problem->value = {};
            return problem;
        }
    } else if (auto problem = read(after, digests, made)) {
        return problem;
    }
    if (const auto was = id_of(before); was && was->value() != layout::id.get(made.words[0]))
        into.push_back(change::erase(*was));
    into.push_back(change::upsert(made));
    return {};
}

std::optional<row_problem> row_changes::append_erase(row before, std::vector<change>& into) const {
    if (before.size() != forms_.size()) return row_problem{{}, "the row has another number of columns than its table"};
    if (before[id_column_].is != row_cell::kind::text)
        return row_problem{names_[id_column_], "a row was removed, and its replica identity does not have this column"};
    if (const auto was = id_of(before)) into.push_back(change::erase(*was));
    return {};
}

}  // namespace xacthuc::inline v0_1::sources
