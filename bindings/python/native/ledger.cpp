// SPDX-License-Identifier: Apache-2.0
#include "ledger.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>

#include <algorithm>
#include <string>
#include <utility>
#include <xacthuc/ledger/bill.hpp>
#include <xacthuc/ledger/history.hpp>
#include <xacthuc/ledger/receipt.hpp>
#include <xacthuc/registry/ledger_folder.hpp>

#include "arguments.hpp"
#include "column_choice.hpp"
#include "errors.hpp"
#include "interpreter.hpp"
#include "ledger_tables.hpp"
#include "one_request.hpp"
#include "python_text.hpp"
#include "verdict_columns.hpp"
#include "wall_clock.hpp"

namespace xacthuc::python {
namespace {

[[nodiscard]] std::string text_or(const nb::object& from, std::string_view argument) {
    if (from.is_none()) return {};
    if (!nb::isinstance<nb::str>(from)) throw argument_error{std::string{argument} + ": wanted a text"};
    return text_of(from);
}

[[nodiscard]] nb::tuple claim_names(claim_mask claims) {
    nb::list names;
    for_each_claim(claims, [&](claim kind) { names.append(python_text(to_string(kind))); });
    return nb::tuple{names};
}

// What a file of settings says, or all its faults.
template <class T>
[[nodiscard]] T settings(policy_result<T>&& from) {
    if (!from) throw library_error{failure_of_faults(from.error(), errc::settings_faults)};
    return *std::move(from);
}

[[nodiscard]] ledger_handle open_ledger_in(nb::handle folder, const nb::object& origin, const nb::object& key,
                                           const nb::object& witnesses) {
    const auto path = path_of(folder);
    const auto name = text_or(origin, "origin");
    std::optional<authority_key> secret;
    if (!key.is_none()) secret = take(authority_key::load(path_of(key)));
    std::optional<std::filesystem::path> watched;
    if (!witnesses.is_none()) watched = path_of(witnesses);
    const lock_released others_may_run;
    auto options = take(ledger_options_in(path, name, secret));
    if (watched) options.witnesses = settings(witness_policy::load(*watched));
    auto text = options.verifier.text();
    auto made = std::make_shared<open_ledger>(take(ledger::open(path, std::move(options))));
    made->folder = path;
    made->key = std::move(text);
    // Whether witnesses are fresh it says from the first publishing on.
    take(made->value.publish(now_unix_ms()));
    return {std::move(made)};
}

// Runs work(ledger) as its owner, while others may run Python.
template <class Work>
auto as_owner(const ledger_handle& self, Work work) {
    const lock_released others_may_run;
    return self.value->value.with(work);
}

[[nodiscard]] nb::list ask_witnesses(const ledger_handle& self) {
    const auto said = as_owner(self, [](ledger& on) { return take(on.ask_witnesses(now_unix_ms())); });
    nb::list told;
    for (const auto& each : said) told.append(python_text(each.message()));
    return told;
}

[[nodiscard]] nb::str receipt_of(const ledger_handle& self, nb::handle entry, nb::handle row) {
    const ledger_place place{whole_number(entry, "entry", 0, UINT64_MAX), whole_number(row, "row", 0, UINT64_MAX)};
    const auto made = as_owner(self, [&](ledger& on) { return take(on.receipt_for(place)).encode(); });
    return python_text(made);
}

[[nodiscard]] nb::dict verified_receipt(const nb::object& text, const nb::object& key) {
    if (!nb::isinstance<nb::str>(text) || !nb::isinstance<nb::str>(key))
        throw argument_error{"verify_receipt: wanted the receipt's text and the ledger's key"};
    const auto known = take(note_verifier::parse(text_of(key)));
    const auto shown = take(receipt::decode(text_of(text)));
    const auto head = take(verify_receipt(shown, known.name(), known));
    nb::dict told;
    told["id"] = python_text(personal_id::from_trusted(shown.row.id).to_string());
    told["time_unix_ms"] = shown.row.time_unix_ms;
    told["agency"] = shown.row.agency;
    told["procedure"] = shown.row.procedure;
    told["officer"] = shown.row.officer;
    told["claims"] = claim_names(shown.row.claims);
    told["verdict"] = verdict_object(shown.row.verdict(), ledger_place{shown.leaf_index, shown.row_index});
    told["entry"] = shown.leaf_index;
    told["row"] = shown.row_index;
    told["register_sequence"] = shown.leaf.register_sequence;
    told["origin"] = python_text(head.origin);
    told["entries"] = head.size;
    return told;
}

[[nodiscard]] ledger_table history_of(nb::handle folder, nb::handle id, bool is_inspector, const nb::object& rules) {
    if (!nb::isinstance<nb::str>(id)) throw argument_error{"id: wanted a text of 12 digits"};
    const auto who = personal_id::parse(text_of(id));
    if (!who) throw field_error{who.error(), "id"};
    const auto path = path_of(folder);
    std::optional<std::filesystem::path> shown;
    if (!rules.is_none()) shown = path_of(rules);
    const lock_released others_may_run;
    auto with = shown ? settings(history_rules::load(*shown)) : history_rules{};
    const auto histories = take(ledger_history::open(path, std::move(with)));
    const auto viewer = is_inspector ? history_viewer::inspector : history_viewer::holder;
    return ledger_table_of(take(histories.of(*who, viewer, now_unix_ms() / 1000)));
}

[[nodiscard]] ledger_table billed_rows_of(nb::handle folder, nb::handle from, nb::handle to) {
    const auto path = path_of(folder);
    const auto first = whole_number(from, "from_size", 0, UINT64_MAX);
    const auto end = whole_number(to, "to_size", first, UINT64_MAX);
    const lock_released others_may_run;
    std::vector<billed_row> rows;
    take(read_billed_rows(path, first, end, [&](const billed_row& one) { rows.push_back(one); }));
    return ledger_table_of(std::move(rows));
}

// The published checkpoint of a ledger in a folder, or one that somebody kept.
[[nodiscard]] checkpoint checkpoint_of(const std::string& note, const note_verifier& key) {
    return take(open_checkpoint(note, key.name(), key));
}

[[nodiscard]] nb::dict told(const bill& of) {
    nb::list lines;
    for (const auto& each : of.lines) {
        nb::dict line;
        line["tariff_from_unix_s"] = each.tariff_from_unix_s;
        line["agency"] = each.agency;
        line["procedure"] = each.procedure;
        line["class"] = python_text(to_string(each.what));
        line["answers"] = each.answers;
        line["claims"] = each.claims;
        line["per_claim"] = each.per_claim;
        line["exemption"] = python_text(each.exemption);
        line["amount"] = each.amount;
        lines.append(line);
    }
    nb::dict made;
    made["from_size"] = of.from.size;
    made["from_checkpoint"] = python_text(of.from.text());
    made["to_size"] = of.to.size;
    made["to_checkpoint"] = python_text(of.to.text());
    made["currency"] = python_text(of.currency);
    made["answers"] = of.answers;
    made["claims"] = of.claims;
    made["amount"] = of.amount;
    made["lines"] = lines;
    return made;
}

[[nodiscard]] nb::dict bill_of(const ledger_handle& self, const nb::list& tariffs, const nb::object& from,
                               const nb::object& to) {
    std::vector<std::filesystem::path> files;
    for (const auto one : tariffs) files.push_back(path_of(one));
    const auto from_text = text_or(from, "from_checkpoint");
    const auto to_text = text_or(to, "to_checkpoint");
    bill made;
    {
        const lock_released others_may_run;
        std::vector<tariff> rates;
        for (const auto& file : files) rates.push_back(settings(tariff::load(file)));
        auto counted = settings(metering::begin(std::move(rates)));
        const auto key = take(note_verifier::parse(self.value->key));
        const auto head = self.value->value.with([](const ledger& on) { return on.head(); });
        const auto first =
            from_text.empty() ? checkpoint{head.origin, 0, tree_root({}), {}} : checkpoint_of(from_text, key);
        const auto last = to_text.empty() ? head : checkpoint_of(to_text, key);
        if (first.size > last.size || last.size > head.size)
            throw argument_error{"bill: the checkpoints are not of one log, one before the other"};
        take(meter_entries(self.value->folder, first.size, last.size, counted));
        made = make_bill(counted, first, last);
    }
    return told(made);
}

void update_all(const ledger_handle& self) {
    const lock_released others_may_run;
    const std::lock_guard alone{self.value->sorting};
    const auto now = now_unix_ms();
    (void)self.value->value.with([&](ledger& on) { return take(on.seal(now)); });
    (void)take(update_histories(self.value->folder, now / 1000));
}

template <class Work>
auto ending_days(const ledger_handle& self, const nb::object& day, Work work) {
    if (!nb::isinstance<nb::str>(day)) throw argument_error{"wanted a day such as \"2026-11-28\""};
    const auto text = text_of(day);
    const lock_released others_may_run;
    const std::lock_guard alone{self.value->sorting};
    return self.value->value.with([&](ledger& on) { return work(on, text); });
}

void define_keeping(nb::class_<ledger_handle>& type) {
    type.def(
        "publish",
        [](const ledger_handle& self) {
            const lock_released others_may_run;
            take(self.value->value.publish(now_unix_ms()));
        },
        "Makes all that came durable and public. verify() does it by itself.");
    type.def(
        "close",
        [](const ledger_handle& self) {
            const lock_released others_may_run;
            take(self.value->value.close(now_unix_ms()));
        },
        "Publishes, and ends it: registers that leave rows in it answer no more. Its folder is free when they are gone "
        "as well.");
    type.def("ask_witnesses", &ask_witnesses, nb::sig("def ask_witnesses(self) -> list[str]"),
             "Asks the witnesses to cosign what is published, and says what was wrong with those that have not.");
    type.def("update_histories", &update_all,
             "Packs the hours that are over and sorts the days that are: once a day, after midnight in Vietnam.");
    type.def(
        "_forget",
        [](const ledger_handle& self, const nb::object& day) {
            ending_days(self, day, [](ledger& on, const std::string& text) { return take(on.forget(text)), 0; });
        },
        nb::arg("day"));
    type.def(
        "_prune",
        [](const ledger_handle& self, const nb::object& before) {
            return ending_days(self, before, [](ledger& on, const std::string& text) { return take(on.prune(text)); });
        },
        nb::arg("before"));
}

}  // namespace

std::shared_ptr<open_ledger> ledger_of(const nb::object& from) {
    if (has_attribute(from, "_native"))
        if (const auto native = attribute(from, "_native"); nb::isinstance<ledger_handle>(native))
            return nb::cast<const ledger_handle&>(native).value;
    throw argument_error{"ledger: wanted an xacthuc.Ledger"};
}

call_record call_record_of(const nb::object& ledger, const nb::object& officer) {
    call_record made;
    if (!ledger.is_none()) made.into = ledger_of(ledger);
    made.officer = whole_number(officer, "officer", 0, UINT64_MAX);
    return made;
}

void define_ledger(nb::module_& module) {
    define_ledger_table(module);
    nb::class_<ledger_handle> type{module, "LedgerHandle"};
    define_keeping(type);
    type.def("receipt", &receipt_of, nb::arg("entry"), nb::arg("row"));
    type.def("bill", &bill_of, nb::arg("tariffs"), nb::arg("from_checkpoint").none(), nb::arg("to_checkpoint").none());
    type.def_prop_ro("key", [](const ledger_handle& self) { return python_text(self.value->key); });
    type.def_prop_ro("entries", [](const ledger_handle& self) {
        return as_owner(self, [](const ledger& on) { return on.head().size; });
    });
    type.def_prop_ro("is_stopped", [](const ledger_handle& self) {
        return as_owner(self, [](const ledger& on) { return on.is_stopped(); });
    });
    type.def_prop_ro("is_witnessed", [](const ledger_handle& self) {
        return as_owner(self, [](const ledger& on) { return on.is_witnessed(now_unix_ms()); });
    });
    type.def_prop_ro("checkpoint", [](const ledger_handle& self) {
        const auto note = as_owner(self, [](const ledger& on) { return on.published().encode(); });
        return python_text(note);
    });
    module.def("open_ledger", &open_ledger_in, nb::arg("folder"), nb::arg("origin").none(), nb::arg("key").none(),
               nb::arg("witnesses").none());
    module.def("verify_receipt", &verified_receipt, nb::arg("text").none(), nb::arg("key").none());
    module.def("ledger_history", &history_of, nb::arg("folder"), nb::arg("id").none(), nb::arg("is_inspector"),
               nb::arg("rules").none());
    module.def("ledger_rows", &billed_rows_of, nb::arg("folder"), nb::arg("from_size").none(),
               nb::arg("to_size").none());
}

}  // namespace xacthuc::python
