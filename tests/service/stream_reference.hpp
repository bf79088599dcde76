// SPDX-License-Identifier: Apache-2.0
// What a connection has to answer to a stream of bytes, told from the whole stream at once by the slow references and
// the library; and whether what came back is that. For a plain listener without policy, guards, ledger and names.
#pragma once

#include <algorithm>
#include <boost/json.hpp>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/engine/engine.hpp>

#include "reference/plain_http.hpp"
#include "reference/plain_question.hpp"
#include "service/limits.hpp"

namespace xacthuc::tests {

// A verdict, or a fault; in which form it comes.
struct expected_row {
    bool is_fault = true;
    bool wants_names = false;
    verdict says;
};

struct expected_answer {
    enum class bodies : std::uint8_t { any, none, problem, verdict, lines, verdicts };

    unsigned status = 0;  // 0: not told here
    bodies body = bodies::any;
    std::string correlator{};
    std::vector<expected_row> rows{};
    bool is_unfinished = false;  // lines without an end, as their question has none
    bool may_be_late = false;    // 503, where the question has an age that the register may have passed
};

class stream_reference {
  public:
    stream_reference(const engine& answers, const digest_key& key, const service::limits& most)
        : answers_{answers}, key_{key}, most_{most} {}

    [[nodiscard]] std::vector<expected_answer> expect(std::string_view stream) const {
        std::vector<expected_answer> all;
        while (!stream.empty()) {
            const auto end = find_head_end(stream.substr(0, most_.head_bytes));
            if (!end) {
                if (stream.size() >= most_.head_bytes || is_torn(stream)) all.push_back(refusal(0));
                break;
            }
            const auto head = read_plain_head(stream);
            if (!head) {
                all.push_back(refusal(0));
                break;
            }
            const auto used = answer(*head, stream.substr(*end), all);
            if (used == std::string_view::npos || !head->keeps_alive) break;
            stream.remove_prefix(*end + used);
        }
        return all;
    }

  private:
    static constexpr std::size_t over = std::string_view::npos;

    // A head whose end has not come is refused where a line of it can be of none.
    [[nodiscard]] static bool is_torn(std::string_view text) {
        for (std::size_t k = 0; k < text.size(); ++k) {
            if (text[k] != '\n') continue;
            if (k == 0 || text[k - 1] != '\r') return true;
            if (k + 1 < text.size() && (text[k + 1] == ' ' || text[k + 1] == '\t')) return true;
        }
        return false;
    }
    [[nodiscard]] static expected_answer refusal(unsigned status) {
        return {.status = status, .body = expected_answer::bodies::problem};
    }

    // Returns the size of the body, or that nothing more is read.
    std::size_t answer(const plain_head& head, std::string_view rest, std::vector<expected_answer>& all) const {
        const auto length = head.content_length.value_or(0);
        if (head.method == "GET" && length != 0) return all.push_back(refusal(400)), over;
        if (head.method == "POST" && !head.content_length) return all.push_back(refusal(411)), over;
        auto planned = plan(head);
        if (planned.body == expected_answer::bodies::lines) {
            read_lines(rest.substr(0, std::min<std::uint64_t>(length, rest.size())), length <= rest.size(), planned);
            const bool goes_on = !planned.is_unfinished && !has_long_line_;
            all.push_back(std::move(planned));
            return goes_on ? length : over;
        }
        if (length > most_.body_bytes) return all.push_back(refusal(413)), over;
        if (length > rest.size()) return over;
        const auto body = rest.substr(0, length);
        if (planned.body == expected_answer::bodies::verdict) ask_one(body, planned);
        if (planned.body == expected_answer::bodies::verdicts) ask_prepared(head, body, planned);
        all.push_back(std::move(planned));
        return length;
    }

    [[nodiscard]] static bool is_type(std::string given, std::string_view wanted) {
        given = given.substr(0, given.find(';'));
        while (given.ends_with(' ') || given.ends_with('\t')) given.pop_back();
        for (char& c : given)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
        return given == wanted;
    }
    [[nodiscard]] static bool is_correlator(const std::string& text) {
        constexpr std::string_view set = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:;./<>{}";
        return text.size() <= 256 && text.find_first_not_of(set) == std::string::npos;
    }
    [[nodiscard]] static bool is_officer(const std::string& text) {
        const std::string most = "18446744073709551615";
        if (text.find_first_not_of("0123456789") != std::string::npos) return false;
        const auto digits = text.substr(std::min(text.find_first_not_of('0'), text.size()));
        return digits.size() < most.size() || (digits.size() == most.size() && digits <= most);
    }

