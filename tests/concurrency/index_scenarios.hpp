// SPDX-License-Identifier: Apache-2.0
// What the threads of the explored scenarios do, in few words.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "concurrency/index_model.hpp"

namespace xacthuc::tests {

[[nodiscard]] inline operation put(std::uint64_t id, std::uint64_t number, std::optional<std::uint32_t> version = {}) {
    return {operation::kind::put, id, number, version, {}};
}
[[nodiscard]] inline operation erase(std::uint64_t id) {
    return {operation::kind::erase, id, 0, {}, {}};
}
[[nodiscard]] inline operation set_key(std::uint64_t id, std::uint64_t number) {
    return {operation::kind::set_key, id, number, {}, {}};
}
[[nodiscard]] inline operation find(std::uint64_t id) {
    return {operation::kind::find, id, 0, {}, {}};
}
[[nodiscard]] inline operation batch(std::uint64_t id) {
    return {operation::kind::batch, id, 0, {}, {}};
}
[[nodiscard]] inline operation copy() {
    return {operation::kind::copy, 0, 0, {}, {}};
}
[[nodiscard]] inline operation reclaim() {
    return {operation::kind::reclaim, 0, 0, {}, {}};
}
[[nodiscard]] inline entry_seen there(std::uint64_t id, std::uint32_t version, std::uint64_t number) {
    return {id, true, version, number, 0};
}
[[nodiscard]] inline operation rebuild(std::vector<entry_seen> contents) {
    return {operation::kind::rebuild, 0, 0, {}, std::move(contents)};
}

[[nodiscard]] inline operation add(std::vector<entry_seen> contents) {
    return {operation::kind::add, 0, 0, {}, std::move(contents)};
}
[[nodiscard]] inline operation drop() {
    return {operation::kind::drop, 0, 0, {}, {}};
}

using thread_list = std::vector<std::vector<operation>>;

// One citizen, of id 1, in a table with room for two more versions.
[[nodiscard]] inline scenario one_citizen(thread_list threads) {
    return {2, false, {there(1, 0, 5)}, {}, std::move(threads)};
}
// One citizen, and the next change that needs a slot replaces the table; the one after that may bring it home.
[[nodiscard]] inline scenario one_citizen_in_a_full_table(thread_list threads) {
    return {2, false, {there(1, 0, 3)}, {put(1, 4), put(1, 5)}, std::move(threads)};
}
// The same, and the table is already away from its original place.
[[nodiscard]] inline scenario one_citizen_away_from_home(thread_list threads) {
    return {2, false, {there(1, 0, 3)}, {put(1, 4), put(1, 5), put(1, 6)}, std::move(threads)};
}
// Two citizens fill the first line, so that what comes to it lies in the second.
[[nodiscard]] inline scenario a_full_line(thread_list threads) {
    return {2, false, {there(1, 0, 5), there(2, 0, 5)}, {}, std::move(threads)};
}
// Her partition is elsewhere; its original place is free, or is not when it has just been left.
[[nodiscard]] inline scenario elsewhere(thread_list threads) {
    return {2, false, {there(1, 0, 5)}, {drop()}, std::move(threads)};
}
[[nodiscard]] inline scenario nobody(thread_list threads) {
    return {2, false, {}, {}, std::move(threads)};
}

constexpr std::uint32_t all_orders = ~std::uint32_t{0};

}  // namespace xacthuc::tests
