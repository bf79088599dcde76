// SPDX-License-Identifier: Apache-2.0
#include "permission/measure_permission.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <random>
#include <thread>
#include <vector>
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/engine/live_policy.hpp>
#include <xacthuc/guard/guards.hpp>

namespace xacthuc::bench {
namespace {

using clock = std::chrono::steady_clock;

[[nodiscard]] double seconds_since(clock::time_point start) {
    return std::chrono::duration<double>(clock::now() - start).count();
}

[[nodiscard]] double middle(std::vector<double> of, double part = 0.5) {
    const auto at = of.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(of.size() - 1) * part);
    std::nth_element(of.begin(), at, of.end());
    return *at;
}

constexpr std::int64_t first_day_ms = 1'800'000'000'000;
constexpr std::int64_t day_ms = 86'400'000;

class permission_bench {
  public:
    permission_bench(const citizen_index& index, std::span<request> requests,
                     std::shared_ptr<const policy_table> policy, const permission_options& how)
        : index_{index},
          requests_{requests},
          policy_{policy},
          live_{std::move(policy)},
          how_{how},
          answers_(requests.size()),
          expected_(requests.size()) {}

    // `of_batch` where a batch is of one agency, so that the host says who asks.
    [[nodiscard]] permission_rates measure(bool of_batch) {
        of_batch_ = of_batch;
        permission_rates made;
        const engine bare{index_};
        const engine policed{index_, {.policy = &live_}};
        const engine guarded{index_, {.policy = &live_, .watch = &watch_}};
        std::vector<double> rates[3];
        std::vector<double> ratios[2];
        const auto count = static_cast<double>(requests_.size());
        for (unsigned round = 0; round < how_.rounds; ++round) {
            // A day a round: misses are of a day, and the same questions come again.
            now_ += day_ms;
            // The first questions of a day are dearer, as nobody has asked about these citizens yet; a day has many
            // more.
            static_cast<void>(ask(guarded, answers_));
            const auto bare_seconds = ask(bare, expected_);
            rates[0].push_back(count / bare_seconds);
            std::size_t k = 1;
            for (const auto* each : {&policed, &guarded}) {
                const auto seconds = ask(*each, answers_);
                rates[k].push_back(count / seconds);
                ratios[k - 1].push_back(bare_seconds / seconds);
                made.wrong_answers += wrong_answers();
                ++k;
            }
        }
        made.bare_per_second = middle(rates[0]);
        made.policy_per_second = middle(rates[1]);
        made.guarded_per_second = middle(rates[2]);
        made.policy_ratio = middle(ratios[0]);
        made.guarded_ratio = middle(ratios[1]);
        return made;
    }

    // How much slower the slowest thousandth of batches is while another thread exchanges policies.
    [[nodiscard]] double measure_swaps() {
        const auto quiet = batch_times();
        std::atomic<bool> done{false};
        std::thread other{[&] {
            const auto second =
                std::make_shared<const policy_table>(policy_table::from_bytes(policy_->bytes()).value());
            for (std::size_t k = 0; !done; ++k) {
                live_.replace(k % 2 == 0 ? second : policy_);
                std::this_thread::sleep_for(std::chrono::milliseconds{1});
            }
        }};
        const auto busy = batch_times();
        done = true;
        other.join();
        return middle(busy, 0.999) / middle(quiet, 0.999);
    }

    [[nodiscard]] double decisions_per_second() const {
        std::uint64_t allowed = 0;
        const auto start = clock::now();
        for (int round = 0; round < 4; ++round)
            for (const auto& q : requests_)
                allowed +=
                    permits(policy_->of(q.agency(), q.procedure()),
                            {.claims = q.claims(), .proofs = 0, .day = policy_day_of(now_)}) == outcome::verified;
        const auto seconds = seconds_since(start);
        return allowed == 0 ? 0 : 4.0 * static_cast<double>(requests_.size()) / seconds;
    }
    [[nodiscard]] std::uint64_t guards_bytes() const { return watch_.memory_bytes(); }

  private:
    void ask_batch(const engine& whom, std::size_t from, std::size_t size, std::vector<verdict>& answers) const {
        request_batch asked{.requests = requests_.subspan(from, size)};
        asked.proofs.now_unix_ms = now_ + static_cast<std::int64_t>(from >> 10);
        if (of_batch_) asked.asker = asked.requests.front().agency();
        whom.answer(asked, std::span{answers}.subspan(from, size));
    }
    [[nodiscard]] double ask(const engine& whom, std::vector<verdict>& answers) const {
        const auto start = clock::now();
        for (std::size_t from = 0; from < requests_.size(); from += how_.batch_items)
            ask_batch(whom, from, std::min(how_.batch_items, requests_.size() - from), answers);
        return seconds_since(start);
    }
    // Some citizens are asked about so often that their misses are used up, which is right.
    [[nodiscard]] std::uint64_t wrong_answers() const {
        std::uint64_t wrong = 0;
        for (std::size_t i = 0; i < answers_.size(); ++i)
            wrong += answers_[i] != expected_[i] && answers_[i].outcome() != outcome::misses_used_up;
        return wrong;
    }
    [[nodiscard]] std::vector<double> batch_times() {
        const engine policed{index_, {.policy = &live_}};
        std::vector<double> times;
        for (std::size_t from = 0; from + how_.batch_items <= requests_.size(); from += how_.batch_items) {
            const auto start = clock::now();
            ask_batch(policed, from, how_.batch_items, answers_);
            times.push_back(seconds_since(start));
        }
        return times;
    }

    const citizen_index& index_;
    std::span<request> requests_;
    std::shared_ptr<const policy_table> policy_;
    live_policy live_;
    // Agencies that are known to ask much: all alarms are live, and none is raised.
    guards watch_{[] {
        guards_options options;
        options.volume_of_others = {.subjects_a_day = 5'000'000, .subjects_a_year = 100'000'000};
        return options;
    }()};
    const permission_options& how_;
    std::vector<verdict> answers_;
    std::vector<verdict> expected_;
    std::int64_t now_ = first_day_ms;
    bool of_batch_ = true;
};

void put(request& into, std::uint16_t agency, std::uint16_t procedure) {
    into.words[3] =
        (into.words[3] & 0xffff'ffff) | request_layout::agency.put(agency) | request_layout::procedure.put(procedure);
}

}  // namespace

permission_speed measure_permission(const citizen_index& index, std::span<request> requests,
                                    std::shared_ptr<const policy_table> policy, std::uint16_t agencies,
                                    std::uint16_t procedures, const permission_options& how) {
    std::mt19937 random{1};
    const auto any = [&](std::uint16_t of) { return static_cast<std::uint16_t>(1 + random() % of); };
    permission_speed made;
    permission_bench bench{index, requests, std::move(policy), how};
    const auto of_batches = [&](unsigned procedures_a_batch) {
        for (std::size_t i = 0; i < requests.size();) {
            const auto agency = any(agencies);
            const auto first = any(procedures);
            for (const auto end = std::min(i + how.batch_items, requests.size()); i < end; ++i)
                put(requests[i], agency,
                    static_cast<std::uint16_t>(1 + (first + random() % procedures_a_batch) % procedures));
        }
    };
    of_batches(1);
    made.by_agency = bench.measure(true);
    made.swap_slowdown = bench.measure_swaps();
    of_batches(4);
    made.several = bench.measure(true);
    for (auto& each : requests) put(each, any(agencies), any(procedures));
    made.mixed = bench.measure(false);
    made.decisions_per_second = bench.decisions_per_second();
    made.guards_bytes = bench.guards_bytes();
    return made;
}

}  // namespace xacthuc::bench
