// SPDX-License-Identifier: Apache-2.0
#include "pickling.hpp"

#include <nanobind/stl/unique_ptr.h>

#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <xacthuc/domain/request_field.hpp>

#include "arguments.hpp"
#include "errors.hpp"
#include "python_text.hpp"

namespace xacthuc::python {
namespace {

constexpr std::size_t no_field = 255;

[[noreturn]] void refuse() {
    throw argument_error{"these are no values of answers or counts that this version of xacthuc has made"};
}

// A problem's field is one of these names, or empty.
[[nodiscard]] std::size_t number_of(std::string_view field) {
    for (std::size_t i = 0; i < request_field_count; ++i)
        if (to_string(static_cast<request_field>(i)) == field) return i;
    return no_field;
}

[[nodiscard]] std::uint64_t number(nb::handle from, std::uint64_t most = UINT64_MAX) {
    return whole_number(from, "a pickled value", 0, most);
}

[[nodiscard]] nb::tuple part(const nb::tuple& from, std::size_t position) {
    if (!nb::isinstance<nb::tuple>(from[position])) refuse();
    return nb::borrow<nb::tuple>(from[position]);
}

void take_problems(const nb::tuple& from, answer_data& into) {
    for (const auto one : from) {
        if (!nb::isinstance<nb::tuple>(one) || nb::len(one) != 3) refuse();
        const auto values = nb::borrow<nb::tuple>(one);
        const auto field = number(values[1], no_field);
        into.problems.push_back({number(values[0]),
                                 field < request_field_count ? to_string(static_cast<request_field>(field)) : "",
                                 static_cast<int>(number(values[2], 100'000))});
    }
}

[[nodiscard]] answers answers_of_values(const nb::tuple& values) {
    if (nb::len(values) != 5 || !nb::isinstance<nb::bytes>(values[0])) refuse();
    const auto bytes = nb::borrow<nb::bytes>(values[0]);
    if (bytes.size() % sizeof(verdict) != 0) refuse();
    auto made = std::make_shared<answer_data>(std::make_shared<page_pool>());
    const auto verdicts = made->verdicts.grow(bytes.size() / sizeof(verdict));
    if (!verdicts.empty()) std::memcpy(static_cast<void*>(verdicts.data()), bytes.c_str(), bytes.size());
    take_problems(part(values, 1), *made);
    made->claims = static_cast<claim_mask>(number(values[2], all_claims));
    made->as_of.sequence = number(values[3]);
    made->as_of.as_of_unix_ms = static_cast<std::int64_t>(number(values[4], INT64_MAX));
    return {std::move(made)};
}

[[nodiscard]] std::unique_ptr<counts> counts_of_values(const nb::tuple& values) {
    if (nb::len(values) != 2) refuse();
    auto made = std::make_unique<counts>();
    for (const auto dimension : part(values, 0))
        made->dimensions.push_back(static_cast<tally_dimension>(number(dimension, tally_dimension_count - 1)));
    for (const auto one : part(values, 1)) {
        if (!nb::isinstance<nb::tuple>(one) || nb::len(one) != made->dimensions.size() + 1) refuse();
        const auto row = nb::borrow<nb::tuple>(one);
        auto& cell = made->cells.emplace_back();
        for (std::size_t d = 0; d < made->dimensions.size(); ++d)
            cell.values.push_back(static_cast<std::uint32_t>(number(row[d], UINT32_MAX)));
        if (!row[made->dimensions.size()].is_none()) cell.count = number(row[made->dimensions.size()]);
    }
    return made;
}

}  // namespace

nb::tuple values_of(const answers& from) {
    const auto verdicts = from.data->verdicts.all();
    nb::list problems;
    for (const auto& one : from.data->problems)
        problems.append(nb::make_tuple(one.row, number_of(one.field), one.code));
    return nb::make_tuple(nb::bytes{verdicts.data(), verdicts.size_bytes()}, nb::tuple{problems}, from.data->claims,
                          from.data->as_of.sequence, from.data->as_of.as_of_unix_ms);
}

nb::tuple values_of(const counts& from) {
    nb::list dimensions;
    for (const auto dimension : from.dimensions) dimensions.append(static_cast<unsigned>(dimension));
    nb::list cells;
    for (const auto& cell : from.cells) {
        nb::list row;
        for (const auto value : cell.values) row.append(value);
        row.append(cell.count ? nb::object{nb::int_{*cell.count}} : nb::none());
        cells.append(nb::tuple{row});
    }
    return nb::make_tuple(nb::tuple{dimensions}, nb::tuple{cells});
}

void define_pickling(nb::module_& module) {
    module.def("answers_of_values", &answers_of_values, nb::arg("values"));
    module.def("counts_of_values", &counts_of_values, nb::arg("values"));
}

}  // namespace xacthuc::python
