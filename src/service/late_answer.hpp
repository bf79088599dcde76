// SPDX-License-Identifier: Apache-2.0
// An answer that is made by another thread than that of its connection, because it takes reading files.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "service/answer_text.hpp"
#include "service/problem.hpp"

namespace xacthuc::inline v0_1::service {

struct late_answer {
    problem refused = problem::none;
    std::string_view type = json_type;  // words of ours
    std::string_view cache = "no-store";
    std::string body{};

    [[nodiscard]] static late_answer refusal(problem why) { return {.refused = why}; }
};

// Takes it to its connection, if that is still there. From any thread, once.
using give_late = std::function<void(late_answer)>;

}  // namespace xacthuc::inline v0_1::service
