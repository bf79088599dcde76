// SPDX-License-Identifier: Apache-2.0
// The stages of an answer: what is refused is never looked up, and what was found is not looked for again.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <set>
#include <vector>

#include "unit/engine/agency_at_work.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// What a kernel that watches was asked for, and what happens when it has answered. Of this thread's calls.
std::vector<std::uint64_t> looked_up;
std::function<void()> then;

void watch(const index_view& index, std::span<const request> requests, std::span<verdict> verdicts,
           const kernels::coming_requests& coming) noexcept {
    for (const auto& each : requests) looked_up.push_back(each.id());
    kernels::portable_kernel.verify(index, requests, verdicts, coming);
    if (then) then();
}
void watch_and_find(const index_view& index, std::span<const request> requests, std::span<verdict> verdicts,
                    std::span<const slot*> found, const kernels::coming_requests& coming) noexcept {
    for (const auto& each : requests) looked_up.push_back(each.id());
    kernels::portable_kernel.find(index, requests, verdicts, found, coming);
    if (then) then();
}
const kernels::kernel watching{"watching", watch, watch_and_find, kernels::portable_kernel.judge};

std::vector<verdict> answer(const citizen_index& index, const request_batch& asked) {
    looked_up.clear();
    std::vector<verdict> answers(asked.requests.size());
    answer_batch({watching, ed25519::current_kernel()}, index, asked, answers);
    return answers;
}

[[nodiscard]] std::set<std::uint64_t> ids_of(std::span<const request> requests) {
    std::set<std::uint64_t> ids;
    for (const auto& each : requests) ids.insert(each.id());
    return ids;
}

}  // namespace

TEST_CASE("of a batch that its agency did not sign nothing is looked up") {
    agency_at_work at;
    auto proof = at.sign(at.batch);
    proof.nonce[0] ^= std::byte{1};
    const auto answers = answer(at.nation.index(), {.requests = at.batch, .agency = &proof, .agencies = &at.keys});
    CHECK(looked_up.empty());
    for (const auto& v : answers) CHECK(v == verdict{outcome::bad_signature, 0, 0, 0});
}

TEST_CASE("a request that names another agency than its signer is not looked up, and the others are answered") {
    agency_at_work at;
    // Long enough for some blocks, the strangers here and there, first and last among them.
    const auto more = at.nation.signed_by_holders(1500, agency).requests;
    for (const auto every : std::array<std::size_t, 4>{1, 2, 3, 700}) {
        auto batch = more;
        std::vector<request> strangers;
        std::vector<request> others;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            const bool is_stranger = i % every == 0 || i + 1 == batch.size();
            if (is_stranger)
                batch[i].words[3] =
                    (batch[i].words[3] & ~request_layout::agency.mask()) | request_layout::agency.put(8);
            (is_stranger ? strangers : others).push_back(batch[i]);
        }
        const auto proof = at.sign(batch);
        const auto answers = answer(at.nation.index(), {.requests = batch, .agency = &proof, .agencies = &at.keys});
        std::vector<verdict> expected(others.size());
        engine{at.nation.index()}.verify(others, expected);
        std::size_t next = 0;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            if (batch[i].agency() == agency)
                REQUIRE(answers[i] == expected[next++]);
            else
                REQUIRE(answers[i] == verdict{outcome::bad_signature, 0, 0, 0});
        }
        REQUIRE(looked_up.size() == others.size());
        CHECK(ids_of(others) == std::set(looked_up.begin(), looked_up.end()));
    }
}

TEST_CASE("a batch may have an agency's proof and its holders', and each request needs both") {
    agency_at_work at;
    auto made = at.nation.signed_by_holders(600, agency);
    // A stranger, one whose holder did not sign, one claim that is false.
    made.requests[3].words[3] =
        (made.requests[3].words[3] & ~request_layout::agency.mask()) | request_layout::agency.put(8);
    made.proofs[5].signature.bytes[0] ^= std::byte{1};
    const auto agencys = at.sign(made.requests);
    const request_batch asked{
        .requests = made.requests, .holders = made.proofs, .agency = &agencys, .agencies = &at.keys};
    const auto answers = answer(at.nation.index(), asked);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const bool is_refused = i == 3 || i == 5;
        REQUIRE(answers[i].outcome() == (is_refused ? outcome::bad_signature : outcome::verified));
        if (is_refused) REQUIRE(answers[i] == verdict{outcome::bad_signature, 0, 0, 0});
    }
    std::vector<verdict> by_name(answers.size());
    engine{at.nation.index()}.answer(asked, by_name);
    CHECK(by_name == answers);
    auto forged = agencys;
    forged.signature.bytes[1] ^= std::byte{1};
    for (const auto& v :
         answer(at.nation.index(),
                {.requests = made.requests, .holders = made.proofs, .agency = &forged, .agencies = &at.keys}))
        REQUIRE(v == verdict{outcome::bad_signature, 0, 0, 0});
}

