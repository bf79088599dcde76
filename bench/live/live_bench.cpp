// SPDX-License-Identifier: Apache-2.0
#include "live/live_bench.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/index/index_builder.hpp>
#include <xacthuc/registry/registry.hpp>

#include "live/changing_citizens.hpp"
#include "population/planted_request.hpp"
#include "registry/registry_files.hpp"
#include "whole/parallel.hpp"

namespace xacthuc::bench {
namespace {

using clock = std::chrono::steady_clock;
using seconds = std::chrono::duration<double>;

constexpr std::size_t batch_requests = 1000;
constexpr std::size_t pool_requests = std::size_t{1} << 20;
constexpr std::size_t looks_a_batch = 2;
constexpr std::uint64_t burst_changes = 100;  // a writer's, between two looks at the clock

[[nodiscard]] double since(clock::time_point start) {
    return seconds{clock::now() - start}.count();
}

[[nodiscard]] double quantile_us(std::vector<double>& of, double q) {
    if (of.empty()) return 0;
    const auto at = static_cast<std::ptrdiff_t>(q * static_cast<double>(of.size() - 1));
    std::ranges::nth_element(of, of.begin() + at);
    return of[static_cast<std::size_t>(at)] * 1e6;
}

// What readers came to in a stretch of time.
struct reading {
    double per_second = 0;
    std::vector<double> batch_seconds;
};

// Asks the standard question of everybody, and now and then looks at those who change.
class reader_crew {
  public:
    reader_crew(const population& nation, const changing_citizens& changing, const digest_key& key, unsigned readers)
        : changing_{changing}, readers_{readers}, requests_(pool_requests), expected_(pool_requests) {
        planted_requests{nation, 0, request_mix::right_basic}.fill(0, requests_, expected_, key);
    }

    // Reads until told to stop.
    [[nodiscard]] reading read(const citizen_index& index, const std::function<void()>& meanwhile) {
        const engine answers{index};
        std::atomic<bool> stop{false};
        std::vector<std::vector<double>> times(readers_);
        const auto start = clock::now();
        double lasted = 0;
        {
            std::vector<std::jthread> crew;
            for (unsigned reader = 0; reader < readers_; ++reader)
                crew.emplace_back([&, reader] { work(index, answers, stop, reader, times[reader]); });
            meanwhile();
            stop = true;
            lasted = since(start);
        }
        reading all;
        for (const auto& mine : times) all.batch_seconds.insert(all.batch_seconds.end(), mine.begin(), mine.end());
        all.per_second = static_cast<double>(all.batch_seconds.size() * batch_requests) / lasted;
        return all;
    }

    void add_findings(live_result& to) const {
        to.torn = torn_;
        to.stale = stale_;
        to.looks = looks_;
        to.wrong_answers = wrong_;
    }

  private:
    void work(const citizen_index& index, const engine& answers, const std::atomic<bool>& stop, unsigned reader,
              std::vector<double>& times) {
        std::vector<verdict> found(batch_requests);
        std::uint64_t random = 0x9e37'79b9'7f4a'7c15U * (reader + 1);
        std::uint64_t torn = 0, stale = 0, looks = 0, wrong = 0;
        auto at = pool_requests / readers_ * reader / batch_requests * batch_requests;
        for (; !stop; at = at + 2 * batch_requests > pool_requests ? 0 : at + batch_requests) {
            const auto start = clock::now();
            static_cast<void>(answers.verify(std::span{requests_}.subspan(at, batch_requests), found));
            times.push_back(since(start));
            for (std::size_t i = 0; i < batch_requests; ++i)
                wrong += found[i].outcome() != expected_[at + i].outcome() ? 1 : 0;
            for (std::size_t i = 0; i < looks_a_batch; ++i, ++looks) {
                random = random * 6'364'136'223'846'793'005U + 1;
                const auto finding = changing_.look(index, random >> 33);
                torn += finding == changing_citizens::finding::torn ? 1 : 0;
                stale += finding == changing_citizens::finding::stale ? 1 : 0;
            }
        }
        torn_ += torn;
        stale_ += stale;
        looks_ += looks;
        wrong_ += wrong;
    }

    const changing_citizens& changing_;
    unsigned readers_;
    std::vector<request> requests_;
    std::vector<verdict> expected_;
    std::atomic<std::uint64_t> torn_{0}, stale_{0}, looks_{0}, wrong_{0};
};

// The syncs of a database, timed as they pass the gate. Used by one thread.
class sync_watch {
  public:
    [[nodiscard]] const database_gate& gate() const noexcept { return gate_; }
    [[nodiscard]] std::vector<double>& times() noexcept { return times_; }

  private:
    static int before(void* me, const database_step& step) {
        if (step.call == database_call::sync) static_cast<sync_watch*>(me)->start_ = clock::now();
        return 0;
    }
    static void after(void* me, const database_step& step, int) {
        auto& mine = *static_cast<sync_watch*>(me);
        if (step.call == database_call::sync) mine.times_.push_back(since(mine.start_));
    }

