// SPDX-License-Identifier: Apache-2.0
// The register while it changes: readers at full speed with and without a writer, changes alone, durable changes with
// their syncs, a checkpoint under readers, and opening after a crash.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>
#include <xacthuc/domain/error.hpp>

namespace xacthuc::bench {

struct live_options {
    std::uint64_t citizens = 10'000'000;
    std::uint64_t changing = 1'000'000;          // how many of them change
    std::uint64_t changes_per_second = 200'000;  // the writer's rate
    std::uint64_t durable_changes = 1'000'000;
    std::uint64_t durable_batch = 1'000;
    unsigned readers = 1;
    unsigned threads = 1;  // for making and loading
    unsigned rounds = 7;
    double round_seconds = 1.0;
    std::uint64_t seed = 1;
    std::filesystem::path folder;  // where the registry is made, and removed
    // Stage, done, total.
    std::function<void(std::string_view, std::uint64_t, std::uint64_t)> report;
};

struct live_result {
    double quiet_per_second = 0;  // medians over the rounds
    double live_per_second = 0;
    double ratio = 0;               // median of the rounds' ratios
    double changes_per_second = 0;  // what the writer came to
    double p999_quiet_us = 0;       // of a batch of 1,000 requests
    double p999_live_us = 0;
    double upserts_per_second = 0;  // one thread, nobody reading

    double durable_changes_per_second = 0;
    double fsync_per_second = 0;
    double apply_p50_us = 0;  // of one batch
    double apply_p99_us = 0;
    double fsync_p50_us = 0;
    double fsync_p99_us = 0;

    double checkpoint_seconds = 0;
    double checkpoint_per_second = 0;  // requests verified while it ran
    double p999_checkpoint_us = 0;

    double load_seconds = 0;
    double reopen_seconds = 0;  // beyond the load: the durable changes replayed

    std::uint64_t torn = 0;
    std::uint64_t stale = 0;
    std::uint64_t looks = 0;  // how many look-ups were judged so
    std::uint64_t wrong_answers = 0;
};

// Errors: out_of_memory; those of registry::create() and so on.
[[nodiscard]] detailed_result<live_result> run_live_bench(const live_options& options);

}  // namespace xacthuc::bench
