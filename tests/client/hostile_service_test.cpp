// SPDX-License-Identifier: Apache-2.0
// What is no service of ours, or one that is broken, costs a client little memory and ends in a clear error; and after
// each answer the client asks again only where nothing can have counted.
#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <vector>

#include "client/client_at_work.hpp"
#include "client/raw_servers.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;
using client::no_answer_kind;

namespace {

const claim_set asked{.id = personal_id::from_trusted(1'199'000'001), .sex = sex::female};
const std::string verdict_text =
    R"({"outcome":0,"matched":8,"mismatched":0,"unavailable":0,"grade":"","sequence":1,"as_of_unix_ms":5})";

[[nodiscard]] std::string http(const std::string& head, const std::string& body) {
    return "HTTP/1.1 " + head + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
[[nodiscard]] std::string problem(int code, int status) {
    const auto number = std::to_string(status);
    return http(number + " x\r\nContent-Type: application/problem+json",
                R"({"type":"x","status":)" + number + R"(,"title":"t","code":)" + std::to_string(code) + "}");
}

// Answers the first request of each connection so, and ends it.
class answering {
  public:
    explicit answering(std::string with)
        : serving_{[with = std::move(with)](const socket_of_test& client) {
              if (!client.some().empty()) (void)client.send(with);
          }} {}
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(serving_.port()); }
    [[nodiscard]] int taken() const { return serving_.taken(); }

  private:
    serving serving_;
};

}  // namespace

TEST_CASE("what may have counted is asked once, and what surely did not, again") {
    struct sample {
        std::string answer;
        int taken;
        no_answer_kind kind;
        int code;
    };
    const std::vector<sample> all{
        {problem(1300, 503), 2, no_answer_kind::problem, 1300},
        {problem(1303, 503), 2, no_answer_kind::problem, 1303},
        {problem(1304, 503), 2, no_answer_kind::problem, 1304},
        // May be counted: its row is not public, and more is not known.
        {problem(1302, 503), 1, no_answer_kind::problem, 1302},
        {problem(1200, 400), 1, no_answer_kind::problem, 1200},
        // Of a gateway nobody knows what it heard of the service.
        {http("502 x", "oops"), 1, no_answer_kind::unanswered, 0},
        {"", 1, no_answer_kind::unanswered, 0},
        {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", 1, no_answer_kind::unanswered, 0},
    };
    for (const auto& each : all) {
        CAPTURE(each.answer);
        const answering server{each.answer};
        const auto got = opened(server.url(), impatient()).verify(asked);
        REQUIRE(!got.has_value());
        CHECK(got.error().kind == each.kind);
        CHECK(got.error().code == each.code);
        CHECK(server.taken() == each.taken);
        CHECK(!got.error().message().empty());
    }
    // What only reads is asked again whatever came of it; a citizen's proof is good once, even if nothing was told.
    const answering silent{""};
    CHECK(opened(silent.url(), impatient()).register_state().error().kind == no_answer_kind::unanswered);
    CHECK(silent.taken() == 2);
    const answering busy{problem(1602, 503)};
    CHECK(opened(busy.url(), impatient()).my_accesses(asked.id, {}).error().code == 1602);
    CHECK(busy.taken() == 1);
    const answering full{problem(1303, 503)};
    CHECK(opened(full.url(), impatient()).verify(asked, {.proof = holder_proof{}}).error().code == 1303);
    CHECK(full.taken() == 1);
    // Whoever says when to come again is believed, and not beyond the deadline.
    const answering later{http("503 x\r\nRetry-After: 30", R"({"title":"t","code":1300})")};
    CHECK(opened(later.url(), impatient()).verify(asked).error().code == 1300);
    CHECK(later.taken() == 1);
}

TEST_CASE("what is not an answer of the contract is none") {
    const auto with = [](const std::string& from, const std::string& to) {
        auto text = verdict_text;
        return http("200 OK", text.replace(text.find(from), from.size(), to));
    };
    CHECK(opened(answering{http("200 OK", verdict_text)}.url(), impatient()).verify(asked).has_value());
    for (const auto& each :
         std::vector<std::string>{"garbage",
                                  std::string(5000, '\0'),
                                  "\x16\x03\x01\x02",
                                  "HTTP/1.1 200 OK\r\n\r\n" + verdict_text,
                                  "HTTP/2 200\r\n\r\n",
                                  http("100 Continue", ""),
                                  http("204 No Content", ""),
                                  http("301 Moved", ""),
                                  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
                                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}",
                                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n{}",
                                  http("200 OK", "{}"),
                                  http("200 OK", "<html>"),
                                  http("200 OK", std::string(60'000, '[')),
                                  with("8", "-8"),
                                  with("8", "8.0"),
                                  with("8", "65536"),
                                  with("\"matched\":8,", ""),
                                  with("\"\"", "\"best\""),
                                  with("\"outcome\":0", "\"outcome\":1024"),
                                  with("5}", "5"),
                                  with("{", "[")}) {
        CAPTURE(each.substr(0, 200));
        const answering server{each};
        const auto got = opened(server.url(), impatient()).verify(asked);
        REQUIRE(!got.has_value());
        CHECK(got.error().kind == no_answer_kind::unanswered);
        CHECK(server.taken() == 1);
    }
    // Rows that are too few, too many, or of something else.
    const std::string row = R"({"outcome":0,"matched":8,"mismatched":0,"unavailable":0,"grade":""})"
                            "\n";
    const std::vector<claim_set> two{asked, asked};
    for (const auto& each : {row, row + row + row, row + "x\n", row + row + "\n", row + row.substr(0, row.size() - 1)})
        CHECK(opened(answering{http("200 OK", each)}.url(), impatient()).verify_rows({two}).error().kind ==
              no_answer_kind::unanswered);
    CHECK(opened(answering{http("200 OK", row + row)}.url(), impatient()).verify_rows({two}).value().size() == 2);
}

TEST_CASE("what never ends is broken off after little") {
    const std::string piece(4096, 'a');
    struct sample {
        std::string begin;
        std::string repeated;
    };
    for (const auto& each :
         std::vector<sample>{{"HTTP/1.1 200 OK\r\n", "x: " + piece + "\r\n"},
                             {"HTTP/1.1 200 OK\r\nx: ", piece},
                             {"HTTP/1.1 200 ", piece},
                             {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1000\r\n" + piece + "\r\n"},
                             {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", piece},
                             {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "0"},
                             {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "x: " + piece + "\r\n"},
                             {"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n", piece},
                             {"", "HTTP/1.1 100 Continue\r\n\r\n"},
                             {"", piece}}) {
        CAPTURE(each.begin);
        CAPTURE(each.repeated.substr(0, 40));
        std::atomic<std::size_t> sent = 0;
        client::no_answer why;
        {
            const serving server{[&, from = each.begin, more = each.repeated](const socket_of_test& client) {
                if (client.some().empty() || !client.send(from)) return;
                while (client.send(more)) sent += more.size();
            }};
            auto how = impatient();
            how.timeout = std::chrono::seconds{20};
            why = opened("http://127.0.0.1:" + std::to_string(server.port()), how).verify(asked).error();
        }
        CHECK(why.kind == no_answer_kind::unanswered);
        CHECK(why.cause != boost::asio::error::timed_out);
        // What the two sockets hold is the system's.
        CHECK(sent < std::size_t{16} << 20);
    }
}

TEST_CASE("an answer that nobody asked for is given to nobody") {
    // Two answers to the first question: the second is not that to the next.
    const serving server{[](const socket_of_test& client) {
        while (!client.some().empty())
            if (!client.send(http("200 OK", verdict_text) + http("200 OK", verdict_text))) return;
    }};
    auto by = opened("http://127.0.0.1:" + std::to_string(server.port()), impatient());
    CHECK(by.verify(asked).has_value());
    CHECK(by.verify(asked).has_value());
    CHECK(server.taken() == 2);
    // An answer before the question.
    const serving early{[](const socket_of_test& client) {
        (void)client.send(http("200 OK", verdict_text));
        (void)client.some();
    }};
    std::vector<claim_set> many(5000, asked);
    const auto got = opened("http://127.0.0.1:" + std::to_string(early.port()), impatient()).verify_rows({many});
    REQUIRE(!got.has_value());
    CHECK(got.error().kind == no_answer_kind::unanswered);
}
