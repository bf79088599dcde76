// SPDX-License-Identifier: Apache-2.0
// A ledger without a thread of its own: who waits for her rows publishes them, and with them those of all others that
// came meanwhile. So one disk is waited for once for many calls, and nobody is needed in the background.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/ledger/ledger.hpp>

namespace xacthuc::inline v0_1 {

class shared_ledger {
  public:
    // Requires: nobody else has begun to use it.
    explicit shared_ledger(ledger&& of) noexcept : ledger_{std::move(of)} {}

    // For verifying threads, as long as this lives.
    // Concurrency: wait-free.
    [[nodiscard]] row_queue& queue() noexcept { return ledger_.queue(); }
    // Publishes all that came, as ledger::publish(). After an error every call fails with that.
    // Concurrency: any thread; blocking on the disk, and on others that do anything but queue().
    // Errors: ledger_stopped (also: closed); io; disk_full.
    [[nodiscard]] XACTHUC_API detailed_result<void> publish(std::int64_t now_unix_ms);
    // Comes back when the rows of a call are published: by this thread, or by another.
    // Concurrency: as publish().
    // Errors: those of publish().
    [[nodiscard]] XACTHUC_API detailed_result<void> settle(const ledger_ticket& ticket, std::int64_t now_unix_ms);
    // Makes room in the queue.
    // Concurrency: as publish().
    // Errors: those of publish().
    [[nodiscard]] XACTHUC_API detailed_result<void> gather(std::int64_t now_unix_ms);
    // Publishes what there is, and takes no more rows: calls get ledger_stopped. A second time it does nothing.
    // Concurrency: as publish().
    // Errors: those of publish().
    [[nodiscard]] XACTHUC_API detailed_result<void> close(std::int64_t now_unix_ms);
    // Until rows are published by somebody else.
    // Concurrency: any thread; blocking on publish().
    // Errors: ledger_stopped, before they were.
    [[nodiscard]] result<void> wait(const ledger_ticket& ticket) const { return ledger_.wait(ticket); }

    // Does what only an owner may do. It must not wait for rows.
    // Concurrency: any thread; blocking on others that do anything but queue().
    template <class Work>
    decltype(auto) with(Work&& work) {
        const std::lock_guard alone{owning_};
        return std::forward<Work>(work)(ledger_);
    }

  private:
    [[nodiscard]] detailed_result<void> publish_alone(std::int64_t now_unix_ms);

    ledger ledger_;
    std::mutex owning_;
    std::optional<failure> failed_;
    bool is_closed_ = false;
};

}  // namespace xacthuc::inline v0_1
