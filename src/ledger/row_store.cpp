// SPDX-License-Identifier: Apache-2.0
#include "ledger/row_store.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "ledger/secret_file.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::string_view ids_key_tag = "xt-id-key--1\n";
constexpr unsigned private_folder = 0700;
constexpr std::size_t number_digits_max = 21;
constexpr std::size_t hours_remembered = 64;

[[nodiscard]] detailed_result<void> make_if_missing(const file_calls& calls, const std::filesystem::path& folder) {
    auto made = make_directory(calls, folder, private_folder);
    if (!made && made.error().code != errc::already_exists) return made;
    return {};
}

[[nodiscard]] failure missing(const std::filesystem::path& at, std::uint64_t from, std::uint64_t to) {
    return {errc::ledger_damaged, at.string() + ": of the entries " + std::to_string(from) + " to " +
                                      std::to_string(to) + " no rows are there"};
}

[[nodiscard]] std::filesystem::path ids_key_path(const std::filesystem::path& directory) {
    return directory / "ids.key";
}

}  // namespace

detailed_result<id_permutation> load_id_permutation(const file_calls& calls, const std::filesystem::path& directory) {
    const auto secret = load_secret(calls, ids_key_path(directory), ids_key_tag);
    if (!secret) return secret.error();
    return id_permutation{**secret};
}

detailed_result<row_store> row_store::open(const file_calls& calls, const std::filesystem::path& directory) {
    row_store store{calls, directory};
    if (auto done = store.make_folders(); !done) return done.error();
    auto secret = load_secret(calls, ids_key_path(directory), ids_key_tag);
    if (!secret && secret.error().code == errc::not_found) {
        // With another secret nobody would be found in the rows that are there.
        if (const auto hours = store.hours(); !hours || !hours->empty()) return secret.error();
        secret = create_secret(calls, ids_key_path(directory), ids_key_tag);
    }
    if (!secret) return secret.error();
    store.ids_.emplace(**secret);
    if (auto done = store.load_first_entry(); !done) return done.error();
    if (auto done = store.load_hours(true); !done) return done.error();
    return store;
}

detailed_result<row_store> row_store::look(const file_calls& calls, const std::filesystem::path& directory) {
    row_store store{calls, directory};
    auto ids = load_id_permutation(calls, directory);
    if (!ids) return ids.error();
    store.ids_.emplace(std::move(*ids));
    if (auto done = store.load_first_entry(); !done) return done.error();
    if (auto done = store.load_hours(false); !done) return done.error();
    return store;
}

detailed_result<void> row_store::make_folders() {
    for (const auto& folder : {directory_ / "day-keys", rows_folder()})
        if (auto done = make_if_missing(calls_, folder); !done) return done;
    if (auto done = sync_directory(calls_, directory_); !done) return done;
    sweep_abandoned(calls_, rows_folder(),
                    [](std::string_view name) { return name.ends_with(".xtr") || name == "first-entry"; });
    return {};
}

detailed_result<std::uint64_t> read_first_entry(const file_calls& calls, const std::filesystem::path& directory) {
    const auto path = directory / "rows" / "first-entry";
    const auto file = open_file::to_read(calls, path);
    if (!file) {
        if (file.error().code == errc::not_found) return 0;
        return file.error();
    }
    std::uint64_t first = 0;
    const auto status = file->status();
    if (!status) return status.error();
    std::array<char, number_digits_max> text{};
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(status->size_bytes, text.size()));
    if (auto done = file->read(std::as_writable_bytes(std::span{text}.first(size)), 0); !done) return done.error();
    const auto read = std::from_chars(text.data(), text.data() + size, first);
    if (read.ec != std::errc{} || read.ptr + 1 != text.data() + size || *read.ptr != '\n')
        return failure{errc::ledger_damaged, path.string() + ": not a number"};
    return first;
}

detailed_result<void> row_store::load_first_entry() {
    const auto first = read_first_entry(calls_, directory_);
    if (!first) return first.error();
    first_entry_ = *first;
    return {};
}

