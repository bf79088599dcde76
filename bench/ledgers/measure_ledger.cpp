// SPDX-License-Identifier: Apache-2.0
#include "ledgers/measure_ledger.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>
#include <xacthuc/ledger/ledger.hpp>

#include "ledgers/bench_ledger_key.hpp"

namespace xacthuc::bench {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::int64_t begin_unix_ms = 1'795'878'000'000;
constexpr std::int64_t hour_ms = 3'600'000;

[[nodiscard]] double seconds_since(clock::time_point start) {
    return std::chrono::duration<double>(clock::now() - start).count();
}

template <class T>
T good(detailed_result<T> of) {
    if (!of) throw std::runtime_error{of.error().message()};
    if constexpr (!std::is_void_v<T>) return std::move(*of);
}

// Questions and answers as a nation's agencies have them: the first of a hundred are the busiest.
class made_calls {
  public:
    struct made_call {
        std::vector<request> requests;
        std::vector<verdict> verdicts;
        ledger_call of;
    };
    // Of so many rows, for one agency and procedure.
    [[nodiscard]] made_call make(std::size_t rows, std::int64_t time_unix_ms) {
        made_call made;
        const auto agency = few_often(100);
        const auto procedure = 1 + (agency * 7 + random_() % 3) % 300;
        const auto claims = static_cast<claim_mask>(7U | procedure % 5 << 3);
        made.of.time_unix_ms = time_unix_ms;
        made.of.officer = agency * 1'000 + random_() % 40;
        made.of.register_sequence = static_cast<std::uint64_t>(time_unix_ms / 60'000);
        for (std::size_t k = 0; k < rows; ++k) {
            request asked;
            asked.words[0] = (1'000'000'000 + random_() % 107'000'000 * 1'000) | std::uint64_t{claims} << 40;
            asked.words[3] = agency << 32 | procedure << 48;
            const auto luck = random_() % 100;
            verdict shown{outcome::verified, claims, 0, 0, name_grade::exact};
            if (luck < 3) shown = {outcome::not_found, 0, 0, 0};
            if (luck >= 95) shown = {outcome::claim_mismatch, static_cast<claim_mask>(claims & ~1U), 1, 0};
            made.requests.push_back(asked);
            made.verdicts.push_back(shown);
        }
        return made;
    }
    [[nodiscard]] std::mt19937_64& random() noexcept { return random_; }

  private:
    [[nodiscard]] std::uint64_t few_often(std::uint64_t count) {
        const auto share = static_cast<double>(random_() % 1'000'000) / 1'000'000;
        return 1 + static_cast<std::uint64_t>(std::pow(static_cast<double>(count), share)) % count;
    }
    std::mt19937_64 random_{1};
};

// Batches that are entered again and again.
class made_batches {
  public:
    made_batches(std::size_t rows_a_batch, std::uint64_t rows) : rows_a_batch_{rows_a_batch} {
        made_calls calls;
        for (std::size_t k = 0; k < 64; ++k) made_.push_back(calls.make(rows_a_batch, begin_unix_ms));
        batches_ = (rows + rows_a_batch - 1) / rows_a_batch;
    }
    [[nodiscard]] std::uint64_t rows() const noexcept { return batches_ * rows_a_batch_; }
    [[nodiscard]] std::uint64_t count() const noexcept { return batches_; }
    [[nodiscard]] std::size_t rows_a_batch() const noexcept { return rows_a_batch_; }
    // Enters batch `b`; false where there is no room now.
    [[nodiscard]] bool enter(row_queue& to, std::uint64_t b) const {
        const auto& call = made_[b % made_.size()];
        auto room = to.reserve(rows_a_batch_);
        if (!room) return false;
        for (std::size_t k = 0; k < rows_a_batch_; ++k)
            room.put(k, call.requests[k], call.requests[k].agency(), call.verdicts[k]);
        (void)room.commit(call.of);
        return true;
    }

