// SPDX-License-Identifier: Apache-2.0
// Tables that were replaced and may still be read: a list that grows by one compare-and-swap and is emptied by whoever
// asks. Their memory is counted, so that a reader who stays inside bounds what writers may still take.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "index/protocol_steps.hpp"
#include "index/slot.hpp"

namespace xacthuc::inline v0_1 {

// `Memory` gives and takes blocks: allocate(bytes) -> std::byte* (64-byte aligned zeros, or null) and free(block,
// bytes).
template <class Word, class Memory, class Steps = sound_steps>
class retired_tables {
  public:
    retired_tables() = default;
    retired_tables(const retired_tables&) = delete;
    retired_tables& operator=(const retired_tables&) = delete;
    // Requires: no reader is left.
    ~retired_tables() {
        for (auto at = first_.exchange(0, std::memory_order_acquire); at != 0;) at = free_block(at);
    }

    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

    // Takes over a block of so many bytes that no new reader can find; `in_epoch` is the last epoch whose readers may
    // still be in it.
    void add(std::byte* block, std::size_t size_bytes, std::uint64_t in_epoch) noexcept {
        if (!Steps::retires) return;
        auto& waiting = note_of(reinterpret_cast<std::uintptr_t>(block));
        waiting.in_epoch = in_epoch;
        waiting.size_bytes = size_bytes;
        bytes_.fetch_add(size_bytes, std::memory_order_relaxed);
        push(reinterpret_cast<std::uintptr_t>(block));
    }

    // Frees the blocks retired in epochs before `oldest_entered`. Complexity: linear in the blocks that wait.
    // Concurrency: lock-free.
    void free_before(std::uint64_t oldest_entered) noexcept {
        // While a reader stays inside, the list grows and nothing on it can be freed: it is not looked through again.
        if (first_.load(std::memory_order_relaxed) == 0 ||
            looked_through_for_.exchange(oldest_entered, std::memory_order_relaxed) == oldest_entered)
            return;
        // Taking the whole list at once leaves no room for a node that comes back. Acquire pairs with push().
        for (auto at = first_.exchange(0, std::memory_order_acquire); at != 0;) {
            const auto next = note_of(at).next;
            if (note_of(at).in_epoch < oldest_entered)
                free_block(at);
            else
                push(at);
            at = next;
        }
    }

  private:
    // In the block's head, from its byte 32 on.
    struct note {
        std::uint64_t next;
        std::uint64_t in_epoch;
        std::uint64_t size_bytes;
    };
    [[nodiscard]] static note& note_of(std::uint64_t block) noexcept { return *reinterpret_cast<note*>(block + 32); }

    void push(std::uint64_t block) noexcept {
        auto expected = first_.load(std::memory_order_relaxed);
        do note_of(block).next = expected;
        // Release pairs with the acquire of who takes the list: the note is written.
        while (!first_.compare_exchange_strong(expected, block, std::memory_order_release, std::memory_order_relaxed));
    }
    std::uint64_t free_block(std::uint64_t block) noexcept {
        const auto what = note_of(block);
        bytes_.fetch_sub(what.size_bytes, std::memory_order_relaxed);
        Memory::free(reinterpret_cast<std::byte*>(block), what.size_bytes);
        return what.next;
    }

    Word first_{0};
    std::atomic<std::uint64_t> bytes_{0};
    Word looked_through_for_{0};
};

}  // namespace xacthuc::inline v0_1
