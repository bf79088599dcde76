// SPDX-License-Identifier: Apache-2.0
#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <limits>
#include <string>
#include <utility>
#include <xacthuc/index/huge_pages.hpp>

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

[[nodiscard]] constexpr std::size_t round_up(std::size_t size, std::size_t unit) noexcept {
    return (size + unit - 1) / unit * unit;
}

[[nodiscard]] std::size_t number_in(const char* path) {
    std::ifstream file{path};
    std::size_t value = 0;
    return file >> value ? value : unlimited;
}

[[nodiscard]] std::size_t mem_available() {
    std::ifstream file{"/proc/meminfo"};
    std::string word;
    while (file >> word) {
        std::size_t kib = 0;
        if (word == "MemAvailable:" && file >> kib) return kib * 1024;
    }
    return unlimited;
}

[[nodiscard]] std::size_t left_in_control_group() {
    const auto limit = number_in("/sys/fs/cgroup/memory.max");
    const auto used = number_in("/sys/fs/cgroup/memory.current");
    if (limit == unlimited || used == unlimited) return unlimited;
    return limit > used ? limit - used : 0;
}

}  // namespace

std::size_t available_memory_bytes() {
    return std::min(mem_available(), left_in_control_group());
}

huge_pages::huge_pages(huge_pages&& other) noexcept
    : data_{std::exchange(other.data_, nullptr)}, size_{std::exchange(other.size_, 0)} {}

huge_pages& huge_pages::operator=(huge_pages&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

huge_pages::~huge_pages() {
    if (data_ != nullptr) ::munmap(data_, size_);
}

detailed_result<huge_pages> huge_pages::allocate(std::size_t size_bytes) {
    const auto size = round_up(std::max<std::size_t>(size_bytes, 1), page_bytes);
    if (const auto available = available_memory_bytes(); size > available)
        return failure{errc::out_of_memory, "wanted " + std::to_string(size >> 20) + " MiB, available are " +
                                                std::to_string(available >> 20) + " MiB"};
    // One page more than wanted, so that an aligned region of the wanted size is inside; the rest is given back.
    void* const raw =
        ::mmap(nullptr, size + page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (raw == MAP_FAILED)
        return failure{errc::out_of_memory, "the system refused a mapping of " + std::to_string(size >> 20) + " MiB"};
    auto* const begin = static_cast<std::byte*>(raw);
    const auto address = reinterpret_cast<std::uintptr_t>(raw);
    const auto skip = round_up(address, page_bytes) - address;
    if (skip != 0) ::munmap(begin, skip);
    if (skip != page_bytes) ::munmap(begin + skip + size, page_bytes - skip);
    ::madvise(begin + skip, size, MADV_HUGEPAGE);  // advice: without it everything works, only slower
    return huge_pages{begin + skip, size};
}

huge_pages huge_pages::adopt(std::span<std::byte> mapping) noexcept {
    return {mapping.data(), mapping.size()};
}

void huge_pages::discard(std::size_t offset, std::size_t size_bytes) noexcept {
    const auto first = round_up(offset, page_bytes);
    const auto last = std::min(offset + size_bytes, size_) / page_bytes * page_bytes;
    if (first < last) ::madvise(data_ + first, last - first, MADV_DONTNEED);
}

std::size_t huge_pages::huge_bytes() const {
    std::ifstream maps{"/proc/self/smaps"};
    std::string line;
    std::size_t total = 0;
    bool inside = false;
    const auto begin = reinterpret_cast<std::uintptr_t>(data_);
    while (std::getline(maps, line)) {
        if (const auto dash = line.find('-'); dash != std::string::npos && dash < 17 && line.find(' ') > dash) {
            const auto from = std::stoull(line.substr(0, dash), nullptr, 16);
            inside = from >= begin && from < begin + size_;
        } else if (inside && line.starts_with("AnonHugePages:")) {
            total += std::stoull(line.substr(14)) * 1024;
        }
    }
    return total;
}

}  // namespace xacthuc::inline v0_1
