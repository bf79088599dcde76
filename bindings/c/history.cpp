// SPDX-License-Identifier: Apache-2.0
// Histories of citizens.
#include <algorithm>
#include <utility>
#include <xacthuc/ledger/history.hpp>

#include "boundary.hpp"
#include "handles.hpp"

using namespace xacthuc;

struct xt_history {
    ledger_history value;
};

namespace {

static_assert(XT_VIEWER_HOLDER == static_cast<int>(history_viewer::holder) &&
              XT_VIEWER_INSPECTOR == static_cast<int>(history_viewer::inspector));

[[nodiscard]] xt_access access_of(const history_entry& from) noexcept {
    return {.time_unix_s = from.time_unix_s,
            .officer = from.officer,
            .verdict = c::told(from.verdict),
            .agency = from.agency,
            .procedure = from.procedure,
            .claims = from.claims,
            .withheld = static_cast<uint8_t>(from.is_withheld ? 1 : 0),
            .spare = 0};
}

}  // namespace

xt_status xt_history_open(const char* folder, const char* rules, xt_history** history, xt_detail* detail) {
    return c::guarded(history, detail, [&] {
        if (folder == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "folder");
        history_rules shown;
        if (rules != nullptr) {
            auto read = history_rules::load(rules);
            if (!read) return c::refuse(detail, failure_of_faults(read.error(), errc::settings_faults));
            shown = *std::move(read);
        }
        auto opened = ledger_history::open(folder, std::move(shown));
        if (!opened) return c::refuse(detail, opened.error());
        *history = new xt_history{*std::move(opened)};
        return xt_status{XT_OK};
    });
}

void xt_history_free(xt_history* history) {
    delete history;
}

xt_status xt_history_of(xt_history* history, xt_text id, uint32_t viewer, xt_access* accesses, size_t capacity,
                        size_t* count, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (history == nullptr || count == nullptr || !c::is_there(accesses, capacity))
            return c::refuse(detail, XT_NULL_ARGUMENT, "history, accesses or count");
        if (viewer > XT_VIEWER_INSPECTOR) return c::refuse(detail, XT_ARGUMENT_RANGE, "viewer");
        std::string_view digits;
        if (const auto status = c::read_text(id, digits); status != XT_OK) return c::refuse(detail, status, "id");
        const auto who = personal_id::parse(digits);
        if (!who) return c::refuse(detail, c::status_of(who.error()), "id");
        const auto found = history->value.of(*who, static_cast<history_viewer>(viewer), c::now_unix_ms() / 1000);
        if (!found) return c::refuse(detail, found.error());
        *count = found->size();
        const auto some = static_cast<std::ptrdiff_t>(std::min(capacity, found->size()));
        std::transform(found->begin(), found->begin() + some, accesses, access_of);
        return xt_status{XT_OK};
    });
}
