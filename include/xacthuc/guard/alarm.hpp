// SPDX-License-Identifier: Apache-2.0
// What looks like an attack, for the operator: never told to agencies.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// Stable numbers. What `number` and `limit` of an alarm count.
enum class alarm_reason : std::uint8_t {
    surge = 1,             // questions of an agency far faster than its usual day; how many of them beyond
    subjects_a_day = 2,    // different citizens that an agency asked about today
    subjects_a_year = 3,   // and in thirteen months
    officer_subjects = 4,  // different citizens that one officer asked about today; `subject` is the officer
    misses = 5,            // failed questions of an agency lately, per mille
    budgets_used_up = 6,   // questions of an agency today that came after the citizen's misses were used up
    heavy_subject = 7,     // questions about one citizen today; `subject` is the citizen
    decoy = 8,             // one question about a citizen that nobody has reason to ask about
    table_full = 9,        // questions or proofs that were refused because a table of the guards is full
};
inline constexpr std::size_t alarm_reason_count = 9;

// "surge", "subjects_a_day", …: stable, used in files and reports; "" for no reason.
[[nodiscard]] XACTHUC_API std::string_view to_string(alarm_reason reason) noexcept;

// One of them. Not `alarm`: POSIX has a function of that name.
struct guard_alarm {
    std::int64_t at_unix_ms = 0;
    std::uint64_t number = 0;
    std::uint64_t limit = 0;    // that it went beyond
    std::uint64_t subject = 0;  // the citizen's id or the officer's number, where the reason is about one
    std::uint16_t agency = 0;
    alarm_reason reason{};
    bool suspended = false;  // the agency, by this alarm

    friend bool operator==(const guard_alarm&, const guard_alarm&) = default;
};

// Alarms that wait for the host. Who raises one never waits: a full queue drops it and counts it.
// Source: Vyukov, bounded MPMC queue (2010).
class alarm_queue {
  public:
    // Requires: a power of two.
    // Exceptions: std::bad_alloc; std::invalid_argument for another number.
    XACTHUC_API explicit alarm_queue(std::size_t capacity = 1024);
    XACTHUC_API ~alarm_queue();
    alarm_queue(const alarm_queue&) = delete;
    alarm_queue& operator=(const alarm_queue&) = delete;

    // Returns whether there was room.
    // Concurrency: lock-free.
    XACTHUC_API bool put(const guard_alarm& what) noexcept;
    // The oldest, or none.
    // Concurrency: lock-free.
    [[nodiscard]] XACTHUC_API std::optional<guard_alarm> take() noexcept;
    // How many found no room so far.
    [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }
    [[nodiscard]] XACTHUC_API std::size_t memory_bytes() const noexcept;

  private:
    struct cell;
    std::unique_ptr<cell[]> cells_;
    std::size_t mask_;
    alignas(64) std::atomic<std::uint64_t> next_in_{0};
    alignas(64) std::atomic<std::uint64_t> next_out_{0};
    std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace xacthuc::inline v0_1
