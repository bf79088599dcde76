// SPDX-License-Identifier: Apache-2.0
#include "population/planted_request.hpp"

#include <cassert>

#include "population/planting.hpp"
#include "population/shares.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::uint32_t share_total = 10'000;
constexpr std::uint32_t agencies = 49;  // 15 ministries and 34 provinces
constexpr std::uint32_t procedures = 4'700;

// The kind of each of 10,000 draws.
constexpr auto kind_slots = [] {
    std::array<request_kind, share_total> slots{};
    std::size_t slot = 0;
    for (const auto& row : request_shares)
        for (std::uint32_t n = 0; n < row.per_ten_thousand; ++n) slots[slot++] = row.kind;
    return slots;
}();
static_assert([] {
    std::uint32_t total = 0;
    for (std::size_t row = 0; row < request_shares.size(); ++row) {
        if (request_shares[row].kind != static_cast<request_kind>(row)) return false;
        total += request_shares[row].per_ten_thousand;
    }
    return total == share_total;
}());

// Finds citizens of a wanted sort. In small populations there may be none: then it gives up after some tries and gives
// just anybody, which changes what the request shows but not that its verdict is right.
class chooser {
  public:
    chooser(const population& of, random_stream& random) noexcept : of_{of}, random_{random} {}

    [[nodiscard]] person anyone() const noexcept { return of_.person_at(random_.below(of_.count())); }

    // Alive, active, not locked, and nothing unknown that others of her kind have.
    template <class Wanted>
    [[nodiscard]] person ordinary(const Wanted& wanted) const noexcept {
        for (int tries = 0; tries < tries_max; ++tries) {
            const auto i = random_.below(of_.count());
            if (of_.state_place(i) < shares::any_gap.end()) continue;
            const auto found = of_.person_at(i);
            if (found.facts.life == life_status::alive && wanted(found)) return found;
        }
        return anyone();
    }
    [[nodiscard]] person ordinary() const noexcept {
        return ordinary([](const person&) { return true; });
    }
    // As wanted, looked for among those born before a year only.
    template <class Wanted>
    [[nodiscard]] person born_before(int year, const Wanted& wanted) const noexcept {
        for (int tries = 0; tries < cheap_tries_max; ++tries) {
            const auto i = random_.below(of_.count());
            if (of_.number_year_at(i) >= year) continue;
            const auto found = of_.person_at(i);
            if (wanted(found)) return found;
        }
        return anyone();
    }
    [[nodiscard]] person deceased() const noexcept {
        return born_before(1956, [](const person& p) { return p.facts.life == life_status::deceased; });
    }
    [[nodiscard]] person in_state(shares::places places) const noexcept {
        return in_state(places, [](const person&) { return true; });
    }
    template <class Wanted>
    [[nodiscard]] person in_state(shares::places places, const Wanted& wanted) const noexcept {
        return in_block(places, wanted, [this](std::uint64_t block, std::uint32_t place) {
            return of_.with_state_place(block, place);
        });
    }
    [[nodiscard]] person with_minority_name() const noexcept {
        return in_block(
            shares::minority_name, [](const person& p) { return p.facts.life == life_status::alive; },
            [this](std::uint64_t block, std::uint32_t place) { return of_.with_kindred_place(block, place); });
    }

  private:
    static constexpr int tries_max = 256;
    static constexpr int cheap_tries_max = 2'048;

    template <class Wanted, class Place>
    [[nodiscard]] person in_block(shares::places places, const Wanted& wanted, const Place& place) const noexcept {
        const auto blocks = (of_.count() + shares::block_size - 1) / shares::block_size;
        for (int tries = 0; tries < tries_max; ++tries) {
            const auto block = random_.below(blocks);
            const auto i = place(block, places.first + random_.below(places.count));
            if (i >= of_.count()) continue;
            const auto found = of_.person_at(i);
            if (wanted(found)) return found;
        }
        return anyone();
    }

    const population& of_;
    random_stream& random_;
};

