// SPDX-License-Identifier: Apache-2.0
// The main job measured end to end: a nation made, indexed, saved, loaded again and asked, beside the machine's ceiling
// and peers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/verdict.hpp>

namespace xacthuc::bench {

struct whole_options {
    std::uint64_t citizens = 10'000'000;
    std::uint64_t requests = 200'000'000;
    std::uint64_t seed = 1;
    unsigned threads = 2;
    unsigned rounds = 7;
    // Distinct requests; when more are wanted they are asked again from the first.
    std::uint64_t distinct_requests = std::uint64_t{16} << 20;
    std::optional<std::filesystem::path> snapshot_folder;
    bool with_peers = true;
    // Called at the start of each stage, with its name, and now and then with done and total.
    std::function<void(std::string_view, std::uint64_t, std::uint64_t)> report;
};

// Rates are a second; medians of the rounds, in which the two sides of a ratio alternate.
struct rate_pair {
    double verify_per_second = 0;
    double ceiling_per_second = 0;
    double ratio = 0;  // the median of the rounds' ratios
};

struct whole_result {
    std::string engine_kernel;
    std::uint64_t citizens = 0;
    std::uint64_t requests = 0;
    std::uint64_t distinct_requests = 0;
    unsigned threads = 0;
    rate_pair one_thread;   // the standard question: name, birth date, sex, life status
    rate_pair all_threads;  // the same on `threads` threads
    double scaling = 0;     // all threads by one
    // The standard question about numbers that nobody has, and about such and known ones in equal parts, on one thread.
    double unknown_per_second = 0;
    double half_unknown_per_second = 0;
    double unknown_to_known = 0;  // the median of the rounds' ratios
    double job_seconds = 0;       // all requests of every kind, time of verify() alone
    double job_per_second = 0;
    std::uint64_t wrong_answers = 0;
    std::map<outcome, std::uint64_t> outcomes;
    double bytes_per_citizen = 0;
    double huge_page_share = 0;
    double make_seconds = 0;
    double build_seconds = 0;
    std::optional<double> save_seconds;
    std::optional<double> load_seconds;  // from open to the first answer
    std::vector<std::pair<std::string, double>> peers;
    double ratio_to_fastest_peer = 0;
};

// Errors: out_of_memory, code_range, and those of the snapshot's files.
[[nodiscard]] detailed_result<whole_result> run_whole_bench(const whole_options& how);

// The result as a page to look at: one file, no scripts, nothing fetched.
[[nodiscard]] std::string html_report(const whole_result& of);

}  // namespace xacthuc::bench
