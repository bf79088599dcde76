// SPDX-License-Identifier: Apache-2.0
// Citizens asked about most: bounds that hold for every citizen, beside exact counts and classic space-saving.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <thread>
#include <unordered_map>
#include <vector>
#include <xacthuc/guard/heavy_subjects.hpp>

#include "unit/guard/guard_inputs.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// Metwally et al. (2005), with 1,024 counters: slow and obvious.
class space_saving {
  public:
    void add(std::uint64_t id) {
        if (counts_.size() < 1024 || counts_.contains(id)) {
            ++counts_[id];
            return;
        }
        const auto least = std::ranges::min_element(counts_, {}, [](const auto& e) { return e.second; });
        const auto count = least->second + 1;
        counts_.erase(least);
        counts_[id] = count;
    }
    [[nodiscard]] std::uint64_t at_most(std::uint64_t id) const {
        if (const auto found = counts_.find(id); found != counts_.end()) return found->second;
        return counts_.size() < 1024
                   ? 0
                   : std::ranges::min_element(counts_, {}, [](const auto& e) { return e.second; })->second;
    }

  private:
    std::unordered_map<std::uint64_t, std::uint64_t> counts_;
};

// The k-th citizen is asked about with a probability of about 1 / k.
[[nodiscard]] std::uint64_t skewed(std::mt19937_64& random, std::uint64_t people) {
    return static_cast<std::uint64_t>(
               std::pow(static_cast<double>(people), std::uniform_real_distribution<double>{}(random))) *
           7919 % 1'000'000'007;
}

void add_some(heavy_subjects& to, std::span<const std::uint64_t> ids, const subject_place& place, std::uint16_t day) {
    auto adding = to.add_on(day);
    for (const auto id : ids)
        if (adding.add(place(id))) static_cast<void>(adding.track(place(id), id));
    adding.note_asked(ids.size());
}

void add_all(heavy_subjects& to, const std::vector<std::uint64_t>& ids, const subject_place& place) {
    for (std::size_t from = 0; from < ids.size(); from += 512)
        add_some(to, std::span{ids}.subspan(from, std::min<std::size_t>(512, ids.size() - from)), place, today);
}

}  // namespace

TEST_CASE("counts are never too small, sure counts never too large, and all who are heavy are named") {
    const auto place = key_of_tests().places();
    std::mt19937_64 random{11};
    heavy_subjects heavy{2};
    space_saving classic;
    std::unordered_map<std::uint64_t, std::uint64_t> exact;
    std::vector<std::uint64_t> ids(200'000);
    for (auto& id : ids) {
        id = skewed(random, 5'000'000);
        ++exact[id];
    }
    for (std::size_t i = 0; i < 30'000; ++i) classic.add(ids[i]);
    add_all(heavy, ids, place);
    std::size_t over_256 = 0;
    double over_sum = 0;
    for (const auto& [id, count] : exact) {
        const auto told = heavy.of(place(id), id, today);
        REQUIRE(told.at_most >= count);
        CHECK(told.surely <= count);
        over_256 += told.at_most - count > ids.size() / 256;
        over_sum += static_cast<double>(told.at_most - count);
    }
    MESSAGE("over-count: " << over_sum / static_cast<double>(exact.size()) << " on average, N / 8,192 is "
                           << static_cast<double>(ids.size()) / 8'192 << "; above N / 256: " << over_256 << " of "
                           << exact.size());
    CHECK(over_256 * 32 < exact.size());
    const auto most = heavy.most(1000, today);
    for (const auto& [id, count] : exact)
        if (count > ids.size() / 512) CHECK(std::ranges::count(most, id, &heavy_subject::id) == 1);
    // The reference keeps the same promise at both ends.
    std::unordered_map<std::uint64_t, std::uint64_t> exact_start;
    for (std::size_t i = 0; i < 30'000; ++i) ++exact_start[ids[i]];
    for (const auto& [id, count] : exact_start) {
        CHECK(classic.at_most(id) >= count);
        CHECK(classic.at_most(id) <= count + 30'000 / 1024 + 1);
    }
}

TEST_CASE("threads lose nothing") {
    const auto place = key_of_tests().places();
    heavy_subjects heavy{4};
    constexpr std::uint64_t each_count = 3'000;
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t t = 0; t < 6; ++t)  // more than shards
            threads.emplace_back([&, t] {
                std::vector<std::uint64_t> ids;
                for (std::uint64_t i = 0; i < each_count; ++i) {
                    ids.push_back(77);
                    ids.push_back(1'000'000 * (t + 1) + i);
                }
                add_all(heavy, ids, place);
            });
    }
    const auto told = heavy.of(place(77), 77, today);
    CHECK(told.at_most >= 6 * each_count);
    CHECK(told.surely <= 6 * each_count);
    CHECK(told.surely + 4 * heavy_subjects::row_min >= 6 * each_count);
    CHECK(heavy.most(1, today).front().id == 77);
    CHECK(heavy.most(1, static_cast<std::uint16_t>(today + 1)).empty());
}

TEST_CASE("a new day begins at none, and who is late counts to it") {
    const auto place = key_of_tests().places();
    heavy_subjects heavy{1};
    add_all(heavy, std::vector<std::uint64_t>(100, 5), place);
    const auto tomorrow = static_cast<std::uint16_t>(today + 1);
    const std::vector<std::uint64_t> ids(40, 5);
    add_some(heavy, ids, place, tomorrow);
    CHECK(heavy.of(place(5), 5, today).at_most == 0);
    CHECK(heavy.of(place(5), 5, tomorrow).at_most == 40);
    add_some(heavy, ids, place, today);
    CHECK(heavy.of(place(5), 5, tomorrow).at_most == 80);
}
