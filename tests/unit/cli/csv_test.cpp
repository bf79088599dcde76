// SPDX-License-Identifier: Apache-2.0
// Reading CSV: rows, line numbers, what is rejected, and that neither depends on where a file is cut into chunks.
#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/input/chunk_reader.hpp"
#include "cli/input/input_file.hpp"
#include "columns/csv/field_writer.hpp"
#include "columns/csv/row_extent.hpp"
#include "columns/csv/row_reader.hpp"

using namespace xacthuc;
using namespace xacthuc::cli;

namespace {

// A file in memory with this content while the object lives.
class memory_file {
  public:
    explicit memory_file(std::string_view content) : descriptor_{::memfd_create("csv_test", MFD_CLOEXEC)} {
        REQUIRE(descriptor_ >= 0);
        REQUIRE(::write(descriptor_, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
    }
    memory_file(const memory_file&) = delete;
    memory_file& operator=(const memory_file&) = delete;
    ~memory_file() { ::close(descriptor_); }

    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

  private:
    int descriptor_;
};

struct read_row {
    std::uint64_t line = 0;
    std::string raw;
    std::vector<std::string> fields;
    bool good = false;
    std::string problem{};

    friend bool operator==(const read_row&, const read_row&) = default;
};

std::vector<read_row> read_rows(std::string_view content, std::size_t chunk_bytes = 4096, char delimiter = ',') {
    const memory_file file{content};
    input_file input{file.path()};
    chunk_reader chunks{input, chunk_reader::row_kind::csv, delimiter, chunk_bytes};
    csv::row_reader rows{delimiter};
    csv::chunk chunk;
    csv::row row;
    std::vector<read_row> all;
    std::uint64_t sequence = 0;
    while (chunks.next(chunk)) {
        CHECK(chunk.sequence == sequence++);
        rows.open(chunk);
        while (rows.next(row))
            all.push_back({row.line,
                           std::string{row.raw},
                           {row.fields.begin(), row.fields.end()},
                           row.problem.empty(),
                           std::string{row.problem}});
    }
    return all;
}

// Nothing when a quoted field is open at the end.
std::optional<std::vector<read_row>> read_or_refused(std::string_view content, std::size_t chunk_bytes = 4096) {
    try {
        return read_rows(content, chunk_bytes);
    } catch (const command_error&) {
        return {};
    }
}

using strings = std::vector<std::string>;

// Whatever an RFC 4180 writer makes of these fields; `odd` quotes more than it has to.
std::string written(const std::vector<strings>& rows, std::string_view line_end, bool odd) {
    std::string text;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i != 0) text += ',';
            if (odd) {
                text += '"';
                for (const char c : row[i]) text.append(c == '"' ? 2 : 1, c);
                text += '"';
            } else {
                csv::append_field(text, row[i]);
            }
        }
        text += line_end;
    }
    return text;
}

std::string random_text(std::mt19937_64& random, std::string_view alphabet, std::size_t size_max) {
    std::string text(random() % (size_max + 1), ' ');
    for (auto& c : text) c = alphabet[random() % alphabet.size()];
    return text;
}

}  // namespace

TEST_CASE("rows of every line end, quoted fields with line feeds, and their line numbers") {
    const auto rows = read_rows("a,b\r\n\"1,\"\"x\"\"\",2\n\n\"p\nq\r\nr\",s\r\nlast, \"t\" ");
    REQUIRE(rows.size() == 4);
    CHECK(rows[0] == read_row{1, "a,b", {"a", "b"}, true});
    CHECK(rows[1] == read_row{2, "\"1,\"\"x\"\"\",2", {"1,\"x\"", "2"}, true});
    CHECK(rows[2] == read_row{4, "\"p\nq\r\nr\",s", {"p\nq\r\nr", "s"}, true});
    CHECK(rows[3] == read_row{7, "last, \"t\" ", {"last", "t"}, true});
}

