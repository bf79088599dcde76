// SPDX-License-Identifier: Apache-2.0
// Rows of citizens and of requests: what they become, what is wrong with them, and that written ones read back.
#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "columns/csv/chunk.hpp"
#include "columns/csv/citizen_columns.hpp"
#include "columns/csv/request_columns.hpp"
#include "columns/csv/row_reader.hpp"
#include "columns/table_error.hpp"
#include "population/planted_request.hpp"
#include "population/population.hpp"

using namespace xacthuc;
using namespace xacthuc::csv;

namespace {

using views = std::vector<std::string_view>;

digest_key test_key() {
    std::array<std::byte, digest_key_bytes> bytes{};
    bytes[0] = std::byte{7};
    return digest_key::from_bytes(bytes);
}

std::vector<std::vector<std::string>> rows_of(const std::string& text) {
    chunk piece;
    piece.text = text;
    row_reader reader{','};
    reader.open(piece);
    row row;
    std::vector<std::vector<std::string>> all;
    while (reader.next(row)) {
        CHECK(row.problem.empty());
        all.emplace_back(row.fields.begin(), row.fields.end());
    }
    return all;
}

}  // namespace

TEST_CASE("Vietnamese headers name the same columns, in any order") {
    const views header{"Giới tính", "Ngày sinh", "Số CCCD", "Họ và tên", "Có giá trị đến"};
    const citizen_parser parser{header, false, "people.csv"};
    citizen who;
    CHECK_FALSE(parser.parse(views{"Nữ", "01/02/1990", "001190000001", "Nguyễn Thị Hòa", "Không thời hạn"}, who));
    CHECK(who.id.value() == 1'190'000'001);
    CHECK(who.name == "Nguyễn Thị Hòa");
    CHECK(who.birth.to_string() == "1990-02-01");
    CHECK(who.sex == sex::female);
    CHECK(who.document_lifelong);
    CHECK(who.life == life_status::unknown);
}

TEST_CASE("a header without id, with an unknown or a double column is refused") {
    const auto is_refused = [](const views& header, bool ignore) {
        try {
            const citizen_parser parser{header, ignore, "people.csv"};
            return false;
        } catch (const columns::column_error& error) {
            CHECK(std::string{error.what()}.find("people.csv, line 1") != std::string::npos);
            return true;
        }
    };
    CHECK(is_refused({"name", "sex"}, false));
    CHECK(is_refused({"id", "favourite_colour"}, false));
    CHECK_FALSE(is_refused({"id", "favourite_colour"}, true));
    CHECK(is_refused({"id", "so_cccd"}, false));
    CHECK_FALSE(is_refused({"id"}, false));
}

TEST_CASE("what is wrong with a citizen's row is said by its column") {
    const views header{"id", "name", "birth_date", "sex", "document_expiry", "province", "ward", "superseded"};
    const citizen_parser parser{header, false, "people.csv"};
    const auto key = test_key();
    const auto column_of = [&](const views& fields) {
        record made;
        const auto problem = parser.parse(fields, key, made);
        CHECK((!problem || !problem->reason.empty()));
        return problem ? std::string{problem->column.empty() ? "row" : problem->column} : std::string{};
    };
    const std::string long_name(name_bytes_max + 1, 'A');
    CHECK(column_of({"001190000001", "An", "1990", "nam", "2040-01-31", "01", "00004", "no"}) == "");
    CHECK(column_of({"001190000001", "", "", "", "", "", "", ""}) == "");
    CHECK(column_of({"", "An", "1990", "nam", "", "01", "4", ""}) == "id");
    CHECK(column_of({"00119000001", "An", "1990", "nam", "", "01", "4", ""}) == "id");
    CHECK(column_of({"00119000000x", "An", "1990", "nam", "", "01", "4", ""}) == "id");
    CHECK(column_of({"000000000000", "An", "1990", "nam", "", "01", "4", ""}) == "id");
    CHECK(column_of({"001190000001", "\xff", "1990", "nam", "", "01", "4", ""}) == "name");
    CHECK(column_of({"001190000001", long_name, "1990", "nam", "", "01", "4", ""}) == "name");
    CHECK(column_of({"001190000001", {"A\0n", 3}, "1990", "nam", "", "01", "4", ""}) == "name");
    CHECK(column_of({"001190000001", "An", "1990-02-30", "nam", "", "01", "4", ""}) == "birth_date");
    CHECK(column_of({"001190000001", "An", "1990", "maybe", "", "01", "4", ""}) == "sex");
    CHECK(column_of({"001190000001", "An", "1990", "nam", "2040", "01", "4", ""}) == "document_expiry");
    CHECK(column_of({"001190000001", "An", "1990", "nam", "1999-01-01", "01", "4", ""}) == "document_expiry");
    CHECK(column_of({"001190000001", "An", "1990", "nam", "never", "01", "4", ""}) == "document_expiry");
    CHECK(column_of({"001190000001", "An", "1990", "nam", "", "02", "4", ""}) == "province");
    CHECK(column_of({"001190000001", "An", "1990", "nam", "", "-1", "4", ""}) == "province");
    CHECK(column_of({"001190000001", "An", "1990", "nam", "", "01", "100000", ""}) == "ward");
    CHECK(column_of({"001190000001", "An", "1990", "nam", "", "01", "4", "perhaps"}) == "superseded");
    CHECK(column_of({"001190000001", "An"}) == "row");
}

TEST_CASE("every citizen of a population reads back from her row as the same record") {
    const auto nation = population::create(11, 3000);
    REQUIRE(nation.has_value());
    const auto key = test_key();
    std::string text;
    name_text name;
    citizen_parser::append_header(text);
    for (std::uint64_t i = 0; i < nation->count(); ++i) citizen_parser::append_row(text, nation->citizen_at(i, name));
    const auto rows = rows_of(text);
    REQUIRE(rows.size() == nation->count() + 1);
    const citizen_parser parser{views{rows[0].begin(), rows[0].end()}, false, "people.csv"};
    for (std::uint64_t i = 0; i < nation->count(); ++i) {
        record made;
        const auto& row = rows[i + 1];
        CHECK_FALSE(parser.parse(views{row.begin(), row.end()}, key, made));
        const auto expected = make_record(nation->citizen_at(i, name), key);
        REQUIRE(expected.has_value());
        CHECK(made == *expected);
    }
}

TEST_CASE("every planted request reads back from its row as the same request and verdict") {
    const auto nation = population::create(11, 3000);
    REQUIRE(nation.has_value());
    const planted_requests planted{*nation, 5};
    const auto key = test_key();
    constexpr std::uint64_t count = 5000;
    std::string text;
    name_text name;
    request_parser::append_header(text);
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto one = planted.at(i, name);
        request_parser::append_row(text, one.claims, to_string(one.kind), one.expected);
    }
    const auto rows = rows_of(text);
    REQUIRE(rows.size() == count + 1);
    const request_parser parser{views{rows[0].begin(), rows[0].end()}, false, "requests.csv"};
    CHECK(parser.has_expectations());
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto one = planted.at(i, name);
        const views fields{rows[i + 1].begin(), rows[i + 1].end()};
        request_row row;
        CHECK_FALSE(parser.parse(fields, row));
        CHECK(row.reference == to_string(one.kind));
        CHECK(row.expected.allows(one.expected));
        const auto bits = one.expected.bits();
        for (const unsigned flipped : {0U, 10U, 12U, 13U, 17U, 33U, 49U})
            CHECK_FALSE(row.expected.allows(verdict::from_bits(bits ^ std::uint64_t{1} << flipped)));
        request made;
        CHECK_FALSE(prepare_row(row.claims, key, 0, made));
        const auto expected = prepare(one.claims, key);
        REQUIRE(expected.has_value());
        CHECK(made == *expected);
    }
}

