// SPDX-License-Identifier: Apache-2.0
// The xacthuc command.
#include <fmt/color.h>
#include <sys/prctl.h>

#include <new>
#include <sstream>

#include "cli/commands.hpp"
#include "cli/interruption.hpp"
#include "cli/progress.hpp"
#include "cli/shared_options.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define XACTHUC_HAS_LEAK_SANITIZER 1
#elif defined(__has_feature)
#define XACTHUC_HAS_LEAK_SANITIZER __has_feature(address_sanitizer)
#else
#define XACTHUC_HAS_LEAK_SANITIZER 0
#endif

namespace {

namespace cli = xacthuc::cli;

// Keys are left out of core dumps by themselves; a dump would still hold the register, and the requests. LeakSanitizer
// reads its own process as a debugger does.
void keep_memory_to_itself() {
#if !XACTHUC_HAS_LEAK_SANITIZER
    ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

[[nodiscard]] int end(cli::exit_code code) {
    return static_cast<int>(code);
}

[[nodiscard]] int end(cli::exit_code code, const char* what) {
    // Nobody is left to read that the reader went away.
    if (code == cli::exit_code::pipe_closed) return end(code);
    if (cli::colours_wanted()) {
        cli::say("{} {}", fmt::styled("xacthuc:", fmt::fg(fmt::terminal_color::red)), what);
    } else {
        cli::say("xacthuc: {}", what);
    }
    return end(code);
}

// The help or the version, which are results: a standard output that takes none is a failure.
[[nodiscard]] int end(const CLI::App& app, const CLI::Success& wanted) {
    std::ostringstream text;
    const int code = app.exit(wanted, text, text);
    try {
        cli::print_text(text.str());
    } catch (const cli::command_error& error) {
        return end(error.code(), error.what());
    }
    return code;
}

}  // namespace

int main(int argument_count, char** arguments) {
    cli::hold_standard_descriptors();
    keep_memory_to_itself();
    cli::watch_for_interruption();
    auto status = cli::exit_code::done;
    CLI::App app;
    try {
        cli::build_command_line(app, status);
        app.parse(argument_count, arguments);
        return end(status);
    } catch (const CLI::Success& help_or_version) {
        return end(app, help_or_version);
    } catch (const CLI::ParseError& error) {
        return end(cli::exit_code::usage, error.what());
    } catch (const cli::command_error& error) {
        return end(error.code(), error.what());
    } catch (const std::bad_alloc&) {
        return end(cli::exit_code::failed, "not enough memory");
    } catch (const std::exception& error) {
        return end(cli::exit_code::failed, error.what());
    }
}
