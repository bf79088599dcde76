// SPDX-License-Identifier: Apache-2.0
#include "ledger/group_builder.hpp"

#include <algorithm>

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] std::size_t hash_of(const row_kind& kind) noexcept {
    auto word = (kind.verdict_bits ^ kind.claims) * 0x9e3779b97f4a7c15;
    word = (word ^ word >> 32 ^ kind.agency ^ std::uint64_t{kind.procedure} << 16) * 0xbf58476d1ce4e5b9;
    return static_cast<std::size_t>(word ^ word >> 32);
}

}  // namespace

group_builder::group_builder(day_key key, const id_permutation& ids, std::uint64_t first_place,
                             std::int64_t now_unix_ms, row_hashing& by)
    : key_{key}, ids_{ids}, tree_{key, first_place, by}, kind_places_(64) {
    group_.first_place = first_place;
    group_.time_unix_ms = now_unix_ms;
}

void group_builder::add(const row_queue& queue, const row_queue::taken& call) {
    const auto& of = call.call;
    policy_ = of.policy;
    const auto time = std::clamp<std::int64_t>(of.time_unix_ms, 0, row_time_end - 1);
    placed_.push_back({call.ticket, group_.rows(), call.rows});
    auto& noted = group_.calls.emplace_back();
    noted.rows = call.rows;
    noted.time_unix_ms = time;
    noted.officer = of.officer;
    noted.register_sequence = of.register_sequence;
    noted.signature = of.agency_signature;
    noted.is_signed = std::ranges::any_of(of.agency_signature, [](std::byte each) { return each != std::byte{0}; });
    const auto first = group_.rows();
    group_.hidden_ids.resize(first + call.rows);
    group_.kind_of.resize(first + call.rows);
    for (std::size_t k = 0; k < call.rows; ++k) {
        const auto row = queue.row_of(call, k);
        const auto id = request_layout::id.get(row.asked);
        const row_kind kind{row.agency, row.procedure, static_cast<claim_mask>(request_layout::claims.get(row.asked)),
                            row.shown};
        tree_.add({id, kind.agency, kind.procedure, kind.claims, kind.verdict_bits, time, of.officer});
        group_.hidden_ids[first + k] = ids_.hide(id);
        group_.kind_of[first + k] = number_of(kind);
    }
}

std::uint32_t group_builder::number_of(const row_kind& kind) {
    if (kind == last_kind_ && !group_.kinds.empty()) return last_number_;
    const auto mask = kind_places_.size() - 1;
    auto at = hash_of(kind) & mask;
    while (kind_places_[at] != 0 && group_.kinds[kind_places_[at] - 1] != kind) at = (at + 1) & mask;
    if (kind_places_[at] == 0) {
        group_.kinds.push_back(kind);
        kind_places_[at] = static_cast<std::uint32_t>(group_.kinds.size());
        if (group_.kinds.size() * 2 > kind_places_.size()) grow_kind_places();
        last_number_ = static_cast<std::uint32_t>(group_.kinds.size() - 1);
    } else {
        last_number_ = kind_places_[at] - 1;
    }
    last_kind_ = kind;
    return last_number_;
}

void group_builder::grow_kind_places() {
    std::vector<std::uint32_t> larger(kind_places_.size() * 4);
    const auto mask = larger.size() - 1;
    for (std::size_t number = 0; number < group_.kinds.size(); ++number) {
        auto at = hash_of(group_.kinds[number]) & mask;
        while (larger[at] != 0) at = (at + 1) & mask;
        larger[at] = static_cast<std::uint32_t>(number + 1);
    }
    kind_places_ = std::move(larger);
}

group_builder::built group_builder::finish(std::uint64_t leaf_index, std::uint64_t rows_min) {
    while (tree_.rows() < rows_min) tree_.add({});
    group_.leaf_index = leaf_index;
    group_.tree_rows = tree_.rows();
    built done;
    done.tree = tree_.finish();
    done.leaf = leaf_of(group_, policy_, done.tree.root(), key_);
    done.group = std::move(group_);
    done.placed = std::move(placed_);
    return done;
}

}  // namespace xacthuc::inline v0_1
