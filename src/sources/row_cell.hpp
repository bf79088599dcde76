// SPDX-License-Identifier: Apache-2.0
// A cell of a row of some database's table, as a feed of its changes has it.
#pragma once

#include <cstdint>
#include <string_view>

namespace xacthuc::inline v0_1::sources {

// A value that the database holds outside of its row and that was not changed may come without its text.
struct row_cell {
    enum class kind : std::uint8_t { null, unchanged, text };

    kind is = kind::null;
    std::string_view text{};

    friend bool operator==(const row_cell&, const row_cell&) = default;
};

// How a column's values are written where that is not how they are meant: char(n) with blanks after them, numbers
// without zeros before them, truth values as t and f.
enum class cell_form : std::uint8_t { text, blank_padded, whole_number, truth };

}  // namespace xacthuc::inline v0_1::sources
