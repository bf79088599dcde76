// SPDX-License-Identifier: Apache-2.0
// The native module of the package xacthuc: what Python calls, and with which arguments.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <xacthuc/domain/province.hpp>

#include "answers.hpp"
#include "arguments.hpp"
#include "column_choice.hpp"
#include "counts.hpp"
#include "errors.hpp"
#include "interpreter.hpp"
#include "ledger.hpp"
#include "one_request.hpp"
#include "pickling.hpp"
#include "policy.hpp"
#include "presence.hpp"
#include "problems.hpp"
#include "python_text.hpp"
#include "register.hpp"
#include "request_columns.hpp"
#include "signatures.hpp"
#include "signing_keys.hpp"
#include "snapshot_build.hpp"
#ifdef XACTHUC_WITH_CLUSTER
#include "cluster.hpp"
#endif

namespace xacthuc::python {
namespace {

// A keyword for each field of a request, as nanobind wants them.
template <std::size_t>
using any_object = nb::object;

#define XACTHUC_REQUEST_KEYWORDS                                                                              \
    "id: xacthuc.Column | None = None, "                                                                      \
    "name: xacthuc.Column | None = None, name_exact: xacthuc.Column | None = None, "                          \
    "birth_date: xacthuc.Column | None = None, sex: xacthuc.Column | None = None, "                           \
    "life: xacthuc.Column | None = None, registration: xacthuc.Column | None = None, "                        \
    "account_level: xacthuc.Column | None = None, account: xacthuc.Column | None = None, "                    \
    "document: xacthuc.Column | None = None, province: xacthuc.Column | None = None, "                        \
    "ward: xacthuc.Column | None = None, document_valid_on: xacthuc.Column | None = None, "                   \
    "born_on_or_before: xacthuc.Column | None = None, account_level_at_least: xacthuc.Column | None = None, " \
    "agency: xacthuc.Column | None = None, procedure: xacthuc.Column | None = None, "                         \
    "ignore: xacthuc.Ignore = (), require: str | list[str] | tuple[str, ...] | None = None, "                 \
    "threads: int | None = None, progress: xacthuc.Progress = None"
#define XACTHUC_RECORD_KEYWORDS "ledger: xacthuc.Ledger | None = None, officer: int = 0"
constexpr const char* verify_signature =
    "def verify(self, people: xacthuc.ArrowTable | Requests, *, " XACTHUC_REQUEST_KEYWORDS ", " XACTHUC_RECORD_KEYWORDS
    ") -> Answers";
constexpr const char* prepare_signature =
    "def prepare(self, people: xacthuc.ArrowTable, *, " XACTHUC_REQUEST_KEYWORDS ") -> Requests";
constexpr const char* verify_one_signature =
    "def verify_one(self, *, id: xacthuc.Value | None = None, "
    "name: xacthuc.Value | None = None, name_exact: xacthuc.Value | None = None, "
    "birth_date: xacthuc.Value | None = None, sex: xacthuc.Value | None = None, "
    "life: xacthuc.Value | None = None, registration: xacthuc.Value | None = None, "
    "account_level: xacthuc.Value | None = None, account: xacthuc.Value | None = None, "
    "document: xacthuc.Value | None = None, province: xacthuc.Value | None = None, "
    "ward: xacthuc.Value | None = None, document_valid_on: xacthuc.Value | None = None, "
    "born_on_or_before: xacthuc.Value | None = None, account_level_at_least: xacthuc.Value | None = None, "
    "agency: xacthuc.Value | None = None, procedure: xacthuc.Value | None = None, "
    "require: str | list[str] | tuple[str, ...] | None = None, " XACTHUC_RECORD_KEYWORDS ") -> xacthuc.verdict.Verdict";
constexpr const char* verify_one_keywords =
    "id, name, name_exact, birth_date, sex, life, registration, account_level, account, document, province, ward, "
    "document_valid_on, born_on_or_before, account_level_at_least, agency, procedure, require, ledger, officer";
constexpr const char* verify_one_text =
    R"(Answers one request: register.verify_one(id="001199000001", name="Nguyễn Thị Hòa").

The fields are those of verify(), and each is what is claimed itself: a text, a whole number or a date. None is not
claimed. Raises InputError where a value is none, with its field in `field`; a table's row would be malformed.)";
constexpr const char* request_keywords =
    "people, id, name, name_exact, birth_date, sex, life, registration, account_level, account, document, province, "
    "ward, "
    "document_valid_on, born_on_or_before, account_level_at_least, agency, procedure, ignore, require, threads, "
    "progress, ledger, officer";
constexpr const char* verify_text =
    R"(Answers every row of a table, or every request of prepared ones.

people: a table (pyarrow, Polars, DuckDB, pandas 2.2 or later, anything with the Arrow PyCapsule interface), or what
    prepare() made; of that no other keyword but threads, progress, ledger and officer goes.
id, name, birth_date, …: where each field is: the heading of a column; or a number, a datetime.date or
    xacthuc.literal(…), which every row then claims. Columns that no keyword names are known by their headings, in
    English or Vietnamese, with or without diacritics: "Số CCCD", "ho_ten", "NGÀY SINH".
    id: 12 digits. name: with or without diacritics. name_exact: every diacritic has to be right. birth_date: a date, a
    month or a year. sex: male, female, other; nam, nữ, khác; m, f, x. life: alive, deceased, missing. registration:
    active, suspended, cancelled. account_level, account_level_at_least: none, level_1, level_2. account: active,
    locked, revoked. document: none, valid, lost, damaged, replaced, revoked, held. province, ward: codes of residence.
    document_valid_on, born_on_or_before: a day. agency, procedure: 0 to 65535.
ignore: headings of columns to leave out; or True, for all that no keyword names but the id's. Any other column that
    is not used is an error.
threads: 1 to 1024; None for as many as there are processors.
progress: True for a bar, or what is called with the number of rows done.

require: names of claims, such as ["name", "birth_date"]; a row that does not make one of them is no request.

ledger: where each answer leaves a row before it is given; the answers then have columns ledger_entry and ledger_row.
officer: who at the agency asks, by a number of the agency's own.

A null or an empty text is not claimed, and what is not claimed is not looked at. A row that is no request gets outcome
600.)";
constexpr const char* prepare_text =
    R"(Makes requests of a table's rows, to be asked of this register as often as wanted.

The arguments are those of verify(), but for ledger and officer.)";

