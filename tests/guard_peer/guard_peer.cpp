// SPDX-License-Identifier: Apache-2.0
// Our side of the comparisons with other people's code:
//   guard_peer arrivals             rows for governor_peer
//   guard_peer decisions            the same rows as decisions of ours
//   guard_peer sets                 rows: first id, how far apart, how many, our estimate of how many
#include <cstdint>
#include <iostream>
#include <random>
#include <string_view>
#include <vector>
#include <xacthuc/guard/guard_key.hpp>
#include <xacthuc/guard/quota.hpp>
#include <xacthuc/guard/subject_sketch.hpp>

namespace {

using namespace xacthuc;

struct arrivals {
    std::uint64_t interval_ns = 1;
    std::uint64_t burst = 1;
    std::vector<std::uint64_t> after_ns;
};

// The same each time: floods, gaps, and arrivals at about the pace that is admitted, to the nanosecond.
[[nodiscard]] std::vector<arrivals> made_arrivals() {
    std::mt19937_64 random{41};
    std::vector<arrivals> all(400);
    for (auto& each : all) {
        each.interval_ns = 1 + random() % (std::uint64_t{1} << (1 + random() % 34));
        each.burst = 1 + random() % (std::uint64_t{1} << (1 + random() % 10));
        for (int i = 0; i < 1000; ++i) {
            const auto kind = random() % 10;
            each.after_ns.push_back(kind < 5   ? random() % (each.interval_ns * 2)
                                    : kind < 8 ? 0
                                    : kind < 9 ? each.interval_ns
                                               : random() % (each.interval_ns * each.burst * 2));
        }
    }
    return all;
}

void write_arrivals() {
    for (const auto& each : made_arrivals()) {
        std::cout << each.interval_ns << ' ' << each.burst;
        for (const auto after : each.after_ns) std::cout << ' ' << after;
        std::cout << '\n';
    }
}

void write_decisions() {
    for (const auto& each : made_arrivals()) {
        word_table::word cell{0};
        std::int64_t now = 1'795'050'000'000'000'000;
        for (const auto after : each.after_ns) {
            now += static_cast<std::int64_t>(after);
            std::cout << basic_rate_cell<word_table::word>::charge(cell, each.interval_ns, each.burst, now, 1);
        }
        std::cout << '\n';
    }
}

void write_sets() {
    const auto place = guard_key::generate().places();
    for (std::uint64_t set = 0; set < 60; ++set) {
        const auto first = 1'000'000'000 + set * 77'777'777;
        const auto apart = set % 3 == 0 ? 1 : 1 + set * 1009;
        const auto count = std::uint64_t{200} << (set % 10);
        word_table memory{sketch_words};
        basic_subject_sketch<word_table::word> sketch{memory.words()};
        for (std::uint64_t i = 0; i < count; ++i) sketch.add(place(first + i * apart), day_word::mark_of(1));
        std::cout << first << ' ' << apart << ' ' << count << ' ' << sketch.estimate(day_word::mark_of(1)) << '\n';
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view what = argc == 2 ? argv[1] : "";
    if (what == "arrivals")
        write_arrivals();
    else if (what == "decisions")
        write_decisions();
    else if (what == "sets")
        write_sets();
    else
        return 2;
    return std::cout.good() ? 0 : 1;
}
