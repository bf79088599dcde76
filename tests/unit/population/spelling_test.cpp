// SPDX-License-Identifier: Apache-2.0
#include "population/spelling.hpp"

#include <doctest/doctest.h>

using namespace xacthuc;

namespace {

[[nodiscard]] std::string as(std::string_view word, spelling how) {
    return spell(word).as[static_cast<std::size_t>(how)];
}

}  // namespace

TEST_CASE("one word in all spellings") {
    CHECK(as("Nguyễn", spelling::plain) == "Nguy\u1ec5n");
    CHECK(as("Nguyễn", spelling::decomposed) == "Nguye\u0302\u0303n");
    CHECK(as("Nguyễn", spelling::combining) == "Nguy\u00ea\u0303n");
    CHECK(as("Nguyễn", spelling::lower) == "nguy\u1ec5n");
    CHECK(as("Nguyễn", spelling::upper) == "NGUY\u1ec4N");
    CHECK(as("Nguyễn", spelling::toneless) == "Nguy\u00ean");
    CHECK(as("Nguyễn", spelling::bare) == "Nguyen");
    CHECK(as("Nguyễn", spelling::bare_upper) == "NGUYEN");
}

TEST_CASE("marks stand in canonical order when decomposed") {
    CHECK(as("Phượng", spelling::decomposed) == "Phu\u031bo\u031b\u0323ng");
    CHECK(as("Thịnh", spelling::decomposed) == "Thi\u0323nh");
    CHECK(as("Đậu", spelling::decomposed) == "\u0110a\u0323\u0302u");
    CHECK(as("Đậu", spelling::combining) == "\u0110\u00e2\u0323u");
    CHECK(as("Đặng", spelling::decomposed) == "\u0110a\u0323\u0306ng");
    CHECK(as("Čŭ", spelling::decomposed) == "C\u030cu\u0306");
}

TEST_CASE("the tone moves in open oa, oe and uy only, and never after q") {
    CHECK(as("Hòa", spelling::other_tone) == "Hoà");
    CHECK(as("Hoà", spelling::other_tone) == "Hòa");
    CHECK(as("Thủy", spelling::other_tone) == "Thuỷ");
    CHECK(as("Khỏe", spelling::other_tone) == "Khoẻ");
    CHECK(as("Bảo-Hòa", spelling::other_tone) == "Bảo-Hoà");
    for (const auto word : {"Quý", "Hoàng", "Thúc", "Lụa", "Mỹ", "Hoa", "Loan", "Út", "Ý"})
        CHECK(as(word, spelling::other_tone) == word);
}

TEST_CASE("signs, and Đ") {
    CHECK(as("H'Hen", spelling::typographic) == "H\u2019Hen");
    CHECK(as("Tôn-Nữ", spelling::typographic) == "Tôn\u2010Nữ");
    CHECK(as("Hen", spelling::typographic) == "Hen");
    CHECK(as("Đỗ", spelling::bare) == "Do");
    CHECK(as("Kđăm", spelling::bare_upper) == "KDAM");
    CHECK(as("H'Čuôr", spelling::lower) == "h'čuôr");
}

TEST_CASE("what a spelling loses is told") {
    CHECK(spell("Trần").toneless_differs);
    CHECK_FALSE(spell("Đan").toneless_differs);
    CHECK(spell("Đan").bare_differs);
    CHECK_FALSE(spell("Anh").bare_differs);
    CHECK(spell("Thư").bare_differs);
    CHECK_FALSE(spell("Thư").toneless_differs);
    CHECK(spell("Trần").toneless_has_marks);
    CHECK(spell("Đà").toneless_has_marks);
    CHECK_FALSE(spell("Hòa").toneless_has_marks);
}
