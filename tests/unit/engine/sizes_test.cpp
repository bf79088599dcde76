// SPDX-License-Identifier: Apache-2.0
// Calls of the library with sizes, indices and pointers that do not fit: in every build each says so, before anything
// is written or used up, and with right ones it answers.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <vector>
#include <xacthuc/ed25519/verify.hpp>
#include <xacthuc/engine/live_policy.hpp>
#include <xacthuc/engine/tally.hpp>
#include <xacthuc/guard/alarm.hpp>
#include <xacthuc/guard/guards.hpp>
#include <xacthuc/ledger/merkle_tree.hpp>
#include <xacthuc/ledger/row_queue.hpp>
#include <xacthuc/ledger/witness.hpp>

#include "broken_contract.hpp"
#include "unit/engine/agency_at_work.hpp"
#include "unit/policy/one_rule.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// Verdicts that nobody gives: who was refused before anything was written still has them.
constexpr verdict untouched{outcome::malformed, 1, 2, 4};

[[nodiscard]] bool are_untouched(const std::vector<verdict>& verdicts) {
    return std::ranges::all_of(verdicts, [](const verdict& each) { return each == untouched; });
}

}  // namespace

TEST_CASE("an engine answers where there is room for every verdict, and else says that there is none") {
    small_nation nation{1000};
    const engine asked{nation.index()};
    const auto questions = nation.ask(0, 70);
    std::vector<verdict> verdicts(71, untouched);
    const request_batch batch{.requests = questions.requests};
    CHECK_REFUSED("engine::answer: 69 verdicts for 70 requests", asked.answer(batch, std::span{verdicts}.first(69)));
    CHECK_REFUSED("engine::answer: 0 verdicts for 70 requests", asked.answer(batch, {}));
    CHECK_ENDS_PROCESS("engine::answer: 69 verdicts for 70 requests",
                       asked.verify(questions.requests, std::span{verdicts}.first(69)));
    CHECK(are_untouched(verdicts));
    asked.answer(batch, verdicts);
    CHECK(verdicts.back() == untouched);
    verdicts.pop_back();
    CHECK(verdicts == questions.expected);
    std::ranges::fill(verdicts, untouched);
    asked.verify(questions.requests, verdicts);
    CHECK(verdicts == questions.expected);
}

TEST_CASE("holders' proofs are one a request, and an agency's come with agencies") {
    agency_at_work work;
    const auto asked = work.nation.signed_by_holders(40, agency);
    const engine by{work.nation.index()};
    std::vector<verdict> verdicts(40, untouched);
    const std::span proofs{asked.proofs};
    CHECK_REFUSED("engine::verify: 39 holders' proofs for 40 requests",
                  by.verify(asked.requests, proofs.first(39), verdicts));
    CHECK_REFUSED("engine::verify: 0 holders' proofs for 40 requests",
                  by.verify(asked.requests, proofs.first(0), verdicts));
    CHECK_REFUSED("engine::verify: 40 holders' proofs for 39 requests",
                  by.verify(std::span{asked.requests}.first(39), proofs, verdicts));
    CHECK_REFUSED("engine::answer: 1 holders' proofs for 40 requests",
                  by.answer({.requests = asked.requests, .holders = proofs.first(1)}, verdicts));
    const auto proof = work.sign(work.batch);
    std::vector<verdict> of_batch(work.batch.size(), untouched);
    CHECK_REFUSED("engine::answer: an agency's proof without agencies",
                  by.answer({.requests = work.batch, .agency = &proof}, of_batch));
    CHECK_REFUSED("engine::answer: 49 verdicts for 50 requests",
                  by.verify(work.batch, proof, work.keys, std::span{of_batch}.first(49)));
    CHECK(are_untouched(verdicts));
    CHECK(are_untouched(of_batch));
    by.verify(asked.requests, proofs, verdicts);
    by.verify(work.batch, proof, work.keys, of_batch);
    CHECK(std::ranges::none_of(verdicts, [](const verdict& each) { return each == untouched; }));
    CHECK(std::ranges::none_of(of_batch, [](const verdict& each) { return each == untouched; }));
}

