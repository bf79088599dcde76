// SPDX-License-Identifier: Apache-2.0
// What two readers of HTTP could understand differently is refused and the connection closed; clients that are slow,
// half or deaf hold nothing for longer, and nobody else up.
#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "service/question_text.hpp"
#include "service/service_at_work.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;
using std::chrono::milliseconds;

namespace {

constexpr std::string_view question = "{\"id\":\"001199000001\",\"sex\":\"male\"}";
constexpr std::string_view smuggled = "GET /v1/register HTTP/1.1\r\nHost: x\r\n\r\n";

struct refused_bytes {
    std::string what;
    std::string bytes;
    int code;
};

[[nodiscard]] std::string verify_with(const std::string& headers, std::string_view body = question) {
    return "POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + headers + "\r\n" +
           std::string{body};
}

[[nodiscard]] std::vector<refused_bytes> corpus() {
    const auto length = "Content-Length: " + std::to_string(question.size()) + "\r\n";
    const std::string chunked = "24\r\n" + std::string{question} + "\r\n0\r\n\r\n";
    return {
        {"two lengths", verify_with(length + "Content-Length: 0\r\n"), 1004},
        {"two lengths that are the same", verify_with(length + length), 1004},
        {"a list of lengths", verify_with("Content-Length: 5, 5\r\n"), 1004},
        {"a signed length", verify_with("Content-Length: +5\r\n"), 1004},
        {"a negative length", verify_with("Content-Length: -1\r\n"), 1004},
        {"a hexadecimal length", verify_with("Content-Length: 0x24\r\n"), 1004},
        {"an empty length", verify_with("Content-Length: \r\n"), 1004},
        {"a length beyond all numbers", verify_with("Content-Length: 99999999999999999999999\r\n"), 1004},
        {"chunks", verify_with("Transfer-Encoding: chunked\r\n", chunked), 1003},
        {"chunks in capitals", verify_with("TRANSFER-ENCODING: CHUNKED\r\n", chunked), 1003},
        {"chunks and a length", verify_with(length + "Transfer-Encoding: chunked\r\n", chunked), 0},
        {"a length and chunks", verify_with("Transfer-Encoding: chunked\r\n" + length, chunked), 0},
        {"chunks of no kind", verify_with("Transfer-Encoding: identity\r\n"), 1003},
        {"chunks by another word", verify_with("Transfer-Encoding: xchunked\r\n", chunked), 1003},
        {"chunks, twice", verify_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", chunked), 1003},
        {"chunks behind a tab", verify_with("Transfer-Encoding:\tchunked\r\n", chunked), 1003},
        {"a blank before the colon", verify_with("Transfer-Encoding : chunked\r\n" + length), 1000},
        {"a folded header", verify_with("X-A: b\r\n Transfer-Encoding: chunked\r\n" + length), 1002},
        {"a header folded by a tab", verify_with("X-A: b\r\n\tc\r\n" + length), 1002},
        {"a bare line feed", "GET /livez HTTP/1.1\nHost: x\r\n\r\n", 1001},
        {"a bare line feed behind a header", verify_with("X-A: b\n" + length), 1001},
        {"an end of bare line feeds", "GET /livez HTTP/1.1\r\nHost: x\n\n", 1001},
        {"a bare carriage return", verify_with("X-A: b\rTransfer-Encoding: chunked\r\n" + length), 1000},
        {"a header without a colon", verify_with("X-A\r\n" + length), 1000},
        {"a header without a name", verify_with(": b\r\n" + length), 1000},
        {"a zero byte", verify_with("X-A: b" + std::string(1, '\0') + "\r\n" + length), 1000},
        {"no host", "GET /livez HTTP/1.1\r\n\r\n", 1006},
        {"two hosts", "GET /livez HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 1006},
        {"a body in HTTP/1.0", "POST /v1/verify HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}", 1005},
        {"a name of a length with a blank", verify_with("Content-Length : 36\r\n"), 1000},
        {"a length by another name", verify_with("Content_Length: 36\r\n"), 1009},
        {"chunks behind a vertical tab", verify_with("Transfer-Encoding: \vchunked\r\n" + length, chunked), 0},
        {"chunks with a bad size", verify_with("Transfer-Encoding: chunked\r\n", "zz\r\n" + chunked), 1003},
        {"chunks with an extension", verify_with("Transfer-Encoding: chunked\r\n", "24;a=\"\n\r\"\r\n" + chunked),
         1003},
        {"chunks in a list", verify_with("Transfer-Encoding: gzip, chunked\r\n", chunked), 1003},
        {"a host with a blank", "GET /livez HTTP/1.1\r\nHost: x y\r\n\r\n", 1006},
        {"a host with a user", "GET /livez HTTP/1.1\r\nHost: y@x\r\n\r\n", 1006},
        {"a backslash in the path", "GET /livez\\..\\x HTTP/1.1\r\nHost: x\r\n\r\n", 1000},
        {"half a byte in the path", "GET /livez%0 HTTP/1.1\r\nHost: x\r\n\r\n", 1000},
        {"a tab in the path", "GET /livez\tHTTP/1.1 HTTP/1.1\r\nHost: x\r\n\r\n", 1000},
        {"two officers", verify_with(length + "xacthuc-officer: 1\r\nXacthuc-Officer: 2\r\n"), 1014},
        {"two types", verify_with(length + "Content-Type: text/plain\r\n"), 1014},
        {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0},
        {"HTTP/1.2", "GET /livez HTTP/1.2\r\nHost: x\r\n\r\n", 0},
        {"HTTP/0.9", "GET /livez\r\n\r\n", 0},
        {"the absolute form", "GET http://x/livez HTTP/1.1\r\nHost: x\r\n\r\n", 1000},
        {"CONNECT", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 1000},
        {"blanks before the method", " GET /livez HTTP/1.1\r\nHost: x\r\n\r\n", 1000},
        {"lines before the method", "\r\n\r\nGET /livez HTTP/1.1\r\nHost: x\r\n\r\n", 1000},
        {"a body of a GET", "GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", 1012},
        {"a body of unknown length", "POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\r\n",
         1009},
        {"an expectation", verify_with(length + "Expect: 200-ok\r\n"), 1010},
        {"TLS", std::string{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15}, 0},
        {"a head without end", "GET /livez HTTP/1.1\r\nHost: x\r\nX-A: " + std::string(9000, 'a'), 1007},
        {"a path without end", "GET /" + std::string(9000, 'a'), 1007},
        {"too large a body", verify_with("Content-Length: 100000000\r\n"), 1008},
    };
}

void check_refused(raw_client client, const refused_bytes& one) {
    CAPTURE(one.what);
    REQUIRE(client.send(one.bytes));
    (void)client.send(smuggled);
    const auto answer = client.read();
    REQUIRE(answer);
    CHECK(answer->status >= 400);
    CHECK(answer->header("connection") == "close");
    REQUIRE(answer->header("content-type") == "application/problem+json");
    const auto code = boost::json::parse(answer->body).as_object().at("code").as_int64();
    if (one.code != 0) CHECK(code == one.code);
    CHECK(client.ends());
}

}  // namespace

TEST_CASE("whatever is not plainly one request is refused, and what hides behind it never answered") {
    const service_at_work at;
    for (const auto& each : corpus()) {
        check_refused(at.client(), each);
        // The same behind an honest request, and cut in two.
        auto second = at.unix_client();
        REQUIRE(second.ask(get("/livez"))->status == 200);
        check_refused(std::move(second), each);
        auto cut = at.client();
        REQUIRE(cut.send(each.bytes.substr(0, each.bytes.size() / 2)));
        std::this_thread::sleep_for(milliseconds{2});
        const auto rest = each.bytes.substr(each.bytes.size() / 2);
        CAPTURE(each.what);
        (void)cut.send(rest + std::string{smuggled});
        const auto answer = cut.read();
        REQUIRE(answer);
        CHECK(answer->status >= 400);
        CHECK(cut.ends());
    }
    CHECK(at.metric("xacthuc_requests_total{path=\"/v1/register\"}") == 0);
    CHECK(at.metric("xacthuc_limits_met_total{limit=\"head_bytes\"}") > 0);
    CHECK(at.metric("xacthuc_limits_met_total{limit=\"body_bytes\"}") > 0);
}

TEST_CASE("a request is the same however its bytes come") {
    const service_at_work at;
    const auto whole =
        post_question(question, "x-correlator: a\r\n") + post_lines(std::string{question} + "\n") + get("/livez");
    auto quick = at.client();
    REQUIRE(quick.send(whole));
    const std::vector<std::string> bodies{quick.read()->body, quick.read()->body, quick.read()->body};
    for (const std::size_t piece : {1U, 2U, 7U, 64U}) {
        auto slow = at.client();
        for (std::size_t k = 0; k < whole.size(); k += piece) REQUIRE(slow.send(whole.substr(k, piece)));
        for (const auto& each : bodies) CHECK(slow.read()->body == each);
    }
}

TEST_CASE("what answers HEAD has no body, which a client would take for the next answer") {
    const service_at_work at;
    auto client = at.client();
    for (const std::string path : {"/livez", "/v1/verify", "/nowhere", "/"}) {
        CAPTURE(path);
        REQUIRE(client.send("HEAD " + path + " HTTP/1.1\r\nHost: x\r\n\r\n" + get("/livez")));
        const auto head = client.read_head_only();
        REQUIRE(head);
        CHECK(head->status == (path == "/nowhere" ? 404 : 405));
        const auto next = client.read();
        REQUIRE(next);
        CHECK(next->status == 200);
        CHECK(next->body == "{\"live\":true}");
    }
}

TEST_CASE("clients of HTTP/1.0, those that close and those that expect to go on get what they may have") {
    const service_at_work at;
    auto old = at.client();
    CHECK(old.ask("GET /livez HTTP/1.0\r\n\r\n")->status == 200);
    CHECK(old.ends());
    auto closing = at.client();
    CHECK(closing.ask(get("/livez", "Connection: close\r\n"))->header("connection") == "close");
    CHECK(closing.ends());
    auto patient = at.client();
    const auto head = post_question(question, "Expect: 100-continue\r\n");
    const auto go_on = patient.ask(head.substr(0, head.size() - question.size()));
    REQUIRE(go_on);
    CHECK(go_on->status == 100);
    CHECK(patient.ask(question)->status == 200);
    auto half = at.client();
    REQUIRE(half.send(get("/livez")));
    half.send_no_more();
    CHECK(half.read()->status == 200);
    CHECK(half.ends());
}

TEST_CASE("who says nothing, half of it or nothing more is let go") {
    const service_at_work at{300, [](service::settings& with) {
                                 with.most.first_byte = milliseconds{150};
                                 with.most.request = milliseconds{150};
                                 with.most.idle = milliseconds{150};
                             }};
    auto silent = at.client();
    auto idle = at.client();
    auto half = at.client();
    auto half_a_line = at.client();
    CHECK(idle.ask(get("/livez"))->status == 200);
    REQUIRE(half.send("GET /livez HT"));
    REQUIRE(
        half_a_line.send("POST /v1/verify/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                         "Content-Length: 10000\r\n\r\n{\"id\""));
    CHECK(silent.ends());
    CHECK(idle.ends());
    const auto late = half.read();
    REQUIRE(late);
    CHECK(late->status == 408);
    CHECK(half.ends());
    CHECK_FALSE(half_a_line.read());
    CHECK(at.metric("xacthuc_limits_met_total{limit=\"first_byte\"}") == 1);
    CHECK(at.metric("xacthuc_limits_met_total{limit=\"idle\"}") == 1);
    CHECK(at.metric("xacthuc_limits_met_total{limit=\"request\"}") == 2);
}

TEST_CASE("who does not read is not read from, holds little, and is let go; others are answered meanwhile") {
    const service_at_work at{300, [](service::settings& with) {
                                 with.threads = 1;
                                 with.most.answer = milliseconds{1500};
                             }};
    std::vector<raw_client> deaf;
    for (int k = 0; k < 4; ++k) deaf.push_back(k % 2 == 0 ? at.client() : at.unix_client());
    std::string many;
    for (int k = 0; k < 200; ++k) many += get("/openapi.json");
    std::string lines;
    while (lines.size() < 400'000) lines += "{}\n";
    std::size_t taken = 0;
    for (std::size_t k = 0; k < deaf.size(); ++k) {
        const auto all = k < 2 ? many : post_lines(lines);
        std::string rest;
        while (rest.size() < 30'000'000) rest += all;
        for (int tries = 0; tries < 100 && !rest.empty(); ++tries) {
            const auto put = deaf[k].send_some(rest);
            taken += put;
            rest.erase(0, put);
            if (put == 0) std::this_thread::sleep_for(milliseconds{1});
        }
        CHECK_FALSE(rest.empty());
    }
    auto honest = at.client();
    for (int k = 0; k < 100; ++k) CHECK(honest.ask(post_question(question))->status == 200);
    // What one tick may have answered, of four clients.
    CHECK(at.metric("xacthuc_buffered_bytes") < 4 * 3'000'000);
    CHECK(comes_true([&] { return at.metric("xacthuc_limits_met_total{limit=\"answer\"}") == 4; }));
    CHECK(at.metric("xacthuc_limits_met_total{limit=\"requests_per_tick\"}") +
              at.metric("xacthuc_limits_met_total{limit=\"answer_bytes\"}") >
          0);
    CHECK(taken > 0);
}

TEST_CASE("connections beyond the limit are not taken, and requests beyond the memory are refused") {
    const service_at_work at{300, [](service::settings& with) {
                                 with.most.connections = 5;
                                 with.most.memory_bytes = 400'000;
                             }};
    {
        std::vector<raw_client> all;
        for (int k = 0; k < 4; ++k) {
            all.push_back(at.client());
            CHECK(all.back().ask(get("/livez"))->status == 200);
        }
        {
            auto fifth = at.client();
            CHECK(fifth.ask(get("/livez"))->status == 200);
            auto sixth = at.client();
            CHECK(sixth.ends());
        }
        CHECK(comes_true([&] {
            auto again = at.client();
            return again.ask(get("/livez")).has_value();
        }));
    }
    REQUIRE(comes_true([&] {
        auto again = at.client();
        return again.ask(get("/livez")).has_value();
    }));
    auto large = at.client();
    const auto answer = large.ask("POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n{");
    REQUIRE(answer);
    CHECK(answer->status == 503);
    CHECK(large.ends());
    CHECK(at.metric("xacthuc_limits_met_total{limit=\"connections\"}") >= 1);
    CHECK(at.metric("xacthuc_limits_met_total{limit=\"memory_bytes\"}") == 1);
}
