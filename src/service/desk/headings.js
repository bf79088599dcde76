// SPDX-License-Identifier: Apache-2.0
// What the columns of a list may be called: the names that include/xacthuc/domain/heading.hpp knows, which a test
// compares with these.

export const requestHeadings = {
    id: "pin personal_id cccd so_cccd so_can_cuoc so_dinh_danh so_dinh_danh_ca_nhan so_ddcn",
    name: "full_name ho_ten ho_va_ten ho_chu_dem_va_ten ho_chu_dem_va_ten_khai_sinh",
    name_exact: "ho_ten_chinh_xac",
    birth_date: "date_of_birth dob ngay_sinh ngay_thang_nam_sinh",
    sex: "gender gioi_tinh",
    life: "life_status tinh_trang_song",
    registration: "registration_status tinh_trang_dang_ky",
    account_level: "level muc_do_dinh_danh",
    account: "account_status trang_thai_tai_khoan",
    document: "document_status trang_thai_the",
    province: "province_code ma_tinh tinh",
    ward: "ward_code ma_xa xa",
    document_valid_on: "the_con_han_ngay",
    born_on_or_before: "sinh_truoc_ngay",
    account_level_at_least: "muc_do_toi_thieu",
    agency: "ma_co_quan",
    procedure: "ma_thu_tuc",
};

// "Họ và tên" as "ho_va_ten".
export function plainHeading(text) {
    const plain = text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
    return plain.replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "");
}

// The field that a heading names; null where it is none.
export function fieldOf(heading) {
    const plain = plainHeading(heading);
    for (const [field, aliases] of Object.entries(requestHeadings)) {
        if (plain === field || aliases.split(" ").includes(plain)) return field;
    }
    return null;
}
