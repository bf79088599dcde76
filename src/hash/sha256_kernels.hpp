// SPDX-License-Identifier: Apache-2.0
// The ways to hash many leaves and nodes that this build has. What sha256.hpp promises uses the best that the processor
// has and XACTHUC_ISA allows; tests and measurements take each.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "hash/sha256.hpp"

namespace xacthuc::inline v0_1 {

struct sha256_kernel {
    std::string_view name;
    bool (*runs_here)() noexcept;
    // As those of sha256.hpp.
    sha256_hash (*whole)(std::span<const std::byte> bytes) noexcept;
    void (*leaves)(const std::byte* messages, std::size_t size, std::size_t stride,
                   std::span<sha256_hash> hashes) noexcept;
    void (*nodes)(std::span<const sha256_hash> children, std::span<sha256_hash> parents) noexcept;
};

namespace sha256_portable {
extern const sha256_kernel kernel;  // libsodium
}
#if defined(__x86_64__)
namespace sha256_avx2 {
extern const sha256_kernel kernel;
}
namespace sha256_sha_ni {
extern const sha256_kernel kernel;
}
namespace sha256_avx512 {
extern const sha256_kernel kernel;
}
#endif

// Returns all of this build, also those that this processor does not run, the best last.
[[nodiscard]] std::span<const sha256_kernel* const> sha256_kernels() noexcept;

}  // namespace xacthuc::inline v0_1
