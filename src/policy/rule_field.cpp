// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <xacthuc/policy/rule_field.hpp>

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::array<std::string_view, rule_field_count> field_names{"may_ask",
                                                                     "must_ask",
                                                                     "valid.from",
                                                                     "valid.to",
                                                                     "proof",
                                                                     "answer",
                                                                     "account_level_at_least",
                                                                     "consent",
                                                                     "delegate_depth",
                                                                     "quota.misses_per_citizen_day",
                                                                     "quota.per_second",
                                                                     "quota.per_day",
                                                                     "quota.officer_per_day",
                                                                     "proof_age_max"};

// ["a", "b"]
class word_list {
  public:
    void add(std::string_view word) {
        text_ += text_.empty() ? "" : ", ";
        text_ += '"';
        text_ += word;
        text_ += '"';
    }
    [[nodiscard]] std::string text() const { return "[" + text_ + "]"; }

  private:
    std::string text_;
};

[[nodiscard]] std::string claims_text(claim_mask claims) {
    word_list words;
    for (unsigned k = 0; k < claim_count; ++k)
        if ((claims >> k & 1U) != 0) words.add(to_string(static_cast<claim>(k)));
    return words.text();
}

[[nodiscard]] std::string proofs_text(proof_mask proofs) {
    word_list words;
    if ((proofs & agency_proved) != 0) words.add("agency");
    if ((proofs & holder_proved) != 0) words.add("holder");
    return words.text();
}

[[nodiscard]] std::string limit_text(std::uint32_t value, std::uint32_t none, std::uint32_t unit = 1) {
    return value == none ? "no limit" : std::to_string(value / unit);
}

}  // namespace

std::string_view to_string(rule_field field) noexcept {
    const auto number = static_cast<std::size_t>(field);
    return number < field_names.size() ? field_names[number] : std::string_view{};
}

std::string text_of(const rule& of, rule_field field) {
    const auto quoted = [](std::string_view word) { return '"' + std::string{word} + '"'; };
    switch (field) {
        case rule_field::may_ask:
            return claims_text(of.may_ask);
        case rule_field::must_ask:
            return claims_text(of.must_ask);
        case rule_field::valid_from:
            return of.valid_from == first_policy_day ? "always" : policy_day_text(of.valid_from);
        case rule_field::valid_to:
            return of.valid_to == last_policy_day ? "always" : policy_day_text(of.valid_to);
        case rule_field::proof:
            return proofs_text(of.proof);
        case rule_field::answer:
            return quoted(to_string(of.answer));
        case rule_field::account_level_at_least:
            return quoted(of.account_level_at_least == account_level::unknown ? "none"
                                                                              : to_string(of.account_level_at_least));
        case rule_field::consent:
            return quoted(to_string(of.consent));
        case rule_field::delegate_depth:
            return std::to_string(of.delegate_depth);
        case rule_field::misses_per_citizen_day:
            return limit_text(of.misses_per_citizen_day, misses_no_limit);
        case rule_field::per_second:
            return limit_text(of.per_second, no_limit);
        case rule_field::per_day:
            return limit_text(of.per_day, no_limit);
        case rule_field::officer_per_day:
            return limit_text(of.officer_per_day, no_limit);
        case rule_field::proof_age_max:
            return limit_text(of.proof_age_max_ms, no_limit, 1000);
    }
    return {};
}

rule with_field(rule to, rule_field field, const rule& from) noexcept {
    switch (field) {
        case rule_field::may_ask:
            to.may_ask = from.may_ask;
            break;
        case rule_field::must_ask:
            to.must_ask = from.must_ask;
            break;
        case rule_field::valid_from:
            to.valid_from = from.valid_from;
            break;
        case rule_field::valid_to:
            to.valid_to = from.valid_to;
            break;
        case rule_field::proof:
            to.proof = from.proof;
            break;
        case rule_field::answer:
            to.answer = from.answer;
            break;
        case rule_field::account_level_at_least:
            to.account_level_at_least = from.account_level_at_least;
            break;
        case rule_field::consent:
            to.consent = from.consent;
            break;
        case rule_field::delegate_depth:
            to.delegate_depth = from.delegate_depth;
            break;
        case rule_field::misses_per_citizen_day:
            to.misses_per_citizen_day = from.misses_per_citizen_day;
            break;
        case rule_field::per_second:
            to.per_second = from.per_second;
            break;
        case rule_field::per_day:
            to.per_day = from.per_day;
            break;
        case rule_field::officer_per_day:
            to.officer_per_day = from.officer_per_day;
            break;
        case rule_field::proof_age_max:
            to.proof_age_max_ms = from.proof_age_max_ms;
            break;
    }
    return to;
}

bool narrower_in(rule_field field, const rule& child, const rule& parent) noexcept {
    return narrower(with_field(parent, field, child), parent);
}

std::string policy_day_text(std::uint16_t day) {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::year{2000} / 1 / 1} +
                                           std::chrono::days{day}};
    const auto two = [](unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return std::to_string(static_cast<int>(date.year())) + '-' + two(static_cast<unsigned>(date.month())) + '-' +
           two(static_cast<unsigned>(date.day()));
}

}  // namespace xacthuc::inline v0_1
