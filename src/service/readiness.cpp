// SPDX-License-Identifier: Apache-2.0
#include "service/readiness.hpp"

#include "service/problem.hpp"

namespace xacthuc::inline v0_1::service {

std::string readiness_problem(const readiness& of) {
    std::string detail;
    std::string words;
    for (std::size_t k = 0; k < every_not_ready.size(); ++k) {
        if (!of.has(static_cast<not_ready>(k))) continue;
        const auto& [word, sentence] = every_not_ready[k];
        (detail += detail.empty() ? "" : "; ") += sentence;
        (((words += words.empty() ? "" : ",") += '"') += word) += '"';
    }
    auto text = problem_document(problem::not_ready, {}, detail);
    text.insert(text.size() - 1, ",\"reasons\":[" + words + ']');
    return text;
}

}  // namespace xacthuc::inline v0_1::service
