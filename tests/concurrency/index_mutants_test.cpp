// SPDX-License-Identifier: Apache-2.0
// The protocol with one step left out, or one memory order weaker: the exploration must notice each. The scenario that
// kills a mutant passes with the protocol as it is.
#include <doctest/doctest.h>

#include <string>
#include <type_traits>

#include "concurrency/index_scenarios.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// The protocol with its steps in variables, so that one instantiation serves for all mutants; of what stands here, each
// is a step of the protocol as it is until an instance of `mutation` changes it.
struct changeable_steps : sound_steps {
    static inline bool fills_before_deciding = sound_steps::fills_before_deciding;
    static inline bool helps_before_scanning = sound_steps::helps_before_scanning;
    static inline bool scans_whole_path = sound_steps::scans_whole_path;
    static inline bool links_before_publishing = sound_steps::links_before_publishing;
    static inline bool revives_in_chain = sound_steps::revives_in_chain;
    static inline bool confirms_refusals = sound_steps::confirms_refusals;
    static inline bool claims_by_swap = sound_steps::claims_by_swap;
    static inline bool opens_before_deciding = sound_steps::opens_before_deciding;
    static inline bool changes_what_is_opened = sound_steps::changes_what_is_opened;
    static inline bool follows_links = sound_steps::follows_links;
    static inline bool freezes_before_copying = sound_steps::freezes_before_copying;
    static inline bool respects_freezing = sound_steps::respects_freezing;
    static inline bool flags_before_swapping = sound_steps::flags_before_swapping;
    static inline bool settles_only_unfrozen = sound_steps::settles_only_unfrozen;
    static inline bool bumps_flag_version = sound_steps::bumps_flag_version;
    static inline bool swaps_by_comparing = sound_steps::swaps_by_comparing;
    static inline bool refuses_elsewhere = sound_steps::refuses_elsewhere;
    static inline bool freezes_before_dropping = sound_steps::freezes_before_dropping;
    static inline bool keeps_what_is_nobodys = sound_steps::keeps_what_is_nobodys;
    static inline bool retires = sound_steps::retires;
    static inline bool waits_for_readers = sound_steps::waits_for_readers;
    static inline bool stamps_after_swapping = sound_steps::stamps_after_swapping;
    static inline std::memory_order deciding = sound_steps::deciding;
    static inline std::memory_order marking = sound_steps::marking;
    static inline std::memory_order claiming = sound_steps::claiming;
    static inline std::memory_order giving_up = sound_steps::giving_up;
    static inline std::memory_order swapping = sound_steps::swapping;
    static inline std::memory_order flagging = sound_steps::flagging;
    static inline std::memory_order checking_flags = sound_steps::checking_flags;
    static inline std::memory_order clearing = sound_steps::clearing;
    static inline std::memory_order taking_a_place = sound_steps::taking_a_place;
    static inline std::memory_order giving_back = sound_steps::giving_back;
    static inline std::memory_order announcing = sound_steps::announcing;
    static inline std::memory_order looking = sound_steps::looking;
    static inline bool reads_now_first = sound_steps::reads_now_first;
    static inline std::memory_order learning = sound_steps::learning;
    static inline std::memory_order publishing = sound_steps::publishing;
    static inline std::memory_order linking = sound_steps::linking;
    static inline std::memory_order finding_a_table = sound_steps::finding_a_table;
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

[[nodiscard]] exploration with_at_most(std::uint32_t preemptions, std::uint32_t stale_reads) {
    exploration how;
    how.preemptions_max = preemptions;
    how.stale_reads_max = stale_reads;
    return how;
}

// Where the sound protocol has passed.
template <class T>
void check_noticed(T& step, std::type_identity_t<T> wrong, const scenario& s, const exploration& how) {
    const mutation is_made{step, wrong};
    index_model<changeable_steps> mutant{s};
    const auto found = explore(mutant.as_program(), how);
    CHECK_FALSE(found.failure.empty());
    MESSAGE("killed in run " << found.runs << ": " << found.failure.substr(0, found.failure.find('\n')));
    // The row of choices that killed it kills it again.
    auto again = how;
    again.replay = found.seed;
    CHECK(explore(mutant.as_program(), again).failure == found.failure);
}

template <class T>
void check_killed(T& step, std::type_identity_t<T> wrong, const scenario& s, std::uint32_t preemptions,
                  std::uint32_t stale_reads = 0) {
    const auto how = with_at_most(preemptions, stale_reads);
    index_model<sound_steps> sound{s};
    const auto with_all = explore_and_report("the sound protocol", sound.as_program(), how);
    CHECK(with_all.failure.empty());
    CHECK(with_all.is_complete);
    check_noticed(step, wrong, s, how);
}

using steps = changeable_steps;
using enum std::memory_order;

}  // namespace

