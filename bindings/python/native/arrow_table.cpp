// SPDX-License-Identifier: Apache-2.0
#include "arrow_table.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <xacthuc/domain/heading.hpp>

#include "column_choice.hpp"
#include "errors.hpp"
#include "interpreter.hpp"

namespace xacthuc::python {
namespace {

constexpr std::int64_t columns_max = 1 << 20;

template <class Structure>
[[nodiscard]] arrow_owner<Structure> from_capsule(nb::handle capsule, const char* kind) {
    if (PyCapsule_IsValid(capsule.ptr(), kind) == 0)
        throw arrow_error{std::string{"the table handed out something that is no capsule of an "} + kind};
    auto& held = *static_cast<Structure*>(PyCapsule_GetPointer(capsule.ptr(), kind));
    if (held.release == nullptr) throw arrow_error{std::string{"the "} + kind + " has been used already"};
    return arrow_owner<Structure>{held};
}

struct handed_out {
    arrow_owner<ArrowSchema> schema;
    arrow_owner<ArrowArray> array;         // either this
    arrow_owner<ArrowArrayStream> stream;  // or this
};

// What another library says of what went wrong, without what it may quote of the rows: whatever is between quotation
// marks, long numbers, letters beyond ASCII, and all but the first line.
[[nodiscard]] std::string without_cells(std::string_view text) {
    constexpr std::size_t bytes_max = 300;
    constexpr std::size_t digits_max = 4;
    constexpr std::string_view marks = "'\"`";
    text = text.substr(0, std::min({text.find('\n'), bytes_max, text.size()}));
    std::string told;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto mark = marks.find(text[i]);
        const auto digits = std::min(text.find_first_not_of("0123456789", i), text.size()) - i;
        if (mark != std::string_view::npos) {
            const auto last = text.rfind(marks[mark]);  // a name may have some of them in it
            i = last == i ? text.size() : last;
            told += "…";
        } else if (digits > digits_max) {
            i += digits - 1;
            told += "…";
        } else if (static_cast<unsigned char>(text[i]) < 0x80) {
            told += text[i];
        } else if (!told.ends_with("…")) {
            told += "…";
        }
    }
    return told;
}

[[nodiscard]] std::string error_of(ArrowArrayStream& stream, int code) {
    const char* const text =
        stream.get_last_error == nullptr ? nullptr : or_stay([&] { return stream.get_last_error(&stream); });
    return text != nullptr ? without_cells(text) : "error " + std::to_string(code);
}

// Calls the method by which a table is handed out. What the table itself raises comes through; what pyarrow raises
// while it makes columns of objects would quote a row.
[[nodiscard]] nb::object hand_out(nb::handle from, const char* method) {
    const among_others inside;
    try {
        return call_python(attribute(from, method));
    } catch (nb::python_error& error) {
        const auto module = attribute(error.type(), "__module__");
        if (!nb::isinstance<nb::str>(module) || !text_of(module).starts_with("pyarrow")) throw;
        const auto text = taken(or_stay([&] { return PyObject_Str(error.value().ptr()); }));
        throw arrow_error{"the table could not be handed over, pyarrow says: " + without_cells(text_of(text)) +
                          " (pyarrow.table(…) of it says more, and may quote a row)"};
    }
}

[[nodiscard]] handed_out ask(nb::handle from) {
    handed_out got;
    if (has_attribute(from, "__arrow_c_array__")) {
        const auto pair = nb::borrow<nb::sequence>(hand_out(from, "__arrow_c_array__"));
        if (nb::len(pair) != 2) throw arrow_error{"__arrow_c_array__ did not give a schema and an array"};
        got.schema = from_capsule<ArrowSchema>(pair[0], "arrow_schema");
        got.array = from_capsule<ArrowArray>(pair[1], "arrow_array");
        return got;
    }
    if (!has_attribute(from, "__arrow_c_stream__"))
        throw column_error{
            "wanted a table with the Arrow PyCapsule interface (pyarrow, Polars, DuckDB, pandas 2.2 or "
            "later), not " +
            std::string{nb::type_name(from.type()).c_str()}};
    const nb::object capsule = hand_out(from, "__arrow_c_stream__");
    got.stream = from_capsule<ArrowArrayStream>(capsule, "arrow_array_stream");
    if (got.stream->get_schema == nullptr || got.stream->get_next == nullptr)
        throw arrow_error{"the stream has no functions"};
    int code = 0;
    {
        const among_others inside;
        const lock_released others_may_run;
        code = or_stay([&] { return got.stream->get_schema(got.stream.get(), got.schema.get()); });
    }
    if (code != 0) throw arrow_error{"the table gives no schema: " + error_of(*got.stream.get(), code)};
    if (got.schema.is_released()) throw arrow_error{"the table's schema has been released already"};
    return got;
}

// A released array when the stream has ended.
[[nodiscard]] arrow_owner<ArrowArray> next_of(arrow_owner<ArrowArrayStream>& stream, arrow_owner<ArrowArray>& only) {
    if (stream.is_released()) return std::exchange(only, {});
    arrow_owner<ArrowArray> array;
    int code = 0;
    {
        const among_others inside;
        const lock_released others_may_run;
        code = or_stay([&] { return stream->get_next(stream.get(), array.get()); });
    }
    if (code != 0) throw arrow_error{"the table could not be read on: " + error_of(*stream.get(), code)};
    return array;
}

}  // namespace

