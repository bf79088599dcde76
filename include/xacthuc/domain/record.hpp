// SPDX-License-Identifier: Apache-2.0
// The stored form of a citizen: 32 bytes, half a cache line, of keyed digests and packed facts.
//
//   word 0   id 40 (bits 0..39) · version 20 (40..59) · state 3 (60..62) · closed 1 (63)
//   word 1   digest of the exact name 64                                             0 = no name
//   word 2   birth day 5 (0..4) · birth month 4 (5..8) · birth year 9 (9..17) · sex 2 (18..19) · life 2 (20..21)
//            · registration 2 (22..23) · account level 2 (24..25) · account status 2 (26..27) · document 3 (28..30)
//            · province 7 (31..37) · ward 17 (38..54) · superseded 1 (55) · spare 8 (56..63)
//   word 3   digest of the folded name 32 (0..31) · document expiry 16 (32..47) · integrity check 16 (48..63)
//
// A request mirrors word 1, word 2 and the low half of word 3, so that comparing is a few xors and masks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <xacthuc/domain/citizen.hpp>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// A field of bits in a word.
struct bit_field {
    unsigned offset;
    unsigned width;

    [[nodiscard]] constexpr std::uint64_t mask() const noexcept { return ((std::uint64_t{1} << width) - 1) << offset; }
    [[nodiscard]] constexpr std::uint64_t get(std::uint64_t word) const noexcept { return (word & mask()) >> offset; }
    [[nodiscard]] constexpr std::uint64_t put(std::uint64_t value) const noexcept { return value << offset & mask(); }
    [[nodiscard]] constexpr std::uint64_t top() const noexcept { return std::uint64_t{1} << (offset + width - 1); }
};

namespace layout {

inline constexpr bit_field id{0, 40};
inline constexpr bit_field version{40, 20};
inline constexpr bit_field state{60, 3};
inline constexpr bit_field closed{63, 1};  // nothing of a slot but of its line: see slot.hpp

inline constexpr bit_field birth_day{0, 5};
inline constexpr bit_field birth_month{5, 4};
inline constexpr bit_field birth_year{9, 9};
inline constexpr bit_field birth{0, 18};
inline constexpr bit_field sex{18, 2};
inline constexpr bit_field life{20, 2};
inline constexpr bit_field registration{22, 2};
inline constexpr bit_field level{24, 2};
inline constexpr bit_field account{26, 2};
inline constexpr bit_field document{28, 3};
inline constexpr bit_field province{31, 7};
inline constexpr bit_field ward{38, 17};
inline constexpr bit_field superseded{55, 1};

inline constexpr bit_field folded_name{0, 32};
inline constexpr bit_field document_expiry{32, 16};
inline constexpr bit_field integrity{48, 16};

// Document expiry counts days from 2000-01-01, which is 1; 0 is unknown, and the last value is "never".
inline constexpr std::int32_t expiry_epoch_unix_days = 10'957 - 1;
inline constexpr std::uint64_t expiry_never = 0xffff;

}  // namespace layout

struct alignas(32) record {
    std::array<std::uint64_t, 4> words{};

    friend bool operator==(const record&, const record&) = default;
};
static_assert(sizeof(record) == 32);

// The days of a document's expiry as a record holds them.
// Errors: date_range (before 2000, after 2179-06-04, not to the day).
[[nodiscard]] XACTHUC_API result<std::uint16_t> expiry_days(date expiry) noexcept;

// The high half of the CRC-32C over the id and version bits of word 0, words 1 and 2, and word 3 without the check
// itself; the state and closed bits are left out because they change alone. It never maps a flip of one or two covered
// bits to no change (tests/unit/domain/record_test.cpp tries all of them).
[[nodiscard]] XACTHUC_API std::uint16_t integrity_check(const record& r) noexcept;
[[nodiscard]] XACTHUC_API record with_integrity(const record& r) noexcept;
[[nodiscard]] inline bool is_intact(const record& r) noexcept {
    return layout::integrity.get(r.words[3]) == integrity_check(r);
}

// The record of a citizen, with its integrity check, state bits 0 and version 0: the index sets both.
// Complexity: one name digest, about 0.3 µs.
// Errors: personal_id_reserved, those of digest_name(), province_unknown, ward_range, date_range. An empty name is no
// error.
[[nodiscard]] XACTHUC_API result<record> make_record(const citizen& who, const digest_key& key) noexcept;

// The same with the name's digests already at hand.
// Errors: as above but for those of digest_name().
struct name_digests;
[[nodiscard]] XACTHUC_API result<record> make_record(const citizen& who, const name_digests& name) noexcept;

}  // namespace xacthuc::inline v0_1
