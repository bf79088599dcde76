// SPDX-License-Identifier: Apache-2.0
#include "population/name_words.hpp"

#include <algorithm>
#include <cassert>
#include <xacthuc/domain/name.hpp>

#include "population/shares.hpp"

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] std::size_t row_of(bool female, int birth_year) noexcept {
    return (female ? 3U : 0U) + (birth_year < 1965 ? 0U : birth_year < 1995 ? 1U : 2U);
}

}  // namespace

const name_table& name_table::instance() {
    static const name_table table;
    return table;
}

name_table::name_table() {
    using name_pools::generation;
    for (const bool female : {false, true})
        for (const auto born : {generation::old, generation::middle, generation::young}) {
            const auto row = (female ? 3U : 0U) + static_cast<std::size_t>(born);
            middle_[row] = add(name_pools::middle_names(female, born));
            given_[row] = add(name_pools::given_names(female, born));
        }
    for (const auto& p : name_pools::minority_patterns())
        minorities_.push_back({add(p.family), add(p.male_prefix), add(p.female_prefix), add(p.male_given),
                               add(p.female_given), p.family_first});
    fill_family_slots();
    for (const auto word : words_) {
        const auto made = spell(word);
        flags_.push_back(static_cast<std::uint8_t>((made.toneless_differs ? tones_flag : 0U) |
                                                   (made.bare_differs ? marks_flag : 0U) |
                                                   (made.toneless_has_marks ? vowels_flag : 0U)));
        for (std::size_t how = 0; how < spelling_count; ++how) {
            const auto& text = made.as[how];
            assert(text.size() <= cell::text_max);
            cell c;
            std::ranges::copy(text, c.text.begin());
            c.size = static_cast<std::uint8_t>(text.size());
            cells_[how].push_back(c);
        }
    }
}

std::uint16_t name_table::number_of(std::string_view word) {
    const auto found = std::ranges::find(words_, word);
    if (found == words_.end()) words_.push_back(word);
    return static_cast<std::uint16_t>(std::ranges::find(words_, word) - words_.begin());
}

