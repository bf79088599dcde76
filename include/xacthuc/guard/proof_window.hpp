// SPDX-License-Identifier: Apache-2.0
// Which holder proofs have been used: exact fingerprints, for as long as a proof may be used.
//
//   entry   fingerprint, low 48 bits · generation 16 (bits 48..63); a line is 8 entries, 64 bytes
//   path    the line that the fingerprint's high bits name, and the three after it
//
// The generation is when the proof was issued, in units of at least the window (how old a proof may be and how far
// ahead), plus one. So a proof is always looked for under the same generation, and while one of generation g can still
// be used none of g + 2 can: an entry of g - 2 or before is free for g. What is in an entry only ever grows in
// generation, so for one generation an entry that is not free never becomes free, and the first free entry of a path is
// decided by one swap: of any number of threads that bring one proof one is told yes. Nothing is ever cleared.
//
// A thread that took the time before a stop could bring a proof of g - 2 when its entry has been overwritten: the
// newest generation is announced before anything of it is written, and looked at again afterwards.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/guard/word_table.hpp>

namespace xacthuc::inline v0_1 {

// What tests/concurrency weakens, one at a time.
struct proof_steps {
    static constexpr bool takes_by_swap = true;
    static constexpr bool looks_again = true;  // after another's swap of the same entry
    static constexpr bool announces_before_writing = true;
    static constexpr bool checks_newest_again = true;
    static constexpr unsigned generations_kept = 1;  // before a proof's own
    static constexpr auto writing = std::memory_order_release;
    static constexpr auto reading = std::memory_order_acquire;
};

// The protocol, on words of somebody else's. `Word` is std::atomic<std::uint64_t>, or the explorer's model of it.
template <class Word, class Steps = proof_steps>
class basic_proof_window {
  public:
    static constexpr std::size_t line_entries = 8;
    static constexpr std::size_t path_lines = 4;

    // Requires: entries.size() is a multiple of 8, not 0.
    basic_proof_window(std::span<Word> entries, Word& newest) noexcept : entries_{entries}, newest_{newest} {}

    // verified once for each fingerprint of a generation; proof_repeated; proof_expired when the generation is older
    // than the one before the newest; proofs_full when its path is.
    // Requires: 1 <= generation; all who bring a proof bring the same generation.
    // Concurrency: lock-free.
    [[nodiscard]] outcome take(std::uint64_t fingerprint, std::uint64_t generation) noexcept {
        if (Steps::announces_before_writing && !announce(generation)) return outcome::proof_expired;
        const auto wanted = entry_of(fingerprint, generation);
        const auto found = place(fingerprint, wanted, generation);
        if (!Steps::announces_before_writing && !announce(generation)) return outcome::proof_expired;
        // Acquire in place() pairs with the swap that overwrote an entry: if one was, the newest generation is seen.
        if (found == outcome::verified && Steps::checks_newest_again &&
            generation + Steps::generations_kept < newest_.load(std::memory_order_relaxed))
            return outcome::proof_expired;
        return found;
    }

    // Whether the entry still counts when this generation is the newest.
    [[nodiscard]] static bool counts(std::uint64_t entry, std::uint64_t newest) noexcept {
        return entry != 0 && !is_free(entry, newest);
    }
    // Empties the entries that are free for every proof that may still be used. To be called now and then: an entry
    // that lies untouched for half of the generations there are would be taken for one of the future.
    // Complexity: linear.
    // Concurrency: lock-free, beside all else.
    void forget_old() noexcept {
        const auto newest = newest_.load(std::memory_order_relaxed);
        for (auto& entry : entries_)
            if (auto seen = entry.load(std::memory_order_relaxed);
                seen != 0 && newest > Steps::generations_kept && is_free(seen, newest - Steps::generations_kept))
                entry.compare_exchange_strong(seen, 0, std::memory_order_relaxed);
    }

  private:
    // Of generations modulo 2^16 the older half is before.
    [[nodiscard]] static bool is_free(std::uint64_t entry, std::uint64_t generation) noexcept {
        const auto age = static_cast<std::uint16_t>(generation - (entry >> 48));
        return entry == 0 || (age > Steps::generations_kept && age < 0x8000);
    }
    [[nodiscard]] static std::uint64_t entry_of(std::uint64_t fingerprint, std::uint64_t generation) noexcept {
        const auto entry = (fingerprint & 0xffff'ffff'ffff) | generation << 48;
        return entry == 0 ? 1 : entry;  // 0 says that an entry was never used
    }

    [[nodiscard]] bool announce(std::uint64_t generation) noexcept {
        auto newest = newest_.load(std::memory_order_relaxed);
        while (newest < generation && !newest_.compare_exchange_strong(newest, generation, std::memory_order_relaxed)) {
        }
        return generation + Steps::generations_kept >= newest;
    }

