// SPDX-License-Identifier: Apache-2.0
#include "answers.hpp"

#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <utility>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/verdict_counts.hpp>

#include "arrow_output.hpp"
#include "interpreter.hpp"
#include "one_request.hpp"
#include "pickling.hpp"
#include "presence.hpp"
#include "problems.hpp"
#include "python_text.hpp"
#include "verdict_columns.hpp"

namespace xacthuc::python {
namespace {

// Where rows of the ledger are: null for those that have none.
void add_places(const answer_data& data, std::uint64_t first, std::uint64_t count, output_batch& into) {
    std::vector<std::uint64_t> entries(count);
    std::vector<std::uint64_t> rows(count);
    std::vector<std::byte> validity((count + 7) / 8);
    std::int64_t known = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto place = data.place_of(first + i);
        if (!place) continue;
        entries[i] = place->entry;
        rows[i] = place->row;
        validity[i / 8] |= std::byte{1} << static_cast<unsigned>(i % 8);
        ++known;
    }
    for (const auto* values : {&entries, &rows}) {
        output_column column;
        const auto bytes = std::as_bytes(std::span{*values});
        column.values.assign(bytes.begin(), bytes.end());
        column.validity = validity;
        column.null_count = static_cast<std::int64_t>(count) - known;
        into.columns.push_back(std::move(column));
    }
}

[[nodiscard]] output_batch rows_of(const answer_data& data, std::uint64_t first, std::uint64_t count) {
    output_batch batch;
    batch.rows = static_cast<std::int64_t>(count);
    batch.columns = verdict_columns(data.verdicts.all().subspan(first, count), data.claims);
    if (!data.recorded.empty()) add_places(data, first, count, batch);
    return batch;
}

[[nodiscard]] std::shared_ptr<const output_table> table_of(const answers& from) {
    auto table = std::make_shared<output_table>();
    table->rows = from.data->verdicts.size();
    table->types = verdict_types(from.data->claims);
    if (!from.data->recorded.empty())
        for (const auto* name : {"ledger_entry", "ledger_row"}) table->types.push_back({name, "L", {}, true});
    table->rows_from = [data = from.data](std::uint64_t first, std::uint64_t count) {
        return rows_of(*data, first, count);
    };
    return table;
}

template <class T>
using array_view = nb::ndarray<nb::numpy, T, nb::ndim<1>>;

// A view of one part of each verdict, which keeps the answers alive.
template <class T>
[[nodiscard]] array_view<const T> view(nb::handle self, std::size_t part) {
    const auto verdicts = nb::cast<const answers&>(self).data->verdicts.all();
    static constexpr verdict nothing;
    const auto* const begin = reinterpret_cast<const T*>(verdicts.empty() ? &nothing : verdicts.data());
    return {begin + part, {verdicts.size()}, self, {static_cast<std::int64_t>(sizeof(verdict) / sizeof(T))}};
}

template <class T, class Value>
[[nodiscard]] array_view<T> copy(const answers& from, Value value) {
    const auto verdicts = from.data->verdicts.all();
    auto made = std::make_unique<T[]>(std::max<std::size_t>(verdicts.size(), 1));
    std::ranges::transform(verdicts, made.get(), value);
    const nb::capsule owner{made.get(), [](void* dying) noexcept { delete[] static_cast<T*>(dying); }};
    return {made.release(), {verdicts.size()}, owner};
}

[[nodiscard]] nb::tuple names_of(claim_mask claims) {
    nb::list names;
    for_each_claim(claims, [&](claim kind) { names.append(python_text(to_string(kind))); });
    return nb::tuple{names};
}

[[nodiscard]] verdict_counts counts_of(const answers& from) {
    verdict_counts counts;
    counts.add(from.data->verdicts.all());
    return counts;
}

// {code: rows}, in the order of the codes.
[[nodiscard]] nb::dict outcome_counts(const answers& from) {
    const auto counts = counts_of(from);
    nb::dict made;
    for (std::size_t code = 0; code < counts.by_outcome.size(); ++code)
        if (counts.by_outcome[code] != 0) made[nb::int_{code}] = counts.by_outcome[code];
    return made;
}

// {claim: (matched, mismatched, unavailable, not claimed)}
[[nodiscard]] nb::dict claim_counts_of(const answers& from) {
    const auto counts = counts_of(from);
    nb::dict made;
    for_each_claim(from.data->claims, [&](claim kind) {
        const auto& one = counts.by_claim[static_cast<std::size_t>(kind)];
        made[python_text(to_string(kind))] =
            nb::make_tuple(one.matched, one.mismatched, one.unavailable, counts.not_claimed(kind));
    });
    return made;
}

// {how names and dates compare: rows}
[[nodiscard]] nb::dict quality_counts(const answers& from) {
    const auto counts = counts_of(from);
    nb::dict made;
    for (const auto grade : {name_grade::exact, name_grade::folded, name_grade::marks_differ})
        made[python_text(to_string(grade))] = counts.by_name_grade[static_cast<std::size_t>(grade)];
    made["coarse"] = counts.coarse;
    made["claim_coarse"] = counts.claim_coarse;
    return made;
}

[[nodiscard]] nb::object verdict_at(const answers& from, std::int64_t position) {
    const auto verdicts = from.data->verdicts.all();
    const auto size = static_cast<std::int64_t>(verdicts.size());
    if (position < 0) position += size;
    if (position < 0 || position >= size) throw nb::index_error("there is no such row");
    return verdict_object(verdicts[static_cast<std::size_t>(position)],
                          from.data->place_of(static_cast<std::uint64_t>(position)));
}

// Found once, for looking it up takes as long as an answer; kept until the process ends. The interpreter lock guards
// it, and who comes in between finds the same.
[[nodiscard]] nb::handle verdict_class() {
    static PyObject* found = nullptr;
    if (found == nullptr) {
        auto made = from_module("xacthuc.verdict", "Verdict");
        if (found == nullptr) found = made.release().ptr();
    }
    return found;
}

// A property that is a view of the part-th number of this type of each verdict.
template <class T>
void define_view(nb::class_<answers>& type, const char* name, std::size_t part, const char* text) {
    type.def_prop_ro(
        name, [part](nb::handle self) { return view<T>(self, part); }, text, nb::rv_policy::automatic);
}

// A property that is a copy of what read() makes of each verdict.
template <class T, class Read>
void define_copy(nb::class_<answers>& type, const char* name, Read read, const char* text) {
    type.def_prop_ro(
        name,
        [read](const answers& self) {
            return copy<T>(self, [&](const verdict& one) { return static_cast<T>(read(one)); });
        },
        text, nb::rv_policy::automatic);
}

void define_arrays(nb::class_<answers>& type) {
    define_view<std::uint64_t>(
        type, "verdicts", 0,
        "The verdicts as they are, 64 bits each, without a copy: outcome in bits 0 to 9, name grade in 10 and 11, "
        "coarse "
        "in 12, claim_coarse in 13, matched from 16, mismatched from 32, unavailable from 48.");
    define_copy<std::uint16_t>(
        type, "outcome", std::mem_fn(&verdict::outcome),
        "The outcomes' codes: 0 verified, 1xx a claim does not match, 2xx state of the record, 600 malformed.");
    define_view<std::uint16_t>(type, "matched", 1,
                               "Masks of the claims that match, bit 0 the name and so on, without a copy.");
    define_view<std::uint16_t>(type, "mismatched", 2, "Masks of the claims that do not match, without a copy.");
    define_view<std::uint16_t>(type, "unavailable", 3,
                               "Masks of the claims that the register has no data for, without a copy.");
    define_copy<std::uint8_t>(
        type, "name_grade", std::mem_fn(&verdict::name_grade),
        "How the names compare: 0 not, 1 one of them has no diacritics, 2 exactly, 3 with other diacritics.");
    define_copy<bool>(type, "coarse", std::mem_fn(&verdict::coarse),
                      "Where a claimed birth date was finer than the register's and compared as the register has it.");
    define_copy<bool>(type, "claim_coarse", std::mem_fn(&verdict::claim_coarse),
                      "Where a claimed birth date left out a month or a day that the register knows.");
}

}  // namespace