TEST_CASE("what is wrong with a request's row is said by its column, and its reference is kept") {
    const views header{"reference", "id", "name", "name_exact", "birth_date", "born_on_or_before", "document_valid_on"};
    const request_parser parser{header, false, "requests.csv"};
    CHECK_FALSE(parser.has_expectations());
    const auto column_of = [&](const views& fields) {
        request_row row;
        request made;
        auto problem = parser.parse(fields, row);
        if (fields[0] != "\xff") CHECK(row.reference == fields[0]);
        if (!problem) problem = prepare_row(row.claims, test_key(), 0, made);
        return problem ? std::string{problem->column.empty() ? "row" : problem->column} : std::string{};
    };
    CHECK(column_of({"r1", "001190000001", "An", "", "", "", ""}) == "");
    CHECK(column_of({"r1", "", "An", "", "", "", ""}) == "id");
    CHECK(column_of({"r1", "001190000001", "", "", "", "", ""}) == "row");
    CHECK(column_of({"r1", "001190000001", "An", "An", "", "", ""}) == "name_exact");
    CHECK(column_of({"r1", "001190000001", "A\x01n", "", "", "", ""}) == "name");
    CHECK(column_of({"r1", "001190000001", "", "\xc3", "", "", ""}) == "name_exact");
    CHECK(column_of({"r1", "001190000001", "", "", "1990-13", "", ""}) == "birth_date");
    CHECK(column_of({"r1", "001190000001", "", "", "1990", "1990-01-01", ""}) == "row");
    CHECK(column_of({"r1", "001190000001", "", "", "", "1990", ""}) == "born_on_or_before");
    CHECK(column_of({"r1", "001190000001", "", "", "", "", "2026"}) == "document_valid_on");
    CHECK(column_of({"\xff", "001190000001", "An", "", "", "", ""}) == "reference");
}

TEST_CASE("an expected value that no verdict has is an error of the file") {
    const views header{"id", "name", "expected_outcome", "expected_matched"};
    const request_parser parser{header, false, "requests.csv"};
    request_row row;
    CHECK_FALSE(parser.parse(views{"001190000001", "An", "verified", "name birth_date"}, row));
    CHECK(row.expected.what == outcome::verified);
    CHECK(row.expected.matched == mask_of(claim::name, claim::birth_date));
    CHECK_FALSE(parser.parse(views{"001190000001", "An", "", ""}, row));
    CHECK_FALSE(row.expected.what);
    CHECK_THROWS_AS(static_cast<void>(parser.parse(views{"001190000001", "An", "fine", ""}, row)),
                    columns::column_error);
    CHECK_THROWS_AS(static_cast<void>(parser.parse(views{"001190000001", "An", "0", "nose"}, row)),
                    columns::column_error);
}
