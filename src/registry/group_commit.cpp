// SPDX-License-Identifier: Apache-2.0
#include "registry/group_commit.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <string>
#include <unordered_map>
#include <utility>

namespace xacthuc::inline v0_1 {

// One call of apply() on its way. It lies on its caller's stack, and queues by itself: to be taken up by a leader costs
// no memory.
struct waiting_changes {
    std::span<const change> changes{};
    std::span<const std::byte> source_position{};
    std::vector<refused_change>* refused = nullptr;
    std::vector<std::byte> packed{};
    bool asks_who_is_there = false;  // some of the changes need their citizen
    freshness as_of{};  // of its last change, or of the one before where it has none, when it was found good
    bool is_durable = false;
    bool is_answered = false;  // the leader's: `outcome` says what became of it
    bool is_done = false;      // for its caller
    detailed_result<freshness> outcome = freshness{};
    waiting_changes* next = nullptr;

    void answer(const freshness& made) noexcept {
        outcome = made;
        is_answered = true;
    }
    // Without its words where there is no memory for them.
    void answer(const failure& why) noexcept {
        is_answered = true;
        try {
            outcome = why;
        } catch (const std::bad_alloc&) {
            outcome = failure{why.code, {}};
        }
    }
};

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

void group_commit::commit(const durable_index::held& writing, waiting_changes* group) {
    const auto fail_all = [&](const failure& why) noexcept {
        for (auto* one = group; one != nullptr; one = one->next)
            if (!one->is_answered) one->answer(why);
    };
    stall_patience patience{setting_.how.stall_patience};
    if (const auto done = to_.resume(writing); !done) return fail_all(done.error());
    if (const auto done = to_.drain(writing, patience); !done) return fail_all(done.error());
    bool asks_who_is_there = false;
    for (const auto* one = group; one != nullptr; one = one->next) asks_who_is_there |= one->asks_who_is_there;
    change_check check{to_.index(), asks_who_is_there};
    std::vector<change_batch> batches;
    std::span<const std::byte> source_position;
    auto end = to_.last(writing);
    const auto now = std::max(end.as_of_unix_ms, now_unix_ms());
    for (auto* one = group; one != nullptr; one = one->next) {
        auto refused = check.check_all(one->changes);
        if (!refused.empty()) {
            one->answer(refusal(refused, one->changes.size()));
            if (one->refused != nullptr) *one->refused = std::move(refused);
            continue;
        }
        if (!one->changes.empty()) {
            batches.push_back({end.sequence + 1, one->changes.size(), now, one->packed});
            end = {end.sequence + one->changes.size(), now};
        }
        one->as_of = end;
        if (!one->source_position.empty()) source_position = one->source_position;
    }
    if (batches.empty() && source_position.empty()) return;
    if (const auto done = to_.append(writing, batches, end, source_position); !done) return fail_all(done.error());
    for (auto* one = group; one != nullptr; one = one->next) one->is_durable = !one->is_answered;
    for (auto* one = group; one != nullptr; one = one->next) {
        if (one->is_answered) continue;
        const auto first_sequence = one->as_of.sequence - one->changes.size() + 1;
        const auto made = to_.make_durable(writing, one->changes, first_sequence, patience);
        if (!made) return fail_all(told_as(errc::changes_pending, made.error(), {}));
        to_.reached(writing, one->as_of);
        one->answer(one->as_of);
    }
}

detailed_result<freshness> group_commit::apply(std::span<const change> changes,
                                               std::span<const std::byte> source_position,
                                               std::vector<refused_change>* refused) {
    waiting_changes mine{.changes = changes, .source_position = source_position, .refused = refused};
    mine.packed.reserve(changes.size() * packed_change_bytes_max / 2);
    for (const auto& what : changes) {
        pack_change(what, mine.packed);
        mine.asks_who_is_there |= asks(what.kind);
    }

    // From here on nothing is thrown: others may have our changes in hand, and what became of them must be told.
    std::unique_lock queue{queueing_};
    (first_ == nullptr ? first_ : last_->next) = &mine;
    last_ = &mine;
    for (;;) {
        committed_.wait(queue, [&] { return mine.is_done || !has_leader_; });
        if (mine.is_done) return std::move(mine.outcome);
        lead(queue);
    }
}

// Commits for all that wait now, as far as one transaction should take them.
void group_commit::lead(std::unique_lock<std::mutex>& queue) noexcept {
    has_leader_ = true;
    auto* const group = first_;
    auto* group_last = group;
    for (auto count = group->changes.size(); group_last->next != nullptr; group_last = group_last->next) {
        count += group_last->next->changes.size();
        if (count > changes_per_apply_max) break;
    }
    first_ = std::exchange(group_last->next, nullptr);
    queue.unlock();
    {
        const auto writing = to_.hold();
        failure why{errc::out_of_memory, {}};
        try {
            commit(writing, group);
        } catch (const std::bad_alloc&) {
        } catch (...) {
            why.code = errc::io;
        }
        for (auto* one = group; one != nullptr; one = one->next) {
            if (one->is_answered) continue;
            one->answer(one->is_durable ? failure{errc::changes_pending, {}} : why);
        }
    }
    queue.lock();
    // Who is done may be gone with the next look at it.
    for (auto* one = group; one != nullptr;) std::exchange(one, one->next)->is_done = true;
    has_leader_ = false;
    committed_.notify_all();
}

}  // namespace xacthuc::inline v0_1
