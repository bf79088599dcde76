// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>
#include <xacthuc/ledger/ledger.hpp>

#include "domain/contract.hpp"
#include "ledger/group_hash.hpp"
#include "ledger/ledger_impl.hpp"
#include "ledger/ledger_rows.hpp"

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] failure damaged(std::string words) {
    return {errc::ledger_damaged, std::move(words)};
}
[[nodiscard]] failure stopped() {
    return {errc::ledger_stopped, "what the disk holds is not known"};
}
[[nodiscard]] std::uint64_t seconds(std::int64_t unix_ms) noexcept {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(unix_ms, 0)) / 1000;
}

// The call of the first row of the 128 that the row is of.
[[nodiscard]] row_call first_call_of(const group_builder::built& built, std::uint64_t row) {
    const auto first = row / row_batch::chunk_rows * row_batch::chunk_rows;
    if (built.placed.empty()) return find_call(built.group, first);
    const auto after = std::ranges::upper_bound(built.placed, first, {}, &placed_call::first_row);
    const auto call = std::prev(after);
    return {static_cast<std::size_t>(call - built.placed.begin()), static_cast<std::size_t>(call->first_row)};
}

}  // namespace

ledger::impl::impl(ledger_options with, tile_log of, row_store in)
    : options{std::move(with)},
      log{std::move(of)},
      rows{std::move(in)},
      queue{options.queue_slots},
      witnesses{options.witnesses},
      hashing_{options.hashing_threads} {}

detailed_result<ledger> ledger::impl::open(const file_calls& calls, const std::filesystem::path& directory,
                                           ledger_options options) {
    constexpr unsigned folder_mode = 0755;
    if (auto made = make_directory(calls, directory, folder_mode); made) {
        if (auto done = sync_directory_of(calls, directory); !done) return done.error();
    } else if (made.error().code != errc::already_exists) {
        return made.error();
    }
    auto log = tile_log::open(calls, directory / "log", {options.origin, options.verifier, options.signer});
    if (!log) return log.error();
    auto rows = row_store::open(calls, directory);
    if (!rows) return rows.error();
    ledger opened{std::make_unique<impl>(std::move(options), std::move(*log), std::move(*rows))};
    if (auto done = opened.impl_->recover(); !done) return done.error();
    return opened;
}

// Every published entry has its rows, and rows whose entry is not published yet get it now.
detailed_result<void> ledger::impl::recover() {
    const auto published = log.size();
    if (rows.end_entry() < published)
        return damaged("the log has " + std::to_string(published) + " entries, and there are rows of " +
                       std::to_string(rows.end_entry()) + " only");
    for (const auto& group : rows.open_groups()) {
        if (group.leaf_index + 1 == published) {
            const auto entry = log.read_entry(group.leaf_index);
            if (!entry) return entry.error();
            if (!std::ranges::equal(*entry, group.entry))
                return damaged("entry " + std::to_string(group.leaf_index) + " is not that of its rows");
        }
        if (group.leaf_index < published) continue;
        if (group.leaf_index != log.size())
            return damaged("rows of entry " + std::to_string(log.size()) + " are missing");
        if (auto done = log.append(group.entry); !done) return done.error();
    }
    if (log.size() != rows.end_entry()) return damaged("rows are sealed of entries that the log does not have");
    if (auto done = log.integrate(); !done) return done;
    rows.forget_open_groups();
    if (log.size() != 0) {
        const auto last = leaf_at(log.size() - 1);
        if (!last) return last.error();
        last_time_unix_ms_ = last->time_unix_ms;
    }
    witnessed_at_s_ = options.witnesses.witnessed_at(log.published_note()).value_or(0);
    if (options.witnesses.quorum != 0) queue.stop();  // until somebody says what time it is
    return {};
}

detailed_result<group_leaf> ledger::impl::leaf_at(std::uint64_t entry) {
    const auto bytes = log.read_entry(entry);
    if (!bytes) return bytes.error();
    const auto leaf = group_leaf::decode(*bytes);
    if (!leaf) return damaged("entry " + std::to_string(entry) + " of the log is not one of a ledger");
    return *leaf;
}

void ledger::impl::stop() noexcept {
    queue.stop();
    published_slot.fetch_or(stopped_bit, std::memory_order_release);
    published_slot.notify_all();
}

detailed_result<std::uint64_t> ledger::impl::gather(std::int64_t now_unix_ms) {
    if ((published_slot.load(std::memory_order_relaxed) & stopped_bit) != 0) return stopped();
    std::uint64_t taken_rows = 0;
    try {
        while (const auto call = queue.take()) {
            if (call->rows != 0)
                if (auto done = take_call(*call, now_unix_ms); !done) {
                    stop();
                    return done.error();
                }
            taken_rows += call->rows;
            taken_slot_ = call->ticket.end_slot();
            queue.free_before(taken_slot_);
        }
    } catch (...) {
        stop();
        throw;
    }
    return taken_rows;
}