name_table::part_range name_table::add(name_pools::pool pool) {
    const part_range range{static_cast<std::uint16_t>(parts_.size()), static_cast<std::uint16_t>(pool.size())};
    for (auto text : pool) {
        part made;
        while (!text.empty()) {
            const auto end = std::min(text.find(' '), text.size());
            made.word[made.count++] = number_of(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        parts_.push_back(made);
    }
    return range;
}

void name_table::fill_family_slots() {
    std::size_t slot = 0;
    std::uint32_t thousandths = 0;
    for (const auto& [name, per_thousand] : name_pools::common_family_names()) {
        const auto number = add(std::span{&name, 1}).first;
        thousandths += per_thousand;
        for (; slot < family_slots * thousandths / 1000; ++slot) family_slots_[slot] = number;
    }
    // The others share the rest, the first about five times as often as the last.
    const auto others = add(name_pools::other_family_names());
    const auto rest = family_slots - slot;
    std::size_t weights = 0, before = 0;
    const auto weight = [&](std::size_t i) { return std::size_t{5} * others.count - 4 * i; };
    for (std::size_t i = 0; i < others.count; ++i) weights += weight(i);
    for (std::size_t i = 0; i < others.count; ++i) {
        before += weight(i);
        for (; slot < family_slots - rest + rest * before / weights; ++slot)
            family_slots_[slot] = static_cast<std::uint16_t>(others.first + i);
    }
}

void name_table::append(name_words& name, const part& more) noexcept {
    for (std::size_t i = 0; i < more.count && name.count < name_words::count_max; ++i)
        name.word[name.count++] = more.word[i];
}

const name_table::part& name_table::favoured(part_range from, random_stream& random) const noexcept {
    const auto bits = random.next();
    const auto a = scale_bits(bits, from.count);
    const auto b = scale_bits(bits << 32, from.count);
    return parts_[from.first + std::min(a, b)];
}

name_words name_table::draw(bool female, int birth_year, random_stream& random) const noexcept {
    name_words name;
    const auto row = row_of(female, birth_year);
    append(name, parts_[family_slots_[random.below(family_slots)]]);
    append(name, favoured(middle_[row], random));
    name.given_first = name.count;
    const auto* given = &favoured(given_[row], random);
    while (given->word[0] == name.word[name.count - 1U]) given = &favoured(given_[row], random);
    append(name, *given);
    name.given_count = static_cast<std::uint8_t>(name.count - name.given_first);
    name.tone_on_second = random.happens(shares::tone_on_second);
    return name;
}

name_words name_table::draw_minority(bool female, random_stream& random) const noexcept {
    name_words name;
    const auto& people = minorities_[random.below(minorities_.size())];
    const auto& family = favoured(people.family, random);
    if (people.family_first) append(name, family);
    append(name, favoured(female ? people.female_prefix : people.male_prefix, random));
    name.given_first = name.count;
    append(name, favoured(female ? people.female_given : people.male_given, random));
    name.given_count = static_cast<std::uint8_t>(name.count - name.given_first);
    if (!people.family_first) append(name, family);
    name.tone_on_second = random.happens(shares::tone_on_second);
    return name;
}

name_words name_table::another(const name_words& than, bool female, int birth_year,
                               random_stream& random) const noexcept {
    for (;;) {
        auto other = than;
        const auto fresh = draw(female, birth_year, random);
        switch (random.below(4)) {
            case 0:  // another given name
                std::copy_n(fresh.word.begin() + fresh.given_first, 1, other.word.begin() + other.given_first);
                break;
            case 1:  // another family name, or whatever stands first
                other.word[0] = fresh.word[0];
                break;
            case 2:  // a middle name left out
                if (other.given_first < 2) break;
                std::copy(other.word.begin() + 2, other.word.begin() + other.count, other.word.begin() + 1);
                --other.count;
                --other.given_first;
                break;
            default:
                other = fresh;
        }
        if (!same_letters(than, other)) return other;
    }
}

std::size_t name_table::write(const name_words& name, spelling how, spacing between, char* into) const noexcept {
    static_assert((sizeof(cell) + 3) * name_words::count_max + 4 <= name_bytes_max);
    constexpr std::array<std::string_view, 4> separators{" ", "  ", "   ", "\u00a0"};
    if (name.tone_on_second) {
        if (how == spelling::plain)
            how = spelling::other_tone;
        else if (how == spelling::other_tone)
            how = spelling::plain;
    }
    const auto& cells = cells_[static_cast<std::size_t>(how)];
    const auto separator = separators[static_cast<std::size_t>(between)];
    char* end = into;
    if (between == spacing::around) *end++ = ' ';
    for (std::size_t i = 0; i < name.count; ++i) {
        if (i != 0) {
            std::memcpy(end, separator.data(), separator.size());
            end += separator.size();
        }
        const auto& word = cells[name.word[i]];
        std::memcpy(end, &word, sizeof(cell));  // whole cells: a constant size is one or two moves
        end += word.size;
    }
    if (between == spacing::around) *end++ = ' ';
    return static_cast<std::size_t>(end - into);
}

bool name_table::any_flag(const name_words& name, std::uint8_t flag) const noexcept {
    return std::any_of(name.word.begin(), name.word.begin() + name.count,
                       [&](std::uint16_t word) { return (flags_[word] & flag) != 0; });
}

bool name_table::same_letters(const name_words& a, const name_words& b) const noexcept {
    const auto letters = [this](const name_words& name, std::array<char, name_bytes_max>& text) {
        const auto size = write(name, spelling::bare_upper, spacing::single, text.data());
        const auto is_sign = [](char c) { return c < 'A' || c > 'Z'; };
        return std::string_view{
            text.data(),
            static_cast<std::size_t>(std::remove_if(text.data(), text.data() + size, is_sign) - text.data())};
    };
    std::array<char, name_bytes_max> text_a, text_b;
    return letters(a, text_a) == letters(b, text_b);
}

}  // namespace xacthuc::inline v0_1
