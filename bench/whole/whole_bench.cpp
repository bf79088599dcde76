// SPDX-License-Identifier: Apache-2.0
#include "whole/whole_bench.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <system_error>
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/index/index_builder.hpp>
#include <xacthuc/registry/snapshot.hpp>

#include "engine/kernel.hpp"
#include "population/planted_request.hpp"
#include "whole/line_reads.hpp"
#include "whole/parallel.hpp"
#include "whole/peers.hpp"
#include "whole/question_pool.hpp"

namespace xacthuc::bench {
namespace {

using clock = std::chrono::steady_clock;

[[nodiscard]] double seconds_since(clock::time_point start) {
    return std::chrono::duration<double>(clock::now() - start).count();
}

// Requests that a thread hands to verify() at a time.
constexpr std::size_t batch_size = 4096;
constexpr std::uint64_t block_size = 4096;

class whole_run {
  public:
    explicit whole_run(const whole_options& how, const population& people)
        : how_{how}, people_{people}, key_{digest_key::generate()}, authority_{authority_key::generate()} {}

    [[nodiscard]] detailed_result<whole_result> run() {
        result_.engine_kernel = kernels::chosen().name;
        result_.citizens = how_.citizens;
        result_.requests = how_.requests;
        result_.threads = how_.threads;
        auto built = build();
        if (!built) return built.error();
        std::optional<citizen_index> index{std::move(*built)};
        result_.bytes_per_citizen = static_cast<double>(index->memory_bytes()) / static_cast<double>(index->citizens());
        auto standard =
            make_pool(request_mix::right_basic, std::min<std::uint64_t>(how_.distinct_requests, how_.requests));
        if (!standard) return standard.error();
        if (how_.snapshot_folder) {
            auto loaded = save_and_load(index, *standard);
            if (!loaded) return loaded.error();
            index.emplace(std::move(*loaded));
        }
        measure_speed(*index, *standard);
        {
            auto mixed =
                make_pool(request_mix::every_kind, std::min<std::uint64_t>(how_.distinct_requests, how_.requests));
            if (!mixed) return mixed.error();
            do_the_job(*index, *mixed);
        }
        index.reset();  // each peer takes as much memory
        give_free_memory_back();
        if (how_.with_peers) measure_peers(*standard);
        return result_;
    }

  private:
    void report(std::string_view stage, std::uint64_t done = 0, std::uint64_t total = 0) const {
        if (how_.report) how_.report(stage, done, total);
    }

    [[nodiscard]] detailed_result<citizen_index> build() {
        index_builder::options options;
        options.placement_seed = how_.seed;
        options.digest_key_fingerprint = key_.fingerprint();
        options.as_of = {1, std::chrono::duration_cast<std::chrono::milliseconds>(
                                std::chrono::system_clock::now().time_since_epoch())
                                .count()};
        options.citizens_expected = how_.citizens;
        auto builder = index_builder::create(options);
        if (!builder) return builder.error();
        std::atomic<std::uint64_t> next{0};
        std::atomic<bool> failed{false};
        report("making people", 0, how_.citizens);
        result_.make_seconds = timed_parallel(how_.threads, [&](unsigned thread) {
            auto appender = builder->make_appender();
            std::vector<record> records;
            for (auto first = next.fetch_add(block_size); first < how_.citizens && !failed;
                 first = next.fetch_add(block_size)) {
                records.resize(std::min(block_size, how_.citizens - first));
                people_.fill_records(first, records, key_);
                for (std::size_t i = 0; i < records.size(); ++i)
                    if (!appender.append(records[i], first + i)) failed = true;
                if (thread == 0) report("making people", first, how_.citizens);
            }
        });
        if (failed) return failure{errc::out_of_memory, "while collecting records to index"};
        report("building the index", 0, partition_count);
        const auto start = clock::now();
        auto index = std::move(*builder).build(
            how_.threads, nullptr, [&](std::size_t done) { report("building the index", done, partition_count); });
        result_.build_seconds = seconds_since(start);
        return index;
    }

    [[nodiscard]] detailed_result<question_pool> make_pool(request_mix mix, std::uint64_t count) {
        report(mix == request_mix::right_basic ? "preparing requests of the standard question"
                                               : "preparing requests of every kind");
        result_.distinct_requests = std::max(result_.distinct_requests, count);
        return question_pool::create(planted_requests{people_, how_.seed, mix}, count, key_, how_.threads);
    }

    // Gives the index back once it is saved: there is room for one nation only.
    [[nodiscard]] detailed_result<citizen_index> save_and_load(std::optional<citizen_index>& index,
                                                               const question_pool& questions) {
        const auto path = *how_.snapshot_folder / "bench-nation.xts";
        const auto remove = [&] {
            std::error_code ignored;
            std::filesystem::remove(path, ignored);
        };
        report("saving the snapshot", 0, partition_count);
        const auto saving = clock::now();
        save_snapshot_options to;
        to.threads = how_.threads;
        to.report = [&](std::size_t done) { report("saving the snapshot", done, partition_count); };
        if (const auto saved = save_snapshot(*index, path, authority_, to); !saved) {
            remove();
            return saved.error();
        }
        result_.save_seconds = seconds_since(saving);
        index.reset();
        report("loading the snapshot", 0, partition_count);
        const auto loading = clock::now();
        load_snapshot_options from;
        from.threads = how_.threads;
        from.report = [&](std::size_t done) { report("loading the snapshot", done, partition_count); };
        auto loaded = load_snapshot(path, authority_.public_key(), from);
        if (loaded) {
            engine{*loaded}.verify(questions.requests().first(1), questions.answers().first(1));
            result_.load_seconds = seconds_since(loading);
            result_.wrong_answers += questions.take_wrong(1, 1);
        }
        remove();
        return loaded;
    }

