// SPDX-License-Identifier: Apache-2.0
// The words that guards share between threads, in every order of their accesses and with stale reads; and each of them
// with one step left out, which the exploration must notice.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <functional>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>
#include <xacthuc/guard/miss_budget.hpp>
#include <xacthuc/guard/proof_window.hpp>
#include <xacthuc/guard/quota.hpp>
#include <xacthuc/guard/replay_window.hpp>

#include "concurrency/explorer.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

using model::word;

struct quota_mutant {
    static inline bool charges_by_swap = true;
    static inline bool claims_by_swap = true;
    static inline bool looks_again = true;
};
struct replay_mutant {
    static inline bool takes_by_swap = true;
    static inline bool refuses_later_laps = true;
    static inline bool empties_earlier_laps = true;
    static inline bool looks_again = true;
};
struct proof_mutant {
    static inline bool takes_by_swap = true;
    static inline bool looks_again = true;
    static inline bool announces_before_writing = true;
    static inline bool checks_newest_again = true;
    static inline unsigned generations_kept = 1;
    static inline std::memory_order writing = proof_steps::writing;
    static inline std::memory_order reading = proof_steps::reading;
};
struct miss_mutant {
    static inline bool adds_by_swap = true;
    static inline bool filters_before_counting = true;
    static inline bool respects_later_days = true;
    static inline std::memory_order counting = miss_budget_steps::counting;
    static inline std::memory_order seeing = miss_budget_steps::seeing;
};

template <class T>
class mutation {
  public:
    mutation(T& step, T wrong) : step_{step}, right_{step} { step_ = wrong; }
    ~mutation() { step_ = right_; }
    mutation(const mutation&) = delete;
    mutation& operator=(const mutation&) = delete;

  private:
    T& step_;
    T right_;
};

// What all programs share: some words, and what each thread was told.
struct scene {
    std::array<word, 16> words{};
    std::array<word, 4> others{};
    [[nodiscard]] std::span<word> first(std::size_t count) { return std::span{words}.first(count); }
};

// A program of threads that work on a scene. `check` sees what they were told, in the order of the threads' steps.
class told_program {
  public:
    using told = std::vector<std::vector<std::uint64_t>>;
    using step = std::function<std::uint64_t(scene&)>;

    told_program(std::vector<std::vector<step>> threads, std::function<void(scene&, const told&)> check)
        : threads_{std::move(threads)}, check_{std::move(check)} {}

    // Requires: it stays where it is.
    [[nodiscard]] program as_program() {
        program p;
        p.set_up = [this] {
            at_ = new (model::allocate(sizeof(scene))) scene;
            told_.assign(threads_.size(), {});
        };
        for (std::size_t t = 0; t < threads_.size(); ++t)
            p.threads.emplace_back([this, t] {
                for (const auto& each : threads_[t]) {
                    const auto answer = each(*at_);
                    told_[t].push_back(answer);
                    model::complete();
                }
            });
        p.check = [this] { check_(*at_, told_); };
        return p;
    }

  private:
    std::vector<std::vector<step>> threads_;
    std::function<void(scene&, const told&)> check_;
    scene* at_ = nullptr;
    told told_;
};

[[nodiscard]] std::uint64_t sum_of(const told_program::told& all) {
    std::uint64_t sum = 0;
    for (const auto& each : all)
        for (const auto one : each) sum += one;
    return sum;
}
void expect(bool is_so, const char* what) {
    if (!is_so) model::fail(what);
}

[[nodiscard]] exploration with_at_most(std::uint32_t stale_reads) {
    exploration how;
    how.stale_reads_max = stale_reads;
    return how;
}
void check_sound(const char* name, told_program sound, std::uint32_t stale_reads = 1) {
    const auto found = explore_and_report(name, sound.as_program(), with_at_most(stale_reads));
    CHECK(found.failure.empty());
    CHECK(found.is_complete);
}
// The program passes with the steps as they are, and fails with this one changed.
template <class T>
void check_killed(T& step, std::type_identity_t<T> wrong, const std::function<told_program()>& make,
                  std::uint32_t stale_reads = 1) {
    auto right = make();
    CHECK(explore(right.as_program(), with_at_most(stale_reads)).failure.empty());
    const mutation is_made{step, wrong};
    auto mutant = make();
    const auto found = explore(mutant.as_program(), with_at_most(stale_reads));
    CHECK_FALSE(found.failure.empty());
    MESSAGE("killed in run " << found.runs << ": " << found.failure.substr(0, found.failure.find('\n')));
}

