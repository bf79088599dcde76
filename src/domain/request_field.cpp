// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <xacthuc/domain/citizen_field.hpp>
#include <xacthuc/domain/request_field.hpp>

namespace xacthuc::inline v0_1 {
namespace {

template <class T, class Place>
[[nodiscard]] result<void> put_present(const result<T>& from, Place& to) noexcept {
    if (!from) return from.error();
    to = static_cast<typename Place::value_type>(*from);
    return {};
}

[[nodiscard]] result<void> put_id(std::string_view text, personal_id& to) noexcept {
    const auto id = personal_id::parse(text);
    if (!id) return id.error();
    to = *id;
    return {};
}

[[nodiscard]] result<void> put_name(std::string_view text, bool exact, claim_set& into) noexcept {
    if (into.name) return errc::claims_contradict;
    into.name = text;
    into.name_exact = exact;
    return {};
}

[[nodiscard]] result<void> put_number(std::string_view text, std::uint16_t& to) noexcept {
    const auto number = parse_code(text, 0xffff, errc::code_range);
    if (!number) return number.error();
    to = static_cast<std::uint16_t>(*number);
    return {};
}

[[nodiscard]] bool is_about_name(boost::system::error_code code) noexcept {
    return code == errc::name_empty || code == errc::name_too_long || code == errc::name_not_utf8 ||
           code == errc::name_control_character || code == errc::name_unassigned_character;
}

}  // namespace

std::string_view to_string(request_field field) noexcept {
    if (field == request_field::id) return "id";
    if (field == request_field::agency) return "agency";
    if (field == request_field::procedure) return "procedure";
    return to_string(static_cast<claim>(static_cast<unsigned>(field) - 1));
}

result<void> set_field(request_field field, std::string_view text, claim_set& into) noexcept {
    if (field == request_field::id) return put_id(text, into.id);
    if (text.empty()) return {};
    switch (field) {
        case request_field::name:
        case request_field::name_exact:
            return put_name(text, field == request_field::name_exact, into);
        case request_field::birth_date:
            return put_present(date::parse(text), into.birth_date);
        case request_field::sex:
            return put_present(parse_sex(text), into.sex);
        case request_field::life:
            return put_present(parse_life_status(text), into.life);
        case request_field::registration:
            return put_present(parse_registration_status(text), into.registration);
        case request_field::account_level:
            return put_present(parse_account_level(text), into.account_level);
        case request_field::account:
            return put_present(parse_account_status(text), into.account);
        case request_field::document:
            return put_present(parse_document_status(text), into.document);
        case request_field::province:
            return put_present(parse_province(text), into.province);
        case request_field::ward:
            return put_present(parse_code(text, residence::ward_max, errc::ward_range), into.ward);
        case request_field::document_valid_on:
            return put_present(date::parse(text), into.document_valid_on);
        case request_field::born_on_or_before:
            return put_present(date::parse(text), into.born_on_or_before);
        case request_field::account_level_at_least:
            return put_present(parse_account_level(text), into.account_level_at_least);
        case request_field::agency:
            return put_number(text, into.agency);
        case request_field::procedure:
            return put_number(text, into.procedure);
        default:
            return {};
    }
}

std::optional<request_field> field_of(boost::system::error_code error, const claim_set& of,
                                      claim_mask required) noexcept {
    if (error == errc::claim_required) {
        const auto missing = static_cast<claim_mask>(missing_claims(made_claims(of), required) & all_claims);
        if (missing == 0) return {};
        return static_cast<request_field>(static_cast<int>(request_field::name) + std::countr_zero(missing));
    }
    if (is_about_name(error)) return of.name_exact ? request_field::name_exact : request_field::name;
    if (error == errc::personal_id_reserved) return request_field::id;
    if (error == errc::province_unknown) return request_field::province;
    if (error == errc::ward_range) return request_field::ward;
    if (error != errc::date_range) return {};
    if (of.born_on_or_before && of.born_on_or_before->known_to() != date::precision::day)
        return request_field::born_on_or_before;
    return of.document_valid_on ? request_field::document_valid_on : request_field::birth_date;
}

}  // namespace xacthuc::inline v0_1
