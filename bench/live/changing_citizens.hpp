// SPDX-License-Identifier: Apache-2.0
// Citizens who move house all the time: a writer's changes, and what a reader can tell by them of torn and stale
// answers.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>
#include <xacthuc/index/citizen_index.hpp>
#include <xacthuc/registry/change.hpp>

#include "population/population.hpp"

namespace xacthuc::bench {

// Each change of one of these gives a citizen the next ward, and the province that goes with it; a ward and a province
// that do not go together were never written together.
class changing_citizens {
  public:
    // `count` citizens of the population, from all over it.
    changing_citizens(const population& of, std::uint64_t count, const digest_key& key);

    [[nodiscard]] std::uint64_t count() const noexcept { return records_.size(); }

    // The record of the next change, in a random order of citizens. Concurrency: one writer.
    struct next_change {
        record after;
        std::uint64_t who;
        std::uint32_t ward;
    };
    [[nodiscard]] next_change next() noexcept;
    // The change has been made: from now on nobody may find an older one.
    void made(const next_change& what) noexcept { wards_[what.who].store(what.ward, std::memory_order_release); }

    // Looks one citizen up. Concurrency: any thread.
    enum class finding : std::uint8_t { right, torn, stale };
    [[nodiscard]] finding look(const citizen_index& in, std::uint64_t random) const noexcept;

  private:
    [[nodiscard]] static std::uint32_t province_of(std::uint32_t ward) noexcept { return 1 + ward % 97; }

    std::vector<record> records_;
    std::unique_ptr<std::atomic<std::uint32_t>[]> wards_;  // 0: not changed yet
    std::uint64_t state_ = 1;
};

}  // namespace xacthuc::bench