std::optional<ledger_place> answer_data::place_of(std::uint64_t position) const noexcept {
    const auto after = std::ranges::upper_bound(recorded, position, {}, &recorded_rows::first);
    if (after == recorded.begin()) return std::nullopt;
    const auto& of = *std::prev(after);
    if (position - of.first >= of.rows) return std::nullopt;
    return ledger_place{of.place.entry, of.place.row + position - of.first};
}

nb::object verdict_object(const verdict& one, const std::optional<ledger_place>& place) {
    const auto number = [](bool is_there, std::uint64_t of) {
        return is_there ? nb::object{nb::int_{of}} : nb::none();
    };
    return call_python(verdict_class(), static_cast<unsigned>(one.outcome()), python_text(to_string(one.outcome())),
                       names_of(one.matched()), names_of(one.mismatched()), names_of(one.unavailable()),
                       python_text(grade_word(one.name_grade())), one.coarse(), one.claim_coarse(),
                       number(place.has_value(), place ? place->entry : 0),
                       number(place.has_value(), place ? place->row : 0));
}

void define_answers(nb::module_& module) {
    nb::class_<answers> type{module, "Answers",
                             "The verdicts of a table's rows, in their order. A table itself: pl.DataFrame(answers), "
                             "pa.table(answers) and DuckDB take it as it is."};
    define_display(type, "answers");
    define_travel(type, "answers");
    type.def(
        "values", [](const answers& self) { return values_of(self); },
        nb::sig("def values(self) -> tuple[bytes, tuple[tuple[int, int, int], ...], int, int, int]"),
        "All that is in them, as plain values: what a pickle has.");
    type.def("__len__", [](const answers& self) { return self.data->verdicts.size(); });
    type.def("__getitem__", &verdict_at, nb::arg("row"),
             nb::sig("def __getitem__(self, row: int, /) -> xacthuc.verdict.Verdict"));
    define_arrays(type);
    type.def_prop_ro(
        "claims", [](const answers& self) { return names_of(self.data->claims); },
        nb::sig("def claims(self) -> tuple[str, ...]"), "The claims that were asked about.");
    type.def_prop_ro(
        "sequence", [](const answers& self) { return self.data->as_of.sequence; },
        "The sequence number of the last change in the register that the answers are from.");
    type.def_prop_ro(
        "as_of_unix_ms", [](const answers& self) { return self.data->as_of.as_of_unix_ms; },
        "When that was, in milliseconds since 1970.");
    type.def(
        "problems",
        [](const answers& self, const nb::object& limit) { return problem_list_of(self.data->problems, limit); },
        nb::arg("limit").none() = 1000,
        nb::sig("def problems(self, limit: int = 1000) -> list[xacthuc.verdict.Problem]"),
        "Why rows are malformed: the first of them, in order.");
    type.def_prop_ro(
        "malformed", [](const answers& self) { return self.data->problems.size(); },
        "How many rows no request could be made of.");
    type.def("outcome_counts", &outcome_counts, nb::sig("def outcome_counts(self) -> dict[int, int]"),
             "How many rows had each outcome.");
    type.def("claim_counts", &claim_counts_of,
             nb::sig("def claim_counts(self) -> dict[str, tuple[int, int, int, int]]"),
             "For each claim, in how many rows it matched, did not, was unavailable, and was not claimed.");
    type.def("quality_counts", &quality_counts, nb::sig("def quality_counts(self) -> dict[str, int]"),
             "In how many rows the name compared as exact, folded and marks_differ, and the birth date as coarse and "
             "claim_coarse.");
    type.def(
        "summary",
        [](nb::handle self) { return call_python(attribute(from_module("xacthuc.summary", "Summary"), "of"), self); },
        nb::sig("def summary(self) -> xacthuc.summary.Summary"),
        "Outcome counts and rates, to print or to go on with.");
    type.def(
        "__arrow_c_schema__", [](const answers& self) { return schema_capsule(*table_of(self)); },
        nb::sig("def __arrow_c_schema__(self) -> object"));
    type.def(
        "__arrow_c_stream__", [](const answers& self, const nb::object&) { return stream_capsule(table_of(self)); },
        nb::arg("requested_schema") = nb::none(),
        nb::sig("def __arrow_c_stream__(self, requested_schema: object | None = None) -> object"));
}

}  // namespace xacthuc::python
