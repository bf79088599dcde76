// SPDX-License-Identifier: Apache-2.0
// Guards: opened, put before a register, saved, and asked for their alarms.
#include <algorithm>
#include <utility>
#include <xacthuc/registry/guard_folder.hpp>

#include "boundary.hpp"
#include "handles.hpp"

using namespace xacthuc;

namespace {

static_assert(XT_ALARM_SURGE == static_cast<int>(alarm_reason::surge) &&
              XT_ALARM_TABLE_FULL == static_cast<int>(alarm_reason::table_full) &&
              XT_ALARM_TABLE_FULL == alarm_reason_count);

[[nodiscard]] xt_alarm told(const guard_alarm& from) noexcept {
    return {.at_unix_ms = from.at_unix_ms,
            .number = from.number,
            .limit = from.limit,
            .subject = from.subject,
            .agency = from.agency,
            .reason = static_cast<uint8_t>(from.reason),
            .suspended = from.suspended,
            .spare = 0};
}

}  // namespace

xt_status xt_guards_open(const char* folder, xt_guards** guards, xt_detail* detail) {
    return c::guarded(guards, detail, [&] {
        if (folder == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "folder");
        auto store = guards_in(folder);
        if (!store) return c::refuse(detail, store.error());
        auto opened = xacthuc::guards::open({}, *std::move(store), c::now_unix_ms());
        if (!opened) return c::refuse(detail, opened.error());
        *guards = new xt_guards{*std::move(opened), {}};
        return xt_status{XT_OK};
    });
}

xt_status xt_guards_save(xt_guards* guards, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (guards == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "guards");
        if (const auto saved = guards->value->save(c::now_unix_ms()); !saved) return c::refuse(detail, saved.error());
        return xt_status{XT_OK};
    });
}

xt_status xt_guards_close(xt_guards* guards, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (guards == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "guards");
        if (const auto saved = guards->value->close(c::now_unix_ms()); !saved) return c::refuse(detail, saved.error());
        return xt_status{XT_OK};
    });
}

void xt_guards_free(xt_guards* guards) {
    delete guards;
}

xt_status xt_register_set_guards(xt_register* opened, const xt_guards* guards) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (opened == nullptr || guards == nullptr) return XT_NULL_ARGUMENT;
        return opened->watch.put(guards->value) ? XT_OK : XT_ARGUMENT_RANGE;
    });
}

xt_status xt_guards_take_alarms(xt_guards* guards, xt_alarm* alarms, size_t capacity, size_t* count) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (guards == nullptr || count == nullptr || !c::is_there(alarms, capacity)) return XT_NULL_ARGUMENT;
        auto& waiting = guards->waiting;
        const auto more = guards->value->take_alarms();
        waiting.insert(waiting.end(), more.begin(), more.end());
        *count = std::min(capacity, waiting.size());
        const auto taken = waiting.begin() + static_cast<std::ptrdiff_t>(*count);
        std::transform(waiting.begin(), taken, alarms, told);
        waiting.erase(waiting.begin(), taken);
        return XT_OK;
    });
}

xt_status xt_guards_suspend(xt_guards* guards, uint16_t agency) {
    if (guards == nullptr) return XT_NULL_ARGUMENT;
    guards->value->suspend(agency);
    return XT_OK;
}

xt_status xt_guards_reinstate(xt_guards* guards, uint16_t agency) {
    if (guards == nullptr) return XT_NULL_ARGUMENT;
    guards->value->reinstate(agency);
    return XT_OK;
}
