// SPDX-License-Identifier: Apache-2.0
// Verdicts over HTTP are the library's, bit for bit, whichever way a question comes.
#include <doctest/doctest.h>

#include <cstring>
#include <sstream>
#include <vector>

#include "service/question_text.hpp"
#include "service/service_at_work.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

struct asked_nation {
    asked_nation(const population& people, std::uint64_t first, std::size_t count) {
        const planted_requests planted{people};
        for (std::uint64_t j = first; j < first + count; ++j) {
            name_text text;
            const auto one = planted.at(j, text);
            texts.push_back(question_text(one.claims));
            expected.push_back(one.expected);
        }
    }
    std::vector<std::string> texts;
    std::vector<verdict> expected;
};

[[nodiscard]] std::size_t wrong_lines(const std::string& body, const std::vector<verdict>& expected) {
    std::istringstream lines{body};
    std::size_t count = 0;
    std::size_t wrong = 0;
    for (std::string line; std::getline(lines, line); ++count)
        wrong += count >= expected.size() || compact_verdict(line) != expected[count];
    return wrong + (count == expected.size() ? 0 : 1);
}

[[nodiscard]] std::string joined(const std::vector<std::string>& lines) {
    std::string all;
    for (const auto& each : lines) (all += each) += '\n';
    return all;
}

[[nodiscard]] std::string hex_fingerprint() {
    std::ostringstream text;
    text << std::hex;
    text.width(16);
    text.fill('0');
    text << test_key().fingerprint();
    return text.str();
}

[[nodiscard]] std::string post_requests(const std::vector<request>& asked) {
    std::string body(asked.size() * sizeof(request), '\0');
    if (!asked.empty()) std::memcpy(body.data(), asked.data(), body.size());
    return post("/v1/verify/batch", "application/vnd.xacthuc.requests", body,
                "xacthuc-digest-key: " + hex_fingerprint() + "\r\n");
}

[[nodiscard]] std::size_t wrong_verdicts(const std::string& body, const std::vector<verdict>& expected) {
    if (body.size() != expected.size() * sizeof(verdict)) return expected.size() + 1;
    std::vector<verdict> answers(expected.size());
    if (!answers.empty()) std::memcpy(answers.data(), body.data(), body.size());
    std::size_t wrong = 0;
    for (std::size_t k = 0; k < answers.size(); ++k) wrong += answers[k] != expected[k];
    return wrong;
}

void check_all_ways(std::size_t count) {
    const service_at_work at{3000};
    auto lines = at.unix_client();
    auto binary = at.client();
    std::size_t wrong = 0;
    constexpr std::size_t part = 5000;
    for (std::size_t first = 0; first < count; first += part) {
        const asked_nation asked{at.on.nation.people(), first, part};
        const auto by_line = lines.ask_reading(post_lines(joined(asked.texts)));
        REQUIRE(by_line);
        wrong += wrong_lines(by_line->body, asked.expected);
        const auto prepared = at.on.nation.ask(first, part);
        const auto by_bytes = binary.ask_reading(post_requests(prepared.requests));
        REQUIRE(by_bytes);
        wrong += wrong_verdicts(by_bytes->body, prepared.expected);
    }
    CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("planted questions get the verdicts that they must get: one at a time, and many on many connections") {
    const service_at_work at{3000};
    const asked_nation asked{at.on.nation.people(), 0, 10'000};
    auto one = at.client();
    for (std::size_t k = 0; k < 500; ++k) {
        const auto answer = one.ask(post_question(asked.texts[k]));
        REQUIRE(answer);
        REQUIRE(answer->status == 200);
        CHECK(compact_verdict(answer->body) == asked.expected[k]);
    }
    // All of a round are on their way before the first answer is read, so ticks have batches of several connections.
    std::vector<raw_client> many;
    for (int k = 0; k < 8; ++k) many.push_back(k % 2 == 0 ? at.client() : at.unix_client());
    std::size_t wrong = 0;
    constexpr std::size_t pipelined = 40;
    for (std::size_t first = 500; first + many.size() * pipelined <= asked.texts.size();
         first += many.size() * pipelined) {
        for (std::size_t c = 0; c < many.size(); ++c) {
            std::string all;
            for (std::size_t k = 0; k < pipelined; ++k) all += post_question(asked.texts[first + c * pipelined + k]);
            REQUIRE(many[c].send(all));
        }
        for (std::size_t c = 0; c < many.size(); ++c) {
            for (std::size_t k = 0; k < pipelined; ++k) {
                const auto answer = many[c].read();
                REQUIRE(answer);
                wrong +=
                    answer->status != 200 || compact_verdict(answer->body) != asked.expected[first + c * pipelined + k];
            }
        }
    }
    CHECK(wrong == 0);
    CHECK(at.metric("xacthuc_tick_batch_questions_bucket{le=\"8\"}") <
          at.metric("xacthuc_tick_batch_questions_bucket{le=\"+Inf\"}"));
}

TEST_CASE("batches of lines and of prepared requests get the verdicts that they must get") {
    check_all_ways(10'000);
}

TEST_CASE("a million planted questions: none is answered wrong" * doctest::test_suite("slow")) {
    check_all_ways(500'000);
}

TEST_CASE("names say of each claim what the masks say") {
    const service_at_work at{1000};
    const planted_requests planted{at.on.nation.people()};
    auto one = at.client();
    for (std::uint64_t j = 0; j < 300; ++j) {
        name_text text;
        const auto planted_one = planted.at(j, text);
        const auto& expected = planted_one.expected;
        const auto answer = one.ask(post_question(question_text(planted_one.claims, true)));
        REQUIRE(answer);
        const auto all = boost::json::parse(answer->body).as_object();
        CHECK(all.at("outcome").as_int64() == static_cast<std::int64_t>(expected.outcome()));
        CHECK(std::string{all.at("meaning").as_string()} == to_string(expected.outcome()));
        const auto& claims = all.at("claims").as_object();
        const auto made = made_claims(planted_one.claims);
        for (unsigned kind = 0; kind < claim_count; ++kind) {
            const std::string name{to_string(static_cast<claim>(kind))};
            CHECK(claims.contains(name) == ((made >> kind & 1U) != 0));
            if (!claims.contains(name)) continue;
            const auto word = std::string{claims.at(name).as_string()};
            CHECK((word == "true") == ((expected.matched() >> kind & 1U) != 0));
            CHECK((word == "false") == ((expected.mismatched() >> kind & 1U) != 0));
        }
    }
}

TEST_CASE("batches of nothing, of one and of odd ends are answered as what they are") {
    const service_at_work at{1000};
    auto one = at.client();
    const asked_nation asked{at.on.nation.people(), 0, 1};
    for (const auto& [body, lines] :
         std::vector<std::pair<std::string, std::size_t>>{{"", 0},
                                                          {"\n\n\r\n", 0},
                                                          {asked.texts[0], 1},
                                                          {asked.texts[0] + "\r\n\n", 1},
                                                          {"\n" + asked.texts[0] + "\n", 1}}) {
        const auto& sent = body;
        CAPTURE(sent);
        const auto answer = one.ask(post_lines(body));
        REQUIRE(answer);
        CHECK(answer->status == 200);
        CHECK(wrong_lines(answer->body, {lines, asked.expected[0]}) == 0);
    }
    const auto none = one.ask(post_requests({}));
    REQUIRE(none);
    CHECK(none->status == 200);
    CHECK(none->body.empty());
    CHECK(one.ask(post_question(asked.texts[0]))->status == 200);
}
