// SPDX-License-Identifier: Apache-2.0
// How fast the index changes, and what changes cost its readers.
//
//   index_bench [citizens, 10000000 unless told] [changes a second, 200000 unless told]
//
// Readers ask one thread's batches of 1,000; quiet and live seconds take turns. Rates are by each thread's own
// processor time, so that other work on the machine counts as little as it can; the times of batches are by the clock.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <thread>
#include <vector>
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/index/index_builder.hpp>

using namespace xacthuc;

namespace {

using clock_type = std::chrono::steady_clock;

[[nodiscard]] double seconds_since(clock_type::time_point start) {
    return std::chrono::duration<double>(clock_type::now() - start).count();
}

// Of this thread's processor time.
[[nodiscard]] double own_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

[[nodiscard]] std::uint64_t made_id(std::uint64_t i) {
    return 1 + i * 7'368'787'123U % (personal_id::value_end - 1);
}
[[nodiscard]] record made_record(std::uint64_t i, std::uint64_t content) {
    record r;
    r.words = {made_id(i), content * 0x9e37'79b9'7f4a'7c15U, layout::sex.put(1), content & 0xffff'ffff};
    return with_integrity(r);
}

[[nodiscard]] citizen_index build(std::uint64_t citizens) {
    auto builder = index_builder::create({.citizens_expected = citizens}).value();
    {
        auto appender = builder.make_appender();
        for (std::uint64_t i = 0; i < citizens; ++i) appender.append(made_record(i, i), i).value();
    }
    return std::move(builder).build(2).value();
}

// Changes a second of one thread, prefetching `ahead` changes ahead.
template <class Which>
[[nodiscard]] double changes_per_second(citizen_index& index, std::uint64_t count, std::uint64_t ahead,
                                        const Which& which) {
    const auto start = own_seconds();
    for (std::uint64_t k = 0; k < count; ++k) {
        if (ahead != 0) index.prefetch(personal_id::from_trusted(made_id(which(k + ahead))));
        index.upsert(made_record(which(k), k)).value();
    }
    return static_cast<double>(count) / (own_seconds() - start);
}

struct reading {
    double per_second = 0;
    double p999_us = 0;  // of a batch
    std::uint64_t wrong = 0;
};

class reader {
  public:
    reader(const citizen_index& index, std::uint64_t citizens) : judge_{index}, asked_(std::size_t{1} << 20) {
        std::mt19937_64 random{5};
        for (auto& q : asked_) {
            q.words[0] = made_id(random() % citizens) | request_layout::claims.put(mask_of(claim::sex));
            q.words[2] = layout::sex.put(1);
        }
    }
    [[nodiscard]] reading for_seconds(double seconds) {
        constexpr std::size_t batch = 1000;
        std::vector<verdict> answers(batch);
        std::vector<double> took;
        reading made;
        const auto start = clock_type::now();
        const auto own_start = own_seconds();
        while (seconds_since(start) < seconds) {
            const auto from = at_++ % (asked_.size() / batch) * batch;
            const auto batch_start = clock_type::now();
            judge_.verify(std::span{asked_}.subspan(from, batch), answers);
            took.push_back(seconds_since(batch_start));
            for (const auto& v : answers) made.wrong += v.outcome() != outcome::verified;
        }
        made.per_second = static_cast<double>(took.size() * batch) / (own_seconds() - own_start);
        const auto p999 = took.begin() + static_cast<std::ptrdiff_t>(took.size() * 999 / 1000);
        std::ranges::nth_element(took, p999);
        made.p999_us = *p999 * 1e6;
        return made;
    }

  private:
    engine judge_;
    std::vector<request> asked_;
    std::size_t at_ = 0;
};

// Replaces random citizens at a rate until told to stop.
void write_at_rate(citizen_index& index, std::uint64_t citizens, double per_second, const std::atomic<bool>& done,
                   std::atomic<std::uint64_t>& changes) {
    constexpr std::uint64_t at_once = 200;
    std::mt19937_64 random{9};
    const auto start = clock_type::now();
    std::uint64_t made = 0;
    while (!done.load(std::memory_order_relaxed)) {
        for (std::uint64_t k = 0; k < at_once; ++k, ++made)
            index.upsert(made_record(random() % citizens, made)).value();
        changes.store(made, std::memory_order_relaxed);
        std::this_thread::sleep_until(start +
                                      std::chrono::duration_cast<clock_type::duration>(
                                          std::chrono::duration<double>(static_cast<double>(made) / per_second)));
    }
}

[[nodiscard]] double median(std::vector<double> of) {
    std::ranges::sort(of);
    return of[of.size() / 2];
}

void measure_readers(citizen_index& index, std::uint64_t citizens, double per_second) {
    reader asks{index, citizens};
    std::vector<double> quiet, live, quiet_p999, live_p999, rate;
    std::uint64_t wrong = 0;
    for (int round = 0; round < 7; ++round) {
        const auto without = asks.for_seconds(0.7);
        std::atomic<bool> done{false};
        std::atomic<std::uint64_t> changes{0};
        reading with;
        {
            std::jthread writer{[&] { write_at_rate(index, citizens, per_second, done, changes); }};
            const auto start = clock_type::now();
            with = asks.for_seconds(0.7);
            rate.push_back(static_cast<double>(changes.load()) / seconds_since(start));
            done.store(true);
        }
        quiet.push_back(without.per_second);
        live.push_back(with.per_second);
        quiet_p999.push_back(without.p999_us);
        live_p999.push_back(with.p999_us);
        wrong += without.wrong + with.wrong;
    }
    std::printf(
        "quiet %.2f M/s, live %.2f M/s, ratio %.3f at %.0f changes/s; p99.9 of a batch %.0f and %.0f us; wrong %llu\n",
        median(quiet) / 1e6, median(live) / 1e6, median(live) / median(quiet), median(rate), median(quiet_p999),
        median(live_p999), static_cast<unsigned long long>(wrong));
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t citizens = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000'000;
    const double per_second = argc > 2 ? std::strtod(argv[2], nullptr) : 200'000;
    auto index = build(citizens);
    std::printf("%llu citizens, %.1f bytes each\n", static_cast<unsigned long long>(citizens),
                static_cast<double>(index.memory_bytes()) / static_cast<double>(citizens));
    measure_readers(index, citizens, per_second);
    const auto mixed = [&](std::uint64_t k) { return k * 0x9e37'79b9'7f4a'7c15U % citizens; };
    const auto count = std::max<std::uint64_t>(citizens / 2, 1'000'000);
    for (const std::uint64_t ahead : {0U, 4U, 8U})
        std::printf("replace, prefetching %llu ahead: %.2f M/s\n", static_cast<unsigned long long>(ahead),
                    changes_per_second(index, count, ahead, mixed) / 1e6);
    for (const std::uint64_t ahead : {0U, 8U}) {
        const auto first = citizens * (ahead == 0 ? 1 : 2);
        std::printf("insert, prefetching %llu ahead: %.2f M/s\n", static_cast<unsigned long long>(ahead),
                    changes_per_second(index, citizens / 10, ahead, [&](std::uint64_t k) { return first + k; }) / 1e6);
    }
    measure_readers(index, citizens, per_second);
    const auto report = index.scrub();
    std::printf("scrub: %llu live, %llu damaged; %.1f bytes a citizen\n", static_cast<unsigned long long>(report.live),
                static_cast<unsigned long long>(report.damaged),
                static_cast<double>(index.memory_bytes()) / static_cast<double>(index.citizens()));
}
