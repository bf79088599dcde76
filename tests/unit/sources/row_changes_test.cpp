// SPDX-License-Identifier: Apache-2.0
// Rows become the changes that they mean: by headings or by the mapping, with codes, numbers and old rows.
#include "sources/row_changes.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>
#include <xacthuc/domain/citizen_field.hpp>
#include <xacthuc/domain/name.hpp>

using namespace xacthuc;
using namespace xacthuc::sources;

namespace {

[[nodiscard]] const digest_key& rows_key() {
    static const auto key = digest_key::generate();
    return key;
}

[[nodiscard]] row_cell text(std::string_view of) {
    return {row_cell::kind::text, of};
}
constexpr row_cell null_cell{};
constexpr row_cell unchanged_cell{row_cell::kind::unchanged, {}};

struct bound {
    bound(std::string_view mapping_text, std::vector<source_column> columns)
        : mapping{parse_mapping(mapping_text, "map.toml").value()}, wrong{rows.bind(mapping, columns)} {}
    bound(const bound&) = delete;

    table_mapping mapping;
    row_changes rows;
    std::vector<std::string> wrong;
};

[[nodiscard]] record record_of(const citizen& who) {
    return make_record(who, rows_key()).value();
}

}  // namespace

TEST_CASE("columns are found by their headings, in Vietnamese too, others are passed over") {
    bound made{"table = 'c'", {{"Ngày sinh"}, {"ghi_chu"}, {"so_cccd"}, {"ho_ten"}, {"GIOI_TINH"}}};
    REQUIRE(made.wrong.empty());
    const std::vector row{text("2001-02-03"), text("x"), text("001201000001"), text("Nguyễn Văn An"), text("nữ")};
    record got;
    REQUIRE_FALSE(made.rows.read(row, rows_key(), got));
    citizen who;
    who.id = personal_id::parse("001201000001").value();
    who.name = "Nguyễn Văn An";
    who.birth = date::parse("2001-02-03").value();
    who.sex = sex::female;
    CHECK(got == record_of(who));
}

TEST_CASE("what a mapping wants and the table has not is told by name") {
    const bound lost{"table = 'c'\n[columns]\nid = 'so'\nname = 'ten'", {{"so"}, {"ho_ten"}}};
    REQUIRE(lost.wrong.size() == 1);
    CHECK(lost.wrong[0] == "column ten is not there, and is to hold name");
    const bound both{"table = 'c'", {{"id"}, {"cccd"}}};
    REQUIRE(both.wrong.size() == 1);
    CHECK(both.wrong[0].find("columns id and cccd are both called id") == 0);
    const bound none{"table = 'c'", {{"ho_ten"}}};
    CHECK(none.wrong == std::vector<std::string>{"no column is called as the id is: name it in [columns]"});
    const bound codes{"table = 'c'\n[values.sex]\n1 = 'nam'", {{"id"}}};
    CHECK(codes.wrong == std::vector<std::string>{"no column holds sex, and [values] has its codes"});
}

TEST_CASE("codes are what the mapping says and nothing else, and a code that is not there is shown") {
    bound made{"table = 'c'\n[values.sex]\nt = 'nam'\nfalse = 'nữ'\ntrue = 'nam'", {{"id"}, {"sex", cell_form::truth}}};
    REQUIRE(made.wrong.empty());
    record got;
    const auto sex_of = [&](row_cell cell) {
        REQUIRE_FALSE(made.rows.read(std::vector{text("001201000001"), cell}, rows_key(), got));
        return layout::sex.get(got.words[2]);
    };
    CHECK(sex_of(text("t")) == 1);
    CHECK(sex_of(text("f")) == 2);
    CHECK(sex_of(null_cell) == 0);
    const auto wrong = made.rows.read(std::vector{text("001201000001"), text("male")}, rows_key(), got);
    REQUIRE(wrong.has_value());
    CHECK(wrong->text() == "column sex: the mapping has no word for a value (the value is \"male\")");
}

TEST_CASE("words for days are beside the days, and do not take their place") {
    bound made{"table = 'c'\n[values.document_expiry]\ninfinity = 'lifelong'", {{"id"}, {"document_expiry"}}};
    record got;
    const auto expiry_of = [&](std::string_view value) {
        REQUIRE_FALSE(made.rows.read(std::vector{text("001201000001"), text(value)}, rows_key(), got));
        return layout::document_expiry.get(got.words[3]);
    };
    CHECK(expiry_of("infinity") == layout::expiry_never);
    CHECK(expiry_of("2000-01-01") == 1);
    CHECK(made.rows.read(std::vector{text("001201000001"), text("never")}, rows_key(), got).has_value());
}

