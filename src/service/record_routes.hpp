// SPDX-License-Identifier: Apache-2.0
// Paths that read the ledger: a citizen's own accesses, receipts, and the public log. The answer comes later, from a
// thread that may wait for the disk; until then the connection takes no other request.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "service/problem.hpp"
#include "service/request_head.hpp"

namespace xacthuc::inline v0_1::service {

class worker;
class connection;

// Who asked for what, and how the answer is given.
struct record_request {
    connection& from;
    std::string_view correlator;
    std::optional<std::uint16_t> agency;
    bool closes = false;
};

// Each returns what is wrong; where nothing is, the answer will come.
[[nodiscard]] question_fault ask_for_accesses(worker& in, const record_request& by, std::string_view body);
[[nodiscard]] question_fault ask_for_receipt(worker& in, const record_request& by, std::string_view id);
[[nodiscard]] question_fault ask_for_log_file(worker& in, const record_request& by, std::string_view path);

}  // namespace xacthuc::inline v0_1::service
