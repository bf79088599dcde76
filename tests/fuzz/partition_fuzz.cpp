// SPDX-License-Identifier: Apache-2.0
// Hostile copies of a partition. The input is laid over a good one, at places that the input names; then, as its first
// byte says, the hash is made right again. Nothing may crash, what is refused leaves no trace, and what is taken can be
// exported again as the same bytes.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>
#include <xacthuc/registry/partition_copy.hpp>

#include "fuzz/lay_over.hpp"
#include "hash/content_hash.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::size_t partition_fuzzed = 77;

[[nodiscard]] citizen_index nobody_is_here() {
    return citizen_index::without_partitions({.with_keys = true}).value();
}

[[nodiscard]] std::vector<std::byte> a_good_copy() {
    auto index = nobody_is_here();
    index.add_partition(partition_fuzzed, {}).value();
    std::vector<std::byte> bytes;
    for (std::uint64_t id = 1, found = 0; found < 40; ++id) {
        if (partition_of(placement_hash(id, 0)) != partition_fuzzed) continue;
        record r;
        r.words = {id, id, 0, 0};
        if (!index.upsert(with_integrity(r))) std::abort();
        ++found;
    }
    export_partition(index, partition_fuzzed, bytes).value();
    return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto good = a_good_copy();
    static auto index = nobody_is_here();
    if (size == 0) return 0;
    auto bytes = good;
    lay_over(bytes, {data + 1, size - 1});
    if ((data[0] & 4) != 0) bytes.resize(bytes.size() * data[0] / 256);
    if ((data[0] & 1) != 0 && bytes.size() >= 128) {
        const auto header = std::span{bytes}.first(128);
        std::ranges::copy(hash_for_damage(std::span{bytes}.subspan(128)), header.last(16).begin());
        std::ranges::copy(hash_for_damage(header), header.last(16).begin());
    }
    const auto taken = import_partition(index, bytes);
    if (!taken) {
        if (index.citizens() != 0) std::abort();
        return 0;
    }
    std::vector<std::byte> again;
    if (index.citizens() != taken->citizens || index.scrub(taken->partition, 1).damaged != 0) std::abort();
    if (!export_partition(index, taken->partition, again)) std::abort();
    // Its freshness is the index's own; the rest is what was taken.
    if (again.size() != bytes.size() || !std::equal(again.begin() + 128, again.end(), bytes.begin() + 128))
        std::abort();
    if (!index.drop_partition(taken->partition)) std::abort();
    return 0;
}
