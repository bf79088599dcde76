// SPDX-License-Identifier: Apache-2.0
// What guards do for every question of a block, in loops without a branch: with AVX-512 for eight questions at a time,
// else for one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/guard/guard_key.hpp>
#include <xacthuc/guard/miss_budget.hpp>
#include <xacthuc/guard/subject_sketch.hpp>

namespace xacthuc::inline v0_1 {

// How many entries beyond the last one a list of numbers may be written to.
inline constexpr std::size_t list_slack = 8;

struct guard_lanes {
    // Where each asked citizen stands. Requires: a place each.
    void (*find_places)(std::span<const request> requests, const subject_place& place_of, std::uint64_t* places);
    // Lists, in order, those whose counters the filter does not clear.
    // Requires: room for all and list_slack. Returns how many they are.
    std::size_t (*list_doubted)(std::span<const std::uint64_t> places, const miss_budget::filter_view& filter,
                                std::uint16_t* doubted);
    // Lists, in order, those that were not verified. Requires, Returns: as list_doubted().
    std::size_t (*list_failed)(std::span<const verdict> verdicts, std::uint16_t* failed);
    // Lists, in order, at least those that change a register of the sketch as it stands.
    // Requires, Returns: as list_doubted().
    std::size_t (*list_growing)(std::span<const std::uint64_t> places, const subject_sketch& sketch, std::uint16_t day,
                                std::uint16_t* growing);
};

// All that this processor can use, the portable first.
[[nodiscard]] std::span<const guard_lanes> available_guard_lanes() noexcept;
// Concurrency: wait-free after the first call.
[[nodiscard]] const guard_lanes& chosen_guard_lanes() noexcept;

}  // namespace xacthuc::inline v0_1
