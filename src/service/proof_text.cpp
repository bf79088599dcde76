// SPDX-License-Identifier: Apache-2.0
#include "service/proof_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

namespace xacthuc::inline v0_1::service {
namespace {

enum : std::uint8_t { issued_at_place, nonce_place, signature_place, proof_place_count };

constexpr std::array<std::string_view, proof_place_count> proof_members{"holder_proof.issued_at_unix_ms",
                                                                        "holder_proof.nonce", "holder_proof.signature"};
constexpr std::size_t before_name = holder_proof_member.size() + 1;

[[nodiscard]] constexpr unsigned digit_of(char c) noexcept {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return 16;
}

}  // namespace

bool parse_hex_digits(std::string_view digits, std::span<std::byte> into) noexcept {
    if (digits.size() != 2 * into.size()) return false;
    for (std::size_t k = 0; k < into.size(); ++k) {
        const auto high = digit_of(digits[2 * k]);
        const auto low = digit_of(digits[2 * k + 1]);
        if (high > 15 || low > 15) return false;
        into[k] = static_cast<std::byte>(high << 4 | low);
    }
    return true;
}

problem proof_text_reader::key(std::string_view name) noexcept {
    const auto found =
        std::ranges::find(proof_members, name, [](std::string_view each) { return each.substr(before_name); });
    at_ = static_cast<std::uint8_t>(found - proof_members.begin());
    if (at_ == proof_place_count) return problem::unknown_member;
    const auto bit = static_cast<std::uint8_t>(1U << at_);
    if ((seen_ & bit) != 0) return problem::member_twice;
    seen_ |= bit;
    return problem::none;
}

problem proof_text_reader::number(std::uint64_t value) noexcept {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (at_ != issued_at_place || value > most) return problem::member_type;
    made_.issued_at_unix_ms = static_cast<std::int64_t>(value);
    return problem::none;
}

problem proof_text_reader::text(std::string_view value) noexcept {
    bool is_read = false;
    if (at_ == nonce_place) is_read = parse_hex_digits(value, made_.nonce);
    if (at_ == signature_place) is_read = parse_hex_digits(value, made_.signature.bytes);
    return is_read ? problem::none : problem::member_type;
}

problem proof_text_reader::end(holder_proof& into) noexcept {
    for (at_ = 0; at_ < proof_place_count; ++at_)
        if ((seen_ >> at_ & 1U) == 0) return problem::member_missing;
    into = made_;
    return problem::none;
}

std::string_view proof_text_reader::member() const noexcept {
    return at_ < proof_place_count ? proof_members[at_] : holder_proof_member;
}

}  // namespace xacthuc::inline v0_1::service
