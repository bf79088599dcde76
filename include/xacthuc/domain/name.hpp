// SPDX-License-Identifier: Apache-2.0
// A person's name as it is compared: two canonical forms of what was typed, and their digests under a registry's key.
// Two spellings are the same name when their exact forms are the same bytes (tones and vowel marks count, where in the
// syllable the tone was typed does not), and nearly the same when their folded forms are and one of the two has no
// marks at all (as banks and airlines write names). docs/names.md gives every rule with examples.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// The longest name accepted, in bytes of UTF-8 as it was given. The longest names on identity cards stay below 100.
inline constexpr std::size_t name_bytes_max = 256;

// The longest canonical form of such a name: no character's form is more than three times as long as the character.
inline constexpr std::size_t name_form_bytes_max = 3 * name_bytes_max;

// What the index stores and compares of a name. Both are cut from one digest, SipHash-2-4, in which a low half of 0 is
// made 1: 0 is kept for "no data". So a name without marks, whose two forms are the same bytes, has the low half of
// `exact` in `folded`, and shows by it that it has none; one with marks shows that by chance, once in 2^32 names.
struct name_digests {
    std::uint64_t exact = 0;   // of the exact form
    std::uint32_t folded = 0;  // low half of that of the folded form

    friend bool operator==(const name_digests&, const name_digests&) = default;
};

// Both canonical forms of one name, in the caller's memory. Filled by canonicalize(), reusable.
class name_forms {
  public:
    [[nodiscard]] std::string_view exact() const noexcept { return {exact_.data(), exact_size_}; }
    [[nodiscard]] std::string_view folded() const noexcept { return {folded_.data(), folded_size_}; }

    // The digests of the two forms.
    [[nodiscard]] XACTHUC_API name_digests digests(const digest_key& key) const noexcept;

  private:
    friend class name_writer;

    // The writer stores whole words, so it may touch a few bytes after the end.
    static constexpr std::size_t slack_bytes = 8;

    std::size_t exact_size_ = 0;
    std::size_t folded_size_ = 0;
    std::array<char, name_form_bytes_max + slack_bytes> exact_;
    std::array<char, name_form_bytes_max + slack_bytes> folded_;
};

// Brings a name into its two canonical forms.
// Complexity: linear; allocates nothing. Names written in Latin letters take a fast path, all others go through
// utf8proc.
// Concurrency: any thread; the first call in a process builds a table (well under a millisecond).
// Errors: name_too_long; name_not_utf8; name_control_character; name_unassigned_character (noncharacters too);
// name_empty when nothing is left of it, or nothing but marks. The forms are then empty.
// Source: Unicode 15 by way of utf8proc; Civil Code 2015, article 26, on what a name may hold, is left to the register.
[[nodiscard]] XACTHUC_API result<void> canonicalize(std::string_view utf8, name_forms& forms) noexcept;

// The digests of both canonical forms of a name.
// Complexity: as canonicalize().
// Concurrency: as canonicalize().
// Errors: those of canonicalize().
[[nodiscard]] XACTHUC_API result<name_digests> digest_name(std::string_view utf8, const digest_key& key) noexcept;

// One canonical form as a string, for people and tests.
// Errors: those of canonicalize().
[[nodiscard]] XACTHUC_API result<std::string> exact_form(std::string_view utf8);
[[nodiscard]] XACTHUC_API result<std::string> folded_form(std::string_view utf8);

}  // namespace xacthuc::inline v0_1
