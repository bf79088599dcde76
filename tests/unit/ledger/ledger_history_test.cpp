// SPDX-License-Identifier: Apache-2.0
// Histories and bills of a ledger on the disk have what was answered, before and after its hours are sealed and sorted,
// and nothing of a day that is forgotten.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>
#include <xacthuc/ledger/bill.hpp>
#include <xacthuc/ledger/history.hpp>
#include <xacthuc/ledger/ledger.hpp>

#include "unit/ledger/log_signer.hpp"
#include "unit/registry/scratch_directory.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t begin_unix_ms = 1'795'878'000'000 - 24 * hour_ms;  // 2026-11-27T22 in UTC+7
constexpr std::uint64_t citizens = 9;

[[nodiscard]] personal_id person(std::uint64_t k) {
    return personal_id::from_trusted(1'000'000'001 + k % citizens * 1'000);
}

// Asks about one citizen after the other, some rows a call, an hour between calls.
struct asked_ledger {
    std::vector<history_entry> entries{};
    std::vector<personal_id> about{};

    asked_ledger(ledger& to, std::size_t calls) {
        for (std::size_t c = 0; c < calls; ++c) {
            const auto now = begin_unix_ms + static_cast<std::int64_t>(c) * hour_ms;
            std::vector<request> requests;
            std::vector<verdict> verdicts;
            for (std::size_t k = 0; k < 1 + c % 4; ++k) {
                const auto id = person(c + k * k);
                request one;
                const auto claims = static_cast<claim_mask>(1 + c % 7);
                one.words[0] = id.value() | std::uint64_t{claims} << 40;
                one.words[3] = std::uint64_t{3 + c % 2} << 32 | std::uint64_t{1 + k} << 48;
                requests.push_back(one);
                verdicts.emplace_back(outcome::verified, claims, claim_mask{0}, claim_mask{0});
                about.push_back(id);
                entries.push_back({now / 1000, static_cast<std::uint16_t>(3 + c % 2), static_cast<std::uint16_t>(1 + k),
                                   claims, verdicts.back(), 40 + c});
            }
            ledger_call call;
            call.time_unix_ms = now;
            call.officer = 40 + c;
            (void)to.append(call, requests, verdicts).value();
            to.publish(now).value();
        }
    }
    [[nodiscard]] std::vector<history_entry> of(personal_id id, std::int64_t from_unix_s = 0) const {
        std::vector<history_entry> found;
        for (std::size_t k = 0; k < entries.size(); ++k)
            if (about[k] == id && entries[k].time_unix_s >= from_unix_s) found.push_back(entries[k]);
        return found;
    }
};

[[nodiscard]] ledger opened(const std::filesystem::path& at, const log_signer& signer) {
    const auto identity = signer.identity();
    return ledger::open(at, {.origin = identity.origin,
                             .verifier = identity.verifier,
                             .signer = identity.signer,
                             .queue_slots = 1 << 12})
        .value();
}

[[nodiscard]] std::vector<history_entry> seen(const std::filesystem::path& at, personal_id id) {
    auto found = ledger_history::open(at)->of(id, history_viewer::inspector, begin_unix_ms).value();
    CHECK(std::ranges::is_sorted(found, {}, &history_entry::time_unix_s));
    return found;
}

}  // namespace

TEST_CASE("a ledger's histories are whole at every time, and a forgotten day is not in them") {
    const scratch_directory place{scratch_directory::quick_place()};
    const auto at = place / "ledger";
    const log_signer signer;
    auto kept = opened(at, signer);
    const asked_ledger asked{kept, 30};  // into the third day
    const auto check_all = [&](std::int64_t from_unix_s = 0) {
        for (std::uint64_t k = 0; k < citizens; ++k) CHECK(seen(at, person(k)) == asked.of(person(k), from_unix_s));
        CHECK(seen(at, personal_id::from_trusted(5)).empty());
    };
    check_all();
    const auto now_ms = begin_unix_ms + 30 * hour_ms;
    (void)kept.seal(now_ms).value();
    check_all();
    CHECK(update_histories(at, now_ms / 1000).value() == 2);
    CHECK(update_histories(at, now_ms / 1000).value() == 0);
    check_all();
    (void)kept.forget("2026-11-27").value();
    const auto second_day = begin_unix_ms / 1000 + 2 * 3600;
    check_all(second_day);
    forget_histories(at, "2026-11-27").value();
    check_all(second_day);
    CHECK(!forget_histories(at, "yesterday"));

    const auto hers = ledger_history::open(at)->of(person(1), history_viewer::holder, now_ms / 1000).value();
    CHECK(hers.size() == asked.of(person(1), second_day).size());
    for (const auto& one : hers) CHECK(one.officer == 0);
}

TEST_CASE("a bill counts the rows between two checkpoints, and cannot where they are gone") {
    const scratch_directory place{scratch_directory::quick_place()};
    const auto at = place / "ledger";
    const log_signer signer;
    auto kept = opened(at, signer);
    const asked_ledger asked{kept, 30};
    const auto rate = tariff::parse("from = 2026-01-01\ncurrency = \"VND\"\nper_claim = 50\n", "").value();
    const auto amount = [&](std::uint64_t from, std::uint64_t to) -> detailed_result<std::uint64_t> {
        auto counted = metering::begin({rate}).value();
        if (auto done = meter_entries(at, from, to, counted); !done) return done.error();
        return make_bill(counted, {}, {}).amount;
    };
    const auto expected = [&](std::size_t from_call, std::size_t end_call) {
        std::uint64_t sum = 0;
        for (const auto& one : asked.entries)
            if (one.officer >= 40 + from_call && one.officer < 40 + end_call) sum += 50 * answered_claims(one.verdict);
        return sum;
    };
    // A call, an entry.
    CHECK(amount(0, 30).value() == expected(0, 30));
    CHECK(amount(7, 19).value() == expected(7, 19));
    CHECK(amount(7, 7).value() == 0);
    (void)kept.seal(begin_unix_ms + 40 * hour_ms).value();
    CHECK(amount(0, 30).value() == expected(0, 30));
    CHECK(amount(0, 31).error().code == errc::not_found);
    (void)kept.forget("2026-11-27").value();
    CHECK(amount(0, 30).error().code == errc::not_found);
    CHECK(amount(5, 30).value() == expected(5, 30));
}
