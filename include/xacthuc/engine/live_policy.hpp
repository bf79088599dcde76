// SPDX-License-Identifier: Apache-2.0
// The policy in force: one table, exchanged whole while batches are judged by it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/policy/policy_table.hpp>

namespace xacthuc::inline v0_1 {

class live_policy {
  public:
    // Requires: a table.
    // Exceptions: std::bad_alloc; std::invalid_argument without one.
    XACTHUC_API explicit live_policy(std::shared_ptr<const policy_table> first);
    live_policy(const live_policy&) = delete;
    live_policy& operator=(const live_policy&) = delete;
    // Requires: nobody reads.
    XACTHUC_API ~live_policy();

    // A table that stays while this lives, whatever is put in force meanwhile.
    class reading {
      public:
        reading(reading&& other) noexcept : announced_{other.announced_}, table_{other.table_} {
            other.announced_ = nullptr;
        }
        reading& operator=(reading&&) = delete;
        XACTHUC_API ~reading();

        [[nodiscard]] const policy_table& operator*() const noexcept { return *table_; }
        [[nodiscard]] const policy_table* operator->() const noexcept { return table_; }

      private:
        friend class live_policy;
        reading(std::atomic<std::uint64_t>* announced, const policy_table* found) noexcept
            : announced_{announced}, table_{found} {}

        std::atomic<std::uint64_t>* announced_;  // where it is said that somebody reads
        const policy_table* table_;
    };
    // Concurrency: wait-free while at most 512 threads read at once; a thread beyond that tries again until one leaves.
    [[nodiscard]] XACTHUC_API reading read() const noexcept;

    // Puts a table in force: whoever reads from now on has it. Tables before it go when their last readers have left,
    // with the next call of this.
    // Requires: a table.
    // Concurrency: any thread; those who replace take turns, readers never wait.
    // Exceptions: std::bad_alloc, or std::invalid_argument without one, before anything has changed.
    XACTHUC_API void replace(std::shared_ptr<const policy_table> with);
    // The table in force, to keep.
    // Concurrency: waits for those who replace.
    [[nodiscard]] XACTHUC_API std::shared_ptr<const policy_table> current() const;

  private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace xacthuc::inline v0_1
