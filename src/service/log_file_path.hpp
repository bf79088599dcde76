// SPDX-License-Identifier: Apache-2.0
// Which file of a public log a path asks for. The path is read by its grammar and written anew from the numbers in it,
// so that no text of a client ever becomes the name of a file.
//
//   checkpoint
//   tile/<level>/<index>[.p/<width>]
//   tile/entries/<index>[.p/<width>]
//
// Source: C2SP tlog-tiles (https://c2sp.org/tlog-tiles).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace xacthuc::inline v0_1::service {

struct log_file {
    std::string path;            // below the log's folder
    bool is_checkpoint = false;  // the only one that changes
};

// Reads what comes behind "/v1/ledger/". None where no file of a log is called so.
[[nodiscard]] std::optional<log_file> parse_log_file_path(std::string_view text);

}  // namespace xacthuc::inline v0_1::service
