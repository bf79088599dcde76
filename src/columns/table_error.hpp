// SPDX-License-Identifier: Apache-2.0
// What is thrown where a table of another program cannot be read. Words quote headings at most, never a cell.
#pragma once

#include <stdexcept>
#include <xacthuc/domain/error.hpp>

namespace xacthuc::inline v0_1::columns {

// A table that is not put together as the Arrow specification says: a missing buffer, an offset that runs backwards.
struct arrow_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A column that is not there, or whose type holds no such thing.
struct column_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace xacthuc::inline v0_1::columns