// Three units are there; three threads want two each, and one of them again.
template <class Steps>
[[nodiscard]] told_program rates() {
    const auto charge = [](scene& s) -> std::uint64_t {
        return basic_rate_cell<word, Steps>::charge(s.words[0], 10, 3, 1000, 2);
    };
    return {{{charge, charge}, {charge}, {charge}}, [](scene& s, const auto& told) {
                expect(sum_of(told) == 3, "not what there is was admitted");
                expect(s.words[0].load() == 1030, "the word is not what was admitted");
            }};
}
// The same of a day; what is given back can be had again.
template <class Steps>
[[nodiscard]] told_program days() {
    using count = basic_day_count<word, Steps>;
    const auto charge = [](scene& s) -> std::uint64_t { return count::charge(s.words[0], 3, 7, 2); };
    const auto return_one = [](scene& s) -> std::uint64_t {
        const auto granted = count::charge(s.words[0], 3, 7, 2);
        if (granted == 0) return 0;
        count::give_back(s.words[0], 7, 1);
        return granted - 1;
    };
    return {{{charge}, {return_one}, {charge}}, [](scene& s, const auto& told) {
                expect(sum_of(told) <= 3, "more than there is was admitted");
                expect(count::used(s.words[0].load(), 7) == sum_of(told), "the word is not what was admitted");
            }};
}
// Two bring one key, a third another with the same path.
template <class Steps>
[[nodiscard]] told_program keys() {
    const auto place = [](std::uint64_t key) {
        return [key](scene& s) -> std::uint64_t {
            return basic_key_places<word, Steps>::place_of(s.first(4), key, 1).value_or(99);
        };
    };
    return {{{place(5)}, {place(5)}, {place(6), place(5)}}, [](scene&, const auto& told) {
                expect(told[0][0] == told[1][0] && told[1][0] == told[2][1], "one key has two places");
                expect(told[2][0] != told[0][0], "two keys have one place");
            }};
}

template <class Steps>
[[nodiscard]] told_program::step counter(std::uint64_t number) {
    return [number](scene& s) -> std::uint64_t {
        return basic_replay_window<word, Steps>{s.first(2), s.others[0]}.take(number) ? 1 : 0;
    };
}
// Counters 0 and 1 lie in one word, 32 takes it over, 40 too.
template <class Steps>
[[nodiscard]] told_program same_counter() {
    return {{{counter<Steps>(5)}, {counter<Steps>(5), counter<Steps>(6)}, {counter<Steps>(6)}},
            [](scene&, const auto& told) {
                expect(told[0][0] + told[1][0] == 1, "counter 5 was not taken once");
                expect(told[1][1] + told[2][0] == 1, "counter 6 was not taken once");
            }};
}
template <class Steps>
[[nodiscard]] told_program next_lap() {
    return {{{counter<Steps>(5), counter<Steps>(5)}, {counter<Steps>(37), counter<Steps>(5)}, {counter<Steps>(37)}},
            [](scene&, const auto& told) {
                expect(told[0][0] + told[0][1] + told[1][1] <= 1, "counter 5 was taken twice");
                expect(told[1][0] + told[2][0] == 1, "counter 37 was not taken once");
            }};
}

template <class Steps>
[[nodiscard]] told_program::step proof(std::uint64_t fingerprint, std::uint64_t generation) {
    return [=](scene& s) -> std::uint64_t {
        return basic_proof_window<word, Steps>{s.first(8), s.others[0]}.take(fingerprint, generation) ==
                       outcome::verified
                   ? 1
                   : 0;
    };
}
template <class Steps>
[[nodiscard]] told_program same_proof() {
    return {{{proof<Steps>(7, 2)}, {proof<Steps>(8, 2), proof<Steps>(7, 2)}, {proof<Steps>(8, 2)}},
            [](scene&, const auto& told) {
                expect(told[0][0] + told[1][1] == 1, "proof 7 was not taken once");
                expect(told[1][0] + told[2][0] == 1, "proof 8 was not taken once");
            }};
}
// A proof of generation 3 takes the entry of one of generation 1, which is brought again.
template <class Steps>
[[nodiscard]] told_program overwritten_proof() {
    return {{{proof<Steps>(7, 1)}, {proof<Steps>(8, 3)}, {proof<Steps>(7, 1)}}, [](scene&, const auto& told) {
                expect(told[0][0] + told[2][0] <= 1, "proof 7 was taken twice");
                expect(told[1][0] == 1, "proof 8 was not taken");
            }};
}
template <class Steps>
[[nodiscard]] told_program proofs_of_two_generations() {
    return {{{proof<Steps>(7, 2)}, {proof<Steps>(8, 3), proof<Steps>(7, 2)}}, [](scene&, const auto& told) {
                expect(told[0][0] + told[1][1] == 1, "proof 7 was not taken once");
                expect(told[1][0] == 1, "proof 8 was not taken");
            }};
}

