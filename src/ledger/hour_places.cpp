// SPDX-License-Identifier: Apache-2.0
#include "ledger/hour_places.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::uint64_t bytes_between = std::uint64_t{64} << 10;

[[nodiscard]] failure not_in_hour(std::uint64_t entry) {
    return {errc::not_found, "the rows of entry " + std::to_string(entry)};
}

}  // namespace

detailed_result<row_group> hour_places::read_group(const file_calls& calls, const std::filesystem::path& folder,
                                                   ledger_hour hour, const day_key& key, std::uint64_t entry) {
    const auto file = hour_file::open(calls, folder, hour);
    if (!file) return file.error();
    // A sealed hour is another file.
    if (std::exchange(is_sealed_, file->is_sealed()) != file->is_sealed()) marks_.clear();
    const auto place = find(*file, entry);
    if (!place) return place.error();
    auto groups = file->read(*place, key);
    if (!groups) return groups.error();
    const auto found = std::ranges::find(*groups, entry, &row_group::leaf_index);
    if (found != groups->end()) return std::move(*found);
    return failure{errc::ledger_damaged, file->path().string() + ": a head says what groups follow, and others do"};
}

detailed_result<row_place> hour_places::find(const hour_file& in, std::uint64_t entry) {
    if (marks_.empty()) {
        const auto first = in.first();
        if (!first) return first.error();
        if (!*first) return not_in_hour(entry);
        marks_.push_back(**first);
    }
    const auto after = std::ranges::upper_bound(marks_, entry, {}, &row_place::first_leaf);
    if (after == marks_.begin()) return not_in_hour(entry);
    auto at = *std::prev(after);
    const auto& head = in.head();
    if (head && entry - head->first_leaf >= head->groups) return not_in_hour(entry);
    for (;;) {
        const auto next = in.after(at);
        if (!next) return next.error();
        if (!*next && head)
            return failure{errc::ledger_damaged, in.path().string() + ": it has not as many groups as it says"};
        if (!*next) return not_in_hour(entry);
        if ((*next)->first_leaf > entry) return at;
        at = **next;
        if (at.offset >= marks_.back().offset + bytes_between) marks_.push_back(at);
    }
}

}  // namespace xacthuc::inline v0_1
