// SPDX-License-Identifier: Apache-2.0
// What the guards add to a request, all together and each alone: admit and settle over blocks of 512.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>
#include <xacthuc/guard/guards.hpp>
#include <xacthuc/guard/miss_ratio.hpp>
#include <xacthuc/guard/officer_subjects.hpp>
#include <xacthuc/guard/replay_window.hpp>
#include <xacthuc/guard/subject_sketch.hpp>

namespace xacthuc {
namespace {

constexpr std::size_t block = guards::block_max;
constexpr std::size_t blocks = 24;  // so few that they stay near, as the requests of a batch do between its stages
constexpr std::int64_t now_ms = 1'795'000'000'000;
constexpr std::uint16_t day = policy_day_of(now_ms);
constexpr rule usual_rule{
    .may_ask = all_claims, .misses_per_citizen_day = 5, .per_second = 1'000'000'000, .per_day = no_limit - 1};

[[nodiscard]] request asked_about(std::uint64_t id, std::uint64_t agency, std::uint64_t procedure) {
    request asked;
    asked.words[0] = request_layout::id.put(id) | request_layout::claims.put(1);
    asked.words[3] = request_layout::agency.put(agency) | request_layout::procedure.put(procedure);
    return asked;
}

// Questions about 10 million citizens.
struct questions {
    explicit questions(std::uint64_t agencies, std::uint64_t procedures, std::uint64_t misses_per_mille) {
        std::mt19937_64 random{1};
        for (std::size_t i = 0; i < block * blocks; ++i) {
            requests.push_back(
                asked_about(1'000'000'000 + random() % 10'000'000, 1 + random() % agencies, 1 + random() % procedures));
            rules.push_back(&usual_rule);
            const auto what = random() % 1000 < misses_per_mille ? outcome::claim_mismatch : outcome::verified;
            verdicts.emplace_back(what, claim_mask{0}, claim_mask{0}, claim_mask{0});
        }
    }
    std::vector<request> requests;
    std::vector<const rule*> rules;
    std::vector<verdict> verdicts;
};

[[nodiscard]] guards_options nation() {
    guards_options options;
    for (std::uint16_t agency = 1; agency <= 200; ++agency)
        options.volumes.push_back({agency, 4'000'000'000, 4'000'000'000});
    options.decoys = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    return options;
}

enum class part { admit, settle, both };

// Arguments: agencies, procedures, failures per mille.
void all_guards(benchmark::State& state, part which, std::uint64_t officer) {
    const questions asked(static_cast<std::uint64_t>(state.range(0)), static_cast<std::uint64_t>(state.range(1)),
                          static_cast<std::uint64_t>(state.range(2)));
    const auto all = std::make_unique<guards>(nation());
    std::array<outcome, block> refused;
    guard_block found;
    const guard_asker asker{.agency = 1, .officer = officer, .now_unix_ms = now_ms};
    // As after a busy morning: the sketches have seen many.
    std::mt19937_64 random{2};
    std::array<request, block> other;
    const std::array<verdict, block> answered = [] {
        std::array<verdict, block> all_verified;
        all_verified.fill({outcome::verified, 0, 0, 0});
        return all_verified;
    }();
    for (int k = 0; k < 4000; ++k) {
        for (auto& each : other)
            each = asked_about(1'000'000'000 + random() % 10'000'000,
                               asked.requests[static_cast<std::size_t>(k)].agency(), 1);
        all->settle(other, {asked.rules.data(), block}, answered, asker);
    }
    std::size_t b = 0;
    for (auto _ : state) {
        const std::span requests{asked.requests.data() + b * block, block};
        const std::span rules{asked.rules.data() + b * block, block};
        auto* const between = which == part::both ? &found : nullptr;
        if (which != part::settle) benchmark::DoNotOptimize(all->admit(requests, rules, asker, refused, between));
        if (which != part::admit)
            all->settle(requests, rules, {asked.verdicts.data() + b * block, block}, asker, between);
        b = (b + 1) % blocks;
    }
    state.counters["ns"] = benchmark::Counter(static_cast<double>(state.iterations()) * block,
                                              benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(block));
}

// Each guard alone, over places that are ready.
template <class Step>
void one_guard(benchmark::State& state, const Step& step) {
    const questions asked(1, 1, 30);
    const auto place = guard_key::generate().places();
    std::vector<std::uint64_t> ids;
    std::vector<std::uint64_t> places;
    for (const auto& each : asked.requests) {
        ids.push_back(each.id());
        places.push_back(place(each.id()));
    }
    std::size_t b = 0;
    for (auto _ : state) {
        step(std::span{places.data() + b * block, block}, std::span{ids.data() + b * block, block});
        b = (b + 1) % blocks;
    }
    state.counters["ns"] = benchmark::Counter(static_cast<double>(state.iterations()) * block,
                                              benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void place(benchmark::State& state) {
    const auto of = guard_key::generate().places();
    one_guard(state, [&](auto, auto ids) {
        std::uint64_t sum = 0;
        for (const auto id : ids) sum ^= of(id);
        benchmark::DoNotOptimize(sum);
    });
}
void quota_block(benchmark::State& state) {
    quota limits;
    one_guard(state, [&](auto places, auto) {
        benchmark::DoNotOptimize(
            limits.charge(1, 1, usual_rule, now_ms, day, static_cast<std::uint32_t>(places.size())));
    });
}
void quota_single(benchmark::State& state) {
    quota limits;
    one_guard(state, [&](auto places, auto) {
        for (std::size_t i = 0; i < places.size(); ++i)
            benchmark::DoNotOptimize(limits.charge_one(1, 1, usual_rule, now_ms, day));
    });
}
void misses_looked_up(benchmark::State& state) {
    miss_budget budget;
    one_guard(state, [&](auto places, auto) {
        const auto filter = budget.filter(day);
        bool any = false;
        for (const auto each : places) any |= filter.may_have_reached(each);
        benchmark::DoNotOptimize(any);
    });
}
void misses_added(benchmark::State& state) {
    miss_budget budget;
    one_guard(state, [&](auto places, auto) {
        for (const auto each : places) budget.prefetch(each);
        for (const auto each : places) budget.add(each, day);
    });
}
void sketch(benchmark::State& state) {
    word_table memory{subject_sketch::memory_words};
    subject_sketch of_agency{memory.words()};
    one_guard(state, [&](auto places, auto) {
        subject_sketch::growth grown;
        for (const auto each : places) of_agency.add(each, {day, 320}, grown);
        benchmark::DoNotOptimize(grown.day_sum);
    });
}
void heavy(benchmark::State& state) {
    heavy_subjects most;
    one_guard(state, [&](auto places, auto ids) {
        auto adding = most.add_on(day);
        for (std::size_t i = 0; i < places.size(); ++i)
            if (adding.add(places[i])) benchmark::DoNotOptimize(adding.track(places[i], ids[i]));
        adding.note_asked(places.size());
    });
}
void officer(benchmark::State& state) {
    officer_subjects of{16};
    one_guard(state, [&](auto places, auto) {
        bool any = false;
        for (const auto each : places) any |= of.add(3, each, day_word::mark_of(day));
        benchmark::DoNotOptimize(any);
    });
}
void proofs(benchmark::State& state) {
    const auto key = guard_key::generate();
    proof_window window;
    std::array<std::byte, 16> nonce{};
    std::uint64_t number = 0;
    for (auto _ : state) {
        ++number;
        std::copy_n(reinterpret_cast<const std::byte*>(&number), 8, nonce.begin());
        const auto issued = now_ms + static_cast<std::int64_t>(number / 20);
        benchmark::DoNotOptimize(window.take(key.fingerprint(number, nonce), issued, issued));
    }
}
void batches(benchmark::State& state) {
    replay_window window;
    window.reserve(~std::uint64_t{0});
    std::uint64_t counter = 0;
    for (auto _ : state) benchmark::DoNotOptimize(window.take(++counter));
}

int register_all() {
    const auto with_mixes = [](const char* name, part which, std::uint64_t who) {
        benchmark::RegisterBenchmark(name, all_guards, which, who)
            ->ArgNames({"agencies", "procedures", "misses"})
            ->Args({1, 1, 0})
            ->Args({1, 1, 30})
            ->Args({1, 1, 300})
            ->Args({1, 8, 30})
            ->Args({200, 60, 30});
    };
    with_mixes("admit", part::admit, 0);
    with_mixes("settle", part::settle, 0);
    with_mixes("all", part::both, 0);
    with_mixes("all/officer", part::both, 7);
    benchmark::RegisterBenchmark("place", place);
    benchmark::RegisterBenchmark("quota/block", quota_block);
    benchmark::RegisterBenchmark("quota/single", quota_single);
    benchmark::RegisterBenchmark("misses/looked_up", misses_looked_up);
    benchmark::RegisterBenchmark("misses/added", misses_added);
    benchmark::RegisterBenchmark("sketch", sketch);
    benchmark::RegisterBenchmark("heavy", heavy);
    benchmark::RegisterBenchmark("officer", officer);
    benchmark::RegisterBenchmark("proof", proofs);
    benchmark::RegisterBenchmark("batch", batches);
    return 0;
}

[[maybe_unused]] const int registered = register_all();

}  // namespace
}  // namespace xacthuc

BENCHMARK_MAIN();
