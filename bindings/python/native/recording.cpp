// SPDX-License-Identifier: Apache-2.0
#include "recording.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "errors.hpp"
#include "interpreter.hpp"
#include "wall_clock.hpp"

namespace xacthuc::python {
namespace {

[[noreturn]] void fail(shared_ledger& rows) {
    take(rows.publish(now_unix_ms()));  // which says why, when the ledger has failed
    throw library_error{make_error_code(errc::ledger_stopped),
                        "too few witnesses have cosigned lately; Ledger.ask_witnesses() asks them"};
}

}  // namespace

freshness row_recorder::answer(const citizen_index& index, engine_parts parts, request_batch asked,
                               std::span<verdict> verdicts, std::uint64_t first) {
    std::optional<ledger_ticket> ticket;
    asked.ticket = &ticket;
    parts.rows = &into_->value.queue();
    for (;;) {
        const auto as_of = engine{index, parts}.answer(asked, verdicts);
        if (ticket) {
            const std::lock_guard lock{guard_};
            tickets_.push_back({first, *ticket});
            return as_of;
        }
        if (verdicts.front().outcome() != outcome::ledger_full) fail(into_->value);
        take(into_->value.gather(now_unix_ms()));
        std::this_thread::yield();
    }
}

std::vector<recorded_rows> row_recorder::settle() {
    std::vector<recorded_rows> placed;
    if (tickets_.empty()) return placed;
    const lock_released others_may_run;
    std::ranges::sort(tickets_, {}, &given::first);
    const auto last =
        std::ranges::max_element(tickets_, {}, [](const given& one) { return one.ticket.first_slot; })->ticket;
    take(into_->value.settle(last, now_unix_ms()));
    into_->value.with([&](const ledger& rows) {
        for (const auto& one : tickets_)
            if (const auto place = rows.place(one.ticket, 0)) placed.push_back({one.first, one.ticket.rows, *place});
    });
    tickets_.clear();
    return placed;
}

}  // namespace xacthuc::python
