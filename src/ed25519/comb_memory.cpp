// SPDX-License-Identifier: Apache-2.0
#include "ed25519/comb_memory.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <algorithm>
#include <bitset>
#include <cassert>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

namespace xacthuc::inline v0_1::ed25519 {
namespace {

constexpr std::size_t block_bytes = std::size_t{2} << 20;
constexpr std::size_t block_pages = block_bytes / comb_page_bytes;
constexpr std::align_val_t block_alignment{block_bytes};

struct release_block {
    void operator()(std::byte* memory) const noexcept { ::operator delete(memory, block_alignment); }
};

struct block {
    std::unique_ptr<std::byte, release_block> memory;
    std::bitset<block_pages> taken;

    // Returns the first page of a free run of so many, block_pages when there is none.
    [[nodiscard]] std::size_t free_run(std::size_t pages) const noexcept {
        std::size_t length = 0;
        for (std::size_t page = 0; page < block_pages; ++page) {
            length = taken[page] ? 0 : length + 1;
            if (length == pages) {
                return page + 1 - pages;
            }
        }
        return block_pages;
    }
    void mark(std::size_t first, std::size_t pages, bool is_taken) noexcept {
        for (std::size_t page = first; page < first + pages; ++page) {
            taken[page] = is_taken;
        }
    }
};

struct block_list {
    std::mutex changing;
    std::vector<block> blocks;
};

// Never destroyed: combs may live in static objects.
block_list& all_blocks() {
    static auto* const list = new block_list;
    return *list;
}

std::unique_ptr<std::byte, release_block> new_block() {
    auto* const memory = static_cast<std::byte*>(::operator new(block_bytes, block_alignment));
#if defined(MADV_HUGEPAGE)
    // Where the system has none to give it stays with small pages: slower, nothing else.
    static_cast<void>(::madvise(memory, block_bytes, MADV_HUGEPAGE));
#endif
    return std::unique_ptr<std::byte, release_block>{memory};
}

std::size_t pages_of(std::size_t bytes) {
    return (bytes + comb_page_bytes - 1) / comb_page_bytes;
}

std::uint64_t* words_at(const block& in, std::size_t page) {
    return reinterpret_cast<std::uint64_t*>(in.memory.get() + page * comb_page_bytes);
}

}  // namespace

std::uint64_t* allocate_comb(std::size_t bytes) {
    assert(bytes > 0 && bytes <= block_bytes);
    const std::size_t pages = pages_of(bytes);
    block_list& list = all_blocks();
    const std::scoped_lock lock{list.changing};
    for (block& it : list.blocks) {
        const std::size_t first = it.free_run(pages);
        if (first != block_pages) {
            it.mark(first, pages, true);
            return words_at(it, first);
        }
    }
    block& added = list.blocks.emplace_back(block{new_block(), {}});
    added.mark(0, pages, true);
    return words_at(added, 0);
}

void release_comb(std::uint64_t* words, std::size_t bytes) noexcept {
    const auto* const memory = reinterpret_cast<const std::byte*>(words);
    block_list& list = all_blocks();
    const std::scoped_lock lock{list.changing};
    const auto it = std::ranges::find_if(list.blocks, [memory](const block& one) {
        return memory >= one.memory.get() && memory < one.memory.get() + block_bytes;
    });
    assert(it != list.blocks.end());
    it->mark(static_cast<std::size_t>(memory - it->memory.get()) / comb_page_bytes, pages_of(bytes), false);
    if (it->taken.none()) {
        list.blocks.erase(it);
    }
}

std::size_t comb_block_count() noexcept {
    block_list& list = all_blocks();
    const std::scoped_lock lock{list.changing};
    return list.blocks.size();
}

}  // namespace xacthuc::inline v0_1::ed25519