    // Asks the first `count` questions once and returns the seconds that verify() took.
    [[nodiscard]] double ask(const citizen_index& index, const question_pool& questions, std::size_t count,
                             unsigned threads) {
        const engine e{index};
        return timed_parallel(threads, [&](unsigned thread) {
            const auto mine = share_of(count, threads, thread);
            for (std::size_t from = mine.first; from < mine.first + mine.count; from += batch_size) {
                const auto size = std::min(batch_size, mine.first + mine.count - from);
                e.verify(questions.requests().subspan(from, size), questions.answers().subspan(from, size));
            }
        });
    }

    void measure_speed(const citizen_index& index, const question_pool& questions) {
        const auto* const begin = index.block(0).data();
        const auto last = index.block(partition_count - 1);
        const std::span region{begin, static_cast<std::size_t>(last.data() + last.size() - begin)};
        const auto count = questions.requests().size();
        std::array<std::vector<double>, 2> verify;
        std::array<std::vector<double>, 2> ceiling;
        std::array<std::vector<double>, 2> ratio;
        for (unsigned round = 0; round < how_.rounds; ++round) {
            report("measuring beside the ceiling", round, how_.rounds);
            for (const std::size_t side : {0U, 1U}) {
                const auto threads = side == 0 ? 1 : how_.threads;
                ceiling[side].push_back(random_line_reads_per_second(region, count / threads, threads, round));
                verify[side].push_back(static_cast<double>(count) / ask(index, questions, count, threads));
                ratio[side].push_back(verify[side].back() / ceiling[side].back());
                result_.wrong_answers += questions.take_wrong(count, how_.threads);
            }
        }
        result_.one_thread = {median(verify[0]), median(ceiling[0]), median(ratio[0])};
        result_.all_threads = {median(verify[1]), median(ceiling[1]), median(ratio[1])};
        result_.scaling = result_.all_threads.verify_per_second / result_.one_thread.verify_per_second;
    }

    void do_the_job(const citizen_index& index, const question_pool& questions) {
        const auto pool = questions.requests().size();
        std::uint64_t passes = 0;
        for (std::uint64_t done = 0; done < how_.requests; done += pool) {
            report("verifying requests of every kind", done, how_.requests);
            const auto count = std::min<std::uint64_t>(pool, how_.requests - done);
            result_.job_seconds += ask(index, questions, count, how_.threads);
            result_.wrong_answers += questions.take_wrong(count, how_.threads);
            if (count == pool) {
                ++passes;
                continue;
            }
            for (const auto& [what, times] : questions.outcomes(count)) result_.outcomes[what] += times;
        }
        if (passes != 0)
            for (const auto& [what, times] : questions.outcomes(pool)) result_.outcomes[what] += times * passes;
        result_.job_per_second = static_cast<double>(how_.requests) / result_.job_seconds;
    }

    void measure_peers(const question_pool& questions) {
        const auto count = std::min<std::size_t>(questions.requests().size(), std::size_t{4} << 20);
        double fastest = 0;
        for (std::size_t i = 0; auto other = make_peer(i); ++i) {
            other->reserve(how_.citizens);
            std::vector<record> records;
            for (std::uint64_t first = 0; first < how_.citizens; first += block_size) {
                if (first % (block_size * 256) == 0) report(other->name(), first, how_.citizens);
                records.resize(std::min(block_size, how_.citizens - first));
                people_.fill_records(first, records, key_);
                other->insert(records);
            }
            std::vector<double> rates;
            for (unsigned round = 0; round < std::max(how_.rounds / 2, 1U); ++round) {
                const auto seconds = timed_parallel(how_.threads, [&](unsigned thread) {
                    const auto mine = share_of(count, how_.threads, thread);
                    other->verify(questions.requests().subspan(mine.first, mine.count),
                                  questions.answers().subspan(mine.first, mine.count));
                });
                rates.push_back(static_cast<double>(count) / seconds);
                result_.wrong_answers += questions.take_wrong(count, how_.threads);
            }
            result_.peers.emplace_back(other->name(), median(rates));
            fastest = std::max(fastest, result_.peers.back().second);
            other.reset();
            give_free_memory_back();
        }
        if (fastest > 0) result_.ratio_to_fastest_peer = result_.all_threads.verify_per_second / fastest;
    }

    const whole_options& how_;
    const population& people_;
    digest_key key_;
    authority_key authority_;
    whole_result result_;
};

}  // namespace

detailed_result<whole_result> run_whole_bench(const whole_options& how) {
    const auto people = population::create(how.seed, how.citizens);
    if (!people) return failure{people.error(), "citizens: " + std::to_string(how.citizens)};
    return whole_run{how, *people}.run();
}

}  // namespace xacthuc::bench
