// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <span>
#include <xacthuc/domain/status.hpp>

namespace xacthuc {
namespace {

using words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 4> sex_words{"", "male", "female", "other"};
constexpr std::array<std::string_view, 4> life_words{"", "alive", "deceased", "missing"};
constexpr std::array<std::string_view, 4> registration_words{"", "active", "suspended", "cancelled"};
constexpr std::array<std::string_view, 4> level_words{"", "none", "level_1", "level_2"};
constexpr std::array<std::string_view, 4> account_words{"", "active", "locked", "revoked"};
constexpr std::array<std::string_view, 8> document_words{"",        "none",     "valid",   "lost",
                                                         "damaged", "replaced", "revoked", "held"};

[[nodiscard]] constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

[[nodiscard]] bool same_word(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

template <class Enum>
[[nodiscard]] std::string_view word_of(words all, Enum value) noexcept {
    const auto position = static_cast<std::size_t>(value);
    return position < all.size() ? all[position] : std::string_view{};
}

template <class Enum>
[[nodiscard]] result<Enum> parse_word(words all, std::string_view text, errc otherwise) noexcept {
    for (std::size_t i = 0; i < all.size(); ++i)
        if (same_word(all[i], text)) return static_cast<Enum>(i);
    return otherwise;
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
    struct spelling {
        std::string_view word;
        sex value;
    };
    // "nữ" in NFC with either case of its letters, and in NFD (u + horn + tilde), as card readers deliver it.
    static constexpr std::array<spelling, 11> others{{{"nam", sex::male},
                                                      {"m", sex::male},
                                                      {"f", sex::female},
                                                      {"x", sex::other},
                                                      {"nu", sex::female},
                                                      {"n\u1eef", sex::female},
                                                      {"n\u1eee", sex::female},
                                                      {"nu\u031b\u0303", sex::female},
                                                      {"n\u01b0\u0303", sex::female},
                                                      {"kh\u00e1c", sex::other},
                                                      {"kha\u0301c", sex::other}}};
    for (const auto& other : others)
        if (same_word(other.word, text)) return other.value;
    return parse_word<sex>(sex_words, text, errc::sex_word);
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

}  // namespace xacthuc
