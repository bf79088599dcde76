// SPDX-License-Identifier: Apache-2.0
// A ledger without an owner's thread: every call that waits has its rows afterwards, however many wait, and when it is
// closed or has failed nobody waits for ever.
#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>
#include <xacthuc/ledger/shared_ledger.hpp>

#include "unit/ledger/log_signer.hpp"
#include "unit/registry/scratch_directory.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::int64_t now_unix_ms = 1'795'878'000'000;

[[nodiscard]] ledger opened(const std::filesystem::path& at, const log_signer& signer) {
    const auto identity = signer.identity();
    return ledger::open(
               at,
               {.origin = identity.origin, .verifier = identity.verifier, .signer = identity.signer, .queue_slots = 64})
        .value();
}

// As an engine does it; where there is no room it is made.
[[nodiscard]] std::optional<ledger_ticket> leave_rows(shared_ledger& in, std::size_t rows) {
    for (;;) {
        auto room = in.queue().reserve(rows);
        if (room) {
            request asked;
            asked.words[0] = 1'000'000'001 | std::uint64_t{1} << 40;
            for (std::size_t k = 0; k < rows; ++k) room.put(k, asked, 3, verdict{outcome::verified, 1, 0, 0});
            ledger_call call;
            call.time_unix_ms = now_unix_ms;
            return room.commit(call);
        }
        if (in.queue().is_stopped() || !in.gather(now_unix_ms)) return std::nullopt;
        std::this_thread::yield();
    }
}

}  // namespace

TEST_CASE("calls of many threads are published by those that wait, and each has its place") {
    const scratch_directory place{scratch_directory::quick_place()};
    const log_signer signer;
    shared_ledger shared{opened(place / "ledger", signer)};
    constexpr int threads = 4;
    constexpr std::size_t calls = 50;
    std::atomic<std::size_t> placed{0};
    std::vector<std::thread> all;
    for (int t = 0; t < threads; ++t)
        all.emplace_back([&] {
            for (std::size_t k = 0; k < calls; ++k) {
                const auto ticket = leave_rows(shared, 1 + k % 7);
                if (!ticket || !shared.settle(*ticket, now_unix_ms)) continue;
                const auto last = shared.with([&](const ledger& on) { return on.place(*ticket, ticket->rows - 1); });
                placed += last.has_value() ? 1 : 0;
            }
        });
    for (auto& each : all) each.join();
    CHECK(placed == threads * calls);
    const auto checked = shared.with([](ledger& on) { return on.check(); });
    REQUIRE(checked.has_value());
    CHECK(checked->entries == shared.with([](const ledger& on) { return on.head().size; }));
    CHECK(checked->entries <= threads * calls);
}

TEST_CASE("a ledger that is closed takes nothing more, and says so") {
    const scratch_directory place{scratch_directory::quick_place()};
    const log_signer signer;
    shared_ledger shared{opened(place / "ledger", signer)};
    const auto ticket = leave_rows(shared, 2);
    REQUIRE(ticket.has_value());
    REQUIRE(shared.close(now_unix_ms).has_value());
    CHECK(shared.wait(*ticket).has_value());
    CHECK(!leave_rows(shared, 2));
    CHECK(shared.publish(now_unix_ms).error().code == errc::ledger_stopped);
    CHECK(shared.publish(now_unix_ms).error().context == "it was closed");
    CHECK(shared.gather(now_unix_ms).error().code == errc::ledger_stopped);
    CHECK(shared.close(now_unix_ms).has_value());
    CHECK(shared.with([](ledger& on) { return on.receipt_for(ledger_place{0, 1}); }).has_value());
}
