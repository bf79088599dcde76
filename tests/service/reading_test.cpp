// SPDX-License-Identifier: Apache-2.0
// Heads and questions are read as the slow references read them, whatever bytes they have: those that are nearly right,
// and those that once were read as something else.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sanitized.hpp"
#include "service/mutated_text.hpp"
#include "service/reading_properties.hpp"
#include "service/reading_seeds.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::size_t reading_rounds = XACTHUC_TEST_SANITIZED ? 5'000 : 20'000;

[[nodiscard]] service::limits few_head_bytes() {
    service::limits most;
    most.head_bytes = 400;
    return most;
}

}  // namespace

TEST_CASE("a head is what RFC 9112 and the contract say, and nothing before it is whole") {
    const auto most = few_head_bytes();
    mutated_text heads{1, good_heads(), head_words()};
    std::size_t taken = 0;
    for (std::size_t k = 0; k < reading_rounds; ++k) {
        const auto bytes = heads.next();
        taken += service::read_head(bytes, most).bytes != 0 ? 1 : 0;
        if (const auto* const broken = broken_head_property(bytes, most)) FAIL_CHECK(broken << ": " << bytes);
    }
    // So many of each kind that both are looked at.
    CHECK(taken > reading_rounds / 5);
    CHECK(taken < reading_rounds - reading_rounds / 5);
}

TEST_CASE("a question is what RFC 8259 and the contract say") {
    mutated_text questions{2, good_questions(), question_words()};
    service::question_reader reader;
    std::size_t taken = 0;
    for (std::size_t k = 0; k < reading_rounds; ++k) {
        const auto text = questions.next();
        service::question read;
        taken += reader.read(text, service::question_place::alone, read) ? 0 : 1;
        if (const auto* const broken = broken_question_property(reader, text)) FAIL_CHECK(broken << ": " << text);
    }
    CHECK(taken > reading_rounds / 5);
    CHECK(taken < reading_rounds - reading_rounds / 5);
}

TEST_CASE("heads that two readers could cut or route differently are refused") {
    const std::string begin = "POST /v1/verify HTTP/1.1\r\nHost: x\r\n";
    for (const std::string& bytes : std::vector<std::string>{
             "GET /a\\b HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a%2 HTTP/1.1\r\nHost: x\r\n\r\n",
             "GET /a\"b HTTP/1.1\r\nHost: x\r\n\r\n", "GET /\xe1\xbb\x85 HTTP/1.1\r\nHost: x\r\n\r\n",
             "GET /livez HTTP/1.1\r\nHost: a b\r\n\r\n", "GET /livez HTTP/1.1\r\nHost: x@y\r\n\r\n",
             "GET /livez HTTP/1.1\r\nHost: x/y\r\n\r\n", "GET /livez HTTP/1.1\r\nHost: [::1\r\n\r\n",
             "GET /livez HTTP/1.1\r\nHost: x:8o\r\n\r\n", begin + "xacthuc-officer: 1\r\nxacthuc-officer: 2\r\n\r\n",
             begin + "Content-Type: application/json\r\nContent-Type: text/plain\r\n\r\n",
             begin + "x-correlator: \r\nX-Correlator: b\r\n\r\n"}) {
        CAPTURE(bytes);
        CHECK(service::read_head(bytes, {}).refused != service::problem::none);
        CHECK(broken_head_property(bytes, {}) == nullptr);
    }
    // An empty one counts as one.
    const auto twice = service::read_head(begin + "Signature: \r\nSignature: a=:AA==:\r\n\r\n", {});
    CHECK(twice.refused == service::problem::none);
    CHECK(twice.head.repeats_signature);
}
