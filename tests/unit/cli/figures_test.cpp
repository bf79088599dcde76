// SPDX-License-Identifier: Apache-2.0
// Figures, times and progress as the command writes them for people.
#include "cli/output/figures.hpp"

#include <doctest/doctest.h>

#include <string>

#include "cli/output/progress.hpp"

using namespace xacthuc::cli;

TEST_CASE("figures as people read them") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1'000) == "1,000");
    CHECK(grouped(107'000'000) == "107,000,000");
    CHECK(rounded(999.6) == "1.00 k");
    CHECK(rounded(31'400'000) == "31.4 M");
    CHECK(bytes_text(5'368'709'120) == "5.00 GiB");
    CHECK(clock_text(59.6) == "1:00");
    CHECK(clock_text(3723) == "1:02:03");
}

TEST_CASE("a progress line fits its terminal and says rate and time left") {
    const auto line = progress::line("import", "rows", 250, 1000, 2.0, 100);
    CHECK(line.find("25 %") != std::string::npos);
    CHECK(line.find("125 rows/s") != std::string::npos);
    CHECK(line.find("0:06 left") != std::string::npos);
    for (std::size_t width = 0; width < 120; ++width) {
        CHECK(progress::line("import", "rows", 250, 1000, 2.0, width).size() <= width);
        CHECK(progress::line("import", "rows", 250, 0, 2.0, width).size() <= width);
    }
}
