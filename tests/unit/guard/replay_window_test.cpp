// SPDX-License-Identifier: Apache-2.0
// The window of an agency's counters against RFC 6479's own, and against a set that forgets nothing.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <random>
#include <set>
#include <thread>
#include <vector>
#include <xacthuc/guard/replay_window.hpp>

using namespace xacthuc;

namespace {

using answer = replay_window::answer;

// RFC 6479, section 3 and appendix A: blocks of 16 bits, and a window of all but one of them.
class rfc_6479_window {
  public:
    explicit rfc_6479_window(std::size_t blocks) : bitmap_(blocks) {}
    [[nodiscard]] bool take(std::uint64_t number) {
        const auto width = (bitmap_.size() - 1) * 16;
        const auto block = number / 16;
        if (number > last_) {
            const auto moved = block - last_ / 16;
            for (std::uint64_t i = 1; i <= moved && i <= bitmap_.size(); ++i)
                bitmap_[(last_ / 16 + i) % bitmap_.size()] = 0;
            last_ = number;
        } else if (last_ - number >= width) {
            return false;
        }
        auto& bits = bitmap_[block % bitmap_.size()];
        if ((bits >> number % 16 & 1U) != 0) return false;
        bits |= 1U << number % 16;
        return true;
    }

  private:
    std::vector<std::uint32_t> bitmap_;
    std::uint64_t last_ = 0;
};

struct window_of_words {
    explicit window_of_words(std::size_t ring_words) : memory{ring_words + 1} {}
    [[nodiscard]] bool take(std::uint64_t counter) {
        const auto words = memory.words();
        return basic_replay_window<word_table::word>{words.first(words.size() - 1), words.back()}.take(counter);
    }
    word_table memory;
};

}  // namespace

TEST_CASE("reordered, repeated, far ahead and far behind: as RFC 6479") {
    std::mt19937_64 random{3};
    for (int run = 0; run < 200; ++run) {
        const std::size_t blocks = std::size_t{2} << random() % 6;
        window_of_words ours{blocks};
        rfc_6479_window theirs{blocks};
        std::set<std::uint64_t> taken;
        std::uint64_t around = random() % 3 == 0 ? 0 : random() >> (20 + random() % 40);
        for (int i = 0; i < 3000; ++i) {
            const auto kind = random() % 100;
            if (kind < 60) around += random() % 4;
            if (kind == 60) around += random() % (blocks * 64);
            const auto back = random() % (blocks * 24);
            const auto counter = kind % 3 == 0 || back > around ? around : around - back;
            const bool is_taken = ours.take(counter);
            CHECK(is_taken == theirs.take(counter));
            if (is_taken) CHECK(taken.insert(counter).second);
        }
    }
}

TEST_CASE("the ring wraps many times, and its end is refused") {
    window_of_words ours{4};
    for (std::uint64_t counter = 0; counter < 10'000; ++counter) {
        CHECK(ours.take(counter));
        CHECK_FALSE(ours.take(counter));
    }
    CHECK_FALSE(ours.take(9'999 - 48));
    replay_window whole;
    whole.reserve(~std::uint64_t{0});
    CHECK(whole.take(whole.end() - 1) == answer::taken);
    CHECK(whole.take(whole.end()) == answer::repeated);
    CHECK(whole.take(whole.end() - whole.width()) == answer::taken);
    CHECK(whole.take(whole.end() - 1 - whole.width()) == answer::repeated);
    CHECK(whole.take(0) == answer::repeated);
    CHECK(whole.end() > 1'800'000'000'000'000'000);  // nanoseconds of Unix time
}

TEST_CASE("of threads that bring the same counters one takes each") {
    replay_window window;
    window.reserve(~std::uint64_t{0});
    constexpr std::uint64_t counters = 60'000;
    std::vector<std::atomic<int>> taken(counters);
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                std::mt19937_64 random{t};
                for (std::uint64_t i = 0; i < counters; ++i) {
                    const auto counter = i - std::min<std::uint64_t>(i, random() % 200);
                    if (window.take(counter) == answer::taken) ++taken[counter];
                    if (window.take(i) == answer::taken) ++taken[i];
                }
            });
    }
    std::uint64_t once = 0;
    for (const auto& each : taken) {
        CHECK(each <= 1);
        once += each == 1 ? 1U : 0U;
    }
    CHECK(once > counters / 2);
}

TEST_CASE("nothing is taken before it is reserved, and after a start nothing below") {
    replay_window window;
    CHECK(window.take(5) == answer::not_reserved);
    window.reserve(10);
    CHECK(window.take(5) == answer::taken);
    CHECK(window.take(9) == answer::taken);
    CHECK(window.take(10) == answer::not_reserved);
    window.reserve(4);
    CHECK(window.reserved() == 10);
    CHECK(window.highest() == 9);
    replay_window after_crash;
    after_crash.start_at(window.reserved());
    CHECK(after_crash.take(5) == answer::repeated);
    CHECK(after_crash.take(8) == answer::repeated);
    CHECK(after_crash.take(10) == answer::not_reserved);
}
