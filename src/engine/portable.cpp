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

void verify_portable(const index_view& index, std::span<const request> requests, std::span<verdict> verdicts) noexcept {
    portable::verify_all(index, requests, verdicts);
}

void find_portable(const index_view& index, std::span<const request> requests, std::span<verdict> verdicts,
                   std::span<const slot*> found) noexcept {
    portable::verify_all(index, requests, verdicts, found.data());
}

void judge_portable(std::span<const record> records, std::span<const request> requests,
                    std::span<verdict> verdicts) noexcept {
    portable::judge_found_records(records, requests, verdicts);
}

}  // namespace xacthuc::inline v0_1::kernels
