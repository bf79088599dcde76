// SPDX-License-Identifier: Apache-2.0
#include "ledger/tile_files.hpp"

#include <utility>

namespace xacthuc::inline v0_1 {
namespace {

// Anyone may read what is public; the private part of a ledger has folders of its own.
constexpr unsigned file_mode = 0644;
constexpr unsigned tile_folder_mode = 0755;

}  // namespace

detailed_result<std::vector<std::byte>> tile_files::read(const std::string& path, std::size_t size_max) const {
    const auto file = open_file::to_read(*calls_, directory_ / path);
    if (!file) return file.error();
    const auto status = file->status();
    if (!status) return status.error();
    if (!status->is_regular || status->size_bytes > size_max)
        return failure{errc::damaged_log, file->path().string() + ": not a file of this size"};
    std::vector<std::byte> bytes(status->size_bytes);
    if (auto done = file->read(bytes, 0); !done) return done.error();
    return bytes;
}

detailed_result<void> tile_files::make_folders(const std::filesystem::path& folder) {
    if (folder == directory_ || made_.contains(folder)) return {};
    const auto above = folder.parent_path();
    if (auto done = make_folders(above); !done) return done;
    if (auto done = make_directory(*calls_, folder, tile_folder_mode);
        !done && done.error().code != errc::already_exists)
        return done;
    // Also where it was there: whoever made it may have died before it was sure to stay.
    unsynced_.insert(above);
    made_.insert(folder);
    return {};
}

detailed_result<void> tile_files::add(const std::string& path, std::span<const std::byte> bytes) {
    const auto target = directory_ / path;
    if (auto done = make_folders(target.parent_path()); !done) return done;
    auto removed = remove_file(*calls_, target);
    if (removed.has_error() && removed.error().code != errc::not_found) return removed;
    auto file = open_file::create(*calls_, target, file_mode);
    if (!file) return file.error();
    unsynced_.insert(target.parent_path());
    if (auto done = file->write(bytes, 0); !done) return done;
    if (auto done = file->sync(); !done) return done;
    return file->close();
}

detailed_result<void> tile_files::sync_folders() {
    for (const auto& folder : unsynced_)
        if (auto done = sync_directory(*calls_, folder); !done) return done;
    unsynced_.clear();
    return {};
}

detailed_result<void> tile_files::replace(const std::string& path, std::span<const std::byte> bytes) {
    auto file = replacement_file::create(*calls_, directory_ / path, file_mode);
    if (!file) return file.error();
    if (auto done = file->file().write(bytes, 0); !done) return done;
    return file->commit();
}

void tile_files::discard_folder(const std::string& path) {
    const auto folder = directory_ / path;
    const auto names = list_directory(*calls_, folder);
    if (!names) return;
    for (const auto& name : *names)
        if (const auto done = remove_file(*calls_, folder / name); !done) return;
    if (const auto done = remove_directory(*calls_, folder); !done) return;
    made_.erase(folder);
    unsynced_.erase(folder);
}

}  // namespace xacthuc::inline v0_1
