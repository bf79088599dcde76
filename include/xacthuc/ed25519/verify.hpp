// SPDX-License-Identifier: Apache-2.0
// Is this the signature of this key over this message? One at a time, or many side by side.
//
// The rule, for every function here, on every input: the verdict of crypto_sign_verify_detached of libsodium 1.0.18.
// That is, S < L; A and R canonical and not of small order; SB - hA = R exactly, compared as bytes, h = SHA-512(R, A,
// message).
//
// A verdict never comes from a damaged table: each entry of a comb has a parity word, which is checked by the load that
// uses the entry. When it is wrong, the signature is decided without any table, by the same rule and our own code. See
// docs/ed25519.md.
//
// Others may write to the memory of keys, signatures and messages meanwhile: every byte is read once, and the verdict
// is about what was read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <xacthuc/domain/public_key.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/ed25519/signature.hpp>
#include <xacthuc/ed25519/verifying_key.hpp>

namespace xacthuc::inline v0_1::ed25519 {

// The length of the longest message, in bytes.
inline constexpr std::uint64_t message_bytes_max = std::uint64_t{1} << 32;

// Verifies one signature.
// Requires: message.size() <= message_bytes_max.
// Returns whether the signature is valid.
// Complexity: with a comb a fifth to a quarter of libsodium's time, without one about as long; linear in the message.
// Memory: 32 KiB of stack, once prepare() has been called; allocates nothing.
// Concurrency: any number of threads at once.
// Exceptions: std::invalid_argument for a longer message.
// Source: RFC 8032, section 5.1.7, and the rule above.
[[nodiscard]] XACTHUC_API bool verify(const verifying_key& key, std::span<const std::byte> message,
                                      const signature& signature);
[[nodiscard]] XACTHUC_API bool verify(const public_key& key, std::span<const std::byte> message,
                                      const signature& signature);

// One signature of a batch. Exactly one of `raw_key` and `key` is set; what is pointed to outlives the call. A `key`
// with a comb takes the fast path; a `key` without one is treated as its raw bytes.
struct batch_item {
    std::span<const std::byte> message;
    const ed25519::signature* signature = nullptr;
    const public_key* raw_key = nullptr;
    const verifying_key* key = nullptr;
};

// Verifies many signatures side by side; each gets the verdict that it would get alone.
// Requires: items.size() == verdicts.size(); every item has a signature and exactly one key, and a message of at most
// message_bytes_max bytes.
// Returns the number of valid signatures; verdicts[i] says whether items[i] is one.
// Complexity: linear. Best in batches of 64 and more; order and mix of keys do not matter much, since each 1,024 are
// put into order by key first. The share of invalid signatures does not change the time.
// Memory: 192 KiB of stack, once prepare() has been called; allocates nothing.
// Concurrency: as verify().
// Exceptions: std::invalid_argument where sizes or items are otherwise, before any verdict is written.
XACTHUC_API std::size_t verify_batch(std::span<const batch_item> items, std::span<bool> verdicts);

// Chooses the kernel and builds the table of the base point now, and not in the first verification: about 10 ms. A
// kernel is used only if it gives the right answers to known signatures, right and wrong ones, on this processor.
// Otherwise the next simpler one is used.
// Exceptions: std::bad_alloc.
XACTHUC_API void prepare();

// Returns the name of the kernel in use: "portable", "avx2" or "avx512ifma". It is the best that this CPU has, unless
// the environment variable XACTHUC_ISA names less when the first verification runs: see engine/isa.hpp. "none" where
// every kernel gave wrong answers: all signatures are refused then.
// Exceptions: std::bad_alloc, in the first call of the process.
[[nodiscard]] XACTHUC_API std::string_view kernel_name();

// Returns the names of the kernels that gave wrong answers to known signatures, and so are not used, a blank between
// them; "" on a machine that is as it should be.
// Exceptions: as kernel_name().
[[nodiscard]] XACTHUC_API std::string_view rejected_kernels();

// Recomputes the checksum of the table of the base point.
// Returns whether it is as it was built.
[[nodiscard]] XACTHUC_API bool base_comb_is_sound() noexcept;

}  // namespace xacthuc::inline v0_1::ed25519
