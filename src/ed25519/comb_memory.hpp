// SPDX-License-Identifier: Apache-2.0
// Memory for combs, in huge pages where the system gives them.
//
// A verification with a comb touches one entry in each of dozens of rows, each on a page of its own: in pages of 4 KiB
// nearly every one is looked up in the page tables first. So combs are cut from blocks of 2 MiB, aligned so that each
// can be one huge page, and a block goes back to the system when its last comb is gone.
#pragma once

#include <cstddef>
#include <cstdint>

namespace xacthuc::inline v0_1::ed25519 {

inline constexpr std::size_t comb_page_bytes = 4096;

// Returns memory aligned to comb_page_bytes. Requires 0 < bytes <= 2 MiB. Exceptions: std::bad_alloc. Concurrency: any
// thread; blocking on a lock for the length of a search through the blocks.
[[nodiscard]] std::uint64_t* allocate_comb(std::size_t bytes);
// Requires what allocate_comb(bytes) returned.
void release_comb(std::uint64_t* words, std::size_t bytes) noexcept;

// The blocks that are held now. For tests.
[[nodiscard]] std::size_t comb_block_count() noexcept;

}  // namespace xacthuc::inline v0_1::ed25519
