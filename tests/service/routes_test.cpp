// SPDX-License-Identifier: Apache-2.0
// Every path: answers and problems are as the contract has them; and what is written anywhere names nobody.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "service/contract.hpp"
#include "service/contract_check.hpp"
#include "service/question_text.hpp"
#include "service/service_at_work.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

struct exchange {
    std::string path;
    std::string method;
    std::string bytes;
    unsigned status;
    std::int64_t code;  // of a problem; 0: none
    std::string member{};
};

// Somebody who must not be seen.
const std::string number = "001099123457";
const std::string name = "Kẻ Lạ Mặt";

[[nodiscard]] exchange question_of(const std::string& body, unsigned status = 200, std::int64_t code = 0,
                                   const std::string& member = "") {
    return {"/v1/verify", "post", post_question(body), status, code, member};
}

[[nodiscard]] std::string with(const std::string& members) {
    return "{\"id\":\"" + number + "\"," + members + "}";
}

[[nodiscard]] std::vector<exchange> questions() {
    return {
        question_of(with("\"name\":\"" + name + "\"")),
        question_of(with("\"name\":\"" + name + "\",\"answer\":\"names\"")),
        question_of(with("\"name\":\"K\\u1EBB L\\u1EA1\",\"agency\":3,\"procedure\":\"7\",\"officer\":9")),
        question_of("  " + with("\"sex\":\"nam\",\"max_age_ms\":10000") + "\n\t "),
        question_of("{\"sex\":\"male\"}", 400, 1204, "id"),
        question_of("{}", 400, 1204, "id"),
        question_of("{\"id\":\"\"}", 400, 1, "id"),
        question_of("{\"id\":\"" + number + "\"}", 400, 14),
        question_of(with("\"" + name + "\":1"), 400, 1201),
        question_of(with("\"" + std::string(500, 'n') + "\":1"), 400, 1201),
        question_of(with("\"id\":\"" + number + "\""), 400, 1202, "id"),
        question_of(with("\"name\":7"), 400, 1203, "name"),
        question_of(with("\"name\":null"), 400, 1203, "name"),
        question_of(with("\"name\":{\"a\":\"" + name + "\"}"), 400, 1203, "name"),
        question_of(with("\"name\":[\"" + name + "\"]"), 400, 1203, "name"),
        question_of(with("\"agency\":65536"), 400, 1203, "agency"),
        question_of(with("\"agency\":-1"), 400, 1203, "agency"),
        question_of(with("\"agency\":1.5"), 400, 1203, "agency"),
        question_of(with("\"officer\":\"" + name + "\""), 400, 1203, "officer"),
        question_of(with("\"max_age_ms\":-1"), 400, 1203, "max_age_ms"),
        question_of(with("\"answer\":\"" + name + "\""), 400, 1203, "answer"),
        question_of(with("\"birth_date\":\"" + name + "\""), 400, 3, "birth_date"),
        question_of(with("\"birth_date\":\"1990-02-30\""), 400, 4, "birth_date"),
        question_of(with("\"sex\":\"" + name + "\""), 400, 9, "sex"),
        question_of(with("\"name\":\"a\\u0001b\""), 400, 8, "name"),
        question_of(with("\"name\":\"" + name + "\",\"name_exact\":\"" + name + "\""), 400, 15, "name_exact"),
        question_of("", 400, 1200),
        question_of("[" + with("\"sex\":\"male\"") + "]", 400, 1200),
        question_of("\"" + name + "\"", 400, 1200),
        question_of("12", 400, 1200),
        question_of(with("\"sex\":\"male\"") + "x", 400, 1200),
        question_of(with("\"sex\":\"male\"") + with("\"sex\":\"male\""), 400, 1200),
        question_of("{\"id\":\"" + number, 400, 1200),
        question_of(with("\"sex\":\"male\",}"), 400, 1200),
        question_of(with("\"name\":\"\xff\""), 400, 1200),
        question_of(with("\"name\":\"\\ud800\""), 400, 1200),
    };
}

[[nodiscard]] std::vector<exchange> others() {
    const std::string batch = "/v1/verify/batch";
    const std::string prepared = "application/vnd.xacthuc.requests";
    return {
        {"/livez", "get", get("/livez"), 200, 0},
        {"/livez", "get", get("/livez?name=" + number), 200, 0},
        {"/readyz", "get", get("/readyz"), 200, 0},
        {"/v1/register", "get", get("/v1/register"), 200, 0},
        {"/metrics", "get", get("/metrics"), 200, 0},
        {"/openapi.json", "get", get("/openapi.json"), 200, 0},
        {"/livez", "get", post("/livez", "text/plain", number), 405, 1101},
        {"/v1/verify", "post", get("/v1/verify"), 405, 1101},
        {"/v1/verify", "post", post("/v1/verify", "text/plain", number), 415, 1102},
        {"/v1/verify", "post", post("/v1/verify", "application/json; charset=utf-8", with("\"sex\":\"male\"")), 200, 0},
        {batch, "post", post(batch, "application/json", "{}"), 415, 1102},
        {"/v1/verify", "post", post_question("{}", "x-correlator: a b\r\n"), 400, 1103},
        {"/v1/verify", "post", post_question("{}", "x-correlator: " + std::string(257, 'a') + "\r\n"), 400, 1103},
        {"/v1/verify", "post", post_question("{}", "xacthuc-officer: " + name + "\r\n"), 400, 1104},
        {batch, "post", post(batch, prepared, std::string(31, 'a'), "xacthuc-digest-key: 1\r\n"), 409, 1207},
        {batch, "post", post(batch, prepared, std::string(32, 'a')), 409, 1207},
        {batch, "post",
         post_lines(with("\"name\":\"" + name + "\"") + "\n" + name + "\n" + with("\"officer\":1") + "\n" +
                    with("\"name\":\"" + name + "\",\"answer\":\"names\"") + "\n{}\n" +
                    with("\"sex\":\"" + name + "\"")),
         200, 0},
        {batch, "post", post_lines(with("\"sex\":\"male\"") + "\n" + std::string(9000, 'a')), 200, 0},
    };
}

