// SPDX-License-Identifier: Apache-2.0
// The engine with a ledger's queue: every answer leaves the row that its asker was shown, whichever way it went, and
// where there is no room nothing is looked up.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>
#include <xacthuc/guard/guards.hpp>
#include <xacthuc/policy/policy_table.hpp>

#include "unit/engine/agency_at_work.hpp"
#include "unit/policy/random_tree.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::int64_t now = 1'795'000'000'000;

struct left_row {
    std::uint64_t id;
    claim_mask claims;
    std::uint16_t agency;
    std::uint16_t procedure;
    verdict shown;
};

[[nodiscard]] std::vector<left_row> rows_of(row_queue& queue, const row_queue::taken& call) {
    std::vector<left_row> rows;
    for (std::size_t k = 0; k < call.rows; ++k) {
        const auto row = queue.row_of(call, k);
        rows.push_back({request_layout::id.get(row.asked),
                        static_cast<claim_mask>(request_layout::claims.get(row.asked)), row.agency, row.procedure,
                        verdict::from_bits(row.shown)});
    }
    return rows;
}

// Answers, and holds what the queue got against the answers and what was asked.
[[nodiscard]] row_queue::taken check_rows(const citizen_index& index, request_batch asked, engine_parts parts,
                                          row_queue& queue) {
    std::vector<verdict> without(asked.requests.size());
    engine{index, parts}.answer(asked, without);
    parts.rows = &queue;
    std::optional<ledger_ticket> ticket;
    asked.ticket = &ticket;
    std::vector<verdict> answers(asked.requests.size());
    const auto as_of = engine{index, parts}.answer(asked, answers);
    // Guards remember; all else answers twice the same.
    if (parts.watch == nullptr) CHECK(answers == without);
    const auto call = queue.take();
    REQUIRE(call.has_value());
    REQUIRE(ticket.has_value());
    CHECK(call->ticket == *ticket);
    CHECK(call->call.time_unix_ms == asked.proofs.now_unix_ms.value_or(0));
    CHECK(call->call.officer == asked.officer);
    CHECK(call->call.register_sequence == as_of.sequence);
    const auto rows = rows_of(queue, *call);
    REQUIRE(rows.size() == answers.size());
    const auto asker = asked.agency != nullptr ? std::optional{asked.agency->agency} : asked.asker;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        REQUIRE(rows[i].id == asked.requests[i].id());
        REQUIRE(rows[i].claims == asked.requests[i].claims());
        REQUIRE(rows[i].agency == asker.value_or(asked.requests[i].agency()));
        REQUIRE(rows[i].procedure == asked.requests[i].procedure());
        REQUIRE(rows[i].shown == answers[i]);
    }
    queue.free_before(call->ticket.end_slot());
    return *call;
}

[[nodiscard]] request asked_by(const request& from, std::uint16_t by, std::uint16_t procedure) {
    auto q = from;
    q.words[3] = (q.words[3] & 0xffff'ffff) | request_layout::agency.put(by) | request_layout::procedure.put(procedure);
    return q;
}

std::size_t looked_up;

void count_and_answer(const index_view& index, std::span<const request> requests, std::span<verdict> verdicts,
                      const kernels::coming_requests& coming) noexcept {
    looked_up += requests.size();
    kernels::portable_kernel.verify(index, requests, verdicts, coming);
}
const kernels::kernel counting{"counting", count_and_answer, kernels::portable_kernel.find_by,
                               kernels::portable_kernel.judge};

}  // namespace

