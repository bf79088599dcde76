// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <xacthuc/domain/heading.hpp>

using namespace xacthuc;

TEST_CASE("headings are compared without case, diacritics, form and punctuation") {
    for (const auto* text : {"Họ và tên", "HỌ VÀ TÊN", "họ và tên", "ho_va_ten", "HO-VA-TEN", "\xef\xbb\xbfHo va ten",
                             "Ho\u0323 va\u0300 te\u0302n", "HO\u0323 VA\u0300 TE\u0302N",
                             " «Họ và tên»: ", "Họ\u00a0và  tên", "Họ và\ntên (*)"}) {
        CAPTURE(text);
        CHECK(plain_heading(text) == "ho_va_ten");
    }
    CHECK(plain_heading("SỐ CCCD") == "so_cccd");
    CHECK(plain_heading(" Giới-tính ") == "gioi_tinh");
    CHECK(plain_heading("Mức độ định danh") == "muc_do_dinh_danh");
    CHECK(plain_heading("level_2") == "level_2");
    CHECK(plain_heading("").empty());
    CHECK(plain_heading("(-)").empty());
    CHECK(plain_heading("id\x01").empty());
    CHECK(plain_heading("id\xff").empty());
    CHECK(plain_heading(std::string(1000, 'i')).empty());
}

TEST_CASE("letters that are not Latin are letters, so that nothing hides beside a name we know") {
    CHECK(plain_heading("名前 id") == "名前_id");
    CHECK(plain_heading("имя") == "ИМЯ");
    CHECK_FALSE(find_heading(request_headings, "名前 id"));
}

TEST_CASE("each field has its stable word as a heading, and no heading two fields") {
    const auto check = [](auto known, auto field_of) {
        std::set<std::string> all;
        for (std::size_t i = 0; i < known.size(); ++i) {
            CHECK(known[i].name == to_string(field_of(i)));
            std::string names = std::string{known[i].name} + ' ' + std::string{known[i].aliases};
            while (!names.empty()) {
                const auto name = names.substr(0, names.find(' '));
                names.erase(0, name.size() + 1);
                CAPTURE(name);
                CHECK(plain_heading(name) == name);
                CHECK(all.insert(name).second);
                CHECK(find_heading(known, name) == i);
                CHECK(find_heading(known, "\xef\xbb\xbf " + name + " ") == i);
            }
        }
    };
    check(std::span{request_headings}, [](std::size_t i) { return static_cast<request_field>(i); });
    check(std::span{citizen_headings}, [](std::size_t i) { return static_cast<citizen_field>(i); });
    CHECK(find_heading(request_headings, "Ngày sinh") == static_cast<std::size_t>(request_field::birth_date));
    CHECK_FALSE(find_heading(request_headings, "nobody"));
    CHECK_FALSE(find_heading(request_headings, ""));
}
