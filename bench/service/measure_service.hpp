// SPDX-License-Identifier: Apache-2.0
// What the service costs: processor time of its process, by way of asking, beside the library in this process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/index/citizen_index.hpp>

#include "population/population.hpp"

namespace xacthuc::bench {

struct service_options {
    std::size_t connections = 64;
    std::size_t pipelined = 16;
    std::size_t batch_rows = 1000;
    std::uint64_t questions = 400'000;  // each way, one at a time and pipelined
    std::uint64_t batches = 10'000;     // of prepared requests
    std::uint64_t lines = 1'000'000;
    std::uint64_t signed_questions = 100'000;  // in all, each way
    std::uint64_t scheduled = 300'000;         // at half load
    std::uint64_t signed_rounds = 9;
};

// Microseconds and rates are of processor time of the service.
struct service_speed {
    double single_us = 0;     // a question as JSON, one at a time on each connection
    double pipelined_us = 0;  // so many at once on each connection
    double prepared_per_second = 0;
    double in_process_per_second = 0;
    double prepared_ratio = 0;  // of the two
    double lines_per_second = 0;
    double signed_us = 0;             // a signed question, one at a time on each connection
    double signed_alone_us = 0;       // the same where each is verified by itself
    double signed_ratio = 0;          // of the two; of these three the median of rounds
    double half_load_per_second = 0;  // half of what was answered of single questions, on a schedule
    double half_load_p50_ms = 0;      // and how long answers took, from when the question was to be sent
    double half_load_p99_ms = 0;
    double half_load_p999_ms = 0;
    std::uint64_t wrong_answers = 0;
};

// Requires: the process has one thread; the registry in the folder is of this nation, index and key.
// Exceptions: std::runtime_error where the service does not answer.
[[nodiscard]] service_speed measure_service(const std::filesystem::path& registry, const population& nation,
                                            const citizen_index& index, const digest_key& key,
                                            const service_options& how);

}  // namespace xacthuc::bench
