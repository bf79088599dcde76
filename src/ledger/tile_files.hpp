// SPDX-License-Identifier: Apache-2.0
// The files of a log: new ones are written and synced one by one, the folders that they stand in all at the end. What a
// writer that died has left under a name that is wanted was never part of the log, and makes way.
#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "files/file.hpp"

namespace xacthuc::inline v0_1 {

class tile_files {
  public:
    tile_files(const file_calls& calls, std::filesystem::path directory)
        : calls_{&calls}, directory_{std::move(directory)} {}

    [[nodiscard]] const file_calls& calls() const noexcept { return *calls_; }
    [[nodiscard]] const std::filesystem::path& directory() const noexcept { return directory_; }

    // Errors: not_found; io; damaged_log (larger than `size_max`).
    [[nodiscard]] detailed_result<std::vector<std::byte>> read(const std::string& path, std::size_t size_max) const;
    // A new file whose folders are made as well. It is sure to stay only after sync_folders().
    // Errors: io; disk_full.
    [[nodiscard]] detailed_result<void> add(const std::string& path, std::span<const std::byte> bytes);
    [[nodiscard]] detailed_result<void> sync_folders();
    // Takes another's place or none: whole and durable.
    [[nodiscard]] detailed_result<void> replace(const std::string& path, std::span<const std::byte> bytes);
    // Removes a folder with the files in it. Best effort.
    void discard_folder(const std::string& path);

  private:
    [[nodiscard]] detailed_result<void> make_folders(const std::filesystem::path& above);

    const file_calls* calls_;
    std::filesystem::path directory_;
    std::set<std::filesystem::path> made_;      // by now, or seen to be there
    std::set<std::filesystem::path> unsynced_;  // folders with new names in them
};

}  // namespace xacthuc::inline v0_1