TEST_CASE("a byte order mark is passed over, UTF-16 is refused, an empty file has no rows") {
    CHECK(read_rows("\xef\xbb\xbfid\n1\n").front().fields == strings{"id"});
    CHECK(read_rows("").empty());
    CHECK(read_rows("\xef\xbb\xbf").empty());
    CHECK(read_rows("\n\r\n  \n").empty());
    CHECK_THROWS_AS(static_cast<void>(read_rows(std::string_view{"\xff\xfei\0d\0", 6})), command_error);
}

TEST_CASE("NUL bytes are data") {
    const std::string text{"a\0b,c\n", 6};
    CHECK(read_rows(text).front().fields == strings{std::string{"a\0b", 3}, "c"});
}

TEST_CASE("a stray quote in a field costs its own line and no other") {
    for (const std::string bad : {"\"closed\"x,1", "mid\"dle,1", "\"closed\" x,\"1\"", "\"A \"B\" C\",1"}) {
        CAPTURE(bad);
        const auto rows = read_rows("h,i\n" + bad + "\ngood,2\n\"good\",\"3\"\n");
        REQUIRE(rows.size() == 4);
        CHECK_FALSE(rows[1].good);
        CHECK(rows[1].line == 2);
        CHECK(rows[2] == read_row{3, "good,2", {"good", "2"}, true});
        CHECK(rows[3].fields == strings{"good", "3"});
    }
}

TEST_CASE("what a stray quote opens ends at the next quote, and no row is made of what is inside") {
    for (const std::string bad : {"\"open,1", "a,\"open", "\"a\"\"", "\"closed\"x,\"open"}) {
        CAPTURE(bad);
        const auto rows = read_rows("h,i\n" + bad + "\ninside,2\n\"quoted\",\"3\"\ngood,4\n");
        REQUIRE(rows.size() == 3);
        CHECK_FALSE(rows[1].good);
        CHECK(rows[1].line == 2);
        CHECK(rows[1].problem == "the quotes are not as RFC 4180 has them; the row goes on to line 4");
        CHECK(rows[2] == read_row{5, "good,4", {"good", "4"}, true});
    }
}

TEST_CASE("a file that ends within a quoted field is refused") {
    const std::string many(100'000, 'x');
    for (const std::string& end :
         {std::string{"\"open"}, std::string{"a,\"open\nb,2\n"}, "\"" + many, many + ",\"a\nb"})
        for (const std::size_t chunk_bytes : {std::size_t{4096}, chunk_reader::chunk_bytes_default}) {
            CAPTURE(end.size());
            try {
                static_cast<void>(read_rows("h,i\ngood,1\n" + end, chunk_bytes));
                FAIL("it was read");
            } catch (const command_error& error) {
                CHECK(error.code() == exit_code::failed);
                const std::string_view what{error.what()};
                CHECK(what.starts_with("a quoted field is not closed by the end of the file: "));
                CHECK(what.ends_with("the row from line 3 on"));
            }
        }
}

TEST_CASE("fields between tabs may be quoted") {
    const auto rows = read_rows("\"a\"\t\"b c\"\n \"d\" \t\t\"e\"\n", 4096, '\t');
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].fields == strings{"a", "b c"});
    CHECK(rows[1].fields == strings{"d", "", "e"});
}

TEST_CASE("a carriage return alone is no line end") {
    const auto rows = read_rows("a,b\n1\r2,3\n4\r\"5\n6,7\n8,9\n");
    REQUIRE(rows.size() == 5);
    CHECK_FALSE(rows[1].good);
    CHECK_FALSE(rows[2].good);
    CHECK(rows[3] == read_row{4, "6,7", {"6", "7"}, true});
    CHECK(rows[4] == read_row{5, "8,9", {"8", "9"}, true});
}

TEST_CASE("a row over the limit is rejected and the next one is read") {
    for (const std::size_t size : {csv::row_bytes_max - 2, csv::row_bytes_max, std::size_t{5'000'000}}) {
        for (const std::size_t chunk_bytes : {std::size_t{4096}, chunk_reader::chunk_bytes_default}) {
            CAPTURE(size);
            CAPTURE(chunk_bytes);
            const auto rows = read_rows("h\n" + std::string(size, 'x') + "\ngood\n", chunk_bytes);
            REQUIRE(rows.size() == 3);
            CHECK(rows[1].good == (size < csv::row_bytes_max));
            CHECK(rows[1].raw.size() >= std::min(size, csv::row_bytes_max));
            CHECK(rows[2] == read_row{3, "good", {"good"}, true});
        }
    }
}

