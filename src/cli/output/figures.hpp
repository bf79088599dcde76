// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace xacthuc::cli {

// 1234567 as "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t count);
// 1234567 as "1.23 M", 950 as "950".
[[nodiscard]] std::string rounded(double count);
// 5368709120 as "5.00 GiB".
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);
// Seconds as "0:07", "12:34" or "1:02:03".
[[nodiscard]] std::string clock_text(double seconds);

}  // namespace xacthuc::cli
