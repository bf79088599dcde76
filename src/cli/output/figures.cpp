// SPDX-License-Identifier: Apache-2.0
#include "cli/output/figures.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <ctime>

namespace xacthuc::cli {

std::string grouped(std::uint64_t count) {
    auto digits = std::to_string(count);
    for (auto place = digits.size(); place > 3;) digits.insert(place -= 3, 1, ',');
    return digits;
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
    return grouped(count) + ' ' + std::string{count == 1 ? one : many};
}

std::string rounded(double count) {
    static constexpr std::array<const char*, 4> units{"", " k", " M", " G"};
    std::size_t unit = 0;
    while (count >= 999.5 && unit + 1 < units.size()) {
        count /= 1000;
        ++unit;
    }
    const int decimals = unit == 0 || count >= 100 ? 0 : count >= 10 ? 1 : 2;
    return fmt::format("{:.{}f}{}", count, decimals, units.at(unit));
}

std::string bytes_text(std::uint64_t bytes) {
    static constexpr std::array<const char*, 4> units{"KiB", "MiB", "GiB", "TiB"};
    if (bytes < 1024) return fmt::format("{} B", bytes);
    double size = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    for (; size >= 1000 && unit + 1 < units.size(); ++unit) size /= 1024;
    return fmt::format("{:.2f} {}", size, units.at(unit));
}

std::string clock_text(double seconds) {
    const auto whole = static_cast<std::uint64_t>(seconds < 0 ? 0 : seconds + 0.5);
    if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string utc_text(std::int64_t unix_ms, bool to_the_millisecond) {
    const auto moment = fmt::gmtime(static_cast<std::time_t>(unix_ms / 1000));
    return to_the_millisecond ? fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", moment, unix_ms % 1000)
                              : fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", moment);
}

std::string vietnam_time_text(std::int64_t unix_s) {
    constexpr std::int64_t ahead_s = 7 * 3600;
    return fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(static_cast<std::time_t>(unix_s + ahead_s)));
}

}  // namespace xacthuc::cli
