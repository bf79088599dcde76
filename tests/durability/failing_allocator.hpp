// SPDX-License-Identifier: Apache-2.0
// An allocator that refuses the k-th allocation of the program, or all from it on: in a test that includes this, it
// takes the place of operator new. Included once in a program.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace xacthuc::tests {

class failing_allocator {
  public:
    static void fail(std::size_t at, bool sticky) noexcept {
        at_ = at;
        is_sticky_ = sticky;
        count_ = 0;
        is_armed_ = true;
    }
    // Returns how many allocations there were since fail().
    static std::size_t relent() noexcept {
        is_armed_ = false;
        return count_;
    }
    // Whether the allocation that is asked for now is refused. Concurrency: any thread.
    [[nodiscard]] static bool refuses() noexcept {
        if (!is_armed_) return false;
        const auto mine = count_++;
        return mine == at_ || (is_sticky_ && mine > at_);
    }
    [[nodiscard]] static void* allocate(std::size_t size, std::size_t alignment) {
        void* const block = allocate_or_null(size, alignment);
        if (block == nullptr) throw std::bad_alloc{};
        return block;
    }
    [[nodiscard]] static void* allocate_or_null(std::size_t size, std::size_t alignment) noexcept {
        void* block = nullptr;
        return refuses() || ::posix_memalign(&block, alignment, size == 0 ? 1 : size) != 0 ? nullptr : block;
    }

  private:
    static inline std::atomic<bool> is_armed_{false};
    static inline std::atomic<bool> is_sticky_{false};
    static inline std::atomic<std::size_t> at_{0};
    static inline std::atomic<std::size_t> count_{0};
};

}  // namespace xacthuc::tests

// Every form, also those that would come down to others: a sanitizer brings its own of each, and what one allocates the
// other must not free.
void* operator new(std::size_t size) {
    return xacthuc::tests::failing_allocator::allocate(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return xacthuc::tests::failing_allocator::allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return xacthuc::tests::failing_allocator::allocate_or_null(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return xacthuc::tests::failing_allocator::allocate_or_null(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size) {
    return operator new(size);
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return operator new(size, alignment);
}
void* operator new[](std::size_t size, const std::nothrow_t& none) noexcept {
    return operator new(size, none);
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t& none) noexcept {
    return operator new(size, alignment, none);
}
void operator delete(void* block) noexcept {
    std::free(block);
}
void operator delete(void* block, std::size_t) noexcept {
    std::free(block);
}
void operator delete(void* block, std::align_val_t) noexcept {
    std::free(block);
}
void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
    std::free(block);
}
void operator delete(void* block, const std::nothrow_t&) noexcept {
    std::free(block);
}
void operator delete(void* block, std::align_val_t, const std::nothrow_t&) noexcept {
    std::free(block);
}
void operator delete[](void* block) noexcept {
    std::free(block);
}
void operator delete[](void* block, std::size_t) noexcept {
    std::free(block);
}
void operator delete[](void* block, std::align_val_t) noexcept {
    std::free(block);
}
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept {
    std::free(block);
}
void operator delete[](void* block, const std::nothrow_t&) noexcept {
    std::free(block);
}
void operator delete[](void* block, std::align_val_t, const std::nothrow_t&) noexcept {
    std::free(block);
}