TEST_CASE("mutant: publish before fill") {
    check_killed(steps::fills_before_deciding, false, one_citizen({{put(1, 6)}, {put(2, 7), find(1)}}), 2);
}
TEST_CASE("mutant: the last change is not carried out before the next is planned") {
    check_killed(steps::helps_before_scanning, false, one_citizen({{put(1, 6)}, {put(1, 7)}}), 2);
}
TEST_CASE("mutant: an id is unknown as soon as there is room for it") {
    check_killed(steps::scans_whole_path, false, one_citizen({{put(1, 6, 1), put(1, 8)}, {put(1, 7, 1)}}), 2);
}
TEST_CASE("mutant: the successor lives before the former slot is marked") {
    check_killed(steps::links_before_publishing, false, one_citizen({{put(1, 6)}, {batch(1), find(1)}}), 2);
}
TEST_CASE("mutant: an erased citizen returns outside of the chain") {
    check_killed(steps::revives_in_chain, false, one_citizen({{erase(1), put(1, 6), put(1, 7)}, {find(1)}}), 2);
}
TEST_CASE("mutant: a refusal is believed though something changed") {
    check_killed(steps::confirms_refusals, false, one_citizen({{put(1, 6)}, {erase(1)}}), 2);
}
TEST_CASE("mutant: a slot is claimed by a store") {
    check_killed(steps::claims_by_swap, false, nobody({{put(1, 6)}, {put(5, 7)}}), 2);
}
TEST_CASE("mutant: readers do not follow links") {
    check_killed(steps::follows_links, false, one_citizen({{put(1, 6)}, {find(1)}}), 2);
    check_killed(steps::follows_links, false, a_full_line({{put(1, 6)}, {batch(1)}}), 2);
}
TEST_CASE("mutant: a record lies beyond a closed line") {
    check_killed(steps::opens_before_deciding, false, a_full_line({{put(5, 6), batch(5)}}), 0);
}
TEST_CASE("mutant: that its line was opened stops a change of a slot") {
    check_killed(steps::changes_what_is_opened, false, a_full_line({{put(5, 6)}, {erase(1)}}), 3);
}
TEST_CASE("mutant: a table is copied without being frozen") {
    check_killed(steps::freezes_before_copying, false, one_citizen_in_a_full_table({{put(1, 6)}, {erase(1)}}), 2);
}
TEST_CASE("mutant: missing freeze check") {
    check_killed(steps::respects_freezing, false, one_citizen_in_a_full_table({{put(1, 6)}, {erase(1)}}), 2);
}
TEST_CASE("mutant: readers are sent to the directory only after the swap") {
    check_killed(steps::flags_before_swapping, false,
                 {1, false, {there(1, 0, 5)}, {}, {{put(1, 6)}, {put(1, 7), batch(1)}}}, 2);
}
TEST_CASE("mutant: readers are sent back to a frozen table") {
    check_killed(steps::settles_only_unfrozen, false, one_citizen_in_a_full_table({{put(1, 6)}, {erase(1)}}), 3);
}
TEST_CASE("mutant: a flag set again looks like the flag before" * doctest::test_suite("slow")) {
    check_killed(steps::bumps_flag_version, false,
                 one_citizen_away_from_home({{put(1, 7), put(1, 8), put(1, 9)}, {erase(1)}}), 3);
}
TEST_CASE("mutant: everyone who replaces a table wins") {
    check_killed(steps::swaps_by_comparing, false, one_citizen_in_a_full_table({{put(1, 6)}, {put(1, 7)}}), 2);
}
TEST_CASE("mutant: a change is made in a partition that is elsewhere") {
    check_killed(steps::refuses_elsewhere, false, elsewhere({{put(1, 6)}}), 0);
}
TEST_CASE("mutant: a partition is dropped without being frozen") {
    check_killed(steps::freezes_before_dropping, false, one_citizen({{drop()}, {put(2, 7)}}), 2);
}
TEST_CASE("mutant: what stands for partitions elsewhere is retired when one comes") {
    check_killed(steps::keeps_what_is_nobodys, false, elsewhere({{add({there(1, 3, 3)}), reclaim()}, {find(1)}}), 0);
}
TEST_CASE("mutant: readers of a dropped partition are sent to the directory only after the swap") {
    check_killed(steps::flags_before_swapping, false, one_citizen({{drop()}, {find(1), batch(1)}}), 2);
}
TEST_CASE("mutant: a partition's place is taken while readers of what was dropped are in it") {
    check_killed(steps::waits_for_readers, false, one_citizen({{drop(), add({there(2, 3, 3)})}, {find(1)}}), 2);
}
TEST_CASE("mutant: lost retire") {
    check_killed(steps::retires, false, one_citizen_away_from_home({{put(1, 7)}, {find(1)}}), 2);
}
TEST_CASE("mutant: free after one epoch") {
    check_killed(steps::waits_for_readers, false, one_citizen_away_from_home({{put(1, 7), reclaim()}, {find(1)}}), 2);
}
TEST_CASE("mutant: the epoch of retirement is read before the swap") {
    check_killed(steps::stamps_after_swapping, false, one_citizen_in_a_full_table({{put(1, 6), put(1, 7)}, {find(1)}}),
                 3);
}

