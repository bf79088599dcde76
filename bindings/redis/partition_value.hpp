// SPDX-License-Identifier: Apache-2.0
// The value of a partition's key: its block as bytes, or, while the key is where it belongs, a note that the index has
// it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstring>
#include <span>
#include <xacthuc/index/citizen_index.hpp>

#include "server_calls.hpp"

namespace xacthuc::redis {

// Bytes in the server's own memory.
class server_bytes {
  public:
    server_bytes() = default;
    server_bytes(const server_bytes&) = delete;
    server_bytes& operator=(const server_bytes&) = delete;
    ~server_bytes() { clear(); }

    // Returns false where there is no memory.
    [[nodiscard]] bool resize_anew(std::size_t size) noexcept {
        clear();
        if (size == 0) return true;
        auto* const take = server.try_allocate != nullptr ? server.try_allocate : server.allocate;
        data_ = static_cast<std::byte*>(take(size));
        if (data_ == nullptr) return false;
        size_ = size;
        return true;
    }
    [[nodiscard]] bool assign(std::span<const std::byte> from) noexcept {
        if (!resize_anew(from.size())) return false;
        if (!from.empty()) std::memcpy(data_, from.data(), from.size());
        return true;
    }
    void clear() noexcept {
        if (data_ != nullptr) server.free(data_);
        data_ = nullptr;
        size_ = 0;
    }
    [[nodiscard]] std::span<std::byte> bytes() noexcept { return {data_, size_}; }
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return {data_, size_}; }

  private:
    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

// Shared by the key, as long as the server has it, and by the list of what the index holds.
struct partition_value {
    std::size_t partition = 0;
    freshness as_of{};    // of the last change in it
    server_bytes blob{};  // empty while the index has it
    std::atomic<int> holders{1};
    std::atomic<bool> is_freed{false};  // by the server, which may do so in a thread of its own
};

inline void release(partition_value* value) noexcept {
    // Acquire and release: what other holders did with it comes before it is deleted.
    if (value->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete value;
}

}  // namespace xacthuc::redis
