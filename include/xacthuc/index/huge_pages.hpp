// SPDX-License-Identifier: Apache-2.0
// Owned anonymous memory in 2 MiB pages where the system grants them: a random read then costs one cache miss and no
// walk of the page tables, which is worth a factor of about three.
#pragma once

#include <cstddef>
#include <span>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// A region of memory mapped from the system, zeroed, 2 MiB aligned, returned when destroyed. Movable.
class huge_pages {
  public:
    static constexpr std::size_t page_bytes = std::size_t{2} << 20;

    huge_pages() = default;
    XACTHUC_API huge_pages(huge_pages&& other) noexcept;
    XACTHUC_API huge_pages& operator=(huge_pages&& other) noexcept;
    XACTHUC_API ~huge_pages();

    // Reserves address space and checks, before anything is touched, that the machine has the memory: what the kernel
    // calls available, and the control group's limit.
    // Errors: out_of_memory, with what was wanted and what there is.
    [[nodiscard]] XACTHUC_API static detailed_result<huge_pages> allocate(std::size_t size_bytes);
    // Takes over a mapping made elsewhere, for example of a file.
    // Requires: munmap(bytes.data(), bytes.size()) frees it.
    [[nodiscard]] XACTHUC_API static huge_pages adopt(std::span<std::byte> mapping) noexcept;

    [[nodiscard]] std::byte* data() const noexcept { return data_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    // Gives whole pages in [offset, offset + size_bytes) back to the system; they read as zeros afterwards.
    XACTHUC_API void discard(std::size_t offset, std::size_t size_bytes) noexcept;
    // How much of the region the kernel backs by huge pages now, in bytes; 0 where it does not tell.
    [[nodiscard]] XACTHUC_API std::size_t huge_bytes() const;

  private:
    huge_pages(std::byte* data, std::size_t size) noexcept : data_{data}, size_{size} {}

    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

// Memory that a new allocation can take without swapping, in bytes: the least of the kernel's MemAvailable and what is
// left under the control group's limit.
[[nodiscard]] XACTHUC_API std::size_t available_memory_bytes();

}  // namespace xacthuc::inline v0_1
