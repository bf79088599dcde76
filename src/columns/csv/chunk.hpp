// SPDX-License-Identifier: Apache-2.0
// A piece of a CSV text that several threads can parse beside others of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace xacthuc::inline v0_1::csv {

// Whole rows, the last one ended by a line feed even where the file's last one is not.
struct chunk {
    std::uint64_t sequence = 0;    // 0, 1, 2, … in the order of the file
    std::uint64_t first_line = 1;  // number of the line that `rows` starts with, from 1
    std::uint64_t end_line = 1;    // of the line after the last, counting those that a row was cut by
    std::string text;
    std::size_t rows_begin = 0;  // where the rows start in `text`

    [[nodiscard]] std::string_view rows() const noexcept { return std::string_view{text}.substr(rows_begin); }
};

}  // namespace xacthuc::inline v0_1::csv
