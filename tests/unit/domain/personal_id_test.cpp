// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>
#include <xacthuc/domain/personal_id.hpp>

using namespace xacthuc;

TEST_CASE("twelve digits are a number, and come back as they were") {
    for (const std::string text : {"001090000001", "096325999999", "000000000001", "999999999999", "123456789012"}) {
        const auto id = personal_id::parse(text);
        REQUIRE(id.has_value());
        CHECK(id->to_string() == text);
        CHECK(id->value() == std::stoull(text));
        const auto digits = id->digits();
        CHECK(std::string{digits.begin(), digits.end()} == text);
        CHECK(personal_id::from_value(id->value()).value() == *id);
        CHECK(personal_id::from_trusted(id->value()) == *id);
    }
}

TEST_CASE("all but twelve characters is a wrong length") {
    for (std::size_t length = 0; length < 30; ++length)
        if (length != personal_id::digit_count)
            CHECK(personal_id::parse(std::string(length, '1')).error() == errc::personal_id_length);
}

TEST_CASE("every character that is no ASCII digit is refused at every place") {
    for (std::size_t place = 0; place < personal_id::digit_count; ++place)
        for (int c = 0; c < 256; ++c) {
            std::string text = "001090000001";
            text[place] = static_cast<char>(c);
            const bool digit = c >= '0' && c <= '9';
            const auto id = personal_id::parse(text);
            REQUIRE(id.has_value() == digit);
            if (!digit) REQUIRE(id.error() == errc::personal_id_digit);
        }
    CHECK(personal_id::parse("001 90000001").error() == errc::personal_id_digit);
    CHECK(personal_id::parse("-01090000001").error() == errc::personal_id_digit);
    CHECK(personal_id::parse("\uff10\uff10\uff11\uff10").error() == errc::personal_id_digit);  // 12 bytes, wide digits
}

TEST_CASE("the number of zeros only is reserved") {
    CHECK(personal_id::parse("000000000000").error() == errc::personal_id_reserved);
    CHECK(personal_id::from_value(0).error() == errc::personal_id_reserved);
}

TEST_CASE("values end below 10^12, which is below 2^40") {
    CHECK(personal_id::from_value(personal_id::value_end - 1).value().to_string() == "999999999999");
    CHECK(personal_id::from_value(personal_id::value_end).error() == errc::code_range);
    CHECK(personal_id::from_value(~std::uint64_t{0}).error() == errc::code_range);
    static_assert(personal_id::value_end <= std::uint64_t{1} << 40);
}

TEST_CASE("digits hint at province, sex, birth year and serial") {
    const auto id = personal_id::parse("079195012345").value();
    CHECK(id.province_code() == 79);
    CHECK(id.sex_hint() == sex::female);
    CHECK(id.birth_year_hint() == 1995);
    CHECK(id.serial() == 12'345);
    struct row {
        char digit;
        sex sex_hint;
        int year;
    };
    for (const auto& [digit, sex_hint, year] :
         {row{'0', sex::male, 1907}, row{'1', sex::female, 1907}, row{'2', sex::male, 2007},
          row{'3', sex::female, 2007}, row{'4', sex::male, 2107}, row{'5', sex::female, 2107},
          row{'6', sex::male, 2207}, row{'7', sex::female, 2207}, row{'8', sex::male, 2307},
          row{'9', sex::female, 2307}}) {
        std::string text = "001007000000";
        text[3] = digit;
        const auto parsed = personal_id::parse(text).value();
        CHECK(parsed.sex_hint() == sex_hint);
        CHECK(parsed.birth_year_hint() == year);
    }
}

TEST_CASE("a number whose digits name no province is a number all the same") {
    CHECK(personal_id::parse("999999999999").value().province_code() == 999);
    CHECK(personal_id::parse("000000000001").value().province_code() == 0);
}

TEST_CASE("numbers order by value") {
    CHECK(personal_id::from_trusted(1) < personal_id::from_trusted(2));
    CHECK(personal_id{} < personal_id::from_trusted(1));
    CHECK(personal_id{}.value() == 0);
}