    database_gate gate_{this, before, after};
    clock::time_point start_;
    std::vector<double> times_;
};

class live_bench {
  public:
    explicit live_bench(const live_options& options)
        : options_{options},
          nation_{population::create(options.seed, options.citizens).value()},
          changing_{nation_, std::min(options.changing, options.citizens), digests_},
          crew_{nation_, changing_, digests_, std::max(options.readers, 1U)} {}

    [[nodiscard]] detailed_result<live_result> run() {
        if (auto done = build(); !done) return done.error();
        if (auto done = measure_rounds(); !done) return done.error();
        if (auto done = measure_upserts(); !done) return done.error();
        const auto directory = options_.folder / "registry";
        report("registry", 0);
        if (auto done = registry::create(directory, *index_, digests_, authority_, {.threads = options_.threads});
            !done)
            return done.error();
        index_.reset();
        if (auto done = measure_durable(directory); !done) return done.error();
        if (auto done = measure_reopening(); !done) return done.error();
        crew_.add_findings(result_);
        return result_;
    }

  private:
    void report(std::string_view stage, std::uint64_t done, std::uint64_t total = 0) const {
        if (options_.report) options_.report(stage, done, total);
    }

    [[nodiscard]] detailed_result<void> build() {
        constexpr std::size_t step = 4096;
        auto builder = index_builder::create({.digest_key_fingerprint = digests_.fingerprint(),
                                              .as_of = {1, 1},
                                              .citizens_expected = options_.citizens});
        if (!builder) return builder.error();
        {
            auto appender = builder->make_appender();
            std::vector<record> records;
            for (std::uint64_t first = 0; first < options_.citizens; first += step) {
                records.resize(std::min<std::uint64_t>(step, options_.citizens - first));
                nation_.fill_records(first, records, digests_);
                for (std::size_t i = 0; i < records.size(); ++i)
                    if (auto done = appender.append(records[i], first + i); !done) return done;
                report("people", first, options_.citizens);
            }
        }
        auto built = std::move(*builder).build(options_.threads);
        if (!built) return built.error();
        index_.emplace(std::move(*built));
        return {};
    }

    void wait_a_round() const { std::this_thread::sleep_for(seconds{options_.round_seconds}); }

    // Changes at the rate asked for, for the length of a round. Returns the changes made.
    [[nodiscard]] result<std::uint64_t> change_for_a_round() {
        std::uint64_t made = 0;
        const auto start = clock::now();
        while (since(start) < options_.round_seconds) {
            for (std::uint64_t i = 0; i < burst_changes; ++i, ++made) {
                const auto next = changing_.next();
                if (const auto done = index_->upsert(next.after); !done) return done.error();
                changing_.made(next);
            }
            std::this_thread::sleep_until(
                start + std::chrono::duration_cast<clock::duration>(
                            seconds{static_cast<double>(made) / static_cast<double>(options_.changes_per_second)}));
        }
        return made;
    }

    // Quiet and live by turns, the one first and then the other.
    [[nodiscard]] detailed_result<void> measure_rounds() {
        std::vector<double> quiet, live, ratios, rates, quiet_times, live_times;
        for (unsigned round = 0; round <= options_.rounds; ++round) {
            report("rounds", round, options_.rounds);
            reading still, moving;
            result<std::uint64_t> made = 0U;
            const auto be_still = [&] { still = crew_.read(*index_, [&] { wait_a_round(); }); };
            if (round % 2 == 0) be_still();
            moving = crew_.read(*index_, [&] { made = change_for_a_round(); });
            if (!made) return failure{made.error(), "while readers run"};
            if (round % 2 != 0) be_still();
            if (round == 0) continue;  // warming up
            quiet.push_back(still.per_second);
            live.push_back(moving.per_second);
            ratios.push_back(moving.per_second / still.per_second);
            rates.push_back(static_cast<double>(*made) / options_.round_seconds);
            quiet_times.insert(quiet_times.end(), still.batch_seconds.begin(), still.batch_seconds.end());
            live_times.insert(live_times.end(), moving.batch_seconds.begin(), moving.batch_seconds.end());
        }
        result_.quiet_per_second = median(quiet);
        result_.live_per_second = median(live);
        result_.ratio = median(ratios);
        result_.changes_per_second = median(rates);
        result_.p999_quiet_us = quantile_us(quiet_times, 0.999);
        result_.p999_live_us = quantile_us(live_times, 0.999);
        return {};
    }

