// SPDX-License-Identifier: Apache-2.0
#include "cluster_client/resp.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace xacthuc::cluster;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

[[nodiscard]] std::optional<reply> read_in_pieces(std::string_view bytes, std::size_t piece, std::string& problem) {
    reply_reader reader;
    std::optional<reply> got;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        CHECK_FALSE(got);
        reader.feed(bytes.substr(at, piece));
        if (auto one = reader.next()) got = std::move(one);
    }
    problem = reader.problem();
    return got;
}

}  // namespace

TEST_CASE("a reply is the same in whatever pieces it comes") {
    const auto bytes = "*6\r\n$5\r\na\r\nb\0\r\n:-42\r\n$-1\r\n*2\r\n+OK\r\n*1\r\n:7\r\n*0\r\n-MOVED 1 h:7001\r\n"s;
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
        std::string problem;
        const auto got = read_in_pieces(bytes, piece, problem);
        REQUIRE_MESSAGE(got, problem);
        REQUIRE(got->items.size() == 6);
        CHECK(got->items[0].text == "a\r\nb\0"s);
        CHECK(got->items[1].integer == -42);
        CHECK(got->items[2].is(reply::kind::nothing));
        REQUIRE(got->items[3].items.size() == 2);
        CHECK(got->items[3].items[0].text == "OK");
        CHECK(got->items[3].items[1].items.at(0).integer == 7);
        CHECK(got->items[4].is(reply::kind::list));
        CHECK(got->items[4].items.empty());
        CHECK(got->items[5].is(reply::kind::error));
        CHECK(got->items[5].text == "MOVED 1 h:7001");
        CHECK(problem.empty());
    }
}

TEST_CASE("replies come one after the other") {
    reply_reader reader;
    reader.feed("+a\r\n:1\r\n$1\r\n");
    CHECK(reader.next()->text == "a");
    CHECK(reader.next()->integer == 1);
    CHECK_FALSE(reader.next());
    reader.feed("b\r\n");
    CHECK(reader.next()->text == "b");
}

TEST_CASE("what is no reply is a problem, and what is too large is refused before there is room for it") {
    std::string deep;
    for (int i = 0; i < 20; ++i) deep += "*1\r\n";
    for (const std::string& wrong :
         {std::string{"HTTP/1.1 200 OK\r\n"}, std::string{"*2147483647\r\n"}, std::string{"*9999999999\r\n"},
          std::string{"*1048577\r\n"}, std::string{"$x\r\n"}, std::string{"\r\n\r\n"}, deep}) {
        reply_reader reader;
        reader.feed(wrong);
        CHECK_FALSE(reader.next());
        CHECK_MESSAGE(!reader.problem().empty(), wrong);
        reader.feed("+OK\r\n");
        CHECK_FALSE(reader.next());
    }
    // One list inside of another is in the way of itself: only as many of the 2,000 as are counted come to be.
    reply_reader reader;
    std::string growing = "*2000\r\n";
    for (int i = 0; i < 2000; ++i)
        growing += "*2000\r\n" + [] {
            std::string zeros;
            for (int k = 0; k < 2000; ++k) zeros += ":0\r\n";
            return zeros;
        }();
    for (std::size_t at = 0; at < growing.size() && reader.problem().empty(); at += 65'536) {
        reader.feed(std::string_view{growing}.substr(at, 65'536));
        CHECK_FALSE(reader.next());
    }
    CHECK_FALSE(reader.problem().empty());
}

TEST_CASE("a reply without an end is given up") {
    reply_reader reader;
    reader.feed("$2000000000\r\n");
    const std::string piece(std::size_t{1} << 20, 'x');
    std::size_t fed = 0;
    while (reader.problem().empty() && fed <= reply_reader::reply_bytes_max) {
        reader.feed(piece);
        fed += piece.size();
        CHECK_FALSE(reader.next());
    }
    CHECK(reader.problem() == "a reply without an end");
}

TEST_CASE("a command is its words with their bytes counted") {
    std::string text;
    append_command(text, {"XT.VERIFY", "\r\n\0"sv, ""});
    CHECK(text == "*3\r\n$9\r\nXT.VERIFY\r\n$3\r\n\r\n\0\r\n$0\r\n\r\n"s);
}
