// SPDX-License-Identifier: Apache-2.0
// What outlives a process: no batch and no proof is taken twice, whenever it ended and however.
#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>
#include <xacthuc/guard/guards.hpp>

#include "unit/guard/guard_inputs.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// A store in memory, which can fail at its k-th save.
struct kept_contents {
    std::map<std::string, std::vector<std::byte>, std::less<>> contents;
    int saves = 0;
    int fails_at = 0;

    [[nodiscard]] guard_store as_store() {
        guard_store store;
        store.save = [this](std::string_view name, std::span<const std::byte> content) -> detailed_result<void> {
            if (++saves == fails_at) return failure{errc::io, std::string{name}};
            contents[std::string{name}] = {content.begin(), content.end()};
            return {};
        };
        store.load = [this](std::string_view name) -> detailed_result<std::vector<std::byte>> {
            const auto found = contents.find(name);
            if (found == contents.end()) return failure{errc::not_found, std::string{name}};
            return found->second;
        };
        return store;
    }
};

constexpr std::array<std::byte, 16> a_nonce{std::byte{1}, std::byte{2}, std::byte{3}};

[[nodiscard]] std::unique_ptr<guards> opened(kept_contents& from, std::int64_t now = morning_ms,
                                             const proof_window_options& window = {}) {
    auto options = small_guards();
    const auto entries = options.proofs.entries;
    options.proofs = window;
    options.proofs.entries = entries;
    auto made = guards::open(options, from.as_store(), now);
    REQUIRE(made.has_value());
    return std::move(*made);
}

}  // namespace

TEST_CASE("after a crash no batch is taken twice, wherever the counters were") {
    kept_contents disk;
    std::vector<std::uint64_t> taken;
    std::uint64_t counter = 1;
    for (int start = 0; start < 6; ++start) {
        auto all = opened(disk);
        for (const auto before : taken) CHECK(all->take_batch(3, before, morning_ms) == outcome::proof_repeated);
        if (start != 0) counter += small_guards().counter_step + 1;
        for (int i = 0; i < 20; ++i) {
            CHECK(all->take_batch(3, ++counter, morning_ms) == outcome::verified);
            CHECK(all->take_batch(3, counter, morning_ms) == outcome::proof_repeated);
            taken.push_back(counter);
            if (start % 2 == 0 && i == 10) CHECK(all->save(morning_ms).has_value());
        }
    }
    // After a clean end the next counter is good.
    auto last = opened(disk);
    counter += small_guards().counter_step + 1;
    CHECK(last->take_batch(3, ++counter, morning_ms) == outcome::verified);
    CHECK(last->close(morning_ms).has_value());
    CHECK(last->take_batch(3, counter + 1, morning_ms) == outcome::proofs_full);
    auto next = opened(disk);
    CHECK(next->take_batch(3, counter, morning_ms) == outcome::proof_repeated);
    CHECK(next->take_batch(3, counter + 1, morning_ms) == outcome::verified);
}

TEST_CASE("a counter that cannot be made durable is not taken") {
    kept_contents disk;
    auto all = opened(disk);
    disk.fails_at = disk.saves + 1;
    CHECK(all->take_batch(3, 100, morning_ms) == outcome::proofs_full);
    CHECK(all->take_batch(3, 100, morning_ms) == outcome::verified);
    CHECK(all->take_batch(3, 101, morning_ms) == outcome::verified);
    const auto saves = disk.saves;
    for (std::uint64_t counter = 102; counter < 5000; ++counter)
        CHECK(all->take_batch(3, counter, morning_ms) == outcome::verified);
    CHECK(disk.saves == saves);  // in steps
}