    // One thread, as fast as it goes, with the cache lines of the next changes on their way.
    [[nodiscard]] detailed_result<void> measure_upserts() {
        constexpr std::size_t ahead = 16;
        report("upserts", 0);
        std::vector<double> rates;
        std::vector<changing_citizens::next_change> changes(1000);
        for (unsigned round = 0; round < std::max(options_.rounds, 1U); ++round) {
            std::uint64_t made = 0;
            double spent = 0;
            while (spent < options_.round_seconds) {
                for (auto& one : changes) {
                    one = changing_.next();
                    changing_.made(one);
                }
                const auto start = clock::now();
                for (std::size_t i = 0; i < changes.size(); ++i) {
                    if (i + ahead < changes.size())
                        index_->prefetch(personal_id::from_trusted(layout::id.get(changes[i + ahead].after.words[0])));
                    if (const auto done = index_->upsert(changes[i].after); !done)
                        return failure{done.error(), "upserts alone"};
                }
                spent += since(start);
                made += changes.size();
            }
            rates.push_back(static_cast<double>(made) / spent);
        }
        result_.upserts_per_second = median(rates);
        return {};
    }

    [[nodiscard]] detailed_result<void> apply_some(registry& into, std::uint64_t count, std::vector<double>& times) {
        std::vector<changing_citizens::next_change> next;
        std::vector<change> changes;
        for (std::uint64_t made = 0; made < count; made += changes.size()) {
            next.clear();
            changes.clear();
            for (std::uint64_t i = 0; i < std::min(options_.durable_batch, count - made); ++i) {
                next.push_back(changing_.next());
                changes.push_back(change::upsert(next.back().after));
                changing_.made(next.back());  // nobody reads now
            }
            const auto start = clock::now();
            if (auto done = into.apply(changes); !done) return done.error();
            times.push_back(since(start));
            report("durable", made, count);
        }
        return {};
    }

    [[nodiscard]] detailed_result<void> measure_durable(const std::filesystem::path& directory) {
        sync_watch syncs;
        auto opened = registry_opener::open({plain_system().files, &syncs.gate()}, directory, authority_.public_key(),
                                            {.threads = options_.threads, .authority = authority_});
        if (!opened) return opened.error();
        // Changes in the index made before are in its first snapshot; these are the log's.
        syncs.times().clear();
        std::vector<double> times;
        if (auto done = apply_some(*opened, options_.durable_changes, times); !done) return done;
        double spent = 0;
        for (const auto one : times) spent += one;
        result_.durable_changes_per_second = static_cast<double>(options_.durable_changes) / spent;
        result_.fsync_per_second = static_cast<double>(syncs.times().size()) / spent;
        result_.apply_p50_us = quantile_us(times, 0.5);
        result_.apply_p99_us = quantile_us(times, 0.99);
        result_.fsync_p50_us = quantile_us(syncs.times(), 0.5);
        result_.fsync_p99_us = quantile_us(syncs.times(), 0.99);
        keep_as_after_a_crash(directory);
        return measure_checkpoint(*opened);
    }

    // The files as they are now, which is what a killed process would leave.
    void keep_as_after_a_crash(const std::filesystem::path& directory) const {
        const auto crashed = options_.folder / "crashed";
        std::filesystem::create_directory(crashed);
        for (const auto& entry : std::filesystem::directory_iterator{directory}) {
            const auto to = crashed / entry.path().filename();
            if (entry.path().extension() == ".xts")
                std::filesystem::create_hard_link(entry.path(), to);
            else if (!entry.path().string().ends_with("-shm"))
                std::filesystem::copy_file(entry.path(), to);
        }
    }

    [[nodiscard]] detailed_result<void> measure_checkpoint(registry& of) {
        report("checkpoint", 0);
        detailed_result<checkpoint_facts> made = checkpoint_facts{};
        auto read = crew_.read(of.index(), [&] {
            const auto start = clock::now();
            made = of.checkpoint();
            result_.checkpoint_seconds = since(start);
        });
        if (!made) return made.error();
        result_.checkpoint_per_second = read.per_second;
        result_.p999_checkpoint_us = quantile_us(read.batch_seconds, 0.999);
        return {};
    }

    [[nodiscard]] detailed_result<void> measure_reopening() {
        report("reopen", 0);
        const auto opened =
            registry::open(options_.folder / "crashed", authority_.public_key(), {.threads = options_.threads});
        if (!opened) return opened.error();
        result_.load_seconds = opened->opening().load_seconds;
        result_.reopen_seconds = opened->opening().replay_seconds;
        if (opened->opening().changes_replayed != options_.durable_changes)
            return failure{errc::sequence_gap, "changes are missing after the crash"};
        static_cast<void>(crew_.read(opened->index(), [&] { wait_a_round(); }));
        return {};
    }

    const live_options& options_;
    digest_key digests_ = digest_key::generate();
    authority_key authority_ = authority_key::generate();
    population nation_;
    changing_citizens changing_;
    reader_crew crew_;
    std::optional<citizen_index> index_;
    live_result result_;
};

}  // namespace

detailed_result<live_result> run_live_bench(const live_options& options) {
    if (const auto nation = population::create(options.seed, options.citizens); !nation)
        return failure{nation.error(), "citizens"};
    return std::make_unique<live_bench>(options)->run();
}

}  // namespace xacthuc::bench
