// SPDX-License-Identifier: Apache-2.0
// What guards are made of. Each agency that asks has a place, with all that is kept of it:
//
//   520 words   replay window
//    24 words   two moving ratios · surge · growth of the sketches · budgets used up · when each alarm was raised
//  7168 words   sketches of today and of thirteen months
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>
#include <xacthuc/guard/guards.hpp>
#include <xacthuc/guard/miss_ratio.hpp>
#include <xacthuc/guard/officer_subjects.hpp>
#include <xacthuc/guard/replay_window.hpp>
#include <xacthuc/guard/subject_sketch.hpp>
#include <xacthuc/guard/word_table.hpp>

namespace xacthuc::inline v0_1 {

// A day and its month, as 32 bits that only grow.
struct guard_day {
    std::uint16_t day = 0;
    std::uint16_t month = 0;

    [[nodiscard]] std::uint64_t mark() const noexcept { return day_word::mark_of(day); }
    [[nodiscard]] subject_sketch::date date() const noexcept { return {day, month}; }
};
[[nodiscard]] inline std::uint16_t month_of(std::uint16_t policy_day) noexcept {
    using namespace std::chrono;
    const year_month_day date{sys_days{year{2000} / January / 1} + days{policy_day}};
    return static_cast<std::uint16_t>((static_cast<int>(date.year()) - 2000) * 12 +
                                      static_cast<int>(static_cast<unsigned>(date.month())) - 1);
}

// One agency's words.
class agency_place {
  public:
    using word = word_table::word;
    static constexpr std::size_t counters_words = 24;
    static constexpr std::size_t words = replay_window::memory_words + counters_words + subject_sketch::memory_words;

    explicit agency_place(std::span<word> memory) noexcept : words_{memory} {}

    [[nodiscard]] replay_window replay() const noexcept {
        return replay_window{words_.first(replay_window::memory_words)};
    }
    [[nodiscard]] miss_ratio misses() const noexcept { return {counter(0), counter(1)}; }
    [[nodiscard]] word& fast_misses() const noexcept { return counter(0); }
    [[nodiscard]] word& slow_misses() const noexcept { return counter(1); }
    [[nodiscard]] word& surge() const noexcept { return counter(2); }
    [[nodiscard]] word& growth() const noexcept { return counter(3); }
    [[nodiscard]] word& budgets_used_up() const noexcept { return counter(4); }
    // The day on which an alarm of this reason was last raised, plus one.
    [[nodiscard]] word& raised(alarm_reason reason) const noexcept {
        return counter(8 + static_cast<std::size_t>(reason));
    }
    [[nodiscard]] std::span<word> sketch_memory() const noexcept { return words_.last(subject_sketch::memory_words); }
    [[nodiscard]] subject_sketch sketch() const noexcept { return subject_sketch{sketch_memory()}; }

  private:
    static_assert(8 + alarm_reason_count < counters_words);
    [[nodiscard]] word& counter(std::size_t i) const noexcept { return words_[replay_window::memory_words + i]; }

    std::span<word> words_;
};

// Ids that nobody has reason to ask about. Their rows of heavy_subjects are watched, so that only what falls there is
// looked for here.
class decoy_ids {
  public:
    explicit decoy_ids(std::span<const std::uint64_t> ids) : ids_(ids.begin(), ids.end()) { std::ranges::sort(ids_); }
    [[nodiscard]] bool has(std::uint64_t id) const noexcept { return std::ranges::binary_search(ids_, id); }
    [[nodiscard]] std::span<const std::uint64_t> ids() const noexcept { return ids_; }
    [[nodiscard]] std::size_t memory_bytes() const noexcept { return ids_.size() * sizeof(std::uint64_t); }

  private:
    std::vector<std::uint64_t> ids_;
};

struct guards::impl {
    class admitting;  // the steps of one call of admit()
    class settling;   // and of settle()
    class keeping;    // what is saved and restored
    using word = word_table::word;
    using agency_places = basic_key_places<word>;

    impl(const guards_options& options, const guard_key& with_key);

    // The later of the day of this moment and of all that came before.
    [[nodiscard]] guard_day day_at(std::int64_t now_unix_ms) noexcept;
    // The place of an agency, given to it now if it has none. When all are taken the last one is everybody else's.
    [[nodiscard]] std::size_t place_of(std::uint16_t agency) noexcept;
    [[nodiscard]] bool is_shared(std::size_t place) const noexcept { return place == agency_count; }
    [[nodiscard]] agency_place at(std::size_t place) const noexcept {
        return agency_place{agency_words.words().subspan(place * agency_place::words, agency_place::words)};
    }
    [[nodiscard]] const agency_volume& volume_of(std::uint16_t agency) const noexcept {
        const auto number = volume_numbers[agency];
        return number == 0 ? options.volume_of_others : options.volumes[number - 1U];
    }

    [[nodiscard]] bool is_suspended(std::uint16_t agency) const noexcept {
        return (suspended[agency / 64].load(std::memory_order_relaxed) >> (agency % 64) & 1U) != 0;
    }
    void set_suspended(std::uint16_t agency, bool to) noexcept;

    // Once a day for each agency and reason, decoys each time.
    void raise(alarm_reason reason, std::uint16_t agency, std::uint64_t number, std::uint64_t limit,
               std::uint64_t subject, std::int64_t now_unix_ms, std::uint16_t day) noexcept;
    void raise_full(std::uint16_t agency, std::uint64_t refused, std::int64_t now_unix_ms, std::uint16_t day) noexcept {
        raise(alarm_reason::table_full, agency, refused, 0, 0, now_unix_ms, day);
    }

    // Makes durable that counters of this agency below `end` may be taken.
    [[nodiscard]] bool reserve(std::size_t place, std::uint64_t end) noexcept;
    [[nodiscard]] std::vector<std::uint64_t> reserved_counters() const;
    [[nodiscard]] detailed_result<void> save(std::int64_t now_unix_ms, bool is_end);

    guards_options options;
    guard_key key;
    subject_place places;

    quota quotas;
    officer_subjects officers;
    proof_window proofs;
    std::int64_t proofs_used_until_ms = -1;  // none was taken before these guards that was issued later
    miss_budget misses;
    heavy_subjects heavy;
    decoy_ids decoys;
    alarm_queue alarms;

    std::size_t agency_count;
    word_table agency_keys;                                     // agency + 1, by place
    word_table agency_words;                                    // one place more than there are keys: everybody else's
    std::unique_ptr<std::atomic<std::uint32_t>[]> places_seen;  // by agency: its place plus one
    std::vector<std::uint16_t> volume_numbers;                  // by agency: its number in volumes plus one
    word_table suspended;                                       // a bit an agency
    std::atomic<std::uint32_t> suspended_count{0};
    std::atomic<std::uint32_t> today{0};  // day 16 (high) · month 16
    std::atomic<bool> is_closed{false};

    std::optional<guard_store> store;
    std::mutex saving;
};

}  // namespace xacthuc::inline v0_1
