// SPDX-License-Identifier: Apache-2.0
// The questions that every program here asks: lines of id, name, birth date and sex with tabs between them. Read before
// anything is timed.
#pragma once

#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

namespace xacthuc::bench {

using question = std::array<std::string, 4>;

[[nodiscard]] inline std::vector<question> read_questions(const char* path) {
    std::vector<question> all;
    std::ifstream file{path};
    for (std::string line; std::getline(file, line);) {
        question one;
        std::size_t begin = 0;
        for (auto& text : one) {
            const auto end = line.find('\t', begin);
            text = line.substr(begin, end - begin);
            begin = end == std::string::npos ? line.size() : end + 1;
        }
        all.push_back(one);
    }
    return all;
}

// Of this process: neighbours on the machine count for less in it.
[[nodiscard]] inline double cpu_ns() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// Asks them all once to warm up and then once more; prints nanoseconds a question and how many were true.
template <class Ask>
int tell(const std::vector<question>& all, const Ask& ask) {
    std::size_t is_true = 0;
    for (const auto& one : all) is_true += ask(one);
    const auto begin = cpu_ns();
    for (const auto& one : all) is_true += ask(one);
    const auto taken = cpu_ns() - begin;
    std::printf("%.1f %zu\n", taken / static_cast<double>(all.size()), is_true / 2);
    return 0;
}

}  // namespace xacthuc::bench