[[nodiscard]] bool names_columns(const request_arguments& given) {
    const bool ignores = !given.ignore.is_none() && !given.ignore.is(Py_False) &&
                         !(nb::isinstance<nb::tuple>(given.ignore) && nb::len(given.ignore) == 0);
    return ignores || !given.require.is_none() ||
           std::ranges::any_of(given.fields, [](const nb::object& one) { return !one.is_none(); });
}

[[nodiscard]] answers verify(const open_register& self, nb::handle people, const request_arguments& fields,
                             const call_record& how, working_threads& threads) {
    if (!nb::isinstance<prepared_requests>(people)) return {self.verify(people, fields, how, threads)};
    if (names_columns(fields)) throw argument_error{"prepared requests have their columns already"};
    return {self.verify(nb::cast<const prepared_requests&>(people), how, threads)};
}

[[nodiscard]] std::unique_ptr<prepared_requests> prepare(const open_register& self, nb::handle people,
                                                         const request_arguments& fields, const call_record& how,
                                                         working_threads& threads) {
    if (how.into || how.officer != 0) throw argument_error{"prepare: ledger and officer go with verify()"};
    return self.prepare(people, fields, threads);
}

[[nodiscard]] nb::object path_text(const std::filesystem::path& path) {
    return taken(PyUnicode_DecodeFSDefaultAndSize(path.c_str(), static_cast<Py_ssize_t>(path.native().size())));
}

[[nodiscard]] nb::bytes path_bytes(const std::filesystem::path& path) {
    return nb::bytes{path.c_str(), path.native().size()};
}

[[nodiscard]] auto request_keyword(std::size_t field) {
    // The field's names are literals, and so end in a zero.
    return nb::arg(to_string(static_cast<request_field>(field + 1)).data()) = nb::none();
}

