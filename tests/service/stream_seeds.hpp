// SPDX-License-Identifier: Apache-2.0
// Streams of requests that are right or nearly so.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "service/limits.hpp"
#include "service/reading_seeds.hpp"
#include "unit/engine/small_nation.hpp"

namespace xacthuc::tests {

// So small that streams meet them.
[[nodiscard]] inline service::limits stream_limits() {
    service::limits most;
    most.head_bytes = 400;
    most.body_bytes = 700;
    most.line_bytes = 300;
    most.drain_notice = std::chrono::milliseconds{1};
    return most;
}

[[nodiscard]] inline std::vector<std::string> good_streams() {
    char key[17];
    (void)std::snprintf(key, sizeof key, "%016llx", static_cast<unsigned long long>(test_key().fingerprint()));
    const auto with_body = [](const std::string& begin, const std::string& body) {
        return begin + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    };
    const std::string ask = "POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    const std::string lines = "POST /v1/verify/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n";
    const std::string prepared =
        "POST /v1/verify/batch HTTP/1.1\r\nHost: x\r\nContent-Type: "
        "application/vnd.xacthuc.requests\r\nxacthuc-digest-key: " +
        std::string{key} + "\r\n";
    const std::string live = "GET /livez HTTP/1.1\r\nHost: x\r\nx-correlator: l\r\n\r\n";
    std::string batch;
    for (std::uint64_t first : {1U, 40U}) {
        const auto asked = small_nation{300}.ask(first, 2);
        batch.append(reinterpret_cast<const char*>(asked.requests.data()), 2 * sizeof(request));
    }
    const std::string one = "{\"id\":\"001199000001\",\"sex\":\"male\"}";
    const std::string longest = "{\"id\":\"001199000001\",\"name\":\"" + std::string(300 - 31, 'a') + "\"}";
    std::vector<std::string> all;
    for (const auto& each : good_questions()) {
        all.push_back(with_body(ask, each) + live);
        all.push_back(with_body(lines, each + "\n" + one + "\n") + live);
    }
    all.push_back(with_body(lines, one + "\n" + one + "\r\n\n" + one) + live);
    all.push_back(with_body(lines + "Expect: 100-continue\r\n", longest + "\n{}\n" + longest) + live);
    all.push_back(with_body(lines, "") + live + with_body(lines, one + "\n" + std::string(301, ' ') + "\n") + live);
    all.push_back(with_body(prepared, batch) + with_body(prepared, "") + live);
    all.push_back(with_body(prepared, batch + "x") + with_body(ask + "x-correlator: a\r\n", one) + live);
    all.push_back("HEAD /livez HTTP/1.1\r\nHost: x\r\n\r\n" + live + "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n" + live);
    all.push_back(with_body(ask + "Connection: close\r\n", one) + live);
    all.push_back(with_body("PUT /v1/verify HTTP/1.1\r\nHost: x\r\n", one) + live);
    all.push_back(live + "POST /v1/nowhere HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n{}");
    for (const auto& each : good_heads()) all.push_back(live + each + one + live);
    return all;
}

[[nodiscard]] inline std::vector<std::string> stream_words() {
    auto all = head_words();
    for (auto& each : question_words()) all.push_back(std::move(each));
    for (const auto* const each : {"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n", "24\r\n", "0\r\n\r\n",
                                   "Content-Length: 701\r\n", "Content-Length: 700\r\n", "/v1/verify",
                                   "/v1/verify/batch", "/readyz", "application/json", "application/x-ndjson", "a/b"})
        all.emplace_back(each);
    return all;
}

}  // namespace xacthuc::tests