TEST_CASE("a used proof is known after a clean end, and after a crash all of before are refused") {
    kept_contents disk;
    auto first = opened(disk);
    const auto now = morning_ms + 60'000;
    CHECK(first->take_proof(5, a_nonce, now, now) == outcome::verified);
    CHECK(first->take_proof(5, a_nonce, now, now) == outcome::proof_repeated);
    CHECK(first->take_proof(6, a_nonce, now, now) == outcome::verified);
    CHECK(first->close(now).has_value());
    CHECK(first->take_proof(7, a_nonce, now, now) == outcome::proofs_full);
    auto second = opened(disk, now);
    CHECK(second->take_proof(5, a_nonce, now, now) == outcome::proof_repeated);
    CHECK(second->take_proof(7, a_nonce, now, now) == outcome::verified);
    // It ends without a word; what it had taken from the clean end is not taken for the truth again.
    auto third = opened(disk, now + 10);
    for (const std::uint64_t id : {5U, 7U, 8U})
        CHECK(third->take_proof(id, a_nonce, now + 20, now + 20) == outcome::proof_expired);
    CHECK(third->take_proof(8, a_nonce, now + 30'011, now + 30'011) == outcome::verified);
}

TEST_CASE("after a crash, proofs are taken again as soon as none can have been used, by the window of before") {
    for (const std::int64_t ahead : {0, 700, 30'000}) {
        CAPTURE(ahead);
        kept_contents disk;
        const proof_window_options window{.max_ahead_ms = ahead};
        auto now = morning_ms;
        for (int start = 0; start < 3; ++start, now += 100'000) {
            // The first has no state yet, and the others were not closed. Another window than this changes nothing.
            const proof_window_options other{.max_ahead_ms = start == 2 ? 50 : ahead};
            auto all = opened(disk, now, other);
            CHECK(all->proofs_refused_until_unix_ms() == now + ahead);
            CHECK(all->take_proof(5, a_nonce, now + ahead, now + ahead) == outcome::proof_expired);
            CHECK(all->take_proof(5, a_nonce, now + ahead + 1, now + ahead + 1) == outcome::verified);
        }
        // What was left by a program that did not say yet how far ahead it took proofs.
        std::vector<std::byte> empty = disk.contents.at("proofs");
        empty.erase(empty.begin() + 24, empty.end() - 8);
        for (std::size_t i = 0; i < 8; ++i) empty[16 + i] = std::byte{0};
        for (std::size_t i = 0; i < 8; ++i)
            empty[24 + i] = static_cast<std::byte>(std::uint64_t{0x7861'6374'6875'6331} >> (8 * i));
        disk.contents["proofs"] = empty;
        CHECK(opened(disk, now, window)->proofs_refused_until_unix_ms() == now + 30'000);
    }
}

TEST_CASE("no proof is taken twice, whatever the windows of the starts were and however they ended") {
    std::mt19937_64 random{20};
    const auto below = [&random](std::int64_t end) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(end));
    };
    struct used_proof {
        std::uint64_t id;
        std::int64_t issued_ms;
    };
    std::size_t taken = 0;
    std::size_t known = 0;
    for (int trial = 0; trial < 40; ++trial) {
        kept_contents disk;
        std::vector<used_proof> used;
        auto now = morning_ms + below(400'000);
        for (int start = 0; start < 6; ++start) {
            constexpr std::array<std::int64_t, 4> aheads{0, 5'000, 30'000, 45'000};
            const auto ahead = aheads[static_cast<std::size_t>(below(4))];
            auto all = opened(disk, now, {.max_ahead_ms = ahead});
            const bool is_short = below(3) == 0;
            for (int step = 0; step < 12; ++step) {
                for (const auto& each : used) {
                    const auto again = all->take_proof(each.id, a_nonce, each.issued_ms, now);
                    CHECK(again != outcome::verified);
                    known += again == outcome::proof_repeated;
                }
                const used_proof fresh{static_cast<std::uint64_t>(trial * 1000 + start * 100 + step),
                                       now - 300'000 + below(300'000 + ahead + 1)};
                if (all->take_proof(fresh.id, a_nonce, fresh.issued_ms, now) == outcome::verified) {
                    used.push_back(fresh);
                    ++taken;
                }
                now += below(is_short ? 100 : 10'000);
            }
            // As the command that suspends an agency does: it opens them and closes them, and takes nothing.
            if (below(2) == 0) CHECK(all->close(now).has_value());
            if (below(3) == 0) CHECK(opened(disk, now, {.max_ahead_ms = 0})->close(now).has_value());
        }
    }
    CHECK(taken > 250);
    CHECK(known > 250);
}

TEST_CASE("quotas, misses, estimates and suspensions are there again") {
    kept_contents disk;
    const rule by{.may_ask = all_claims, .misses_per_citizen_day = 3, .per_day = 100};
    const guard_asker asker{.agency = 3, .officer = 9, .now_unix_ms = morning_ms};
    {
        auto all = opened(disk);
        asked_block block;
        for (std::uint64_t id = 0; id < 60; ++id) block.ask(asked_about(id, 3), by, outcome::verified);
        for (int i = 0; i < 3; ++i) block.ask(asked_about(1000, 3), by, outcome::claim_mismatch);
        CHECK(block.pass(*all, asker) == 63);
        all->suspend(8);
        CHECK(all->save(morning_ms).has_value());
    }
    auto all = opened(disk);
    CHECK(all->is_suspended(8));
    CHECK_FALSE(all->is_suspended(3));
    const auto report = all->report(morning_ms);
    REQUIRE(report.agencies.size() == 2);
    CHECK(report.agencies[0].agency == 3);
    CHECK(report.agencies[0].subjects_today >= 58);
    CHECK(report.agencies[0].subjects_a_year >= 58);
    REQUIRE(report.quotas.size() == 1);
    CHECK(report.quotas[0].day_count == 63);
    asked_block block;
    block.ask(asked_about(1000, 3), by, outcome::verified);
    for (std::uint64_t id = 0; id < 60; ++id) block.ask(asked_about(id, 3), by, outcome::verified);
    CHECK_FALSE(all->admit(block.requests, block.rules, asker, block.refused));
    CHECK(block.refused[0] == outcome::misses_used_up);
    CHECK(block.refused[36] == outcome::verified);
    CHECK(block.refused[37] == outcome::quota_used_up);
    // Another day: misses are forgotten.
    auto tomorrow = opened(disk, morning_ms + day_ms);
    block.refused.assign(block.refused.size(), outcome::verified);
    CHECK(
        tomorrow->admit(block.requests, block.rules, {.agency = 3, .now_unix_ms = morning_ms + day_ms}, block.refused));
}

TEST_CASE("what was not saved by these guards is refused, with its name") {
    kept_contents disk;
    {
        auto all = opened(disk);
        CHECK(all->take_batch(3, 5, morning_ms) == outcome::verified);
        CHECK(all->close(morning_ms).has_value());
    }
    for (const auto& [name, content] : disk.contents) {
        auto changed = disk;
        changed.contents[name][content.size() / 2] ^= std::byte{1};
        const auto made = guards::open(small_guards(), changed.as_store(), morning_ms);
        CHECK_FALSE(made.has_value());
        CHECK(made.error().context.starts_with(name));
        changed.contents[name] = {content.begin(), content.end() - 8};
        CHECK_FALSE(guards::open(small_guards(), changed.as_store(), morning_ms).has_value());
    }
    auto other = small_guards();
    other.key = guard_key::generate();
    const auto made = guards::open(other, disk.as_store(), morning_ms);
    CHECK_FALSE(made.has_value());
    CHECK(made.error().code == errc::foreign_digest_key);
}

TEST_CASE("a store keeps the key where the host gave none") {
    kept_contents disk;
    auto options = small_guards();
    options.key.reset();
    const auto now = morning_ms + 60'000;
    {
        const auto made = guards::open(options, disk.as_store(), morning_ms);
        REQUIRE(made.has_value());
        CHECK((*made)->take_proof(5, a_nonce, now, now) == outcome::verified);
        CHECK((*made)->close(now).has_value());
    }
    const auto made = guards::open(options, disk.as_store(), now);
    REQUIRE(made.has_value());
    CHECK((*made)->take_proof(5, a_nonce, now, now) == outcome::proof_repeated);
    CHECK(disk.contents.at("key").size() == guard_key_bytes);
}
