// SPDX-License-Identifier: Apache-2.0
// A mapping says which columns and which codes; what is wrong with it is told with its line, all at once.
#include "sources/table_mapping.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

using namespace xacthuc;
using namespace xacthuc::sources;

namespace {

[[nodiscard]] std::string faults_of(std::string_view text) {
    const auto made = parse_mapping(text, "map.toml");
    std::string all;
    if (made) return all;
    for (const auto& one : made.error()) all += one.message() + '\n';
    return all;
}

}  // namespace

TEST_CASE("a mapping has a table, columns, what is left out, and the meaning of codes") {
    const auto made = parse_mapping(R"(
table = "hotich.cong_dan"
[columns]
id = "so_cccd"
ward = false
[values.sex]
1 = "nam"
2 = "nữ"
"" = "male"
[values.document_expiry]
infinity = "Không thời hạn"
)",
                                    "map.toml");
    REQUIRE(made.has_value());
    CHECK(made->full_name() == "hotich.cong_dan");
    CHECK(made->of(citizen_field::id).column == "so_cccd");
    CHECK(made->of(citizen_field::ward).is_left_out);
    CHECK(made->of(citizen_field::sex).words.at("2") == "nữ");
    CHECK(made->of(citizen_field::sex).words.size() == 3);
    CHECK(made->of(citizen_field::document_expiry).words.size() == 1);
    CHECK(parse_mapping("table = 'citizens'", "").value().full_name() == "public.citizens");
}

TEST_CASE("every fault of a mapping is told, with its line") {
    CHECK(faults_of("") == "map.toml:1: there is no table\n");
    CHECK(faults_of("table = 'a.b.c'").find("map.toml:1: table is written \"schema.table\"") == 0);
    CHECK(faults_of("table = ''").find("map.toml:1: table is empty") == 0);
    CHECK(faults_of("table = 'a'\ntabel = 'a'").find("map.toml:2: unknown key \"tabel\"") == 0);
    const auto all = faults_of(R"(table = "a"
[columns]
id = false
nmae = "x"
sex = 4
[values.sex]
1 = "nứ"
2 = 3
[values.name]
a = "b"
[values.life]
x = "sống")");
    CAPTURE(all);
    for (const auto* const wanted :
         {"map.toml:3: the id cannot be left out", "map.toml:4: unknown key \"nmae\"", "map.toml:5: sex is a text",
          "map.toml:7: values.sex: \"nứ\" is no word of ours", "map.toml:8: values.sex: what a code means is a text",
          "map.toml:9: name has no codes", "map.toml:12: values.life: \"sống\" is no word of ours"})
        CHECK(all.find(wanted) != std::string::npos);
    CHECK(faults_of("table = \"a\"\n[values.sex").find("map.toml:2:") == 0);
}

TEST_CASE("a mapping that is not there is told so") {
    const auto missing = load_mapping("/nowhere/map.toml");
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().code == errc::not_found);
}
