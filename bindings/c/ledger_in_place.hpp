// SPDX-License-Identifier: Apache-2.0
// The ledger that a register's answers leave rows in.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <xacthuc/ledger/shared_ledger.hpp>

namespace xacthuc::c {

// A ledger, and whether answers are told only when their rows are published.
struct recording {
    explicit recording(ledger&& of, bool is_required_) : value{std::move(of)}, is_required{is_required_} {}

    shared_ledger value;
    bool is_required;
};

// None until one is put before the register; from then on always that.
class ledger_in_place {
  public:
    ledger_in_place() = default;
    ledger_in_place(const ledger_in_place&) = delete;
    ledger_in_place& operator=(const ledger_in_place&) = delete;

    // Concurrency: wait-free.
    [[nodiscard]] recording* get() const noexcept { return found_.load(std::memory_order_acquire); }

    // Returns false where there is another.
    // Concurrency: any thread.
    [[nodiscard]] bool put(std::shared_ptr<recording> rows) noexcept {
        const std::lock_guard one_at_a_time{putting_};
        if (owned_) return owned_ == rows;
        owned_ = std::move(rows);
        found_.store(owned_.get(), std::memory_order_release);
        return true;
    }

  private:
    std::mutex putting_;
    std::shared_ptr<recording> owned_;
    std::atomic<recording*> found_{nullptr};
};

}  // namespace xacthuc::c
