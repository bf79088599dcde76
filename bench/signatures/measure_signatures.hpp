// SPDX-License-Identifier: Apache-2.0
// How fast each path of a kernel is beside libsodium, in one run: for `xacthuc bench ed25519` and the benchmarks.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ed25519/kernel_job.hpp"

namespace xacthuc::inline v0_1::ed25519 {

struct measure_options {
    // Each round times libsodium and then every path once; the medians over the rounds are reported.
    unsigned round_count = 15;
    std::size_t message_bytes = 64;
    // Each timing of a path that works in batches is over four of them, of different signatures.
    std::size_t batch_items = 1024;
    // The registered keys that the comb path draws on.
    std::size_t comb_keys = 64;
};

struct path_speed {
    std::string name;
    double per_second = 0;
    // To libsodium in the same run.
    double ratio = 0;
};

struct measurement {
    std::string isa;
    double libsodium_per_second = 0;
    // comb, comb_7, comb_6, comb_5 (registered keys, by width of the comb), comb_one_key, generic (distinct keys),
    // batch_8 (distinct keys, 8 at a time), single (one registered key at a time), single_generic (one raw key at a
    // time).
    std::vector<path_speed> paths;
    // Of all paths with libsodium, over a batch of which a fourth has one bit flipped.
    std::size_t disagreements = 0;
    // For one block, in core cycles: the thread's CPU time, times the core's frequency as a chain of dependent
    // multiplications of three cycles each shows it, timed beside.
    double sha512_cycles_per_message = 0;
    double core_hertz = 0;
};

// Requires a kernel that runs here, round_count >= 1, batch_items >= 8, 1 <= comb_keys <= batch_items.
// Complexity: about 200 ms a round, and two seconds before.
measurement measure(const kernel& kernel, const measure_options& options = {});

}  // namespace xacthuc::inline v0_1::ed25519
