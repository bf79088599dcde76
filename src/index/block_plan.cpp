// SPDX-License-Identifier: Apache-2.0
#include "index/block_plan.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace xacthuc::inline v0_1 {
namespace {

// More citizens than this in one partition are not chance: with a random seed one register in thousands has such a
// partition.
[[nodiscard]] std::uint64_t chance_max(std::uint64_t total, std::size_t partitions) noexcept {
    const auto mean = static_cast<double>(total) / static_cast<double>(partitions);
    return static_cast<std::uint64_t>(std::ceil(mean + 6 * std::sqrt(mean) + 6));
}

// What all regular partitions need at least, and what they are given.
struct regular_size {
    std::uint64_t least_lines;
    std::uint64_t wanted_lines;
};

[[nodiscard]] regular_size regular_size_for(std::span<const std::uint64_t> records, double load) noexcept {
    std::uint64_t total = 0;
    for (const auto one : records) total += one;
    const auto limit = chance_max(total, records.size());
    std::uint64_t regular_total = 0;
    std::uint64_t fullest = 0;
    for (const auto one : records) {
        if (one > limit) continue;
        regular_total += one;
        fullest = std::max(fullest, one);
    }
    const auto least = lines_for(fullest, block_load_max);
    return {least, std::max(least, lines_for(regular_total, load * static_cast<double>(records.size())))};
}

[[nodiscard]] bool is_too_large(std::uint64_t lines, std::uint64_t wanted) noexcept {
    return lines > wanted + wanted / 4 + 1;
}

// Each partition's lines, those of an outlier by `lines_of`(partition, lines that its records need at least).
template <class LinesOf>
[[nodiscard]] detailed_result<block_plan> plan_with(std::span<const std::uint64_t> records, std::uint64_t regular_lines,
                                                    const LinesOf& lines_of) {
    block_plan made{regular_lines, {}};
    made.lines.reserve(records.size());
    for (std::size_t p = 0; p < records.size(); ++p) {
        const auto least = lines_for(records[p], block_load_max);
        const auto lines = least <= regular_lines ? regular_lines : lines_of(p, least);
        if (lines > table_word::line_count_max)
            return failure{errc::index_full,
                           "partition " + std::to_string(p) + " would hold " + std::to_string(records[p]) + " records"};
        made.lines.push_back(static_cast<std::uint32_t>(lines));
    }
    return made;
}

}  // namespace

detailed_result<block_plan> plan_blocks(std::span<const std::uint64_t> records, double load) {
    return plan_with(records, regular_size_for(records, load).wanted_lines,
                     [&](std::size_t p, std::uint64_t least) { return std::max(least, lines_for(records[p], load)); });
}

detailed_result<block_plan> adapt_blocks(std::span<const std::uint32_t> lines_now,
                                         std::span<const std::uint64_t> records) {
    const std::uint64_t now = majority(lines_now.size(), [&](std::size_t p) { return lines_now[p]; });
    const auto [least, wanted] = regular_size_for(records, block_load_wanted);
    const auto regular = now < least || is_too_large(now, wanted) ? wanted : now;
    return plan_with(records, regular, [&](std::size_t p, std::uint64_t least_here) -> std::uint64_t {
        const auto wanted_here = lines_for(records[p], block_load_wanted);
        if (lines_now[p] < least_here || is_too_large(lines_now[p], wanted_here)) return wanted_here;
        return lines_now[p];
    });
}

}  // namespace xacthuc::inline v0_1
