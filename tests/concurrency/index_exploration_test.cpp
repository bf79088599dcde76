// SPDX-License-Identifier: Apache-2.0
// The index's own protocol code, explored.
#include <doctest/doctest.h>

#include "concurrency/index_model.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

using kind = operation::kind;

[[nodiscard]] operation put(std::uint64_t id, std::uint64_t number, std::optional<std::uint32_t> version = {}) {
    return {kind::put, id, number, version, {}};
}
[[nodiscard]] operation erase(std::uint64_t id) {
    return {kind::erase, id, 0, {}, {}};
}
[[nodiscard]] operation set_key(std::uint64_t id, std::uint64_t number) {
    return {kind::set_key, id, number, {}, {}};
}
[[nodiscard]] operation find(std::uint64_t id) {
    return {kind::find, id, 0, {}, {}};
}
[[nodiscard]] operation batch(std::uint64_t id) {
    return {kind::batch, id, 0, {}, {}};
}
[[nodiscard]] operation copy() {
    return {kind::copy, 0, 0, {}, {}};
}
[[nodiscard]] entry_seen there(std::uint64_t id, std::uint32_t version, std::uint64_t number) {
    return {id, true, version, number, 0};
}

constexpr std::uint32_t all_orders = ~std::uint32_t{0};

struct named_scenario {
    const char* name;
    std::uint32_t preemptions_max;
    scenario what;
};

void check_all(const std::vector<named_scenario>& all, std::uint32_t stale_reads) {
    for (const auto& s : all) {
        INFO(s.name);
        index_model<sound_steps> m{s.what};
        exploration how;
        how.preemptions_max = s.preemptions_max;
        how.stale_reads_max = stale_reads;
        const auto found = explore_and_report(s.name, m.as_program(), how);
        MESSAGE(std::string{s.name} << ": " << found.runs << " runs, " << found.states << " states");
        CHECK(found.failure.empty());
        CHECK(found.is_complete);
    }
}

// Tables of one line are full at their first change, so that these replace them.
[[nodiscard]] std::vector<named_scenario> two_threads() {
    return {
        {"insert | insert of one id", all_orders, {2, false, {}, {{put(1, 7)}, {put(1, 8)}}}},
        {"insert | insert of two ids", all_orders, {2, false, {}, {{put(1, 7)}, {put(2, 8)}}}},
        {"replace | find", all_orders, {2, false, {there(1, 0, 5)}, {{put(1, 6)}, {find(1)}}}},
        {"replace | batch, batch", all_orders, {2, false, {there(1, 0, 5)}, {{put(1, 6)}, {batch(1), batch(1)}}}},
        {"replace, replace | find", all_orders, {2, false, {there(1, 0, 5)}, {{put(1, 6), put(1, 7)}, {find(1)}}}},
        {"replace | replace", all_orders, {2, false, {there(1, 0, 5)}, {{put(1, 6)}, {put(1, 7)}}}},
        {"erase | replace", all_orders, {2, false, {there(1, 0, 5)}, {{erase(1)}, {put(1, 7)}}}},
        {"erase | erase", all_orders, {2, false, {there(1, 0, 5)}, {{erase(1)}, {erase(1)}}}},
        {"erase, return | find", all_orders, {2, false, {there(1, 0, 5)}, {{erase(1), put(1, 6)}, {find(1)}}}},
        {"full table: replace | batch, batch",
         all_orders,
         {1, false, {there(1, 0, 5)}, {{put(1, 6)}, {batch(1), batch(1)}}}},
        {"full table: replace | replace", 3, {1, false, {there(1, 0, 5)}, {{put(1, 6)}, {put(1, 7)}}}},
        {"full table: replace, replace, replace | batch, batch",
         3,
         {1, false, {there(1, 0, 5)}, {{put(1, 6), put(1, 7), put(1, 8)}, {batch(1), batch(1)}}}},
        {"replace, replace | copy",
         3,
         {2, false, {there(1, 0, 5), there(2, 0, 5)}, {{put(1, 6), put(2, 6)}, {copy()}}}},
        {"set key | find", all_orders, {2, true, {there(1, 0, 5)}, {{set_key(1, 9)}, {find(1)}}}},
    };
}

}  // namespace

TEST_CASE("two threads, every order of their accesses") {
    check_all(two_threads(), 0);
}
