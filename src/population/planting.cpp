// SPDX-License-Identifier: Apache-2.0
#include "population/planting.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

#include "population/calendar.hpp"
#include "population/residence_table.hpp"
#include "population/shares.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::int32_t years(int count) noexcept {
    return count * 365;
}

// The first and the last day that a partly known date can be.
[[nodiscard]] std::int32_t first_day(date known) noexcept {
    return pack_date(known.year(), std::max(known.month(), 1U), std::max(known.day(), 1U)).unix_days();
}
[[nodiscard]] std::int32_t last_day(date known) noexcept {
    const auto month = known.month() == 0 ? 12 : known.month();
    return pack_date(known.year(), month, known.day() == 0 ? days_of_month(known.year(), month) : known.day())
        .unix_days();
}

// Days that document_valid_on may name.
constexpr std::int32_t valid_on_first = 10'957;  // 2000-01-01
constexpr std::int32_t valid_on_last = 43'723;   // 2089-09-16

}  // namespace

void planting::note(claim kind, bool known, bool right) noexcept {
    auto& mask = !known ? unavailable_ : right ? matched_ : mismatched_;
    mask = static_cast<claim_mask>(mask | mask_of(kind));
}

// --- the name

void planting::claim_name(const name_words& words, spelling how, spacing between, bool exact_demanded) noexcept {
    claims_.name = std::string_view{text_.data(), name_table::instance().write(words, how, between, text_.data())};
    claims_.name_exact = exact_demanded;
}

void planting::made_up_name(bool exact_demanded) noexcept {
    const auto words = name_table::instance().draw(random_.below(2) == 0, 1990, random_);
    claim_name(words, spelling::plain, spacing::single, exact_demanded);
    note(exact_demanded ? claim::name_exact : claim::name, false, false);
}

void planting::name(spelling how, spacing between, bool exact_demanded) noexcept {
    if (holder_.words.count == 0) return made_up_name(exact_demanded);
    const auto& table = name_table::instance();
    claim_name(holder_.words, how, between, exact_demanded);
    const bool is_bare = how == spelling::bare || how == spelling::bare_upper;
    const bool is_toneless = how == spelling::toneless;
    const bool lost_marks =
        (is_bare && table.has_diacritics(holder_.words)) || (is_toneless && table.has_tones(holder_.words));
    // Marks that are lost in part leave another name.
    const bool keeps_some = is_toneless && table.has_vowel_marks(holder_.words);
    grade_ = !lost_marks ? name_grade::exact : keeps_some ? name_grade::marks_differ : name_grade::folded;
    if (exact_demanded)
        note(claim::name_exact, true, !lost_marks);
    else
        note(claim::name, true, grade_ != name_grade::marks_differ);
}

void planting::wrong_name() noexcept {
    if (holder_.words.count == 0) return made_up_name(false);
    const auto other = name_table::instance().another(holder_.words, holder_.facts.sex == sex::female,
                                                      holder_.facts.birth.year(), random_);
    claim_name(other, random_.below(4) == 0 ? spelling::bare_upper : spelling::plain, spacing::single, false);
    note(claim::name, true, false);
}

// --- the birth date

date planting::some_day_of(int year) noexcept {
    const auto month = 1 + random_.below(12);
    return pack_date(year, month, 1 + random_.below(days_of_month(year, month)));
}

void planting::claim_birth_date(date claimed, bool right) noexcept {
    const auto known = holder_.facts.birth;
    claims_.birth_date = claimed;
    note(claim::birth_date, known != date{}, right);
    coarse_ = known != date{} && claimed.known_to() > known.known_to();
    claim_coarse_ = known != date{} && claimed.known_to() < known.known_to();
}

void planting::birth_date() noexcept {
    const auto known = holder_.facts.birth;
    claim_birth_date(known != date{} ? known : some_day_of(1990), true);
}

void planting::birth_date_cut_to(date::precision precision) noexcept {
    const auto known = holder_.facts.birth;
    if (known == date{}) return birth_date();
    claim_birth_date(pack_date(known.year(), precision >= date::precision::month ? known.month() : 0,
                               precision >= date::precision::day ? known.day() : 0),
                     true);
}

