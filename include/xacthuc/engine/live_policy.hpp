// SPDX-License-Identifier: Apache-2.0
// The policy in force: one table, exchanged whole while batches are judged by it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/index/epoch.hpp>
#include <xacthuc/policy/policy_table.hpp>

namespace xacthuc::inline v0_1 {

class live_policy {
  public:
    // Requires: a table.
    XACTHUC_API explicit live_policy(std::shared_ptr<const policy_table> first);
    live_policy(const live_policy&) = delete;
    live_policy& operator=(const live_policy&) = delete;
    // Requires: nobody reads.
    ~live_policy() = default;

    // A table that stays while this lives, whatever is put in force meanwhile.
    class reading {
      public:
        [[nodiscard]] const policy_table& operator*() const noexcept { return *table_; }
        [[nodiscard]] const policy_table* operator->() const noexcept { return table_; }

      private:
        friend class live_policy;
        explicit reading(const live_policy& from) noexcept
            : inside_{from.readers_.enter()}, table_{from.in_force_.load(std::memory_order_seq_cst)} {}

        epoch::guard inside_;  // announced before the table is found: see epoch.hpp
        const policy_table* table_;
    };
    // Concurrency: wait-free, as epoch::enter().
    [[nodiscard]] reading read() const noexcept { return reading{*this}; }

    // Puts a table in force: whoever reads from now on has it. Tables before it go when their last readers have left,
    // with the next call of this.
    // Requires: a table.
    // Concurrency: any thread; those who replace take turns, readers never wait.
    // Exceptions: std::bad_alloc, before anything has changed.
    XACTHUC_API void replace(std::shared_ptr<const policy_table> with);
    // The table in force, to keep.
    // Concurrency: waits for those who replace.
    [[nodiscard]] XACTHUC_API std::shared_ptr<const policy_table> current() const;

  private:
    struct retired {
        std::shared_ptr<const policy_table> table;
        std::uint64_t in_epoch;  // the last whose readers may have it
    };

    mutable epoch readers_;
    std::atomic<const policy_table*> in_force_;
    mutable std::mutex replacing_;
    std::shared_ptr<const policy_table> owned_;
    std::vector<retired> retired_;
};

}  // namespace xacthuc::inline v0_1