    [[nodiscard]] outcome place(std::uint64_t fingerprint, std::uint64_t wanted, std::uint64_t generation) noexcept {
        const auto lines = entries_.size() / line_entries;
        const auto home = static_cast<std::size_t>((fingerprint >> 32) * lines >> 32);
        for (std::size_t k = 0; k < path_lines * line_entries; ++k) {
            const auto line_number = (home + k / line_entries) % lines;
            auto& entry = entries_[line_number * line_entries + k % line_entries];
            auto seen = entry.load(Steps::reading);
            bool is_passed = false;
            while (seen != wanted && is_free(seen, generation)) {
                if (!Steps::takes_by_swap) {
                    entry.store(wanted, Steps::writing);
                    return outcome::verified;
                }
                if (entry.compare_exchange_strong(seen, wanted, Steps::writing, Steps::reading))
                    return outcome::verified;
                is_passed = !Steps::looks_again;
                if (is_passed) break;
            }
            if (seen == wanted && !is_passed) return outcome::proof_repeated;
        }
        return outcome::proofs_full;
    }

    std::span<Word> entries_;
    Word& newest_;
};

// How many proofs are remembered, and of what time.
struct proof_window_options {
    // Entries of three windows lie in the table at once: with 2^24 and the times below, 14,000 proofs a second.
    std::size_t entries = std::size_t{1} << 24;  // 128 MiB; rounded up to whole lines
    // The oldest and the most future proof that is ever taken.
    // Requires: positive; not negative.
    std::int64_t max_age_ms = 300'000;
    std::int64_t max_ahead_ms = 30'000;
    // How long a generation lasts; longer where the two times together need it. A saved table says something only to
    // windows with the same, which all shorter ones have unless told otherwise.
    // Requires: positive.
    std::int64_t generation_ms = 330'001;
};

// With memory of its own.
class proof_window {
  public:
    // Exceptions: std::bad_alloc.
    explicit proof_window(const proof_window_options& options = {})
        : options_{options}, entries_{(options.entries + 7) / 8 * 8}, newest_{1} {
        options_.generation_ms = std::max(options_.generation_ms, options_.max_age_ms + options_.max_ahead_ms + 1);
    }

    // verified when a proof of this fingerprint and time is used for the first time; proof_repeated; proof_expired and
    // proof_not_yet_valid when it is not of the window around now, or of a time that refuse_until() named; proofs_full.
    // Concurrency: lock-free.
    [[nodiscard]] outcome take(std::uint64_t fingerprint, std::int64_t issued_at_unix_ms,
                               std::int64_t now_unix_ms) noexcept {
        if (issued_at_unix_ms < 0 || now_unix_ms - issued_at_unix_ms > options_.max_age_ms)
            return outcome::proof_expired;
        if (issued_at_unix_ms - now_unix_ms > options_.max_ahead_ms) return outcome::proof_not_yet_valid;
        if (issued_at_unix_ms <= refused_until_ms_.load(std::memory_order_relaxed)) return outcome::proof_expired;
        return window().take(fingerprint, generation_of(issued_at_unix_ms));
    }
    // As basic_proof_window's; once an hour is far more than often enough.
    void forget_old() noexcept { window().forget_old(); }
    void prefetch(std::uint64_t fingerprint) const noexcept {
        const auto lines = entries_.size() / 8;
        __builtin_prefetch(&entries_[((fingerprint >> 32) * lines >> 32) * 8], 1);
    }

    // Proofs that were issued up to then are expired: it is not known which of them were used.
    void refuse_until(std::int64_t issued_at_unix_ms) noexcept {
        refused_until_ms_.store(issued_at_unix_ms, std::memory_order_relaxed);
    }
    // -1: there are none.
    [[nodiscard]] std::int64_t refused_until_unix_ms() const noexcept {
        return refused_until_ms_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] const proof_window_options& options() const noexcept { return options_; }

    // The entries that still count, as they lie. A saved table is restored into one of the same size and generation_ms.
    template <class Take>
    void for_each_entry(const Take& take) const {
        const auto newest = newest_[0].load(std::memory_order_relaxed);
        for (std::size_t i = 0; i < entries_.size(); ++i)
            if (const auto entry = entries_[i].load(std::memory_order_relaxed);
                basic_proof_window<word_table::word>::counts(entry, newest))
                take(i, entry);
    }
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    [[nodiscard]] std::uint64_t newest() const noexcept { return newest_[0].load(std::memory_order_relaxed); }
    // Concurrency: nothing else at the same time.
    void restore(std::size_t place, std::uint64_t entry) noexcept {
        if (place < entries_.size()) entries_[place].store(entry, std::memory_order_relaxed);
    }
    void restore_newest(std::uint64_t newest) noexcept { newest_[0].store(newest, std::memory_order_relaxed); }

    [[nodiscard]] std::size_t memory_bytes() const noexcept { return entries_.memory_bytes(); }

  private:
    [[nodiscard]] std::uint64_t generation_of(std::int64_t issued_at_unix_ms) const noexcept {
        return static_cast<std::uint64_t>(issued_at_unix_ms / options_.generation_ms) + 1;
    }
    [[nodiscard]] basic_proof_window<word_table::word> window() noexcept { return {entries_.words(), newest_[0]}; }

    proof_window_options options_;
    word_table entries_;
    word_table newest_;
    std::atomic<std::int64_t> refused_until_ms_{-1};
};

}  // namespace xacthuc::inline v0_1
