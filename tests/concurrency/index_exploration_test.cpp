// SPDX-License-Identifier: Apache-2.0
// The index's own protocol code, explored.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "concurrency/index_scenarios.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

struct named_scenario {
    const char* name;
    std::uint32_t preemptions_max;
    scenario what;
};

void check_all(const std::vector<named_scenario>& all, std::uint32_t preemptions_max, std::uint32_t stale_reads = 0) {
    for (const auto& s : all) {
        INFO(s.name);
        index_model<sound_steps> m{s.what};
        exploration how;
        how.preemptions_max = std::min(preemptions_max, s.preemptions_max);
        how.stale_reads_max = stale_reads;
        const auto found = explore_and_report(s.name, m.as_program(), how);
        MESSAGE(std::string{s.name} << ": " << found.runs << " runs, " << found.states << " states");
        CHECK(found.failure.empty());
        CHECK(found.is_complete);
    }
}

[[nodiscard]] std::vector<named_scenario> changes_of_one_table() {
    return {
        {"insert | insert of one id", all_orders, nobody({{put(1, 7)}, {put(1, 8)}})},
        {"insert | insert of two ids on one path", all_orders, nobody({{put(1, 7)}, {put(5, 8)}})},
        {"insert | find, find", all_orders, nobody({{put(1, 7)}, {find(1), find(1)}})},
        {"replace | find", all_orders, one_citizen({{put(1, 6)}, {find(1)}})},
        {"replace | batch, find", all_orders, one_citizen({{put(1, 6)}, {batch(1), find(1)}})},
        {"replace | find, batch", all_orders, one_citizen({{put(1, 6)}, {find(1), batch(1)}})},
        {"replace, replace | find", all_orders, one_citizen({{put(1, 6), put(1, 7)}, {find(1)}})},
        {"replace, replace | find, find", all_orders, one_citizen({{put(1, 6), put(1, 7)}, {find(1), find(1)}})},
        {"replace | replace", all_orders, one_citizen({{put(1, 6)}, {put(1, 7)}})},
        {"replace by version | replace by version", all_orders, one_citizen({{put(1, 6, 7)}, {put(1, 7, 3)}})},
        {"erase | replace", all_orders, one_citizen({{erase(1)}, {put(1, 7)}})},
        {"erase | erase", all_orders, one_citizen({{erase(1)}, {erase(1)}})},
        {"erase, return | find", all_orders, one_citizen({{erase(1), put(1, 6)}, {find(1)}})},
        {"erase, return | replace", 3, one_citizen({{erase(1), put(1, 6)}, {put(1, 7)}})},
        {"replace, erase | find, find", all_orders, one_citizen({{put(1, 6), erase(1)}, {find(1), find(1)}})},
        {"replace, replace | copy", 3, one_citizen({{put(1, 6), put(1, 7)}, {copy()}})},
        {"insert | batch, batch", all_orders, nobody({{put(1, 6)}, {batch(1), batch(1)}})},
        {"erase, insert | batch, batch", 3, one_citizen({{erase(1), put(1, 7)}, {batch(1), batch(1)}})},
        {"replace in the next line | batch, batch", all_orders, a_full_line({{put(1, 6)}, {batch(1), batch(1)}})},
        {"insert in the next line | batch, batch", all_orders, a_full_line({{put(5, 6)}, {batch(5), batch(1)}})},
        {"insert in the next line | batch twice", all_orders, a_full_line({{put(5, 6)}, {batch(5), batch(5)}})},
        {"insert in the next line | erase in the line it passes", 3, a_full_line({{put(5, 6)}, {erase(1)}})},
        {"insert in the next line | replace in the line it passes", 3, a_full_line({{put(5, 6)}, {put(1, 7)}})},
        {"two inserts in the next line", 1, a_full_line({{put(5, 6), batch(5)}, {put(1, 7), batch(5)}})},
        {"set key | find, batch", all_orders, {2, true, {there(1, 0, 5)}, {}, {{set_key(1, 9)}, {find(1), batch(1)}}}},
        {"set key | replace", 3, {2, true, {there(1, 0, 5)}, {}, {{set_key(1, 9)}, {put(1, 6)}}}},
    };
}

[[nodiscard]] std::vector<named_scenario> changes_of_tables() {
    return {
        {"full: replace | batch, batch", all_orders, one_citizen_in_a_full_table({{put(1, 6)}, {batch(1), batch(1)}})},
        {"full: replace | replace", 3, one_citizen_in_a_full_table({{put(1, 6)}, {put(1, 7)}})},
        {"full: replace | erase", 3, one_citizen_in_a_full_table({{put(1, 6)}, {erase(1)}})},
        {"full: replace | insert, batch", 2, one_citizen_in_a_full_table({{put(1, 6)}, {put(2, 7), batch(1)}})},
        {"full: replace, replace | batch, find", 3,
         one_citizen_in_a_full_table({{put(1, 6), put(1, 7)}, {batch(1), find(1)}})},
        {"full: replace | copy", 3, one_citizen_in_a_full_table({{put(1, 6)}, {copy()}})},
        {"away: replace | replace", 3, one_citizen_away_from_home({{put(1, 7)}, {put(1, 8)}})},
        {"away: replace, reclaim | batch, find", 3,
         one_citizen_away_from_home({{put(1, 7), reclaim()}, {batch(1), find(1)}})},
        {"away: home and full again | batch", 3,
         one_citizen_away_from_home({{put(1, 7), put(1, 8), put(1, 9)}, {batch(1)}})},
        {"rebuild | replace", 3, one_citizen({{rebuild({there(1, 9, 4), there(2, 0, 4)})}, {put(1, 7)}})},
        {"rebuild | batch, batch", 3, one_citizen({{rebuild({there(1, 9, 4)})}, {batch(1), batch(1)}})},
        {"two lines of one: grow | find",
         all_orders,
         {1, false, {there(1, 0, 5)}, {}, {{put(2, 6)}, {find(1), find(2)}}}},
    };
}

