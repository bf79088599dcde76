// SPDX-License-Identifier: Apache-2.0
#include "cli/cells.hpp"

#include <utf8proc.h>

#include <array>
#include <xacthuc/domain/citizen.hpp>
#include <xacthuc/domain/name.hpp>
#include <xacthuc/domain/province.hpp>

namespace xacthuc::cli {
namespace {

[[nodiscard]] bool province_exists(std::uint32_t code) {
    static const auto exists = [] {
        std::array<bool, residence::province_max + 1> codes{};
        codes[0] = true;  // unknown
        for (const auto& one : provinces()) codes.at(one.code) = true;
        return codes;
    }();
    return exists[code];
}

}  // namespace

result<std::uint32_t> parse_province(std::string_view text) {
    const auto code = parse_code(text, residence::province_max, errc::province_unknown);
    if (!code || province_exists(*code)) return code;
    return errc::province_unknown;
}

result<bool> parse_yes_no(std::string_view text) {
    if (text.empty() || text == "0") return false;
    if (text == "1") return true;
    const auto word = folded_form(text);
    if (word && (*word == "TRUE" || *word == "YES" || *word == "CO")) return true;
    if (word && (*word == "FALSE" || *word == "NO" || *word == "KHONG")) return false;
    return errc::status_word;
}

bool says_lifelong(std::string_view text) {
    if (text == "lifelong") return true;
    const auto words = folded_form(text);
    return words && (*words == "LIFELONG" || *words == "KHONG THOI HAN");
}

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        utf8proc_int32_t code_point = 0;
        const auto used = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                           static_cast<utf8proc_ssize_t>(text.size()), &code_point);
        if (used <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(used));
    }
    return true;
}

}  // namespace xacthuc::cli
