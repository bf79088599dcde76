// SPDX-License-Identifier: Apache-2.0
// The changes of one call of apply(), as they lie in the log: packed, and sealed.
//
//   a change    kind 1 · id 8                             erase
//               kind 1 · id 8 · key 32                    set_key
//               kind 1 · record 32 [· key 32]             upsert [with key]; the record's state and version are 0
//
// A seal is BLAKE2b-256 under a key that is derived from the registry's digest key, of: the seal before · first
// sequence 8 · number of changes 8 · time 8 · the packed changes. So whoever lacks the digest key can neither alter a
// batch nor add one, and none can be left out between two others.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/registry/change.hpp>

#include "hash/content_hash.hpp"

namespace xacthuc::inline v0_1 {

inline constexpr std::size_t packed_change_bytes_max = 1 + sizeof(record) + public_key_bytes;

using change_seal = binding_hash;

// In secret memory, which all copies share. One that is moved from stays as it is.
class sealing_key {
  public:
    // Throws bad_alloc.
    explicit sealing_key(const digest_key& of);
    sealing_key(const sealing_key&) noexcept = default;
    sealing_key& operator=(const sealing_key&) noexcept = default;
    ~sealing_key() = default;

    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return *bytes_; }

  private:
    std::shared_ptr<const std::array<std::byte, 32>> bytes_;
};

// BLAKE2b-256 under the key, of the context, filled up with zeros to 32 bytes, and the bytes. Seals begin with a seal
// instead, so neither can stand for the other. Requires: a context of at most 32 bytes.
[[nodiscard]] binding_hash keyed_hash(std::string_view context, std::span<const std::byte> bytes,
                                      const sealing_key& key) noexcept;

struct change_batch {
    std::uint64_t first_sequence = 0;
    std::uint64_t change_count = 0;
    std::int64_t time_unix_ms = 0;
    std::span<const std::byte> packed{};

    [[nodiscard]] std::uint64_t last_sequence() const noexcept { return first_sequence + change_count - 1; }
};

[[nodiscard]] change_seal seal(const change_batch& batch, const change_seal& before, const sealing_key& key) noexcept;

// Appends a change. Requires: it is valid.
void pack_change(const change& what, std::vector<std::byte>& to);

// Takes a change off the front, without sequence and time. Returns false when the bytes are none.
[[nodiscard]] bool unpack_change(std::span<const std::byte>& from, change& into) noexcept;

// Appends the batch's changes. Returns false when the bytes are not exactly change_count changes.
[[nodiscard]] bool unpack_batch(const change_batch& batch, std::vector<change>& into);

}  // namespace xacthuc::inline v0_1