detailed_result<void> ledger::impl::take_call(const row_queue::taken& call, std::int64_t now_unix_ms) {
    if (builder_ && (!builder_->takes(call.call.policy) || builder_->rows() >= options.group_rows_max))
        if (auto done = close_group(); !done) return done;
    if (!builder_)
        if (auto done = begin_group(now_unix_ms); !done) return done;
    builder_->add(queue, call);
    return {};
}

detailed_result<void> ledger::impl::begin_group(std::int64_t now_unix_ms) {
    auto begun = rows.begin(std::max(now_unix_ms, last_time_unix_ms_));
    if (!begun) return begun.error();
    // Times never go back, and lie in the hour whose file has the rows.
    last_time_unix_ms_ = std::max({now_unix_ms, last_time_unix_ms_, begun->hour.begin_unix_ms()});
    begun_ = std::move(*begun);
    builder_.emplace(begun_->key, rows.ids(), begun_->first_place, last_time_unix_ms_, hashing_);
    return {};
}

detailed_result<void> ledger::impl::close_group() {
    kept_group closed{builder_->finish(log.size(), options.group_rows_min), begun_->key};
    builder_.reset();
    const auto entry = closed.built.leaf.encode();
    if (auto done = rows.append(*begun_, closed.built.group, entry); !done) return done;
    begun_.reset();
    if (auto done = log.append(entry); !done) return done.error();
    pending_.push_back(std::move(closed));
    return {};
}

detailed_result<void> ledger::impl::publish(std::int64_t now_unix_ms) {
    if (auto done = gather(now_unix_ms); !done) return done.error();
    try {
        auto done = builder_ ? close_group() : detailed_result<void>{};
        if (done && !pending_.empty()) done = log.integrate();
        if (!done) {
            stop();
            return done;
        }
        keep_published();
    } catch (...) {
        stop();
        throw;
    }
    // Whoever sees this sees that its rows are kept.
    published_slot.store(taken_slot_, std::memory_order_release);
    published_slot.notify_all();
    look_at_witnesses(now_unix_ms);
    return {};
}

void ledger::impl::keep_published() {
    for (auto& group : pending_) {
        rows_kept_ += group.built.group.rows();
        kept_.push_back(std::move(group));
    }
    pending_.clear();
    while (kept_.size() > 1 && rows_kept_ > options.rows_kept) {
        rows_kept_ -= kept_.front().built.group.rows();
        kept_.pop_front();
    }
}

bool ledger::impl::is_witnessed(std::int64_t now_unix_ms) const noexcept {
    const auto& policy = options.witnesses;
    if (policy.quorum == 0) return true;
    const auto now_s = seconds(now_unix_ms);
    const auto age_s = now_s > witnessed_at_s_ ? now_s - witnessed_at_s_ : 0;
    return witnessed_at_s_ != 0 && age_s <= static_cast<std::uint64_t>(policy.staleness_max.count());
}

void ledger::impl::look_at_witnesses(std::int64_t now_unix_ms) noexcept {
    if (is_witnessed(now_unix_ms))
        queue.go_on();
    else
        queue.stop();
}

detailed_result<std::vector<failure>> ledger::impl::ask_witnesses(std::int64_t now_unix_ms) {
    if ((published_slot.load(std::memory_order_relaxed) & stopped_bit) != 0) return stopped();
    auto said = witnesses.run(log.published_note(),
                              [this](std::uint64_t from, std::uint64_t to) { return log.prove_consistency(from, to); });
    if (!said) return said.error();
    if (auto done = log.cosign(said->cosignatures); !done) {
        stop();
        return done.error();
    }
    witnessed_at_s_ = std::max(witnessed_at_s_, options.witnesses.witnessed_at(log.published_note()).value_or(0));
    look_at_witnesses(now_unix_ms);
    return std::move(said->failures);
}

const ledger::impl::kept_group* ledger::impl::kept_of(std::uint64_t entry) const noexcept {
    if (kept_.empty() || entry < kept_.front().built.group.leaf_index) return nullptr;
    const auto at = entry - kept_.front().built.group.leaf_index;
    return at < kept_.size() ? &kept_[at] : nullptr;
}

