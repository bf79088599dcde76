// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <boost/system/system_error.hpp>
#include <set>
#include <string>
#include <xacthuc/domain/error.hpp>

using namespace xacthuc;

TEST_CASE("every code has a text of its own, and nothing else has one") {
    std::set<std::string> texts;
    for (const auto& [first, last] :
         {std::pair{1, 29}, std::pair{100, 132}, std::pair{200, 206}, std::pair{300, 306}, std::pair{400, 404}})
        for (int value = first; value <= last; ++value) {
            CAPTURE(value);
            const auto text = make_error_code(static_cast<errc>(value)).message();
            CHECK(text != "unknown error");
            CHECK(texts.insert(text).second);
        }
    for (const int value : {0, -1, 99, 100'000})
        CHECK(make_error_code(static_cast<errc>(value)).message() == "unknown error");
}

TEST_CASE("codes are of the library's category, keep their numbers and are errors") {
    const boost::system::error_code code = errc::disk_full;
    CHECK(code.category() == error_category());
    CHECK(std::string{error_category().name()} == "xacthuc");
    CHECK(code.value() == 101);
    CHECK(code.failed());
    CHECK(code == errc::disk_full);
    CHECK(code != errc::io);
    CHECK(static_cast<int>(errc::personal_id_length) == 1);
    CHECK(static_cast<int>(errc::name_unassigned_character) == 18);
    CHECK(static_cast<int>(errc::claim_required) == 21);
    CHECK(static_cast<int>(errc::io) == 100);
    CHECK(static_cast<int>(errc::index_full) == 200);
    CHECK(static_cast<int>(errc::key_length) == 300);
}

TEST_CASE("a failure says what and where") {
    CHECK(failure{errc::truncated, "snapshot-7.xts, byte 4096"}.message() ==
          "the file is cut short: snapshot-7.xts, byte 4096");
    CHECK(failure{errc::truncated, ""}.message() == "the file is cut short");
}

TEST_CASE("taking the value of a failed result throws what failed") {
    const detailed_result<int> failed = failure{errc::checksum_mismatch, "partition 12"};
    REQUIRE(failed.has_error());
    try {
        static_cast<void>(failed.value());
        FAIL("nothing was thrown");
    } catch (const boost::system::system_error& thrown) {
        CHECK(thrown.code() == errc::checksum_mismatch);
        CHECK(std::string{thrown.what()}.find("partition 12") != std::string::npos);
    }
    const result<int> plain = errc::io;
    CHECK_THROWS_AS(static_cast<void>(plain.value()), boost::system::system_error);
    CHECK(result<int>{7}.value() == 7);
}
