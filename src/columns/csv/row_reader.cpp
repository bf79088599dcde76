// SPDX-License-Identifier: Apache-2.0
#include "columns/csv/row_reader.hpp"

#include <fmt/format.h>

#include <new>

#include "columns/csv/row_extent.hpp"

namespace xacthuc::inline v0_1::csv {
namespace {

constexpr std::string_view quotes_problem = "the quotes are not as RFC 4180 has them";
constexpr std::string_view return_problem = "a carriage return without a line feed outside of quotes";
constexpr std::string_view length_problem = "the row is longer than 65536 bytes";

[[nodiscard]] std::string_view without_line_end(std::string_view raw) noexcept {
    if (raw.ends_with('\n')) raw.remove_suffix(1);
    if (raw.ends_with('\r')) raw.remove_suffix(1);
    return raw;
}

}  // namespace

row_reader::row_reader(char delimiter) : delimiter_{delimiter} {
    if (csv_init(&parser_, CSV_STRICT) != 0) throw std::bad_alloc{};
    csv_set_delim(&parser_, static_cast<unsigned char>(delimiter));
    field_text_.reserve(row_bytes_max);
}

row_reader::~row_reader() {
    csv_free(&parser_);
}

void row_reader::open(const chunk& from) noexcept {
    text_ = from.text;
    position_ = from.rows_begin;
    line_ = from.first_line;
    end_line_ = from.end_line;
}

void row_reader::on_field(void* data, std::size_t size, void* self) {
    auto& reader = *static_cast<row_reader*>(self);
    const auto begin = reader.field_text_.size();
    reader.field_text_.append(static_cast<const char*>(data), size);
    reader.fields_.emplace_back(reader.field_text_.data() + begin, size);
}

void row_reader::on_row(int, void* self) {
    ++static_cast<row_reader*>(self)->rows_ended_;
}

// Returns the problem, or nothing.
std::string_view row_reader::parse(std::string_view raw) {
    fields_.clear();
    field_text_.clear();
    rows_ended_ = 0;
    const auto used = csv_parse(&parser_, raw.data(), raw.size(), on_field, on_row, this);
    const auto status = csv_error(&parser_);
    csv_fini(&parser_, on_field, on_row, this);  // ready for the next row, whatever this one was
    if (status == CSV_ENOMEM) throw std::bad_alloc{};
    if (used != raw.size()) return quotes_problem;
    return rows_ended_ > 1 ? return_problem : std::string_view{};
}

bool row_reader::next(row& into) {
    while (position_ < text_.size()) {
        const auto rest = text_.substr(position_);
        auto extent = first_row(rest, delimiter_);
        // Only a row that was cut because it is too long has no end in its chunk, and it is alone in it.
        if (extent.shape == row_shape::unfinished) extent = {rest.size(), row_shape::too_long, 1};
        const auto raw = rest.substr(0, extent.size_bytes);
        into.line = line_;
        into.raw = without_line_end(raw);
        position_ += extent.size_bytes;
        line_ = position_ == text_.size() ? end_line_ : line_ + extent.line_count;
        into.fields = {};
        into.problem = extent.shape == row_shape::too_long     ? length_problem
                       : extent.shape == row_shape::bad_quotes ? quotes_problem
                                                               : parse(raw);
        if (into.problem.empty()) {
            if (rows_ended_ == 0) continue;
            into.fields = fields_;
        } else if (line_ > into.line + 1) {
            // A stray quote takes every line up to the next one with it: that has to be seen.
            problem_text_ = fmt::format("{}; the row goes on to line {}", into.problem, line_ - 1);
            into.problem = problem_text_;
        }
        return true;
    }
    return false;
}

}  // namespace xacthuc::inline v0_1::csv
