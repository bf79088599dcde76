// SPDX-License-Identifier: Apache-2.0
#include "watching.hpp"

#include <nanobind/stl/unique_ptr.h>

#include <utility>
#include <xacthuc/registry/guard_folder.hpp>

#include "arguments.hpp"
#include "errors.hpp"
#include "interpreter.hpp"
#include "python_text.hpp"
#include "wall_clock.hpp"

namespace xacthuc::python {
namespace {

[[nodiscard]] std::unique_ptr<open_guards> open_in(nb::handle folder) {
    const auto path = path_of(folder);
    const lock_released others_may_run;
    auto store = take(guards_in(path));
    return std::make_unique<open_guards>(open_guards{take(guards::open({}, std::move(store), now_unix_ms()))});
}

[[nodiscard]] std::uint16_t agency_of(nb::handle from) {
    return static_cast<std::uint16_t>(whole_number(from, "agency", 1, UINT16_MAX));
}

[[nodiscard]] nb::list alarms_of(const open_guards& self) {
    nb::list told;
    for (const auto& each : self.value->take_alarms()) {
        nb::dict alarm;
        alarm["at_unix_ms"] = each.at_unix_ms;
        alarm["reason"] = python_text(to_string(each.reason));
        alarm["agency"] = each.agency;
        alarm["number"] = each.number;
        alarm["limit"] = each.limit;
        alarm["subject"] = each.subject;
        alarm["suspended"] = each.suspended;
        told.append(alarm);
    }
    return told;
}

}  // namespace

void define_guards(nb::module_& module) {
    nb::class_<open_guards> type{module, "Guards",
                                 "What agencies have used up, and what looks like an attack: kept in a folder, which "
                                 "is of one process at a time. `open(guards=...)` puts them before a register."};
    type.def_static("open", &open_in, nb::arg("folder"), nb::sig("def open(folder: str | os.PathLike[str]) -> Guards"),
                    "Takes the folder, and makes it where it is missing. Raises Error when another process has it.");
    type.def(
        "take_alarms", &alarms_of, nb::sig("def take_alarms(self) -> list[dict[str, typing.Any]]"),
        "The alarms since the last call, oldest first: at_unix_ms, reason, agency, number, limit, subject, suspended. "
        "`subject` is a citizen's or an officer's number where the reason is about one.");
    type.def(
        "suspend", [](const open_guards& self, nb::handle agency) { self.value->suspend(agency_of(agency)); },
        nb::arg("agency"), nb::sig("def suspend(self, agency: int) -> None"),
        "Whatever the agency asks is answered alarm_suspended, until it is reinstated.");
    type.def(
        "reinstate", [](const open_guards& self, nb::handle agency) { self.value->reinstate(agency_of(agency)); },
        nb::arg("agency"), nb::sig("def reinstate(self, agency: int) -> None"));
    type.def(
        "save",
        [](const open_guards& self) {
            const lock_released others_may_run;
            take(self.value->save(now_unix_ms()));
        },
        "Saves what a crash would lose: to be called every few seconds to minutes.");
    type.def(
        "close",
        [](const open_guards& self) {
            const lock_released others_may_run;
            take(self.value->close(now_unix_ms()));
        },
        "Saves everything, for an end. Registers that they watch take no signed batch and no proof afterwards.");
}

}  // namespace xacthuc::python
