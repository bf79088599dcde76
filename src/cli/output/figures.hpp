// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace xacthuc::cli {

// 1234567 as "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t count);
// "1 entry", "1,234 entries".
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view one, std::string_view many);
// 1234567 as "1.23 M", 950 as "950".
[[nodiscard]] std::string rounded(double count);
// 5368709120 as "5.00 GiB".
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);
// Seconds as "0:07", "12:34" or "1:02:03".
[[nodiscard]] std::string clock_text(double seconds);
// A moment of Unix time as "2026-11-28T14:13:00Z" or with its milliseconds, and by Vietnam's clocks as
// "2026-11-28 21:13:00".
[[nodiscard]] std::string utc_text(std::int64_t unix_ms, bool to_the_millisecond = false);
[[nodiscard]] std::string vietnam_time_text(std::int64_t unix_s);

}  // namespace xacthuc::cli
