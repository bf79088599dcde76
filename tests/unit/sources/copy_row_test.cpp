// SPDX-License-Identifier: Apache-2.0
// Rows of COPY are split as they were written, and damaged ones as a slow reader thinks.
#include "sources/postgres/copy_row.hpp"

#include <doctest/doctest.h>

#include <array>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace xacthuc;
using xacthuc::sources::row_cell;

namespace {

using text_row = std::vector<std::optional<std::string>>;

// As the manual says of COPY's text format.
[[nodiscard]] std::string written(const text_row& row) {
    std::string made;
    for (const auto& one : row) {
        if (&one != row.data()) made += '\t';
        if (!one) made += "\\N";
        for (const char c : one.value_or("")) {
            const std::string marks = "\b\f\n\r\t\v\\";
            const auto place = marks.find(c);
            if (place != std::string::npos)
                made += std::string{'\\', "bfnrtv\\"[place]};
            else
                made += c;
        }
    }
    return made + '\n';
}

[[nodiscard]] std::optional<text_row> slowly_split(const std::string& bytes) {
    text_row made;
    std::string cell;
    bool is_null = false;
    const auto end = !bytes.empty() && bytes.back() == '\n' ? bytes.size() - 1 : bytes.size();
    const auto put = [&] {
        made.push_back(is_null ? std::optional<std::string>{} : cell);
        cell.clear();
        is_null = false;
    };
    for (std::size_t k = 0; k < end; ++k) {
        if (bytes[k] == '\t') {
            put();
        } else if (bytes[k] != '\\') {
            cell += bytes[k];
        } else {
            const bool is_alone =
                (k == 0 || bytes[k - 1] == '\t') && (k + 2 == end || (k + 2 < end && bytes[k + 2] == '\t'));
            if (++k == end) return {};
            const std::string marks = "bfnrtv\\";
            if (bytes[k] == 'N' && is_alone)
                is_null = true;
            else if (marks.find(bytes[k]) == std::string::npos)
                return {};
            else
                cell += "\b\f\n\r\t\v\\"[marks.find(bytes[k])];
        }
    }
    put();
    return made;
}

[[nodiscard]] std::optional<text_row> split(std::string bytes) {
    std::vector<row_cell> cells;
    if (!postgres::split_copy_row(bytes, cells)) return {};
    text_row made;
    for (const auto& one : cells)
        made.push_back(one.is == row_cell::kind::null ? std::optional<std::string>{} : std::string{one.text});
    return made;
}

}  // namespace

TEST_CASE("what was written is split into the same cells") {
    std::mt19937_64 random{1};
    static const std::array<std::string, 9> pieces{"a", "\\", "\t", "\n", "N", "ễ", "b", "\r", " "};
    for (int round = 0; round < 5000; ++round) {
        text_row row(1 + random() % 5);
        for (auto& one : row) {
            if (random() % 4 == 0) continue;
            one.emplace();
            for (auto left = random() % 5; left != 0; --left) *one += pieces[random() % pieces.size()];
        }
        const auto bytes = written(row);
        CAPTURE(bytes);
        CHECK(split(bytes) == row);
        CHECK(split(bytes.substr(0, bytes.size() - 1)) == row);
    }
}

TEST_CASE("of any bytes both readers think the same") {
    std::mt19937_64 random{2};
    static const std::string letters = "a\\\tN\nbx";
    for (int round = 0; round < 50'000; ++round) {
        std::string bytes;
        for (auto left = random() % 9; left != 0; --left) bytes += letters[random() % letters.size()];
        CAPTURE(bytes);
        CHECK(split(bytes) == slowly_split(bytes));
    }
}
