// SPDX-License-Identifier: Apache-2.0
// A thread that re-checks a register in memory over and over, a few partitions at a time, and mends what it finds.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/registry/registry.hpp>

namespace xacthuc::inline v0_1 {

// How fast it goes.
struct background_scrub_options {
    // A register of 16,384 partitions is then gone through in about 3 minutes. At 107 million citizens a partition is
    // 340 KB, so that this reads 34 MB/s.
    double partitions_per_second = 100;
};

class background_scrub {
  public:
    // Starts the thread.
    // Requires: the registry outlives this, and stays where it is.
    // Exceptions: std::system_error when there is no thread to be had.
    XACTHUC_API explicit background_scrub(registry& of, const background_scrub_options& how = {});
    background_scrub(const background_scrub&) = delete;
    background_scrub& operator=(const background_scrub&) = delete;
    // Stops the thread: after the partition that it is at.
    XACTHUC_API ~background_scrub();

    struct progress {
        registry_scrub_report found{};  // over all passes; its list has the first 100
        std::uint64_t passes = 0;       // finished ones
        // The last repair that failed. Its partition is tried again in the next pass.
        std::optional<failure> last_failure{};
    };
    // Concurrency: any thread.
    [[nodiscard]] XACTHUC_API progress so_far() const;

  private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace xacthuc::inline v0_1
