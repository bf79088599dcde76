// SPDX-License-Identifier: Apache-2.0
// Tables of the index come from the server's own allocator, so that `maxmemory` counts them. They are what is allocated
// with an alignment: nothing outside this module allocates or frees by these operators, whose names it does not show.
#include <cstdint>
#include <cstdlib>
#include <new>

#include "server_calls.hpp"

namespace {

// Before each block: what to free, and whose it is. Some are allocated before the server has told its calls.
struct note {
    void* whole;
    bool is_servers;
};

[[nodiscard]] void* allocate_aligned(std::size_t size, std::size_t alignment) noexcept {
    using xacthuc::redis::server;
    const auto room = alignment + sizeof(note);
    if (size > SIZE_MAX - room) return nullptr;
    const bool is_servers = server.allocate != nullptr;
    // allocate() ends the process where there is no memory, so it is for servers that have nothing better.
    auto* const take = server.try_allocate != nullptr ? server.try_allocate : server.allocate;
    void* const whole = is_servers ? take(size + room) : std::malloc(size + room);
    if (whole == nullptr) return nullptr;
    const auto begin = reinterpret_cast<std::uintptr_t>(whole) + sizeof(note);
    auto* const block = reinterpret_cast<std::byte*>((begin + alignment - 1) / alignment * alignment);
    *reinterpret_cast<note*>(block - sizeof(note)) = {whole, is_servers};
    return block;
}

void free_aligned(void* block) noexcept {
    if (block == nullptr) return;
    const auto of = *reinterpret_cast<note*>(static_cast<std::byte*>(block) - sizeof(note));
    if (of.is_servers)
        xacthuc::redis::server.free(of.whole);
    else
        std::free(of.whole);
}

}  // namespace

void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return allocate_aligned(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    if (void* const block = allocate_aligned(size, static_cast<std::size_t>(alignment)); block != nullptr) return block;
    throw std::bad_alloc{};
}
void operator delete(void* block, std::align_val_t) noexcept {
    free_aligned(block);
}
void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
    free_aligned(block);
}
void operator delete(void* block, std::align_val_t, const std::nothrow_t&) noexcept {
    free_aligned(block);
}