    [[nodiscard]] static expected_answer plan(const plain_head& head) {
        using bodies = expected_answer::bodies;
        expected_answer made{.body = bodies::problem};
        if (is_correlator(head.header("x-correlator"))) made.correlator = head.header("x-correlator");
        const auto& path = head.path;
        const bool is_verify = path == "/v1/verify";
        const bool is_batch = path == "/v1/verify/batch";
        const bool is_state = path == "/livez" || path == "/readyz" || path == "/v1/register" || path == "/metrics" ||
                              path == "/openapi.json" || path == "/";
        // What these answer is told elsewhere.
        const bool is_other = path.starts_with("/v1/receipts/") || path.starts_with("/v1/ledger/") ||
                              path.starts_with("/desk/") || path == "/v1/my/accesses";
        if (is_other) {
            made.body = head.method == "HEAD" ? bodies::none : bodies::any;
            return made;
        }
        if (!is_verify && !is_batch && !is_state) {
            made.status = 404;
        } else if (head.method != (is_state ? "GET" : "POST")) {
            made.status = 405;
        } else if (!is_correlator(head.header("x-correlator")) || !is_officer(head.header("xacthuc-officer"))) {
            made.status = 400;
        } else if (is_state) {
            made = {.status = 200, .correlator = made.correlator};
            if (path == "/" && !head.header("if-none-match").empty()) made.status = 0;
        } else if (is_verify && is_type(head.header("content-type"), "application/json")) {
            made.body = bodies::verdict;
        } else if (is_batch && is_type(head.header("content-type"), "application/x-ndjson")) {
            made.body = bodies::lines;
            made.status = 200;
        } else if (is_batch && is_type(head.header("content-type"), "application/vnd.xacthuc.requests")) {
            made.body = bodies::verdicts;
        } else {
            made.status = 415;
        }
        if (head.method == "HEAD") made.body = bodies::none;
        return made;
    }

    [[nodiscard]] expected_row ask(std::string_view text, bool is_in_batch, expected_answer& into) const {
        const auto question = read_plain_question(text, is_in_batch);
        if (!question) return {};
        const auto made = prepare(question->claims, key_);
        if (!made) return {};
        if (question->max_age_ms) into.may_be_late = true;
        if (question->holder) {
            into.status = 501;
            return {};
        }
        expected_row row{.is_fault = false, .wants_names = question->wants_names, .says = {}};
        (void)answers_.answer({.requests = {&*made, 1}}, {&row.says, 1});
        return row;
    }
    void ask_one(std::string_view body, expected_answer& into) const {
        into.status = 400;
        const auto row = ask(body, false, into);
        into.rows = {row};
        if (row.is_fault)
            into.body = expected_answer::bodies::problem;
        else
            into.status = 200;
    }
    // Every line that has come whole.
    void read_lines(std::string_view body, bool is_all, expected_answer& into) const {
        has_long_line_ = false;
        into.is_unfinished = !is_all;
        while (!body.empty()) {
            const auto end = body.find('\n');
            auto line = body.substr(0, end);
            if (line.size() > most_.line_bytes) {
                into.rows.emplace_back();
                has_long_line_ = true;
                into.is_unfinished = false;
                return;
            }
            if (end == std::string_view::npos && !is_all) return;
            body.remove_prefix(std::min(line.size() + 1, body.size()));
            if (line.ends_with('\r')) line.remove_suffix(1);
            expected_answer none;
            if (!line.empty()) into.rows.push_back(ask(line, true, none));
        }
    }
    void ask_prepared(const plain_head& head, std::string_view body, expected_answer& into) const {
        const auto said = head.header("xacthuc-digest-key");
        into.body = expected_answer::bodies::problem;
        into.status = 409;
        if (said.size() != 16 || said.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) return;
        if (std::stoull(said, nullptr, 16) != key_.fingerprint()) return;
        into.status = 400;
        if (body.size() % sizeof(request) != 0) return;
        into.status = 200;
        into.body = expected_answer::bodies::verdicts;
        for (; !body.empty(); body.remove_prefix(sizeof(request))) {
            request one;
            std::memcpy(&one, body.data(), sizeof one);
            auto& row = into.rows.emplace_back();
            (void)answers_.answer({.requests = {&one, 1}}, {&row.says, 1});
        }
    }

    const engine& answers_;
    const digest_key& key_;
    service::limits most_;
    mutable bool has_long_line_ = false;
};

}  // namespace xacthuc::tests
