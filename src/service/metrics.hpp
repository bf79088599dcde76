// SPDX-License-Identifier: Apache-2.0
// What a thread of the service counts, and all threads' counts as text of Prometheus. Nothing here is about a person:
// no label comes from a request.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/verdict.hpp>

#include "service/problem.hpp"
#include "service/readiness.hpp"

namespace xacthuc::inline v0_1::service {

// Of one writer, its thread; anybody may read.
class counter {
  public:
    void add(std::uint64_t more = 1) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::uint64_t> value_{0};
};

// Which limit ended a connection, or put a request off.
enum class limit_met : std::uint8_t {
    connections,
    first_byte,
    request_time,
    idle,
    answer_time,
    requests_per_tick,
    answer_bytes,
    head_bytes,
    body_bytes,
    line_bytes,
    memory_bytes,
    descriptors
};
inline constexpr std::size_t limit_count = 12;

// What was asked for, by path.
enum class route_kind : std::uint8_t {
    verify,
    batch,
    register_state,
    live,
    ready,
    metrics,
    contract,
    desk,
    accesses,
    receipt,
    log_file
};
inline constexpr std::size_t route_count = 11;

struct thread_metrics {
    static constexpr std::size_t outcome_end = 1024;
    static constexpr std::size_t batch_sizes = 9;    // up to 1, 2, 4, … 256
    static constexpr std::size_t answer_times = 20;  // up to 16, 32, 64, … microseconds; the last is for all others

    counter connections_taken;
    counter connections_ended;
    counter bytes_read;
    counter bytes_written;
    counter ticks;
    std::array<counter, route_count> requests;
    std::array<counter, outcome_end> verdicts;
    std::array<counter, problem_count> problems;
    std::array<counter, limit_count> limits;
    std::array<counter, batch_sizes> batches;
    counter questions_in_batches;
    std::array<counter, answer_times> answers;
    counter answers_ns;

    void count(limit_met which) noexcept { limits[static_cast<std::size_t>(which)].add(); }
    void count(route_kind which) noexcept { requests[static_cast<std::size_t>(which)].add(); }
    void count(problem what) noexcept { problems[place_of(what)].add(); }
    void count(std::span<const verdict> given) noexcept;
    void count_batch(std::size_t questions) noexcept;
    void count_answer(std::chrono::nanoseconds took) noexcept;
};

// When a file of certificates, or a list of revoked ones, stops being good: the first that is in it.
struct certificate_end {
    std::string_view file;  // its key in the configuration
    std::int64_t unix_s = 0;
};

// What holds for all of the process.
struct service_gauges {
    class readiness readiness;
    std::vector<certificate_end> ends;  // of certificates and lists of TLS
    std::uint64_t register_sequence = 0;
    std::int64_t register_as_of_unix_ms = 0;
    std::int64_t register_age_ms = 0;
    std::uint64_t register_citizens = 0;
    std::size_t memory_bytes = 0;
    std::uint64_t alarms = 0;
};

[[nodiscard]] std::string metrics_text(std::span<const thread_metrics* const> threads, const service_gauges& gauges);

}  // namespace xacthuc::inline v0_1::service
