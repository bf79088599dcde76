// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and its like: long loops ask now and then whether to stop, and stop by an exception, so that half-written
// files are removed on the way out.
#pragma once

namespace xacthuc::cli {

// From now on SIGINT and SIGTERM are remembered (a second one kills at once) and SIGPIPE is left to write() to report.
void watch_for_interruption();

[[nodiscard]] bool interrupted() noexcept;

// To be waited for beside what is read: it can be read from after a signal. Negative, as poll() passes over it, before
// watch_for_interruption().
[[nodiscard]] int interruption_file() noexcept;

// Throws command_error{exit_code::interrupted} after a signal.
void stop_if_interrupted();

}  // namespace xacthuc::cli
