// SPDX-License-Identifier: Apache-2.0
#include "ledger/hour.hpp"

#include <charconv>
#include <chrono>

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] std::string digits(unsigned value, std::size_t count) {
    auto text = std::to_string(value);
    return std::string(count - std::min(count, text.size()), '0') + text;
}

[[nodiscard]] std::optional<unsigned> number_in(std::string_view text) noexcept {
    unsigned value = 0;
    for (const char each : text)
        if (each < '0' || each > '9') return std::nullopt;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

std::string text_of_day(std::int64_t day) {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    return digits(static_cast<unsigned>(static_cast<int>(date.year())), 4) + '-' +
           digits(static_cast<unsigned>(date.month()), 2) + '-' + digits(static_cast<unsigned>(date.day()), 2);
}

std::optional<std::int64_t> parse_day(std::string_view text) noexcept {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = number_in(text.substr(0, 4));
    const auto month = number_in(text.substr(5, 2));
    const auto day = number_in(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)}, std::chrono::month{*month},
                                           std::chrono::day{*day}};
    if (!date.ok() || *year < 1970) return std::nullopt;
    return std::chrono::sys_days{date}.time_since_epoch().count();
}

std::string ledger_hour::text() const {
    return text_of_day(day()) + 'T' + digits(static_cast<unsigned>(number % 24), 2);
}

std::optional<ledger_hour> ledger_hour::parse(std::string_view text) noexcept {
    if (text.size() != 13 || text[10] != 'T') return std::nullopt;
    const auto day = parse_day(text.substr(0, 10));
    const auto hour = number_in(text.substr(11));
    if (!day || !hour || *hour > 23) return std::nullopt;
    return ledger_hour{*day * 24 + *hour};
}

}  // namespace xacthuc::inline v0_1
