// SPDX-License-Identifier: Apache-2.0
// A line on the terminal that says how far a piece of work is, how fast it goes and how long it will take. Where
// standard error is no terminal nothing is written.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace xacthuc::cli {

// Whether colours may be used on standard error: a terminal, and NO_COLOR (no-color.org) not set.
[[nodiscard]] bool colours_wanted();

class progress {
  public:
    // `unit` is what done() counts, for example "rows"; a total of 0 is "not known".
    progress(std::string_view label, std::string_view unit, std::uint64_t total);
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;
    ~progress() { clear(); }

    // Concurrency: any thread; at most ten times a second one of them draws.
    void add(std::uint64_t done) noexcept;

    // Takes the line off the terminal. Requires: nobody is in add().
    void clear() noexcept;

    [[nodiscard]] double seconds() const noexcept;

    // The line's text, without colours and control characters, at most `width` characters. For draw() and tests.
    [[nodiscard]] static std::string line(std::string_view label, std::string_view unit, std::uint64_t done,
                                          std::uint64_t total, double seconds, std::size_t width);

  private:
    void draw(std::uint64_t done) noexcept;

    std::string label_;
    std::string unit_;
    std::uint64_t total_;
    std::atomic<bool> shown_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::atomic<std::uint64_t> done_{0};
    std::atomic<std::int64_t> next_draw_ms_{200};  // short work shows no bar
    std::atomic<bool> drawn_{false};
};

// The same of a work on all partitions that says itself how many are done.
class partition_progress {
  public:
    explicit partition_progress(std::string_view label);

    // To be told "so many are done".
    [[nodiscard]] std::function<void(std::size_t)> report() {
        return [this](std::size_t done) {
            if (done > done_) bar_.add(done - std::exchange(done_, done));
        };
    }
    [[nodiscard]] double seconds() const noexcept { return bar_.seconds(); }

  private:
    progress bar_;
    std::size_t done_ = 0;
};

}  // namespace xacthuc::cli
