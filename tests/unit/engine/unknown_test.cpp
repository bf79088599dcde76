// SPDX-License-Identifier: Apache-2.0
// Numbers that nobody has, in any share of a batch of any size and in any order, leave every verdict right.
#include <algorithm>
#include <cstdlib>

#include "unit/engine/crowded_nation.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::size_t size_max = 4096;
constexpr std::array<unsigned, 6> shares_percent{0, 1, 10, 50, 90, 100};

class batches {
  public:
    explicit batches(crowded_nation& nation)
        : nation_{nation}, known_{nation.ask_known(3000)}, unknown_{nation.ask_unknown(5000)} {}

    // Fills the batch with requests of which `is_unknown(i)` says whose they are.
    template <class IsUnknown>
    void fill(std::size_t size, const IsUnknown& is_unknown) {
        requests_.resize(size);
        expected_.resize(size);
        for (std::size_t i = 0; i < size; ++i) {
            const auto& from = is_unknown(i) ? unknown_ : known_;
            const auto which = random_() % from.requests.size();
            requests_[i] = from.requests[which];
            expected_[i] = from.expected[which];
        }
    }
    void fill_share(std::size_t size, unsigned percent) {
        fill(size, [&](std::size_t) { return random_() % 100 < percent; });
    }
    [[nodiscard]] std::uint64_t random() { return random_(); }

    // Every kernel answers the first `size` requests as the reference does, and writes nothing behind them.
    void check(std::size_t size) {
        constexpr verdict untouched{outcome::malformed, 1, 2, 3};
        for (const auto& kernel : kernels::available()) {
            answers_.assign(size + 1, untouched);
            kernel.verify(nation_.index(), {requests_.data(), size}, {answers_.data(), size});
            const auto wrong = std::mismatch(expected_.begin(), expected_.begin() + static_cast<std::ptrdiff_t>(size),
                                             answers_.begin());
            const auto first_wrong = static_cast<std::size_t>(wrong.second - answers_.begin());
            INFO(kernel.name, ", ", size, " requests, the first wrong answer is ", first_wrong);
            REQUIRE(first_wrong == size);
            REQUIRE(answers_.back() == untouched);
        }
    }

  private:
    crowded_nation& nation_;
    crowded_nation::questions known_;
    crowded_nation::questions unknown_;
    std::vector<request> requests_;
    std::vector<verdict> expected_;
    std::vector<verdict> answers_;
    std::mt19937_64 random_{5};
};

// Batches of every size to size_max in steps of `step`, of every share.
void check_sizes(crowded_nation& nation, std::size_t step) {
    batches some{nation};
    for (const auto percent : shares_percent) {
        some.fill_share(size_max, percent);
        for (std::size_t size = 0; size < size_max; size += size < 80 ? 1 : step) some.check(size);
        some.check(size_max);
    }
}

// Runs of unknown numbers among known ones.
void check_runs(crowded_nation& nation, int rounds) {
    batches some{nation};
    for (int round = 0; round < rounds; ++round)
        for (const std::size_t run : {5U, 33U, 80U, 200U, 600U}) {
            const auto period = run + 1 + some.random() % (2 * run);
            const auto from = some.random() % period;
            some.fill(size_max, [&](std::size_t i) { return (i + from) % period < run; });
            some.check(size_max);
        }
}

}  // namespace

TEST_CASE("unknown numbers in any share of a batch leave every verdict right, at a load of 0.9") {
    crowded_nation nation{10, 18};
    check_sizes(nation, 397);
    check_runs(nation, 4);
}

TEST_CASE("unknown numbers in any share of a batch of any size leave every verdict right" *
          doctest::test_suite("slow")) {
    for (const std::uint64_t records : {10U, 30U, 43U}) {
        crowded_nation nation{24, records};
        check_sizes(nation, records == 43 ? 1 : 31);
        check_runs(nation, 50);
    }
}

// XACTHUC_BATCH_REQUESTS sets how many requests are answered, all kernels together.
TEST_CASE("batches of random sizes and shares of unknown numbers are answered rightly" *
          doctest::test_suite("nightly")) {
    const char* const wanted = std::getenv("XACTHUC_BATCH_REQUESTS");
    const auto count_max = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 1'000'000'000ULL;
    crowded_nation sparse{24, 30};
    crowded_nation crowded{24, 43};
    std::array<batches, 2> some{batches{sparse}, batches{crowded}};
    std::uint64_t count = 0;
    while (count < count_max)
        for (auto& each : some) {
            const auto percent = shares_percent[each.random() % shares_percent.size()];
            const auto run = 1 + each.random() % 200;
            const bool in_runs = each.random() % 3 == 0;
            const auto most = 1 + each.random() % size_max;
            each.fill(most, [&](std::size_t i) { return in_runs ? i / run % 2 == 0 : each.random() % 100 < percent; });
            for (int again = 0; again < 8; ++again) {
                const auto size = each.random() % (most + 1);
                each.check(size);
                count += size * kernels::available().size();
            }
        }
    MESSAGE(count, " requests answered");
}
