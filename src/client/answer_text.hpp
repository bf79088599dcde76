// SPDX-License-Identifier: Apache-2.0
// Answers of the service read from JSON. What is not as the contract has it is no answer; members that are new there
// are passed over.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <xacthuc/client/answer.hpp>

namespace xacthuc::inline v0_1::client {

[[nodiscard]] std::optional<answer> read_answer(std::string_view text);
[[nodiscard]] std::optional<register_state> read_register_state(std::string_view text);
[[nodiscard]] std::optional<accesses> read_accesses(std::string_view text);
// One line of a batch: a verdict, or what is wrong with its question.
[[nodiscard]] std::optional<answered<verdict>> read_line(std::string_view text);
// A problem document, into code, title, member and detail. False where it is none.
[[nodiscard]] bool read_problem(std::string_view text, no_answer& into);

}  // namespace xacthuc::inline v0_1::client
