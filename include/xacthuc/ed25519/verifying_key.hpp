// SPDX-License-Identifier: Apache-2.0
// A public key that has been checked once, and that can carry a comb: a table of its multiples which makes every later
// verification with it several times as fast.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/public_key.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1::ed25519 {

class comb_table;
struct comb_access;

// The widths a comb can have. A wider comb is faster and larger: comb_bytes tells how large.
inline constexpr unsigned comb_bits_min = 5;
inline constexpr unsigned comb_bits_max = 8;

// Requires: comb_bits_min <= bits <= comb_bits_max; other ones end the process.
// Returns the memory that one comb takes: 104,448 · 176,128 · 303,104 · 524,288 bytes for 5 · 6 · 7 · 8 bits.
[[nodiscard]] XACTHUC_API std::size_t comb_bytes(unsigned bits) noexcept;

// A checked key. A value: copies are cheap, and share one comb.
// Concurrency: a const verifying_key may be used by any number of threads.
class verifying_key {
  public:
    // Checks and keeps a key; it has no comb yet.
    // Returns the key, or why it is refused.
    // Complexity: one square root in the field, about 4 microseconds.
    // Errors: key_not_canonical (y is not below 2^255 - 19), key_small_order (one of the points of order 1, 2, 4 or 8),
    // key_not_on_curve (no point has this y).
    // Source: the checks of crypto_sign_verify_detached of libsodium 1.0.18, in its order except for the last two.
    [[nodiscard]] XACTHUC_API static result<verifying_key> make(const public_key& key);

    // Returns this key with a comb of so many bits in place of the one it may carry.
    // Requires: comb_bits_min <= bits <= comb_bits_max.
    // Complexity: 0.5 to 2 milliseconds.
    // Memory: comb_bytes(bits).
    // Exceptions: std::bad_alloc; std::invalid_argument for other bits.
    [[nodiscard]] XACTHUC_API verifying_key with_comb(unsigned bits = comb_bits_max) const;

    // Returns this key without the comb it may carry.
    [[nodiscard]] XACTHUC_API verifying_key without_comb() const;

    [[nodiscard]] const public_key& bytes() const noexcept { return bytes_; }

    // Returns the width of the comb, 0 when there is none.
    [[nodiscard]] XACTHUC_API unsigned comb_bits() const noexcept;

    // Recomputes the checksum of the comb.
    // Returns whether the comb is as it was built; true when there is none. A comb that is not gives no wrong verdict
    // (see verify.hpp), but it is slow, and its memory deserves a look.
    // Complexity: reads the comb once.
    [[nodiscard]] XACTHUC_API bool comb_is_sound() const noexcept;

  private:
    friend struct comb_access;
    explicit verifying_key(const public_key& key) : bytes_(key) {}

    public_key bytes_;
    std::shared_ptr<const comb_table> comb_;
};

}  // namespace xacthuc::inline v0_1::ed25519
