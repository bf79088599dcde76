// SPDX-License-Identifier: Apache-2.0
// The verification kernel for any processor.
#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <cstring>
#include <utility>

#include "domain/crc32c.hpp"
#include "engine/kernel.hpp"
#include "index/lookup.hpp"
#include "index/placement.hpp"

namespace xacthuc::inline v0_1::kernels {
namespace {
namespace portable {

[[nodiscard]] inline std::uint32_t crc(std::uint32_t value, std::uint64_t word) noexcept {
    return crc32c::extend(value, word);
}

#include "engine/verify_kernel.inc"

}  // namespace portable
}  // namespace

const kernel portable_kernel{"portable", portable::verify, portable::find, portable::judge_found_records};

}  // namespace xacthuc::inline v0_1::kernels
