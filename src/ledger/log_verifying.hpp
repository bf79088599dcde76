// SPDX-License-Identifier: Apache-2.0
// Verifying a log by way of any table of system calls.
#pragma once

#include <xacthuc/ledger/log_verification.hpp>

#include "files/file.hpp"

namespace xacthuc::inline v0_1 {

// As verify_log().
[[nodiscard]] detailed_result<log_report> verify_log_files(const file_calls& calls,
                                                           const std::filesystem::path& directory,
                                                           std::string_view origin, const note_verifier& log,
                                                           const log_verification& how);

}  // namespace xacthuc::inline v0_1
