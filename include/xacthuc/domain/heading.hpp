// SPDX-License-Identifier: Apache-2.0
// Headings of the columns of files and tables, in English or Vietnamese: which column holds which field.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <xacthuc/domain/citizen_field.hpp>
#include <xacthuc/domain/request_field.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// What a column may be called: all in the plain form.
struct heading {
    std::string_view name;     // the stable word of the field
    std::string_view aliases;  // others, separated by blanks
};

// A heading in the form in which headings are compared: in lower case, without marks, and with one '_' for everything
// that is neither letter nor digit. "Họ và tên" and "HO_VA_TEN", also decomposed or after a byte order mark, are
// "ho_va_ten". Empty when the text could not be a name (not UTF-8, control characters, too long) or nothing is left.
// Complexity: linear.
// Concurrency: any thread.
// Errors: none.
[[nodiscard]] XACTHUC_API std::string plain_heading(std::string_view text);

// Whether a plain heading is one of these.
[[nodiscard]] XACTHUC_API bool is_called(const heading& known_as, std::string_view plain) noexcept;

// The place in `known` of the heading, as it was written.
[[nodiscard]] XACTHUC_API std::optional<std::size_t> find_heading(std::span<const heading> known,
                                                                  std::string_view text);

// The headings of the fields: those that requests and citizens share.
namespace headings {

inline constexpr heading id{"id", "pin personal_id cccd so_cccd so_can_cuoc so_dinh_danh so_dinh_danh_ca_nhan so_ddcn"};
inline constexpr heading name{"name", "full_name ho_ten ho_va_ten ho_chu_dem_va_ten ho_chu_dem_va_ten_khai_sinh"};
inline constexpr heading birth_date{"birth_date", "date_of_birth dob ngay_sinh ngay_thang_nam_sinh"};
inline constexpr heading sex{"sex", "gender gioi_tinh"};
inline constexpr heading life{"life", "life_status tinh_trang_song"};
inline constexpr heading registration{"registration", "registration_status tinh_trang_dang_ky"};
inline constexpr heading account_level{"account_level", "level muc_do_dinh_danh"};
inline constexpr heading account{"account", "account_status trang_thai_tai_khoan"};
inline constexpr heading document{"document", "document_status trang_thai_the"};
inline constexpr heading province{"province", "province_code ma_tinh tinh"};
inline constexpr heading ward{"ward", "ward_code ma_xa xa"};
// Of requests alone, and of citizens alone.
inline constexpr heading name_exact{"name_exact", "ho_ten_chinh_xac"};
inline constexpr heading document_valid_on{"document_valid_on", "the_con_han_ngay"};
inline constexpr heading born_on_or_before{"born_on_or_before", "sinh_truoc_ngay"};
inline constexpr heading account_level_at_least{"account_level_at_least", "muc_do_toi_thieu"};
inline constexpr heading agency{"agency", "ma_co_quan"};
inline constexpr heading procedure{"procedure", "ma_thu_tuc"};
inline constexpr heading document_expiry{"document_expiry", "expiry ngay_het_han han_su_dung co_gia_tri_den"};
inline constexpr heading superseded{"superseded", "da_thay_so"};

inline constexpr std::array<heading, request_field_count> of_requests{
    id,       name,         name_exact,        birth_date,        sex,
    life,     registration, account_level,     account,           document,
    province, ward,         document_valid_on, born_on_or_before, account_level_at_least,
    agency,   procedure};
inline constexpr std::array<heading, citizen_field_count> of_citizens{
    id,      name,     birth_date,      sex,      life, registration, account_level,
    account, document, document_expiry, province, ward, superseded};

}  // namespace headings

// In the order of request_field, and of citizen_field.
inline constexpr auto request_headings = headings::of_requests;
inline constexpr auto citizen_headings = headings::of_citizens;

}  // namespace xacthuc::inline v0_1
