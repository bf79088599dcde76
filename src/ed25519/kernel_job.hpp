// SPDX-License-Identifier: Apache-2.0
// What the dispatcher asks of a kernel, and the table of functions that each kernel is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ed25519/comb_table.hpp"

namespace xacthuc::inline v0_1::ed25519 {

// SHA-512 of R, A and the message, one after the other.
struct hash_job {
    const std::uint8_t* r = nullptr;
    const std::uint8_t* key = nullptr;
    const std::uint8_t* message = nullptr;
    std::uint64_t message_bytes = 0;
    // Of the digest, read as a little-endian number.
    std::uint64_t digest[8] = {};
};

enum class answer : std::uint8_t {
    no,
    yes,
    undecided,  // an entry of a table that was used is damaged: solve_without_tables decides
};

// Does S B - h A = R? S and h are below L, R is 32 bytes read as a little-endian number.
struct equation_job {
    std::uint64_t s[4] = {};
    std::uint64_t h[4] = {};
    std::uint64_t r[4] = {};
    // The encoding of A, canonical, read as R is; for solve_generic and solve_without_tables.
    std::uint64_t key[4] = {};
    // The comb of -A, for solve_with_comb and solve_one_with_comb.
    const comb_view* comb = nullptr;
    answer result = answer::no;
};

struct kernel {
    std::string_view name;
    unsigned lane_count;
    // From so many leftover signatures on, a group of lanes beats one after the other in the portable kernel.
    unsigned generic_group_min;
    unsigned comb_group_min;
    bool (*runs_here)();
    void (*hash)(hash_job* jobs, std::size_t job_count);
    // All jobs have combs of the same width.
    void (*solve_with_comb)(equation_job* jobs, std::size_t job_count, const comb_view& base);
    void (*solve_one_with_comb)(equation_job& job, const comb_view& base);
    // A key that is no point gets the answer no.
    void (*solve_generic)(equation_job* jobs, std::size_t job_count, const comb_view& base);
    // The functions are not called then: every signature is refused.
    bool refuses_all = false;
};

}  // namespace xacthuc::inline v0_1::ed25519
