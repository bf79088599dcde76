// SPDX-License-Identifier: Apache-2.0
#include "population/population.hpp"

#include <doctest/doctest.h>
#include <xxhash.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <thread>
#include <vector>
#include <xacthuc/domain/name.hpp>
#include <xacthuc/domain/province.hpp>

#include "population/residence_table.hpp"
#include "population/shares.hpp"

using namespace xacthuc;

namespace {

[[nodiscard]] std::uint64_t hash_of(const population& nation, std::uint64_t first, std::uint64_t count) {
    std::uint64_t hash = 0;
    name_text text;
    for (std::uint64_t i = first; i < first + count; ++i) {
        const auto c = nation.citizen_at(i, text);
        const std::array<std::uint64_t, 14> facts{
            c.id.value(),
            c.birth.packed(),
            static_cast<std::uint64_t>(c.sex),
            static_cast<std::uint64_t>(c.life),
            static_cast<std::uint64_t>(c.registration),
            static_cast<std::uint64_t>(c.level),
            static_cast<std::uint64_t>(c.account),
            static_cast<std::uint64_t>(c.document),
            c.document_expiry.packed(),
            c.document_lifelong,
            c.residence.province,
            c.residence.ward,
            c.superseded,
            XXH3_64bits(c.name.data(), c.name.size()),
        };
        hash = XXH3_64bits_withSeed(facts.data(), sizeof(facts), hash);
    }
    return hash;
}

void check_ids_differ(std::uint64_t count, std::uint64_t seed) {
    const auto nation = population::create(seed, count).value();
    std::vector<std::uint64_t> ids(count);
    for (std::uint64_t i = 0; i < count; ++i) ids[i] = nation.person_at(i).facts.id.value();
    std::ranges::sort(ids);
    CHECK(std::ranges::adjacent_find(ids) == ids.end());
    for (std::uint64_t n = 0; n < 10'000; ++n)
        REQUIRE_FALSE(std::ranges::binary_search(ids, nation.unknown_id(n).value()));
}

// Counts of everything that the shares speak of.
struct tally {
    int count = 0;
    std::map<std::string_view, int> of;

    void add(std::string_view what, bool holds) { of[what] += holds; }
    [[nodiscard]] double share(std::string_view what) const { return static_cast<double>(of.at(what)) / count; }
};

[[nodiscard]] tally count_all(const population& nation, int count) {
    tally all;
    all.count = count;
    name_text text;
    for (int i = 0; i < count; ++i) {
        const auto c = nation.citizen_at(static_cast<std::uint64_t>(i), text);
        all.add("superseded", c.superseded);
        all.add("deceased", c.life == life_status::deceased);
        all.add("missing", c.life == life_status::missing);
        all.add("suspended", c.registration == registration_status::suspended);
        all.add("cancelled", c.registration == registration_status::cancelled);
        all.add("account", c.level >= account_level::level_1);
        all.add("level 2", c.level == account_level::level_2);
        all.add("locked", c.account == account_status::locked);
        all.add("female", c.sex == sex::female);
        all.add("year only", c.birth.known_to() == date::precision::year);
        all.add("month only", c.birth.known_to() == date::precision::month);
        all.add("no name", c.name.empty());
        all.add("no residence", c.residence.province == 0);
        all.add("card", c.document == document_status::valid);
        all.add("lifelong", c.document_lifelong);
        all.add("Nguyễn", c.name.starts_with("Nguyễn "));
        all.add("Trần", c.name.starts_with("Trần "));
        all.add("Lý", c.name.starts_with("Lý "));
        all.add("signs", c.name.find_first_of("'-") != std::string_view::npos);
        all.add("other tone style", c.name.find("Thuỷ") != std::string_view::npos);
        all.add("tone style", c.name.find("Thủy") != std::string_view::npos);
        if (!c.superseded) {
            all.add("sex differs", c.sex != sex::unknown && c.sex != sex::other && c.sex != c.id.sex_hint());
            all.add("year differs", c.birth != date{} && c.birth.year() != c.id.birth_year_hint());
        }
        all.add("Hà Nội number", c.id.province_code() == 1);
        all.add("Hồ Chí Minh residence", c.residence.province == 79);
    }
    return all;
}

}  // namespace

TEST_CASE("a seed gives the same nation on every machine and in every version") {
    CHECK(hash_of(population::create(42, 107'000'000).value(), 0, 20'000) == 17831064773236222990U);
    CHECK(hash_of(population::create(42, 107'000'000).value(), 106'999'000, 1'000) == 222519365065750964U);
    CHECK(hash_of(population::create(1, 1'000).value(), 0, 1'000) == 6447379851088119956U);
}

TEST_CASE("threads see the same nation") {
    const auto nation = population::create(7, 1'000'000).value();
    const auto alone = hash_of(nation, 500, 5'000);
    std::vector<std::uint64_t> hashes(4);
    {
        std::vector<std::jthread> threads;
        for (auto& hash : hashes) threads.emplace_back([&] { hash = hash_of(nation, 500, 5'000); });
    }
    CHECK(std::ranges::count(hashes, alone) == 4);
}

TEST_CASE("the seed and the count make a difference") {
    const auto one = hash_of(population::create(1, 100'000).value(), 0, 100);
    CHECK(one != hash_of(population::create(2, 100'000).value(), 0, 100));
    CHECK(one != hash_of(population::create(1, 100'001).value(), 0, 100));
}

TEST_CASE("counts out of range are refused") {
    CHECK(population::create(1, 0).error() == errc::code_range);
    CHECK(population::create(1, population::count_max + 1).error() == errc::code_range);
    CHECK(population::create(1, ~std::uint64_t{0}).error() == errc::code_range);
    CHECK(population::create(1, population::count_max).has_value());
}

TEST_CASE("no two citizens have one number, and unknown numbers are nobody's") {
    for (const auto count : std::initializer_list<std::uint64_t>{1, 2, 3, 1'000, 65'536, 1'000'000})
        check_ids_differ(count, count);
}

TEST_CASE("no two of ten million citizens have one number" * doctest::test_suite("slow")) {
    check_ids_differ(10'000'000, 5);
}

TEST_CASE("neighbours have nothing to do with each other") {
    const auto nation = population::create(3, 107'000'000).value();
    int same_province = 0, same_year = 0, ascending = 0;
    constexpr int count = 20'000;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto a = nation.person_at(i).facts.id;
        const auto b = nation.person_at(i + 1).facts.id;
        same_province += a.province_code() == b.province_code();
        same_year += a.birth_year_hint() == b.birth_year_hint();
        ascending += a < b;
    }
    CHECK(same_province < count * 5 / 100);  // the sum of the squares of the provinces' shares is 2.7 %
    CHECK(same_year < count * 25 / 1000);    // of the years' shares: 1.4 %
    CHECK(ascending > count * 48 / 100);
    CHECK(ascending < count * 52 / 100);
}

TEST_CASE("every citizen makes a record, and her name is in NFC already") {
    const auto nation = population::create(3, 107'000'000).value();
    const auto key = digest_key::generate();
    name_text text;
    std::vector<record> records(3'000);
    nation.fill_records(50'000'000, records, key);
    for (std::size_t n = 0; n < records.size(); ++n) {
        const auto c = nation.citizen_at(50'000'000 + n, text);
        const auto made = make_record(c, key);
        REQUIRE(made.has_value());
        REQUIRE(*made == records[n]);
        REQUIRE(is_intact(*made));
        REQUIRE(c.name.find("\u0301") == std::string_view::npos);
        REQUIRE(c.name.find("\u0323") == std::string_view::npos);
    }
}

TEST_CASE("facts hold together") {
    const auto nation = population::create(8, 107'000'000).value();
    name_text text;
    for (std::uint64_t i = 0; i < 100'000; ++i) {
        const auto c = nation.citizen_at(i, text);
        CAPTURE(i);
        if (c.birth != date{}) {
            REQUIRE(date::from_parts(c.birth.year(), c.birth.month(), c.birth.day()).has_value());
            REQUIRE(c.birth.year() >= shares::birth_year_first - 3);
            REQUIRE(c.birth.year() <= shares::year_today);
        }
        if (c.document_expiry != date{}) {
            REQUIRE(expiry_days(c.document_expiry).has_value());
            const auto age = c.document_expiry.year() - c.birth.year();
            REQUIRE((age == 14 || age == 25 || age == 40 || age == 60));
            REQUIRE_FALSE(c.document_lifelong);
        }
        const bool has_account = c.level >= account_level::level_1;
        REQUIRE((c.account != account_status::unknown) == has_account);
        REQUIRE((c.residence.ward == 0 || c.residence.province != 0));
        if (c.residence.province != 0) REQUIRE_FALSE(province_name(c.residence.province).empty());
        REQUIRE_FALSE(pin_province_name(c.id.province_code()).empty());
        if (c.life == life_status::deceased) REQUIRE((c.account == account_status::revoked) == has_account);
    }
}

TEST_CASE("shares are as stated") {
    constexpr int count = 200 * 1'024;
    const auto all = count_all(population::create(2, count).value(), count);
    const auto near = [&](const char* what, double wanted, double tolerance) {
        CAPTURE(what);
        CHECK(all.share(what) == doctest::Approx(wanted).epsilon(tolerance));
    };
    near("superseded", 4 / 4096.0, 0.02);
    near("missing", 1 / 4096.0, 0.05);
    near("suspended", 2 / 4096.0, 0.05);
    near("cancelled", 6 / 4096.0, 0.05);
    near("no name", 1 / 4096.0, 0.05);
    near("no residence", 8 / 4096.0, 0.05);
    near("deceased", 0.0178, 0.05);
    near("account", 67 / 107.0, 0.01);
    near("level 2", 67 / 107.0 * 0.88, 0.02);
    near("locked", 24 / 4096.0 * 67 / 107.0, 0.05);
    near("female", 53'484.0 / 106'163.0, 0.01);
    near("Nguyễn", 0.384, 0.03);
    near("Trần", 0.110, 0.03);
    near("signs", 0.0032, 0.2);
    near("sex differs", 4 / 4096.0, 0.05);
    near("year differs", 20 / 4096.0, 0.05);
    near("Hà Nội number", 8'054 / 96'208.0, 0.01);
    near("card", 0.812, 0.01);
    near("lifelong", 0.163, 0.03);
    near("year only", 0.021, 0.1);
    CHECK(all.of.at("month only") > 0);
    CHECK(all.of.at("Lý") > 0);
    CHECK(all.share("other tone style") / all.share("tone style") == doctest::Approx(2.0 / 3).epsilon(0.1));
}

TEST_CASE("an old number belongs to somebody whose own number is not superseded") {
    const auto nation = population::create(6, 100'000).value();
    int found = 0;
    for (std::uint64_t i = 0; i < nation.count(); ++i) {
        const auto old = nation.person_at(i);
        if (!old.facts.superseded) continue;
        ++found;
        bool has_twin = false;
        const auto block = i / shares::block_size;
        for (auto k = block * shares::block_size; k < std::min(nation.count(), (block + 1) * shares::block_size); ++k) {
            const auto other = nation.person_at(k);
            has_twin = has_twin || (k != i && !other.facts.superseded && other.words == old.words &&
                                    other.facts.birth == old.facts.birth && other.facts.id != old.facts.id);
        }
        if ((block + 1) * shares::block_size <= nation.count()) REQUIRE(has_twin);
    }
    CHECK(found >= 96);
}

TEST_CASE("places in a block and citizens lead to each other") {
    const auto nation = population::create(6, 10'000).value();
    for (std::uint64_t i = 0; i < nation.count(); ++i) {
        REQUIRE(nation.with_state_place(i / shares::block_size, nation.state_place(i)) == i);
        REQUIRE(nation.with_kindred_place(i / shares::block_size, nation.kindred_place(i)) == i);
        REQUIRE(nation.number_year_at(i) == [&] {
            const auto p = nation.person_at(i);
            return p.facts.id.birth_year_hint();
        }());
    }
}
