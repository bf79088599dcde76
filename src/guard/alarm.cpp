// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <xacthuc/guard/alarm.hpp>

#include "domain/contract.hpp"

namespace xacthuc::inline v0_1 {

std::string_view to_string(alarm_reason reason) noexcept {
    switch (reason) {
        case alarm_reason::surge:
            return "surge";
        case alarm_reason::subjects_a_day:
            return "subjects_a_day";
        case alarm_reason::subjects_a_year:
            return "subjects_a_year";
        case alarm_reason::officer_subjects:
            return "officer_subjects";
        case alarm_reason::misses:
            return "misses";
        case alarm_reason::budgets_used_up:
            return "budgets_used_up";
        case alarm_reason::heavy_subject:
            return "heavy_subject";
        case alarm_reason::decoy:
            return "decoy";
        case alarm_reason::table_full:
            return "table_full";
    }
    return "";
}

// `turn` says whose the cell is: n while the n-th alarm may be put there, n + 1 while it may be taken.
struct alarm_queue::cell {
    std::atomic<std::uint64_t> turn{0};
    guard_alarm content;
};

alarm_queue::alarm_queue(std::size_t capacity) : mask_{capacity - 1} {
    contract::holds("alarm_queue", std::has_single_bit(capacity), "a capacity that is no power of two");
    cells_ = std::make_unique<cell[]>(capacity);
    for (std::size_t i = 0; i < capacity; ++i) cells_[i].turn.store(i, std::memory_order_relaxed);
}
alarm_queue::~alarm_queue() = default;

std::size_t alarm_queue::memory_bytes() const noexcept {
    return (mask_ + 1) * sizeof(cell);
}

bool alarm_queue::put(const guard_alarm& what) noexcept {
    auto number = next_in_.load(std::memory_order_relaxed);
    for (;;) {
        auto& here = cells_[number & mask_];
        // Acquire pairs with take(): what was there has been copied.
        const auto turn = here.turn.load(std::memory_order_acquire);
        if (turn == number) {
            if (!next_in_.compare_exchange_weak(number, number + 1, std::memory_order_relaxed)) continue;
            here.content = what;
            here.turn.store(number + 1, std::memory_order_release);  // pairs with take()
            return true;
        }
        if (turn < number) {
            dropped_.fetch_add(1, std::memory_order_relaxed);
            return false;
        }
        number = next_in_.load(std::memory_order_relaxed);
    }
}

std::optional<guard_alarm> alarm_queue::take() noexcept {
    auto number = next_out_.load(std::memory_order_relaxed);
    for (;;) {
        auto& here = cells_[number & mask_];
        // Acquire pairs with put().
        const auto turn = here.turn.load(std::memory_order_acquire);
        if (turn == number + 1) {
            if (!next_out_.compare_exchange_weak(number, number + 1, std::memory_order_relaxed)) continue;
            const auto content = here.content;
            here.turn.store(number + mask_ + 1, std::memory_order_release);  // pairs with put()
            return content;
        }
        if (turn < number + 1) return std::nullopt;
        number = next_out_.load(std::memory_order_relaxed);
    }
}

}  // namespace xacthuc::inline v0_1
