// SPDX-License-Identifier: Apache-2.0
// A ledger of a measurement, whose key nobody keeps.
#pragma once

#include <filesystem>
#include <xacthuc/ledger/ledger.hpp>

namespace xacthuc::bench {

[[nodiscard]] ledger_options bench_ledger_options(std::size_t queue_slots);

// How many bytes the files of a folder have whose names end so.
[[nodiscard]] std::uint64_t bytes_of_files(const std::filesystem::path& folder, std::string_view ending);

// The median, and other parts, of what was measured.
[[nodiscard]] double middle(std::vector<double> of);

}  // namespace xacthuc::bench
