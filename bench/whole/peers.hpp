// SPDX-License-Identifier: Apache-2.0
// What a careful programmer would build without xacthuc: the same records in well-known hash tables, judged by
// xacthuc's own judge, so that only the finding differs.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>

namespace xacthuc::bench {

class peer {
  public:
    virtual ~peer() = default;
    [[nodiscard]] virtual std::string_view name() const noexcept = 0;
    virtual void reserve(std::uint64_t citizens) = 0;
    // Single thread.
    virtual void insert(std::span<const record> records) = 0;
    // Any threads.
    virtual void verify(std::span<const request> requests, std::span<verdict> verdicts) const = 0;
};

// Makes peer i, or null after the last: they are made one at a time, for each may take as much memory as a nation.
[[nodiscard]] std::unique_ptr<peer> make_peer(std::size_t i);

// Gives what is free on the heap back to the system. A peer of nodes leaves a nation's worth of it there, and the next
// one, whose allocator is another, would come on top.
void give_free_memory_back() noexcept;

}  // namespace xacthuc::bench
