// SPDX-License-Identifier: Apache-2.0
// The secret by which guards place citizens in their tables, so that nobody who chooses whom to ask about can choose
// the place.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

inline constexpr std::size_t guard_key_bytes = 32;

// Where a citizen stands in all tables that count, as 64 bits: two multiplications by secret odd words, under a
// nanosecond. Different citizens have different places. Not a cryptographic hash: who saw its values could compute the
// words. Nobody outside sees them, and who found two citizens near each other could have one of them counted too often,
// never too seldom.
struct subject_place {
    std::uint64_t start = 0;
    std::uint64_t first = 1;
    std::uint64_t second = 1;

    // Complexity: constant.
    // Concurrency: wait-free.
    [[nodiscard]] std::uint64_t operator()(std::uint64_t id) const noexcept {
        auto place = (id ^ start) * first;
        place = (place ^ place >> 32) * second;
        return place ^ place >> 32;
    }
};

// 256 bits in memory as digest_key's, shared by all copies and wiped with the last of them: 128 for fingerprints, 128
// for places. State that is saved under one key can be restored under no other.
class guard_key {
  public:
    // A new random key.
    // Exceptions: std::bad_alloc.
    [[nodiscard]] XACTHUC_API static guard_key generate();
    // The key of these bytes.
    // Exceptions: std::bad_alloc.
    [[nodiscard]] XACTHUC_API static guard_key from_bytes(std::span<const std::byte, guard_key_bytes> bytes);

    // Concurrency: wait-free.
    [[nodiscard]] XACTHUC_API subject_place places() const noexcept;
    // SipHash-2-4 of a number and 16 bytes.
    // Concurrency: wait-free.
    [[nodiscard]] XACTHUC_API std::uint64_t fingerprint(std::uint64_t number,
                                                        std::span<const std::byte, 16> bytes) const noexcept;
    // A public number that tells one key from another and nothing about it.
    // Concurrency: wait-free.
    [[nodiscard]] XACTHUC_API std::uint64_t check() const noexcept;

  private:
    using key_bytes = std::array<std::byte, guard_key_bytes>;
    explicit guard_key(std::shared_ptr<const key_bytes> bytes) noexcept : bytes_{std::move(bytes)} {}

    std::shared_ptr<const key_bytes> bytes_;
};

}  // namespace xacthuc::inline v0_1
