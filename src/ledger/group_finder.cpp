// SPDX-License-Identifier: Apache-2.0
#include "ledger/group_finder.hpp"

#include <algorithm>
#include <string>

#include "ledger/row_store.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// Places beyond this, 4 MiB, are forgotten, all but those of the hour at hand.
constexpr std::size_t places_max = 100'000;

[[nodiscard]] failure rows_are_gone(std::uint64_t entry) {
    return {errc::not_found, "the rows of entry " + std::to_string(entry)};
}

}  // namespace

detailed_result<group_finder> group_finder::open(const file_calls& calls, const std::filesystem::path& directory) {
    auto ids = load_id_permutation(calls, directory);
    if (!ids) return ids.error();
    return group_finder{calls, directory, std::move(*ids)};
}

detailed_result<day_key> group_finder::key_of(std::int64_t day) const {
    return day_key::load(calls_, day_key_path(directory_, day));
}

detailed_result<row_group> group_finder::read_group(std::uint64_t entry) {
    auto found = read_known(entry);
    if (found || found.error().code != errc::not_found) return found;
    // It may be of an hour that was begun since, or was sealed at this moment.
    if (auto done = list(); !done) return done.error();
    const auto first = read_first_entry(calls_, directory_);
    if (!first) return first.error();
    if (entry < *first) return rows_are_gone(entry);
    return read_known(entry);
}

detailed_result<row_group> group_finder::read_known(std::uint64_t entry) {
    const auto in = hour_of(entry);
    if (!in) return in.error();
    if (*in == nullptr) return rows_are_gone(entry);
    const auto key = key_of((*in)->hour.day());
    if (!key) return key.error();
    if ((*in)->places.size() == 0) forget_some();
    return (*in)->places.read_group(calls_, rows_folder(), (*in)->hour, *key, entry);
}

detailed_result<void> group_finder::list() {
    const auto found = list_hours(calls_, rows_folder());
    if (!found) return found.error();
    std::vector<known_hour> now;
    auto known = hours_.begin();
    for (const auto& each : *found) {
        while (known != hours_.end() && known->hour < each.hour) ++known;
        if (known != hours_.end() && known->hour == each.hour) {
            now.push_back(std::move(*known));
        } else {
            now.push_back({.hour = each.hour});
        }
    }
    hours_ = std::move(now);
    return {};
}

detailed_result<group_finder::known_hour*> group_finder::hour_of(std::uint64_t entry) {
    std::size_t first = 0;
    auto end = hours_.size();
    // hours_[first - 1] begins at the entry or before it, hours_[end] behind it.
    while (first != end) {
        const auto middle = first + (end - first) / 2;
        auto& at = hours_[middle];
        const auto has_any = load_first(at);
        if (!has_any) return has_any.error();
        if (!*has_any) {
            hours_.erase(hours_.begin() + static_cast<std::ptrdiff_t>(middle));
            --end;
        } else if (*at.first_leaf <= entry) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    return first == 0 ? nullptr : &hours_[first - 1];
}

detailed_result<bool> group_finder::load_first(known_hour& of) const {
    if (of.first_leaf) return true;
    const auto file = hour_file::open(calls_, rows_folder(), of.hour);
    if (!file && file.error().code == errc::not_found) return false;
    if (!file) return file.error();
    const auto place = file->first();
    if (!place) return place.error();
    if (*place) of.first_leaf = (*place)->first_leaf;
    return of.first_leaf.has_value();
}

void group_finder::forget_some() {
    std::size_t all = 0;
    for (const auto& each : hours_) all += each.places.size();
    if (all < places_max) return;
    for (auto& each : hours_) each.places = {};
}

}  // namespace xacthuc::inline v0_1
