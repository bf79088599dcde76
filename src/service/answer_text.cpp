// SPDX-License-Identifier: Apache-2.0
#include "service/answer_text.hpp"

#include <fmt/chrono.h>

#include <ctime>

#include "service/verdict_text.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

[[nodiscard]] std::string_view status_line(unsigned status) noexcept {
    switch (status) {
        case 200:
            return "HTTP/1.1 200 OK\r\n";
        case 304:
            return "HTTP/1.1 304 Not Modified\r\n";
        case 400:
            return "HTTP/1.1 400 Bad Request\r\n";
        case 401:
            return "HTTP/1.1 401 Unauthorized\r\n";
        case 403:
            return "HTTP/1.1 403 Forbidden\r\n";
        case 404:
            return "HTTP/1.1 404 Not Found\r\n";
        case 405:
            return "HTTP/1.1 405 Method Not Allowed\r\n";
        case 408:
            return "HTTP/1.1 408 Request Timeout\r\n";
        case 409:
            return "HTTP/1.1 409 Conflict\r\n";
        case 411:
            return "HTTP/1.1 411 Length Required\r\n";
        case 413:
            return "HTTP/1.1 413 Content Too Large\r\n";
        case 415:
            return "HTTP/1.1 415 Unsupported Media Type\r\n";
        case 417:
            return "HTTP/1.1 417 Expectation Failed\r\n";
        case 421:
            return "HTTP/1.1 421 Misdirected Request\r\n";
        case 431:
            return "HTTP/1.1 431 Request Header Fields Too Large\r\n";
        case 501:
            return "HTTP/1.1 501 Not Implemented\r\n";
        case 503:
            return "HTTP/1.1 503 Service Unavailable\r\n";
        case 505:
            return "HTTP/1.1 505 HTTP Version Not Supported\r\n";
        default:
            return "HTTP/1.1 500 Internal Server Error\r\n";
    }
}

// How to ask by a signature. Source: RFC 9110, section 11.6.1; RFC 9421, section 5.1.
constexpr std::string_view wanted_signature =
    "WWW-Authenticate: Signature realm=\"xacthuc\"\r\n"
    "Accept-Signature: sig=(\"@method\" \"@target-uri\" \"content-type\" "
    "\"content-digest\");created;alg=\"ed25519\"\r\n";

void append_rest(std::string& to, const answer_head& head) {
    ((to += "\r\nCache-Control: ") += head.cache) += "\r\n";
    if (!head.correlator.empty()) ((to += "x-correlator: ") += head.correlator) += "\r\n";
    if (!head.allow.empty()) ((to += "Allow: ") += head.allow) += "\r\n";
    to += head.further;
    to += head.signature;
    if (head.status == 401) to += wanted_signature;
    if (head.status == 503) {
        to += "Retry-After: ";
        append_number(to, head.retry_after_s);
        to += "\r\n";
    }
    if (head.closes) to += "Connection: close\r\n";
    to += "\r\n";
}

}  // namespace

void append_head(std::string& to, const answer_head& head, std::string_view date) {
    to += status_line(head.status);
    ((to += "Date: ") += date) += "\r\nContent-Type: ";
    to += head.type;
    if (head.length) {
        to += "\r\nContent-Length: ";
        append_number(to, *head.length);
    } else {
        to += "\r\nTransfer-Encoding: chunked";
    }
    append_rest(to, head);
}

void append_not_modified(std::string& to, const answer_head& head, std::string_view date) {
    ((to += status_line(304)) += "Date: ") += date;
    append_rest(to, head);
}

void append_answer(std::string& to, answer_head head, std::string_view body, std::string_view date) {
    head.length = body.size();
    append_head(to, head, date);
    to += body;
}

std::string http_date(std::int64_t unix_ms) {
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(static_cast<std::time_t>(unix_ms / 1000)));
}

}  // namespace xacthuc::inline v0_1::service
