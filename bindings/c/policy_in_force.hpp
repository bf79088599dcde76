// SPDX-License-Identifier: Apache-2.0
// Who asks by a handle, what policy its calls are judged by, and where its answers leave rows.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/engine/live_policy.hpp>
#include <xacthuc/guard/guards.hpp>

#include "put_once.hpp"
#include "recording.hpp"

namespace xacthuc::c {

// Milliseconds of Unix time: for callers who do not say it, as the library itself reads no clock.
[[nodiscard]] inline std::int64_t now_unix_ms() noexcept {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

// None until one is put in force; from then on always one.
class policy_in_force {
  public:
    policy_in_force() = default;
    policy_in_force(const policy_in_force&) = delete;
    policy_in_force& operator=(const policy_in_force&) = delete;

    // Concurrency: wait-free.
    [[nodiscard]] const live_policy* get() const noexcept { return found_.load(std::memory_order_acquire); }

    // Concurrency: any thread; those who put take turns, and others go on.
    // Exceptions: std::bad_alloc, before anything has changed.
    void put(std::shared_ptr<const policy_table> table) {
        const std::lock_guard one_at_a_time{putting_};
        if (owned_) return owned_->replace(std::move(table));
        owned_ = std::make_unique<live_policy>(std::move(table));
        found_.store(owned_.get(), std::memory_order_release);
    }

  private:
    std::mutex putting_;
    std::unique_ptr<live_policy> owned_;
    std::atomic<live_policy*> found_{nullptr};
};

// One call of the interface, however many batches it is made of: one policy from its first request to its last, and one
// time.
class judged_call {
  public:
    judged_call(const policy_in_force& policy, const put_once<guards>& watch, const put_once<recording>& rows,
                std::uint16_t agency) noexcept
        : rows_{rows.get()} {
        parts_.watch = watch.get();
        if (const auto* const live = policy.get()) parts_.table = &*reading_.emplace(live->read());
        if (agency != 0) asked_.asker = agency;
    }

    // Before answers are asked for: what came with the requests. Where policy, guards or a ledger have to know the time
    // and the call was not told it, it is the clock's.
    [[nodiscard]] request_batch& batch() noexcept { return asked_; }

    // The rows of a batch are together where somebody has signed it, or where they have to be; others are parts that
    // the queue always has room for. Requires: the verdicts of one call lie behind each other. Exceptions: those of
    // engine::answer().
    freshness answer(const citizen_index& index, std::span<const request> requests, std::span<verdict> verdicts,
                     bool is_together = false) {
        if ((parts_.table != nullptr || parts_.watch != nullptr || rows_ != nullptr) && !asked_.proofs.now_unix_ms)
            asked_.proofs.now_unix_ms = now_unix_ms();
        if (rows_ != nullptr && !requests.empty())
            return record(index, requests, verdicts.first(requests.size()), is_together);
        asked_.requests = requests;
        return engine{index, parts_}.answer(asked_, verdicts);
    }

    // After the last of them, and before anybody is told: comes back when their rows are published, where they have to
    // be. Where that fails no answer is told.
    // Returns where the rows of the last batch are.
    std::optional<ledger_ticket> settle() noexcept {
        if (!ticket_ || !rows_->is_required) return ticket_;
        try {
            if (rows_->value.settle(*ticket_, now_unix_ms())) return ticket_;
        } catch (...) {
            // Without memory the ledger has stopped.
        }
        std::ranges::fill(told_, verdict{outcome::ledger_stopped, 0, 0, 0});
        ticket_.reset();
        return ticket_;
    }

  private:
    freshness record(const citizen_index& index, std::span<const request> requests, std::span<verdict> verdicts,
                     bool is_together) {
        constexpr std::size_t rows_at_once_max = 65'536;
        told_ = {told_.empty() ? verdicts.data() : told_.data(), verdicts.data() + verdicts.size()};
        is_together = is_together || !asked_.holders.empty() || asked_.agency != nullptr;
        const auto at_once =
            is_together ? requests.size() : std::min(rows_at_once_max, rows_->value.queue().capacity_slots() / 4);
        std::optional<freshness> oldest;
        for (std::size_t first = 0; first < requests.size(); first += at_once) {
            const auto size = std::min(at_once, requests.size() - first);
            asked_.requests = requests.subspan(first, size);
            const auto now = record_together(index, verdicts.subspan(first, size));
            if (!oldest) oldest = now;
        }
        return *oldest;
    }

    // Whoever needs room makes it, unless the host does that.
    freshness record_together(const citizen_index& index, std::span<verdict> verdicts) {
        std::optional<ledger_ticket> ticket;
        asked_.ticket = &ticket;
        auto parts = parts_;
        parts.rows = &rows_->value.queue();
        const bool fits = ledger_ticket::slots_for(verdicts.size()) <= parts.rows->capacity_slots();
        for (;;) {
            const auto now = engine{index, parts}.answer(asked_, verdicts);
            asked_.ticket = nullptr;
            if (ticket) ticket_ = ticket;
            if (ticket || !fits || !rows_->is_required || verdicts.front().outcome() != outcome::ledger_full)
                return now;
            // Where that fails, the next answer says that the ledger has stopped.
            static_cast<void>(rows_->value.gather(now_unix_ms()));
            std::this_thread::yield();
            asked_.ticket = &ticket;
        }
    }

    std::optional<live_policy::reading> reading_;
    engine_parts parts_;
    request_batch asked_;
    recording* rows_;
    std::span<verdict> told_;
    std::optional<ledger_ticket> ticket_;
};

}  // namespace xacthuc::c
