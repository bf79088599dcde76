// SPDX-License-Identifier: Apache-2.0
// A directory of a test's own, gone with all in it when the test ends.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace xacthuc::tests {

class scratch_directory {
  public:
    scratch_directory() : scratch_directory(std::filesystem::temp_directory_path()) {}
    explicit scratch_directory(const std::filesystem::path& in) {
        std::string name = (in / "xacthuc-test-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"cannot make " + name};
        path_ = name;
    }
    scratch_directory(const scratch_directory&) = delete;
    scratch_directory& operator=(const scratch_directory&) = delete;
    ~scratch_directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path operator/(const char* name) const { return path_ / name; }

    // In memory where the system has such a place: for tests whose syncs are many, and are not what is tested.
    [[nodiscard]] static std::filesystem::path quick_place() {
        std::error_code none;
        const std::filesystem::path memory{"/dev/shm"};
        return std::filesystem::is_directory(memory, none) ? memory : std::filesystem::temp_directory_path();
    }

  private:
    std::filesystem::path path_;
};

}  // namespace xacthuc::tests