  private:
    std::size_t rows_a_batch_;
    std::uint64_t batches_ = 0;
    std::vector<made_calls::made_call> made_;
};

void check_rows(ledger& kept, std::uint64_t rows, ledger_speed& speed) {
    const auto checked = good(kept.check());
    if (checked.rows != rows) speed.wrong_answers += checked.rows > rows ? checked.rows - rows : rows - checked.rows;
}

// What the owner's core does alone: a full queue is taken and hashed.
void measure_hashing(const ledger_options_of_bench& how, ledger_speed& speed) {
    constexpr std::size_t slots = std::size_t{1} << 21;
    auto kept = good(ledger::open(how.folder / "hashing", bench_ledger_options(slots)));
    const made_batches batches{how.batch_rows, slots};
    std::vector<double> rates;
    for (std::size_t round = 0; round < 5; ++round) {
        std::uint64_t entered = 0;
        while (batches.enter(kept.queue(), entered)) ++entered;
        const auto start = clock::now();
        const auto taken = good(kept.gather(begin_unix_ms));
        rates.push_back(static_cast<double>(taken) / seconds_since(start));
        good(kept.publish(begin_unix_ms));
    }
    speed.rows_per_second = middle(rates);
}

// One thread enters, another takes rows, hashes, and publishes each time that half a second is over; a third hashes
// while the first waits for room, which it does most of the time: two cores are full.
void measure_whole(const ledger_options_of_bench& how, ledger_speed& speed) {
    auto options = bench_ledger_options(std::size_t{1} << 21);
    options.hashing_threads = 1;
    auto kept = good(ledger::open(how.folder / "whole", std::move(options)));
    const made_batches batches{how.batch_rows, how.rows};
    std::atomic<bool> is_entered{false};
    const auto start = clock::now();
    std::jthread entering{[&] {
        for (std::uint64_t b = 0; b < batches.count();) {
            if (batches.enter(kept.queue(), b))
                ++b;
            else
                std::this_thread::sleep_for(std::chrono::microseconds{50});
        }
        is_entered.store(true, std::memory_order_release);
    }};
    auto published = start;
    for (;;) {
        const bool is_last = is_entered.load(std::memory_order_acquire);
        if (good(kept.gather(begin_unix_ms)) == 0 && !is_last)
            std::this_thread::sleep_for(std::chrono::microseconds{50});
        if (!is_last && seconds_since(published) < 0.5) continue;
        const auto before = clock::now();
        good(kept.publish(begin_unix_ms));
        speed.sync_seconds_max = std::max(speed.sync_seconds_max, seconds_since(before));
        published = clock::now();
        if (is_last) break;
    }
    speed.synced_per_second = static_cast<double>(batches.rows()) / seconds_since(start);
    check_rows(kept, batches.rows(), speed);
}

// An hour of the made-up year, most calls of one row, a group each second.
[[nodiscard]] std::vector<ledger_ticket> enter_hour(ledger& kept, std::uint64_t rows) {
    made_calls calls;
    std::vector<ledger_ticket> tickets;
    std::uint64_t entered = 0;
    for (std::int64_t second = 0; second < 3600; ++second) {
        const auto until = rows * static_cast<std::uint64_t>(second + 1) / 3600;
        while (entered < until) {
            const auto size =
                calls.random()() % 50 == 0 ? std::min<std::uint64_t>(until - entered, 1 + calls.random()() % 20) : 1;
            const auto time = begin_unix_ms + second * 1000 + static_cast<std::int64_t>(calls.random()() % 1000);
            const auto call = calls.make(size, time);
            const auto ticket = kept.append(call.of, call.requests, call.verdicts);
            if (!ticket) throw std::runtime_error{"the queue is full"};
            tickets.push_back(*ticket);
            entered += size;
        }
        good(kept.gather(begin_unix_ms + second * 1000 + 999));
        if (second % 60 == 59) good(kept.publish(begin_unix_ms + second * 1000 + 999));
    }
    return tickets;
}

void measure_hour(const ledger_options_of_bench& how, ledger_speed& speed) {
    const auto directory = how.folder / "hour";
    auto options = bench_ledger_options(std::size_t{1} << 16);
    const auto origin = options.origin;
    const auto key = options.verifier;
    auto kept = good(ledger::open(directory, std::move(options)));
    const auto tickets = enter_hour(kept, how.hour_rows);
    auto verifier = receipt_verifier::make(origin, key).value();
    std::vector<double> make_us;
    std::vector<double> check_us;
    for (std::size_t k = 0; k < 1'000; ++k) {
        const auto& ticket = tickets[k * 7'919 % tickets.size()];
        auto start = clock::now();
        const auto made = good(kept.receipt_for(ticket, 0));
        const auto text = made.encode();
        make_us.push_back(seconds_since(start) * 1e6);
        start = clock::now();
        const auto read = receipt::decode(text);
        const bool is_good = read && verifier.verify(*read);
        check_us.push_back(seconds_since(start) * 1e6);
        speed.wrong_answers += !is_good || !verify_receipt(*read, origin, key);
        auto tall = made;
        tall.leaf_path.resize(30);
        tall.row_path.resize(std::max<std::size_t>(tall.row_path.size(), 22));
        speed.receipt_bytes = std::max(speed.receipt_bytes, static_cast<double>(tall.encode().size()));
    }
    speed.receipt_make_us = middle(make_us);
    speed.receipt_check_us = middle(check_us);
    // An hour is packed when another has begun.
    const auto last = made_calls{}.make(1, begin_unix_ms + hour_ms);
    if (!kept.append(last.of, last.requests, last.verdicts)) throw std::runtime_error{"the queue is full"};
    good(kept.publish(begin_unix_ms + hour_ms));
    good(kept.seal(begin_unix_ms + 2 * hour_ms));
    speed.bytes_per_row =
        static_cast<double>(bytes_of_files(directory / "rows", ".xtr")) / static_cast<double>(how.hour_rows);
    check_rows(kept, how.hour_rows + 1, speed);
}

}  // namespace

ledger_speed measure_ledger(const ledger_options_of_bench& how) {
    ledger_speed speed;
    measure_hashing(how, speed);
    measure_whole(how, speed);
    measure_hour(how, speed);
    return speed;
}

}  // namespace xacthuc::bench
