// SPDX-License-Identifier: Apache-2.0
// The prepared form of a claim set: 32 bytes that mirror a record, ready to be compared with one.
//
//   word 0   id 40 (bits 0..39) · claims 16 (40..55) · birth precision 2 (56..57) · valid-on high 6 (58..63)
//   word 1   digest of the exact name 64
//   word 2   as in a record, the claimed facts, 0 where nothing is claimed (bits 0..54) · valid-on low 9 (55..63)
//   word 3   digest of the folded name 32 (0..31) · agency 16 (32..47) · procedure 16 (48..63)
//
// born_on_or_before sits in the birth date's place and account_level_at_least in the account level's: each excludes the
// other. "Valid on" counts days as a record's document expiry does, in 15 bits, so to 2089-09-16.
#pragma once

#include <array>
#include <cstdint>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/record.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

namespace request_layout {

inline constexpr bit_field id{0, 40};
inline constexpr bit_field claims{40, 16};
inline constexpr bit_field birth_precision{56, 2};
inline constexpr bit_field valid_on_high{58, 6};
inline constexpr bit_field valid_on_low{55, 9};
inline constexpr bit_field facts{0, 55};
inline constexpr bit_field agency{32, 16};
inline constexpr bit_field procedure{48, 16};

}  // namespace request_layout

struct alignas(32) request {
    std::array<std::uint64_t, 4> words{};

    [[nodiscard]] constexpr std::uint64_t id() const noexcept { return request_layout::id.get(words[0]); }
    [[nodiscard]] constexpr claim_mask claims() const noexcept {
        return static_cast<claim_mask>(request_layout::claims.get(words[0]));
    }
    [[nodiscard]] constexpr std::uint16_t agency() const noexcept {
        return static_cast<std::uint16_t>(request_layout::agency.get(words[3]));
    }
    [[nodiscard]] constexpr std::uint16_t procedure() const noexcept {
        return static_cast<std::uint16_t>(request_layout::procedure.get(words[3]));
    }
    friend bool operator==(const request&, const request&) = default;
};
static_assert(sizeof(request) == 32);

// Makes a request of claims. A claim of `required` that is not made is an error: what is not claimed is not looked at,
// so a verdict of `verified` says nothing about it.
// Complexity: one name digest, about 0.3 µs.
// Concurrency: wait-free.
// Errors: claim_required (see missing_claims()), claims_missing, claims_contradict, personal_id_reserved, those of
// digest_name(), date_range (a predicate's day not to the day or out of range), province_unknown, ward_range,
// code_range (a claimed status of `unknown`, a birth date of unknown year).
[[nodiscard]] XACTHUC_API result<request> prepare(const claim_set& claims, const digest_key& key,
                                                  claim_mask required = 0) noexcept;

}  // namespace xacthuc::inline v0_1
