// SPDX-License-Identifier: Apache-2.0
// Room for many plain values that come group by group: small ones from the heap, large ones in 2 MiB pages, so that
// writing millions of verdicts is not mostly page faults.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <xacthuc/index/huge_pages.hpp>

#include "errors.hpp"
#include "page_pool.hpp"

namespace xacthuc::python {

template <class T>
class growing_array {
    static_assert(std::is_trivially_copyable_v<T>);

  public:
    growing_array() = default;
    // Large memory comes from the pool, and goes back to it.
    explicit growing_array(std::shared_ptr<page_pool> pool) noexcept : pool_{std::move(pool)} {}
    growing_array(const growing_array&) = delete;
    growing_array& operator=(const growing_array&) = delete;
    ~growing_array() {
        if (pool_) pool_->give_back(std::move(pages_));
    }

    // Adds values that are whatever the memory holds, and returns the place of the new ones. What was got before is no
    // longer valid. Throws library_error when the machine has not so much memory.
    [[nodiscard]] std::span<T> grow(std::size_t by) {
        if (size_ + by > room_) move_to(std::max(size_ + by, size_ == 0 ? 0 : 2 * room_));
        const auto begin = size_;
        size_ += by;
        return {data_ + begin, by};
    }

    [[nodiscard]] std::span<const T> all() const noexcept { return {data_, size_}; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

  private:
    struct free_aligned {
        void operator()(T* what) const noexcept { ::operator delete (what, std::align_val_t{64}); }
    };

    void move_to(std::size_t room) {
        huge_pages pages;
        std::unique_ptr<T, free_aligned> heap;
        const auto bytes = room * sizeof(T);
        T* data = nullptr;
        if (pool_ && bytes >= huge_pages::page_bytes) {
            pages = pool_->allocate(bytes);
            data = reinterpret_cast<T*>(pages.data());
        } else {
            heap.reset(static_cast<T*>(::operator new (bytes, std::align_val_t{64})));
            data = heap.get();
        }
        if (size_ != 0) std::memcpy(static_cast<void*>(data), data_, size_ * sizeof(T));
        pages_ = std::move(pages);
        heap_ = std::move(heap);
        data_ = data;
        room_ = room;
    }

    std::shared_ptr<page_pool> pool_;
    huge_pages pages_;
    std::unique_ptr<T, free_aligned> heap_;
    T* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t room_ = 0;
};

}  // namespace xacthuc::python
