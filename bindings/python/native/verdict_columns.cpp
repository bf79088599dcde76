// SPDX-License-Identifier: Apache-2.0
#include "verdict_columns.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

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

}  // namespace

std::string_view grade_word(name_grade of) noexcept {
    return grade_words[static_cast<std::size_t>(of)];
}

std::vector<output_type> verdict_types(claim_mask claims) {
    std::vector<output_type> types{
        {"outcome", "S", {}, false},     {"meaning", "c", known_outcomes().words, false},
        {"matched", "S", {}, false},     {"mismatched", "S", {}, false},
        {"unavailable", "S", {}, false}, {"name_grade", "c", {grade_words.begin(), grade_words.end()}, false},
        {"coarse", "b", {}, false},      {"claim_coarse", "b", {}, false}};
    for_each_claim(claims, [&](claim kind) {
        types.push_back({std::string{to_string(kind)}, "c", {claim_words.begin(), claim_words.end()}, true});
    });
    return types;
}

std::vector<output_column> verdict_columns(std::span<const verdict> verdicts, claim_mask claims) {
    std::vector<output_column> to;
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
    for_each_claim(claims, [&](claim kind) { to.push_back(claim_column(verdicts, kind)); });
    return to;
}

}  // namespace xacthuc::python