TEST_CASE("mutant: who is inside is looked at before the epoch is read") {
    check_killed(steps::reads_now_first, false, one_citizen_away_from_home({{put(1, 7)}, {find(1)}, {reclaim()}}), 2);
}

// Weak memory: loads may return older values.

TEST_CASE("mutant: a change is decided without release") {
    check_killed(steps::deciding, relaxed, one_citizen({{put(1, 6)}, {put(1, 7)}}), 2, 1);
}
TEST_CASE("mutant: a change is learnt of without acquire") {
    check_killed(steps::learning, relaxed, one_citizen({{put(1, 6)}, {put(1, 7)}}), 2, 1);
}
TEST_CASE("mutant: a slot is published without release") {
    check_killed(steps::publishing, relaxed, nobody({{put(1, 6)}, {find(1)}}), 2, 1);
}
TEST_CASE("mutant: a slot is linked without release") {
    check_killed(steps::linking, relaxed, one_citizen({{put(1, 6)}, {find(1)}}), 2, 2);
}
TEST_CASE("mutant: a table is found by an acquire that may come before the announcement") {
    check_killed(steps::finding_a_table, acquire, one_citizen_away_from_home({{put(1, 7), reclaim()}, {find(1)}}), 2,
                 1);
}
TEST_CASE("mutant: a change is marked as done without release") {
    check_killed(steps::marking, relaxed, one_citizen({{put(1, 6)}, {put(1, 7)}}), 2, 1);
}
TEST_CASE("mutant: a slot is claimed without acquire, or given up without release") {
    const auto given_up_and_claimed = one_citizen({{put(1, 6, 3)}, {put(1, 7, 5), put(1, 8, 6)}});
    check_killed(steps::claiming, relaxed, given_up_and_claimed, 2, 1);
    check_noticed(steps::giving_up, relaxed, given_up_and_claimed, with_at_most(2, 1));
}
TEST_CASE("mutant: a table is swapped, or flagged, without sequential consistency") {
    check_killed(steps::swapping, acq_rel, one_citizen_away_from_home({{put(1, 7), reclaim()}, {find(1)}}), 2, 1);
    check_killed(steps::flagging, acq_rel, one_citizen_in_a_full_table({{put(1, 6), put(1, 7)}, {batch(1)}}), 2, 1);
}
TEST_CASE("mutant: a flag is looked at without acquire before it is cleared") {
    check_killed(steps::checking_flags, relaxed, one_citizen_in_a_full_table({{put(1, 6)}, {erase(1)}}), 2, 1);
}
TEST_CASE("mutant: a flag is cleared without release") {
    check_killed(steps::clearing, relaxed, one_citizen_away_from_home({{put(1, 7)}, {batch(1)}}), 2, 1);
}
// Two replace the table at once; who loses gives back the place, and the third takes it.
TEST_CASE("mutant: an original place is taken without acquire, or given back without release" *
          doctest::test_suite("nightly")) {
    const auto two_replacers = one_citizen_away_from_home({{put(1, 7)}, {put(1, 8)}, {put(1, 9)}});
    exploration how;
    how.preemptions_max = 2;
    how.stale_reads_max = 1;
    how.runs_max = 1'500'000;  // to the end there are many more; the mutants die within the first million
    index_model<sound_steps> sound{two_replacers};
    CHECK(explore_and_report("the sound protocol", sound.as_program(), how).failure.empty());
    index_model<changeable_steps> mutant{two_replacers};
    for (auto* const step : {&steps::taking_a_place, &steps::giving_back}) {
        const mutation is_made{*step, relaxed};
        CHECK(explore(mutant.as_program(), how).failure.find("nothing orders the stores") != std::string::npos);
    }
}
TEST_CASE("mutant: a reader announces itself, or is looked for, without sequential consistency") {
    check_killed(steps::announcing, acq_rel, one_citizen_away_from_home({{put(1, 7), reclaim()}, {find(1)}}), 2, 1);
    check_killed(steps::looking, acquire, one_citizen_away_from_home({{put(1, 7), reclaim()}, {find(1)}}), 2, 1);
}