TEST_CASE("answers without proofs leave rows, also of what policy refuses and reduces") {
    small_nation nation{20'000};
    row_queue queue{1 << 14};
    for (const std::size_t count : {0U, 1U, 511U, 512U, 513U, 3000U}) {
        const auto plain = nation.ask(0, count).requests;
        (void)check_rows(nation.index(), {.requests = plain, .officer = 5, .proofs = {.now_unix_ms = now}}, {}, queue);
        for (std::uint64_t seed = 0; seed < 12; ++seed) {
            random_tree made{seed};
            const auto table = policy_table::compile(made.texts().value()).value();
            random_rules random{seed};
            auto requests = plain;
            for (auto& each : requests)
                each = asked_by(each, static_cast<std::uint16_t>(random.number(seed % 2 == 0 ? 12 : 3)),
                                static_cast<std::uint16_t>(random.number(12)));
            request_batch asked{.requests = requests, .proofs = {.now_unix_ms = now}};
            if (seed % 3 == 0) asked.asker = static_cast<std::uint16_t>(1 + random.number(3));
            const auto call = check_rows(nation.index(), asked, {.table = &table}, queue);
            CHECK(std::ranges::equal(call.call.policy, std::as_bytes(std::span{table.hash()})));
        }
    }
}

TEST_CASE("answers with proofs leave rows: of holders, of an agency that signed, and of whom it signed for wrongly") {
    agency_at_work of;
    row_queue queue{1 << 14};
    auto made = of.nation.signed_by_holders(600, agency);
    for (std::size_t i = 0; i < made.proofs.size(); i += 7) made.proofs[i].signature.bytes[9] ^= std::byte{1};
    (void)check_rows(of.nation.index(),
                     {.requests = made.requests, .holders = made.proofs, .proofs = {.now_unix_ms = now}}, {}, queue);
    auto batch = of.batch;
    batch[3] = asked_by(batch[3], agency + 1, 1);
    const auto proof = of.sign(batch);
    const auto call = check_rows(
        of.nation.index(),
        {.requests = batch, .agency = &proof, .agencies = &of.keys, .proofs = {.now_unix_ms = proof.issued_at_unix_ms}},
        {}, queue);
    CHECK(std::ranges::equal(call.call.agency_signature, std::as_bytes(std::span{proof.signature.bytes})));
}

TEST_CASE("with guards every answer leaves a row") {
    small_nation nation{20'000};
    row_queue queue{1 << 14};
    auto requests = nation.ask(0, 2'000).requests;
    for (auto& each : requests) each = asked_by(each, 3, 1);
    guards watch;
    (void)check_rows(nation.index(), {.requests = requests, .proofs = {.now_unix_ms = now}}, {.watch = &watch}, queue);
}

TEST_CASE("where there is no room nothing is looked up, and every answer says so") {
    small_nation nation{20'000};
    row_queue queue{64};
    const auto requests = nation.ask(0, 100).requests;
    std::optional<ledger_ticket> ticket{ledger_ticket{}};
    std::vector<verdict> answers(requests.size());
    const auto ask = [&](std::size_t count) {
        const request_batch asked{.requests = std::span{requests}.first(count), .ticket = &ticket};
        answer_batch({counting, ed25519::current_kernel()}, nation.index(), asked, answers, {.rows = &queue});
    };
    looked_up = 0;
    ask(100);  // more than there ever is
    for (const auto& each : answers) REQUIRE(each == verdict{outcome::ledger_full, 0, 0, 0});
    CHECK(looked_up == 0);
    CHECK_FALSE(ticket);
    CHECK_FALSE(queue.take());
    ask(96);
    CHECK(looked_up == 96);
    CHECK(ticket);
    ask(1);
    CHECK(answers[0].outcome() == outcome::ledger_full);
    CHECK(looked_up == 96);
    queue.free_before(queue.take()->ticket.end_slot());
    queue.stop();
    ask(1);
    CHECK(answers[0].outcome() == outcome::ledger_stopped);
    queue.go_on();
    ask(1);
    CHECK(looked_up == 97);
}

TEST_CASE("a call that is refused as a whole leaves no row, and no hole that holds others back") {
    agency_at_work of;
    row_queue queue{1 << 10};
    auto proof = of.sign(of.batch);
    proof.signature.bytes[3] ^= std::byte{1};
    std::optional<ledger_ticket> ticket;
    std::vector<verdict> answers(of.batch.size());
    engine{of.nation.index(), {.rows = &queue}}.answer(
        {.requests = of.batch, .agency = &proof, .agencies = &of.keys, .ticket = &ticket}, answers);
    CHECK(answers[0].outcome() == outcome::bad_signature);
    CHECK_FALSE(ticket);
    const auto call = queue.take();
    REQUIRE(call.has_value());
    CHECK(call->rows == 0);
}
