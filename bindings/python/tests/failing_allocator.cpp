// SPDX-License-Identifier: Apache-2.0
// An allocator that refuses the k-th allocation of some shared objects, or all from it on. Preloaded, it takes the
// place of malloc() and operator new for the whole process, and tells by the return address who asks: what the
// interpreter itself allocates is never refused.
#include <link.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* block);
}

namespace {

struct code_range {
    std::uintptr_t begin;
    std::uintptr_t end;
};
std::array<code_range, 64> watched;
std::atomic<std::size_t> watched_count{0};

std::atomic<bool> is_armed{false};
std::atomic<bool> is_sticky{false};
std::atomic<std::size_t> at{0};
std::atomic<std::size_t> count{0};

bool refuses(const void* caller) {
    if (!is_armed) return false;
    const auto from = reinterpret_cast<std::uintptr_t>(caller);
    bool is_watched = false;
    for (std::size_t i = 0; i < watched_count; ++i) is_watched |= watched[i].begin <= from && from < watched[i].end;
    if (!is_watched) return false;
    const auto mine = count++;
    return mine == at || (is_sticky && mine > at);
}

void* allocated(const void* caller, std::size_t size, std::size_t alignment) {
    return refuses(caller) ? nullptr : __libc_memalign(alignment, size == 0 ? 1 : size);
}
void* allocated_or_thrown(const void* caller, std::size_t size, std::size_t alignment) {
    void* const block = allocated(caller, size, alignment);
    if (block == nullptr) throw std::bad_alloc{};
    return block;
}

constexpr auto plain = alignof(std::max_align_t);

}  // namespace

extern "C" {

// Watches the code of every loaded object that has this in its path. Returns how many there are.
int watch(const char* name) {
    struct found {
        const char* name;
        int objects;
    } wanted{name, 0};
    dl_iterate_phdr(
        [](dl_phdr_info* object, std::size_t, void* data) {
            auto& into = *static_cast<found*>(data);
            if (std::strstr(object->dlpi_name, into.name) == nullptr) return 0;
            ++into.objects;
            for (int i = 0; i < object->dlpi_phnum; ++i) {
                const auto& part = object->dlpi_phdr[i];
                if (part.p_type != PT_LOAD || (part.p_flags & PF_X) == 0 || watched_count == watched.size()) continue;
                watched[watched_count] = {object->dlpi_addr + part.p_vaddr,
                                          object->dlpi_addr + part.p_vaddr + part.p_memsz};
                ++watched_count;
            }
            return 0;
        },
        &wanted);
    return wanted.objects;
}

void fail_allocations(std::size_t k, int from_then_on) {
    at = k;
    is_sticky = from_then_on != 0;
    count = 0;
    is_armed = true;
}

// Returns how many allocations there were since.
std::size_t relent() {
    is_armed = false;
    return count;
}

void* malloc(std::size_t size) {
    return refuses(__builtin_return_address(0)) ? nullptr : __libc_malloc(size);
}
void* calloc(std::size_t number, std::size_t size) {
    return refuses(__builtin_return_address(0)) ? nullptr : __libc_calloc(number, size);
}
void* realloc(void* block, std::size_t size) {
    return refuses(__builtin_return_address(0)) ? nullptr : __libc_realloc(block, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return allocated(__builtin_return_address(0), size, alignment);
}
int posix_memalign(void** block, std::size_t alignment, std::size_t size) {
    void* const made = allocated(__builtin_return_address(0), size, alignment);
    if (made == nullptr) return ENOMEM;
    *block = made;
    return 0;
}
}

void* operator new(std::size_t size) {
    return allocated_or_thrown(__builtin_return_address(0), size, plain);
}
void* operator new[](std::size_t size) {
    return allocated_or_thrown(__builtin_return_address(0), size, plain);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocated_or_thrown(__builtin_return_address(0), size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return allocated_or_thrown(__builtin_return_address(0), size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return allocated(__builtin_return_address(0), size, plain);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return allocated(__builtin_return_address(0), size, plain);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return allocated(__builtin_return_address(0), size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return allocated(__builtin_return_address(0), size, static_cast<std::size_t>(alignment));
}
void operator delete(void* block) noexcept {
    __libc_free(block);
}
void operator delete[](void* block) noexcept {
    __libc_free(block);
}
void operator delete(void* block, std::size_t) noexcept {
    __libc_free(block);
}
void operator delete[](void* block, std::size_t) noexcept {
    __libc_free(block);
}
void operator delete(void* block, std::align_val_t) noexcept {
    __libc_free(block);
}
void operator delete[](void* block, std::align_val_t) noexcept {
    __libc_free(block);
}
void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
    __libc_free(block);
}
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept {
    __libc_free(block);
}
