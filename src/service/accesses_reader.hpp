// SPDX-License-Identifier: Apache-2.0
// A citizen's question who asked about her, as one JSON object:
//
//   id, holder_proof            proof_text.hpp
//   from, to                    days in Vietnam, both included; default: all
//   limit, page                 so many accesses, the newest first; pages from 0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <xacthuc/domain/personal_id.hpp>
#include <xacthuc/engine/proof.hpp>

#include "service/problem.hpp"

namespace xacthuc::inline v0_1::service {

struct accesses_question {
    static constexpr std::uint32_t limit_max = 1000;

    personal_id id;
    holder_proof proof;
    std::int64_t from_unix_s = 0;
    std::int64_t end_unix_s = std::numeric_limits<std::int64_t>::max();
    std::uint32_t limit = 100;
    std::uint32_t page = 0;
};

// Returns what is wrong, where something is.
[[nodiscard]] std::optional<question_fault> read_accesses_question(std::string_view text, accesses_question& into);

}  // namespace xacthuc::inline v0_1::service