// A method that is asked with a table of people and the columns of the fields.
template <class Asked, class Ask, std::size_t... Field>
void define_asking(nb::class_<Asked>& type, std::index_sequence<Field...>, const char* name, const char* signature,
                   const char* text, Ask ask) {
    type.def(
        name,
        [name, ask](const Asked& self, nb::object people, nb::object id, any_object<Field>... fields, nb::object ignore,
                    nb::object require, nb::object threads, nb::object progress, const nb::object& ledger,
                    const nb::object& officer, const nb::kwargs& others) {
            refuse_others(others, name, request_keywords);
            working_threads working{threads, progress, name, people};
            return ask(self, people, {{std::move(id), std::move(fields)...}, std::move(ignore), std::move(require)},
                       call_record_of(ledger, officer), working);
        },
        nb::arg("people") = nb::none(), nb::kw_only(), nb::arg("id") = nb::none(), request_keyword(Field)...,
        nb::arg("ignore") = nb::tuple(), nb::arg("require") = nb::none(), nb::arg("threads") = nb::none(),
        nb::arg("progress") = nb::none(), nb::arg("ledger") = nb::none(), nb::arg("officer").none() = 0,
        nb::arg("others"), nb::sig(signature), text);
}

template <std::size_t... Field>
void define_register(nb::module_& module, std::index_sequence<Field...> of_fields) {
    nb::class_<open_register> type{module, "Register",
                                   "A register, opened to be asked. Pickled, it is a path: another process opens it "
                                   "again, and its keys have to be there too."};
    define_asking(type, of_fields, "verify", verify_signature, verify_text, &verify);
    type.def(
        "verify_one",
        [](const open_register& self, nb::object id, any_object<Field>... fields, const nb::object& require,
           const nb::object& ledger, const nb::object& officer, const nb::kwargs& others) {
            refuse_others(others, "verify_one", verify_one_keywords);
            return answer_one(self, {std::move(id), std::move(fields)...}, require, call_record_of(ledger, officer));
        },
        nb::kw_only(), nb::arg("id") = nb::none(), request_keyword(Field)..., nb::arg("require") = nb::none(),
        nb::arg("ledger") = nb::none(), nb::arg("officer").none() = 0, nb::arg("others"), nb::sig(verify_one_signature),
        verify_one_text);
    define_asking(type, of_fields, "prepare", prepare_signature, prepare_text, &prepare);
    type.def(
        "count_by",
        [](const open_register& self, const nb::args& dimensions, const nb::object& count_min,
           const nb::object& round_to, const nb::object& threads, const nb::object& progress,
           const nb::kwargs& others) {
            refuse_others(others, "count_by", "names of dimensions, count_min, round_to, threads, progress");
            working_threads working{threads, progress, "count"};
            return count_by(self.index(), dimensions, whole_number(count_min, "count_min", 0, UINT64_MAX),
                            whole_number(round_to, "round_to", 0, UINT64_MAX), working);
        },
        nb::arg("dimensions"), nb::kw_only(), nb::arg("count_min").none() = 10, nb::arg("round_to").none() = 5,
        nb::arg("threads") = nb::none(), nb::arg("progress") = nb::none(), nb::arg("others"),
        nb::sig("def count_by(self, *dimensions: str, count_min: int = 10, round_to: int = 5, "
                "threads: int | None = None, progress: xacthuc.Progress = None) -> Counts"),
        R"(Counts citizens.

dimensions: one or more of province, ward, sex, age_band, life, registration, account_level, account, document.
count_min, round_to: whole numbers from 1 on. Counts below count_min are not told, all others rounded to multiples of
    round_to; see docs/python.md before changing either.
threads, progress: as verify() has them.)");
    type.def(
        "refresh",
        [](open_register& self) {
            {
                const lock_released others_may_run;
                self.refresh();
            }
            return self.index().as_of().sequence;
        },
        "Of a registry's directory: makes the changes that its writer has added since. Returns the sequence number "
        "that the register is at. Verification in other threads goes on.");
    type.def("set_policy", &open_register::set_policy, nb::arg("policy"),
             "From now on calls are judged by this policy; those that have begun end with the one that they began "
             "with.");
    type.def("set_guards", &open_register::set_guards, nb::arg("guards"),
             "From now on these guards watch what is answered, until the register is gone.");
    type.def(
        "set_ledger", [](open_register& self, const nb::object& with) { self.set_ledger(ledger_of(with)); },
        nb::arg("ledger"), nb::sig("def set_ledger(self, ledger: xacthuc.Ledger) -> None"),
        "From now on each answer leaves a row in this ledger before it is given, until the register is gone.");
    type.def_prop_ro(
        "agency", [](const open_register& self) { return self.opened_from().asking.agency; },
        "The agency that is asked for; 0 where requests say who asks.");
    type.def_prop_ro(
        "path", [](const open_register& self) { return path_text(self.opened_from().path); },
        "Where it was opened from.", nb::sig("def path(self) -> str"));
    type.def(
        "opened_from",
        [](const open_register& self) {
            const auto& from = self.opened_from();
            const auto asking = self.asking();
            if (asking.watch || asking.rows)
                throw argument_error{
                    "a register with guards or a ledger stays in its process, which has their folders"};
            return nb::make_tuple(path_bytes(from.path), path_bytes(from.digest_key), path_bytes(from.authority),
                                  from.map, python_text(from.check), path_bytes(from.mark), from.at_least,
                                  asking.table ? nb::object{path_bytes(asking.from.path)} : nb::none(),
                                  python_text(asking.from.root), asking.agency);
        },
        nb::sig("def opened_from(self) -> tuple[bytes, bytes, bytes, bool, str, bytes, int, bytes | None, str, int]"),
        "Its path, those of its keys, and how it was opened: what a copy in another process is opened from.");
    define_display(type, "register");
    define_travel(type, "register");
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

#ifdef XACTHUC_WITH_CLUSTER
constexpr const char* cluster_verify_signature =
    "def verify(self, people: xacthuc.ArrowTable | Requests, *, " XACTHUC_REQUEST_KEYWORDS ") -> Answers";
constexpr const char* cluster_verify_text =
    R"(Answers every row of a table, or every request of prepared ones, from whatever nodes have the citizens.

The arguments are those of Register.verify(), but for ledger and officer. A row that no node answered in time has outcome 903,
elsewhere, and `failures` says which nodes failed and why.)";

