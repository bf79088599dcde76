// SPDX-License-Identifier: Apache-2.0
// The queue of rows: what comes out is what went in, of many threads, and where there is no room nothing goes in.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <span>
#include <thread>
#include <utility>
#include <vector>
#include <xacthuc/ledger/row_queue.hpp>

using namespace xacthuc;

namespace {

[[nodiscard]] request asked_of(std::uint64_t id, std::uint16_t procedure) {
    request q;
    q.words[0] = id | std::uint64_t{3} << 40;
    q.words[3] = std::uint64_t{0xffff'ffff} | std::uint64_t{9} << 32 | std::uint64_t{procedure} << 48;
    return q;
}
[[nodiscard]] verdict shown_of(std::uint64_t id) {
    return verdict::from_bits(id * 0x9e3779b97f4a7c15);
}
[[nodiscard]] ledger_call call_of(std::uint64_t officer) {
    ledger_call call;
    call.officer = officer;
    call.time_unix_ms = 1'800'000'000'000;
    call.policy[31] = std::byte{1};
    call.agency_signature[63] = std::byte{2};
    return call;
}

}  // namespace

TEST_CASE("calls come out as they went in, and in their order") {
    row_queue queue{64};
    CHECK_FALSE(queue.take());
    for (std::uint64_t round = 0; round < 100; ++round) {
        const std::size_t rows = round % 7;
        auto room = queue.reserve(rows);
        REQUIRE(room);
        for (std::size_t k = 0; k < rows; ++k) room.put(k, asked_of(round + k, 5), 77, shown_of(round + k));
        CHECK_FALSE(queue.take());
        const auto ticket = room.commit(call_of(round));
        CHECK_FALSE(room);
        const auto taken = queue.take();
        REQUIRE(taken);
        CHECK(taken->ticket == ticket);
        CHECK(taken->rows == rows);
        CHECK(taken->call == call_of(round));
        for (std::size_t k = 0; k < rows; ++k) {
            const auto row = queue.row_of(*taken, k);
            CHECK(row.asked == asked_of(round + k, 5).words[0]);
            CHECK(row.shown == shown_of(round + k).bits());
            CHECK(row.agency == 77);
            CHECK(row.procedure == 5);
        }
        queue.free_before(ticket.end_slot());
    }
}

TEST_CASE("where there is no room nothing goes in, until the owner gives some back") {
    row_queue queue{64};
    CHECK_FALSE(queue.reserve(97));
    CHECK_FALSE(queue.reserve(std::size_t{1} << 40));
    CHECK_FALSE(queue.reserve(~std::size_t{0} / 5 + 1));
    auto all = queue.reserve(96);
    REQUIRE(all);
    CHECK_FALSE(queue.reserve(1));
    CHECK_FALSE(queue.reserve(0));
    (void)all.commit({});
    CHECK_FALSE(queue.reserve(1));
    const auto taken = queue.take();
    REQUIRE(taken);
    CHECK_FALSE(queue.reserve(1));
    queue.free_before(taken->ticket.end_slot());
    CHECK(queue.reserve(96));
}

TEST_CASE("rows are the same whether they are put one by one or many at once, in any order, of one pair or of many") {
    row_queue queue{1024};
    std::mt19937_64 random{1};
    for (std::uint64_t round = 0; round < 2000; ++round) {
        const std::size_t rows = random() % 400;
        const auto kinds = std::array<std::uint64_t, 4>{1, 1, 2, 1000}[round % 4];
        std::vector<request> asked;
        std::vector<verdict> shown;
        for (std::size_t k = 0; k < rows; ++k) {
            asked.push_back(asked_of(random() % 1000, static_cast<std::uint16_t>(random() % kinds)));
            shown.push_back(shown_of(random()));
        }
        const auto agency = random() % 2 == 0 ? std::optional<std::uint16_t>{77} : std::nullopt;
        auto room = queue.reserve(rows);
        REQUIRE(room);
        std::vector<std::pair<std::size_t, std::size_t>> parts;
        for (std::size_t from = 0; from < rows;) {
            const auto count = std::min<std::size_t>(rows - from, 1 + random() % (random() % 3 == 0 ? 3 : 200));
            parts.emplace_back(from, count);
            from += count;
        }
        std::ranges::shuffle(parts, random);
        for (const auto& [from, count] : parts) {
            if (count == 1)
                room.put(from, asked[from], agency.value_or(asked[from].agency()), shown[from]);
            else
                room.put(from, std::span{asked}.subspan(from, count), agency, std::span{shown}.subspan(from, count));
        }
        (void)room.commit(call_of(round));
        const auto taken = queue.take();
        REQUIRE(taken);
        REQUIRE(taken->rows == rows);
        std::size_t wrong = 0;
        for (std::size_t k = 0; k < rows; ++k) {
            const auto row = queue.row_of(*taken, k);
            wrong += row.asked != asked[k].words[0] || row.shown != shown[k].bits() ||
                     row.agency != agency.value_or(asked[k].agency()) || row.procedure != asked[k].procedure();
        }
        REQUIRE(wrong == 0);
        queue.free_before(taken->ticket.end_slot());
    }
}

TEST_CASE("a call that is given up comes out empty, and holds nobody back") {
    row_queue queue{64};
    {
        auto room = queue.reserve(3);
        room.put(0, asked_of(1, 1), 1, shown_of(1));
        auto moved = std::move(room);
        CHECK_FALSE(room);
    }
    (void)queue.reserve(1).commit(call_of(4));
    const auto given_up = queue.take();
    REQUIRE(given_up);
    CHECK(given_up->rows == 0);
    CHECK(given_up->ticket.rows == 3);
    const auto next = queue.take();
    REQUIRE(next);
    CHECK(next->call.officer == 4);
}

TEST_CASE("a queue that is stopped takes nothing more, and gives out what it has") {
    row_queue queue{64};
    (void)queue.reserve(0).commit(call_of(4));
    queue.stop();
    CHECK(queue.is_stopped());
    CHECK_FALSE(queue.reserve(1));
    CHECK(queue.take());
}

TEST_CASE("rows of many threads all come out, each once, while the queue is often full") {
    constexpr std::uint64_t threads = 3;
    constexpr std::uint64_t calls = 5000;
    row_queue queue{256};
    std::atomic<std::uint64_t> refused{0};
    std::vector<std::thread> asking;
    for (std::uint64_t t = 0; t < threads; ++t)
        asking.emplace_back([&, t] {
            for (std::uint64_t c = 0; c < calls;) {
                const auto rows = 1 + c % 50;
                auto room = queue.reserve(rows);
                if (!room) {
                    ++refused;
                    std::this_thread::yield();
                    continue;
                }
                for (std::uint64_t k = 0; k < rows; ++k) room.put(k, asked_of(c * 64 + k, 1), 1, shown_of(c * 64 + k));
                (void)room.commit(call_of(t));
                ++c;
            }
        });
    std::vector<std::uint64_t> next(threads);
    std::uint64_t wrong = 0;
    for (std::uint64_t got = 0; got < threads * calls;) {
        const auto taken = queue.take();
        if (!taken) {
            std::this_thread::yield();
            continue;
        }
        auto& call = next[taken->call.officer];
        wrong += taken->rows != 1 + call % 50;
        for (std::uint64_t k = 0; k < taken->rows; ++k) {
            const auto row = queue.row_of(*taken, k);
            wrong += row.asked != asked_of(call * 64 + k, 1).words[0] || row.shown != shown_of(call * 64 + k).bits();
        }
        ++call;
        ++got;
        queue.free_before(taken->ticket.end_slot());
    }
    for (auto& each : asking) each.join();
    CHECK(wrong == 0);
    CHECK_FALSE(queue.take());
}
