// SPDX-License-Identifier: Apache-2.0
// The engine with policy and guards: what is refused is never looked up, one policy judges a batch, and an asker who
// may see one bit sees no more of it by any way.
#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>
#include <xacthuc/engine/live_policy.hpp>
#include <xacthuc/guard/guards.hpp>

#include "unit/engine/agency_at_work.hpp"
#include "unit/policy/one_rule.hpp"
#include "unit/policy/random_tree.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::int64_t now = 1'800'000'000'000;

std::vector<std::uint64_t> looked_up;

void watch(const index_view& index, std::span<const request> requests, std::span<verdict> verdicts,
           const kernels::coming_requests& coming) noexcept {
    for (const auto& each : requests) looked_up.push_back(each.id());
    kernels::portable_kernel.verify(index, requests, verdicts, coming);
}
void watch_and_find(const index_view& index, std::span<const request> requests, std::span<verdict> verdicts,
                    std::span<const slot*> found, const kernels::coming_requests& coming) noexcept {
    for (const auto& each : requests) looked_up.push_back(each.id());
    kernels::portable_kernel.find(index, requests, verdicts, found, coming);
}
const kernels::kernel watching{"watching", watch, watch_and_find, kernels::portable_kernel.judge};

[[nodiscard]] request asked_by(const request& from, std::uint16_t agency, std::uint16_t procedure) {
    auto q = from;
    q.words[3] =
        (q.words[3] & 0xffff'ffff) | request_layout::agency.put(agency) | request_layout::procedure.put(procedure);
    return q;
}

[[nodiscard]] std::string rule_text(const std::string& answer, const std::string& proof, const std::string& more = "") {
    return "may_ask = [\"name\", \"name_exact\", \"birth_date\", \"sex\", \"life\"]\nanswer = \"" + answer +
           "\"\nproof = " + proof + "\n" + more;
}

[[nodiscard]] std::vector<verdict> answers_of(const citizen_index& index, const request_batch& asked,
                                              const engine_parts& parts) {
    std::vector<verdict> answers(asked.requests.size());
    engine{index, parts}.answer(asked, answers);
    return answers;
}

[[nodiscard]] proof_options at(std::int64_t when) {
    return {.now_unix_ms = when};
}

}  // namespace

