// SPDX-License-Identifier: Apache-2.0
// Running the xacthuc program as a user does, in a folder of its own, and looking at what it did.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace xacthuc_test {

struct outcome_of_run {
    int code = -1;  // the exit code, or 128 and the signal
    std::string out;
    std::string err;
};

[[nodiscard]] inline std::string content_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream{path, std::ios::binary}.rdbuf();
    return text.str();
}

[[nodiscard]] inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

// A new folder in which commands run, removed with all that is in it.
class workplace {
  public:
    workplace() {
        std::string path = (std::filesystem::temp_directory_path() / "xacthuc-cli-XXXXXX").string();
        if (::mkdtemp(path.data()) == nullptr) std::abort();
        folder_ = path;
    }
    workplace(const workplace&) = delete;
    workplace& operator=(const workplace&) = delete;
    ~workplace() {
        std::error_code error;
        std::filesystem::remove_all(folder_, error);
    }

    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return folder_ / name; }

    void write(std::string_view name, std::string_view content) const {
        std::ofstream{folder_ / name, std::ios::binary} << content;
    }
    [[nodiscard]] std::string read(std::string_view name) const { return content_of(folder_ / name); }
    [[nodiscard]] bool has(std::string_view name) const { return std::filesystem::exists(folder_ / name); }

    // Runs a shell line in the folder; "xacthuc" in it is the program under test, its standard output and error are
    // files, so no terminal.
    [[nodiscard]] outcome_of_run shell(const std::string& line) const {
        const std::filesystem::path program{XACTHUC_PROGRAM};
        const auto whole = "cd '" + folder_.string() + "' && PATH='" + program.parent_path().string() +
                           "':\"$PATH\" && { " + line + "; } > .out 2> .err";
        const int status = std::system(("bash -c '" + escaped(whole) + "'").c_str());
        outcome_of_run run;
        run.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        run.out = read(".out");
        run.err = read(".err");
        return run;
    }

  private:
    [[nodiscard]] static std::string escaped(const std::string& text) {
        std::string safe;
        for (const char c : text) {
            if (c == '\'') {
                safe += "'\\''";
            } else {
                safe += c;
            }
        }
        return safe;
    }

    std::filesystem::path folder_;
};

}  // namespace xacthuc_test