TEST_CASE("numbers get their zeros back, and char(n) loses its blanks") {
    bound made{
        "table = 'c'",
        {{"id", cell_form::whole_number}, {"ma_tinh", cell_form::whole_number}, {"sex", cell_form::blank_padded}}};
    REQUIRE(made.wrong.empty());
    record got;
    REQUIRE_FALSE(made.rows.read(std::vector{text("1201000001"), text("1"), text("nam   ")}, rows_key(), got));
    citizen who;
    who.id = personal_id::parse("001201000001").value();
    who.residence.province = 1;
    who.sex = sex::male;
    CHECK(got == record_of(who));
    for (const auto* const id : {"", "-1", "1201000001234", "0"}) {
        CAPTURE(id);
        CHECK(made.rows.read(std::vector{text(id), null_cell, null_cell}, rows_key(), got).has_value());
    }
}

TEST_CASE("a problem never shows what is of one person") {
    bound made{"table = 'c'", {{"id"}, {"name"}, {"birth_date"}, {"ward"}, {"document_expiry"}}};
    record got;
    const auto problem = [&](std::vector<row_cell> row) {
        const auto wrong = made.rows.read(row, rows_key(), got);
        REQUIRE(wrong.has_value());
        return wrong->text();
    };
    const auto id = text("001201000001");
    for (const auto& row : {std::vector{text("7777"), null_cell, null_cell, null_cell, null_cell},
                            std::vector{id, text("7777\x01"), null_cell, null_cell, null_cell},
                            std::vector{id, null_cell, text("7777-99"), null_cell, null_cell},
                            std::vector{id, null_cell, null_cell, text("777777"), null_cell},
                            std::vector{id, null_cell, null_cell, null_cell, text("7777-99-99")}}) {
        const auto said = problem(row);
        CAPTURE(said);
        CHECK(said.find("777") == std::string::npos);
        CHECK(said.find("column ") == 0);
    }
}

TEST_CASE("a changed id is a removal and an insertion, and a removed row a removal") {
    bound made{"table = 'c'", {{"id"}, {"sex"}}};
    std::vector<change> got;
    const std::vector old_key{text("001201000001"), null_cell};
    const std::vector now{text("001201000002"), text("nam")};
    REQUIRE_FALSE(made.rows.append_put({}, now, rows_key(), got));
    REQUIRE(got.size() == 1);
    CHECK(got[0].kind == change_kind::upsert);
    got.clear();
    REQUIRE_FALSE(made.rows.append_put(old_key, now, rows_key(), got));
    REQUIRE(got.size() == 2);
    CHECK(got[0] == change::erase(personal_id::parse("001201000001").value()));
    CHECK(got[1].id() == 1'201'000'002);
    got.clear();
    REQUIRE_FALSE(made.rows.append_put(now, now, rows_key(), got));
    CHECK(got.size() == 1);
    got.clear();
    REQUIRE_FALSE(made.rows.append_erase(old_key, got));
    CHECK(got == std::vector{change::erase(personal_id::parse("001201000001").value())});
    CHECK(made.rows.append_erase(std::vector{null_cell, null_cell}, got).has_value());
    CHECK(made.rows.append_erase({}, got).has_value());
}

TEST_CASE("what was not sent is taken of a whole old row, or is a problem of its own") {
    bound made{"table = 'c'", {{"id"}, {"name"}, {"sex"}}};
    std::vector<change> got;
    const auto id = text("001201000001");
    const std::vector now{id, unchanged_cell, text("nữ")};
    REQUIRE_FALSE(made.rows.append_put(std::vector{id, text("Trần Thị Bình"), text("nam")}, now, rows_key(), got));
    citizen who;
    who.id = personal_id::parse("001201000001").value();
    who.name = "Trần Thị Bình";
    who.sex = sex::female;
    REQUIRE(got.size() == 1);
    CHECK(got[0].after == record_of(who));
    for (const auto& before : {std::vector<row_cell>{}, std::vector{id, null_cell, null_cell}}) {
        const auto wrong = made.rows.append_put(before, now, rows_key(), got);
        REQUIRE(wrong.has_value());
        CHECK(wrong->is_unchanged);
        CHECK(wrong->text().find("column name: ") == 0);
    }
    CHECK(got.size() == 1);
}

TEST_CASE("a column that the mapping does not take may be as it likes") {
    bound made{"table = 'c'\n[columns]\nward = false", {{"id"}, {"ward"}, {"photo"}}};
    std::vector<change> got;
    CHECK_FALSE(
        made.rows.append_put({}, std::vector{text("001201000001"), text("none"), unchanged_cell}, rows_key(), got));
    CHECK(made.rows.append_put({}, std::vector{text("001201000001"), text("none")}, rows_key(), got).has_value());
}
