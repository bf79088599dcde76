// SPDX-License-Identifier: Apache-2.0
// Telling people what happens: the one way to standard error. Nobody may be there to read it (2>&-, a full disk, a
// terminal that is gone), and that never changes what the command does nor how it ends.
#pragma once

#include <fmt/format.h>

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace xacthuc::cli {

// Puts something in the place of standard input, output and error where they are closed, so that no file opened later
// gets their number and with it what is meant for people. Reading and writing them still fails, as it did. To be called
// before any file is opened.
void hold_standard_descriptors() noexcept;

// Writes the text to standard error as far as it will go. Concurrency: any thread.
void tell(std::string_view text) noexcept;

// A line for people, so that standard output stays for results.
template <class... Values>
void say(fmt::format_string<Values...> text, Values&&... values) noexcept {
    try {
        auto line = fmt::format(text, std::forward<Values>(values)...);
        line += '\n';
        tell(line);
    } catch (const std::exception&) {
        tell("xacthuc: no memory for a message\n");
    }
}

}  // namespace xacthuc::cli
