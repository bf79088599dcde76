// SPDX-License-Identifier: Apache-2.0
#include "columns/arrow_rows.hpp"

#include <string_view>

#include "columns/table_error.hpp"

namespace xacthuc::inline v0_1::columns {
namespace {

constexpr std::int64_t columns_max = 1 << 20;

}  // namespace

table_schema table_schema::of(const ArrowSchema& schema) {
    table_schema made;
    if (schema.format == nullptr) throw arrow_error{"the table's schema has no format"};
    if (std::string_view{schema.format} != "+s")
        throw column_error{"wanted a table, and this is a column by itself: " + column_type::of(schema).words};
    if (schema.n_children < 0 || schema.n_children > columns_max ||
        (schema.n_children > 0 && schema.children == nullptr))
        throw arrow_error{"a schema of " + std::to_string(schema.n_children) + " columns"};
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
        const auto* const child = schema.children[i];
        if (child == nullptr) throw arrow_error{"column " + std::to_string(i) + " has no schema"};
        made.names.emplace_back(child->name == nullptr ? "" : child->name);
        made.types.push_back(column_type::of(*child));
    }
    return made;
}

batch_rows::batch_rows(const ArrowArray& array, std::size_t columns) : array_{&array} {
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

arrow_column batch_rows::column(std::size_t position, const column_type& type, const std::string& name) const {
    const auto* const child = array_->children[position];
    if (child == nullptr) throw arrow_error{"column '" + name + "' is missing from a batch"};
    return {type, *child, array_->offset + array_->length, name};
}

bool batch_rows::is_null(std::int64_t row) const noexcept {
    const auto* const validity = static_cast<const unsigned char*>(array_->buffers[0]);
    const auto at = array_->offset + row;
    return validity != nullptr && (validity[at >> 3] >> (at & 7) & 1U) == 0;
}

}  // namespace xacthuc::inline v0_1::columns
