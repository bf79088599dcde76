// SPDX-License-Identifier: Apache-2.0
// Applying changes: checked, written and synced, and then made in memory; several callers' in one transaction.
#include <algorithm>
#include <chrono>
#include <new>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>

#include "registry/registry_state.hpp"

namespace xacthuc {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t prefetch_distance = 8;
// How long a change that is durable already waits for readers that hold back reclamation.
constexpr auto stalled_for_max = 10s;
constexpr auto stalled_retry = 200us;

[[nodiscard]] std::int64_t now_unix_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

[[nodiscard]] bool asks(change_kind kind) noexcept {
    return kind == change_kind::erase || kind == change_kind::set_key;
}

// Checks changes one after the other, each as if those before it were made.
class change_check {
  public:
    change_check(const citizen_index& index, bool keeps_track) : index_{index}, keeps_track_{keeps_track} {}

    [[nodiscard]] result<void> check(const change& what) {
        const auto kind = static_cast<std::uint8_t>(what.kind);
        if (kind < static_cast<std::uint8_t>(change_kind::upsert) ||
            kind > static_cast<std::uint8_t>(change_kind::set_key))
            return errc::record_not_valid;
        if (asks(what.kind)) {
            const auto id = personal_id::from_value(what.id());
            if (!id) return errc::personal_id_reserved;
            if (auto there = find(*id); !there) return there;
        } else if (auto fits = check_record(what.after); !fits) {
            return fits;
        }
        if (what.has_key() && !index_.facts().with_keys) return errc::no_key_column;
        return {};
    }
    // Requires: check() found nothing wrong with it.
    void make(const change& what) {
        if (keeps_track_ && what.kind != change_kind::set_key) made_[what.id()] = what.kind != change_kind::erase;
    }
    // Makes all or none.
    [[nodiscard]] std::vector<refused_change> check_all(std::span<const change> changes) {
        std::vector<refused_change> refused;
        const auto before = made_;
        for (std::size_t i = 0; i < changes.size(); ++i) {
            if (auto fits = check(changes[i]); !fits)
                refused.push_back({i, fits.error()});
            else
                make(changes[i]);
        }
        if (!refused.empty()) made_ = before;
        return refused;
    }

  private:
    [[nodiscard]] result<void> find(personal_id id) const {
        if (const auto found = made_.find(id.value()); found != made_.end())
            return found->second ? result<void>{} : errc::citizen_unknown;
        const auto in_index = index_.find(id);
        if (!in_index) return in_index.error();
        return *in_index ? result<void>{} : errc::citizen_unknown;
    }

    const citizen_index& index_;
    bool keeps_track_;
    std::unordered_map<std::uint64_t, bool> made_;
};

[[nodiscard]] failure refusal(const std::vector<refused_change>& refused, std::size_t of) {
    return {errc::changes_refused, std::to_string(refused.size()) + " of " + std::to_string(of) +
                                       ", the first at place " + std::to_string(refused.front().place) + ": " +
                                       refused.front().why.message()};
}

[[nodiscard]] result<void> make_once(citizen_index& index, const change& what) {
    const auto id = personal_id::from_trusted(what.id());
    const auto outcome_of = [](const auto& made) -> result<void> {
        if (!made) return made.error();
        return {};
    };
    switch (what.kind) {
        case change_kind::upsert:
            return outcome_of(index.upsert(what.after));
        case change_kind::upsert_with_key:
            return outcome_of(index.upsert(what.after, public_key_bytes_view{what.key}));
        case change_kind::erase:
            return outcome_of(index.erase(id));
        case change_kind::set_key:
            return outcome_of(index.set_key(id, public_key_bytes_view{what.key}));
    }
    return errc::record_not_valid;
}

}  // namespace

result<void> make_in(citizen_index& index, const change& what) {
    auto made = make_once(index, what);
    if (made || made.error() != errc::reclamation_stalled) return made;
    for (const auto end = std::chrono::steady_clock::now() + stalled_for_max; std::chrono::steady_clock::now() < end;) {
        std::this_thread::sleep_for(stalled_retry);
        made = make_once(index, what);
        if (made || made.error() != errc::reclamation_stalled) break;
    }
    return made;
}

result<void> make_in(citizen_index& index, std::span<const change> changes, std::size_t& failed_at) {
    const auto prefetch = [&](std::size_t i) {
        if (i < changes.size()) index.prefetch(personal_id::from_trusted(changes[i].id()));
    };
    for (std::size_t i = 0; i < prefetch_distance; ++i) prefetch(i);
    for (std::size_t i = 0; i < changes.size(); ++i) {
        prefetch(i + prefetch_distance);
        if (auto made = make_in(index, changes[i]); !made) {
            failed_at = i;
            return made;
        }
    }
    return {};
}