TEST_CASE("a quoted field of any length is one row, and what looks like rows in it are none") {
    std::mt19937_64 random{43};
    const std::string planted = "\n001190000001,planted\n";
    for (int round = 0; round < 40; ++round) {
        std::string text = "h,i\n";
        std::vector<std::pair<std::uint64_t, bool>> wanted{{1, true}};  // each row's line, and whether it is good
        for (std::uint64_t line = 2; wanted.size() < 8;) {
            std::string field;
            const auto size = std::array<std::size_t, 6>{1, 300, 65'000, 65'600, 140'000, 1'300'000}[random() % 6];
            while (field.size() < size)
                field += random() % 4 == 0 ? planted : std::string(random() % 900, 'x') + "\"\"";
            const auto row = "\"" + field + "\",y\n";
            wanted.emplace_back(line, row.size() <= csv::row_bytes_max);
            text += row;
            line += csv::line_feeds(row);
            wanted.emplace_back(line++, true);
            text += "good,1\n";
        }
        for (const std::size_t chunk_bytes : {std::size_t{1000}, std::size_t{70'000}, std::size_t{1} << 20}) {
            const auto rows = read_rows(text, chunk_bytes);
            REQUIRE(rows.size() == wanted.size());
            for (std::size_t i = 0; i < rows.size(); ++i) {
                CHECK(rows[i].line == wanted[i].first);
                CHECK(rows[i].good == wanted[i].second);
                CHECK((rows[i].fields.empty() || rows[i].fields[0] != "001190000001"));
                if (rows[i].good) continue;
                CHECK(rows[i].problem.find("longer than 65536 bytes; the row goes on to line " +
                                           std::to_string(wanted[i + 1].first - 1)) != std::string::npos);
            }
        }
    }
}

TEST_CASE("what was written is read back, at every chunk size") {
    std::mt19937_64 random{41};
    for (int round = 0; round < 150; ++round) {
        std::vector<strings> rows(1 + random() % 6);
        for (auto& row : rows)
            for (std::size_t i = 0; i < 3; ++i) row.push_back(random_text(random, "ab \t,;\"\r\n", 8));
        for (auto& row : rows) row[0] += 'x';  // a row of empty fields alone is still a row, but let none be blank
        const bool odd = random() % 2 == 0;
        const auto text = written(rows, random() % 2 == 0 ? "\n" : "\r\n", odd);
        CAPTURE(text);
        for (const std::size_t chunk_bytes : {1U, 2U, 7U, 64U, 1000U}) {
            const auto found = read_rows(text, chunk_bytes);
            REQUIRE(found.size() == rows.size());
            for (std::size_t i = 0; i < rows.size(); ++i) {
                CHECK(found[i].good);
                CHECK(found[i].fields == rows[i]);
            }
        }
    }
}

TEST_CASE("rows of any bytes are the same at every chunk size, and lose no line") {
    std::mt19937_64 random{42};
    for (int round = 0; round < 1000; ++round) {
        const auto text = random_text(random, "ab,\"\"\n\n\r ", 40);
        CAPTURE(text);
        const auto read = read_or_refused(text);
        for (const std::size_t chunk_bytes : {1U, 3U, 10U}) CHECK(read_or_refused(text, chunk_bytes) == read);
        if (!read) continue;
        const auto& whole = *read;
        // Every byte that is neither blank nor a line end is in exactly one row.
        std::string seen;
        for (const auto& row : whole) seen += row.raw;
        const auto marks = [](const std::string& of) {
            return std::ranges::count_if(of, [](char c) { return c == 'a' || c == 'b' || c == ',' || c == '"'; });
        };
        CHECK(marks(seen) == marks(text));
        for (const auto& row : whole) {
            const auto before = std::string_view{text}.substr(0, text.size());
            CHECK(row.line <= csv::line_feeds(before) + 1);
        }
    }
}
