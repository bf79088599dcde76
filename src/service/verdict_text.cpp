// SPDX-License-Identifier: Apache-2.0
#include "service/verdict_text.hpp"

#include <array>
#include <charconv>
#include <string_view>

namespace xacthuc::inline v0_1::service {
namespace {

// A claim that was made and is in none of the masks was not looked at, or is not for the asker to know.
[[nodiscard]] std::string_view tri_state(const verdict& answer, unsigned kind) noexcept {
    if ((answer.matched() >> kind & 1U) != 0) return "true";
    return (answer.mismatched() >> kind & 1U) != 0 ? "false" : "not_available";
}

void append_claims(std::string& to, const verdict& answer, claim_mask claimed) {
    to += ",\"claims\":{";
    bool is_first = true;
    for (unsigned kind = 0; kind < claim_count; ++kind) {
        if ((claimed >> kind & 1U) == 0) continue;
        if (!is_first) to += ',';
        is_first = false;
        ((((to += '"') += to_string(static_cast<claim>(kind))) += "\":\"") += tri_state(answer, kind)) += '"';
    }
    to += '}';
}

void append_mask(std::string& to, std::string_view name, claim_mask mask) {
    to += name;
    append_number(to, mask);
}

}  // namespace

void append_number(std::string& to, std::uint64_t number) {
    std::array<char, 20> digits;  // NOLINT: filled below
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    to.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

void append_verdict(std::string& to, const verdict& answer, claim_mask claimed, answer_form form) {
    to += "{\"outcome\":";
    append_number(to, static_cast<std::uint64_t>(answer.outcome()));
    if (form == answer_form::names) {
        ((to += ",\"meaning\":\"") += to_string(answer.outcome())) += '"';
        append_claims(to, answer, claimed);
    } else {
        append_mask(to, ",\"matched\":", answer.matched());
        append_mask(to, ",\"mismatched\":", answer.mismatched());
        append_mask(to, ",\"unavailable\":", answer.unavailable());
    }
    ((to += ",\"grade\":\"") += to_string(answer.name_grade())) += '"';
    if (answer.coarse()) to += ",\"coarse\":true";
    if (answer.claim_coarse()) to += ",\"claim_coarse\":true";
}

void append_freshness(std::string& to, const freshness& as_of) {
    to += ",\"sequence\":";
    append_number(to, as_of.sequence);
    to += ",\"as_of_unix_ms\":";
    append_number(to, static_cast<std::uint64_t>(as_of.as_of_unix_ms));
}

}  // namespace xacthuc::inline v0_1::service
