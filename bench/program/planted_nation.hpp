// SPDX-License-Identifier: Apache-2.0
// An indexed nation and questions about it whose answers are known.
#pragma once

#include <vector>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/index/citizen_index.hpp>

namespace xacthuc::cli {

struct planted_nation {
    citizen_index index;
    std::vector<request> requests;
    std::vector<verdict> expected;
};

// The same seed and counts give the same citizens and questions, each time under another digest key. Throws
// command_error where there can be none.
[[nodiscard]] planted_nation plant_nation(std::uint64_t seed, std::uint64_t citizens, std::uint64_t requests,
                                          unsigned threads);

}  // namespace xacthuc::cli
