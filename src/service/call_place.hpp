// SPDX-License-Identifier: Apache-2.0
// Where the rows of one call will be in the ledger, for receipts' numbers: asked for when the call is answered, and
// told by the ledger's thread once its rows are published.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <xacthuc/ledger/ledger.hpp>

namespace xacthuc::inline v0_1::service {

class call_place {
  public:
    explicit call_place(const ledger_ticket& of) noexcept : ticket_{of} {}

    [[nodiscard]] const ledger_ticket& ticket() const noexcept { return ticket_; }
    // By the ledger's thread, once. None: nobody knows any more.
    void tell(const std::optional<ledger_place>& first) noexcept {
        if (first) first_ = *first;
        state_.store(first ? known : unknown, std::memory_order_release);
    }
    [[nodiscard]] bool is_told() const noexcept { return state_.load(std::memory_order_acquire) != waiting; }
    // Of a row of the call. Requires: is_told().
    [[nodiscard]] std::optional<ledger_place> of(std::uint64_t row) const noexcept {
        if (state_.load(std::memory_order_acquire) != known) return std::nullopt;
        return ledger_place{first_.entry, first_.row + row};
    }

  private:
    static constexpr int waiting = 0;
    static constexpr int known = 1;
    static constexpr int unknown = 2;

    ledger_ticket ticket_;
    ledger_place first_{};
    std::atomic<int> state_{waiting};
};

}  // namespace xacthuc::inline v0_1::service