[[nodiscard]] person holder_for(request_kind kind, const chooser& choose) noexcept {
    const auto with_account = [](const person& p) { return p.has_account(); };
    const auto with_card = [](const person& p) {
        return p.facts.document == document_status::valid &&
               (p.facts.document_lifelong || p.facts.document_expiry != date{});
    };
    switch (kind) {
        using enum request_kind;
        case anyone:
            return choose.anyone();
        case right_account:
        case wrong_account:
            return choose.ordinary(with_account);
        case right_document:
            return choose.ordinary(with_card);
        case right_everything:
            return choose.ordinary([&](const person& p) { return with_account(p) && with_card(p); });
        case wrong_document_valid_on:
            return choose.ordinary([](const person& p) { return !p.facts.document_lifelong; });
        case wrong_account_level_at_least:
            return choose.ordinary([](const person& p) { return p.facts.level < account_level::level_2; });
        case finer_than_register:
        case age_undecided:
            return choose.born_before(1980, [](const person& p) {
                const auto known = p.facts.birth.known_to();
                return known == date::precision::year || known == date::precision::month;
            });
        case minority_typographic:
            return choose.with_minority_name();
        case deceased_holder:
        case wrong_name_of_the_dead:
            return choose.deceased();
        case missing_holder:
            return choose.in_state(shares::declared_missing);
        case registration_not_active:
            return choose.in_state({shares::registration_suspended.first,
                                    shares::registration_suspended.count + shares::registration_cancelled.count});
        case locked_holder:
            return choose.in_state(shares::account_locked,
                                   [](const person& p) { return p.facts.account == account_status::locked; });
        case superseded_number:
            return choose.in_state(shares::superseded);
        case no_data:
            return choose.in_state(shares::any_gap, [](const person& p) {
                return p.facts.life != life_status::deceased &&
                       (p.facts.document == document_status::valid || p.facts.document == document_status::unknown);
            });
        default:
            return choose.ordinary();
    }
}

void basic_claims(planting& plant) noexcept {
    plant.name();
    plant.birth_date();
    plant.sex();
    plant.life();
}

void with_name_as(planting& plant, spelling how, spacing between = spacing::single, bool exact = false) noexcept {
    plant.name(how, between, exact);
    plant.birth_date();
    plant.sex();
    plant.life();
}

void right_claims(request_kind kind, planting& plant, random_stream& random) noexcept {
    switch (kind) {
        using enum request_kind;
        case right_age:
            plant.name();
            return plant.born_on_or_before();
        case right_registration:
            plant.name();
            plant.registration();
            return plant.account_level();
        case right_account:
            plant.name();
            plant.birth_date();
            plant.account_level_at_least();
            return plant.account();
        case right_residence:
            basic_claims(plant);
            plant.province();
            return plant.ward();
        case right_document:
            basic_claims(plant);
            plant.document();
            return plant.document_valid_on();
        default:
            break;
    }
    plant.name(spelling::plain, spacing::single, random.below(2) == 0);
    random.below(2) == 0 ? plant.birth_date() : plant.born_on_or_before();
    plant.sex();
    plant.life();
    plant.registration();
    random.below(2) == 0 ? plant.account_level() : plant.account_level_at_least();
    plant.account();
    plant.document();
    plant.document_valid_on();
    plant.province();
    plant.ward();
}

void spelled_claims(request_kind kind, planting& plant, random_stream& random) noexcept {
    const auto either = [&](spelling a, spelling b) { return random.below(2) == 0 ? a : b; };
    const auto bare = either(spelling::bare, spelling::bare_upper);
    switch (kind) {
        using enum request_kind;
        case other_tone_placement:
            return with_name_as(plant, spelling::other_tone);
        case decomposed:
            return with_name_as(plant, either(spelling::decomposed, spelling::combining));
        case lower_case:
            return with_name_as(plant, spelling::lower);
        case upper_case:
            return with_name_as(plant, spelling::upper);
        case odd_spacing:
            return with_name_as(plant, spelling::plain, static_cast<spacing>(1 + random.below(3)));
        case minority_typographic:
            return with_name_as(plant, spelling::typographic);
        case undiacritised:
            return with_name_as(plant, bare);
        case toneless:
            return with_name_as(plant, spelling::toneless);
        case exact_demanded:
            return with_name_as(plant, either(spelling::plain, spelling::upper), spacing::single, true);
        default:
            return with_name_as(plant, either(bare, spelling::toneless), spacing::single, true);
    }
}

void date_claims(request_kind kind, planting& plant, random_stream& random) noexcept {
    plant.name();
    switch (kind) {
        using enum request_kind;
        case year_only:
            return plant.birth_date_cut_to(date::precision::year);
        case year_and_month:
            return plant.birth_date_cut_to(date::precision::month);
        case finer_than_register:
            random.below(4) == 0 ? plant.wrong_birth_date() : plant.birth_date_finer();
            return plant.sex();
        default:
            return plant.undecided_born_on_or_before();
    }
}

void wrong_claims(request_kind kind, planting& plant) noexcept {
    using enum request_kind;
    kind == wrong_name ? plant.wrong_name() : plant.name();
    if (kind == wrong_birth_date)
        plant.wrong_birth_date();
    else if (kind == wrong_born_on_or_before)
        plant.wrong_born_on_or_before();
    else
        plant.birth_date();
    plant.sex(kind != wrong_sex);
    plant.life(kind != wrong_life);
    switch (kind) {
        case wrong_registration:
            return plant.registration(false);
        case wrong_account_level:
            return plant.account_level(false);
        case wrong_account_level_at_least:
            return plant.account_level_at_least(false);
        case wrong_account:
            return plant.account(false);
        case wrong_document:
            return plant.document(false);
        case wrong_document_valid_on:
            return plant.document_valid_on(false);
        case wrong_province:
            plant.province(false);
            return plant.ward();
        case wrong_ward:
            plant.province();
            return plant.ward(false);
        default:
            return;
    }
}