void planting::birth_date_finer() noexcept {
    const auto known = holder_.facts.birth;
    auto day = some_day_of(known == date{} ? 1950 : known.year());
    switch (known.known_to()) {
        case date::precision::day:
            return birth_date();
        case date::precision::month:
            day = pack_date(known.year(), known.month(), 1 + random_.below(days_of_month(known.year(), known.month())));
            break;
        case date::precision::year:
            if (random_.below(4) == 0) day = pack_date(day.year(), day.month(), 0);
            break;
        case date::precision::none:
            break;
    }
    claim_birth_date(day, true);
}

void planting::wrong_birth_date() noexcept {
    const auto known = holder_.facts.birth;
    if (known == date{}) return birth_date();
    const auto precision = known.known_to();
    const auto pick = random_.below(4);
    if (pick == 0 && precision == date::precision::day) {
        const auto days = days_of_month(known.year(), known.month());
        return claim_birth_date(
            pack_date(known.year(), known.month(), 1 + (known.day() + random_.below(days - 1)) % days), false);
    }
    if (pick == 1 && precision == date::precision::day && known.day() <= 12 && known.day() != known.month())
        return claim_birth_date(pack_date(known.year(), known.day(), known.month()), false);
    if (pick <= 2 && precision >= date::precision::month) {
        const auto month = 1 + (known.month() + random_.below(11)) % 12;
        const auto day = std::min(known.day(), days_of_month(known.year(), month));
        return claim_birth_date(pack_date(known.year(), month, day), false);
    }
    const auto years_off = random_.between(1, 10);
    const auto year = random_.below(2) == 0 ? known.year() + years_off : known.year() - years_off;
    if (precision == date::precision::year && pick == 0) return claim_birth_date(some_day_of(year), false);
    const auto day = known.day() == 0 ? 0 : std::min(known.day(), days_of_month(year, known.month()));
    claim_birth_date(pack_date(year, known.month(), day), false);
}

void planting::claim_born_on_or_before(std::int32_t unix_days, bool known, bool right) noexcept {
    const auto day = date::from_unix_days(unix_days);
    assert(day);
    claims_.born_on_or_before = *day;
    note(claim::born_on_or_before, known, right);
}

void planting::born_on_or_before() noexcept {
    const auto known = holder_.facts.birth;
    if (known == date{}) return claim_born_on_or_before(some_day_of(2007).unix_days(), false, false);
    const auto later = random_.below(8) == 0 ? 0 : random_.between(1, years(30));
    claim_born_on_or_before(last_day(known) + later, true, true);
}

void planting::wrong_born_on_or_before() noexcept {
    const auto known = holder_.facts.birth;
    if (known == date{}) return born_on_or_before();
    const auto earlier = random_.below(8) == 0 ? 1 : random_.between(1, years(30));
    claim_born_on_or_before(first_day(known) - earlier, true, false);
}

void planting::undecided_born_on_or_before() noexcept {
    const auto known = holder_.facts.birth;
    if (known == date{} || known.known_to() == date::precision::day) return born_on_or_before();
    claim_born_on_or_before(random_.between(first_day(known), last_day(known) - 1), false, false);
}

// --- coded facts

template <class Enum>
Enum planting::code(claim kind, Enum fact, std::uint32_t code_max, bool right) noexcept {
    const auto value = static_cast<std::uint32_t>(fact);
    note(kind, value != 0, right);
    if (value == 0) return static_cast<Enum>(1 + random_.below(code_max));
    return right ? fact : static_cast<Enum>(1 + (value + random_.below(code_max - 1)) % code_max);
}

void planting::sex(bool right) noexcept {
    claims_.sex = code(claim::sex, holder_.facts.sex, 3, right);
}
void planting::life(bool right) noexcept {
    claims_.life = code(claim::life, holder_.facts.life, 3, right);
}
void planting::registration(bool right) noexcept {
    claims_.registration = code(claim::registration, holder_.facts.registration, 3, right);
}
void planting::account_level(bool right) noexcept {
    claims_.account_level = code(claim::account_level, holder_.facts.level, 3, right);
}
void planting::account(bool right) noexcept {
    claims_.account = code(claim::account, holder_.facts.account, 3, right);
}
void planting::document(bool right) noexcept {
    claims_.document = code(claim::document, holder_.facts.document, 7, right);
}

