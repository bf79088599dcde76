// SPDX-License-Identifier: Apache-2.0
#include "ledger/record_access.hpp"

#include <algorithm>
#include <charconv>

namespace xacthuc::inline v0_1 {

ledger_month ledger_month::of_day(std::int64_t day) noexcept {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    return {static_cast<int>(date.year()) * std::int64_t{12} + static_cast<unsigned>(date.month()) - 1};
}

std::optional<ledger_month> ledger_month::parse(std::string_view text) noexcept {
    unsigned year = 0;
    unsigned month = 0;
    if (text.size() != 7 || text[4] != '-') return std::nullopt;
    for (const std::size_t at : {0U, 1U, 2U, 3U, 5U, 6U})
        if (text[at] < '0' || text[at] > '9') return std::nullopt;
    std::from_chars(text.data(), text.data() + 4, year);
    std::from_chars(text.data() + 5, text.data() + 7, month);
    if (month < 1 || month > 12) return std::nullopt;
    return ledger_month{std::int64_t{year} * 12 + month - 1};
}

std::string ledger_month::text() const {
    const auto year = std::to_string(number / 12);
    const auto month = std::to_string(number % 12 + 1);
    return std::string(4 - std::min<std::size_t>(4, year.size()), '0') + year + (month.size() == 1 ? "-0" : "-") +
           month;
}

std::int64_t ledger_month::first_day() const noexcept {
    const auto year = std::chrono::year{static_cast<int>(number / 12)};
    const auto month = std::chrono::month{static_cast<unsigned>(number % 12 + 1)};
    return std::chrono::sys_days{year / month / 1}.time_since_epoch().count();
}

}  // namespace xacthuc::inline v0_1
