// SPDX-License-Identifier: Apache-2.0
// Secrets of 32 bytes, each in a file of its own that only its owner may read: a tag that ends with a line feed, and
// the bytes.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string_view>
#include <xacthuc/domain/error.hpp>

#include "files/file.hpp"

namespace xacthuc::inline v0_1 {

inline constexpr std::size_t secret_tag_bytes = 13;
using secret_bytes = std::array<std::byte, 32>;
using secret_in_file = std::shared_ptr<const secret_bytes>;

// Requires: a tag of 13 bytes.
// Errors: not_found; io; file_permissions; damaged_header when it is not a secret of this kind.
[[nodiscard]] detailed_result<secret_in_file> load_secret(const file_calls& calls, const std::filesystem::path& path,
                                                          std::string_view tag);
// A new one, on the disk before it is used. Errors: already_exists; io; disk_full.
[[nodiscard]] detailed_result<secret_in_file> create_secret(const file_calls& calls, const std::filesystem::path& path,
                                                            std::string_view tag);
// Overwrites the file with zeros, syncs it, and removes it. What disks and file systems keep of overwritten bytes is
// beyond this. Errors: not_found; io.
[[nodiscard]] detailed_result<void> destroy_secret(const file_calls& calls, const std::filesystem::path& path);

}  // namespace xacthuc::inline v0_1