TEST_CASE("signatures are verified where every item is whole and has its place for a verdict") {
    key_pool pairs{4, 1};
    const auto key = public_half(pairs.pairs()[0]);
    const auto checked = ed25519::verifying_key::make(key).value();
    const ed25519::signature signature{};
    const ed25519::batch_item right{.message = {}, .signature = &signature, .raw_key = &key};
    const std::span<const std::byte> too_long{key.bytes.data(), ed25519::message_bytes_max + 1};
    std::array<bool, 2> verdicts{true, true};
    const auto verify = [&](const ed25519::batch_item& second) {
        const std::array items{right, second};
        return ed25519::verify_batch(items, verdicts);
    };
    const std::array items{right, right};
    CHECK_REFUSED("ed25519::verify_batch: 1 verdicts for 2 items",
                  ed25519::verify_batch(items, std::span{verdicts}.first(1)));
    CHECK_REFUSED("ed25519::verify_batch: 2 verdicts for 1 items",
                  ed25519::verify_batch(std::span{items}.first(1), verdicts));
    CHECK_REFUSED("ed25519::verify_batch: an item without a signature", verify({.message = {}, .raw_key = &key}));
    CHECK_REFUSED("ed25519::verify_batch: an item without one key", verify({.message = {}, .signature = &signature}));
    CHECK_REFUSED("ed25519::verify_batch: an item without one key",
                  verify({.message = {}, .signature = &signature, .raw_key = &key, .key = &checked}));
    CHECK_REFUSED("ed25519::verify_batch: 4294967296 bytes at most for 4294967297 bytes of a message",
                  verify({.message = too_long, .signature = &signature, .raw_key = &key}));
    CHECK_REFUSED("ed25519::verify: 4294967296 bytes at most for 4294967297 bytes of a message",
                  ed25519::verify(key, too_long, signature));
    CHECK_REFUSED("ed25519::verify: 4294967296 bytes at most for 4294967297 bytes of a message",
                  ed25519::verify(checked, too_long, signature));
    CHECK((verdicts[0] && verdicts[1]));
    CHECK(verify(right) == 0);
    CHECK((!verdicts[0] && !verdicts[1]));
    CHECK_REFUSED("verifying_key::with_comb: bits 4 is not in [5, 9)", checked.with_comb(4));
    CHECK_REFUSED("verifying_key::with_comb: bits 9 is not in [5, 9)", checked.with_comb(9));
    CHECK_ENDS_PROCESS("ed25519::comb_bytes: bits 9 is not in [5, 9)", ed25519::comb_bytes(9));
}

TEST_CASE("an index has partitions below partition_count, and a key for every record or none") {
    nation_with_keys nation{1000};
    auto& index = nation.index();
    constexpr auto beyond = partition_count;
    std::vector<std::byte> block;
    CHECK_REFUSED("citizen_index::copy_block: partition 16384 is not in [0, 16384)",
                  index.copy_block(beyond, block).has_value());
    CHECK_REFUSED("citizen_index::drop_partition: partition 16384 is not in [0, 16384)",
                  index.drop_partition(beyond).has_value());
    CHECK_REFUSED("citizen_index::add_partition: partition 16384 is not in [0, 16384)",
                  index.add_partition(beyond, {}).has_value());
    CHECK_REFUSED("citizen_index::rebuild_partition: partition 16384 is not in [0, 16384)",
                  index.rebuild_partition(beyond, {}).has_value());
    CHECK_ENDS_PROCESS("citizen_index::has_partition: partition 16384 is not in [0, 16384)",
                       index.has_partition(beyond));
    CHECK_ENDS_PROCESS("citizen_index::block: partition 16384 is not in [0, 16384)", index.block(beyond));
    CHECK_ENDS_PROCESS("citizen_index::scrub: first partition 16385 is not in [0, 16385)", index.scrub(beyond + 1));
    CHECK(index.scrub(beyond).live == 0);
    CHECK(index.scrub(1, SIZE_MAX).live == index.citizens() - index.scrub(0, 1).live);

    name_text text;
    const auto id = nation.people().citizen_at(0, text).id;
    const auto home = partition_of(placement_hash(id.value(), index.placement_seed()));
    const std::array records{index.find(id).value().value()};
    const std::array<public_key, 2> keys{};
    REQUIRE(index.drop_partition(home).has_value());
    const auto with = [&](std::size_t count) {
        return index.add_partition(home, records, std::span{keys}.first(count));
    };
    CHECK_REFUSED("citizen_index::add_partition: 2 keys for 1 records", with(2).has_value());
    CHECK(!index.has_partition(home));
    CHECK(with(1).has_value());
    CHECK_REFUSED("citizen_index::rebuild_partition: 2 keys for 1 records",
                  index.rebuild_partition(home, records, keys).has_value());
    CHECK(index.rebuild_partition(home, records, {}).has_value());
}

