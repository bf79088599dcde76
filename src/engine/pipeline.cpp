// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <memory>
#include <optional>
#include <vector>
#include <xacthuc/engine/live_policy.hpp>

#include "engine/admission.hpp"
#include "engine/proving.hpp"
#include "engine/settlement.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// Where more than the judging has to be done, so many requests go through all stages together: their lines, 32 KiB, are
// then still in a near cache for the next stage.
constexpr std::size_t block_size = 512;

// A reader leaves its epoch and enters again after so many requests, some milliseconds of look-ups or some tens of
// signatures, so that a batch of any size holds back no memory that writers have retired.
constexpr std::size_t lookups_an_epoch = std::size_t{1} << 16;
constexpr std::size_t proofs_an_epoch = 4096;
static_assert(proofs_an_epoch % block_size == 0 && lookups_an_epoch % block_size == 0);

// Places for a block, which nobody has written to before somebody has something to write.
template <class T>
class block_of {
  public:
    [[nodiscard]] T& operator[](std::size_t k) noexcept { return data()[k]; }
    [[nodiscard]] std::span<T> first(std::size_t count) noexcept { return {data(), count}; }

  private:
    [[nodiscard]] T* data() noexcept { return std::launder(reinterpret_cast<T*>(bytes_)); }
    alignas(T) std::byte bytes_[block_size * sizeof(T)];
};

class block_pipeline {
  public:
    // All the memory that the call needs is asked for here; without holders' proofs none is.
    block_pipeline(const pipeline_kernels& with, const citizen_index& index, const request_batch& asked,
                   const admission& admitted, std::span<verdict> verdicts, guards* watch, row_queue::reservation* rows)
        : with_{with},
          index_{index},
          asked_{asked},
          requests_{admitted.requests()},
          each_{admitted.each()},
          verdicts_{verdicts},
          watch_{watch},
          rows_{rows},
          asker_{.agency = admitted.each().agency.value_or(0),
                 .officer = asked.officer,
                 .now_unix_ms = asked.proofs.now_unix_ms.value_or(0),
                 .proofs = admitted.each().proofs},
          settled_{asked.holders.size(), watch, asker_.now_unix_ms} {
        if (asked.holders.empty()) return;
        proving_.emplace(with.lookups, with.signatures, index, asked.requests.size(), verdicts, settled_);
        if (each_.policy != nullptr || watch_ != nullptr) rules_of_all_.resize(asked.requests.size());
    }

    [[nodiscard]] answered run() {
        answered done;
        const auto an_epoch = proving_ ? proofs_an_epoch : lookups_an_epoch;
        std::size_t from = 0;
        do {
            const auto inside = index_.enter();
            if (from == 0) done.as_of = index_.as_of();
            const auto end = std::min(from + an_epoch, requests_.size());
            for (; from < end; from += block_size) answer_block(from, block_at(from));
            if (proving_) proving_->check_waiting();
        } while (from < requests_.size());
        if (proving_) {
            done.signatures_checked = proving_->checked_count();
            settled_.refuse_repeated(verdicts_);
            if (!rules_of_all_.empty()) settle_proved();
            if (rows_ != nullptr) rows_->put(0, requests_, each_.agency, verdicts_);
        }
        return done;
    }

  private:
    void answer_block(std::size_t from, std::size_t count) {
        // Those who may ask stand side by side in questions(). What is judged is what policy looked at and what has to
        // be signed, though others may write to the batch meanwhile.
        const auto asking = admit(from, count);
        const bool are_all = asking == count;
        const auto questions = this->questions().first(asking);
        const auto answers = are_all ? verdicts_.subspan(from, count) : answers_.first(asking);
        // The next block lies in memory that nobody has looked at yet: it is taken over among the look-ups, as a burst
        // of its own would have to wait.
        const kernels::coming_requests coming{requests_.subspan(from + count, block_at(from + count)),
                                              &blocks_[1 - turn_][0]};
        if (proving_)
            with_.lookups.find(index_, questions, answers, found_.first(asking), coming);
        else
            with_.lookups.verify(index_, questions, answers, coming);
        if (!proving_ && watch_ != nullptr)
            watch_->settle(questions, rules_.first(asking), answers, asker_, seen_by_guards_);
        if (!proving_ && shows_less_) reduce(answers);
        if (!are_all)
            for (std::size_t k = 0; k < asking; ++k) verdicts_[positions_[k]] = answers[k];
        if (!proving_ && rows_ != nullptr) leave_rows(from, questions, answers, are_all);
        turn_ = 1 - turn_;
        if (!proving_) return;
        for (std::size_t k = 0; k < asking; ++k) {
            const auto position = are_all ? from + k : positions_[k];
            if (!rules_of_all_.empty()) rules_of_all_[position] = rules_[k];
            proving_->take(questions[k], asked_.holders[position], asked_.proofs, *rules_[k], position, found_[k]);
        }
    }

