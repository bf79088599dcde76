// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_code.hpp"

#include <cerrno>
#include <system_error>

namespace xacthuc::cli {

exit_code exit_code_of(boost::system::error_code code) noexcept {
    if (code.category() != error_category()) return exit_code::failed;
    switch (static_cast<errc>(code.value())) {
        case errc::not_a_snapshot:
        case errc::newer_version:
        case errc::older_version:
        case errc::truncated:
        case errc::trailing_bytes:
        case errc::checksum_mismatch:
        case errc::bad_signature:
        case errc::foreign_authority:
        case errc::foreign_digest_key:
        case errc::file_permissions:
        case errc::damaged_header:
        case errc::damaged_record:
        case errc::not_a_registry:
        case errc::damaged_changes:
        case errc::sequence_gap:
        case errc::misplaced_snapshot:
        case errc::checkpoint_syntax:
        case errc::damaged_log:
        case errc::ledger_damaged:
        case errc::not_of_a_ledger:
            return exit_code::not_trusted;
        default:
            return exit_code::failed;
    }
}

command_error error_of(const failure& why) {
    return {exit_code_of(why.code), why.message()};
}

command_error system_failure(int error_number, const std::string& where) {
    const auto code = error_number == EPIPE ? exit_code::pipe_closed : exit_code::failed;
    return {code, std::generic_category().message(error_number) + ": " + where};
}

}  // namespace xacthuc::cli
