// SPDX-License-Identifier: Apache-2.0
// What must hold of the canonical forms of any bytes at all: shared by the random tests and the fuzzer.
#pragma once

#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <xacthuc/domain/name.hpp>

#include "domain/name_rules.hpp"

namespace xacthuc::test {

inline std::string encode(char32_t c) {
    std::string bytes;
    const auto put = [&bytes](char32_t b) { bytes.push_back(static_cast<char>(b)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | c >> 6);
        put(0x80 | (c & 63));
    } else if (c < 0x10000) {
        put(0xE0 | c >> 12);
        put(0x80 | (c >> 6 & 63));
        put(0x80 | (c & 63));
    } else {
        put(0xF0 | c >> 18);
        put(0x80 | (c >> 12 & 63));
        put(0x80 | (c >> 6 & 63));
        put(0x80 | (c & 63));
    }
    return bytes;
}

// Nothing where the bytes are not UTF-8 (RFC 3629). Written from the definition, apart from the library's two decoders.
inline std::optional<std::u32string> decode(std::string_view bytes) {
    std::u32string text;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto lead = static_cast<unsigned char>(bytes[at]);
        const std::size_t size = lead < 0x80 ? 1 : lead < 0xC0 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (size == 0 || lead > 0xF7 || at + size > bytes.size()) return std::nullopt;
        char32_t c = size == 1 ? lead : lead & (0x7Fu >> size);
        for (std::size_t i = 1; i < size; ++i) {
            const auto trail = static_cast<unsigned char>(bytes[at + i]);
            if (trail >> 6 != 2) return std::nullopt;
            c = c << 6 | (trail & 63);
        }
        if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000) || encode(c).size() != size) return std::nullopt;
        text.push_back(c);
        at += size;
    }
    return text;
}

inline std::string encode(std::u32string_view text) {
    std::string bytes;
    for (const char32_t c : text) bytes += encode(c);
    return bytes;
}

// Requires: valid UTF-8 without U+0000.
inline std::string normalized(const std::string& text, bool composed) {
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.c_str());
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> made{
        composed ? utf8proc_NFC(bytes) : utf8proc_NFD(bytes), std::free};
    return reinterpret_cast<const char*>(made.get());
}
inline std::string nfc(const std::string& text) {
    return normalized(text, true);
}
inline std::string nfd(const std::string& text) {
    return normalized(text, false);
}

inline std::string upper(std::u32string_view text) {
    std::string bytes;
    for (const char32_t c : text)
        bytes += encode(static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c))));
    return bytes;
}

// A spelling that must have the same forms, or be too long to have any.
inline bool same_forms(const name_forms& forms, std::string_view spelling) {
    name_forms other;
    if (!canonicalize(spelling, other)) return spelling.size() > name_bytes_max;
    return forms.exact() == other.exact() && forms.folded() == other.folded();
}

inline bool has_stray_space(std::string_view form) {
    return form.starts_with(' ') || form.ends_with(' ') || form.find("  ") != std::string_view::npos;
}

// The first property that these bytes break, or nullptr.
inline const char* broken_property(const std::string& name) {
    name_forms forms;
    name_forms by_rules;
    const auto made = canonicalize(name, forms);
    const auto ruled = canonicalize_by_rules(name, by_rules);
    if (made.has_value() != ruled.has_value()) return "fast path and rules accept the same";
    if (!made && made.error() != ruled.error()) return "fast path and rules give the same error";
    if (forms.exact() != by_rules.exact() || forms.folded() != by_rules.folded()) return "fast path = rules";

    const auto text = decode(name);
    if (name.size() > name_bytes_max) return made.error() == errc::name_too_long ? nullptr : "over-long is refused";
    if (!text && made.has_value()) return "what is not UTF-8 is refused";
    if (text && !made && made.error() == errc::name_not_utf8) return "UTF-8 is not refused as something else";
    if (!made) return forms.exact().empty() && forms.folded().empty() ? nullptr : "no forms after an error";

    const std::string exact{forms.exact()};
    const std::string folded{forms.folded()};
    if (exact.empty() || folded.empty()) return "forms are not empty";
    if (exact.size() > name_form_bytes_max || folded.size() > name_form_bytes_max) return "forms fit";
    if (!decode(exact) || !decode(folded)) return "forms are UTF-8";
    if (has_stray_space(exact) || has_stray_space(folded)) return "one space between words, none around";
    if (nfc(exact) != exact || nfc(folded) != folded) return "forms are NFC";
    if (!same_forms(forms, exact)) return "idempotence: exact(exact) = exact, folded(exact) = folded";
    if (folded.size() <= name_bytes_max && folded_form(folded).value() != folded) return "folded(folded) = folded";
    if (folded.size() <= name_bytes_max && exact_form(folded).value() != folded) return "a folded form has no marks";
    const auto digests = forms.digests(digest_key::from_bytes(std::array<std::byte, digest_key_bytes>{}));
    if ((static_cast<std::uint32_t>(digests.exact) == digests.folded) != (exact == folded))
        return "a name without marks shows it by its digests, and no other";
    if (!same_forms(forms, nfc(name)) || !same_forms(forms, nfd(name))) return "NFC = NFD";
    // U+0345 is a mark that becomes a letter in upper case, after which other marks belong elsewhere.
    if (text->find(U'\u0345') == std::u32string::npos && !same_forms(forms, upper(*text))) return "case does not count";
    return nullptr;
}

}  // namespace xacthuc::test