TEST_CASE("blocks lie in the memory that an index is put together from, and keys go where there is a column for them") {
    const auto memory = [] { return huge_pages::allocate(4096).value(); };
    citizen_index::block_offsets offsets{};
    offsets[7] = memory().size() - 63;
    CHECK_REFUSED("citizen_index::from_blocks: 63 bytes from an offset on for 64 of a block's head",
                  citizen_index::from_blocks(
                      {},
                      [&] {
                          auto room = memory();
                          block_head head;
                          head.line_count = 1;
                          std::memcpy(room.data(), &head, sizeof head);
                          return room;
                      }(),
                      offsets)
                      .has_value());
    const auto of_lines = [&](std::uint32_t lines) {
        auto room = memory();
        block_head head;
        head.line_count = lines;
        std::memcpy(room.data(), &head, sizeof head);
        return citizen_index::from_blocks({}, std::move(room), {}).has_value();
    };
    const auto room = memory().size();
    const auto fitting = static_cast<std::uint32_t>(room / 64 - 1);
    CHECK_REFUSED("citizen_index::from_blocks: " + std::to_string(room) + " bytes from an offset on for " +
                      std::to_string(room + 64) + " of its block",
                  of_lines(fitting + 1));
    CHECK(of_lines(fitting));

    auto builder = index_builder::create({}).value();
    auto appender = builder.make_appender();
    const auto one = make_record({.id = personal_id::from_trusted(1'199'000'001)}, test_key()).value();
    const public_key key;
    CHECK(appender.append(one, 0, key).error().code == make_error_code(errc::no_key_column));
    CHECK(appender.append(one, 0).has_value());
}

TEST_CASE("guards look at blocks of which all parts are of one size") {
    guards all{guards_options{}};
    constexpr rule open{.may_ask = all_claims};
    const std::vector<request> requests(guards::block_max + 1);
    const std::vector<const rule*> rules(requests.size(), &open);
    const std::vector<verdict> verdicts(requests.size(), untouched);
    std::vector<outcome> refused(requests.size(), outcome::malformed);
    const auto admit = [&](std::size_t asked, std::size_t ruled, std::size_t places) {
        return all.admit(std::span{requests}.first(asked), std::span{rules}.first(ruled), {},
                         std::span{refused}.first(places));
    };
    const auto settle = [&](std::size_t asked, std::size_t ruled, std::size_t answered) {
        all.settle(std::span{requests}.first(asked), std::span{rules}.first(ruled), std::span{verdicts}.first(answered),
                   {});
        return true;
    };
    CHECK_ENDS_PROCESS("guards::admit: 512 at most for 513 requests", admit(513, 513, 513));
    CHECK_ENDS_PROCESS("guards::admit: 4 rules for 5 requests", admit(5, 4, 5));
    CHECK_ENDS_PROCESS("guards::admit: 4 places for refusals for 5 requests", admit(5, 5, 4));
    CHECK_ENDS_PROCESS("guards::settle: 512 at most for 513 requests", settle(513, 513, 513));
    CHECK_ENDS_PROCESS("guards::settle: 6 rules for 5 requests", settle(5, 6, 5));
    CHECK_ENDS_PROCESS("guards::settle: 4 verdicts for 5 requests", settle(5, 5, 4));
    CHECK(admit(5, 5, 6));
    CHECK(settle(5, 5, 5));
    CHECK_REFUSED("alarm_queue: a capacity that is no power of two", alarm_queue{1000});
    CHECK_REFUSED("alarm_queue: a capacity that is no power of two", alarm_queue{0});
    CHECK(alarm_queue{8}.put({}));
}

TEST_CASE("rows are put where they were reserved") {
    CHECK_REFUSED("row_queue: slots 1073741824 is not in [0, 1073741824)", row_queue{std::size_t{1} << 30});
    row_queue queue{64};
    const std::vector<request> asked(6);
    const std::vector<verdict> shown(6, untouched);
    auto rows = queue.reserve(5);
    REQUIRE(rows);
    const auto put = [&](std::size_t first, std::size_t questions, std::size_t answers) {
        rows.put(first, std::span{asked}.first(questions), std::nullopt, std::span{shown}.first(answers));
        return true;
    };
    CHECK_ENDS_PROCESS("row_queue::reservation::put: 4 verdicts for 5 requests", put(0, 5, 4));
    CHECK_ENDS_PROCESS("row_queue::reservation::put: 5 rows left for 6 requests", put(0, 6, 6));
    CHECK_ENDS_PROCESS("row_queue::reservation::put: 1 rows left for 2 requests", put(4, 2, 2));
    CHECK_ENDS_PROCESS("row_queue::reservation::put: first row 5 is not in [0, 5)", put(5, 1, 1));
    CHECK_ENDS_PROCESS("row_queue::reservation::put: row 5 is not in [0, 5)", rows.put(5, asked[0], 1, shown[0]));
    CHECK_ENDS_PROCESS("row_queue::reservation::put: row 0 is not in [0, 0)",
                       row_queue::reservation{}.put(0, asked[0], 1, shown[0]));
    CHECK(put(0, 4, 4));
    rows.put(4, asked[4], 1, shown[4]);
    rows.commit({});
    CHECK(queue.take()->rows == 5);
}

TEST_CASE("proofs of trees are of leaves that are there, and witnesses of the policy") {
    const std::vector<tree_hash> leaves(5);
    CHECK_REFUSED("inclusion_ranges: index 5 is not in [0, 5)", inclusion_ranges(5, 5));
    CHECK_REFUSED("consistency_ranges: from 0 is not in [1, 6)", consistency_ranges(0, 5));
    CHECK_REFUSED("consistency_ranges: from 6 is not in [1, 6)", consistency_ranges(6, 5));
    CHECK_REFUSED("prove_inclusion: index 5 is not in [0, 5)", prove_inclusion(leaves, 5));
    CHECK_REFUSED("prove_consistency: from 0 is not in [1, 6)", prove_consistency(leaves, 0));
    CHECK_REFUSED("prove_consistency: from 6 is not in [1, 6)", prove_consistency(leaves, 6));
    CHECK(prove_inclusion(leaves, 4).size() == 1);
    CHECK(prove_consistency(leaves, 5).empty());
    witness_round nobody{witness_policy{}};
    CHECK_REFUSED("witness_round::ask: witness 0 is not in [0, 0)",
                  nobody.ask(std::array{witness_round::request{0, ""}}));
    CHECK_REFUSED("witness_round::take: witness 0 is not in [0, 0)",
                  nobody.take({}, std::array{witness_round::answer{0, 200, ""}}));
    CHECK(nobody.take({}, {}).cosignatures.empty());
}

TEST_CASE("a policy in force is a table, and a count is of dimensions that there are") {
    CHECK_REFUSED("live_policy: no table", live_policy{nullptr});
    live_policy policy{one_rule("may_ask = [\"name\"]\nanswer = \"per_claim\"\nproof = []\n", agency)};
    CHECK_REFUSED("live_policy::replace: no table", policy.replace(nullptr));
    CHECK(policy.current() != nullptr);
    small_nation nation{100};
    const std::array dimensions{tally_dimension::province, static_cast<tally_dimension>(tally_dimension_count)};
    CHECK(count_by(nation.index(), dimensions).error().code == make_error_code(errc::code_range));
    CHECK(count_by(nation.index(), std::span{dimensions}.first(1)).has_value());
}