    [[nodiscard]] block_of<request>& questions() noexcept { return blocks_[turn_]; }
    // How many requests there are in the block that begins here.
    [[nodiscard]] std::size_t block_at(std::size_t from) const noexcept {
        return std::min(block_size, requests_.size() - from);
    }

    [[nodiscard]] static bool are_of_one_pair(std::span<const request> questions) noexcept {
        std::uint64_t others = 0;
        for (const auto& q : questions) others |= q.words[3] ^ questions[0].words[3];
        return others >> request_layout::agency.offset == 0;
    }

    // The rule of each, and what shows of answers by them. Returns whether somebody of the block may not ask.
    [[nodiscard]] bool find_rules(std::span<const request> questions, bool are_of_one_pair) noexcept {
        const quick_look look{each_};
        auto narrowest = answer_detail::per_claim;
        std::uint64_t refused = 0;
        if (are_of_one_pair) {
            const auto& by = look.rule_of(questions[0]);
            std::fill_n(&rules_[0], questions.size(), &by);
            refused = look.refuses_any(questions, by);
            narrowest = by.answer;
        } else {
            for (std::size_t k = 0; k < questions.size(); ++k) {
                const auto& by = look.rule_of(questions[k]);
                rules_[k] = &by;
                refused |= look.refuses(questions[k], by);
                narrowest = std::min(narrowest, by.answer);
            }
        }
        shows_less_ = narrowest != answer_detail::per_claim;
        return refused != 0;
    }
    // The same without a policy.
    [[nodiscard]] bool find_no_rules(std::span<const request> questions) noexcept {
        if (watch_ == nullptr && !proving_ && !each_.agency) return false;
        std::fill_n(&rules_[0], questions.size(), &widest_rule);
        return each_.agency && std::ranges::any_of(questions, [&](const request& q) {
                   return each_.of(q, widest_rule) != outcome::verified;
               });
    }

    // Returns how many of the block may ask: all of them, or those at positions_.
    [[nodiscard]] std::size_t admit(std::size_t from, std::size_t count) noexcept {
        const auto block = questions().first(count);
        if (from == 0) std::ranges::copy(requests_.first(count), block.begin());
        const bool are_some_refused =
            each_.policy != nullptr ? find_rules(block, are_of_one_pair(block)) : find_no_rules(block);
        auto asking = count;
        if (are_some_refused) {
            for (std::size_t k = 0; k < count; ++k) refused_[k] = each_.of(questions()[k], *rules_[k]);
            asking = leave_out_refused(from, count, count);
        }
        if (watch_ != nullptr) {
            const bool are_all = watch_->admit(questions().first(asking), rules_.first(asking), asker_,
                                               refused_.first(asking), &found_by_guards_);
            // What they found is of no use once others have closed ranks.
            seen_by_guards_ = are_all ? &found_by_guards_ : nullptr;
            if (!are_all) asking = leave_out_refused(from, count, asking);
        }
        return asking;
    }

    // Of so many who are asking still, those with a reason in refused_ get that for a verdict, and the others close
    // ranks. Returns how many they are.
    [[nodiscard]] std::size_t leave_out_refused(std::size_t from, std::size_t count, std::size_t asking) noexcept {
        const bool were_all = asking == count;
        std::size_t left = 0;
        for (std::size_t k = 0; k < asking; ++k) {
            const auto position = were_all ? from + k : positions_[k];
            if (refused_[k] != outcome::verified) {
                verdicts_[position] = {refused_[k], 0, 0, 0};
                if (rows_ != nullptr) leave_row(position, questions()[k], verdicts_[position]);
                continue;
            }
            questions()[left] = questions()[k];
            rules_[left] = rules_[k];
            positions_[left] = position;
            ++left;
        }
        return left;
    }

    // What came with holders' proofs is known as a whole only at the end of the call.
    void settle_proved() noexcept {
        for (std::size_t from = 0; from < requests_.size(); from += block_size) {
            const auto end = std::min(from + block_size, requests_.size());
            std::size_t asking = 0;
            for (auto i = from; i < end; ++i) {
                if (rules_of_all_[i] == nullptr) continue;
                questions()[asking] = requests_[i];
                rules_[asking] = rules_of_all_[i];
                answers_[asking] = verdicts_[i];
                ++asking;
                verdicts_[i] = shown(verdicts_[i], rules_of_all_[i]->answer, true);
            }
            if (watch_ != nullptr)
                watch_->settle(questions().first(asking), rules_.first(asking), answers_.first(asking), asker_);
        }
    }

