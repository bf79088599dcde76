// SPDX-License-Identifier: Apache-2.0
// Signed notes: a text, and below it a line for each signature. Others read and make them with tools of their own.
// Source: C2SP signed-note, version 1.0.0 (https://c2sp.org/signed-note@v1.0.0); signature type 0x01, Ed25519.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/public_key.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/ed25519/signature.hpp>

namespace xacthuc::inline v0_1 {

// Whose signature it is: a name and an Ed25519 key. As text, a verifier key: <name>+<8 hexadecimal digits>+<base64>.
class note_verifier {
  public:
    // Errors: note_name (empty, with a space, a plus or a control character).
    [[nodiscard]] XACTHUC_API static result<note_verifier> make(std::string_view name, const public_key& key);
    // Reads a verifier key.
    // Errors: note_key (not one, of another kind than Ed25519, or its key id is not that of name and key).
    [[nodiscard]] XACTHUC_API static result<note_verifier> parse(std::string_view text);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const public_key& key() const noexcept { return key_; }
    // The first four bytes, big-endian, of SHA-256(name, line feed, 0x01, key).
    [[nodiscard]] XACTHUC_API std::uint32_t key_id() const;
    [[nodiscard]] XACTHUC_API std::string text() const;

    friend bool operator==(const note_verifier&, const note_verifier&) = default;

  private:
    note_verifier(std::string_view name, const public_key& key) : name_{name}, key_{key} {}

    std::string name_;
    public_key key_;
};

// One signature line.
struct note_signature {
    std::string name;
    std::uint32_t key_id = 0;
    std::vector<std::byte> bytes;  // after the key id

    friend bool operator==(const note_signature&, const note_signature&) = default;
};

// A text with its signatures, right or not.
struct signed_note {
    std::string text;  // ends with a line feed
    std::vector<note_signature> signatures;

    // Whether one of the signatures is this verifier's, and right.
    // Complexity: one hash of the text for each signature of that name and key id.
    [[nodiscard]] XACTHUC_API bool is_signed_by(const note_verifier& who) const;
    // The first signature of this name and key id, right or not; null where there is none.
    [[nodiscard]] XACTHUC_API const note_signature* signature_of(std::string_view name,
                                                                 std::uint32_t key_id) const noexcept;
    // The whole note.
    [[nodiscard]] XACTHUC_API std::string encode() const;

    friend bool operator==(const signed_note&, const signed_note&) = default;
};

// Reads a note. Signatures of kinds that are not known here are kept.
// Errors: note_syntax.
[[nodiscard]] XACTHUC_API result<signed_note> parse_note(std::string_view whole);

// Makes a signature of a message.
using note_signer = std::function<ed25519::signature(std::span<const std::byte>)>;
// Adds a signature of `who`, which `sign` makes, in place of one that it has of the same name and key.
// Errors: note_syntax (the text does not end with a line feed, or has control characters other than that, or is not
// UTF-8).
[[nodiscard]] XACTHUC_API result<void> sign_note(signed_note& note, const note_verifier& who, const note_signer& sign);

}  // namespace xacthuc::inline v0_1
