// SPDX-License-Identifier: Apache-2.0
// How often an agency may ask by a procedure, and an officer at all: one 64-bit word a limit.
//
//   a second   the theoretical arrival time of the generic cell rate algorithm, in nanoseconds of Unix time
//   a day      the number of the day 16 (bits 48..63) · how many were admitted on it 48
//
// Admitted in any time t by a limit of n a second: at most n + n × t. By a limit of n a day: at most n on each day,
// which is what a law that names a number a day means; a bucket that refills would admit twice that on the first.
// Source: ITU-T I.371 (1996), annex A, the virtual scheduling form.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/guard/word_table.hpp>
#include <xacthuc/policy/rule.hpp>

namespace xacthuc::inline v0_1 {

// What tests/concurrency weakens, one at a time.
struct quota_steps {
    static constexpr bool charges_by_swap = true;
    static constexpr bool claims_by_swap = true;
    static constexpr bool looks_again = true;  // a place that another took may hold the same key now
};

// A cell of the generic cell rate algorithm.
template <class Word, class Steps = quota_steps>
class basic_rate_cell {
  public:
    // Of `wanted` questions at this moment, how many may be asked; they are charged.
    // Requires: now_ns >= 0; interval_ns × burst and now_ns below 2^62.
    // Concurrency: lock-free.
    static std::uint32_t charge(Word& cell, std::uint64_t interval_ns, std::uint64_t burst, std::int64_t now_ns,
                                std::uint32_t wanted) noexcept {
        const auto now = static_cast<std::uint64_t>(now_ns);
        const auto latest = now + interval_ns * burst;
        auto arrival = cell.load(std::memory_order_relaxed);
        for (;;) {
            const auto from = std::max(arrival, now);
            if (from + interval_ns > latest) return 0;
            const auto granted = std::min<std::uint64_t>((latest - from) / interval_ns, wanted);
            const auto next = from + granted * interval_ns;
            if (!Steps::charges_by_swap) {
                cell.store(next, std::memory_order_relaxed);
                return static_cast<std::uint32_t>(granted);
            }
            if (cell.compare_exchange_strong(arrival, next, std::memory_order_relaxed))
                return static_cast<std::uint32_t>(granted);
        }
    }
};

// A count of one day.
template <class Word, class Steps = quota_steps>
class basic_day_count {
  public:
    // Of `wanted` questions on this day, how many may be asked; they are charged. Days before the word's count as it.
    // Concurrency: lock-free.
    static std::uint32_t charge(Word& count, std::uint32_t limit, std::uint16_t day, std::uint32_t wanted) noexcept {
        auto seen = count.load(std::memory_order_relaxed);
        for (;;) {
            const auto today = day_of(seen) < day ? std::uint64_t{day} << day_shift : seen;
            const auto used = today & count_mask;
            if (used >= limit) return 0;
            const auto granted = std::min<std::uint64_t>(limit - used, wanted);
            if (!Steps::charges_by_swap) {
                count.store(today + granted, std::memory_order_relaxed);
                return static_cast<std::uint32_t>(granted);
            }
            if (count.compare_exchange_strong(seen, today + granted, std::memory_order_relaxed))
                return static_cast<std::uint32_t>(granted);
        }
    }
    // Takes back what was charged on that day and not used.
    // Concurrency: lock-free.
    static void give_back(Word& count, std::uint16_t day, std::uint32_t unused) noexcept {
        auto seen = count.load(std::memory_order_relaxed);
        while (unused != 0 && day_of(seen) == day && (seen & count_mask) >= unused)
            if (count.compare_exchange_strong(seen, seen - unused, std::memory_order_relaxed)) return;
    }
    [[nodiscard]] static std::uint64_t used(std::uint64_t word, std::uint16_t day) noexcept {
        return day_of(word) == day ? word & count_mask : 0;
    }

  private:
    static constexpr unsigned day_shift = 48;
    static constexpr std::uint64_t count_mask = (std::uint64_t{1} << day_shift) - 1;
    [[nodiscard]] static std::uint16_t day_of(std::uint64_t word) noexcept {
        return static_cast<std::uint16_t>(word >> day_shift);
    }
};

// Keys that get a place each, the first that is free on their path, for ever.
template <class Word, class Steps = quota_steps>
class basic_key_places {
  public:
    static constexpr std::size_t path_length_max = 64;

    // The place of the key, given to it now if it has none; none when its path is full.
    // Requires: key is not 0; the same `start` for a key each time.
    // Concurrency: wait-free: no place is tried twice.
    [[nodiscard]] static std::optional<std::size_t> place_of(std::span<Word> keys, std::uint64_t key,
                                                             std::uint64_t start) noexcept {
        const auto steps = std::min(path_length_max, keys.size());
        for (std::size_t i = 0; i < steps; ++i) {
            const auto at = static_cast<std::size_t>((start + i) % keys.size());
            auto there = keys[at].load(std::memory_order_relaxed);
            if (there == 0) {
                if (!Steps::claims_by_swap) {
                    keys[at].store(key, std::memory_order_relaxed);
                    return at;
                }
                if (keys[at].compare_exchange_strong(there, key, std::memory_order_relaxed)) return at;
                if (!Steps::looks_again) continue;
            }
            if (there == key) return at;
        }
        return std::nullopt;
    }
};

// How many limits are kept.
struct quota_options {
    // Agency × procedure that have a limit and are asked: 200 × 4,700 fill less than half. 24 bytes each.
    std::size_t pairs_max = std::size_t{1} << 21;
    std::size_t officers_max = std::size_t{1} << 17;
    // How many questions a thread that asks singly takes at once for its next ones.
    std::uint32_t lease = 8;
};

// The limits of all agencies and officers. A table that is full refuses.
class quota {
  public:
    // Exceptions: std::bad_alloc.
    XACTHUC_API explicit quota(const quota_options& options = {});
    quota(const quota&) = delete;
    quota& operator=(const quota&) = delete;

