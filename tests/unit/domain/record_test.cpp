// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>
#include <vector>
#include <xacthuc/domain/name.hpp>
#include <xacthuc/domain/record.hpp>

using namespace xacthuc;

namespace {

[[nodiscard]] digest_key test_key() {
    std::array<std::byte, digest_key_bytes> bytes{};
    bytes.fill(std::byte{0x5a});
    return digest_key::from_bytes(bytes);
}

[[nodiscard]] citizen somebody() {
    citizen who;
    who.id = personal_id::parse("079195012345").value();
    who.name = "Nguyễn Thị Hòa";
    who.birth = date::from_parts(1995, 8, 3).value();
    who.sex = sex::female;
    who.life = life_status::alive;
    who.registration = registration_status::active;
    who.level = account_level::level_2;
    who.account = account_status::locked;
    who.document = document_status::held;
    who.document_expiry = date::from_parts(2035, 8, 3).value();
    who.residence = {79, 26'734};
    return who;
}

// A bit of a record: word and place.
struct bit {
    std::size_t word;
    unsigned place;
};

[[nodiscard]] record flipped(record r, const bit& at) {
    r.words[at.word] ^= std::uint64_t{1} << at.place;
    return r;
}

// All bits that the check covers: everything but the state, the frozen bit and the check itself.
[[nodiscard]] std::vector<bit> covered_bits() {
    std::vector<bit> all;
    for (std::size_t word = 0; word < 4; ++word)
        for (unsigned place = 0; place < 64; ++place) {
            const auto one = std::uint64_t{1} << place;
            if (word == 0 && ((layout::state.mask() | layout::closed.mask()) & one) != 0) continue;
            if (word == 3 && (layout::integrity.mask() & one) != 0) continue;
            all.push_back({word, place});
        }
    return all;
}

[[nodiscard]] record random_record(std::mt19937_64& random) {
    record r;
    for (auto& word : r.words) word = random();
    return with_integrity(r);
}

}  // namespace

TEST_CASE("the fields of each word lie side by side, without gaps or overlaps but for the spare bits") {
    const auto join = [](std::initializer_list<bit_field> fields) {
        std::uint64_t all = 0;
        for (const auto& field : fields) {
            CHECK((all & field.mask()) == 0);
            all |= field.mask();
        }
        return all;
    };
    CHECK(join({layout::id, layout::version, layout::state, layout::closed}) == ~std::uint64_t{0});
    CHECK(join({layout::birth_day, layout::birth_month, layout::birth_year}) == layout::birth.mask());
    CHECK(join({layout::birth, layout::sex, layout::life, layout::registration, layout::level, layout::account,
                layout::document, layout::province, layout::ward, layout::superseded}) == (std::uint64_t{1} << 56) - 1);
    CHECK(join({layout::folded_name, layout::document_expiry, layout::integrity}) == ~std::uint64_t{0});
}

TEST_CASE("a field of bits puts, gets and keeps to its own bits") {
    constexpr bit_field field{38, 17};
    static_assert(field.get(field.put(99'999)) == 99'999);
    static_assert(field.put(~std::uint64_t{0}) == field.mask());
    static_assert(field.top() == std::uint64_t{1} << 54);
    static_assert(field.get(~field.mask()) == 0);
}

TEST_CASE("a record holds what its citizen is") {
    const auto who = somebody();
    const auto r = make_record(who, test_key()).value();
    const auto name = digest_name(who.name, test_key()).value();
    CHECK(layout::id.get(r.words[0]) == 79'195'012'345);
    CHECK(layout::version.get(r.words[0]) == 0);
    CHECK(layout::state.get(r.words[0]) == 0);
    CHECK(layout::closed.get(r.words[0]) == 0);
    CHECK(r.words[1] == name.exact);
    CHECK(layout::folded_name.get(r.words[3]) == name.folded);
    CHECK(layout::birth.get(r.words[2]) == who.birth.packed());
    CHECK(layout::birth_year.get(r.words[2]) == 195);
    CHECK(layout::birth_month.get(r.words[2]) == 8);
    CHECK(layout::birth_day.get(r.words[2]) == 3);
    CHECK(layout::sex.get(r.words[2]) == 2);
    CHECK(layout::life.get(r.words[2]) == 1);
    CHECK(layout::registration.get(r.words[2]) == 1);
    CHECK(layout::level.get(r.words[2]) == 3);
    CHECK(layout::account.get(r.words[2]) == 2);
    CHECK(layout::document.get(r.words[2]) == 7);
    CHECK(layout::province.get(r.words[2]) == 79);
    CHECK(layout::ward.get(r.words[2]) == 26'734);
    CHECK(layout::superseded.get(r.words[2]) == 0);
    CHECK((r.words[2] >> 56) == 0);
    CHECK(layout::document_expiry.get(r.words[3]) == 12'999);
    CHECK(is_intact(r));
    CHECK(make_record(who, name).value() == r);
}

TEST_CASE("nothing known is zeros, but for the id and the check") {
    citizen who;
    who.id = personal_id::from_trusted(1);
    const auto r = make_record(who, test_key()).value();
    CHECK(r.words[0] == 1);
    CHECK(r.words[1] == 0);
    CHECK(r.words[2] == 0);
    CHECK((r.words[3] & ~layout::integrity.mask()) == 0);
    CHECK(is_intact(r));
}

TEST_CASE("superseded, lifelong and the largest values have their bits") {
    auto who = somebody();
    who.superseded = true;
    who.document_lifelong = true;
    who.residence = {residence::province_max, residence::ward_max};
    who.birth = date::from_parts(2311, 12, 31).value();
    who.id = personal_id::from_trusted(personal_id::value_end - 1);
    const auto r = make_record(who, test_key()).value();
    CHECK(layout::superseded.get(r.words[2]) == 1);
    CHECK(layout::document_expiry.get(r.words[3]) == layout::expiry_never);
    CHECK(layout::province.get(r.words[2]) == 99);
    CHECK(layout::ward.get(r.words[2]) == 99'999);
    CHECK(layout::birth.get(r.words[2]) == who.birth.packed());
    CHECK(layout::id.get(r.words[0]) == personal_id::value_end - 1);
    CHECK(is_intact(r));
}

TEST_CASE("a lifelong card's expiry is not looked at") {
    auto who = somebody();
    who.document_lifelong = true;
    who.document_expiry = date::from_parts(1990).value();
    CHECK(make_record(who, test_key()).has_value());
}

TEST_CASE("days of expiry count from 2000-01-01 as 1 and end before the value for never") {
    CHECK(expiry_days(date::from_parts(2000, 1, 1).value()).value() == 1);
    CHECK(expiry_days(date::from_parts(2000, 1, 2).value()).value() == 2);
    CHECK(expiry_days(date::from_parts(2035, 8, 3).value()).value() == 12'999);
    CHECK(expiry_days(date::from_parts(2179, 6, 4).value()).value() == 0xfffe);
    CHECK(expiry_days(date::from_parts(2179, 6, 5).value()).error() == errc::date_range);
    CHECK(expiry_days(date::from_parts(1999, 12, 31).value()).error() == errc::date_range);
    CHECK(expiry_days(date::from_parts(2311, 12, 31).value()).error() == errc::date_range);
    CHECK(expiry_days(date::from_parts(2035).value()).error() == errc::date_range);
    CHECK(expiry_days(date::from_parts(2035, 8).value()).error() == errc::date_range);
    CHECK(expiry_days(date{}).error() == errc::date_range);
}

TEST_CASE("what does not fit is refused") {
    const auto error_of = [](auto change) -> boost::system::error_code {
        auto who = somebody();
        change(who);
        return make_record(who, test_key()).error();
    };
    CHECK(error_of([](citizen& c) { c.id = {}; }) == errc::personal_id_reserved);
    CHECK(error_of([](citizen& c) { c.residence.province = 100; }) == errc::province_unknown);
    CHECK(error_of([](citizen& c) { c.residence.ward = 100'000; }) == errc::ward_range);
    CHECK(error_of([](citizen& c) { c.document_expiry = date::from_parts(2035).value(); }) == errc::date_range);
    CHECK(error_of([](citizen& c) { c.document_expiry = date::from_parts(1999, 1, 1).value(); }) == errc::date_range);
    CHECK(error_of([](citizen& c) { c.name = "\xff"; }) == errc::name_not_utf8);
    CHECK(error_of([](citizen& c) { c.name = "   "; }) == errc::name_empty);
    const std::string too_long(name_bytes_max + 1, 'A');
    CHECK(error_of([&](citizen& c) { c.name = too_long; }) == errc::name_too_long);
}

TEST_CASE("the check covers 236 bits, and not the state and the frozen bit") {
    CHECK(covered_bits().size() == 236);
    std::mt19937_64 random{1};
    const auto r = random_record(random);
    REQUIRE(is_intact(r));
    for (unsigned place = layout::state.offset; place < 64; ++place) CHECK(is_intact(flipped(r, {0, place})));
    for (unsigned place = layout::integrity.offset; place < 64; ++place) CHECK_FALSE(is_intact(flipped(r, {3, place})));
}

TEST_CASE("every flip of one bit is found, in any record") {
    std::mt19937_64 random{2};
    const auto bits = covered_bits();
    for (int n = 0; n < 200; ++n) {
        const auto r = n == 0 ? with_integrity(record{}) : random_record(random);
        for (const auto& at : bits) REQUIRE_FALSE(is_intact(flipped(r, at)));
    }
}

// The check is affine in the record, so what holds for the differences of one record holds for all; the others show it.
TEST_CASE("every flip of two bits is found, in any record") {
    std::mt19937_64 random{3};
    const auto bits = covered_bits();
    for (int n = 0; n < 5; ++n) {
        const auto r = n == 0 ? with_integrity(record{}) : random_record(random);
        int missed = 0;
        for (std::size_t a = 0; a < bits.size(); ++a)
            for (std::size_t b = 0; b < a; ++b) missed += is_intact(flipped(flipped(r, bits[a]), bits[b]));
        REQUIRE(missed == 0);
    }
}

TEST_CASE("a flip in the check and one in what it covers are found too") {
    std::mt19937_64 random{4};
    const auto r = random_record(random);
    int missed = 0;
    for (const auto& at : covered_bits())
        for (unsigned place = layout::integrity.offset; place < 64; ++place)
            missed += is_intact(flipped(flipped(r, at), {3, place}));
    CHECK(missed == 0);
}

TEST_CASE("the check depends on every covered bit alone: it is the high half of CRC-32C") {
    // Word by word with bits, not tables: RFC 3720's polynomial, reflected.
    const auto slow = [](const record& r) {
        std::uint32_t crc = 0xffff'ffff;
        const std::array<std::uint64_t, 4> words{r.words[0] & (layout::id.mask() | layout::version.mask()), r.words[1],
                                                 r.words[2], r.words[3] & ~layout::integrity.mask()};
        for (const auto word : words)
            for (int n = 0; n < 64; ++n) {
                const bool out = ((crc ^ static_cast<std::uint32_t>(word >> n)) & 1U) != 0;
                crc = crc >> 1 ^ (out ? 0x82f6'3b78U : 0U);
            }
        return static_cast<std::uint16_t>(crc >> 16);
    };
    std::mt19937_64 random{5};
    for (int n = 0; n < 1'000; ++n) {
        const auto r = random_record(random);
        REQUIRE(integrity_check(r) == slow(r));
        REQUIRE(layout::integrity.get(r.words[3]) == slow(r));
    }
    CHECK(integrity_check(record{}) == slow(record{}));
    CHECK(integrity_check(record{}) != 0);
}

TEST_CASE("two citizens who differ in one fact have different records") {
    const auto key = test_key();
    std::set<std::array<std::uint64_t, 4>> seen{make_record(somebody(), key).value().words};
    const auto differs = [&](auto change) {
        auto who = somebody();
        change(who);
        CHECK(seen.insert(make_record(who, key).value().words).second);
    };
    differs([](citizen& c) { c.id = personal_id::from_trusted(c.id.value() + 1); });
    differs([](citizen& c) { c.name = "Nguyễn Thị Hoa"; });
    differs([](citizen& c) { c.name = {}; });
    differs([](citizen& c) { c.birth = date::from_parts(1995, 8, 4).value(); });
    differs([](citizen& c) { c.birth = date::from_parts(1995, 8).value(); });
    differs([](citizen& c) { c.sex = sex::male; });
    differs([](citizen& c) { c.life = life_status::deceased; });
    differs([](citizen& c) { c.registration = registration_status::suspended; });
    differs([](citizen& c) { c.level = account_level::level_1; });
    differs([](citizen& c) { c.account = account_status::active; });
    differs([](citizen& c) { c.document = document_status::valid; });
    differs([](citizen& c) { c.document_expiry = date::from_parts(2035, 8, 4).value(); });
    differs([](citizen& c) { c.document_lifelong = true; });
    differs([](citizen& c) { c.residence.province = 1; });
    differs([](citizen& c) { c.residence.ward = 1; });
    differs([](citizen& c) { c.superseded = true; });
    auto same_name = somebody();
    same_name.name = "NGUYỄN  THỊ HOÀ";
    CHECK(make_record(same_name, key).value() == make_record(somebody(), key).value());
}
