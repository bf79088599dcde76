// SPDX-License-Identifier: Apache-2.0
// Who asks by a handle, and what policy its calls are judged by.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <xacthuc/engine/engine.hpp>

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

// None until some are put before the register; from then on always those.
class guards_in_place {
  public:
    guards_in_place() = default;
    guards_in_place(const guards_in_place&) = delete;
    guards_in_place& operator=(const guards_in_place&) = delete;

    // Concurrency: wait-free.
    [[nodiscard]] guards* get() const noexcept { return found_.load(std::memory_order_acquire); }

    // Returns false where there are others.
    // Concurrency: any thread.
    [[nodiscard]] bool put(std::shared_ptr<guards> watch) noexcept {
        const std::lock_guard one_at_a_time{putting_};
        if (owned_) return owned_ == watch;
        owned_ = std::move(watch);
        found_.store(owned_.get(), std::memory_order_release);
        return true;
    }

  private:
    std::mutex putting_;
    std::shared_ptr<guards> owned_;
    std::atomic<guards*> found_{nullptr};
};

// One call of the interface, however many batches it is made of: one policy from its first request to its last, and one
// time.
class judged_call {
  public:
    judged_call(const policy_in_force& policy, const guards_in_place& watch, std::uint16_t agency) noexcept {
        parts_.watch = watch.get();
        if (const auto* const live = policy.get()) parts_.table = &*reading_.emplace(live->read());
        if (agency != 0) asked_.asker = agency;
    }

    // Before answers are asked for: what came with the requests. Where policy or guards have to know the time and the
    // call was not told it, it is the clock's.
    [[nodiscard]] request_batch& batch() noexcept { return asked_; }

    // Exceptions: those of engine::answer().
    freshness answer(const citizen_index& index, std::span<const request> requests, std::span<verdict> verdicts) {
        if ((parts_.table != nullptr || parts_.watch != nullptr) && !asked_.proofs.now_unix_ms)
            asked_.proofs.now_unix_ms = now_unix_ms();
        asked_.requests = requests;
        return engine{index, parts_}.answer(asked_, verdicts);
    }

  private:
    std::optional<live_policy::reading> reading_;
    engine_parts parts_;
    request_batch asked_;
};

}  // namespace xacthuc::c
