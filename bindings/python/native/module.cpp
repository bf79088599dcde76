// SPDX-License-Identifier: Apache-2.0
// The native module of the package xacthuc: what Python calls, and with which arguments.
#include <nanobind/nanobind.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>

#include <memory>
#include <string>
#include <utility>
#include <xacthuc/domain/province.hpp>

#include "answers.hpp"
#include "counts.hpp"
#include "errors.hpp"
#include "problems.hpp"
#include "python_text.hpp"
#include "register.hpp"
#include "signatures.hpp"
#include "snapshot_build.hpp"

namespace xacthuc::python {
namespace {

// A keyword for each field of a request, as nanobind wants them.
template <std::size_t>
using any_object = nb::object;

constexpr const char* verify_signature =
    "def verify(self, people: xacthuc.ArrowTable | Requests, *, id: xacthuc.Column = 'id', "
    "name: xacthuc.Column | None = None, name_exact: xacthuc.Column | None = None, "
    "birth_date: xacthuc.Column | None = None, sex: xacthuc.Column | None = None, life: xacthuc.Column | None = None, "
    "registration: xacthuc.Column | None = None, account_level: xacthuc.Column | None = None, "
    "account: xacthuc.Column | None = None, document: xacthuc.Column | None = None, "
    "province: xacthuc.Column | None = None, ward: xacthuc.Column | None = None, "
    "document_valid_on: xacthuc.Column | None = None, born_on_or_before: xacthuc.Column | None = None, "
    "account_level_at_least: xacthuc.Column | None = None, agency: xacthuc.Column | None = None, "
    "procedure: xacthuc.Column | None = None, require: str | list[str] | tuple[str, ...] | None = None, "
    "threads: int | None = None, progress: xacthuc.Progress = None) -> "
    "Answers";
constexpr const char* prepare_signature =
    "def prepare(self, people: xacthuc.ArrowTable, *, id: xacthuc.Column = 'id', "
    "name: xacthuc.Column | None = None, name_exact: xacthuc.Column | None = None, "
    "birth_date: xacthuc.Column | None = None, sex: xacthuc.Column | None = None, life: xacthuc.Column | None = None, "
    "registration: xacthuc.Column | None = None, account_level: xacthuc.Column | None = None, "
    "account: xacthuc.Column | None = None, document: xacthuc.Column | None = None, "
    "province: xacthuc.Column | None = None, ward: xacthuc.Column | None = None, "
    "document_valid_on: xacthuc.Column | None = None, born_on_or_before: xacthuc.Column | None = None, "
    "account_level_at_least: xacthuc.Column | None = None, agency: xacthuc.Column | None = None, "
    "procedure: xacthuc.Column | None = None, require: str | list[str] | tuple[str, ...] | None = None, "
    "threads: int | None = None, progress: xacthuc.Progress = None) -> "
    "Requests";

[[nodiscard]] bool names_columns(const request_arguments& fields) {
    for (std::size_t i = 1; i < fields.size(); ++i)
        if (!fields[i].is_none()) return true;
    return false;
}

[[nodiscard]] answers verify(const open_register& self, nb::handle people, const request_arguments& fields,
                             nb::handle require, working_threads& threads) {
    if (!nb::isinstance<prepared_requests>(people)) return {self.verify(people, fields, require, threads)};
    if (names_columns(fields) || !require.is_none())
        throw nb::type_error("prepared requests have their columns already");
    return {self.verify(nb::cast<const prepared_requests&>(people), threads)};
}

template <std::size_t... Field>
void define_register(nb::module_& module, std::index_sequence<Field...>) {
    const auto keyword = [](std::size_t field) {
        // The field's names are literals, and so end in a zero.
        return nb::arg(to_string(static_cast<request_field>(field + 1)).data()) = nb::none();
    };
    nb::class_<open_register> type{module, "Register", "A register, opened to be asked."};
    type.def(
        "verify",
        [](const open_register& self, nb::object people, nb::object id, any_object<Field>... fields, nb::object require,
           nb::object threads, nb::object progress) {
            working_threads working{threads, progress, "verify", people};
            return verify(self, people, {std::move(id), std::move(fields)...}, require, working);
        },
        nb::arg("people").none(), nb::kw_only(), nb::arg("id").none() = "id", keyword(Field)...,
        nb::arg("require") = nb::none(), nb::arg("threads") = nb::none(), nb::arg("progress") = nb::none(),
        nb::sig(verify_signature),
        "Answers every row of a table, or every request of prepared ones. What a row does not claim is not looked at; "
        "one "
        "without a claim that is in require is malformed.");
    type.def(
        "prepare",
        [](const open_register& self, nb::object people, nb::object id, any_object<Field>... fields, nb::object require,
           nb::object threads, nb::object progress) {
            working_threads working{threads, progress, "prepare", people};
            return self.prepare(people, {std::move(id), std::move(fields)...}, require, working);
        },
        nb::arg("people").none(), nb::kw_only(), nb::arg("id").none() = "id", keyword(Field)...,
        nb::arg("require") = nb::none(), nb::arg("threads") = nb::none(), nb::arg("progress") = nb::none(),
        nb::sig(prepare_signature),
        "Makes requests of a table's rows, to be asked of this register as often as wanted; require as in verify().");
    type.def(
        "count_by",
        [](const open_register& self, const nb::args& dimensions, std::uint64_t count_min, std::uint64_t round_to,
           nb::object threads, nb::object progress) {
            working_threads working{threads, progress, "count"};
            return count_by(self.index(), dimensions, count_min, round_to, working);
        },
        nb::arg("dimensions"), nb::kw_only(), nb::arg("count_min") = 10, nb::arg("round_to") = 5,
        nb::arg("threads") = nb::none(), nb::arg("progress") = nb::none(),
        nb::sig("def count_by(self, *dimensions: str, count_min: int = 10, round_to: int = 5, "
                "threads: int | None = None, progress: xacthuc.Progress = None) -> Counts"),
        "Counts citizens by province, ward, sex, age_band, life, registration, account_level, account or document. "
        "Counts "
        "below count_min are not told, all others rounded to multiples of round_to; see docs/python.md before changing "
        "either.");
    type.def(
        "refresh",
        [](open_register& self) {
            {
                const nb::gil_scoped_release others_may_run;
                self.refresh();
            }
            return self.index().as_of().sequence;
        },
        "Of a registry's directory: makes the changes that its writer has added since. Returns the sequence number "
        "that "
        "the register is at. Verification in other threads goes on.");
    type.def("__len__", [](const open_register& self) { return self.index().citizens(); });
    type.def_prop_ro(
        "citizens", [](const open_register& self) { return self.index().citizens(); }, "How many records it has.");
    type.def_prop_ro(
        "sequence", [](const open_register& self) { return self.index().as_of().sequence; },
        "The sequence number of the last change in it.");
    type.def_prop_ro(
        "as_of_unix_ms", [](const open_register& self) { return self.index().as_of().as_of_unix_ms; },
        "When that was, in milliseconds since 1970.");
    type.def_prop_ro(
        "memory_bytes", [](const open_register& self) { return self.index().memory_bytes(); }, "What it takes.");
}

void define_requests(nb::module_& module) {
    nb::class_<prepared_requests> type{module, "Requests", "Prepared requests, 32 bytes each, for one register."};
    type.def("__len__", [](const prepared_requests& self) { return self.requests.size(); });
    type.def_prop_ro(
        "malformed", [](const prepared_requests& self) { return self.problems.size(); },
        "How many rows no request could be made of.");
}

[[nodiscard]] std::unique_ptr<open_register> open(std::filesystem::path path, std::filesystem::path digest_key,
                                                  std::filesystem::path authority, bool map, std::string check,
                                                  nb::object threads, nb::object progress) {
    working_threads working{threads, progress, "open"};
    return open_register::open({std::move(path), std::move(digest_key), std::move(authority), map, std::move(check)},
                               working);
}

// Those of digest_key, authority_key and authority that are named.
[[nodiscard]] key_files files_of(const nb::dict& named) {
    key_files files;
    for (const auto& [name, path] : named) {
        const auto which = nb::cast<std::string>(name);
        auto& to = which == "digest_key"  ? files.digest_key
                   : which == "authority" ? files.authority_public
                                          : files.authority_key;
        to = nb::cast<std::filesystem::path>(path);
    }
    return files;
}

template <std::size_t... Field>
void define_build(nb::module_& module, std::index_sequence<Field...>) {
    const auto keyword = [](std::size_t field) {
        return nb::arg(to_string(static_cast<citizen_field>(field + 1)).data()) = nb::none();
    };
    nb::class_<build_report>{module, "BuildReport", "What became of a table of citizens."}
        .def_ro("rows", &build_report::rows)
        .def_ro("citizens", &build_report::citizens, "How many are in the snapshot.")
        .def_ro("replaced", &build_report::replaced, "Rows that a later one of the same id took the place of.")
        .def_ro("file_bytes", &build_report::file_bytes)
        .def_prop_ro(
            "rejected", [](const build_report& self) { return self.problems.size(); }, "Rows that are no citizens.")
        .def(
            "problems",
            [](const build_report& self, std::size_t limit) { return problem_list_of(self.problems, limit); },
            nb::arg("limit") = 1000, nb::sig("def problems(self, limit: int = 1000) -> list[xacthuc.verdict.Problem]"),
            "Why rows were left out: the first of them, in order.");
    module.def(
        "build",
        [](nb::object citizens, std::filesystem::path out, const nb::dict& keys, nb::object id,
           any_object<Field>... fields, std::uint64_t sequence, bool strict, nb::object threads, nb::object progress) {
            working_threads working{threads, progress, "build", citizens};
            const build_options how{std::move(out), files_of(keys), sequence, strict};
            return build_snapshot(citizens, {std::move(id), std::move(fields)...}, how, working);
        },
        nb::arg("citizens"), nb::arg("out"), nb::arg("keys"), nb::arg("id"), keyword(Field)..., nb::arg("sequence") = 1,
        nb::arg("strict") = true, nb::arg("threads") = nb::none(), nb::arg("progress") = nb::none());
}

[[nodiscard]] nb::str outcome_name(std::uint16_t code) {
    return python_text(to_string(static_cast<outcome>(code)));
}

[[nodiscard]] nb::dict province_names() {
    nb::dict names;
    for (const auto& one : provinces()) names[nb::int_{one.code}] = python_text(one.name);
    return names;
}

}  // namespace
}  // namespace xacthuc::python

NB_MODULE(_native, module) {  // NOLINT(performance-unnecessary-value-param): nanobind's own
    namespace python = xacthuc::python;
    python::translate_errors();
    python::define_requests(module);
    python::define_answers(module);
    python::define_counts(module);
    python::define_signatures(module);
    python::define_build(module, std::make_index_sequence<xacthuc::citizen_field_count - 1>{});
    python::define_register(module, std::make_index_sequence<xacthuc::request_field_count - 1>{});
    module.def("open", &python::open, python::nb::arg("path"), python::nb::arg("digest_key"),
               python::nb::arg("authority"), python::nb::arg("map"), python::nb::arg("check"),
               python::nb::arg("threads").none(), python::nb::arg("progress").none());
    module.def("province_names", &python::province_names);
    module.def("outcome_name", &python::outcome_name);
}
