// SPDX-License-Identifier: Apache-2.0
// Many verifying keys in one place, the busy ones with combs, all combs together within a memory budget.
//
// Every find counts as a use of the key. A key that has been used often enough gets a comb, the widest that fits into
// the rest of the budget. When nothing is left, the least busy comb is made narrower by one bit, or dropped when it is
// as narrow as possible; but only if its key is less than half as busy. After a number of finds all counts are halved,
// so that yesterday's busy keys make room for today's.
//
// What is not guaranteed: a comb that has been replaced lives until the last shared_ptr to it is gone. So the memory in
// use can be more than the budget while callers still have old keys.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/ed25519/verifying_key.hpp>

namespace xacthuc::inline v0_1::ed25519 {

// What a ring may take, and when it builds a comb.
struct key_ring_options {
    // For the combs; a key without one takes about 200 bytes beside it.
    std::size_t comb_bytes_max = std::size_t{64} << 20;
    // After so many uses a key is worth the 2 ms that its comb costs to build.
    std::uint32_t promote_after_uses = 64;
    // All counts are halved after so many finds.
    std::uint64_t finds_per_halving = 1'000'000;
};

// How a ring stands.
struct key_ring_state {
    std::size_t key_count = 0;
    std::size_t comb_bytes = 0;
    // The number of combs, by width in bits; those at other places are 0.
    std::array<std::size_t, comb_bits_max + 1> comb_count{};
};

// Keys with combs for the busy ones, as the head of this file describes.
// Concurrency: of every member, any number of threads at once. find() takes a shared lock for a hash lookup, the others
// an exclusive one for as long; combs are built outside of both, by the calling thread, one at a time.
class key_ring {
  public:
    // A ring without keys.
    XACTHUC_API explicit key_ring(key_ring_options options = {});
    XACTHUC_API ~key_ring();
    key_ring(const key_ring&) = delete;
    key_ring& operator=(const key_ring&) = delete;

    // Checks a key and keeps it; a key that is there already stays as it is.
    // Returns the key, or why it is refused.
    // Errors: those of verifying_key::make().
    XACTHUC_API result<std::shared_ptr<const verifying_key>> add(const public_key& key);

    // Takes a key out. Those who hold it may go on to use it.
    // Returns whether it was there.
    XACTHUC_API bool remove(const public_key& key);

    // Finds a key, and counts `uses` uses of it: those who verify many signatures with one find say how many.
    // Returns the key with the comb it has now; null when it is not in the ring.
    // Complexity: constant; but the call that makes a key busy enough builds its comb, in 0.5 to 2 ms, and returns the
    // key with it. While one thread builds, others go on with what there is.
    [[nodiscard]] XACTHUC_API std::shared_ptr<const verifying_key> find(const public_key& key, std::uint32_t uses = 1);

    // Gives every key of the list a comb now, in order, as find would if each was the busiest.
    // Returns the number of those that have one afterwards.
    XACTHUC_API std::size_t promote(std::span<const public_key> keys);

    // Checks every comb against its checksum, and builds the damaged ones anew.
    // Returns the number of damaged combs.
    // Complexity: reads all combs once.
    XACTHUC_API std::size_t scrub();

    // Returns how many keys and combs there are now.
    [[nodiscard]] XACTHUC_API key_ring_state state() const;

  private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace xacthuc::inline v0_1::ed25519
