// SPDX-License-Identifier: Apache-2.0
// Whether the bytes that a connection answered are the answers that the reference expects, to the last byte.
#pragma once

#include "service/question_text.hpp"
#include "service/raw_client.hpp"
#include "service/stream_reference.hpp"

namespace xacthuc::tests {

class stream_answers {
  public:
    explicit stream_answers(std::string_view bytes) : rest_{bytes} {}

    // What is wrong; null where all is right.
    [[nodiscard]] const char* differ(const std::vector<expected_answer>& from) {
        for (const auto& each : from)
            if (const auto* const wrong = take(each)) return wrong;
        // The last request may have been let go on, and then not have come whole.
        if (rest_ == go_on) rest_ = {};
        return rest_.empty() ? nullptr : "more is answered than was asked";
    }

  private:
    [[nodiscard]] const char* take(const expected_answer& one) {
        using bodies = expected_answer::bodies;
        while (rest_.starts_with(go_on)) rest_.remove_prefix(go_on.size());
        const auto end = rest_.find("\r\n\r\n");
        if (end == std::string_view::npos || !rest_.starts_with("HTTP/1.1 ")) return "an answer lacks its head";
        const auto head = "\r\n" + std::string{rest_.substr(0, end + 2)};
        rest_.remove_prefix(end + 4);
        const auto status = static_cast<unsigned>(std::stoul(head.substr(11, 3)));
        const bool is_late = one.may_be_late && status == 503;
        if (!is_late && one.status != 0 && status != one.status) return "an answer has another status";
        if (one.status == 0 && one.body == bodies::problem && status < 400) return "what is to be refused is answered";
        if (value(head, "x-correlator") != one.correlator) return "a correlator is another";
        if (one.body == bodies::none || status == 304) return nullptr;
        if (value(head, "Transfer-Encoding") == "chunked") return take_chunks(one);
        const auto size = std::stoul(value(head, "Content-Length"));
        if (rest_.size() < size) return "an answer lacks its end";
        const auto body = rest_.substr(0, size);
        rest_.remove_prefix(size);
        const bool is_problem = value(head, "Content-Type") == "application/problem+json";
        if (is_late || one.body == bodies::problem) return is_problem ? nullptr : "a problem is none";
        if (one.body == bodies::verdict) return is_row(body, one.rows.front()) ? nullptr : "a verdict is another";
        if (one.body != bodies::verdicts) return nullptr;
        if (size != one.rows.size() * sizeof(verdict)) return "there are more verdicts, or fewer";
        for (std::size_t k = 0; k < one.rows.size(); ++k)
            if (std::memcmp(body.data() + k * sizeof(verdict), &one.rows[k].says, sizeof(verdict)) != 0)
                return "a verdict of a batch is another";
        return nullptr;
    }

    [[nodiscard]] static std::string value(const std::string& head, const std::string& name) {
        const auto at = head.find("\r\n" + name + ": ");
        if (at == std::string::npos) return {};
        const auto from = at + name.size() + 4;
        return head.substr(from, head.find("\r\n", from) - from);
    }

    [[nodiscard]] const char* take_chunks(const expected_answer& one) {
        if (one.body != expected_answer::bodies::lines) return "lines are answered where none are asked";
        std::string body;
        for (;;) {
            if (rest_.empty()) {
                if (one.is_unfinished) break;
                return "lines have no end";
            }
            const auto end = rest_.find("\r\n");
            if (end == std::string_view::npos) return "a chunk has no size";
            const auto size = std::stoul(std::string{rest_.substr(0, end)}, nullptr, 16);
            if (rest_.size() < end + 2 + size + 2) return "a chunk has no end";
            body += rest_.substr(end + 2, size);
            rest_.remove_prefix(end + 2 + size + 2);
            if (size == 0) {
                if (one.is_unfinished) return "lines end before they all came";
                break;
            }
        }
        std::size_t row = 0;
        for (std::string_view lines{body}; !lines.empty(); ++row) {
            const auto line = lines.substr(0, lines.find('\n'));
            if (row == one.rows.size() || line.size() == lines.size()) return "there are more lines";
            if (!is_row(line, one.rows[row])) return "a line is another";
            lines.remove_prefix(line.size() + 1);
        }
        return row == one.rows.size() ? nullptr : "there are fewer lines";
    }

    [[nodiscard]] static bool is_row(std::string_view text, const expected_row& row) {
        boost::system::error_code error;
        const auto tree = boost::json::parse({text.data(), text.size()}, error);
        if (error || !tree.is_object()) return false;
        const auto& all = tree.get_object();
        if (row.is_fault) return all.contains("code") && !all.contains("outcome");
        if (!all.contains("outcome") || all.contains("meaning") != row.wants_names) return false;
        if (row.wants_names) return all.at("outcome").as_int64() == static_cast<std::int64_t>(row.says.outcome());
        return compact_verdict(text) == row.says;
    }

    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

    std::string_view rest_;
};

// Sends the stream in pieces that end at these places, each when the one before was read, and nothing more; returns all
// that comes back. Over a Unix socket, which says what was read.
[[nodiscard]] inline std::string answers_to(raw_client by, std::string_view stream,
                                            const std::vector<std::size_t>& cuts) {
    std::size_t sent = 0;
    for (const auto cut : cuts) {
        if (cut <= sent || cut >= stream.size()) continue;
        if (!by.send(stream.substr(sent, cut - sent))) break;
        by.await_taken();
        sent = cut;
    }
    (void)by.send(stream.substr(sent));
    by.send_no_more();
    return by.read_all();
}

}  // namespace xacthuc::tests