template <class Steps>
[[nodiscard]] basic_miss_budget<word, Steps> budget(scene& s) {
    return {s.first(1), std::span{s.others}.first(1), 2};
}
template <class Steps>
[[nodiscard]] told_program::step miss(std::uint16_t day) {
    return [day](scene& s) -> std::uint64_t {
        budget<Steps>(s).add(0, day);
        return 0;
    };
}
// Who looks knows of the failures that were complete before; where two are counted the filter says so.
template <class Steps>
[[nodiscard]] told_program misses(std::uint16_t first_day, std::uint16_t second_day) {
    const auto look = [second_day](scene& s) -> std::uint64_t {
        const auto completed = model::completed();
        const auto known = completed[0] + completed[1];
        const auto counted = budget<Steps>(s).count(0, second_day);
        expect(counted >= known, "fewer are counted than failed");
        if (counted >= 2) expect(budget<Steps>(s).may_have_reached(0, second_day), "the filter does not know");
        return counted;
    };
    return {{{miss<Steps>(first_day)}, {miss<Steps>(second_day)}, {look}}, [second_day](scene& s, const auto&) {
                expect(budget<Steps>(s).count(0, second_day) == 2, "not two are counted at last");
                expect(budget<Steps>(s).may_have_reached(0, second_day), "the filter does not know at last");
            }};
}
// A failure of yesterday's last moment and one of today: today's is there.
template <class Steps>
[[nodiscard]] told_program misses_at_midnight() {
    return {{{miss<Steps>(8), miss<Steps>(8)}, {miss<Steps>(7)}}, [](scene& s, const auto&) {
                expect(budget<Steps>(s).count(0, 8) >= 2, "a failure of today was wiped out");
                expect(budget<Steps>(s).may_have_reached(0, 8), "the filter does not know of today");
            }};
}

}  // namespace

TEST_CASE("quotas admit what there is, in every order") {
    check_sound("three charge a rate", rates<quota_steps>());
    check_sound("three charge a day", days<quota_steps>());
    check_sound("three take places", keys<quota_steps>());
}
TEST_CASE("a counter is taken once, in every order") {
    check_sound("one counter, three threads", same_counter<replay_steps>());
    check_sound("a counter and the next lap", next_lap<replay_steps>());
}
TEST_CASE("a proof is taken once, in every order") {
    check_sound("one proof, three threads", same_proof<proof_steps>());
    check_sound("a proof whose entry is taken over", overwritten_proof<proof_steps>());
    check_sound("proofs of two generations", proofs_of_two_generations<proof_steps>());
}
TEST_CASE("misses are never counted too few, in every order") {
    check_sound("two fail, one looks", misses<miss_budget_steps>(7, 7));
    check_sound("two fail at midnight", misses_at_midnight<miss_budget_steps>());
}

TEST_CASE("mutant: a charge is a store") {
    check_killed(quota_mutant::charges_by_swap, false, rates<quota_mutant>);
    check_killed(quota_mutant::charges_by_swap, false, days<quota_mutant>);
}
TEST_CASE("mutant: a place is taken by a store") {
    check_killed(quota_mutant::claims_by_swap, false, keys<quota_mutant>);
}
TEST_CASE("mutant: who lost a place does not see who has it") {
    check_killed(quota_mutant::looks_again, false, keys<quota_mutant>);
}
TEST_CASE("mutant: a counter is taken by a store") {
    check_killed(replay_mutant::takes_by_swap, false, same_counter<replay_mutant>);
}
TEST_CASE("mutant: who lost the swap of a word takes the counter all the same") {
    check_killed(replay_mutant::looks_again, false, same_counter<replay_mutant>);
}
TEST_CASE("mutant: a word of a later lap is taken back") {
    check_killed(replay_mutant::refuses_later_laps, false, next_lap<replay_mutant>);
}
TEST_CASE("mutant: a word keeps the bits of its earlier lap") {
    check_killed(replay_mutant::empties_earlier_laps, false, next_lap<replay_mutant>);
}
TEST_CASE("mutant: a proof is taken by a store") {
    check_killed(proof_mutant::takes_by_swap, false, same_proof<proof_mutant>);
}
TEST_CASE("mutant: who lost an entry goes on to the next") {
    check_killed(proof_mutant::looks_again, false, same_proof<proof_mutant>);
}
TEST_CASE("mutant: a generation is announced after its entry is written") {
    check_killed(proof_mutant::announces_before_writing, false, overwritten_proof<proof_mutant>);
}
TEST_CASE("mutant: nobody looks whether the generation is still good") {
    check_killed(proof_mutant::checks_newest_again, false, overwritten_proof<proof_mutant>);
}
TEST_CASE("mutant: the entry of the generation before is free") {
    check_killed(proof_mutant::generations_kept, 0, proofs_of_two_generations<proof_mutant>);
}
TEST_CASE("mutant: who finds an entry taken over does not know the newest generation") {
    check_killed(proof_mutant::reading, std::memory_order_relaxed, overwritten_proof<proof_mutant>);
    check_killed(proof_mutant::writing, std::memory_order_relaxed, overwritten_proof<proof_mutant>);
}
TEST_CASE("mutant: a failure is added by a store") {
    check_killed(miss_mutant::adds_by_swap, false, [] { return misses<miss_mutant>(7, 7); });
}
TEST_CASE("mutant: the filter is told after the counter") {
    check_killed(miss_mutant::filters_before_counting, false, [] { return misses<miss_mutant>(7, 7); });
}
TEST_CASE("mutant: who is late wipes out today's failures") {
    check_killed(miss_mutant::respects_later_days, false, misses_at_midnight<miss_mutant>);
}
TEST_CASE("mutant: who sees a counter does not see the filter") {
    check_killed(miss_mutant::counting, std::memory_order_relaxed, [] { return misses<miss_mutant>(7, 7); });
    check_killed(miss_mutant::seeing, std::memory_order_relaxed, [] { return misses<miss_mutant>(7, 7); });
}