TEST_CASE("every kernel hands on the slot of each record that it judged by, and none for who has none") {
    small_nation nation{20'000};
    auto asked = nation.ask(0, 5'000);
    std::size_t unknown = 0;
    for (std::size_t i = 0; i < asked.requests.size(); i += 3) {
        auto& words = asked.requests[i].words;
        words[0] = (words[0] & ~layout::id.mask()) | layout::id.put(990'000'000'000 + i);
    }
    // Some tables lie elsewhere than at their first places, and some citizens' records in other slots.
    for (std::size_t i = 1; i < 600; i += 3) {
        const auto id = personal_id::from_trusted(asked.requests[i].id());
        const auto now = nation.index().find(id).value();
        if (now)
            for (int again = 0; again < 6; ++again) REQUIRE(nation.index().upsert(*now).has_value());
    }
    const auto inside = index_view{nation.index()}.enter();
    for (const auto& kernel : kernels::available())
        for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{512}, asked.requests.size()}) {
            const auto requests = std::span<const request>{asked.requests}.first(size);
            std::vector<verdict> alone(size);
            std::vector<verdict> answers(size);
            std::vector<const slot*> found(size, reinterpret_cast<const slot*>(8));
            kernel.verify(nation.index(), requests, alone);
            kernel.find(nation.index(), requests, answers, found);
            REQUIRE(answers == alone);
            for (std::size_t i = 0; i < size; ++i) {
                const auto here = nation.index().find(personal_id::from_trusted(requests[i].id()));
                const bool is_there =
                    answers[i].outcome() != outcome::malformed && here.has_value() && here->has_value();
                CAPTURE(kernel.name);
                CAPTURE(i);
                unknown += is_there ? 0 : 1;
                if (answers[i].outcome() == outcome::malformed) continue;
                REQUIRE((found[i] != nullptr) == is_there);
                if (!is_there) continue;
                for (std::size_t w = 1; w < 4; ++w) REQUIRE(found[i]->words[w].load() == (*here)->words[w]);
            }
        }
    CHECK(unknown > 1'000);
}

TEST_CASE("the key that a proof is checked by is that of the record that was judged") {
    nation_with_keys nation{20'000};
    auto& index = nation.index();
    const auto made = nation.signed_by_holders(40);
    const request_batch asked{.requests = made.requests, .holders = made.proofs};
    const auto give_others_keys = [&] {
        public_key other;
        other.bytes.fill(std::byte{3});
        for (const auto& each : made.requests)
            REQUIRE(index.set_key(personal_id::from_trusted(each.id()), other).has_value());
    };
    SUBCASE("though it was replaced since") {
        then = give_others_keys;
        for (const auto& v : answer(index, asked)) CHECK(v.outcome() == outcome::verified);
        then = {};
        for (const auto& v : answer(index, asked)) CHECK(v == verdict{outcome::bad_signature, 0, 0, 0});
    }
    SUBCASE("and where its table was replaced since, both are of the record that is there now") {
        const std::span<const request> first_two{made.requests.data(), 2};
        std::vector<request> others;
        then = [&] {
            // She has died, and her neighbour is erased: their tables lie elsewhere afterwards.
            auto now = index.find(personal_id::from_trusted(first_two[0].id())).value().value();
            now.words[2] = (now.words[2] & ~layout::life.mask()) |
                           layout::life.put(static_cast<std::uint64_t>(life_status::deceased));
            REQUIRE(index.upsert(now).has_value());
            REQUIRE(index.erase(personal_id::from_trusted(first_two[1].id())).has_value());
            for (const auto& each : first_two) {
                const auto partition = partition_of(placement_hash(each.id(), index.placement_seed()));
                std::vector<std::byte> block;
                REQUIRE(index.copy_block(partition, block).has_value());
                std::vector<record> records;
                std::vector<public_key> keys;
                block_head head;
                std::memcpy(&head, block.data(), sizeof head);
                for (std::size_t k = 0; k < std::size_t{head.line_count} * slots_per_line; ++k) {
                    record r;
                    std::memcpy(&r, block.data() + sizeof head + k * sizeof r, sizeof r);
                    if (slot_word::state_of(r.words[0]) != slot_state::live) continue;
                    records.push_back(r);
                    const auto* const key =
                        block.data() + sizeof head + std::size_t{head.line_count} * sizeof(line) + k * public_key_bytes;
                    std::memcpy(keys.emplace_back().bytes.data(), key, public_key_bytes);
                }
                REQUIRE(index.rebuild_partition(partition, records, keys).has_value());
            }
        };
        const auto answers = answer(index, {.requests = first_two, .holders = std::span{made.proofs.data(), 2}});
        then = {};
        CHECK(answers[0].outcome() == outcome::deceased);
        CHECK(answers[1].outcome() == outcome::not_found);
    }
}