[[nodiscard]] answers ask_cluster(const open_cluster& self, nb::handle people, const request_arguments& fields,
                                  const call_record& how, working_threads& threads) {
    if (how.into || how.officer != 0) throw argument_error{"verify: a cluster has no ledger"};
    if (!nb::isinstance<prepared_requests>(people)) return {self.verify(people, fields, threads)};
    if (names_columns(fields)) throw argument_error{"prepared requests have their columns already"};
    return {self.verify(nb::cast<const prepared_requests&>(people), threads)};
}

void define_cluster(nb::module_& module) {
    nb::class_<open_cluster> type{module, "Cluster",
                                  "A register in a Redis or Valkey cluster: see xacthuc.cluster.open()."};
    define_asking(type, std::make_index_sequence<request_field_count - 1>{}, "verify", cluster_verify_signature,
                  cluster_verify_text, &ask_cluster);
    type.def_prop_ro(
        "failures",
        [](const open_cluster& self) {
            nb::list all;
            for (const auto& one : self.failures()) all.append(python_text(one));
            return nb::tuple{all};
        },
        nb::sig("def failures(self) -> tuple[str, ...]"), "Which nodes failed in the last call, and why.");
    module.def(
        "open_cluster",
        [](nb::handle nodes, nb::handle digest_key, nb::handle user, nb::handle password,
           const nb::object& timeout_ms) {
            cluster::cluster_options how;
            how.user = text_of(user);
            how.password = text_of(password);
            how.timeout = std::chrono::milliseconds{whole_number(timeout_ms, "timeout", 1, 3'600'000)};
            return std::make_unique<open_cluster>(text_of(nodes), path_of(digest_key), std::move(how));
        },
        nb::arg("nodes"), nb::arg("digest_key"), nb::arg("user"), nb::arg("password"), nb::arg("timeout_ms"));
}
#endif

void define_requests(nb::module_& module) {
    nb::class_<prepared_requests> type{module, "Requests",
                                       "Prepared requests, 32 bytes each, for one register. They have people's numbers "
                                       "in them and cannot be pickled."};
    define_text(type, "requests");
    type.def("__len__", [](const prepared_requests& self) { return self.requests.size(); });
    type.def_prop_ro(
        "malformed", [](const prepared_requests& self) { return self.problems.size(); },
        "How many rows no request could be made of.");
}

