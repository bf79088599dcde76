// SPDX-License-Identifier: Apache-2.0
// The fields of a request as text, as forms, files and tables hold them: one text for each field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// The id, the claims in the order of their numbers, and who asks what for.
enum class request_field : std::uint8_t {
    id = 0,      // 12 digits
    name = 1,    // with or without diacritics
    name_exact,  // a name of which every diacritic has to be right; excludes name
    birth_date,  // as date::parse() takes it
    sex,         // as parse_sex() takes it, and so on
    life,
    registration,
    account_level,
    account,
    document,
    province,           // two-digit code of residence
    ward,               // five-digit code of residence
    document_valid_on,  // a day
    born_on_or_before,  // a day; excludes birth_date
    account_level_at_least,
    agency = 1 + claim_count,  // 0 to 65535, in decimal digits
    procedure,
};
inline constexpr std::size_t request_field_count = 3 + claim_count;

// "id", "name", "birth_date", …: stable, used in files and reports.
[[nodiscard]] XACTHUC_API std::string_view to_string(request_field field) noexcept;

// Reads one field into a claim set, which may hold a view of the text afterwards. Empty text claims nothing and changes
// nothing; only the id must not be empty.
// Concurrency: wait-free.
// Errors: those of the field's own parser (of personal_id::parse(), date::parse(), parse_sex(), …); province_unknown;
// ward_range; code_range (agency, procedure); claims_contradict (name and name_exact both).
[[nodiscard]] XACTHUC_API result<void> set_field(request_field field, std::string_view text, claim_set& into) noexcept;

// Which field an error of prepare() is about; for claim_required it is the first that is missing. None when the error
// is about the request as a whole.
[[nodiscard]] XACTHUC_API std::optional<request_field> field_of(boost::system::error_code error, const claim_set& of,
                                                                claim_mask required = 0) noexcept;

}  // namespace xacthuc::inline v0_1
