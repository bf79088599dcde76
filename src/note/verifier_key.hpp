// SPDX-License-Identifier: Apache-2.0
// What verifier keys of all kinds of Ed25519 signatures have together: <name>+<8 hexadecimal digits>+<base64 of kind
// and key>, where the digits are the key id.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/public_key.hpp>

namespace xacthuc::inline v0_1 {

// What a key signs: a note's text, or that and the time at which it was seen.
enum class signature_kind : std::uint8_t { note = 0x01, cosignature = 0x04 };

[[nodiscard]] bool is_key_name(std::string_view name) noexcept;
[[nodiscard]] std::uint32_t key_id_of(std::string_view name, signature_kind kind, const public_key& key);
[[nodiscard]] std::string verifier_key_text(std::string_view name, signature_kind kind, const public_key& key);
// Errors: note_key.
[[nodiscard]] result<std::pair<std::string, public_key>> parse_verifier_key(std::string_view text, signature_kind kind);

}  // namespace xacthuc::inline v0_1
