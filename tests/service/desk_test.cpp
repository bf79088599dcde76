// SPDX-License-Identifier: Apache-2.0
// The desk's files are served whole, under rules that let nothing foreign in, and the page knows every word that the
// service can say.
#include "service/desk.hpp"

#include <doctest/doctest.h>

#include <regex>
#include <set>
#include <string>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/heading.hpp>
#include <xacthuc/domain/verdict.hpp>

#include "service/contract.hpp"
#include "service/contract_check.hpp"
#include "service/problem.hpp"
#include "service/service_at_work.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

[[nodiscard]] std::string file(std::string_view name) {
    const auto* const found = service::find_desk_file(name);
    REQUIRE_MESSAGE(found != nullptr, std::string{name});
    return std::string{found->bytes};
}

// The numbers that stand at the head of a line between two words of a file.
[[nodiscard]] std::set<unsigned> numbers_between(const std::string& text, const std::string& begin,
                                                 const std::string& end) {
    const auto from = text.find(begin);
    REQUIRE(from != std::string::npos);
    const auto part = text.substr(from, text.find(end, from) - from);
    const std::regex at_head{"\n    ([0-9]+): \\["};
    std::set<unsigned> found;
    for (std::sregex_iterator at{part.begin(), part.end(), at_head}; at != std::sregex_iterator{}; ++at)
        found.insert(static_cast<unsigned>(std::stoul((*at)[1])));
    return found;
}

}  // namespace

TEST_CASE("every file of the desk is served with its type, under its rules, and once") {
    const service_at_work at;
    const contract_check contract{service::contract()};
    auto client = at.client();
    REQUIRE(service::desk_files().size() > 10);
    for (const auto& each : service::desk_files()) {
        CAPTURE(std::string{each.path});
        const auto answer = client.ask(get(each.path, "x-correlator: d\r\n"));
        REQUIRE(answer);
        CHECK(answer->status == 200);
        CHECK(answer->body == each.bytes);
        CHECK(answer->header("content-type") == each.type);
        CHECK(answer->header("x-content-type-options") == "nosniff");
        CHECK(answer->header("referrer-policy") == "no-referrer");
        CHECK(answer->header("cache-control") == "no-cache");
        CHECK(answer->header("x-correlator") == "d");
        const auto policy = answer->header("content-security-policy");
        CHECK(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "));
        CHECK(policy.find("unsafe") == std::string::npos);
        CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
        if (each.type.starts_with("text/"))
            CHECK(contract.wrong(each.path == "/" ? "/" : "/desk/{file}", "get", *answer) == "");
        const auto tag = answer->header("etag");
        CHECK(tag == '"' + std::string{each.tag} + '"');
        const auto again =
            client.ask("GET " + std::string{each.path} + " HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"a\", W/" + tag +
                       "\r\n\r\n" + get("/livez"));
        CHECK(again->status == 304);
        CHECK(again->header("etag") == tag);
        CHECK(again->body.empty());
        CHECK(client.read()->body == "{\"live\":true}");
    }
    CHECK(client.ask(get("/desk/"))->status == 404);
    CHECK(client.ask(get("/desk/../etc/passwd"))->status == 404);
    CHECK(client.ask(post("/", "text/plain", ""))->status == 405);
}

TEST_CASE("a service whose desk is switched off has nothing there") {
    const service_at_work at{1000, [](service::settings& of) { of.has_desk = false; }};
    auto client = at.client();
    CHECK(client.ask(get("/"))->status == 404);
    CHECK(client.ask(get("/desk/main.js"))->status == 404);
    CHECK(client.ask(post("/", "text/plain", ""))->status == 404);
}

TEST_CASE("the page runs nothing that stands in it, and names no other host") {
    const std::regex inside{"<style|<script(?![^>]*src=)|style=|javascript:|[ \"]on[a-z]+="};
    const std::regex foreign{"[a-z]+://(?!www\\.w3\\.org/2000/svg)[a-zA-Z]|innerHTML|insertAdjacentHTML|eval\\("};
    for (const auto& each : service::desk_files()) {
        CAPTURE(std::string{each.path});
        const std::string text{each.bytes};
        CHECK_FALSE(std::regex_search(text, foreign));
        if (each.path == "/") CHECK_FALSE(std::regex_search(text, inside));
    }
}

TEST_CASE("the page says what each outcome and each problem means") {
    const auto text = file("/desk/meanings.js");
    const auto outcomes = numbers_between(text, "export const outcomes", "export const problems");
    for (unsigned code = 0; code < 1024; ++code) {
        CAPTURE(code);
        CHECK(outcomes.contains(code) == (to_string(static_cast<outcome>(code)) != "unknown_outcome"));
    }
    const auto problems = numbers_between(text, "export const problems", "const unknown");
    for (std::size_t place = 1; place < service::problem_count; ++place) {
        CAPTURE(service::problem_at(place).title);
        CHECK(problems.contains(static_cast<unsigned>(service::problem_at(place).what)));
    }
    for (const auto code : {errc::personal_id_length, errc::date_syntax, errc::name_unassigned_character,
                            errc::province_unknown, errc::claim_required, errc::code_range})
        CHECK(problems.contains(static_cast<unsigned>(code)));
}

TEST_CASE("the page knows the same headings and provinces as the library") {
    const auto known = file("/desk/headings.js");
    for (const auto& each : request_headings) {
        const auto line = "\n    " + std::string{each.name} + ": \"" + std::string{each.aliases} + "\",\n";
        CAPTURE(line);
        CHECK(known.find(line) != std::string::npos);
    }
    const auto provinces = file("/desk/provinces.js");
    const std::regex entry{"\n    \"([0-9]{2})\": "};
    CHECK(std::distance(std::sregex_iterator{provinces.begin(), provinces.end(), entry}, std::sregex_iterator{}) == 34);
}

TEST_CASE("a page of somebody else's, whose name leads to this machine, asks nothing") {
    const service_at_work at{1000, [](service::settings& of) {
                                 of.listeners[0].hosts = {"localhost", "127.0.0.1", "[::1]", "desk.example.vn"};
                             }};
    const auto status = [](raw_client from, const std::string& line, const std::string& host) {
        const auto answer = from.ask(line + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        REQUIRE(answer);
        return answer->status;
    };
    for (const std::string path : {"/", "/v1/register", "/livez", "/v1/receipts/0-0"}) {
        CAPTURE(path);
        for (const std::string host : {"rebound.example", "rebound.example:8080", "localhost.rebound.example",
                                       "127.0.0.1.rebound.example", "[::2]:80", ":80"})
            CHECK(status(at.client(), "GET " + path, host) == 421);
        CHECK(status(at.client(), "GET " + path, "[::1") == 400);
        for (const std::string host : {"localhost", "LocalHost:8080", "127.0.0.1:1", "[::1]", "[::1]:8080",
                                       "desk.example.vn", "desk.example.vn:443"})
            CHECK(status(at.client(), "GET " + path, host) != 421);
        // A browser reaches no Unix socket.
        CHECK(status(at.unix_client(), "GET " + path, "rebound.example") != 421);
    }
    auto client = at.client();
    const auto refused = client.ask(post_question("{\"id\":\"001199000001\"}"));  // of Host: x
    REQUIRE(refused);
    CHECK(refused->status == 421);
    CHECK(refused->body.find("1013") != std::string::npos);
    CHECK(status(std::move(client), "GET /livez", "localhost") == 200);
}
