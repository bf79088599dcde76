// SPDX-License-Identifier: Apache-2.0
// Key pairs for the digital accounts of a synthetic population: a pool of distinct ones, shared by many citizens,
// because 67 million would take over an hour to make.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>
#include <xacthuc/domain/public_key.hpp>

#include "population/population.hpp"

namespace xacthuc::inline v0_1 {

struct account_key_pair {
    xacthuc::public_key public_key{};
    std::array<unsigned char, 64> secret_key{};  // as libsodium has it: seed and public key
};

// Concurrency: immutable; any thread. The keys follow from a public seed: they keep nothing safe.
class key_pool {
  public:
    // Complexity: some 30 to 70 µs a key. Requires: 0 < size <= 2^32. Exceptions: std::runtime_error when libsodium
    // does not start.
    key_pool(std::uint64_t seed, std::size_t size);

    [[nodiscard]] std::span<const account_key_pair> pairs() const noexcept { return pairs_; }
    // The pair that an account of citizen i uses.
    [[nodiscard]] std::size_t number_for(std::uint64_t i) const noexcept;
    // Nothing for a citizen without an account. Requires: i < of.count().
    [[nodiscard]] const account_key_pair* account_key(const population& of, std::uint64_t i) const noexcept {
        return of.person_at(i).has_account() ? &pairs_[number_for(i)] : nullptr;
    }

  private:
    std::uint64_t seed_;
    std::vector<account_key_pair> pairs_;
};

}  // namespace xacthuc::inline v0_1
