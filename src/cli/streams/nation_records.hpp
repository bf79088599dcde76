// SPDX-License-Identifier: Apache-2.0
// The records of a synthetic nation, and the keys of its accounts, on their way into an index.
#pragma once

#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/index/index_builder.hpp>

#include "population/key_pool.hpp"
#include "population/population.hpp"

namespace xacthuc::cli {

// A nation of so many. Throws command_error where there can be none.
[[nodiscard]] population nation_of(std::uint64_t seed, std::uint64_t citizens);

// Appends every citizen, on `threads` threads; with a pool also the key of every account. Throws command_error.
// Requires: the builder was made with_keys when there is a pool.
void append_nation(index_builder& builder, const population& nation, const key_pool* keys, const digest_key& digests,
                   unsigned threads);

// The nation indexed, with the keys of its accounts where there is a pool. Throws command_error.
[[nodiscard]] citizen_index index_of_nation(const population& nation, const key_pool* keys, const digest_key& digests,
                                            unsigned threads);

}  // namespace xacthuc::cli
