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
    if (!has_attribute(from, "__arrow_c_stream__")) {
        const bool is_path = nb::isinstance<nb::str>(from) || has_attribute(from, "__fspath__");
        throw column_error{
            "wanted a table with the Arrow PyCapsule interface (pyarrow, Polars, DuckDB, pandas 2.2 or "
            "later), not " +
            std::string{nb::type_name(from.type()).c_str()} +
            (is_path                          ? "; read the file first, as polars.read_csv(path, infer_schema=False)"
             : nb::isinstance<nb::dict>(from) ? "; pyarrow.table(…) makes one of columns in a dict"
             : nb::isinstance<nb::list>(from) ? "; pyarrow.Table.from_pylist(…) makes one of rows in a list"
                                              : "")};
    }
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

arrow_table::arrow_table(nb::handle from) {
    auto got = ask(from);
    schema_ = columns::table_schema::of(*got.schema);
    is_reader_ = has_attribute(from, "read_next_batch");
    stream_ = std::move(got.stream);
    only_ = std::move(got.array);
}

std::vector<std::size_t> arrow_table::positions(std::string_view heading) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < schema_.names.size(); ++i)
        if (schema_.names[i] == heading) found.push_back(i);
    const auto plain = plain_heading(heading);
    if (!found.empty() || plain.empty()) return found;
    for (std::size_t i = 0; i < schema_.names.size(); ++i)
        if (plain_heading(schema_.names[i]) == plain) found.push_back(i);
    return found;
}

std::vector<arrow_batch> arrow_table::next(std::int64_t rows_wanted) {
    std::vector<arrow_batch> batches;
    for (std::int64_t rows = 0; rows < rows_wanted;) {
        auto array = next_of(stream_, only_);
        if (array.is_released()) break;
        is_begun_ = true;
        arrow_batch batch{std::move(array)};
        static_cast<void>(batch.view(schema_.names.size()));
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