    // Of `wanted` questions of one block, how many the limits of the rule for this pair admit. They are charged.
    // Requires: policy_day_of(now_unix_ms) == day.
    // Concurrency: lock-free.
    [[nodiscard]] XACTHUC_API std::uint32_t charge(std::uint16_t agency, std::uint16_t procedure, const rule& by,
                                                   std::int64_t now_unix_ms, std::uint16_t day,
                                                   std::uint32_t wanted) noexcept;
    // Whether one question is admitted. A thread that asks again within 10 ms takes a lease of some and gives back what
    // it did not use when it leases next, a second later or for another pair: admitted at most what charge() admits,
    // each lease up to a second late.
    // Concurrency: lock-free, mostly without a word that others write to.
    [[nodiscard]] XACTHUC_API bool charge_one(std::uint16_t agency, std::uint16_t procedure, const rule& by,
                                              std::int64_t now_unix_ms, std::uint16_t day) noexcept;
    // Has the words of a pair brought near, for a charge that follows.
    XACTHUC_API void prefetch(std::uint16_t agency, std::uint16_t procedure) const noexcept;
    // Takes back questions of the day's limit that were charged and are refused for another reason.
    XACTHUC_API void give_back(std::uint16_t agency, std::uint16_t procedure, std::uint16_t day,
                               std::uint32_t unused) noexcept;

    // The place of an officer of an agency, below officers_max, or none when the table is full.
    // Concurrency: wait-free.
    [[nodiscard]] XACTHUC_API std::optional<std::size_t> officer_place(std::uint16_t agency,
                                                                       std::uint64_t officer) noexcept;
    [[nodiscard]] XACTHUC_API std::uint32_t charge_officer(std::size_t place, std::uint32_t limit, std::uint16_t day,
                                                           std::uint32_t wanted) noexcept;
    XACTHUC_API void give_back_officer(std::size_t place, std::uint16_t day, std::uint32_t unused) noexcept;

    // What a pair has used up of its day. Only of pairs that have a limit.
    struct use {
        std::uint16_t agency = 0;
        std::uint16_t procedure = 0;
        std::uint64_t day_count = 0;
    };
    // Calls it with each pair that asked on this day.
    template <class Take>
    void for_each_use(std::uint16_t day, const Take& take) const {
        for (std::size_t i = 0; i < pair_keys_.size(); ++i) {
            const auto key = pair_keys_[i].load(std::memory_order_relaxed);
            const auto count =
                basic_day_count<word_table::word>::used(pair_days_[i].load(std::memory_order_relaxed), day);
            if (key != 0 && count != 0)
                take(use{static_cast<std::uint16_t>(key >> 16), static_cast<std::uint16_t>(key), count});
        }
    }

    // What has to outlive the process: every place that is taken, as its key and its two words. Officers have no rate.
    struct saved_place {
        std::uint64_t key = 0;
        std::uint64_t rate = 0;
        std::uint64_t day = 0;
    };
    template <class Take>
    void for_each_place(const Take& take) const {
        for (std::size_t i = 0; i < pair_keys_.size(); ++i)
            if (const auto key = pair_keys_[i].load(std::memory_order_relaxed); key != 0)
                take(saved_place{key, pair_rates_[i].load(std::memory_order_relaxed),
                                 pair_days_[i].load(std::memory_order_relaxed)},
                     false);
        for (std::size_t i = 0; i < officer_keys_.size(); ++i)
            if (const auto key = officer_keys_[i].load(std::memory_order_relaxed); key != 0)
                take(saved_place{key, 0, officer_days_[i].load(std::memory_order_relaxed)}, true);
    }
    // Concurrency: nothing else at the same time.
    XACTHUC_API void restore(const saved_place& place, bool is_officer) noexcept;

    [[nodiscard]] std::size_t memory_bytes() const noexcept {
        return pair_keys_.memory_bytes() + pair_rates_.memory_bytes() + pair_days_.memory_bytes() +
               officer_keys_.memory_bytes() + officer_days_.memory_bytes();
    }

  private:
    std::uint32_t charge_place(std::size_t place, const rule& by, std::int64_t now_unix_ms, std::uint16_t day,
                               std::uint32_t wanted) noexcept;

    word_table pair_keys_;
    word_table pair_rates_;
    word_table pair_days_;
    word_table officer_keys_;
    word_table officer_days_;
    std::uint32_t lease_;
    std::uint64_t number_;  // of this table among all of the process, for the leases of threads
};

}  // namespace xacthuc::inline v0_1