detailed_result<void> row_store::load_hours(bool may_write) {
    const auto found = hours();
    if (!found) return found.error();
    end_entry_ = first_entry_;
    for (const auto& each : *found) {
        if (!each.is_sealed) {
            if (auto done = take_open_hour(each.hour, may_write); !done) return done;
            continue;
        }
        if (each.is_open && may_write)
            if (auto done = remove_file(calls_, open_hour_path(rows_folder(), each.hour)); !done) return done;
        const auto head = read_sealed_head(calls_, sealed_hour_path(rows_folder(), each.hour), each.hour);
        if (!head) return head.error();
        writer_.reset();
        if (head->first_leaf < first_entry_) continue;  // what ended the pruning left it here
        last_is_sealed_ = true;
        if (auto done = follow(head->first_leaf, head->groups, each.hour); !done) return done;
        next_place_ = head->end_place;
    }
    return {};
}

detailed_result<void> row_store::take_open_hour(ledger_hour hour, bool may_write) {
    const auto path = open_hour_path(rows_folder(), hour);
    auto resumed = hour_writer::resume(calls_, path, may_write);
    if (!resumed) return resumed.error();
    auto& groups = resumed->groups;
    if (!groups.empty() && groups.front().leaf_index < first_entry_) return {};
    if (may_write) writer_.emplace(std::move(resumed->writer));
    last_is_sealed_ = false;
    if (groups.empty()) {
        if (last_hour_ < hour) {
            if (last_hour_.day() != hour.day()) next_place_ = 0;
            last_hour_ = hour;
        }
        return {};
    }
    if (auto done = follow(groups.front().leaf_index, groups.size(), hour); !done) return done;
    for (std::size_t k = 0; k < groups.size(); ++k)
        if (groups[k].leaf_index != groups.front().leaf_index + k)
            return missing(path, groups[k].leaf_index, groups[k].leaf_index);
    next_place_ = groups.back().first_place + groups.back().leaf.rows;
    std::ranges::move(groups, std::back_inserter(open_groups_));
    return {};
}

detailed_result<void> row_store::follow(std::uint64_t first_leaf, std::uint64_t groups, ledger_hour hour) {
    if (first_leaf != end_entry_)
        return missing(rows_folder(), std::min(first_leaf, end_entry_), std::max(first_leaf, end_entry_));
    first_of_hour_[hour] = first_leaf;
    end_entry_ += groups;
    last_hour_ = hour;
    return {};
}

std::filesystem::path day_key_path(const std::filesystem::path& directory, std::int64_t day) {
    return directory / "day-keys" / (text_of_day(day) + ".key");
}

std::filesystem::path row_store::key_path(std::int64_t day) const {
    return day_key_path(directory_, day);
}

detailed_result<day_key> row_store::key_of(std::int64_t day) const {
    return day_key::load(calls_, key_path(day));
}

detailed_result<row_store::beginning> row_store::begin(std::int64_t now_unix_ms) {
    const ledger_hour earliest{last_hour_.number + (last_is_sealed_ ? 1 : 0)};
    const auto hour = std::max(ledger_hour::of(std::max<std::int64_t>(now_unix_ms, 0)), earliest);
    if (hour != last_hour_ || !last_key_) {
        auto key = key_of(hour.day());
        if (!key && key.error().code == errc::not_found) key = day_key::create(calls_, key_path(hour.day()));
        if (!key) return key.error();
        last_key_ = *key;
    }
    if (hour != last_hour_) {
        if (hour.day() != last_hour_.day()) next_place_ = 0;
        writer_.reset();
        last_hour_ = hour;
        last_is_sealed_ = false;
    }
    return beginning{hour, *last_key_, next_place_};
}

