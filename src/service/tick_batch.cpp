// SPDX-License-Identifier: Apache-2.0
#include "service/tick_batch.hpp"

#include <algorithm>
#include <span>

#include "service/answer_signature.hpp"
#include "service/answer_text.hpp"
#include "service/connection.hpp"
#include "service/verdict_text.hpp"

namespace xacthuc::inline v0_1::service {

void tick_batch::add(const waiting& from, const request& asked, std::string_view correlator) {
    from_[count_] = from;
    from_[count_].correlator_at = correlators_.size();
    from_[count_].correlator_size = correlator.size();
    correlators_ += correlator;
    asked_[count_] = asked;
    ++count_;
}

void tick_batch::add_signature(const signed_request& proof, std::string_view base) {
    from_[count_ - 1].proof = proofs_.size();
    auto& kept = proofs_.emplace_back(proof);
    kept.base_at = bases_.size();
    bases_ += base;
}

problem tick_batch::refused(std::size_t place) const noexcept {
    return from_[place].is_signed ? proofs_[from_[place].proof].refused : problem::none;
}

void tick_batch::answer(const means& with, thread_metrics& metrics) {
    if (!proofs_.empty()) verify_signatures(proofs_, bases_, with.nonces, with.now_unix_ms);
    std::size_t asked = 0;
    for (std::size_t place = 0; place < count_; ++place)
        if (refused(place) == problem::none) order_[asked++] = static_cast<std::uint16_t>(place);
    const auto order = std::span{order_}.first(asked);
    const auto who = [this](std::uint16_t place) { return from_[place].who; };
    if (!std::ranges::all_of(order, [&](std::uint16_t place) { return who(place) == who(order[0]); }))
        std::ranges::stable_sort(order, {}, who);
    for (std::size_t first = 0; first < asked;) {
        auto end = first + 1;
        while (end < asked && who(order[end]) == who(order[first])) ++end;
        verify(with, first, end);
        first = end;
    }
    metrics.count_batch(count_);
    for (std::size_t place = 0; place < count_; ++place) write(place, with, metrics);
    count_ = 0;
    proofs_.clear();
    bases_.clear();
    correlators_.clear();
    calls_.clear();
}

void tick_batch::verify(const means& with, std::size_t first, std::size_t end) {
    const auto count = end - first;
    for (std::size_t k = 0; k < count; ++k) gathered_[k] = asked_[order_[first + k]];
    const auto& who = from_[order_[first]].who;
    for (std::size_t k = 0; who.with_holder && k < count; ++k) gathered_holders_[k] = holders_[order_[first + k]];
    std::optional<ledger_ticket> ticket;
    request_batch batch{
        .requests = {gathered_.data(), count}, .asker = who.agency, .officer = who.officer, .ticket = &ticket};
    if (who.with_holder) batch.holders = {gathered_holders_.data(), count};
    batch.proofs = with.source.holders().times_at(with.now_unix_ms);
    const auto as_of = with.by.answers.answer(batch, {verdicts_.data(), count});
    if (ticket) calls_.push_back(with.source.expect_place(*ticket));
    for (std::size_t k = 0; k < count; ++k) {
        const auto place = order_[first + k];
        answers_[place] = {verdicts_[k], as_of, ticket ? calls_.size() : 0, k};
        if (ticket) from_[place].from->hold_for(*ticket);
    }
}

std::string& tick_batch::put(std::size_t place, const means& with, answer_head head, std::string_view body,
                             bool is_signed_later) {
    const auto& from = from_[place];
    auto& out = from.from->answered();
    head.correlator = std::string_view{correlators_}.substr(from.correlator_at, from.correlator_size);
    head.closes = from.closes;
    if (from.signs) {
        signature_.clear();
        append_answer_signature(signature_,
                                {.status = head.status,
                                 .type = head.type,
                                 .body = body,
                                 .method = "POST",
                                 .path = question_path,
                                 .request = from.is_signed ? &proofs_[from.proof] : nullptr,
                                 .comes_later = is_signed_later},
                                *with.keys, with.now_unix_ms);
        head.signature = signature_;
    }
    append_answer(out, head, body, with.date);
    return out;
}

// Requires: the answer is the last of them, and signature_ its lines.
std::unique_ptr<const late_signature> tick_batch::sign_later(std::size_t place, const means& with,
                                                             const std::string& answers) const {
    const auto& from = from_[place];
    auto made = std::make_unique<late_signature>();
    made->by = with.keys;
    if (from.is_signed) made->request = proofs_[from.proof];
    made->now_unix_ms = with.now_unix_ms;
    made->lines_at = answers.rfind(signature_);
    made->lines_size = signature_.size();
    made->body_at = answers.size() - body_.size();
    made->body_size = body_.size();
    return made;
}

void tick_batch::write(std::size_t place, const means& with, thread_metrics& metrics) {
    const auto& from = from_[place];
    const auto put_problem = [&](problem why) {
        metrics.count(why);
        put(place, with,
            {.status = facts_of(why).status, .type = problem_type, .retry_after_s = with.keys->retry_after_s(why)},
            problem_document(why));
    };
    if (const auto why = refused(place); why != problem::none) return put_problem(why);
    const auto& [says, as_of, call, row] = answers_[place];
    if (says.outcome() == outcome::ledger_full || says.outcome() == outcome::ledger_stopped) {
        return put_problem(says.outcome() == outcome::ledger_full ? problem::ledger_full : problem::ledger_stopped);
    }
    metrics.verdicts[static_cast<std::size_t>(says.outcome())].add();
    if (fresh_text_.empty() || fresh_of_.sequence != as_of.sequence || fresh_of_.as_of_unix_ms != as_of.as_of_unix_ms) {
        fresh_of_ = as_of;
        fresh_text_.clear();
        append_freshness(fresh_text_, as_of);
    }
    body_.clear();
    append_verdict(body_, says, asked_[place].claims(), from.form);
    body_ += fresh_text_;
    const auto receipt_at = body_.size();
    if (call != 0) body_.append(receipt_room, ' ');
    body_ += '}';
    const auto& out = put(place, with, {}, body_, call != 0);
    if (call != 0)
        from.from->expect_receipt(calls_[call - 1], row, out.size() - body_.size() + receipt_at,
                                  from.signs ? sign_later(place, with, out) : nullptr);
}

}  // namespace xacthuc::inline v0_1::service
