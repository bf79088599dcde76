// SPDX-License-Identifier: Apache-2.0
// A file that appears under its name only when it is complete; or standard output as "-", or a device or pipe, which
// are written to directly.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace xacthuc::cli {

class output_file {
  public:
    enum class readers { everybody, owner };

    // Opens "<path>.partial" beside the final name; owner-only files have mode 0600. Throws command_error.
    explicit output_file(const std::string& path, readers who = readers::everybody);
    output_file(const output_file&) = delete;
    output_file& operator=(const output_file&) = delete;
    // Removes the partial file unless commit() was reached.
    ~output_file();

    void write(std::string_view bytes);
    // Syncs and renames, so that the file replaces an older one of its name at once. What is written to directly it
    // leaves alone.
    void commit();

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] std::uint64_t bytes_written() const noexcept { return bytes_written_; }

  private:
    std::string path_;
    std::string partial_path_;  // empty when written to directly
    int descriptor_ = -1;
    std::uint64_t bytes_written_ = 0;
};

}  // namespace xacthuc::cli