void check_unseen(const std::string& text) {
    CAPTURE(text);
    for (const auto& part : {number, name, std::string{"Lạ"}, number.substr(2)})
        CHECK(text.find(part) == std::string::npos);
}

}  // namespace

TEST_CASE("every answer is as the contract has it, has its number, and tells nobody's name or number") {
    const service_at_work at;
    const contract_check contract{service::contract()};
    auto all = questions();
    for (auto& each : others()) all.push_back(std::move(each));
    for (const auto& each : all) {
        auto client = at.client();
        const auto answer = client.ask(each.bytes);
        CAPTURE(each.bytes);
        REQUIRE(answer);
        CAPTURE(answer->body);
        CHECK(answer->status == each.status);
        CHECK(contract.wrong(each.path, each.method, *answer) == "");
        check_unseen(answer->raw_head);
        check_unseen(answer->body);
        if (each.code == 0) continue;
        const auto problem = boost::json::parse(answer->body).as_object();
        CHECK(problem.at("code").as_int64() == each.code);
        CHECK(problem.at("status").as_int64() == each.status);
        CHECK((problem.contains("member") ? std::string{problem.at("member").as_string()} : "") == each.member);
    }
    check_unseen(at.told());
    auto last = at.client();
    check_unseen(last.ask(get("/metrics"))->body);
}

TEST_CASE("the correlator is given back, a path that is none is told so, and the contract is served whole") {
    const service_at_work at;
    auto client = at.client();
    const auto asked = client.ask(post_question(with("\"sex\":\"male\""), "X-Correlator: b4333c46-49c0:1\r\n"));
    CHECK(asked->header("x-correlator") == "b4333c46-49c0:1");
    const auto none = client.ask(get("/" + number, "x-correlator: c\r\n"));
    CHECK(none->status == 404);
    CHECK(none->header("x-correlator") == "c");
    check_unseen(none->body);
    CHECK(client.ask(get("/livez", "x-correlator: d\r\n"))->header("x-correlator") == "d");
    CHECK(client.ask(post("/livez", "a/b", ""))->header("allow") == "GET");
    CHECK(client.ask(get("/openapi.json"))->body == service::contract());
}

TEST_CASE("a line of a batch that is wrong has its fault in its place, and a line that is too long ends the batch") {
    const service_at_work at;
    auto client = at.client();
    const auto good = with("\"sex\":\"male\"");
    const auto answer = client.ask(post_lines(good + "\n{\n" + good + "\n"));
    std::istringstream lines{answer->body};
    std::vector<std::string> all;
    for (std::string line; std::getline(lines, line);) all.push_back(line);
    REQUIRE(all.size() == 3);
    CHECK(all[0] == all[2]);
    CHECK(all[1].find("\"code\":1200") != std::string::npos);
    const auto long_line = client.ask(post_lines(good + "\n" + std::string(100'000, ' ') + "\n" + good + "\n"));
    REQUIRE(long_line);
    CHECK(long_line->body.find("\"code\":1205") != std::string::npos);
    CHECK(client.ends());
}

TEST_CASE("answers of one connection come in the order of its requests, of whatever kind they are") {
    const service_at_work at;
    auto client = at.client();
    std::string all;
    for (int k = 0; k < 50; ++k) {
        all += post_question(with("\"sex\":\"male\""), "x-correlator: q" + std::to_string(k) + "\r\n");
        if (k % 3 == 0) all += get("/livez", "x-correlator: l" + std::to_string(k) + "\r\n");
        if (k % 5 == 0) all += post_question("{", "x-correlator: f" + std::to_string(k) + "\r\n");
        if (k % 7 == 0) all += post_lines(with("\"sex\":\"male\""));
    }
    REQUIRE(client.send(all));
    for (int k = 0; k < 50; ++k) {
        CHECK(client.read()->header("x-correlator") == "q" + std::to_string(k));
        if (k % 3 == 0) CHECK(client.read()->header("x-correlator") == "l" + std::to_string(k));
        if (k % 5 == 0) CHECK(client.read()->header("x-correlator") == "f" + std::to_string(k));
        if (k % 7 == 0) CHECK(client.read()->header("content-type") == "application/x-ndjson");
    }
}