detailed_result<void> row_store::append(const beginning& begun, const row_group& group, const group_entry& entry) {
    if (!writer_) {
        auto made = hour_writer::create(calls_, open_hour_path(rows_folder(), begun.hour));
        if (!made) return made.error();
        writer_.emplace(std::move(*made));
    }
    if (auto done = writer_->append(group, entry, begun.key); !done) return done;
    first_of_hour_.try_emplace(begun.hour, group.leaf_index);
    end_entry_ = group.leaf_index + 1;
    next_place_ = group.first_place + group.tree_rows;
    return {};
}

detailed_result<std::size_t> row_store::seal_before(ledger_hour hour) {
    const auto found = hours();
    if (!found) return found.error();
    std::size_t sealed = 0;
    for (const auto& each : *found) {
        if (!each.is_open || each.hour >= std::min(hour, last_hour_)) continue;
        const auto key = key_of(each.hour.day());
        // Of a day that was forgotten nothing can be packed.
        if (!key && key.error().code == errc::not_found) continue;
        if (!key) return key.error();
        if (auto done = seal_hour(calls_, rows_folder(), each.hour, *key); !done) return done.error();
        ++sealed;
    }
    return sealed;
}

std::pair<std::uint64_t, std::uint64_t> row_store::entries_of(ledger_hour hour) const noexcept {
    const auto at = first_of_hour_.find(hour);
    if (at == first_of_hour_.end()) return {};
    const auto after = std::next(at);
    return {at->second, after == first_of_hour_.end() ? end_entry_ : after->second};
}

detailed_result<row_group> row_store::read_group(std::uint64_t entry) {
    const failure none{errc::not_found, "the rows of entry " + std::to_string(entry)};
    if (entry < first_entry_ || entry >= end_entry_) return none;
    const auto after = std::ranges::find_if(first_of_hour_, [&](const auto& each) { return each.second > entry; });
    if (after == first_of_hour_.begin()) return none;
    const auto hour = std::prev(after)->first;
    const auto key = key_of(hour.day());
    if (!key) return key.error();
    if (places_.size() >= hours_remembered && !places_.contains(hour)) places_.clear();
    return places_[hour].read_group(calls_, rows_folder(), hour, *key, entry);
}

detailed_result<void> row_store::forget_day(std::int64_t day) {
    if (day == last_hour_.day()) last_key_.reset();
    return destroy_secret(calls_, key_path(day));
}

detailed_result<std::size_t> row_store::prune_before(std::int64_t day) {
    day = std::min(day, last_hour_.day());
    const auto kept = first_of_hour_.lower_bound(ledger_hour{day * 24});
    const auto first = kept == first_of_hour_.end() ? end_entry_ : kept->second;
    if (first > first_entry_) {
        // Before anything is gone it is known that it may be.
        auto file = replacement_file::create(calls_, rows_folder() / "first-entry");
        if (!file) return file.error();
        const auto text = std::to_string(first) + '\n';
        if (auto done = file->file().write(std::as_bytes(std::span{text}), 0); !done) return done.error();
        if (auto done = file->commit(); !done) return done.error();
        first_entry_ = first;
        first_of_hour_.erase(first_of_hour_.begin(), kept);
    }
    const auto keys = list_directory(calls_, directory_ / "day-keys");
    if (!keys) return keys.error();
    for (const std::string_view name : *keys) {
        const auto of = name.ends_with(".key") ? parse_day(name.substr(0, name.size() - 4)) : std::nullopt;
        if (of && *of < day)
            if (auto done = destroy_secret(calls_, key_path(*of)); !done) return done.error();
    }
    const auto found = hours();
    if (!found) return found.error();
    std::size_t removed = 0;
    for (const auto& each : *found) {
        if (each.hour.day() >= day) continue;
        if (each.is_open)
            if (auto done = remove_file(calls_, open_hour_path(rows_folder(), each.hour)); !done) return done.error();
        if (each.is_sealed)
            if (auto done = remove_file(calls_, sealed_hour_path(rows_folder(), each.hour)); !done) return done.error();
        ++removed;
    }
    if (auto done = sync_directory(calls_, rows_folder()); !done) return done.error();
    return removed;
}

}  // namespace xacthuc::inline v0_1
