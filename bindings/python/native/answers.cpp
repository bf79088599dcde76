// SPDX-License-Identifier: Apache-2.0
#include "answers.hpp"

#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <array>
#include <cstring>
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

namespace xacthuc::python {
namespace {

constexpr std::size_t outcome_codes = 1024;

// Every outcome that there is, and which of them a code is.
struct outcome_words {
    std::vector<std::string_view> words;
    std::array<std::int8_t, outcome_codes> position{};
};
[[nodiscard]] const outcome_words& known_outcomes() {
    static const auto made = [] {
        outcome_words all;
        const auto unknown = to_string(static_cast<outcome>(outcome_codes - 1));
        for (std::size_t code = 0; code < outcome_codes; ++code) {
            const auto word = to_string(static_cast<outcome>(code));
            if (word == unknown) continue;
            all.position[code] = static_cast<std::int8_t>(all.words.size());
            all.words.push_back(word);
        }
        return all;
    }();
    return made;
}

constexpr std::array<std::string_view, 4> grade_words{"none", "folded", "exact", "marks_differ"};
constexpr std::array<std::string_view, 4> claim_words{"matched", "mismatched", "unavailable", "not_claimed"};

template <class T, class Value>
[[nodiscard]] output_column plain(std::span<const verdict> verdicts, Value value) {
    output_column made;
    made.values.resize(verdicts.size() * sizeof(T));
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
        const T one = value(verdicts[i]);
        std::memcpy(made.values.data() + i * sizeof(T), &one, sizeof(T));
    }
    return made;
}

template <class Value>
[[nodiscard]] std::vector<std::byte> bits(std::span<const verdict> verdicts, Value value) {
    std::vector<std::byte> made((verdicts.size() + 7) / 8);
    for (std::size_t first = 0; first < verdicts.size(); first += 8) {
        unsigned byte = 0;
        for (std::size_t i = first; i < std::min(first + 8, verdicts.size()); ++i)
            byte |= static_cast<unsigned>(value(verdicts[i])) << (i - first);
        made[first / 8] = static_cast<std::byte>(byte);
    }
    return made;
}

// Whether a verdict says of any claim that it was made: it does not when there was no request.
[[nodiscard]] bool tells_claims(const verdict& of) noexcept {
    return (of.matched() | of.mismatched() | of.unavailable()) != 0;
}

// How the claim fared, by claim_words; null in the rows of which no request was made.
[[nodiscard]] output_column claim_column(std::span<const verdict> verdicts, claim kind) {
    const auto at = static_cast<unsigned>(kind);
    auto made = plain<std::int8_t>(verdicts, [at](const verdict& v) {
        const unsigned matched = v.matched() >> at & 1U;
        const unsigned mismatched = v.mismatched() >> at & 1U;
        const unsigned unavailable = v.unavailable() >> at & 1U;
        return static_cast<std::int8_t>(3U - 3U * matched - 2U * mismatched - unavailable);
    });
    made.validity = bits(verdicts, tells_claims);
    made.null_count = std::ranges::count_if(verdicts, [](const verdict& v) { return !tells_claims(v); });
    return made;
}

template <class Use>
void for_each_claim(claim_mask claims, Use use) {
    for (unsigned kind = 0; kind < claim_count; ++kind)
        if ((claims >> kind & 1U) != 0) use(static_cast<claim>(kind));
}

[[nodiscard]] output_batch rows_of(const answer_data& data, std::uint64_t first, std::uint64_t count) {
    const auto verdicts = data.verdicts.all().subspan(first, count);
    output_batch batch;
    batch.rows = static_cast<std::int64_t>(count);
    auto& to = batch.columns;
    const auto code_of = [](const verdict& v) { return static_cast<std::uint16_t>(v.outcome()); };
    to.push_back(plain<std::uint16_t>(verdicts, code_of));
    const auto& position = known_outcomes().position;
    to.push_back(plain<std::int8_t>(verdicts, [&](const verdict& v) { return position[code_of(v)]; }));
    to.push_back(plain<std::uint16_t>(verdicts, [](const verdict& v) { return v.matched(); }));
    to.push_back(plain<std::uint16_t>(verdicts, [](const verdict& v) { return v.mismatched(); }));
    to.push_back(plain<std::uint16_t>(verdicts, [](const verdict& v) { return v.unavailable(); }));
    to.push_back(
        plain<std::int8_t>(verdicts, [](const verdict& v) { return static_cast<std::int8_t>(v.name_grade()); }));
    auto& coarse = to.emplace_back();
    coarse.values = bits(verdicts, [](const verdict& v) { return v.coarse(); });
    auto& claim_coarse = to.emplace_back();
    claim_coarse.values = bits(verdicts, [](const verdict& v) { return v.claim_coarse(); });
    for_each_claim(data.claims, [&](claim kind) { to.push_back(claim_column(verdicts, kind)); });
    return batch;
}

[[nodiscard]] std::shared_ptr<const output_table> table_of(const answers& from) {
    auto table = std::make_shared<output_table>();
    table->rows = from.data->verdicts.size();
    table->types = {
        {"outcome", "S", {}, false},     {"meaning", "c", known_outcomes().words, false},
        {"matched", "S", {}, false},     {"mismatched", "S", {}, false},
        {"unavailable", "S", {}, false}, {"name_grade", "c", {grade_words.begin(), grade_words.end()}, false},
        {"coarse", "b", {}, false},      {"claim_coarse", "b", {}, false}};
    for_each_claim(from.data->claims, [&](claim kind) {
        table->types.push_back({std::string{to_string(kind)}, "c", {claim_words.begin(), claim_words.end()}, true});
    });
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
    return verdict_object(verdicts[static_cast<std::size_t>(position)]);
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

nb::object verdict_object(const verdict& one) {
    return call_python(verdict_class(), static_cast<unsigned>(one.outcome()), python_text(to_string(one.outcome())),
                       names_of(one.matched()), names_of(one.mismatched()), names_of(one.unavailable()),
                       python_text(grade_words.at(static_cast<std::size_t>(one.name_grade()))), one.coarse(),
                       one.claim_coarse());
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
