// SPDX-License-Identifier: Apache-2.0
#include "counts.hpp"

#include <nanobind/stl/string.h>

#include <cstring>
#include <string>
#include <utility>

#include "arrow_output.hpp"
#include "column_choice.hpp"
#include "errors.hpp"
#include "interpreter.hpp"
#include "pickling.hpp"
#include "presence.hpp"
#include "python_text.hpp"

namespace xacthuc::python {
namespace {

[[nodiscard]] tally_dimension dimension_of(const std::string& name) {
    std::string all;
    for (std::size_t i = 0; i < tally_dimension_count; ++i) {
        const auto one = static_cast<tally_dimension>(i);
        if (to_string(one) == name) return one;
        all += (i == 0 ? "" : ", ") + std::string{to_string(one)};
    }
    throw argument_error{"count_by: there is no dimension '" + name + "'; there are " + all};
}

void set_bit(std::vector<std::byte>& bits, std::size_t position) {
    bits[position / 8] |= std::byte{1} << static_cast<int>(position % 8);
}

[[nodiscard]] output_batch rows_of(const counts& from, std::uint64_t first, std::uint64_t count) {
    const auto cells = std::span{from.cells}.subspan(first, count);
    output_batch batch;
    batch.rows = static_cast<std::int64_t>(count);
    for (std::size_t d = 0; d < from.dimensions.size(); ++d) {
        std::vector<std::string> texts;
        std::vector<std::byte> validity((count + 7) / 8);
        std::int64_t nulls = 0;
        for (std::size_t i = 0; i < count; ++i) {
            texts.push_back(to_text(from.dimensions[d], cells[i].values[d]));
            if (texts.back().empty()) {
                ++nulls;
            } else {
                set_bit(validity, i);
            }
        }
        const std::vector<std::string_view> views{texts.begin(), texts.end()};
        auto& column = batch.columns.emplace_back(text_column(views));
        column.validity = std::move(validity);
        column.null_count = nulls;
    }
    auto& column = batch.columns.emplace_back();
    column.values.resize(count * sizeof(std::int64_t));
    column.validity.resize((count + 7) / 8);
    for (std::size_t i = 0; i < count; ++i) {
        const auto value = static_cast<std::int64_t>(cells[i].count.value_or(0));
        std::memcpy(column.values.data() + i * sizeof value, &value, sizeof value);
        if (cells[i].count) {
            set_bit(column.validity, i);
        } else {
            ++column.null_count;
        }
    }
    return batch;
}

[[nodiscard]] std::shared_ptr<const output_table> table_of(nb::handle self) {
    const auto& from = nb::cast<const counts&>(self);
    auto table = std::make_shared<output_table>();
    table->rows = from.cells.size();
    for (const auto dimension : from.dimensions)
        table->types.push_back({std::string{to_string(dimension)}, "u", {}, true});
    table->types.push_back({"count", "l", {}, true});
    table->rows_from = [copy = from](std::uint64_t first, std::uint64_t count) { return rows_of(copy, first, count); };
    return table;
}

[[nodiscard]] nb::object text_or_none(tally_dimension dimension, std::uint32_t value) {
    const auto text = to_text(dimension, value);
    return text.empty() ? nb::none() : nb::object{python_text(text)};
}

[[nodiscard]] nb::list rows(const counts& from) {
    nb::list made;
    for (const auto& cell : from.cells) {
        nb::list row;
        for (std::size_t d = 0; d < from.dimensions.size(); ++d)
            row.append(text_or_none(from.dimensions[d], cell.values[d]));
        row.append(cell.count ? nb::object{nb::int_{*cell.count}} : nb::none());
        made.append(nb::tuple{row});
    }
    return made;
}

}  // namespace

std::unique_ptr<counts> count_by(const citizen_index& index, nb::handle dimensions, std::uint64_t count_min,
                                 std::uint64_t round_to, working_threads& threads) {
    auto made = std::make_unique<counts>();
    for (const auto name : dimensions) {
        if (!nb::isinstance<nb::str>(name)) throw argument_error{"count_by: wanted names of dimensions"};
        made->dimensions.push_back(dimension_of(text_of(name)));
    }
    tally_options how;
    how.threads = threads.count();
    how.count_min = count_min;
    how.round_to = round_to;
    how.report = [&threads](std::size_t done) { threads.report(done); };
    {
        const lock_released others_may_run;
        made->cells = take(xacthuc::count_by(index, made->dimensions, how));
    }
    return made;
}

void define_counts(nb::module_& module) {
    nb::class_<counts> type{module, "Counts",
                            "Counts of citizens, a table: pl.DataFrame(counts), pa.table(counts) and DuckDB take it as "
                            "it is. Null where a count is too small to be told, and where the register does not know a "
                            "value."};
    define_display(type, "counts");
    define_travel(type, "counts");
    type.def(
        "values", [](const counts& self) { return values_of(self); },
        nb::sig("def values(self) -> tuple[tuple[int, ...], tuple[tuple[int | None, ...], ...]]"),
        "All that is in them, as plain values: what a pickle has.");
    type.def_prop_ro(
        "dimensions",
        [](const counts& self) {
            nb::list names;
            for (const auto dimension : self.dimensions) names.append(python_text(to_string(dimension)));
            return nb::tuple{names};
        },
        nb::sig("def dimensions(self) -> tuple[str, ...]"), "What was counted by, in this order.");
    type.def("__len__", [](const counts& self) { return self.cells.size(); });
    type.def("rows", &rows, nb::sig("def rows(self) -> list[tuple[str | int | None, ...]]"),
             "A tuple for each cell: its values, and the count or None.");
    type.def(
        "__arrow_c_schema__", [](nb::handle self) { return schema_capsule(*table_of(self)); },
        nb::sig("def __arrow_c_schema__(self) -> object"));
    type.def(
        "__arrow_c_stream__", [](nb::handle self, const nb::object&) { return stream_capsule(table_of(self)); },
        nb::arg("requested_schema") = nb::none(),
        nb::sig("def __arrow_c_stream__(self, requested_schema: object | None = None) -> object"));
}

}  // namespace xacthuc::python
