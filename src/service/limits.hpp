// SPDX-License-Identifier: Apache-2.0
// How much the service takes of anybody, so that what it holds in memory and for how long is known before it is asked.
#pragma once

#include <chrono>
#include <cstddef>

namespace xacthuc::inline v0_1::service {

struct limits {
    // Of a request.
    std::size_t head_bytes = 8192;
    std::size_t body_bytes = std::size_t{1} << 20;  // but for batches of lines, which are answered as they come
    std::size_t line_bytes = 8192;                  // of such a batch
    // Of a connection: so many requests a tick; the others of it wait for the next.
    std::size_t requests_per_tick = 64;
    // Whether what one tick brought is verified together; else each question by itself, which only shows what it costs.
    bool tick_batches = true;
    // Of all connections together.
    std::size_t connections = 10'000;
    std::size_t memory_bytes = std::size_t{256} << 20;  // of requests that are not whole yet

    std::chrono::milliseconds first_byte{10'000};  // from the connection on
    std::chrono::milliseconds request{10'000};     // from its first byte to its last; of a batch of lines for each line
    std::chrono::milliseconds idle{60'000};        // between two requests
    std::chrono::milliseconds answer{10'000};      // without the client reading any of it
    // When the process is told to end: still taking connections while it says that it is not ready; then for requests
    // on their way.
    std::chrono::milliseconds drain_notice{1'000};
    std::chrono::milliseconds drain{10'000};
    // Readiness ends when the register has not been seen to be current for so long.
    std::chrono::milliseconds stale{10'000};
};

}  // namespace xacthuc::inline v0_1::service
