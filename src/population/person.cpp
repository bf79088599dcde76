// SPDX-License-Identifier: Apache-2.0
#include "population/person.hpp"

#include "population/calendar.hpp"
#include "population/residence_table.hpp"
#include "population/shares.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// What the ages from 14 to 59 have, in parts of 100,000, so that all ages together reach the share of accounts. Those
// with an unknown level and the dead of these ages are few enough to be left out.
constexpr std::uint32_t account_adult = [] {
    std::int64_t everybody = 0, wanted = 0, adults = 0;
    for (int age = 0; age < shares::birth_years; ++age) {
        const auto& group = shares::age_pyramid[static_cast<std::size_t>(age / shares::age_group_years)];
        const auto people = std::int64_t{group.male_thousand} + group.female_thousand;
        everybody += people;
        if (age >= 14 && age < 60) {
            adults += people;
        } else if (age >= shares::account_age_min) {
            wanted -= people * (age < 14   ? shares::account_child
                                : age < 80 ? shares::account_older
                                           : shares::account_oldest);
        }
    }
    wanted += everybody * 100'000 * shares::accounts_of_107 / 107;
    return static_cast<std::uint32_t>(wanted / adults);
}();
static_assert(account_adult > 70'000 && account_adult < 95'000);

[[nodiscard]] date draw_birth(int year, random_stream& random) noexcept {
    const auto bits = random.next();
    const auto month = 1 + static_cast<unsigned>(scale_bits(bits, 12));
    const auto day = 1 + static_cast<unsigned>(scale_bits(bits << 32, days_of_month(year, month)));
    if (year >= 1980) return pack_date(year, month, day);
    const auto habit = random.below(100'000);
    auto bound = shares::birth_year_only(year);
    if (habit < bound) return pack_date(year, 0, 0);
    bound += shares::birth_month_only(year);
    if (habit < bound) return pack_date(year, month, 0);
    bound += shares::birth_first_of_january;
    return habit < bound ? pack_date(year, 1, 1) : pack_date(year, month, day);
}

[[nodiscard]] life_status draw_life(std::uint32_t state, int age, random_stream& random) noexcept {
    const bool has_died = random.happens(shares::deceased(age));
    if (shares::declared_missing.contains(state)) return life_status::missing;
    if (shares::life_unknown.contains(state)) return life_status::unknown;
    return has_died ? life_status::deceased : life_status::alive;
}

[[nodiscard]] registration_status registration_of(std::uint32_t state) noexcept {
    if (shares::registration_suspended.contains(state)) return registration_status::suspended;
    if (shares::registration_cancelled.contains(state)) return registration_status::cancelled;
    if (shares::registration_unknown.contains(state)) return registration_status::unknown;
    return registration_status::active;
}

void draw_residence(citizen& who, const pin_place& number, std::uint32_t state, random_stream& random) noexcept {
    const auto& table = residence_table::instance();
    const bool stayed = random.happens(shares::stayed);
    who.residence = stayed ? table.in_successor(number.province_row, random) : table.anywhere(random);
    if (shares::residence_unknown.contains(state)) who.residence = {};
    if (shares::ward_unknown.contains(state)) who.residence.ward = 0;
}

void draw_account(citizen& who, int age, std::uint32_t state, random_stream& random) noexcept {
    const auto bits = random.next();
    const auto chance = age < shares::account_age_min ? 0
                        : age < 14                    ? shares::account_child
                        : age < 60                    ? account_adult
                        : age < 80                    ? shares::account_older
                                                      : shares::account_oldest;
    if (shares::level_unknown.contains(state)) return;
    if (scale_bits(bits, 100'000) >= chance) {
        who.level = account_level::none;
        return;
    }
    who.level =
        scale_bits(bits << 32, 100'000) < shares::account_level_2 ? account_level::level_2 : account_level::level_1;
    who.account = account_status::active;
    if (who.life == life_status::deceased || shares::account_revoked.contains(state))
        who.account = account_status::revoked;
    else if (shares::account_locked.contains(state))
        who.account = account_status::locked;
}

// The birthday on which the card of somebody of this age ends, 0 for never.
[[nodiscard]] int card_end_age(int age, random_stream& random) noexcept {
    const auto habit = random.below(100'000);
    for (const int due : shares::card_ages) {
        if (age == due && due != shares::card_ages.front() && habit < shares::card_not_renewed) return due;
        if (age < due) {
            const bool early = age >= due - shares::card_early_years && habit < shares::card_early;
            if (!early) return due;
        }
    }
    return 0;
}

void draw_document(citizen& who, int age, std::uint32_t state, random_stream& random) noexcept {
    const auto chance = age < 6 ? shares::card_infant : age < 14 ? shares::card_child : shares::card_adult;
    const bool has_card = random.happens(chance);
    auto fate = random.below(100'000);
    const auto end_age = card_end_age(age, random);
    who.document = document_status::none;
    if (has_card) {
        who.document = document_status::valid;
        const auto meets = [&](std::uint32_t share, document_status status) {
            if (fate < share) who.document = status;
            fate -= share;  // wraps to a large number once met, so that no later share is met too
        };
        meets(shares::card_lost, document_status::lost);
        meets(shares::card_damaged, document_status::damaged);
        meets(shares::card_replaced, document_status::replaced);
        meets(shares::card_revoked, document_status::revoked);
        meets(shares::card_held, document_status::held);
        who.document_lifelong = end_age == 0;
        if (end_age != 0 && who.birth.known_to() == date::precision::day) {
            const auto year = who.birth.year() + end_age;
            const bool leap_day = who.birth.month() == 2 && who.birth.day() == 29 && !is_leap_year(year);
            who.document_expiry = pack_date(year, who.birth.month(), leap_day ? 28 : who.birth.day());
        }
    }
    if (shares::document_unknown.contains(state)) who.document = document_status::unknown;
}

}  // namespace

person make_person(const pin_place& number, std::uint32_t state, std::uint32_t kindred,
                   random_stream& random) noexcept {
    person made;
    auto& who = made.facts;
    who.id = number.id;
    auto year = number.birth_year;
    if (shares::number_year_differs.contains(state)) year -= random.between(1, 3);
    const int age = shares::year_today - year;
    const bool differs = shares::number_sex_differs.contains(state);
    const bool female = (number.sex == sex::female) != differs;
    who.sex = female ? sex::female : sex::male;
    if (shares::sex_other.contains(state)) who.sex = sex::other;
    if (shares::sex_unknown.contains(state)) who.sex = sex::unknown;
    who.birth = draw_birth(year, random);
    if (shares::birth_unknown.contains(state)) who.birth = {};
    who.life = draw_life(state, age, random);
    who.registration = registration_of(state);
    draw_residence(who, number, state, random);
    draw_account(who, age, state, random);
    draw_document(who, age, state, random);
    const auto& names = name_table::instance();
    if (!shares::name_unknown.contains(state))
        made.words = shares::minority_name.contains(kindred) ? names.draw_minority(female, random)
                                                             : names.draw(female, year, random);
    return made;
}

}  // namespace xacthuc::inline v0_1
