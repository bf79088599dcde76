// SPDX-License-Identifier: Apache-2.0
#include "population/name_words.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <xacthuc/domain/name.hpp>

using namespace xacthuc;

namespace {

constexpr std::array<spelling, 7> same_name{spelling::plain,      spelling::other_tone, spelling::decomposed,
                                            spelling::combining,  spelling::lower,      spelling::upper,
                                            spelling::typographic};
constexpr std::array<spelling, 3> nearly_same{spelling::toneless, spelling::bare, spelling::bare_upper};
constexpr std::array<spacing, 4> spacings{spacing::single, spacing::doubled, spacing::around, spacing::no_break};

[[nodiscard]] std::string written(const name_words& name, spelling how, spacing between = spacing::single) {
    std::array<char, name_bytes_max> text{};
    return {text.data(), name_table::instance().write(name, how, between, text.data())};
}

[[nodiscard]] name_words some_name(std::uint64_t n, random_stream& random) {
    const auto& table = name_table::instance();
    if (n % 5 == 0) return table.draw_minority(n % 2 == 0, random);
    return table.draw(n % 2 == 0, 1930 + static_cast<int>(n % 95), random);
}

}  // namespace

TEST_CASE("spellings of one name have one exact form, the poorer ones one folded form") {
    random_stream random{1, 2};
    const auto& table = name_table::instance();
    for (std::uint64_t n = 0; n < 5'000; ++n) {
        const auto name = some_name(n, random);
        const auto plain = written(name, spelling::plain);
        CAPTURE(plain);
        const auto exact = exact_form(plain).value();
        for (const auto how : same_name) REQUIRE(exact_form(written(name, how)).value() == exact);
        for (const auto between : spacings)
            REQUIRE(exact_form(written(name, spelling::plain, between)).value() == exact);
        for (const auto how : nearly_same)
            REQUIRE(folded_form(written(name, how)).value() == folded_form(plain).value());
        REQUIRE((exact_form(written(name, spelling::bare)).value() != exact) == table.has_diacritics(name));
        REQUIRE((exact_form(written(name, spelling::toneless)).value() != exact) == table.has_tones(name));
    }
}

TEST_CASE("another name is not even nearly the same") {
    random_stream random{3, 2};
    const auto& table = name_table::instance();
    for (std::uint64_t n = 0; n < 20'000; ++n) {
        const auto name = some_name(n, random);
        const auto other = table.another(name, n % 2 == 0, 1980, random);
        REQUIRE(folded_form(written(name, spelling::plain)).value() !=
                folded_form(written(other, spelling::plain)).value());
    }
}

TEST_CASE("names are many, and of two to seven words") {
    random_stream random{4, 2};
    const auto& table = name_table::instance();
    std::set<std::string> seen;
    std::set<int> lengths;
    for (int n = 0; n < 20'000; ++n) {
        const auto name = table.draw(n % 2 == 0, 1925 + n % 100, random);
        REQUIRE(name.count >= 3);
        lengths.insert(name.count);
        seen.insert(written(name, spelling::plain));
    }
    CHECK(seen.size() > 12'000);
    CHECK(lengths.contains(3));
    CHECK(lengths.contains(4));
    CHECK(lengths.contains(5));
}

TEST_CASE("minority names have their own patterns") {
    random_stream random{5, 2};
    std::string all;
    for (int n = 0; n < 5'000; ++n)
        all += "\n" + written(name_table::instance().draw_minority(n % 2 == 0, random), spelling::plain) + "\n";
    for (const std::string part : {"\nH'", "\nY ", "\nK'", "\nKa ", "\nA ", "\nLò Văn ", "\nCầm Thị ", "\nGiàng A ",
                                   "\nVàng Thị ", " Niê\n", "\nTôn-Nữ ", "-", "Ayŭn", "Kđăm"}) {
        CAPTURE(part);
        CHECK(all.find(part) != std::string::npos);
    }
}
