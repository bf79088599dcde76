// SPDX-License-Identifier: Apache-2.0
// The citizens that are asked about most today.
//
//   shard    8,192 rows: watched 1 (bit 31), count 31 · 1,024 entries: id + 1, count 32 (bits 32..63), error 32
//   (0..31)
//
// Every question adds to the row that its citizen's place names: an upper bound of hers, of one addition. Only where a
// row once had more than 1 in 2,048 of the shard's questions it is watched, and its citizens get entries, four to a
// bucket, each in place of the least if that is less. She begins with the row as her count, and all of it but one as
// her error. So
//   - no count is ever too small, of whomever it is asked (at_most);
//   - count - error were certainly asked (surely): what alarms go by;
//   - a count is too large by the others of the row: N / 8,192 on average, more than N / 256 with a probability below
//     1 in 32, for whoever does not know the key.
// A thread has a shard for itself while it adds, so nothing is locked and no addition is lost. Rows saturate.
// Source: filtered space-saving, Homem and Carvalho (2010), after Metwally et al. (2005).
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// How often one citizen was asked about today.
struct heavy_subject {
    std::uint64_t id = 0;
    std::uint64_t surely = 0;   // asked at least so often today
    std::uint64_t at_most = 0;  // and at most so often
};

class heavy_subjects {
  public:
    static constexpr std::size_t row_count = std::size_t{1} << 13;
    static constexpr std::size_t bucket_count = 256;
    static constexpr std::size_t bucket_entries = 4;
    static constexpr std::uint32_t row_share = 2048;
    static constexpr std::uint32_t row_min = 32;  // below so many a row gets no entry

  private:
    static constexpr std::uint32_t watched = std::uint32_t{1} << 31;
    static constexpr std::uint32_t count_mask = watched - 1;
    struct entry {
        std::atomic<std::uint64_t> id_and_1{0};
        std::atomic<std::uint64_t> counts{0};
    };
    using bucket = std::array<entry, bucket_entries>;
    struct alignas(64) shard {
        std::atomic<std::uint32_t> taken{0};
        std::atomic<std::uint32_t> day{0};
        std::uint64_t asked = 0;
        alignas(64) std::array<bucket, bucket_count> buckets;
        std::array<std::atomic<std::uint32_t>, row_count> rows{};
    };

  public:
    // For so many threads that add at once; 48 KiB each. The rows of these places are watched from the first question
    // of each day on.
    // Exceptions: std::bad_alloc.
    XACTHUC_API explicit heavy_subjects(std::size_t shard_count = 64, std::vector<std::uint64_t> watched_places = {});
    XACTHUC_API ~heavy_subjects();
    heavy_subjects(const heavy_subjects&) = delete;
    heavy_subjects& operator=(const heavy_subjects&) = delete;

    // A thread that adds: it has a shard for itself until this is destroyed.
    class adding {
      public:
        ~adding() { mine_.taken.store(0, std::memory_order_release); }  // pairs with add_on()
        adding(const adding&) = delete;
        adding& operator=(const adding&) = delete;

        // One question about the citizen of this place. True says that her row is watched: track() has to follow.
        // Concurrency: wait-free.
        [[nodiscard]] bool add(std::uint64_t place) noexcept {
            auto& row = rows_[row_of(place)];
            const auto count = row.load(std::memory_order_relaxed) + 1;
            row.store(count, std::memory_order_relaxed);
            // The bit of a watched row is above every threshold.
            return count >= threshold_;
        }
        // After add() of the same place. Gives her an entry, if there is room for her.
        // Returns how often she was surely asked about through this shard today; 0 when she has no entry.
        [[nodiscard]] std::uint32_t track(std::uint64_t place, std::uint64_t id) noexcept {
            auto& row = rows_[row_of(place)];
            const auto count = row.load(std::memory_order_relaxed) & count_mask;
            // A full row stays one below the end: only watched ones get there, and all of theirs come here.
            row.store(watched | std::min(count, count_mask - 1), std::memory_order_relaxed);
            return heavy_subjects::track(mine_, place, id, count);
        }
        // How many questions were added in all.
        void note_asked(std::size_t count) noexcept { mine_.asked += count; }

      private:
        friend class heavy_subjects;
        explicit adding(shard& mine) noexcept
            : mine_{mine},
              rows_{mine.rows.data()},
              threshold_{
                  static_cast<std::uint32_t>(std::clamp<std::uint64_t>(mine.asked / row_share, row_min, watched))} {}

        shard& mine_;
        std::atomic<std::uint32_t>* rows_;
        std::uint32_t threshold_;
    };
    // Concurrency: wait-free while at most shard_count threads add at once; one more tries again until one is done.
    [[nodiscard]] adding add_on(std::uint16_t day) noexcept { return adding{enter(day)}; }

    // How often a citizen was asked about on this day: surely and at most, over all shards.
    // Concurrency: wait-free; what is added meanwhile may be in it or not.
    [[nodiscard]] XACTHUC_API heavy_subject of(std::uint64_t place, std::uint64_t id, std::uint16_t day) const noexcept;
    // Those with an entry on this day, most surely asked first, at most so many.
    // Exceptions: std::bad_alloc.
    [[nodiscard]] XACTHUC_API std::vector<heavy_subject> most(std::size_t count_max, std::uint16_t day) const;
    // What all shards take.
    [[nodiscard]] XACTHUC_API std::size_t memory_bytes() const noexcept;

  private:
    // A shard that no other thread is in, of this day.
    XACTHUC_API shard& enter(std::uint16_t day) noexcept;
    // One more question about who has an entry or now gets one; how many are sure, 0 when there is none for her.
    XACTHUC_API static std::uint32_t track(shard& mine, std::uint64_t place, std::uint64_t id,
                                           std::uint32_t count) noexcept;
    [[nodiscard]] static std::size_t row_of(std::uint64_t place) noexcept { return place >> 20 & (row_count - 1); }
    [[nodiscard]] static std::size_t bucket_of(std::uint64_t place) noexcept {
        return place >> 40 & (bucket_count - 1);
    }

    static void watch(shard& mine, std::span<const std::uint64_t> places) noexcept;

    std::unique_ptr<shard[]> shards_;
    std::size_t shard_count_;
    std::vector<std::uint64_t> watched_places_;
};

}  // namespace xacthuc::inline v0_1