result<ledger_place> ledger::impl::place(const ledger_ticket& ticket, std::uint64_t row) const {
    const auto first_slot = [](const placed_call& call) { return call.ticket.first_slot; };
    const auto after = std::ranges::upper_bound(
        kept_, ticket.first_slot, {}, [&](const kept_group& group) { return first_slot(group.built.placed.front()); });
    if (after == kept_.begin()) return errc::not_found;
    const auto& built = std::prev(after)->built;
    const auto call = std::ranges::lower_bound(built.placed, ticket.first_slot, {}, first_slot);
    if (call == built.placed.end() || call->ticket != ticket || row >= call->rows) return errc::not_found;
    return ledger_place{built.group.leaf_index, call->first_row + row};
}

detailed_result<receipt> ledger::impl::receipt_from(const group_builder::built& built, const day_key& key,
                                                    std::uint64_t row) {
    if (row >= built.group.rows()) return failure{errc::not_found, "the group has no row " + std::to_string(row)};
    auto proof = prove_row(built.group, row, first_call_of(built, row), built.tree, key, rows.ids());
    auto path = log.prove_inclusion(built.group.leaf_index, log.head().size);
    if (!path) return path.error();
    return receipt{.row = proof.row,
                   .row_index = row,
                   .row_path = std::move(proof.path),
                   .leaf = built.leaf,
                   .leaf_index = built.group.leaf_index,
                   .leaf_path = std::move(*path),
                   .note = log.published_note()};
}

detailed_result<receipt> ledger::impl::receipt_for(const ledger_place& place) {
    if (place.entry >= log.head().size) return failure{errc::not_found, "entry " + std::to_string(place.entry)};
    if (const auto* kept = kept_of(place.entry)) return receipt_from(kept->built, kept->key, place.row);
    auto group = rows.read_group(place.entry);
    if (!group) return group.error();
    const auto key = rows.key_of(ledger_hour::of(group->time_unix_ms).day());
    if (!key) return key.error();
    const auto leaf = leaf_at(place.entry);
    if (!leaf) return leaf.error();
    const auto wrong = damaged("the rows of entry " + std::to_string(place.entry) + " are not what it says");
    if (group->tree_rows != leaf->rows) return wrong;
    auto hashed = hash_group(*group, leaf->policy, *key, rows.ids());
    if (hashed.leaf != *leaf) return wrong;
    const group_builder::built built{std::move(*group), hashed.leaf, {}, std::move(hashed.tree)};
    return receipt_from(built, *key, place.row);
}

detailed_result<ledger::checked> ledger::impl::check(const std::function<void(std::uint64_t)>& report) {
    const auto hours = rows.hours();
    if (!hours) return hours.error();
    checked so_far{.pruned = rows.first_entry()};
    for (const auto& each : *hours) {
        if (auto done = check_hour(each, so_far); !done) return done.error();
        if (report) report(so_far.pruned + so_far.entries + so_far.forgotten);
    }
    const auto end = so_far.pruned + so_far.entries + so_far.forgotten;
    if (end != log.size())
        return damaged("there are rows of entries up to " + std::to_string(end) + " of " + std::to_string(log.size()));
    return so_far;
}

detailed_result<void> ledger::impl::check_hour(const hour_in_folder& in, checked& so_far) {
    const auto key = rows.key_of(in.hour.day());
    if (!key && key.error().code == errc::not_found) {
        const auto entries = rows.entries_of(in.hour);
        so_far.forgotten += entries.second - entries.first;
        return {};
    }
    if (!key) return key.error();
    return rows.read_hour(in.hour, *key, [&](row_group&& group, const group_entry* noted) -> detailed_result<void> {
        const auto expected = so_far.pruned + so_far.entries + so_far.forgotten;
        if (group.leaf_index < so_far.pruned) return {};
        if (group.leaf_index != expected)
            return damaged("the rows of entry " + std::to_string(expected) + " are missing in the hour " +
                           in.hour.text());
        if (expected >= log.size()) return damaged("there are rows of more entries than the log has");
        const auto leaf = leaf_at(group.leaf_index);
        if (!leaf) return leaf.error();
        // Before they are hashed: a file that lies could name more rows to fill up than anybody can hash.
        if (ledger_hour::of(leaf->time_unix_ms) != in.hour || group.tree_rows != leaf->rows ||
            hash_group(group, leaf->policy, *key, rows.ids()).leaf != *leaf ||
            (noted != nullptr && *noted != leaf->encode()))
            return damaged("the rows of entry " + std::to_string(group.leaf_index) + " are not what it says");
        ++so_far.entries;
        so_far.rows += group.rows();
        return {};
    });
}

ledger::ledger(std::unique_ptr<impl> of) noexcept : impl_{std::move(of)} {}
ledger::ledger(ledger&&) noexcept = default;
ledger& ledger::operator=(ledger&&) noexcept = default;
ledger::~ledger() {
    // Who waits must not wait for ever. Nobody may use the ledger any more, but somebody may be just leaving wait().
    if (impl_) impl_->stop();
}

