// SPDX-License-Identifier: Apache-2.0
// How well this process keeps the secrets that the library holds: digest keys, the keys derived from them, authority
// keys and the texts of their files lie in pages of their own, locked in memory and left out of core dumps where the
// system allows. Each takes one page of what RLIMIT_MEMLOCK allows (ulimit -l; two or three for an open registry),
// three more of address space, and is shared by all copies of its key. A child that is made by fork() has them too,
// left out of its core dumps as well, but not locked: no system hands locks on. What computes with a secret may leave
// traces of it in registers and on the stack.
#pragma once

#include <cstdint>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// Counts of this process.
struct secret_protection {
    std::uint64_t held = 0;  // secrets in memory now
    // Secrets so far that the system would not lock: they may have been written to a swap device. They work all the
    // same.
    std::uint64_t ever_not_locked = 0;
};

// Concurrency: wait-free.
[[nodiscard]] XACTHUC_API secret_protection how_secrets_are_kept() noexcept;

}  // namespace xacthuc::inline v0_1