[[nodiscard]] std::vector<named_scenario> partitions_that_come_and_go() {
    const std::vector<entry_seen> others{there(1, 9, 4), there(2, 0, 4)};
    return {
        {"drop | batch, find", all_orders, one_citizen({{drop()}, {batch(1), find(1)}})},
        {"drop | batch, batch", all_orders, one_citizen({{drop()}, {batch(1), batch(3)}})},
        {"drop | insert, find", 3, one_citizen({{drop()}, {put(2, 7), find(2)}})},
        {"drop | replace, erase", 3, one_citizen({{drop()}, {put(1, 7), erase(1)}})},
        {"drop | drop", 3, one_citizen({{drop()}, {drop()}})},
        {"drop | copy", 3, one_citizen({{drop()}, {copy()}})},
        {"drop | rebuild", 3, one_citizen({{drop()}, {rebuild(others)}})},
        {"drop, add | batch, find", 3, one_citizen({{drop(), add(others)}, {batch(2), find(2)}})},
        {"drop, add | replace", 3, one_citizen({{drop(), add(others)}, {put(1, 7)}})},
        {"drop, add, drop | batch, batch", 3, one_citizen({{drop(), add(others), drop()}, {batch(1), batch(1)}})},
        {"full: drop | replace", 3, one_citizen_in_a_full_table({{drop()}, {put(1, 6)}})},
        {"away: drop, add | batch, find", 3, one_citizen_away_from_home({{drop(), add(others)}, {batch(1), find(2)}})},
        {"elsewhere: add | batch, find", all_orders, elsewhere({{add(others)}, {batch(1), find(2)}})},
        {"elsewhere: add | batch, batch", all_orders, elsewhere({{add(others)}, {batch(2), batch(2)}})},
        {"elsewhere: add | add", 3, elsewhere({{add(others)}, {add({there(1, 3, 3)})}})},
        {"elsewhere: add | insert, batch", 3, elsewhere({{add(others)}, {put(2, 7), batch(2)}})},
        {"elsewhere: add, drop | batch, reclaim", 3, elsewhere({{add(others), drop()}, {batch(1), reclaim()}})},
        {"elsewhere: add, drop, add | batch, batch", 3,
         elsewhere({{add(others), drop(), add({there(1, 3, 3)})}, {batch(1), batch(2)}})},
    };
}

[[nodiscard]] std::vector<named_scenario> three_threads() {
    return {
        {"replace | replace | find", 2, one_citizen({{put(1, 6)}, {put(1, 7)}, {find(1)}})},
        {"replace | erase | batch", 2, one_citizen({{put(1, 6)}, {erase(1)}, {batch(1)}})},
        {"insert | insert | insert", 2, nobody({{put(1, 6)}, {put(1, 7)}, {put(1, 8)}})},
    };
}

[[nodiscard]] std::vector<named_scenario> three_threads_and_tables() {
    return {
        {"full: replace | replace | batch", 2, one_citizen_in_a_full_table({{put(1, 6)}, {put(1, 7)}, {batch(1)}})},
        {"away: replace | replace | batch", 2, one_citizen_away_from_home({{put(1, 7)}, {put(1, 8)}, {batch(1)}})},
    };
}

}  // namespace

// Sequentially consistent memory.

TEST_CASE("two threads that change one table are linearizable in every order of their accesses") {
    check_all(changes_of_one_table(), all_orders);
}
TEST_CASE("two threads that replace tables are linearizable and free nothing in use, with two preemptions") {
    check_all(changes_of_tables(), 2);
}
TEST_CASE("partitions that come and go are here whole or elsewhere, with two preemptions") {
    check_all(partitions_that_come_and_go(), 2);
}
TEST_CASE("partitions that come and go, with three preemptions" * doctest::test_suite("slow")) {
    check_all(partitions_that_come_and_go(), all_orders);
}
TEST_CASE("three threads that change one table are linearizable, with two preemptions") {
    check_all(three_threads(), 2);
}
TEST_CASE("two threads that replace tables, with three preemptions" * doctest::test_suite("slow")) {
    check_all(changes_of_tables(), all_orders);
}
TEST_CASE("three threads that replace tables, with two preemptions" * doctest::test_suite("slow")) {
    check_all(three_threads_and_tables(), 2);
}

// Weak memory.

TEST_CASE("a stale read harms no change of one table, with two preemptions") {
    check_all(changes_of_one_table(), 2, 1);
}
TEST_CASE("a stale read harms no replacement of tables, with one preemption") {
    check_all(changes_of_tables(), 1, 1);
}
TEST_CASE("a stale read harms no partition that comes or goes, with one preemption") {
    check_all(partitions_that_come_and_go(), 1, 1);
}
TEST_CASE("two stale reads harm no change of one table, with two preemptions" * doctest::test_suite("slow")) {
    check_all(changes_of_one_table(), 2, 2);
}
TEST_CASE("a stale read harms no replacement of tables, with two preemptions" * doctest::test_suite("nightly")) {
    check_all(changes_of_tables(), 2, 1);
}
