// SPDX-License-Identifier: Apache-2.0
// An index that has some partitions and not others: whoever is in another is elsewhere, never unknown, by every kernel,
// also while partitions come and go.
#include <atomic>
#include <random>
#include <thread>
#include <xacthuc/registry/partition_copy.hpp>

#include "unit/engine/nation_with_keys.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

[[nodiscard]] std::size_t partition_of_request(const request& q) {
    return partition_of(placement_hash(q.id(), 0));
}
[[nodiscard]] verdict told_elsewhere(const request& q) {
    return {outcome::elsewhere, 0, 0, q.claims()};
}

// What the whole index answers, but for those whose partitions are not here. A malformed question is that anywhere.
[[nodiscard]] std::vector<verdict> expected_of(const small_nation::questions& q, const citizen_index& index) {
    auto expected = q.expected;
    for (std::size_t i = 0; i < expected.size(); ++i)
        if (!index.has_partition(partition_of_request(q.requests[i])) && expected[i].outcome() != outcome::malformed)
            expected[i] = told_elsewhere(q.requests[i]);
    return expected;
}

void check_answers(const citizen_index& index, const small_nation::questions& q) {
    const auto expected = expected_of(q, index);
    for (const auto& kernel : kernels::available())
        for (const std::size_t size : {1U, 7U, 100U, 511U, 513U, 100'000U}) {
            std::vector<verdict> answers(q.requests.size());
            for (std::size_t from = 0; from < answers.size(); from += size) {
                const auto count = std::min(size, answers.size() - from);
                kernel.verify(index, std::span{q.requests}.subspan(from, count),
                              std::span{answers}.subspan(from, count));
            }
            const auto wrong = std::ranges::mismatch(expected, answers).in1 - expected.begin();
            INFO(kernel.name, ", batches of ", size);
            REQUIRE(wrong == static_cast<std::ptrdiff_t>(expected.size()));
        }
}

// Moves a partition to an index where it is not.
void move_partition(citizen_index& from, citizen_index& to, std::size_t partition) {
    std::vector<std::byte> bytes;
    export_partition(from, partition, bytes).value();
    import_partition(to, bytes).value();
    from.drop_partition(partition).value();
}

[[nodiscard]] citizen_index nobody_like(const citizen_index& index) {
    return citizen_index::without_partitions(index.facts()).value();
}

}  // namespace

TEST_CASE("whoever is in a partition that is not here is elsewhere, by every kernel and in batches of any size") {
    small_nation nation{60'000};
    const auto q = nation.ask(0, 20'000);
    auto other = nobody_like(nation.index());
    check_answers(other, q);
    std::mt19937 random{3};
    for (const unsigned share : {1U, 50U, 99U, 100U}) {
        for (std::size_t p = 0; p < partition_count; ++p)
            if (nation.index().has_partition(p) && random() % 100 < share) move_partition(nation.index(), other, p);
        check_answers(nation.index(), q);
        check_answers(other, q);
        CHECK(nation.index().citizens() + other.citizens() == nation.people().count());
    }
    CHECK(nation.index().citizens() == 0);
    CHECK(other.scrub().damaged == 0);
}

TEST_CASE("a proof about somebody elsewhere is not judged") {
    nation_with_keys nation{20'000};
    const auto all = nation.signed_by_holders(2000);
    const engine answers{nation.index()};
    std::vector<verdict> before(all.requests.size());
    static_cast<void>(answers.verify(all.requests, all.proofs, before));
    for (std::size_t p = 0; p < partition_count; p += 2) nation.index().drop_partition(p).value();
    for (const auto& with : all_kernels()) {
        std::vector<verdict> after(all.requests.size());
        static_cast<void>(
            answer_batch(with, nation.index(), {.requests = all.requests, .holders = all.proofs}, after, {}));
        for (std::size_t i = 0; i < after.size(); ++i) {
            CAPTURE(i);
            const auto& q = all.requests[i];
            const bool is_here = nation.index().has_partition(partition_of_request(q));
            const bool is_malformed = before[i].outcome() == outcome::malformed;
            REQUIRE(after[i] == (is_here || is_malformed ? before[i] : told_elsewhere(q)));
        }
    }
}

TEST_CASE("while partitions move between two indexes, everybody is answered rightly or is elsewhere") {
    small_nation nation{30'000};
    const auto q = nation.ask(0, 3000);
    std::array<citizen_index*, 2> both{&nation.index(), nullptr};
    auto other = nobody_like(nation.index());
    both[1] = &other;
    std::atomic<bool> ends{false};
    std::atomic<std::uint64_t> wrong{0};
    std::array<std::atomic<std::uint64_t>, 2> seen{};  // elsewhere, here
    std::vector<std::jthread> readers;
    for (const auto* const index : both)
        readers.emplace_back([&, index] {
            const engine answers{*index};
            std::vector<verdict> found(q.requests.size());
            while (!ends) {
                static_cast<void>(answers.verify(q.requests, found));
                for (std::size_t i = 0; i < found.size(); ++i) {
                    const bool is_elsewhere = found[i] == told_elsewhere(q.requests[i]);
                    ++seen[is_elsewhere ? 0 : 1];
                    if (!is_elsewhere && found[i] != q.expected[i]) ++wrong;
                }
            }
        });
    std::mt19937 random{7};
    for (int move = 0; move < 4000; ++move) {
        const auto p = partition_of_request(q.requests[random() % q.requests.size()]);
        const bool is_first = both[0]->has_partition(p);
        move_partition(*both[is_first ? 0 : 1], *both[is_first ? 1 : 0], p);
    }
    ends = true;
    readers.clear();
    CHECK(wrong == 0);
    CHECK(seen[0] > 0);
    CHECK(seen[1] > 0);
    CHECK(both[0]->citizens() + both[1]->citizens() == nation.people().count());
}
