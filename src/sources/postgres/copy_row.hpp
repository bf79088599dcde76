// SPDX-License-Identifier: Apache-2.0
// A row as COPY … TO writes it in its text format: cells between tabs, \N for null, a few characters behind a
// backslash.
#pragma once

#include <span>
#include <vector>

#include "sources/row_cell.hpp"

namespace xacthuc::inline v0_1::postgres {

// Splits a row, with or without the line feed at its end. Backslashes are taken out where they stand, so the cells are
// views of the row.
// Returns false where a backslash is followed by nothing, or by what COPY TO never writes.
// Concurrency: any thread.
[[nodiscard]] bool split_copy_row(std::span<char> row, std::vector<sources::row_cell>& into);

}  // namespace xacthuc::inline v0_1::postgres
