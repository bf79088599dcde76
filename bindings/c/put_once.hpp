// SPDX-License-Identifier: Apache-2.0
// What is put before a register once, while others ask it.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

namespace xacthuc::c {

// None until one is put there; from then on always that.
template <class Value>
class put_once {
  public:
    put_once() = default;
    put_once(const put_once&) = delete;
    put_once& operator=(const put_once&) = delete;

    // Concurrency: wait-free.
    [[nodiscard]] Value* get() const noexcept { return found_.load(std::memory_order_acquire); }

    // Returns false where there is another.
    // Concurrency: any thread.
    [[nodiscard]] bool put(std::shared_ptr<Value> value) noexcept {
        const std::lock_guard one_at_a_time{putting_};
        if (owned_) return owned_ == value;
        owned_ = std::move(value);
        // Pairs with the load in get().
        found_.store(owned_.get(), std::memory_order_release);
        return true;
    }

  private:
    std::mutex putting_;
    std::shared_ptr<Value> owned_;
    std::atomic<Value*> found_{nullptr};
};

}  // namespace xacthuc::c
