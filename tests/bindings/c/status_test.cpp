// SPDX-License-Identifier: Apache-2.0
// The codes in xacthuc.h beside those of the library.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <xacthuc/domain/error.hpp>

TEST_CASE("every error code of the library, and no other below 900, is in the header for C") {
    std::ifstream file{XACTHUC_C_HEADER};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const auto begin = text.find("enum {\n    XT_OK = 0");
    REQUIRE(begin != std::string::npos);
    std::istringstream lines{text.substr(begin, text.find("};", begin) - begin)};
    std::set<int> in_header;
    for (std::string line; std::getline(lines, line);) {
        const auto sign = line.find(" = ");
        if (sign != std::string::npos) CHECK(in_header.insert(std::stoi(line.substr(sign + 3))).second);
    }
    std::set<int> in_library{0};
    const auto& category = xacthuc::error_category();
    for (int code = 1; code < 900; ++code)
        if (category.message(code) != category.message(-1)) in_library.insert(code);
    REQUIRE(in_library.size() > 40);
    for (const int code : in_library) {
        CAPTURE(code);
        CHECK(in_header.contains(code));
    }
    for (const int code : in_header) {
        CAPTURE(code);
        CHECK((code >= 900 || in_library.contains(code)));
    }
}
