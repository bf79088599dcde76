// SPDX-License-Identifier: Apache-2.0
#include <utf8proc.h>

#include <algorithm>
#include <optional>
#include <xacthuc/ed25519/verify.hpp>
#include <xacthuc/note/signed_note.hpp>

#include "note/base64.hpp"
#include "note/verifier_key.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::string_view signature_mark = "\xe2\x80\x94 ";  // an em dash and a space
constexpr std::size_t key_id_bytes = 4;
constexpr std::size_t signatures_max = 100;  // as Go's reader has it

[[nodiscard]] bool is_utf8(std::string_view text) noexcept {
    const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    auto left = static_cast<utf8proc_ssize_t>(text.size());
    while (left > 0) {
        utf8proc_int32_t character = 0;
        const auto size = utf8proc_iterate(at, left, &character);
        if (size <= 0) return false;
        at += size;
        left -= size;
    }
    return true;
}

[[nodiscard]] bool is_note_text(std::string_view text) noexcept {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; };
    return text.ends_with('\n') && std::ranges::none_of(text, is_control) && is_utf8(text);
}

[[nodiscard]] std::uint32_t big_endian(std::span<const std::byte, key_id_bytes> bytes) noexcept {
    std::uint32_t number = 0;
    for (const auto each : bytes) number = number << 8 | std::to_integer<std::uint32_t>(each);
    return number;
}

[[nodiscard]] std::optional<note_signature> parse_signature_line(std::string_view line) {
    if (!line.starts_with(signature_mark)) return std::nullopt;
    line.remove_prefix(signature_mark.size());
    const auto space = line.find(' ');
    if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return std::nullopt;
    const auto bytes = bytes_of_base64(line.substr(space + 1));
    if (!bytes || bytes->size() <= key_id_bytes) return std::nullopt;
    return note_signature{std::string{line.substr(0, space)},
                          big_endian(std::span{*bytes}.first<key_id_bytes>()),
                          {bytes->begin() + key_id_bytes, bytes->end()}};
}

}  // namespace

result<note_verifier> note_verifier::make(std::string_view name, const public_key& key) {
    if (!is_key_name(name)) return errc::note_name;
    return note_verifier{name, key};
}

result<note_verifier> note_verifier::parse(std::string_view text) {
    const auto read = parse_verifier_key(text, signature_kind::note);
    if (!read) return read.error();
    return make(read->first, read->second);
}

std::uint32_t note_verifier::key_id() const {
    return key_id_of(name_, signature_kind::note, key_);
}

std::string note_verifier::text() const {
    return verifier_key_text(name_, signature_kind::note, key_);
}

const note_signature* signed_note::signature_of(std::string_view name, std::uint32_t key_id) const noexcept {
    const auto found = std::ranges::find_if(
        signatures, [&](const note_signature& each) { return each.key_id == key_id && each.name == name; });
    return found == signatures.end() ? nullptr : &*found;
}

bool signed_note::is_signed_by(const note_verifier& who) const {
    // The first of this key decides, as it does for other readers of notes.
    const auto* const found = signature_of(who.name(), who.key_id());
    ed25519::signature signature;
    if (found == nullptr || found->bytes.size() != signature.bytes.size()) return false;
    std::ranges::copy(found->bytes, signature.bytes.begin());
    return ed25519::verify(who.key(), std::as_bytes(std::span{text}), signature);
}

std::string signed_note::encode() const {
    auto whole = text + '\n';
    for (const auto& each : signatures) {
        std::vector<std::byte> bytes;
        for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::byte>(each.key_id >> shift));
        bytes.insert(bytes.end(), each.bytes.begin(), each.bytes.end());
        whole.append(signature_mark).append(each.name).append(" ").append(base64_of(bytes)).append("\n");
    }
    return whole;
}

result<signed_note> parse_note(std::string_view whole) {
    const auto split = whole.rfind("\n\n");
    if (!is_note_text(whole) || split == std::string_view::npos) return errc::note_syntax;
    signed_note note{std::string{whole.substr(0, split + 1)}, {}};
    auto lines = whole.substr(split + 2);
    while (!lines.empty()) {
        const auto end = lines.find('\n');
        auto signature = parse_signature_line(lines.substr(0, end));
        if (!signature || note.signatures.size() == signatures_max) return errc::note_syntax;
        note.signatures.push_back(*std::move(signature));
        lines.remove_prefix(end + 1);
    }
    if (note.signatures.empty()) return errc::note_syntax;
    return note;
}

result<void> sign_note(signed_note& note, const note_verifier& who, const note_signer& sign) {
    if (!is_note_text(note.text)) return errc::note_syntax;
    const auto id = who.key_id();
    const auto made = sign(std::as_bytes(std::span{note.text}));
    std::erase_if(note.signatures, [&](const note_signature& s) { return s.key_id == id && s.name == who.name(); });
    note.signatures.push_back({who.name(), id, {made.bytes.begin(), made.bytes.end()}});
    return {};
}

}  // namespace xacthuc::inline v0_1