TEST_CASE(
    "each answer is the one without policy, reduced, or the reason of the rule; what is refused is not looked up") {
    small_nation nation{20'000};
    const auto plain = nation.ask(0, 3'000).requests;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        random_tree made{seed};
        const live_policy live{
            std::make_shared<const policy_table>(policy_table::compile(made.texts().value()).value())};
        random_rules random{seed};
        auto requests = plain;
        for (auto& each : requests)
            each = asked_by(each, static_cast<std::uint16_t>(random.number(seed % 2 == 0 ? 12 : 3)),
                            static_cast<std::uint16_t>(random.number(12)));
        for (const bool has_asker : {false, true}) {
            request_batch asked{.requests = requests, .proofs = at(now)};
            if (has_asker) asked.asker = static_cast<std::uint16_t>(1 + random.number(3));
            std::vector<verdict> bare(requests.size());
            engine{nation.index()}.verify(requests, bare);
            const auto answers = answers_of(nation.index(), asked, {.policy = &live});
            std::vector<std::uint64_t> admitted;
            for (std::size_t i = 0; i < requests.size(); ++i) {
                const auto& q = requests[i];
                const auto by = made.rule_of(q.agency(), q.procedure());
                auto allowed = permits(
                    by, {q.claims(), static_cast<proof_mask>(has_asker ? agency_proved : 0), policy_day_of(now)});
                if (has_asker && q.agency() != *asked.asker) allowed = outcome::not_permitted;
                if (allowed == outcome::verified) admitted.push_back(q.id());
                REQUIRE(answers[i] ==
                        (allowed == outcome::verified ? shown(bare[i], by.answer) : verdict{allowed, 0, 0, 0}));
            }
            looked_up.clear();
            std::vector<verdict> again(requests.size());
            answer_batch({watching, ed25519::current_kernel()}, nation.index(), asked, again, {.policy = &live});
            REQUIRE(again == answers);
            REQUIRE(looked_up == admitted);
        }
    }
}

TEST_CASE("with a policy a call that says no time gets no answer") {
    small_nation nation{2'000};
    auto requests = nation.ask(0, 100).requests;
    for (auto& each : requests) each = asked_by(each, agency, 1);
    const live_policy live{one_rule(rule_text("per_claim", "[]"), agency)};
    std::vector<verdict> answers(requests.size());
    engine{nation.index(), {.policy = &live}}.verify(requests, answers);
    for (const auto& each : answers) REQUIRE(each == verdict{outcome::policy_not_valid, 0, 0, 0});
}

TEST_CASE("an agency's proof is asked for, may be too old for a rule, and stands for no other agency") {
    agency_at_work of;
    auto batch = of.batch;
    for (auto& each : batch) each = asked_by(each, agency, 1);
    const live_policy live{one_rule(rule_text("per_claim", "[\"agency\"]", "proof_age_max = 60\n"), agency)};
    for (const auto& each : answers_of(of.nation.index(), {.requests = batch, .proofs = at(now)}, {.policy = &live}))
        REQUIRE(each.outcome() == outcome::proof_missing);
    const auto proof = of.sign(batch);
    const auto asked_at = [&](std::int64_t when) {
        const request_batch asked{.requests = batch, .agency = &proof, .agencies = &of.keys, .proofs = at(when)};
        return answers_of(of.nation.index(), asked, {.policy = &live}).front().outcome();
    };
    CHECK(asked_at(proof.issued_at_unix_ms) == outcome::verified);
    CHECK(asked_at(proof.issued_at_unix_ms + 60'000) == outcome::verified);
    CHECK(asked_at(proof.issued_at_unix_ms + 60'001) == outcome::proof_expired);
    CHECK(asked_at(proof.issued_at_unix_ms - 30'001) == outcome::proof_not_yet_valid);
    const request_batch by_other{
        .requests = batch, .agency = &proof, .agencies = &of.keys, .asker = 8, .proofs = at(proof.issued_at_unix_ms)};
    for (const auto& each : answers_of(of.nation.index(), by_other, {.policy = &live}))
        REQUIRE(each.outcome() == outcome::bad_signature);
}

TEST_CASE("of one bit nothing tells why, not even what comes of a proof") {
    nation_with_keys nation{20'000};
    auto made = nation.signed_by_holders(600, agency);
    for (auto& each : made.requests) each = asked_by(each, agency, 1);
    // Signed anew, as the procedure is signed too.
    name_text text;
    std::map<std::uint64_t, std::uint64_t> place_of;
    for (std::uint64_t i = 0; i < nation.people().count(); ++i)
        place_of[nation.people().citizen_at(i, text).id.value()] = i;
    for (std::size_t i = 0; i < made.requests.size(); ++i) {
        if (i % 5 == 1) made.requests[i].words[1] ^= 1, made.requests[i].words[3] ^= 1;  // another name
        made.proofs[i] = nation.sign(made.requests[i], place_of.at(made.requests[i].id()));
        if (i % 5 == 2) made.proofs[i].signature.bytes[40] ^= std::byte{1};
        if (i % 5 == 3) made.requests[i].words[0] ^= 0x15'5555'5555;  // nobody's number, mostly
    }
    const auto when = at(made.proofs.front().issued_at_unix_ms);
    const live_policy one_bit{one_rule(rule_text("one_bit", "[\"holder\"]"), agency)};
    const live_policy whole{one_rule(rule_text("per_claim", "[\"holder\"]"), agency)};
    const request_batch asked{.requests = made.requests, .holders = made.proofs, .proofs = when};
    const auto answers = answers_of(nation.index(), asked, {.policy = &one_bit});
    const auto reasons = answers_of(nation.index(), asked, {.policy = &whole});
    std::set<outcome> hidden;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (reasons[i].outcome() == outcome::verified) {
            REQUIRE(answers[i] == verdict{outcome::verified, 0, 0, 0});
            continue;
        }
        if (reasons[i].outcome() == outcome::malformed || reasons[i].outcome() == outcome::proof_repeated) continue;
        hidden.insert(reasons[i].outcome());
        CAPTURE(reasons[i].outcome());
        REQUIRE(answers[i] == verdict{outcome::not_verified, 0, 0, 0});
    }
    CHECK(hidden.contains(outcome::bad_signature));
    CHECK(hidden.contains(outcome::not_found));
    CHECK(hidden.contains(outcome::claim_mismatch));
}

TEST_CASE("a holder's account has to have the level of the rule, which only she learns") {
    nation_with_keys nation{20'000};
    const auto made = nation.signed_by_holders(600, agency);
    auto requests = made.requests;
    auto proofs = made.proofs;
    name_text text;
    std::map<std::uint64_t, std::uint64_t> place_of;
    for (std::uint64_t i = 0; i < nation.people().count(); ++i)
        place_of[nation.people().citizen_at(i, text).id.value()] = i;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        requests[i] = asked_by(requests[i], agency, 1);
        proofs[i] = nation.sign(requests[i], place_of.at(requests[i].id()));
        if (i % 7 == 0) proofs[i].signature.bytes[1] ^= std::byte{1};
    }
    const live_policy live{
        one_rule(rule_text("per_claim", "[\"holder\"]", "account_level_at_least = \"level_2\"\n"), agency)};
    const auto answers = answers_of(
        nation.index(), {.requests = requests, .holders = proofs, .proofs = at(proofs.front().issued_at_unix_ms)},
        {.policy = &live});
    std::map<outcome, int> seen;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        if (answers[i].outcome() == outcome::proof_repeated) continue;  // a citizen comes more than once
        const auto found = nation.index().find(personal_id::from_trusted(requests[i].id())).value().value();
        const bool suffices = layout::level.get(found.words[2]) == static_cast<std::uint64_t>(account_level::level_2);
        const auto expected = i % 7 == 0 ? outcome::bad_signature
                              : suffices ? outcome::verified
                                         : outcome::account_level_too_low;
        REQUIRE(answers[i].outcome() == expected);
        ++seen[expected];
    }
    CHECK(seen.size() == 3);
}

TEST_CASE("a proof is taken once, and a batch, also by another call") {
    agency_at_work of;
    auto batch = of.nation.signed_by_holders(40, agency);
    const auto proof = of.sign(batch.requests);
    guards watch_over;
    const engine_parts parts{.policy = nullptr, .watch = &watch_over};
    const auto when = at(batch.proofs.front().issued_at_unix_ms);
    const request_batch by_holders{.requests = batch.requests, .holders = batch.proofs, .proofs = when};
    for (const auto& each : answers_of(of.nation.index(), by_holders, parts))
        REQUIRE(each.outcome() == outcome::verified);
    for (const auto& each : answers_of(of.nation.index(), by_holders, parts))
        REQUIRE(each == verdict{outcome::proof_repeated, 0, 0, 0});
    const request_batch by_agency{
        .requests = batch.requests, .agency = &proof, .agencies = &of.keys, .proofs = at(proof.issued_at_unix_ms)};
    for (const auto& each : answers_of(of.nation.index(), by_agency, parts))
        REQUIRE(each.outcome() == outcome::verified);
    for (const auto& each : answers_of(of.nation.index(), by_agency, parts))
        REQUIRE(each == verdict{outcome::proof_repeated, 0, 0, 0});
}

TEST_CASE("quotas and misses are used up, and a holder's proof passes used-up misses") {
    nation_with_keys nation{20'000};
    auto made = nation.signed_by_holders(30, agency);
    for (auto& each : made.requests) each = asked_by(each, agency, 1);
    const live_policy live{
        one_rule(rule_text("per_claim", "[]", "quota = { per_day = 100, misses_per_citizen_day = 3 }\n"), agency)};
    guards watch_over;
    const engine_parts parts{.policy = &live, .watch = &watch_over};
    // The same wrong name of one citizen, ten times one after the other.
    auto wrong = made.requests.front();
    wrong.words[1] ^= 1;
    wrong.words[3] ^= 1;
    const auto ask = [&](const request& q) {
        return answers_of(nation.index(), {.requests = {&q, 1}, .proofs = at(now)}, parts).front().outcome();
    };
    for (int k = 0; k < 3; ++k) CHECK(ask(wrong) == outcome::claim_mismatch);
    for (int k = 0; k < 7; ++k) CHECK(ask(wrong) == outcome::misses_used_up);
    // Also for who is right now: else the budget would only hide the wrong ones.
    CHECK(ask(made.requests.front()) == outcome::misses_used_up);
    name_text text;
    for (std::uint64_t i = 0; i < nation.people().count(); ++i)
        if (nation.people().citizen_at(i, text).id.value() == made.requests.front().id()) {
            const auto proof = nation.sign(made.requests.front(), i);
            const request_batch asked{
                .requests = {made.requests.data(), 1}, .holders = {&proof, 1}, .proofs = at(proof.issued_at_unix_ms)};
            CHECK(answers_of(nation.index(), asked, parts).front().outcome() == outcome::verified);
        }
    std::size_t answered = 0;
    for (int k = 0; k < 300; ++k)
        answered += ask(made.requests[static_cast<std::size_t>(1 + k % 29)]) == outcome::verified;
    CHECK(answered <= 100);
    CHECK(answered >= 80);
    CHECK(ask(made.requests[2]) == outcome::quota_used_up);
    // A day later.
    CHECK(answers_of(nation.index(), {.requests = {made.requests.data(), 1}, .proofs = at(now + 86'400'000)}, parts)
              .front()
              .outcome() == outcome::verified);
}

TEST_CASE("a batch is judged by one policy, whole, while others put policies in force") {
    small_nation nation{20'000};
    auto requests = nation.ask(0, 2'000).requests;
    for (auto& each : requests) each = asked_by(each, agency, 1);
    // Of nobody; of all, whole; of all, one bit.
    const std::array<std::shared_ptr<const policy_table>, 3> policies{one_rule(rule_text("per_claim", "[]"), 9),
                                                                      one_rule(rule_text("per_claim", "[]"), agency),
                                                                      one_rule(rule_text("one_bit", "[]"), agency)};
    live_policy live{policies[0]};
    const request_batch asked{.requests = requests, .proofs = at(now)};
    std::array<std::vector<verdict>, 3> expected;
    for (std::size_t k = 0; k < policies.size(); ++k) {
        live.replace(policies[k]);
        expected[k] = answers_of(nation.index(), asked, {.policy = &live});
    }
    std::atomic<bool> done{false};
    std::atomic<int> torn{0};
    std::array<std::atomic<int>, 3> seen{};
    std::vector<std::thread> readers;
    for (int t = 0; t < 4; ++t)
        readers.emplace_back([&] {
            std::vector<verdict> answers(requests.size());
            while (!done) {
                engine{nation.index(), {.policy = &live}}.answer(asked, answers);
                const auto which = std::ranges::find(expected, answers) - expected.begin();
                if (which == 3)
                    ++torn;
                else
                    ++seen[static_cast<std::size_t>(which)];
            }
        });
    for (std::size_t k = 0; k < 600; ++k) {
        // A table of its own each time, so that one that goes too early is seen by a sanitizer.
        live.replace(std::make_shared<const policy_table>(policy_table::from_bytes(policies[k % 3]->bytes()).value()));
        std::this_thread::sleep_for(std::chrono::microseconds{300});
    }
    done = true;
    for (auto& each : readers) each.join();
    CHECK(torn == 0);
    for (const auto& each : seen) CHECK(each > 0);
}
