// SPDX-License-Identifier: Apache-2.0
// The xacthuc command.
#include <fmt/color.h>

#include <new>

#include "cli/commands.hpp"
#include "cli/interruption.hpp"
#include "cli/progress.hpp"

namespace {

namespace cli = xacthuc::cli;

[[nodiscard]] int end(cli::exit_code code) {
    return static_cast<int>(code);
}

[[nodiscard]] int end(cli::exit_code code, const char* what) {
    // Nobody is left to read that the reader went away.
    if (code == cli::exit_code::pipe_closed) return end(code);
    if (cli::colours_wanted()) {
        fmt::print(stderr, "{} {}\n", fmt::styled("xacthuc:", fmt::fg(fmt::terminal_color::red)), what);
    } else {
        fmt::print(stderr, "xacthuc: {}\n", what);
    }
    return end(code);
}

}  // namespace

int main(int argument_count, char** arguments) {
    cli::watch_for_interruption();
    auto status = cli::exit_code::done;
    CLI::App app;
    try {
        cli::build_command_line(app, status);
        app.parse(argument_count, arguments);
        return end(status);
    } catch (const CLI::Success& help_or_version) {
        return app.exit(help_or_version);
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