void two_wrong_claims(planting& plant, random_stream& random) noexcept {
    const auto first = random.below(4);
    const auto second = (first + 1 + random.below(3)) % 4;
    const auto right = [&](std::uint32_t place) { return place != first && place != second; };
    right(0) ? plant.name() : plant.wrong_name();
    right(1) ? plant.birth_date() : plant.wrong_birth_date();
    plant.sex(right(2));
    plant.life();
    plant.province(right(3));
}

// Agencies that know of a holder's state, that do not, and that do not ask.
void state_claims(request_kind kind, planting& plant, random_stream& random) noexcept {
    kind == request_kind::wrong_name_of_the_dead ? plant.wrong_name() : plant.name();
    kind == request_kind::superseded_number&& random.below(4) == 0 ? plant.wrong_birth_date() : plant.birth_date();
    plant.sex();
    const auto knowledge = random.below(3);
    if (knowledge == 2) return;
    const bool right = knowledge == 0;
    plant.life(right);
    if (kind == request_kind::registration_not_active) plant.registration(right);
    if (kind == request_kind::locked_holder) plant.account(right);
}

[[nodiscard]] personal_id nobodys_number(const population& of, random_stream& random) noexcept {
    // Mostly numbers that could be; some of a province that no number has.
    constexpr std::uint32_t code_first = 100;
    constexpr std::uint32_t code_end = 1000;
    if (random.below(8) != 0) return of.unknown_id(random.next());
    const auto code = std::uint64_t{code_first + random.below(code_end - code_first)};
    return personal_id::from_trusted(code * 1'000'000'000 + random.below(1'000'000'000));
}

void plant_kind(request_kind kind, planting& plant, random_stream& random) noexcept {
    using enum request_kind;
    if (kind == right_basic || kind == anyone || kind == unknown_number) return basic_claims(plant);
    if (kind < anyone || kind == no_data) return right_claims(kind, plant, random);
    if (kind <= exact_demanded_undiacritised) return spelled_claims(kind, plant, random);
    if (kind <= finer_than_register || kind == age_undecided) return date_claims(kind, plant, random);
    if (kind == two_wrong) return two_wrong_claims(plant, random);
    if (kind < two_wrong) return wrong_claims(kind, plant);
    state_claims(kind, plant, random);
}

}  // namespace

planted_requests::planted_requests(const population& of, std::uint64_t seed, request_mix mix) noexcept
    : of_{&of}, seed_{mix_bits(of.seed() ^ 0x7265'7175'6573'7473, seed)}, mix_{mix} {}

planted_request planted_requests::of_kind(request_kind kind, std::uint64_t j, name_text& text) const noexcept {
    random_stream random{seed_ ^ static_cast<std::uint64_t>(kind), j};
    const auto holder = holder_for(kind, chooser{*of_, random});
    planting plant{holder, random, text};
    plant_kind(kind, plant, random);
    auto& claims = plant.claims();
    const bool unknown = kind == request_kind::unknown_number;
    claims.id = unknown ? nobodys_number(*of_, random) : holder.facts.id;
    claims.agency = static_cast<std::uint16_t>(1 + random.below(agencies));
    claims.procedure = static_cast<std::uint16_t>(1 + random.below(procedures));
    return {kind, claims, unknown ? plant.not_found() : plant.settled()};
}

planted_request planted_requests::at(std::uint64_t j, name_text& text) const noexcept {
    switch (mix_) {
        case request_mix::right_basic:
            return of_kind(request_kind::right_basic, j, text);
        case request_mix::unknown:
            return of_kind(request_kind::unknown_number, j, text);
        case request_mix::half_unknown:
            return of_kind(mix_bits(seed_, j) >> 63 != 0 ? request_kind::unknown_number : request_kind::right_basic, j,
                           text);
        case request_mix::every_kind:
            break;
    }
    return of_kind(kind_slots[scale_bits(mix_bits(seed_, j), share_total)], j, text);
}

void planted_requests::fill(std::uint64_t first, std::span<request> requests, std::span<verdict> expected,
                            const digest_key& key) const noexcept {
    assert(requests.size() == expected.size());
    name_text text;
    for (std::size_t n = 0; n < requests.size(); ++n) {
        const auto planted = at(first + n, text);
        requests[n] = prepare(planted.claims, key).value();
        expected[n] = planted.expected;
    }
}

}  // namespace xacthuc::inline v0_1
