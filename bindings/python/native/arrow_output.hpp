// SPDX-License-Identifier: Apache-2.0
// Tables of ours, handed to other libraries by the Arrow PyCapsule interface.
#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "arrow_owner.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

// A column of a table that is handed out.
struct output_type {
    std::string name;
    std::string format;  // as the Arrow C data interface writes types; of indices where there are words
    std::vector<std::string_view> words;  // of a dictionary; they live for ever
    bool is_nullable = false;
};

// The values of one column of one batch.
struct output_column {
    std::vector<std::byte> values;    // bits for booleans, offsets for text
    std::vector<std::byte> text;      // what offsets point into
    std::vector<std::byte> validity;  // bits; empty where nothing is null
    std::int64_t null_count = 0;
};

struct output_batch {
    std::int64_t rows = 0;
    std::vector<output_column> columns;
};

// A table that makes its batches when they are asked for.
struct output_table {
    std::vector<output_type> types;
    std::uint64_t rows = 0;
    // Rows [first, first + count) of it, from any thread.
    std::function<output_batch(std::uint64_t first, std::uint64_t count)> rows_from;
};

// Texts without nulls, as offsets and bytes. Requires: less than 2 GiB of them.
[[nodiscard]] output_column text_column(std::span<const std::string_view> words);

// Capsules of the names that the interface wants.
[[nodiscard]] nb::object schema_capsule(const output_table& table);
[[nodiscard]] nb::object stream_capsule(std::shared_ptr<const output_table> table);

}  // namespace xacthuc::python
