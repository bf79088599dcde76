// SPDX-License-Identifier: Apache-2.0
// How many citizens there are of each kind: the only thing that a register tells without a question about one person.
//
// What a table of counts can give away, and what is done about it:
//   small cells     a count below count_min is not told, and 0 is a small count like any other: cells are listed for
//                   all values that occur, in every combination, whether anybody is in them or not
//   differences     one could subtract the known cells from the total of a group, and get the hidden one. So every
//                   count is rounded to a multiple of round_to, each by itself, and they do not add up exactly
//   trackers        ages are by calendar year and in fixed bands, and there is no filter: nobody can ask for nearly the
//                   same people twice by moving a boundary by a day
// What is not done: when one citizen changes, a rounded count may change too, and show it. Counts for publication are
// better taken at intervals in which many citizens change.
// Source: the rounding and suppression rules of statistics offices, such as Eurostat's Guidelines for Statistical
// Disclosure Control Methods Applied on Geo-Referenced Data (2024) and HESA's standard rounding methodology.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/index/citizen_index.hpp>

namespace xacthuc::inline v0_1 {

// By what citizens can be told apart. Values of 0 are "the register does not know".
enum class tally_dimension : std::uint8_t {
    province = 0,  // of residence, its code
    ward,          // of residence, its code
    sex,           // as in enum class sex, and so on
    age_band,      // 1 for ages 0 to 9, 2 for 10 to 19, …, 11 for 100 and above: birth year from the register's year
    life,
    registration,
    account_level,
    account,
    document,
};
inline constexpr std::size_t tally_dimension_count = 9;

// "province", "ward", "sex", …: stable.
[[nodiscard]] XACTHUC_API std::string_view to_string(tally_dimension dimension) noexcept;
// A value as people and files have it: "01", "female", "30-39", "active"; empty for 0.
[[nodiscard]] XACTHUC_API std::string to_text(tally_dimension dimension, std::uint32_t value);

// What is counted, and what is told of small counts.
struct tally_options {
    unsigned threads = 1;
    std::uint64_t count_min = 10;
    std::uint64_t round_to = 5;
    // Called now and then with partitions done of partition_count, always by the calling thread; may be empty. What it
    // throws ends the call.
    std::function<void(std::size_t)> report{};
};

// The citizens of one combination of values.
struct tally_cell {
    std::vector<std::uint32_t> values;   // in the order of the dimensions
    std::optional<std::uint64_t> count;  // none: below count_min
};

inline constexpr std::size_t tally_cells_max = 4'000'000;

// Counts the citizens of an index by these dimensions. Numbers that were replaced by another one are left out, so that
// nobody counts twice. The deceased count too; `life` tells them apart.
// Returns the cells in the order of their values. A ward comes with the one province that it lies in.
// Complexity: reads the whole index once; copies one partition a thread at a time.
// Concurrency: readers and writers may run. Each partition is counted as it was at one moment, but not all at the same
// moment.
// Errors: code_range when there are no dimensions, one comes twice or is none of them, round_to or count_min is 0, or
// there are more than tally_cells_max cells; damaged_record; partition_elsewhere.
[[nodiscard]] XACTHUC_API detailed_result<std::vector<tally_cell>> count_by(const citizen_index& index,
                                                                            std::span<const tally_dimension> dimensions,
                                                                            const tally_options& how = {});

}  // namespace xacthuc::inline v0_1
