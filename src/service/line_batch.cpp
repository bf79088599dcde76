// SPDX-License-Identifier: Apache-2.0
#include "service/line_batch.hpp"

#include <algorithm>

#include "service/connection.hpp"
#include "service/routes.hpp"
#include "service/verdict_text.hpp"
#include "service/worker.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

constexpr std::string_view chunk_head = "00000000\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";

// Puts the size of a chunk into the place that was left for it.
void close_chunk(std::string& out, std::size_t begin) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto size = out.size() - begin - chunk_head.size();
    for (std::size_t k = 0; k < 8; ++k) out[begin + k] = digits[size >> (28 - 4 * k) & 15U];
    out += "\r\n";
}

}  // namespace

std::size_t line_batch::take(connection& from, line_stream& of, std::string_view bytes) {
    std::size_t used = 0;
    while (of.left != 0 && used < bytes.size() && from.has_room()) {
        const auto rest = bytes.substr(used, static_cast<std::size_t>(std::min<std::uint64_t>(of.left, bytes.size())));
        const auto step = take_rows(from, of, rest);
        if (step == 0) {
            // A line that has all the bytes that it may have can still end.
            if (rest.size() <= worker_.most().line_bytes) break;
            worker_.metrics().count(limit_met::line_bytes);
            worker_.metrics().count(problem::line_too_long);
            auto& out = from.out();
            const auto begin = out.size();
            out += chunk_head;
            append_fault_line(out, {problem::line_too_long, {}, {}});
            close_chunk(out, begin);
            of.left = 0;
            of.keeps_alive = false;
            used = bytes.size();
            break;
        }
        used += step;
        of.left -= step;
    }
    if (of.left == 0) {
        from.out() += last_chunk;
        of.is_over = true;
    }
    return used;
}

std::size_t line_batch::take_rows(connection& from, const line_stream& of, std::string_view bytes) {
    const auto* const by = worker_.in_use();
    rows_.clear();
    plain_.count = 0;
    proved_.count = 0;
    std::size_t used = 0;
    while (rows_.size() < rows_max && used < bytes.size()) {
        const auto rest = bytes.substr(used);
        auto end = rest.find('\n');
        if (end == std::string_view::npos) {
            // The last line of a body may do without its end.
            if (bytes.size() != of.left) break;
            end = rest.size();
        }
        if (end > worker_.most().line_bytes) break;
        auto line = rest.substr(0, end);
        used += std::min(end + 1, rest.size());
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!line.empty()) take_row(*by, of, line);
    }
    if (!rows_.empty()) answer_rows(from, of, *by);
    return used;
}

void line_batch::take_row(const register_in_use& by, const line_stream& of, std::string_view line) {
    auto& made = rows_.emplace_back();
    question asked;
    made.fault = reader_.read(line, question_place::in_batch, asked);
    if (made.fault) return;
    made.form = asked.form;
    made.with_holder = asked.holder.has_value();
    auto& all = made.with_holder ? proved_ : plain_;
    made.place = all.count;
    made.fault = prepare_question(asked, by.key, of.who.agency, all.requests[all.count]);
    if (!made.fault) made.fault = fault_of_holder(asked, *worker_.all().source);
    if (made.fault) return;
    if (asked.holder) holders_[all.count] = *asked.holder;
    ++all.count;
}

void line_batch::answer_rows(connection& from, const line_stream& of, const register_in_use& by) {
    ask(from, of, by, plain_, {});
    ask(from, of, by, proved_, {holders_.data(), proved_.count});
    auto& out = from.out();
    const auto begin = out.size();
    out += chunk_head;
    write_rows(out);
    close_chunk(out, begin);
}

void line_batch::ask(connection& from, const line_stream& of, const register_in_use& by, asked_together& all,
                     std::span<const holder_proof> holders) {
    if (all.count == 0) return;
    std::optional<ledger_ticket> ticket;
    request_batch batch{.requests = {all.requests.data(), all.count},
                        .asker = of.who.agency,
                        .officer = of.who.officer,
                        .ticket = &ticket};
    batch.holders = holders;
    batch.proofs = worker_.all().source->holders().times_at(worker_.now_unix_ms());
    by.answers.answer(batch, {all.verdicts.data(), all.count});
    if (ticket) from.hold_for(*ticket);
}

void line_batch::write_rows(std::string& out) {
    auto& metrics = worker_.metrics();
    for (auto& each : rows_) {
        const auto& all = each.with_holder ? proved_ : plain_;
        if (!each.fault) {
            const auto what = all.verdicts[each.place].outcome();
            if (what == outcome::ledger_full) each.fault = question_fault{problem::ledger_full, {}, {}};
            if (what == outcome::ledger_stopped) each.fault = question_fault{problem::ledger_stopped, {}, {}};
        }
        if (each.fault) {
            metrics.count(each.fault->what);
            append_fault_line(out, *each.fault);
            continue;
        }
        const auto& says = all.verdicts[each.place];
        metrics.verdicts[static_cast<std::size_t>(says.outcome())].add();
        append_verdict(out, says, all.requests[each.place].claims(), each.form);
        out += "}\n";
    }
}

}  // namespace xacthuc::inline v0_1::service
