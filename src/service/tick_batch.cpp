// SPDX-License-Identifier: Apache-2.0
#include "service/tick_batch.hpp"

#include <algorithm>
#include <numeric>
#include <span>

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

void tick_batch::answer(const register_in_use& by, served_register& source, std::string_view date,
                        std::int64_t now_unix_ms, thread_metrics& metrics) {
    const auto order = std::span{order_}.first(count_);
    std::iota(order.begin(), order.end(), std::uint16_t{0});
    const auto who = [this](std::uint16_t place) { return from_[place].who; };
    if (!std::ranges::all_of(order, [&](std::uint16_t place) { return who(place) == who(0); }))
        std::ranges::stable_sort(order, {}, who);
    for (std::size_t first = 0; first < count_;) {
        auto end = first + 1;
        while (end < count_ && who(order[end]) == who(order[first])) ++end;
        verify(by, source, first, end, now_unix_ms);
        first = end;
    }
    metrics.count_batch(count_);
    for (std::size_t place = 0; place < count_; ++place) write(place, date, metrics);
    count_ = 0;
    correlators_.clear();
    calls_.clear();
}

void tick_batch::verify(const register_in_use& by, served_register& source, std::size_t first, std::size_t end,
                        std::int64_t now_unix_ms) {
    const auto count = end - first;
    for (std::size_t k = 0; k < count; ++k) gathered_[k] = asked_[order_[first + k]];
    const auto& who = from_[order_[first]].who;
    std::optional<ledger_ticket> ticket;
    request_batch batch{
        .requests = {gathered_.data(), count}, .asker = who.agency, .officer = who.officer, .ticket = &ticket};
    batch.proofs.now_unix_ms = now_unix_ms;
    const auto as_of = by.answers.answer(batch, {verdicts_.data(), count});
    if (ticket) calls_.push_back(source.expect_place(*ticket));
    for (std::size_t k = 0; k < count; ++k) {
        const auto place = order_[first + k];
        answers_[place] = {verdicts_[k], as_of, ticket ? calls_.size() : 0, k};
        if (ticket) from_[place].from->hold_for(*ticket);
    }
}

void tick_batch::write(std::size_t place, std::string_view date, thread_metrics& metrics) {
    const auto& from = from_[place];
    const auto& [says, as_of, call, row] = answers_[place];
    auto& out = from.from->answered();
    answer_head head{.correlator = std::string_view{correlators_}.substr(from.correlator_at, from.correlator_size),
                     .closes = from.closes};
    if (says.outcome() == outcome::ledger_full || says.outcome() == outcome::ledger_stopped) {
        const auto why = says.outcome() == outcome::ledger_full ? problem::ledger_full : problem::ledger_stopped;
        metrics.count(why);
        head.status = facts_of(why).status;
        head.type = problem_type;
        return append_answer(out, head, problem_document(why), date);
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
    append_answer(out, head, body_, date);
    if (call != 0) from.from->expect_receipt(calls_[call - 1], row, out.size() - body_.size() + receipt_at);
}

}  // namespace xacthuc::inline v0_1::service