bool speaks_arrow(nb::handle what) {
    return has_attribute(what, "__arrow_c_array__") || has_attribute(what, "__arrow_c_stream__");
}

arrow_batch::arrow_batch(arrow_owner<ArrowArray> array, std::size_t columns) : array_{std::move(array)} {
    constexpr std::int64_t rows_max = std::int64_t{1} << 48;
    if (array_->length < 0 || array_->length > rows_max || array_->offset < 0 || array_->offset > rows_max)
        throw arrow_error{"a batch of " + std::to_string(array_->length) + " rows at " +
                          std::to_string(array_->offset)};
    if (array_->n_children != static_cast<std::int64_t>(columns) || (columns > 0 && array_->children == nullptr))
        throw arrow_error{"a batch of " + std::to_string(array_->n_children) + " columns in a table of " +
                          std::to_string(columns)};
    if (array_->n_buffers != 1 || array_->buffers == nullptr)
        throw arrow_error{"a batch with " + std::to_string(array_->n_buffers) + " buffers of its own"};
}

arrow_column arrow_batch::column(std::size_t position, const column_type& type, const std::string& name) const {
    const auto* const child = array_->children[position];
    if (child == nullptr) throw arrow_error{"column '" + name + "' is missing from a batch"};
    return {type, *child, array_->offset + array_->length, name};
}

bool arrow_batch::is_null(std::int64_t row) const noexcept {
    const auto* const validity = static_cast<const unsigned char*>(array_->buffers[0]);
    const auto at = array_->offset + row;
    return validity != nullptr && (validity[at >> 3] >> (at & 7) & 1U) == 0;
}

arrow_table::arrow_table(nb::handle from) {
    auto got = ask(from);
    read_schema(*got.schema);
    is_reader_ = has_attribute(from, "read_next_batch");
    stream_ = std::move(got.stream);
    only_ = std::move(got.array);
}

void arrow_table::read_schema(const ArrowSchema& schema) {
    if (schema.format == nullptr) throw arrow_error{"the table's schema has no format"};
    if (std::string_view{schema.format} != "+s")
        throw column_error{"wanted a table, and this is a column by itself: " + column_type::of(schema).words};
    if (schema.n_children < 0 || schema.n_children > columns_max ||
        (schema.n_children > 0 && schema.children == nullptr))
        throw arrow_error{"a schema of " + std::to_string(schema.n_children) + " columns"};
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
        const auto* const child = schema.children[i];
        if (child == nullptr) throw arrow_error{"column " + std::to_string(i) + " has no schema"};
        names_.emplace_back(child->name == nullptr ? "" : child->name);
        types_.push_back(column_type::of(*child));
    }
}

std::vector<std::size_t> arrow_table::positions(std::string_view heading) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < names_.size(); ++i)
        if (names_[i] == heading) found.push_back(i);
    const auto plain = plain_heading(heading);
    if (!found.empty() || plain.empty()) return found;
    for (std::size_t i = 0; i < names_.size(); ++i)
        if (plain_heading(names_[i]) == plain) found.push_back(i);
    return found;
}

std::vector<arrow_batch> arrow_table::next(std::int64_t rows_wanted) {
    std::vector<arrow_batch> batches;
    for (std::int64_t rows = 0; rows < rows_wanted;) {
        auto array = next_of(stream_, only_);
        if (array.is_released()) break;
        is_begun_ = true;
        arrow_batch batch{std::move(array), names_.size()};
        if (batch.rows() == 0) continue;
        rows += batch.rows();
        batches.push_back(std::move(batch));
    }
    if (is_reader_ && !is_begun_)
        throw arrow_error{
            "the reader has no rows: it was read to its end before, or never had any. A reader can be read "
            "once only; hand over the table, or a new reader"};
    return batches;
}

arrow_series::arrow_series(nb::handle from, std::string name) {
    auto got = ask(from);
    if (got.schema->format != nullptr && std::string_view{got.schema->format} == "+s")
        throw column_error{name + ": wanted one column, and this is a table"};
    type_ = column_type::of(*got.schema);
    for (;;) {
        auto array = next_of(got.stream, got.array);
        if (array.is_released()) break;
        const auto rows = array->length;
        arrow_column cells{type_, *array, rows < 0 ? 0 : rows, name};
        rows_ += rows;
        arrays_.push_back(std::move(array));
        // The array's pointers stay what they are when its owner moves.
        chunks_.push_back({std::move(cells), rows});
    }
}

}  // namespace xacthuc::python
