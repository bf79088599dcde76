// SPDX-License-Identifier: Apache-2.0
// An hour of a made-up year: 2.1 billion verifications by 100 agencies, most of them one at a time at a counter, some
// in batches at night.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>
#include <xacthuc/ledger/row_queue.hpp>

#include "ledger/group_builder.hpp"
#include "ledger/hour.hpp"

namespace xacthuc::tests {

class made_hour {
  public:
    static constexpr std::size_t rows_an_hour = 240'000;  // 2.1 billion a year

    explicit made_hour(std::uint64_t seed = 1) : random_{seed} {
        for (auto& officer : officers_) officer = random_() & 0xffffff;
    }

    // The calls of `seconds`, from a second's first on, into a queue; no more than it has room for.
    void fill(row_queue& queue, std::int64_t from_unix_ms, std::int64_t milliseconds, std::size_t rows) {
        std::vector<std::int64_t> times(rows);
        for (auto& each : times)
            each = from_unix_ms + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(milliseconds));
        std::ranges::sort(times);
        for (std::size_t k = 0; k < rows;) {
            // One call in fifty is a batch.
            const auto size = random_() % 50 == 0 ? std::min<std::size_t>(rows - k, 1 + random_() % 20) : 1;
            call(queue, times[k], size);
            k += size;
        }
    }
    void call(row_queue& queue, std::int64_t time_unix_ms, std::size_t rows) {
        const auto agency = of_many(100);
        ledger_call of;
        of.time_unix_ms = time_unix_ms;
        of.officer = officers_[agency * 40 + random_() % 40];
        of.register_sequence = static_cast<std::uint64_t>(time_unix_ms / 60'000);
        auto room = queue.reserve(rows);
        if (!room) return;
        const auto procedure = agency * 7 % 300 + random_() % 3;
        for (std::size_t k = 0; k < rows; ++k) {
            request asked;
            const claim_mask claims = static_cast<claim_mask>(7U | procedure % 5 << 3);
            asked.words[0] = (1'000'000'000 + random_() % 107'000'000 * 1'000) | std::uint64_t{claims} << 40;
            asked.words[3] = procedure << 48;
            const auto luck = random_() % 100;
            verdict shown{outcome::verified, claims, 0, 0, name_grade::exact};
            if (luck < 3) shown = {outcome::not_found, 0, 0, 0};
            if (luck >= 95)
                shown = {outcome::claim_mismatch, static_cast<claim_mask>(claims & ~1U), 1, 0, name_grade::none};
            room.put(k, asked, static_cast<std::uint16_t>(agency), shown);
        }
        (void)room.commit(of);
    }
    [[nodiscard]] std::mt19937_64& random() noexcept { return random_; }

  private:
    // The first of many are the busiest.
    [[nodiscard]] std::uint64_t of_many(std::uint64_t count) {
        const auto share = static_cast<double>(random_() % 1'000'000) / 1'000'000;
        return static_cast<std::uint64_t>(std::pow(static_cast<double>(count), share)) % count;
    }

    std::mt19937_64 random_;
    std::vector<std::uint64_t> officers_ = std::vector<std::uint64_t>(4000);
};

// What a queue holds, as one group.
[[nodiscard]] inline group_builder::built build_group(row_queue& queue, const day_key& key, const id_permutation& ids,
                                                      std::uint64_t place, std::int64_t now, std::uint64_t index,
                                                      std::uint64_t rows_min = 64) {
    row_hashing hashing;
    group_builder builder{key, ids, place, now, hashing};
    while (const auto call = queue.take()) {
        if (call->rows != 0) builder.add(queue, *call);
        queue.free_before(call->ticket.end_slot());
    }
    return builder.finish(index, rows_min);
}

}  // namespace xacthuc::tests