    void leave_rows(std::size_t from, std::span<const request> questions, std::span<const verdict> answers,
                    bool are_all) noexcept {
        if (are_all) return rows_->put(from, questions, each_.agency, answers);
        for (std::size_t k = 0; k < questions.size(); ++k) leave_row(positions_[k], questions[k], answers[k]);
    }
    // Who asked is who is known to have asked, whatever the request says.
    void leave_row(std::size_t position, const request& asked, const verdict& shown) const noexcept {
        rows_->put(position, asked, each_.agency.value_or(asked.agency()), shown);
    }

    void reduce(std::span<verdict> answers) noexcept {
        for (std::size_t k = 0; k < answers.size(); ++k) answers[k] = shown(answers[k], rules_[k]->answer);
    }

    const pipeline_kernels& with_;
    index_view index_;
    const request_batch& asked_;
    std::span<const request> requests_;
    const asking& each_;
    std::span<verdict> verdicts_;
    guards* watch_;
    row_queue::reservation* rows_;  // null where answers leave none
    guard_block found_by_guards_;
    const guard_block* seen_by_guards_ = nullptr;
    guard_asker asker_;
    settlement settled_;
    std::optional<proving> proving_;
    std::vector<const rule*> rules_of_all_;    // null where the request was refused
    bool shows_less_ = false;                  // somebody of the block may not know all
    std::array<block_of<request>, 2> blocks_;  // this one's requests, and the next one's
    std::size_t turn_ = 0;
    block_of<const rule*> rules_;
    block_of<std::size_t> positions_;
    block_of<outcome> refused_;
    block_of<verdict> answers_;
    block_of<const slot*> found_;
};

// What the ledger notes of a call.
[[nodiscard]] ledger_call call_of(const request_batch& asked, const policy_table* policy,
                                  std::uint64_t sequence) noexcept {
    ledger_call call;
    call.time_unix_ms = asked.proofs.now_unix_ms.value_or(0);
    call.officer = asked.officer;
    call.register_sequence = sequence;
    if (policy != nullptr) call.policy = policy->hash();
    if (asked.agency != nullptr) call.agency_signature = asked.agency->signature.bytes;
    return call;
}

void refuse_all(const request_batch& asked, outcome why, std::span<verdict> verdicts) noexcept {
    for (auto& each : verdicts.first(asked.requests.size())) each = {why, 0, 0, 0};
}

}  // namespace

freshness judge_batch(const kernels::kernel& with, const citizen_index& index, std::span<const request> requests,
                      std::span<verdict> verdicts) noexcept {
    freshness as_of;
    std::size_t from = 0;
    do {
        const auto inside = index_view{index}.enter();
        if (from == 0) as_of = index.as_of();
        const auto count = std::min(lookups_an_epoch, requests.size() - from);
        with.verify(index, requests.subspan(from, count), verdicts.subspan(from, count));
        from += count;
    } while (from < requests.size());
    return as_of;
}

answered answer_batch(const pipeline_kernels& with, const citizen_index& index, const request_batch& asked,
                      std::span<verdict> verdicts, const engine_parts& parts) {
    assert(verdicts.size() >= asked.requests.size());
    assert(asked.holders.empty() || asked.holders.size() == asked.requests.size());
    // Where there is no room for the rows nothing is asked of anybody, and no proof is used up.
    row_queue::reservation rows;
    if (asked.ticket != nullptr) asked.ticket->reset();
    if (parts.rows != nullptr && !(rows = parts.rows->reserve(asked.requests.size()))) {
        refuse_all(asked, parts.rows->is_stopped() ? outcome::ledger_stopped : outcome::ledger_full, verdicts);
        return {index.as_of(), 0};
    }
    // One policy from the first request to the last.
    std::optional<live_policy::reading> in_force;
    const auto* policy = parts.table;
    if (policy == nullptr && parts.policy != nullptr) policy = &*in_force.emplace(parts.policy->read());
    const admission admitted{asked, policy, parts.watch, parts.rows != nullptr};
    if (admitted.of_all() != outcome::verified) {
        refuse_all(asked, admitted.of_all(), verdicts);
        return {index.as_of(), 0};
    }
    if (asked.holders.empty() && admitted.admits_each() && parts.watch == nullptr && !rows)
        return {judge_batch(with.lookups, index, admitted.requests(), verdicts), 0};
    const auto done = block_pipeline{with, index, asked, admitted, verdicts, parts.watch, rows ? &rows : nullptr}.run();
    if (rows) {
        const auto ticket = rows.commit(call_of(asked, policy, done.as_of.sequence));
        if (asked.ticket != nullptr) *asked.ticket = ticket;
    }
    return done;
}

}  // namespace xacthuc::inline v0_1
