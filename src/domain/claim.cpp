// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/word.hpp>

namespace xacthuc::inline v0_1 {

namespace {

constexpr std::array<std::string_view, claim_count> words{"name",
                                                          "name_exact",
                                                          "birth_date",
                                                          "sex",
                                                          "life",
                                                          "registration",
                                                          "account_level",
                                                          "account",
                                                          "document",
                                                          "province",
                                                          "ward",
                                                          "document_valid_on",
                                                          "born_on_or_before",
                                                          "account_level_at_least"};

}  // namespace

std::string_view to_string(claim kind) noexcept {
    const auto number = static_cast<std::size_t>(kind);
    return number < words.size() ? words[number] : std::string_view{};
}

std::optional<claim> parse_claim(std::string_view text) noexcept {
    const auto place = find_word(words, text);
    if (place == words.size()) return {};
    return static_cast<claim>(place);
}

claim_mask made_claims(const claim_set& of) noexcept {
    unsigned made = 0;
    const auto add = [&](claim kind, bool is_made) { made |= is_made ? mask_of(kind) : 0U; };
    add(of.name_exact ? claim::name_exact : claim::name, of.name.has_value());
    add(claim::birth_date, of.birth_date.has_value());
    add(claim::sex, of.sex.has_value());
    add(claim::life, of.life.has_value());
    add(claim::registration, of.registration.has_value());
    add(claim::account_level, of.account_level.has_value());
    add(claim::account, of.account.has_value());
    add(claim::document, of.document.has_value());
    add(claim::province, of.province.has_value());
    add(claim::ward, of.ward.has_value());
    add(claim::document_valid_on, of.document_valid_on.has_value());
    add(claim::born_on_or_before, of.born_on_or_before.has_value());
    add(claim::account_level_at_least, of.account_level_at_least.has_value());
    return static_cast<claim_mask>(made);
}

result<card_text> parse_card_text(std::string_view text) noexcept {
    constexpr std::size_t fields_min = 7;
    std::array<std::string_view, fields_min> fields;
    for (std::size_t i = 0; i < fields_min; ++i) {
        const auto bar = text.find('|');
        if (bar == std::string_view::npos && i + 1 < fields_min) return errc::qr_fields;
        fields[i] = text.substr(0, bar);
        text.remove_prefix(bar == std::string_view::npos ? text.size() : bar + 1);
    }
    card_text card;
    const auto id = personal_id::parse(fields[0]);
    if (!id) return id.error();
    const auto birth = date::parse(fields[3]);
    if (!birth) return birth.error();
    const auto printed_sex = parse_sex(fields[4]);
    if (!printed_sex) return printed_sex.error();
    const auto issued = date::parse(fields[6]);
    if (!issued) return issued.error();
    if (fields[2].empty()) return errc::name_empty;
    card.claims.id = *id;
    card.claims.name = fields[2];
    if (birth->known_to() != date::precision::none) card.claims.birth_date = *birth;
    if (*printed_sex != sex::unknown) card.claims.sex = *printed_sex;
    card.old_number = fields[1];
    card.address = fields[5];
    card.issued = *issued;
    return card;
}

}  // namespace xacthuc::inline v0_1
