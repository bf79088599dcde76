// SPDX-License-Identifier: Apache-2.0
// Applying changes: checked, written and synced, and then made in memory; several callers' in one transaction.
#include <algorithm>
#include <chrono>
#include <new>
#include <string>
#include <unordered_map>

#include "registry/registry_state.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// How many changes ahead of its check a citizen's line is asked for.
constexpr std::size_t changes_ahead = 8;

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
        } else if (auto has_place = index_.check_path(personal_id::from_trusted(what.id())); !has_place) {
            return has_place;
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
            if (i + changes_ahead < changes.size())
                index_.prefetch(personal_id::from_trusted(changes[i + changes_ahead].id()));
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

}  // namespace

void waiting_changes::answer(const failure& why) noexcept {
    is_answered = true;
    try {
        outcome = why;
    } catch (const std::bad_alloc&) {
        outcome = failure{why.code, {}};
    }
}

void registry::state::commit(waiting_changes* group) {
    const auto fail_all = [&](const failure& why) noexcept {
        for (auto* one = group; one != nullptr; one = one->next)
            if (!one->is_answered) one->answer(why);
    };
    stall_patience patience{how.stall_patience};
    if (const auto done = resume(); !done) return fail_all(done.error());
    if (const auto done = drain(patience); !done) return fail_all(done.error());
    bool asks_who_is_there = false;
    for (const auto* one = group; one != nullptr; one = one->next) asks_who_is_there |= one->asks_who_is_there;
    change_check check{*index, asks_who_is_there};
    std::vector<change_batch> batches;
    auto end = last;
    end.as_of_unix_ms = std::max(end.as_of_unix_ms, now_unix_ms());
    for (auto* one = group; one != nullptr; one = one->next) {
        auto refused = check.check_all(one->changes);
        if (!refused.empty()) {
            one->answer(refusal(refused, one->changes.size()));
            if (one->refused != nullptr) *one->refused = std::move(refused);
            continue;
        }
        batches.push_back({end.sequence + 1, one->changes.size(), end.as_of_unix_ms, one->packed});
        one->last_sequence = end.sequence += one->changes.size();
    }
    if (batches.empty()) return;
    if (const auto done = append(batches, end); !done) return fail_all(done.error());
    for (auto* one = group; one != nullptr; one = one->next) {
        if (one->is_answered) continue;
        const auto made = make_durable(one->changes, one->last_sequence - one->changes.size() + 1, patience);
        if (!made) return fail_all(told_as(errc::changes_pending, made.error(), {}));
        const freshness as_of{one->last_sequence, end.as_of_unix_ms};
        index->set_as_of(as_of);
        one->answer(as_of);
    }
}

detailed_result<freshness> registry::apply(std::span<const change> changes, std::vector<refused_change>* refused) {
    auto& s = *state_;
    if (refused != nullptr) refused->clear();
    if (s.is_inherited()) return s.inherited();
    if (!s.writes()) return failure{errc::read_only, s.directory.path().string()};
    if (changes.empty()) return refresh();
    if (changes.size() > changes_per_apply_max)
        return failure{errc::code_range, std::to_string(changes.size()) + " changes in one call, at most " +
                                             std::to_string(changes_per_apply_max)};
    waiting_changes mine{.changes = changes, .refused = refused};
    mine.packed.reserve(changes.size() * packed_change_bytes_max / 2);
    for (const auto& what : changes) {
        pack_change(what, mine.packed);
        mine.asks_who_is_there |= asks(what.kind);
    }

    // From here on nothing is thrown: others may have our changes in hand, and what became of them must be told.
    std::unique_lock queueing{s.queueing};
    (s.queue_first == nullptr ? s.queue_first : s.queue_last->next) = &mine;
    s.queue_last = &mine;
    for (;;) {
        s.committed.wait(queueing, [&] { return mine.is_done || !s.has_leader; });
        if (mine.is_done) return std::move(mine.outcome);
        s.lead(queueing);
    }
}

// Commits for all that wait now, as far as one transaction should take them.
void registry::state::lead(std::unique_lock<std::mutex>& held) noexcept {
    has_leader = true;
    auto* const group = queue_first;
    auto* group_last = group;
    for (auto count = group->changes.size(); group_last->next != nullptr; group_last = group_last->next) {
        count += group_last->next->changes.size();
        if (count > changes_per_apply_max) break;
    }
    queue_first = std::exchange(group_last->next, nullptr);
    held.unlock();
    {
        const std::lock_guard writing_held{writing};
        failure why{errc::out_of_memory, {}};
        try {
            commit(group);
        } catch (const std::bad_alloc&) {
        } catch (...) {
            why.code = errc::io;
        }
        for (auto* one = group; one != nullptr; one = one->next) {
            if (one->is_answered) continue;
            const bool is_durable = one->last_sequence != 0 && one->last_sequence <= last.sequence;
            one->answer(is_durable ? failure{errc::changes_pending, {}} : why);
        }
    }
    held.lock();
    // Who is done may be gone with the next look at it.
    for (auto* one = group; one != nullptr;) std::exchange(one, one->next)->is_done = true;
    has_leader = false;
    committed.notify_all();
}

}  // namespace xacthuc::inline v0_1
