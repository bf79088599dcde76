// SPDX-License-Identifier: Apache-2.0
#include "reference/reference_verdict.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <xacthuc/domain/name.hpp>

namespace xacthuc {
namespace {

enum class answer { matched, mismatched, unavailable };

using answers = std::map<claim, answer>;  // ordered by the claims' numbers

[[nodiscard]] std::string exact(std::string_view name) {
    const auto form = exact_form(name);
    if (!form) throw std::invalid_argument{"a name without an exact form"};
    return *form;
}

[[nodiscard]] std::string folded(std::string_view name) {
    const auto form = folded_form(name);
    if (!form) throw std::invalid_argument{"a name without a folded form"};
    return *form;
}

[[nodiscard]] bool has_marks(std::string_view name) {
    return exact(name) != folded(name);
}

[[nodiscard]] name_grade grade_of(std::string_view registered, std::string_view claimed) {
    if (exact(registered) == exact(claimed)) return name_grade::exact;
    if (folded(registered) != folded(claimed)) return name_grade::none;
    if (has_marks(registered) && has_marks(claimed)) return name_grade::marks_differ;
    return name_grade::folded;
}

[[nodiscard]] std::chrono::sys_days earliest(date d) {
    using namespace std::chrono;
    return year{d.year()} / month{d.month() == 0 ? 1 : d.month()} / day{d.day() == 0 ? 1 : d.day()};
}

[[nodiscard]] std::chrono::sys_days latest(date d) {
    using namespace std::chrono;
    const auto in_month = year{d.year()} / month{d.month() == 0 ? 12 : d.month()};
    if (d.day() == 0) return sys_days{in_month / last};
    return sys_days{in_month / day{d.day()}};
}

[[nodiscard]] answer compare(bool known, bool equal) {
    if (!known) return answer::unavailable;
    return equal ? answer::matched : answer::mismatched;
}

[[nodiscard]] answer birth_date_answer(date registered, date claimed) {
    if (registered.year() == 0) return answer::unavailable;
    if (registered.year() != claimed.year()) return answer::mismatched;
    if (registered.month() == 0 || claimed.month() == 0) return answer::matched;
    if (registered.month() != claimed.month()) return answer::mismatched;
    if (registered.day() == 0 || claimed.day() == 0) return answer::matched;
    return compare(true, registered.day() == claimed.day());
}

[[nodiscard]] answer born_on_or_before_answer(date registered, date day) {
    if (registered.year() == 0) return answer::unavailable;
    if (latest(registered) <= earliest(day)) return answer::matched;
    if (earliest(registered) > earliest(day)) return answer::mismatched;
    return answer::unavailable;
}

[[nodiscard]] answer document_valid_on_answer(const citizen& holder, date day) {
    const bool status_known = holder.document != document_status::unknown;
    if (status_known && holder.document != document_status::valid) return answer::mismatched;
    const bool has_end = !holder.document_lifelong && holder.document_expiry.year() != 0;
    if (has_end && earliest(holder.document_expiry) < earliest(day)) return answer::mismatched;
    if (status_known && (holder.document_lifelong || has_end)) return answer::matched;
    return answer::unavailable;
}

[[nodiscard]] answer level_answer(account_level registered, account_level least) {
    return compare(registered != account_level::unknown, registered >= least);
}

// The date's precision as a number of known parts.
[[nodiscard]] int parts_known(date d) {
    return (d.year() != 0) + (d.month() != 0) + (d.day() != 0);
}

[[nodiscard]] answers answer_all(const citizen& holder, const claim_set& claims, name_grade grade) {
    answers all;
    const auto equal = [&](claim kind, const auto& claimed, auto registered) {
        using fact = decltype(registered);
        if (claimed) all[kind] = compare(registered != fact{}, registered == *claimed);
    };
    if (claims.name && claims.name_exact)
        all[claim::name_exact] = compare(!holder.name.empty(), grade == name_grade::exact);
    if (claims.name && !claims.name_exact)
        all[claim::name] = compare(!holder.name.empty(), grade == name_grade::exact || grade == name_grade::folded);
    if (claims.birth_date) all[claim::birth_date] = birth_date_answer(holder.birth, *claims.birth_date);
    equal(claim::sex, claims.sex, holder.sex);
    equal(claim::life, claims.life, holder.life);
    equal(claim::registration, claims.registration, holder.registration);
    equal(claim::account_level, claims.account_level, holder.level);
    equal(claim::account, claims.account, holder.account);
    equal(claim::document, claims.document, holder.document);
    equal(claim::province, claims.province, holder.residence.province);
    equal(claim::ward, claims.ward, holder.residence.ward);
    if (claims.document_valid_on)
        all[claim::document_valid_on] = document_valid_on_answer(holder, *claims.document_valid_on);
    if (claims.born_on_or_before)
        all[claim::born_on_or_before] = born_on_or_before_answer(holder.birth, *claims.born_on_or_before);
    if (claims.account_level_at_least)
        all[claim::account_level_at_least] = level_answer(holder.level, *claims.account_level_at_least);
    return all;
}

[[nodiscard]] claim_mask collect(const answers& all, answer wanted) {
    unsigned mask = 0;
    for (const auto& [kind, given] : all)
        if (given == wanted) mask |= mask_of(kind);
    return static_cast<claim_mask>(mask);
}

[[nodiscard]] bool is_about_state(claim kind) {
    return kind == claim::life || kind == claim::registration || kind == claim::account_level ||
           kind == claim::account || kind == claim::account_level_at_least;
}

[[nodiscard]] std::optional<outcome> first_mismatch(const answers& all, bool about_state) {
    for (const auto& [kind, given] : all)
        if (given == answer::mismatched && is_about_state(kind) == about_state)
            return static_cast<outcome>(100 + static_cast<int>(kind));
    return std::nullopt;
}

[[nodiscard]] outcome outcome_of(const citizen& holder, const answers& all) {
    if (holder.superseded) return outcome::superseded;
    if (const auto mismatch = first_mismatch(all, false)) return *mismatch;
    if (holder.life == life_status::deceased) return outcome::deceased;
    if (holder.life == life_status::missing) return outcome::missing;
    if (holder.registration == registration_status::suspended) return outcome::registration_not_active;
    if (holder.registration == registration_status::cancelled) return outcome::registration_not_active;
    if (holder.account == account_status::locked) return outcome::locked_by_holder;
    if (const auto mismatch = first_mismatch(all, true)) return *mismatch;
    for (const auto& [kind, given] : all)
        if (given == answer::unavailable) return outcome::incomplete;
    return outcome::verified;
}

}  // namespace

verdict reference_verdict(const citizen* holder, const claim_set& claims) {
    const bool contradicts =
        (claims.birth_date && claims.born_on_or_before) || (claims.account_level && claims.account_level_at_least);
    const auto claimed = collect(answer_all(citizen{}, claims, name_grade::none), answer::unavailable);
    if (claimed == 0 || contradicts) return {outcome::malformed, 0, 0, 0};
    if (holder == nullptr) return {outcome::not_found, 0, 0, claimed};
    const auto grade = claims.name && !holder->name.empty() ? grade_of(holder->name, *claims.name) : name_grade::none;
    const auto all = answer_all(*holder, claims, grade);
    const bool dated = claims.birth_date && holder->birth.year() != 0;
    const bool coarse = dated && parts_known(*claims.birth_date) > parts_known(holder->birth);
    const bool claim_coarse = dated && parts_known(*claims.birth_date) < parts_known(holder->birth);
    return {outcome_of(*holder, all),
            collect(all, answer::matched),
            collect(all, answer::mismatched),
            collect(all, answer::unavailable),
            grade,
            coarse,
            claim_coarse};
}

}  // namespace xacthuc
