// SPDX-License-Identifier: Apache-2.0
// Records for index tests: plain numbers in the words, so that a test can tell whose they are.
#pragma once

#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <span>
#include <vector>
#include <xacthuc/index/index_builder.hpp>

#include "index/index_view.hpp"
#include "index/slot.hpp"

namespace xacthuc::tests {

[[nodiscard]] inline record made_record(std::uint64_t id, std::uint64_t content) noexcept {
    record r;
    r.words[0] = layout::id.put(id);
    r.words[1] = content * 0x9e37'79b9'7f4a'7c15U;
    r.words[2] = content & layout::birth.mask();
    r.words[3] = content & 0xffff'ffff;
    return with_integrity(r);
}

// A scattered sequence of distinct ids.
[[nodiscard]] constexpr std::uint64_t made_id(std::uint64_t i) noexcept {
    return 1 + i * 7'368'787'123U % (personal_id::value_end - 1);
}

// Distinct ids that all belong to one partition.
[[nodiscard]] inline std::vector<std::uint64_t> ids_in_partition(std::size_t partition, std::size_t count,
                                                                 std::uint64_t seed = 0) {
    std::vector<std::uint64_t> ids;
    for (std::uint64_t id = 1; ids.size() < count; ++id)
        if (partition_of(placement_hash(id, seed)) == partition) ids.push_back(id);
    return ids;
}

// How many partitions readers must look up, for they do not lie where arithmetic finds them.
[[nodiscard]] inline std::size_t irregular_partitions(const citizen_index& index) {
    std::size_t count = 0;
    for (std::size_t k = 0; k < partition_count / 32; ++k)
        count += static_cast<std::size_t>(std::popcount(index_view{index}.regular().irregular[k].load() & 0xffff'ffff));
    return count;
}

[[nodiscard]] inline citizen_index build_index(std::uint64_t count, index_builder::options how = {},
                                               unsigned threads = 2) {
    if (!how.placement_seed) how.placement_seed = 0;
    auto builder = index_builder::create(how);
    REQUIRE(builder.has_value());
    {
        auto appender = builder->make_appender();
        for (std::uint64_t i = 0; i < count; ++i) REQUIRE(appender.append(made_record(made_id(i), i), i).has_value());
    }
    auto index = std::move(*builder).build(threads);
    REQUIRE(index.has_value());
    return std::move(*index);
}

}  // namespace xacthuc::tests
