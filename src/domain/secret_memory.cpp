// SPDX-License-Identifier: Apache-2.0
#include "domain/secret_memory.hpp"

#include <sodium.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <xacthuc/domain/secret_protection.hpp>

namespace xacthuc::inline v0_1 {
namespace {

std::atomic<std::uint64_t> held{0};
std::atomic<std::uint64_t> ever_not_locked{0};

}  // namespace

void* take_secret_memory(std::size_t size_bytes) {
    // Without a source of randomness there is no key, and nothing a caller could do instead.
    if (sodium_init() < 0) std::abort();
    void* const memory = sodium_malloc(size_bytes);
    if (memory == nullptr) throw std::bad_alloc{};
    // sodium_malloc() has locked the pages and does not say whether it could; asking once more costs nothing.
    if (sodium_mlock(memory, size_bytes) != 0) ever_not_locked.fetch_add(1, std::memory_order_relaxed);
    held.fetch_add(1, std::memory_order_relaxed);
    return memory;
}

void give_secret_memory_back(void* memory) noexcept {
    sodium_free(memory);
    held.fetch_sub(1, std::memory_order_relaxed);
}

secret_protection how_secrets_are_kept() noexcept {
    return {held.load(std::memory_order_relaxed), ever_not_locked.load(std::memory_order_relaxed)};
}

}  // namespace xacthuc::inline v0_1
