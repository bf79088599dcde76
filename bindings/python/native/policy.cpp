// SPDX-License-Identifier: Apache-2.0
#include "policy.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>
#include <xacthuc/policy/policy_text.hpp>

#include "arguments.hpp"
#include "column_choice.hpp"
#include "errors.hpp"
#include "interpreter.hpp"
#include "presence.hpp"
#include "python_text.hpp"
#include "wall_clock.hpp"

namespace xacthuc::python {
namespace {

// Of a datetime.date, or None for the clock's.
[[nodiscard]] std::uint16_t day_of(nb::handle day, std::string_view argument) {
    if (day.is_none()) return policy_day_of(now_unix_ms());
    if (!has_attribute(day, "toordinal")) throw argument_error{std::string{argument} + ": wanted a date"};
    constexpr std::int64_t ordinal_of_2000 = 730'120;
    const auto ordinal =
        static_cast<std::int64_t>(whole_number(call_python(attribute(day, "toordinal")), argument, 1, 10'000'000));
    return static_cast<std::uint16_t>(
        std::clamp<std::int64_t>(ordinal - ordinal_of_2000, first_policy_day, last_policy_day));
}

[[nodiscard]] std::string name_or_number(nb::handle from, std::string_view argument) {
    if (nb::isinstance<nb::str>(from)) return text_of(from);
    return std::to_string(whole_number(from, argument, 0, UINT16_MAX));
}

// A number as it is, and the number of a name.
[[nodiscard]] std::uint16_t number_of(nb::handle from, std::span<const numbered_name> all, std::string_view argument) {
    if (!nb::isinstance<nb::str>(from)) return static_cast<std::uint16_t>(whole_number(from, argument, 0, UINT16_MAX));
    const auto name = text_of(from);
    const auto found = std::ranges::find(all, name, &numbered_name::name);
    if (found == all.end()) throw library_error{make_error_code(errc::not_in_policy), name};
    return found->number;
}

// The bits of words, each of which parse() has one for.
template <class Parse>
[[nodiscard]] unsigned mask_of_words(nb::handle words, std::string_view argument, const Parse& parse) {
    unsigned mask = 0;
    if (nb::isinstance<nb::str>(words) || !has_attribute(words, "__iter__"))
        throw argument_error{std::string{argument} + ": wanted a list of names"};
    for (const auto one : words) {
        const auto bit = nb::isinstance<nb::str>(one) ? parse(text_of(one)) : 0U;
        if (bit == 0) throw argument_error{std::string{argument} + ": there is none of this name"};
        mask |= bit;
    }
    return mask;
}

[[nodiscard]] unsigned claim_bit(std::string_view word) {
    const auto kind = parse_claim(word);
    return kind ? unsigned{mask_of(*kind)} : 0U;
}

[[nodiscard]] unsigned proof_bit(std::string_view word) {
    return word == "agency" ? agency_proved : word == "holder" ? holder_proved : 0U;
}

[[nodiscard]] account_level level_of(nb::handle from) {
    if (from.is_none()) return account_level::unknown;
    constexpr std::array<std::string_view, 3> words{"none", "level_1", "level_2"};
    const auto found = nb::isinstance<nb::str>(from) ? std::ranges::find(words, text_of(from)) : words.end();
    if (found == words.end()) throw argument_error{"level: wanted 'none', 'level_1' or 'level_2'"};
    return static_cast<account_level>(found - words.begin() + 1);
}

[[nodiscard]] loaded_policy load(const policy_origin& from, std::uint16_t today) {
    policy_source source{.path = from.path, .today = today};
    if (!from.root.empty()) {
        auto root = note_verifier::parse(from.root);
        if (!root) throw library_error{root.error(), "root"};
        source.root = *std::move(root);
    }
    const lock_released others_may_run;
    return take(load_policy(source));
}

[[nodiscard]] std::unique_ptr<open_policy> load_from(nb::handle path, nb::handle root, nb::handle is_unsigned,
                                                     nb::handle today) {
    auto made = std::make_unique<open_policy>();
    made->from.path = path_of(path);
    const bool needs_none = true_or_false(is_unsigned, "unsigned") || is_compiled_policy(made->from.path);
    if (!root.is_none()) made->from.root = text_of(root);
    if (made->from.root.empty() != needs_none)
        throw argument_error{"say whose signature the national framework has to have (root), or unsigned=True"};
    made->value = load(made->from, day_of(today, "today"));
    return made;
}

// Packed questions, 10 bytes each: agency, procedure, claims, 16 bits each; proofs, level, 8; day, 16.
[[nodiscard]] nb::bytes decide_packed(const open_policy& self, const nb::bytes& questions) {
    constexpr std::size_t bytes_each = 10;
    if (questions.size() % bytes_each != 0) throw argument_error{"questions: wanted 10 bytes each"};
    std::vector<std::uint16_t> outcomes(questions.size() / bytes_each);
    const auto* from = static_cast<const unsigned char*>(questions.data());
    const auto& table = *self.value.table;
    for (auto& each : outcomes) {
        std::array<std::uint16_t, bytes_each / 2> words;
        std::memcpy(words.data(), from, bytes_each);
        from += bytes_each;
        each = static_cast<std::uint16_t>(decide(table, {.agency = words[0],
                                                         .procedure = words[1],
                                                         .claims = words[2],
                                                         .proofs = static_cast<proof_mask>(words[3] & 3U),
                                                         .level = static_cast<account_level>(words[3] >> 8U & 3U),
                                                         .day = words[4]}));
    }
    return nb::bytes{reinterpret_cast<const char*>(outcomes.data()), outcomes.size() * sizeof outcomes[0]};
}

[[nodiscard]] nb::str decide_one(const open_policy& self, nb::handle agency, nb::handle procedure, nb::handle claims,
                                 nb::handle proofs, nb::handle day, nb::handle level) {
    const auto& table = *self.value.table;
    return python_text(
        to_string(decide(table, {.agency = number_of(agency, table.agencies(), "agency"),
                                 .procedure = number_of(procedure, table.procedures(), "procedure"),
                                 .claims = static_cast<claim_mask>(mask_of_words(claims, "claims", claim_bit)),
                                 .proofs = static_cast<proof_mask>(mask_of_words(proofs, "proofs", proof_bit)),
                                 .level = level_of(level),
                                 .day = day_of(day, "day")})));
}

[[nodiscard]] nb::str explain_one(const open_policy& self, nb::handle agency, nb::handle procedure, nb::handle lang) {
    const auto in = nb::isinstance<nb::str>(lang) ? parse_language(text_of(lang)) : std::nullopt;
    if (!in) throw argument_error{"lang: wanted 'vi' or 'en'"};
    const auto why =
        take(explain(self.value, name_or_number(agency, "agency"), name_or_number(procedure, "procedure")));
    return python_text(explanation_text(why, *in));
}

[[nodiscard]] nb::str cedar_of(const open_policy& self) {
    if (!self.value.tree) throw library_error{make_error_code(errc::not_in_policy), "its frameworks: it is compiled"};
    return python_text(cedar_text(*self.value.tree));
}

[[nodiscard]] nb::dict names_of(std::span<const numbered_name> all) {
    nb::dict made;
    for (const auto& one : all) made[nb::int_{one.number}] = python_text(one.name);
    return made;
}

[[nodiscard]] nb::str hash_text(const open_policy& self) {
    return python_text(hex_of(self.value.table->hash()));
}

}  // namespace

judged_call::judged_call(asking_side by, const call_record& how)
    : by_{std::move(by)}, recorder_{how.into ? how.into : by_.rows} {
    if (by_.agency != 0) asked_.asker = by_.agency;
    asked_.officer = how.officer;
    if (by_.table || by_.watch || recorder_.records()) asked_.proofs.now_unix_ms = now_unix_ms();
}

freshness judged_call::answer(const citizen_index& index, std::span<const request> requests,
                              std::span<verdict> verdicts, std::uint64_t first) {
    auto asked = asked_;
    asked.requests = requests;
    const engine_parts parts{.table = by_.table.get(), .watch = by_.watch.get()};
    if (recorder_.records() && !requests.empty())
        return recorder_.answer(index, parts, asked, verdicts.first(requests.size()), first);
    return engine{index, parts}.answer(asked, verdicts);
}

void define_policy(nb::module_& module) {
    nb::class_<open_policy> type{module, "Policy", "Who may ask what: frameworks, or what was compiled of them."};
    type.def_static(
        "load", &load_from, nb::arg("path"), nb::kw_only(), nb::arg("root") = nb::none(),
        nb::arg("unsigned").none() = false, nb::arg("today") = nb::none(),
        nb::sig("def load(path: str | os.PathLike[str], *, root: str | None = None, unsigned: bool = False, "
                "today: datetime.date | None = None) -> Policy"),
        "Reads a folder of frameworks or one of them, or a compiled policy (.xtp). `root` is the verifier key that the "
        "national framework has to be signed by; unsigned=True takes frameworks that nobody signed. Raises Error with "
        "every fault, a line each: file, line, what.");
    type.def(
        "check", [](const open_policy& self, nb::handle today) { (void)load(self.from, day_of(today, "today")); },
        nb::arg("today") = nb::none(), nb::sig("def check(self, today: datetime.date | None = None) -> None"),
        "Reads its files anew, and raises Error with every fault that they have now, or will have on that day.");
    type.def("explain", &explain_one, nb::arg("agency"), nb::arg("procedure"), nb::arg("lang").none() = "vi",
             nb::sig("def explain(self, agency: int | str, procedure: int | str, lang: str = \"vi\") -> str"),
             "What an agency may ask by a procedure, and which line of which framework decided it, in \"vi\" or "
             "\"en\".");
    type.def("decide", &decide_one, nb::arg("agency"), nb::arg("procedure"), nb::arg("claims"),
             nb::arg("proofs") = nb::tuple(), nb::arg("day") = nb::none(), nb::arg("level") = nb::none(),
             nb::sig("def decide(self, agency: int | str, procedure: int | str, claims: collections.abc.Iterable[str], "
                     "proofs: collections.abc.Iterable[str] = (), day: datetime.date | None = None, level: str | None "
                     "= None) -> str"),
             "Whether this may be asked: \"verified\", or the name of the first outcome against it. proofs: agency, "
             "holder. level: that of the holder's account: none, level_1, level_2.");
    type.def("decide_packed", &decide_packed, nb::arg("questions"),
             "The same for many: 10 bytes a question, struct's '<HHHBBH': agency, procedure, claims (bits in the order "
             "of the fields), proofs (1 agency, 2 holder), level (0 not known, 1 none, 2, 3), day (days since "
             "2000-01-01). Returns the outcomes' codes, 2 bytes each.");
    type.def("cedar", &cedar_of, "The policy in the language Cedar.");
    type.def_prop_ro(
        "agencies", [](const open_policy& self) { return names_of(self.value.table->agencies()); },
        nb::sig("def agencies(self) -> dict[int, str]"), "Names by their numbers.");
    type.def_prop_ro(
        "procedures", [](const open_policy& self) { return names_of(self.value.table->procedures()); },
        nb::sig("def procedures(self) -> dict[int, str]"), "Names by their numbers.");
    type.def_prop_ro("sha256", &hash_text, "Of the compiled policy, in hexadecimal digits.");
}

}  // namespace xacthuc::python
