// SPDX-License-Identifier: Apache-2.0
// Verifying with and without a ledger, in turns: the verifying thread enters rows, another hashes and syncs them.
#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>
#include <xacthuc/engine/engine.hpp>

#include "ledgers/bench_ledger_key.hpp"
#include "ledgers/measure_ledger.hpp"

namespace xacthuc::bench {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::int64_t verifying_begin_unix_ms = 1'795'878'000'000;

// The owner's thread of a ledger: gathers all the time, publishes twice a second.
class owning {
  public:
    explicit owning(ledger& kept) : kept_{kept}, thread_{[this](const std::stop_token& stop) { run(stop); }} {}
    // Waits until all that was entered is durable.
    void finish() {
        thread_.request_stop();
        thread_.join();
        if (failed_) throw std::runtime_error{"the ledger has failed"};
    }

  private:
    void run(const std::stop_token& stop) {
        auto published = clock::now();
        for (;;) {
            const bool is_last = stop.stop_requested();
            const auto taken = kept_.gather(verifying_begin_unix_ms);
            if (taken && *taken == 0 && !is_last) std::this_thread::sleep_for(std::chrono::microseconds{50});
            if (!is_last && clock::now() - published < std::chrono::milliseconds{500}) continue;
            if (!taken || !kept_.publish(verifying_begin_unix_ms)) failed_ = true;
            published = clock::now();
            if (is_last || failed_) return;
        }
    }

    ledger& kept_;
    bool failed_ = false;
    std::jthread thread_;
};

class verifying {
  public:
    verifying(const citizen_index& index, std::span<const request> requests, std::span<const verdict> expected,
              std::size_t batch)
        : index_{index}, requests_{requests}, expected_{expected}, answers_(requests.size()), batch_{batch} {}

    // Seconds for all requests. A call that finds no room is made again.
    [[nodiscard]] double run(row_queue* rows, std::uint64_t& wrong) {
        const engine asked{index_, {.rows = rows}};
        const std::span answers{answers_};
        const auto start = clock::now();
        for (std::size_t from = 0; from < requests_.size(); from += batch_) {
            const auto count = std::min(batch_, requests_.size() - from);
            request_batch batch{.requests = requests_.subspan(from, count)};
            batch.proofs.now_unix_ms = verifying_begin_unix_ms;
            for (;;) {
                (void)asked.answer(batch, answers.subspan(from, count));
                if (answers[from].outcome() != outcome::ledger_full) break;
                std::this_thread::yield();
            }
        }
        const auto seconds = std::chrono::duration<double>(clock::now() - start).count();
        for (std::size_t k = 0; k < answers_.size(); ++k) wrong += answers_[k] != expected_[k];
        return seconds;
    }

  private:
    const citizen_index& index_;
    std::span<const request> requests_;
    std::span<const verdict> expected_;
    std::vector<verdict> answers_;
    std::size_t batch_;
};

}  // namespace

verifying_speed measure_verifying(const citizen_index& index, std::span<const request> requests,
                                  std::span<const verdict> expected, const verifying_options& how) {
    // A round fits into the queue, so that what is measured is what the verifying thread pays; how much can be entered
    // for ever is for measure_ledger() to say.
    const auto slots = std::bit_ceil(requests.size() + 4 * (requests.size() / how.batch_items + 2) * 2);
    auto opened = ledger::open(how.folder / "verifying", bench_ledger_options(slots));
    if (!opened) throw std::runtime_error{opened.error().message()};
    verifying work{index, requests, expected, how.batch_items};
    verifying_speed speed;
    std::vector<double> without;
    std::vector<double> with;
    std::vector<double> ratios;
    for (unsigned round = 0; round < how.rounds; ++round) {
        const auto alone = work.run(nullptr, speed.wrong_answers);
        owning owner{*opened};
        const auto entered = work.run(&opened->queue(), speed.wrong_answers);
        owner.finish();
        without.push_back(static_cast<double>(requests.size()) / alone);
        with.push_back(static_cast<double>(requests.size()) / entered);
        ratios.push_back(alone / entered);
    }
    speed.without_per_second = middle(without);
    speed.with_per_second = middle(with);
    speed.ratio = middle(ratios);
    const auto checked = opened->check();
    const auto rows = std::uint64_t{requests.size()} * how.rounds;
    if (!checked || checked->rows != rows) ++speed.wrong_answers;
    return speed;
}

}  // namespace xacthuc::bench