void planting::account_level_at_least(bool right) noexcept {
    constexpr std::uint32_t highest = 3;
    const auto level = static_cast<std::uint32_t>(holder_.facts.level);
    right = right || level == highest;
    note(claim::account_level_at_least, level != 0, right);
    const auto least = level == 0 ? 1 + random_.below(highest)
                       : right    ? 1 + random_.below(level)
                                  : level + 1 + random_.below(highest - level);
    claims_.account_level_at_least = static_cast<xacthuc::account_level>(least);
}

void planting::claim_valid_on(std::int32_t unix_days) noexcept {
    const auto day = date::from_unix_days(unix_days);
    assert(day && unix_days >= valid_on_first && unix_days <= valid_on_last);
    claims_.document_valid_on = *day;
}

void planting::document_valid_on(bool right) noexcept {
    const auto& card = holder_.facts;
    const bool status_known = card.document != document_status::unknown;
    const bool is_valid = card.document == document_status::valid;
    const bool ends = !card.document_lifelong && card.document_expiry != date{};
    if (!ends) {
        claim_valid_on(random_.between(valid_on_first, valid_on_last));
        return note(claim::document_valid_on, status_known && (!is_valid || card.document_lifelong), is_valid);
    }
    const auto end = card.document_expiry.unix_days();
    const bool edge = random_.below(8) == 0;
    if (right) {
        claim_valid_on(edge ? end : random_.between(valid_on_first, end));
        return note(claim::document_valid_on, status_known, is_valid);
    }
    claim_valid_on(edge ? end + 1 : random_.between(end + 1, end + years(5)));
    note(claim::document_valid_on, true, false);
}

void planting::province(bool right) noexcept {
    const auto known = holder_.facts.residence.province;
    note(claim::province, known != 0, right);
    const auto& table = residence_table::instance();
    auto claimed = known != 0 && right ? known : table.anywhere(random_).province;
    while (!right && claimed == known) claimed = table.anywhere(random_).province;
    claims_.province = claimed;
}

void planting::ward(bool right) noexcept {
    const auto& known = holder_.facts.residence;
    note(claim::ward, known.ward != 0, right);
    const auto& table = residence_table::instance();
    if (known.ward == 0)
        claims_.ward = table.anywhere(random_).ward;
    else
        claims_.ward = right ? known.ward : table.other_ward(known, random_);
}

// --- the answer

outcome planting::outcome_of_masks() const noexcept {
    const auto of_lowest = [](unsigned mask) {
        return static_cast<outcome>(static_cast<unsigned>(outcome::claim_mismatch) +
                                    static_cast<unsigned>(std::countr_zero(mask)));
    };
    const auto& facts = holder_.facts;
    if (facts.superseded) return outcome::superseded;
    if (const unsigned who = mismatched_ & ~unsigned{status_claims}; who != 0) return of_lowest(who);
    if (facts.life == life_status::deceased) return outcome::deceased;
    if (facts.life == life_status::missing) return outcome::missing;
    if (facts.registration == registration_status::suspended || facts.registration == registration_status::cancelled)
        return outcome::registration_not_active;
    if (facts.account == account_status::locked) return outcome::locked_by_holder;
    if (mismatched_ != 0) return of_lowest(mismatched_);
    return unavailable_ != 0 ? outcome::incomplete : outcome::verified;
}

verdict planting::settled() const noexcept {
    return {outcome_of_masks(), matched_, mismatched_, unavailable_, grade_, coarse_, claim_coarse_};
}

verdict planting::not_found() const noexcept {
    const auto claimed = static_cast<claim_mask>(matched_ | mismatched_ | unavailable_);
    return {outcome::not_found, 0, 0, claimed};
}

}  // namespace xacthuc::inline v0_1
