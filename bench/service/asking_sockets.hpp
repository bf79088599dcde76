// SPDX-License-Identifier: Apache-2.0
// Clients of the service that cost little themselves.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xacthuc::bench {

// Sends texts on so many connections, on each the next when all answers to the one before are there, until `rounds`
// texts have been sent in all.
// Returns how many answers were not 200 or do not begin with `wanted`.
// Exceptions: std::runtime_error where a connection ends.
[[nodiscard]] std::uint64_t ask_in_turns(std::uint16_t port, std::size_t connections,
                                         std::span<const std::string> texts, std::size_t answers_a_text,
                                         std::size_t rounds, std::string_view wanted);

struct scheduled_answers {
    std::vector<std::chrono::nanoseconds> took;  // from when each was to be sent, in rising order
    std::uint64_t wrong = 0;
};

// Sends one text after the other at their times, whether or not those before are answered, on each connection in turn:
// who would wait for an answer before asking on would not see what others wait. Keeps a core busy.
// Exceptions: std::runtime_error where a connection ends.
[[nodiscard]] scheduled_answers ask_on_schedule(std::uint16_t port, std::size_t connections,
                                                std::span<const std::string> texts, double per_second,
                                                std::size_t count, std::string_view wanted);

// Sends one text and reads meanwhile, until the answer's last chunk.
// Returns how often `wanted` stands in the answer.
[[nodiscard]] std::uint64_t ask_at_length(std::uint16_t port, std::string_view text, std::string_view wanted);

}  // namespace xacthuc::bench