detailed_result<ledger> ledger::open(const std::filesystem::path& directory, ledger_options options) {
    return impl::open(system_file_calls(), directory, std::move(options));
}

row_queue& ledger::queue() noexcept {
    return impl_->queue;
}

result<ledger_ticket> ledger::append(const ledger_call& call, std::span<const request> requests,
                                     std::span<const verdict> verdicts) {
    contract::as_many("ledger::append", {verdicts.size(), "verdicts"}, {requests.size(), "requests"});
    auto room = impl_->queue.reserve(requests.size());
    if (!room) return impl_->queue.is_stopped() ? errc::ledger_stopped : errc::ledger_full;
    for (std::size_t k = 0; k < requests.size(); ++k) room.put(k, requests[k], requests[k].agency(), verdicts[k]);
    return room.commit(call);
}

detailed_result<std::uint64_t> ledger::gather(std::int64_t now_unix_ms) {
    return impl_->gather(now_unix_ms);
}
detailed_result<void> ledger::publish(std::int64_t now_unix_ms) {
    return impl_->publish(now_unix_ms);
}

result<void> ledger::wait(const ledger_ticket& ticket) const {
    auto seen = impl_->published_slot.load(std::memory_order_acquire);
    while ((seen & ~impl::stopped_bit) < ticket.end_slot()) {
        if ((seen & impl::stopped_bit) != 0) return errc::ledger_stopped;
        impl_->published_slot.wait(seen, std::memory_order_acquire);
        seen = impl_->published_slot.load(std::memory_order_acquire);
    }
    return {};
}

bool ledger::is_published(const ledger_ticket& ticket) const noexcept {
    return (impl_->published_slot.load(std::memory_order_acquire) & ~impl::stopped_bit) >= ticket.end_slot();
}
bool ledger::is_stopped() const noexcept {
    return (impl_->published_slot.load(std::memory_order_relaxed) & impl::stopped_bit) != 0;
}

detailed_result<std::vector<failure>> ledger::ask_witnesses(std::int64_t now_unix_ms) {
    return impl_->ask_witnesses(now_unix_ms);
}
bool ledger::is_witnessed(std::int64_t now_unix_ms) const {
    return impl_->is_witnessed(now_unix_ms);
}
const signed_note& ledger::published() const noexcept {
    return impl_->log.published_note();
}
const checkpoint& ledger::head() const noexcept {
    return impl_->log.head();
}
result<ledger_place> ledger::place(const ledger_ticket& ticket, std::uint64_t row) const {
    return impl_->place(ticket, row);
}
detailed_result<receipt> ledger::receipt_for(const ledger_ticket& ticket, std::uint64_t row) {
    const auto at = impl_->place(ticket, row);
    if (!at) return failure{at.error(), "row " + std::to_string(row) + " of a call"};
    return impl_->receipt_for(*at);
}
detailed_result<receipt> ledger::receipt_for(const ledger_place& place) {
    return impl_->receipt_for(place);
}

detailed_result<std::size_t> ledger::seal(std::int64_t now_unix_ms) {
    return impl_->rows.seal_before(ledger_hour::of(now_unix_ms));
}
detailed_result<void> ledger::forget(std::string_view day) {
    const auto number = parse_day(day);
    if (!number) return failure{errc::date_syntax, std::string{day}};
    auto& rows = impl_->rows;
    // Also where the key is gone already: what was to follow may have been interrupted.
    auto done = rows.forget_day(*number);
    if (!done && done.error().code != errc::not_found) return done;
    const auto left = ledger_rows::look(rows.calls(), rows.directory());
    if (!left) return left.error();
    auto dropped = drop_forgotten_accesses(rows.calls(), access_folder(rows.directory()), left->rows, *number);
    return dropped ? done : dropped;
}
detailed_result<std::size_t> ledger::prune(std::string_view before_day) {
    const auto number = parse_day(before_day);
    if (!number) return failure{errc::date_syntax, std::string{before_day}};
    auto& rows = impl_->rows;
    auto pruned = rows.prune_before(*number);
    if (!pruned) return pruned;
    const auto left = ledger_rows::look(rows.calls(), rows.directory());
    if (!left) return left.error();
    auto done =
        prune_accesses(rows.calls(), access_folder(rows.directory()), left->rows, std::min(*number, rows.last_day()));
    if (!done) return done.error();
    return pruned;
}
detailed_result<ledger::checked> ledger::check(const std::function<void(std::uint64_t)>& report) {
    return impl_->check(report);
}

}  // namespace xacthuc::inline v0_1
