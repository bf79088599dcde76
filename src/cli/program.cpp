// SPDX-License-Identifier: Apache-2.0
#include "cli/program.hpp"

#include <fmt/color.h>
#include <sys/prctl.h>

#include <new>
#include <sstream>
#include <vector>

#include "cli/interruption.hpp"
#include "cli/output/progress.hpp"
#include "cli/shared_options.hpp"
#include "columns/table_error.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define XACTHUC_HAS_LEAK_SANITIZER 1
#elif defined(__has_feature)
#define XACTHUC_HAS_LEAK_SANITIZER __has_feature(address_sanitizer)
#else
#define XACTHUC_HAS_LEAK_SANITIZER 0
#endif

namespace xacthuc::cli {
namespace {

// Keys are left out of core dumps by themselves; a dump would still hold the register, and the requests. LeakSanitizer
// reads its own process as a debugger does.
void keep_memory_to_itself() {
#if !XACTHUC_HAS_LEAK_SANITIZER
    ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

[[nodiscard]] int end(exit_code code) {
    return static_cast<int>(code);
}

[[nodiscard]] int end(exit_code code, const char* what) {
    // Nobody is left to read that the reader went away.
    if (code == exit_code::pipe_closed) return end(code);
    if (colours_wanted()) {
        say("{} {}", fmt::styled("xacthuc:", fmt::fg(fmt::terminal_color::red)), what);
    } else {
        say("xacthuc: {}", what);
    }
    return end(code);
}

// The help or the version, which are results: a standard output that takes none is a failure.
[[nodiscard]] int end(const CLI::App& app, const CLI::Success& wanted) {
    std::ostringstream text;
    const int code = app.exit(wanted, text, text);
    try {
        print_text(text.str());
    } catch (const command_error& error) {
        return end(error.code(), error.what());
    }
    return code;
}

}  // namespace

int run_program(int argument_count, char** arguments, const std::function<add_subcommand>& build) {
    hold_standard_descriptors();
    keep_memory_to_itself();
    watch_for_interruption();
    auto status = exit_code::done;
    CLI::App app;
    try {
        build(app, status);
        app.parse(argument_count, arguments);
        return end(status);
    } catch (const CLI::Success& help_or_version) {
        return end(app, help_or_version);
    } catch (const CLI::ParseError& error) {
        return end(exit_code::usage, error.what());
    } catch (const command_error& error) {
        return end(error.code(), error.what());
    } catch (const columns::column_error& error) {
        return end(exit_code::usage, error.what());
    } catch (const std::bad_alloc&) {
        return end(exit_code::failed, "not enough memory");
    } catch (const std::exception& error) {
        return end(exit_code::failed, error.what());
    }
}

int run_as_subcommand(const std::string& name, add_subcommand* add, int argument_count, char** arguments) {
    auto word = name;
    std::vector<char*> with_name{arguments[0], word.data()};
    with_name.insert(with_name.end(), arguments + 1, arguments + argument_count);
    with_name.push_back(nullptr);
    return run_program(argument_count + 1, with_name.data(), [add](CLI::App& app, exit_code& status) {
        app.name("xacthuc");
        app.require_subcommand(1);
        add(app, status);
    });
}

}  // namespace xacthuc::cli
