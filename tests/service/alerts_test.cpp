// SPDX-License-Identifier: Apache-2.0
// Alerts ask for metrics, and for values of their labels, that there are; what a client waited and when certificates
// end is among them.
#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "service/tls_at_work.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

[[nodiscard]] std::string text_of(const std::string& path) {
    std::ifstream in{path};
    return {std::istreambuf_iterator<char>{in}, {}};
}

// The values of a label of a metric in the text of /metrics.
[[nodiscard]] std::set<std::string> values_of(const std::string& metrics, const std::string& name,
                                              const std::string& label) {
    std::set<std::string> found;
    const std::regex sample{"\n" + name + R"(\{(?:[^}\n]*,)?)" + label + R"re(="([^"]*)")re"};
    for (std::sregex_iterator at{metrics.begin(), metrics.end(), sample}; at != std::sregex_iterator{}; ++at)
        found.insert((*at)[1]);
    return found;
}

}  // namespace

TEST_CASE("each metric in the alerts is one that the service tells, and so are the values of its labels") {
    const tls_service of;
    const auto metrics = of.at->client().ask(get("/metrics"))->body;
    const auto alerts = text_of(XACTHUC_ALERTS);
    const std::regex used{R"((xacthuc_[a-z_]+)(\{[^}]*\})?)"};
    std::set<std::string> names;
    for (std::sregex_iterator at{alerts.begin(), alerts.end(), used}; at != std::sregex_iterator{}; ++at) {
        const std::string name = (*at)[1];
        CAPTURE(name);
        names.insert(name);
        CHECK(std::regex_search(metrics, std::regex{"\n" + name + R"((\{[^\n]*\})? [0-9])"}));
        const std::string matchers = (*at)[2];
        const std::regex matcher{R"re(([a-z]+)(=~|!~|=)"([^"]*)")re"};
        for (std::sregex_iterator m{matchers.begin(), matchers.end(), matcher}; m != std::sregex_iterator{}; ++m) {
            const auto values = values_of(metrics, name, (*m)[1]);
            const std::string wanted = (*m)[3];
            // Each alternative is the value of one, so that no misspelt one is left out in silence.
            for (std::size_t from = 0; from <= wanted.size();) {
                const auto end = std::min(wanted.find('|', from), wanted.size());
                const auto one = wanted.substr(from, end - from);
                CAPTURE(one);
                CHECK(std::ranges::any_of(
                    values, [&](const std::string& each) { return std::regex_match(each, std::regex{one}); }));
                from = end + 1;
            }
        }
    }
    CHECK(names.size() >= 8);
    // Each alert is explained where it says that it is.
    const auto page = text_of(XACTHUC_SERVICE_PAGE);
    const std::regex alert{R"(- alert: (\w+))"};
    std::size_t count = 0;
    for (std::sregex_iterator at{alerts.begin(), alerts.end(), alert}; at != std::sregex_iterator{}; ++at, ++count) {
        const std::string name = (*at)[1];
        CAPTURE(name);
        CHECK(page.find("`" + name + "`") != std::string::npos);
    }
    CHECK(count >= 10);
}

TEST_CASE("when certificates end is told of each file, and of the list of revoked ones, also after a reload") {
    tls_service of;
    const auto left = [&](const std::string& file) {
        return of.at->metric("xacthuc_certificate_ends_seconds{file=\"" + file + "\"}") -
               static_cast<double>(std::time(nullptr));
    };
    CHECK(left("certificate") == doctest::Approx(3600).epsilon(0.02));
    CHECK(left("client_authorities") == doctest::Approx(86'400).epsilon(0.02));
    CHECK(left("revoked") == doctest::Approx(86'400).epsilon(0.02));
    (void)of.servers.issue("server", {.common_name = "localhost", .to_seconds = 7200});
    REQUIRE(of.at->running->reload(of.at->with).has_value());
    CHECK(comes_true([&] { return left("certificate") > 7000; }));
}

TEST_CASE("how long answers take is told of each turn that had some") {
    const service_at_work at;
    auto client = at.client();
    for (int k = 0; k < 10; ++k)
        REQUIRE(client.ask(post_question("{\"id\":\"001199000001\",\"sex\":\"male\"}"))->status == 200);
    const auto answers = at.metric("xacthuc_answer_seconds_count");
    CHECK(answers >= 10);
    CHECK(at.metric("xacthuc_answer_seconds_bucket{le=\"+Inf\"}") >= answers);
    CHECK(at.metric("xacthuc_answer_seconds_sum") > 0);
    CHECK(at.metric("xacthuc_answer_seconds_sum") < 10);
}
