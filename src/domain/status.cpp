// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <span>
#include <xacthuc/domain/status.hpp>
#include <xacthuc/domain/word.hpp>

namespace xacthuc::inline v0_1 {
namespace {

using word_list = std::span<const std::string_view>;

constexpr std::array<std::string_view, 4> sex_words{"", "male", "female", "other"};
constexpr std::array<std::string_view, 4> life_words{"", "alive", "deceased", "missing"};
constexpr std::array<std::string_view, 4> registration_words{"", "active", "suspended", "cancelled"};
constexpr std::array<std::string_view, 4> level_words{"", "none", "level_1", "level_2"};
constexpr std::array<std::string_view, 4> account_words{"", "active", "locked", "revoked"};
constexpr std::array<std::string_view, 8> document_words{"",        "none",     "valid",   "lost",
                                                         "damaged", "replaced", "revoked", "held"};

template <class Enum>
[[nodiscard]] std::string_view word_of(word_list all, Enum value) noexcept {
    const auto position = static_cast<std::size_t>(value);
    return position < all.size() ? all[position] : std::string_view{};
}

template <class Enum>
[[nodiscard]] result<Enum> parse_word(word_list all, std::string_view text, errc otherwise) noexcept {
    const auto place = find_word(all, text);
    if (place == all.size()) return otherwise;
    return static_cast<Enum>(place);
}

}  // namespace

std::string_view to_string(sex value) noexcept {
    return word_of(sex_words, value);
}
std::string_view to_string(life_status value) noexcept {
    return word_of(life_words, value);
}
std::string_view to_string(registration_status value) noexcept {
    return word_of(registration_words, value);
}
std::string_view to_string(account_level value) noexcept {
    return word_of(level_words, value);
}
std::string_view to_string(account_status value) noexcept {
    return word_of(account_words, value);
}
std::string_view to_string(document_status value) noexcept {
    return word_of(document_words, value);
}

result<sex> parse_sex(std::string_view text) noexcept {
    // Those of sex_words, then Nam, Nữ and Khác in their exact forms and without marks, and the letters of passports.
    static constexpr std::array<std::string_view, 12> all{
        "", "male", "female", "other", "nam", "m", "nu", "f", "khac", "x", "N\u01af\u02dc", "KHAC\u02ca"};
    static constexpr std::array<sex, all.size()> values{sex::unknown, sex::male,  sex::female, sex::other,
                                                        sex::male,    sex::male,  sex::female, sex::female,
                                                        sex::other,   sex::other, sex::female, sex::other};
    const auto place = find_word(all, text);
    if (place == all.size()) return errc::sex_word;
    return values[place];
}

result<life_status> parse_life_status(std::string_view text) noexcept {
    return parse_word<life_status>(life_words, text, errc::status_word);
}
result<registration_status> parse_registration_status(std::string_view text) noexcept {
    return parse_word<registration_status>(registration_words, text, errc::status_word);
}
result<account_level> parse_account_level(std::string_view text) noexcept {
    return parse_word<account_level>(level_words, text, errc::status_word);
}
result<account_status> parse_account_status(std::string_view text) noexcept {
    return parse_word<account_status>(account_words, text, errc::status_word);
}
result<document_status> parse_document_status(std::string_view text) noexcept {
    return parse_word<document_status>(document_words, text, errc::status_word);
}

}  // namespace xacthuc::inline v0_1
