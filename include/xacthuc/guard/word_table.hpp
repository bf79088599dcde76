// SPDX-License-Identifier: Apache-2.0
// The memory of a guard: 64-bit words that threads share, zeroed, all of it taken when it is made and none later.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// In 2 MiB pages where it is large and the system grants them. Movable; whoever moves it away leaves an empty one.
class word_table {
  public:
    using word = std::atomic<std::uint64_t>;
    static_assert(sizeof(word) == 8 && word::is_always_lock_free);

    word_table() = default;
    // Takes all pages now, so that none is missing later.
    // Exceptions: std::bad_alloc.
    XACTHUC_API explicit word_table(std::size_t count);
    word_table(word_table&& other) noexcept : words_{std::exchange(other.words_, {})} {}
    word_table& operator=(word_table&& other) noexcept {
        std::swap(words_, other.words_);
        return *this;
    }
    XACTHUC_API ~word_table();

    [[nodiscard]] std::span<word> words() const noexcept { return words_; }
    [[nodiscard]] word& operator[](std::size_t i) const noexcept { return words_[i]; }
    [[nodiscard]] std::size_t size() const noexcept { return words_.size(); }
    [[nodiscard]] std::size_t memory_bytes() const noexcept { return words_.size() * sizeof(word); }

  private:
    std::span<word> words_;
};

}  // namespace xacthuc::inline v0_1