detailed_result<void> registry::state::make_durable(std::span<const change> changes, std::uint64_t first_sequence) {
    std::optional<std::size_t> rebuilt;
    while (!changes.empty()) {
        std::size_t failed_at = 0;
        const auto made = make_in(*index, changes, failed_at);
        if (made) break;
        changes = changes.subspan(failed_at);
        first_sequence += failed_at;
        const auto partition = partition_of(placement_hash(changes.front().id(), index->placement_seed()));
        const failure why{made.error(),
                          "change " + std::to_string(first_sequence) + " is in the log but not in memory"};
        if (made.error() != errc::damaged_record || rebuilt == partition) return why;
        const auto repair = [&](const opened_snapshot& from) {
            return repair_up_to(from, partition, first_sequence - 1);
        };
        if (const auto done = with_snapshot(repair); !done)
            return failure{why.code, why.context + ": " + done.error().message()};
        rebuilt = partition;
    }
    return {};
}

void registry::state::commit(std::span<waiting_changes* const> group) {
    const auto fail_all = [&](const failure& why) {
        for (auto* const one : group)
            if (one->outcome) one->outcome = why;
    };
    if (stopped) return fail_all({errc::registry_stopped, stopped->message()});
    change_check check{*index, std::ranges::any_of(group, [](const auto* one) { return one->asks_who_is_there; })};
    std::vector<change_batch> batches;
    auto end = last;
    end.as_of_unix_ms = std::max(end.as_of_unix_ms, now_unix_ms());
    for (auto* const one : group) {
        auto refused = check.check_all(one->changes);
        if (!refused.empty()) {
            one->outcome = refusal(refused, one->changes.size());
            if (one->refused != nullptr) *one->refused = std::move(refused);
            continue;
        }
        batches.push_back({end.sequence + 1, one->changes.size(), end.as_of_unix_ms, one->packed});
        end.sequence += one->changes.size();
        one->outcome = end;
    }
    if (batches.empty()) return;
    if (auto done = log->append(batches); !done) {
        if (log->must_reopen()) stopped = done.error();
        return fail_all(done.error());
    }
    last = end;
    if (log->must_reopen()) stopped = failure{errc::io, "copying the write-ahead log failed"};
    for (auto* const one : group) {
        if (!one->outcome) continue;
        if (auto made = make_durable(one->changes, one->outcome->sequence - one->changes.size() + 1); !made) {
            stopped = made.error();
            return fail_all({errc::registry_stopped, stopped->message()});
        }
    }
    index->set_as_of(end);
}

detailed_result<freshness> registry::apply(std::span<const change> changes, std::vector<refused_change>* refused) {
    auto& s = *state_;
    if (refused != nullptr) refused->clear();
    if (s.is_inherited()) return s.inherited();
    if (!s.writes()) return failure{errc::read_only, s.directory.path().string()};
    if (changes.empty()) return s.index->as_of();
    if (changes.size() > changes_per_apply_max)
        return failure{errc::code_range, std::to_string(changes.size()) + " changes in one call, at most " +
                                             std::to_string(changes_per_apply_max)};
    waiting_changes mine{.changes = changes, .refused = refused};
    mine.packed.reserve(changes.size() * packed_change_bytes_max / 2);
    for (const auto& what : changes) {
        pack_change(what, mine.packed);
        mine.asks_who_is_there |= asks(what.kind);
    }

    std::unique_lock queueing{s.queueing};
    s.queue.push_back(&mine);
    for (;;) {
        s.committed.wait(queueing, [&] { return mine.is_done || !s.has_leader; });
        if (mine.is_done) return mine.outcome;
        s.lead(queueing);
    }
}

// Commits for all that wait now, as far as one transaction should take them.
void registry::state::lead(std::unique_lock<std::mutex>& held) {
    has_leader = true;
    std::vector<waiting_changes*> group;
    for (std::size_t count = 0; !queue.empty() && count < changes_per_apply_max; queue.pop_front()) {
        group.push_back(queue.front());
        count += queue.front()->changes.size();
    }
    held.unlock();
    {
        const std::lock_guard writing_held{writing};
        try {
            commit(group);
        } catch (const std::bad_alloc&) {
            stopped = failure{errc::out_of_memory, "while making changes"};
            for (auto* const one : group) one->outcome = failure{errc::registry_stopped, stopped->message()};
        }
    }
    held.lock();
    for (auto* const one : group) one->is_done = true;
    has_leader = false;
    committed.notify_all();
}

}  // namespace xacthuc
