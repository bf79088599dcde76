// SPDX-License-Identifier: Apache-2.0
// A file, or standard input as "-", read once from start to end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace xacthuc::cli {

class input_file {
  public:
    // Throws command_error.
    explicit input_file(const std::string& path);
    input_file(const input_file&) = delete;
    input_file& operator=(const input_file&) = delete;
    ~input_file();

    // Returns how much was read, 0 only at the end. Of a regular file it fills the buffer unless the end comes first;
    // of a pipe or terminal it takes what is there, so that a slow writer gets its answers at once. Throws
    // command_error, also when interrupted.
    [[nodiscard]] std::size_t read(std::span<char> buffer);

    // For messages: the path, or "standard input".
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    // Only of regular files.
    [[nodiscard]] std::optional<std::uint64_t> size_bytes() const noexcept { return size_bytes_; }

  private:
    std::string name_;
    int descriptor_;
    std::optional<std::uint64_t> size_bytes_;
};

// All that a file has, where that is at most so much. Throws command_error.
[[nodiscard]] std::vector<std::byte> whole_file(const std::string& path, std::size_t bytes_max);

}  // namespace xacthuc::cli
