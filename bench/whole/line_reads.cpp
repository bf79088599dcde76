// SPDX-License-Identifier: Apache-2.0
#include "whole/line_reads.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstring>

#include "whole/parallel.hpp"

namespace xacthuc::bench {
namespace {

constexpr std::size_t line_bytes = 64;
constexpr std::size_t distance = 32;

__extension__ using wide = unsigned __int128;

[[nodiscard]] std::uint64_t read_lines(std::span<const std::byte> region, std::uint64_t count, std::uint64_t state) {
    const auto lines = region.size() / line_bytes;
    // Marsaglia's xorshift: six instructions, so that the memory is what is measured.
    const auto next = [&] {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return region.data() + static_cast<std::size_t>(static_cast<wide>(state) * lines >> 64) * line_bytes;
    };
    std::array<const std::byte*, distance> ring;
    for (auto& place : ring) {
        place = next();
        __builtin_prefetch(place);
    }
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        auto& place = ring[i % distance];
        std::uint64_t word = 0;
        std::memcpy(&word, place, sizeof word);
        sum += word;
        place = next();
        __builtin_prefetch(place);
    }
    return sum;
}

}  // namespace

double random_line_reads_per_second(std::span<const std::byte> region, std::uint64_t count, unsigned threads,
                                    std::uint64_t seed) {
    std::atomic<std::uint64_t> sink{0};
    const auto seconds = timed_parallel(threads, [&](unsigned thread) {
        sink += read_lines(region, count, (seed + thread + 1) * 0x9e37'79b9'7f4a'7c15U | 1);
    });
    return static_cast<double>(count) * threads / seconds;
}

}  // namespace xacthuc::bench
