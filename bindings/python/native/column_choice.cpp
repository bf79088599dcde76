// SPDX-License-Identifier: Apache-2.0
#include "column_choice.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "errors.hpp"
#include "interpreter.hpp"

namespace xacthuc::python {
namespace {

constexpr std::size_t nothing = static_cast<std::size_t>(-1);
constexpr std::size_t left_out = static_cast<std::size_t>(-2);
constexpr std::size_t told_max = 20;

// pandas hands out its row labels as a column of such a name.
[[nodiscard]] bool is_row_labels(std::string_view heading) {
    constexpr std::string_view begin = "__index_level_";
    return heading.starts_with(begin) && heading.ends_with("__");
}

// One word of letters, digits and '_', as programs name columns. Of a table with a heading for its ids, it is no cell.
[[nodiscard]] bool is_word(std::string_view heading) {
    constexpr std::size_t bytes_max = 40;
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !heading.empty() && heading.size() <= bytes_max && is_letter(heading.front()) &&
           std::ranges::all_of(heading, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

class choice {
  public:
    choice(const arrow_table& table, const column_arguments& how)
        : table_{&table},
          how_{&how},
          field_of_(table.columns(), nothing),
          is_taken_(how.fields.size(), false),
          is_all_ignored_{how.ignore.is(Py_True)} {
        // Whether one of them is known to be that of the ids.
        for (std::size_t i = 0; i < table.columns(); ++i)
            has_headings_ = has_headings_ || find_heading(how.fields.first(1), table.name(i));
    }

    void take_named() {
        for (std::size_t field = 0; field < how_->fields.size(); ++field) {
            const auto& given = how_->keywords[field];
            if (given.is_none()) continue;
            is_taken_[field] = true;
            if (!nb::isinstance<nb::str>(given)) continue;
            const auto heading = text_of(given);
            const auto positions = table_->positions(heading);
            if (positions.empty()) refuse_missing(heading, std::string{how_->fields[field].name});
            if (positions.size() > 1) throw column_error{"the table has more than one column '" + heading + "'"};
            field_of_[positions[0]] = field;
            chosen_.push_back({field, positions[0]});
        }
    }

    void leave_out_ignored() {
        const auto& ignore = how_->ignore;
        if (ignore.is_none() || ignore.is(Py_True) || ignore.is(Py_False)) return;
        if (nb::isinstance<nb::str>(ignore)) {
            leave_out(text_of(ignore));
            return;
        }
        PyObject* const list = or_stay([&] { return PySequence_List(ignore.ptr()); });
        if (list == nullptr) PyErr_Clear();
        const auto headings = nb::steal(list);
        if (list == nullptr || nb::isinstance<nb::bytes>(ignore)) refuse_ignore();
        for (const auto heading : headings) {
            if (!nb::isinstance<nb::str>(heading)) refuse_ignore();
            leave_out(text_of(heading));
        }
    }

    void take_recognized() {
        std::vector<std::size_t> unknown;
        for (std::size_t position = 0; position < field_of_.size(); ++position) {
            const auto& heading = table_->name(position);
            if (field_of_[position] != nothing || is_row_labels(heading)) continue;
            const auto field = find_heading(how_->fields, heading);
            // Where all others are ignored, the id is still needed.
            if (is_all_ignored_ && (field != 0 || is_taken_[0])) continue;
            if ((!field || is_taken_[*field]) && std::ranges::find(how_->kept, position) != how_->kept.end()) continue;
            if (!field) {
                unknown.push_back(position);
                continue;
            }
            if (is_taken_[*field])
                throw column_error{"the table's columns[" + std::to_string(position) + "] is another one for " +
                                   std::string{how_->fields[*field].name} +
                                   ": name the right one by the keyword and the other in ignore="};
            is_taken_[*field] = true;
            chosen_.push_back({*field, position});
        }
        if (!unknown.empty()) refuse_unknown(unknown);
    }

    [[nodiscard]] std::vector<chosen_column> result() && {
        if (!is_taken_[0])
            throw column_error{
                "id: no column of the table is called id, cccd or so_cccd, or whatever else is known; "
                "name the one that holds the personal ids, as id='…'"};
        std::ranges::sort(chosen_, {}, &chosen_column::field);
        return std::move(chosen_);
    }

  private:
    void leave_out(const std::string& heading) {
        const auto positions = table_->positions(heading);
        if (positions.empty()) refuse_missing(heading, "ignore");
        for (const auto position : positions) {
            if (field_of_[position] < how_->fields.size())
                throw column_error{"ignore: the column '" + heading + "' is named for " +
                                   std::string{how_->fields[field_of_[position]].name}};
            field_of_[position] = left_out;
        }
    }

    // The first of these columns, by their places, and by their headings where those are no cells.
    [[nodiscard]] std::string told(const std::vector<std::size_t>& positions) const {
        std::string all;
        for (const auto position : std::span{positions}.first(std::min(positions.size(), told_max))) {
            all += (all.empty() ? "columns[" : ", columns[") + std::to_string(position) + "]";
            const auto& heading = table_->name(position);
            if (has_headings_ && is_word(heading)) all += " ('" + heading + "')";
        }
        if (positions.size() > told_max) all += " and " + std::to_string(positions.size() - told_max) + " more";
        return all;
    }

    [[noreturn]] void refuse_missing(const std::string& heading, const std::string& keyword) const {
        std::vector<std::size_t> all(table_->columns());
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
        throw column_error{keyword + ": the table has no column '" + heading + "'; it has " +
                           (all.empty() ? "none" : told(all))};
    }

    [[noreturn]] static void refuse_ignore() {
        throw argument_error{
            "ignore: wanted the headings of columns to leave out, or True for all that no keyword names"};
    }

    [[noreturn]] void refuse_unknown(const std::vector<std::size_t>& unknown) const {
        std::string known;
        for (const auto& one : how_->fields) known += (known.empty() ? "" : ", ") + std::string{one.name};
        const auto* const are = unknown.size() == 1 ? " is" : " are";
        throw column_error{"the table's " + told(unknown) + are +
                           " neither used nor in ignore=. Headings that are known, also by "
                           "their Vietnamese names: " +
                           known +
                           ". Name other columns by these keywords, or leave them "
                           "out by ignore=[…], or by ignore=True all that no keyword names"};
    }

    const arrow_table* table_;
    const column_arguments* how_;
    std::vector<std::size_t> field_of_;  // each column's; nothing, or left_out
    std::vector<bool> is_taken_;         // each field, by a column or a value for all rows
    std::vector<chosen_column> chosen_;
    bool is_all_ignored_;
    bool has_headings_ = false;
};

}  // namespace

std::vector<chosen_column> choose_columns(const arrow_table& table, const column_arguments& how) {
    choice made{table, how};
    made.take_named();
    made.leave_out_ignored();
    made.take_recognized();
    return std::move(made).result();
}

std::string text_of(nb::handle text) {
    const auto bytes = nb::borrow<nb::bytes>(taken(PyUnicode_AsEncodedString(text.ptr(), "utf-8", "surrogatepass")));
    return {bytes.c_str(), bytes.size()};
}

}  // namespace xacthuc::python
