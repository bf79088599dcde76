// SPDX-License-Identifier: Apache-2.0
// How the command ends: exit codes, and the exception that carries one from where work stops to main().
#pragma once

#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <xacthuc/domain/error.hpp>

namespace xacthuc::cli {

// Documented in docs/cli.md; scripts depend on them.
enum class exit_code : int {
    done = 0,
    failed = 1,         // a file could not be read or written, too little memory, …
    usage = 2,          // the command line or a file's header is wrong; nothing was done
    rows_left_out = 3,  // finished, but some rows were rejected, replaced by later ones, or malformed
    wrong_answers = 4,  // finished, but some verdicts differ from the expected ones
    not_trusted = 5,    // a register, key file or feed is damaged, forged, foreign, incomplete or readable by others
    interrupted = 130,  // by SIGINT or SIGTERM
    pipe_closed = 141,  // the reader of standard output went away
};

class command_error : public std::runtime_error {
  public:
    command_error(exit_code code, const std::string& what) : std::runtime_error{what}, code_{code} {}

    [[nodiscard]] exit_code code() const noexcept { return code_; }

  private:
    exit_code code_;
};

[[nodiscard]] exit_code exit_code_of(boost::system::error_code code) noexcept;
[[nodiscard]] command_error error_of(const failure& why);
// errno's text and the file; EPIPE becomes pipe_closed.
[[nodiscard]] command_error system_failure(int error_number, const std::string& where);

// The value, or the failure thrown as a command_error.
template <class T>
requires(!std::is_void_v<T>) [[nodiscard]] T take(detailed_result<T>&& from) {
    if (!from) throw error_of(from.error());
    return std::move(*from);
}
inline void take(const detailed_result<void>& from) {
    if (!from) throw error_of(from.error());
}

}  // namespace xacthuc::cli
