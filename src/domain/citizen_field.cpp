// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <xacthuc/domain/citizen_field.hpp>
#include <xacthuc/domain/province.hpp>
#include <xacthuc/domain/word.hpp>

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] bool province_exists(std::uint32_t code) noexcept {
    static const auto exists = [] {
        std::array<bool, residence::province_max + 1> codes{};
        codes[0] = true;  // unknown
        for (const auto& one : provinces()) codes[one.code] = true;
        return codes;
    }();
    return exists[code];
}

// Puts a parsed value where it belongs.
template <class T, class Place>
[[nodiscard]] result<void> put(const result<T>& from, Place& to) noexcept {
    if (!from) return from.error();
    to = static_cast<Place>(*from);
    return {};
}

[[nodiscard]] bool says_lifelong(std::string_view text) noexcept {
    static constexpr std::array<std::string_view, 3> words{"lifelong", "KHONG THOI HAN",
                                                           "KH\u00d4NG TH\u01a0I\u02cb HAN\u02cc"};
    return find_word(words, text) != words.size();
}

[[nodiscard]] result<void> put_expiry(std::string_view text, citizen& into) noexcept {
    const auto day = date::parse(text);
    into.document_lifelong = !day && says_lifelong(text);
    if (!day && !into.document_lifelong) return day.error();
    into.document_expiry = day ? *day : date{};
    return {};
}

}  // namespace

std::string_view to_string(citizen_field field) noexcept {
    static constexpr std::array<std::string_view, citizen_field_count> words{
        "id",      "name",     "birth_date",      "sex",      "life", "registration", "account_level",
        "account", "document", "document_expiry", "province", "ward", "superseded"};
    const auto number = static_cast<std::size_t>(field);
    return number < words.size() ? words[number] : std::string_view{};
}

result<void> set_field(citizen_field field, std::string_view text, citizen& into) noexcept {
    switch (field) {
        case citizen_field::id:
            return put(personal_id::parse(text), into.id);
        case citizen_field::name:
            into.name = text;
            return {};
        case citizen_field::birth_date:
            return put(date::parse(text), into.birth);
        case citizen_field::sex:
            return put(parse_sex(text), into.sex);
        case citizen_field::life:
            return put(parse_life_status(text), into.life);
        case citizen_field::registration:
            return put(parse_registration_status(text), into.registration);
        case citizen_field::account_level:
            return put(parse_account_level(text), into.level);
        case citizen_field::account:
            return put(parse_account_status(text), into.account);
        case citizen_field::document:
            return put(parse_document_status(text), into.document);
        case citizen_field::document_expiry:
            return put_expiry(text, into);
        case citizen_field::province:
            return put(parse_province(text), into.residence.province);
        case citizen_field::ward:
            return put(parse_code(text, residence::ward_max, errc::ward_range), into.residence.ward);
        case citizen_field::superseded:
            return put(parse_yes_no(text), into.superseded);
    }
    return {};
}

result<std::uint32_t> parse_province(std::string_view text) noexcept {
    const auto code = parse_code(text, residence::province_max, errc::province_unknown);
    if (!code || province_exists(*code)) return code;
    return errc::province_unknown;
}

result<bool> parse_yes_no(std::string_view text) noexcept {
    static constexpr std::size_t yes_count = 5;
    static constexpr std::array<std::string_view, 11> words{"1", "true",  "yes", "co",    "CO\u02ca",  "",
                                                            "0", "false", "no",  "khong", "KH\u00d4NG"};
    const auto place = find_word(words, text);
    if (place == words.size()) return errc::status_word;
    return place < yes_count;
}

result<std::uint32_t> parse_code(std::string_view text, std::uint32_t value_max, errc otherwise) noexcept {
    std::uint32_t value = 0;
    if (text.empty()) return value;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value > value_max) return otherwise;
    return value;
}

}  // namespace xacthuc::inline v0_1
