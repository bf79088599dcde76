// SPDX-License-Identifier: Apache-2.0
// Answers as bytes of HTTP/1.1.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "service/problem.hpp"

namespace xacthuc::inline v0_1::service {

inline constexpr std::string_view json_type = "application/json";
inline constexpr std::string_view problem_type = "application/problem+json";

// What is in front of a body.
struct answer_head {
    unsigned status = 200;
    std::string_view type = json_type;
    std::optional<std::size_t> length = 0;  // none: the body comes in chunks
    std::string_view correlator{};
    std::string_view allow{};
    std::string_view further{};    // whole header lines
    std::string_view signature{};  // as well
    std::string_view cache = "no-store";
    unsigned retry_after_s = 1;  // with 503
    bool closes = false;
};

// Appends a head. The date is that of RFC 9110, as http_date() has it.
void append_head(std::string& to, const answer_head& head, std::string_view date);
// A head without a body, as 304 has it.
void append_not_modified(std::string& to, const answer_head& head, std::string_view date);
void append_answer(std::string& to, answer_head head, std::string_view body, std::string_view date);

[[nodiscard]] std::string http_date(std::int64_t unix_ms);

}  // namespace xacthuc::inline v0_1::service