[[nodiscard]] std::unique_ptr<open_register> open(nb::handle path, nb::handle digest_key, nb::handle authority,
                                                  const nb::object& map, const nb::object& check, nb::handle mark,
                                                  const nb::object& at_least, const nb::object& policy,
                                                  const nb::object& agency, const nb::object& threads,
                                                  const nb::object& progress) {
    working_threads working{threads, progress, "open"};
    const auto word = nb::isinstance<nb::str>(check) ? text_of(check) : std::string{};
    asking_side asking;
    asking.agency = static_cast<std::uint16_t>(agency.is_none() ? 0 : whole_number(agency, "agency", 1, UINT16_MAX));
    if (nb::isinstance<open_policy>(policy)) {
        const auto& given = nb::cast<const open_policy&>(policy);
        asking.table = given.value.table;
        asking.from = given.from;
    }
    return open_register::open({path_of(path), path_of(digest_key), path_of(authority), true_or_false(map, "map"), word,
                                path_of(mark), whole_number(at_least, "at_least", 0, UINT64_MAX), asking},
                               working);
}

// Those of digest_key, authority_key and authority that are named.
[[nodiscard]] key_files files_of(const nb::dict& named) {
    key_files files;
    for (const auto& [name, path] : named) {
        const auto which = text_of(name);
        auto& to = which == "digest_key"  ? files.digest_key
                   : which == "authority" ? files.authority_public
                                          : files.authority_key;
        to = path_of(path);
    }
    return files;
}

template <std::size_t... Field>
void define_build(nb::module_& module, std::index_sequence<Field...>) {
    const auto keyword = [](std::size_t field) {
        return nb::arg(to_string(static_cast<citizen_field>(field + 1)).data()) = nb::none();
    };
    nb::class_<build_report> report{module, "BuildReport", "What became of a table of citizens."};
    define_text(report, "report");
    report.def_ro("rows", &build_report::rows)
        .def_ro("citizens", &build_report::citizens, "How many are in the snapshot.")
        .def_ro("replaced", &build_report::replaced, "Rows that a later one of the same id took the place of.")
        .def_ro("file_bytes", &build_report::file_bytes)
        .def_prop_ro(
            "rejected", [](const build_report& self) { return self.problems.size(); }, "Rows that are no citizens.")
        .def(
            "problems",
            [](const build_report& self, const nb::object& limit) { return problem_list_of(self.problems, limit); },
            nb::arg("limit").none() = 1000,
            nb::sig("def problems(self, limit: int = 1000) -> list[xacthuc.verdict.Problem]"),
            "Why rows were left out: the first of them, in order.");
    module.def(
        "build",
        [](nb::object citizens, nb::handle out, const nb::dict& keys, nb::object id, any_object<Field>... fields,
           nb::object ignore, nb::object sequence, nb::object strict, nb::object threads, nb::object progress) {
            working_threads working{threads, progress, "build", citizens};
            const build_options how{path_of(out), files_of(keys), whole_number(sequence, "sequence", 0, UINT64_MAX),
                                    true_or_false(strict, "strict")};
            return build_snapshot(citizens, {{std::move(id), std::move(fields)...}, std::move(ignore)}, how, working);
        },
        nb::arg("citizens").none(), nb::arg("out"), nb::arg("keys"), nb::arg("id").none(), keyword(Field)...,
        nb::arg("ignore").none() = nb::tuple(), nb::arg("sequence").none() = 1, nb::arg("strict").none() = true,
        nb::arg("threads") = nb::none(), nb::arg("progress") = nb::none());
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
    // Threads that are in a call when Python ends keep what they have.
    python::nb::set_leak_warnings(false);
    python::count_no_threads_in_children();
    module.def("ending_begins", &python::ending_begins);
    python::translate_errors();
    python::define_policy(module);
    python::define_guards(module);
    python::define_ledger(module);
    python::define_request_plan(module);
    python::define_requests(module);
    python::define_answers(module);
    python::define_counts(module);
    python::define_pickling(module);
    python::define_signatures(module);
    python::define_signing_keys(module);
    python::define_build(module, std::make_index_sequence<xacthuc::citizen_field_count - 1>{});
    python::define_register(module, std::make_index_sequence<xacthuc::request_field_count - 1>{});
#ifdef XACTHUC_WITH_CLUSTER
    python::define_cluster(module);
#endif
    module.def("open", &python::open, python::nb::arg("path"), python::nb::arg("digest_key"),
               python::nb::arg("authority"), python::nb::arg("map").none(), python::nb::arg("check").none(),
               python::nb::arg("mark"), python::nb::arg("at_least").none(), python::nb::arg("policy").none(),
               python::nb::arg("agency").none(), python::nb::arg("threads").none(), python::nb::arg("progress").none());
    module.def("province_names", &python::province_names);
    module.def("outcome_name", &python::outcome_name);
}
