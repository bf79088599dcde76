// SPDX-License-Identifier: Apache-2.0
// Cosignatures: what an outside witness says of a log, that at this time this checkpoint was the largest which it had
// seen, and continued all that it had seen before.
// Source: C2SP tlog-cosignature, version 1 with Ed25519 (https://c2sp.org/tlog-cosignature).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/public_key.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/note/signed_note.hpp>

namespace xacthuc::inline v0_1 {

// Whose cosignature it is: a name and an Ed25519 key, which signs nothing else. As text, a verifier key of kind 0x04.
class cosigner {
  public:
    // Errors: note_name (empty, with a space, a plus or a control character).
    [[nodiscard]] XACTHUC_API static result<cosigner> make(std::string_view name, const public_key& key);
    // Reads a verifier key.
    // Errors: note_key (not one, of another kind than cosignatures by Ed25519, or its key id is of another key).
    [[nodiscard]] XACTHUC_API static result<cosigner> parse(std::string_view text);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const public_key& key() const noexcept { return key_; }
    // The first four bytes, big-endian, of SHA-256(name, line feed, 0x04, key).
    [[nodiscard]] XACTHUC_API std::uint32_t key_id() const;
    [[nodiscard]] XACTHUC_API std::string text() const;

    friend bool operator==(const cosigner&, const cosigner&) = default;

  private:
    cosigner(std::string_view name, const public_key& key) : name_{name}, key_{key} {}

    std::string name_;
    public_key key_;
};

// When this cosigner has cosigned the note; nothing when it has not, or wrongly.
// Returns seconds since 1970.
// Complexity: one hash of the text for each signature of that name and key id.
[[nodiscard]] XACTHUC_API std::optional<std::uint64_t> cosigned_at(const signed_note& note, const cosigner& who);

// What a cosigner answers for a checkpoint's text, when it has made sure of what that says.
// Requires: time_s < 2^63.
// Units: seconds since 1970.
[[nodiscard]] XACTHUC_API note_signature make_cosignature(std::string_view text, const cosigner& who,
                                                          std::uint64_t time_s, const note_signer& sign);

}  // namespace xacthuc::inline v0_1
