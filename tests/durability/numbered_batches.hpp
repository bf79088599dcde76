// SPDX-License-Identifier: Apache-2.0
// Batches of changes by number, each valid whether or not those before it were made, and each telling itself from all
// others: how many were made is then to be seen, and whether any is there in part. Each has a position of its source.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "unit/registry/small_registry.hpp"

namespace xacthuc::tests {

inline constexpr std::uint64_t numbered_batch_size = 14;

[[nodiscard]] inline std::vector<change> numbered_batch(std::uint64_t number, const digest_key& digests) {
    std::vector<change> made;
    const auto ward = static_cast<std::uint32_t>(100 + number % 90'000);
    for (std::uint64_t i = 0; i < 10; ++i) {
        const auto after = sample_citizen(i, ward, digests);
        made.push_back(i % 2 == 0 ? change::upsert(after) : change::upsert(after, sample_key(number)));
    }
    made.push_back(change::set_key(sample_id(2), sample_key(number + 1)));
    // Comes and goes within the batch; stays away; stays.
    made.push_back(change::upsert(sample_citizen(20, ward, digests)));
    made.push_back(change::erase(sample_id(20)));
    made.push_back(change::upsert(sample_citizen(30 + number % 40, ward, digests)));
    return made;
}

// Where the source is after the batch: with `tail`, somewhat further on, where nothing concerned the registry.
[[nodiscard]] inline std::vector<std::byte> numbered_position(std::uint64_t number, bool tail = false) {
    const auto text = std::to_string(number) + (tail ? " and more" : "");
    const auto bytes = std::as_bytes(std::span{text});
    return {bytes.begin(), bytes.end()};
}

}  // namespace xacthuc::tests
