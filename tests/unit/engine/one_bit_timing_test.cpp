// SPDX-License-Identifier: Apache-2.0
// What an asker who may see one bit can tell from the time that his answer took: of a citizen who is in the register,
// nothing. Measured as dudect does: calls of all kinds in random order, the slowest left out, and Welch's t.
// Source: Reparaz, Balasch and Verbauwhede, "Dude, is my code constant time?" (2017).
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <random>

#include "unit/engine/small_nation.hpp"
#include "unit/policy/one_rule.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::size_t kind_count = 3;
const std::array<std::string, kind_count> kinds{"mismatch", "deceased", "unknown"};

const std::string all_may_be_asked =
    "may_ask = [\"name\", \"name_exact\", \"birth_date\", \"sex\", \"life\", \"registration\", \"account\", "
    "\"account_level\", \"document\", \"province\", \"ward\", \"document_valid_on\", \"born_on_or_before\", "
    "\"account_level_at_least\"]\nanswer = \"one_bit\"\nproof = []\n";

struct call {
    std::size_t kind = 0;
    double nanoseconds = 0;
};

struct difference {
    double nanoseconds = 0;  // of the means
    double t = 0;
};

class asker {
  public:
    explicit asker(small_nation& nation) : nation_{nation}, table_{one_rule(all_may_be_asked, 1)} {
        const auto planted = nation.ask(0, 60'000);
        for (std::size_t i = 0; i < planted.requests.size(); ++i) {
            auto q = planted.requests[i];
            q.words[3] = (q.words[3] & 0xffff'ffff) | request_layout::agency.put(1) | request_layout::procedure.put(1);
            const auto what = planted.expected[i].outcome();
            if (what == outcome::verified) verified_.push_back(q);
            if (what == outcome::deceased && (q.claims() & mask_of(claim::name)) != 0) {
                of_kind_[1].push_back(q);
                // The same citizen, so that the way to her record is as long, by another's name.
                q.words[1] ^= 0x5555'5555'5555'5555;
                q.words[3] ^= 0x5555'5555;
                of_kind_[0].push_back(q);
            }
            if (what == outcome::not_found) of_kind_[2].push_back(q);
        }
        const auto least = std::ranges::min(of_kind_, {}, [](const auto& each) { return each.size(); }).size();
        REQUIRE(least > 100);
        // As many of each kind, so that none is nearer in the caches than another.
        for (auto& each : of_kind_) each.resize(least);
    }

    // One question of a random kind among verified ones of others, and how long the answer takes.
    [[nodiscard]] call ask(std::size_t batch_size) {
        const auto kind = random_() % kind_count;
        batch_.resize(batch_size);
        answers_.resize(batch_size);
        for (auto& each : batch_) each = verified_[random_() % verified_.size()];
        const auto place = random_() % batch_size;
        batch_[place] = of_kind_[kind][random_() % of_kind_[kind].size()];
        request_batch asked{.requests = batch_};
        asked.proofs.now_unix_ms = 1'800'000'000'000;
        const engine with{nation_.index(), {.table = table_.get()}};
        const auto start = std::chrono::steady_clock::now();
        with.answer(asked, answers_);
        const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
        REQUIRE(answers_[place] == verdict{outcome::not_verified, 0, 0, 0});
        return {kind, took.count()};
    }

  private:
    small_nation& nation_;
    std::shared_ptr<const policy_table> table_;
    std::array<std::vector<request>, kind_count> of_kind_;
    std::vector<request> verified_;
    std::vector<request> batch_;
    std::vector<verdict> answers_;
    std::mt19937_64 random_{7};
};

// Welch's t of two kinds, of calls below a limit.
[[nodiscard]] difference difference_of(std::span<const call> calls, std::size_t a, std::size_t b, double limit) {
    const auto of = [&](std::size_t kind) {
        double count = 0;
        double sum = 0;
        double squares = 0;
        for (const auto& each : calls) {
            if (each.kind != kind || each.nanoseconds > limit) continue;
            ++count;
            sum += each.nanoseconds;
            squares += each.nanoseconds * each.nanoseconds;
        }
        const auto mean = sum / count;
        return std::array{mean, (squares / count - mean * mean) / count};
    };
    const auto x = of(a);
    const auto y = of(b);
    return {x[0] - y[0], (x[0] - y[0]) / std::sqrt(x[1] + y[1])};
}

}  // namespace

TEST_CASE("the time of a one-bit answer does not tell why a citizen was not verified" * doctest::test_suite("slow")) {
    small_nation nation{200'000};
    asker who{nation};
    constexpr std::size_t call_count = 1'000'000;
    for (const std::size_t batch_size : {std::size_t{1}, std::size_t{64}}) {
        for (int i = 0; i < 10'000; ++i) static_cast<void>(who.ask(batch_size));
        std::vector<call> calls(call_count);
        for (auto& each : calls) each = who.ask(batch_size);
        std::vector<double> times;
        for (const auto& each : calls) times.push_back(each.nanoseconds);
        const auto slow = times.begin() + static_cast<std::ptrdiff_t>(times.size() * 9 / 10);
        std::ranges::nth_element(times, slow);
        for (std::size_t a = 0; a < kind_count; ++a)
            for (std::size_t b = a + 1; b < kind_count; ++b) {
                const auto found = difference_of(calls, a, b, *slow);
                MESSAGE("batch of " << batch_size << ", " << kinds[a] << " against " << kinds[b] << ": "
                                    << found.nanoseconds << " ns, t = " << found.t);
                // How long the way to a record is depends on the record, and the way to none is another: who is not in
                // the register can be told by many calls within the process. What the record says cannot.
                if (b < 2) CHECK(std::abs(found.t) < 4.5);
            }
    }
}
