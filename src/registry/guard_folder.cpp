// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <system_error>
#include <utility>
#include <xacthuc/registry/guard_folder.hpp>

#include "files/file.hpp"

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] std::filesystem::path path_of(const std::filesystem::path& folder, std::string_view name) {
    return folder / (std::string{name} + ".guard");
}

[[nodiscard]] detailed_result<std::vector<std::byte>> load(const std::filesystem::path& path) {
    const auto file = open_file::to_read(system_file_calls(), path);
    if (!file) return file.error();
    const auto status = file->status();
    if (!status) return status.error();
    if ((status->mode & 077U) != 0)
        return failure{make_error_code(errc::file_permissions),
                       path.string() + ": only its owner may have a right to it"};
    std::vector<std::byte> content(status->size_bytes);
    if (const auto read = file->read(content, 0); !read) return read.error();
    return content;
}

[[nodiscard]] detailed_result<void> save(const std::filesystem::path& path, std::span<const std::byte> content) {
    auto to = replacement_file::create(system_file_calls(), path);
    if (!to) return to.error();
    if (const auto written = to->file().write(content, 0); !written) return written.error();
    return to->commit();
}

[[nodiscard]] detailed_result<open_file> lock(const std::filesystem::path& folder) {
    const auto path = folder / "lock";
    std::error_code failed;
    auto file = std::filesystem::exists(path, failed) ? open_file::to_change(system_file_calls(), path)
                                                      : open_file::create(system_file_calls(), path);
    if (!file) return file.error();
    if (const auto held = file->lock(); !held) return held.error();
    return file;
}

[[nodiscard]] guard_store::load_function loads_from(const std::filesystem::path& folder) {
    return [folder](std::string_view name) { return load(path_of(folder, name)); };
}

}  // namespace

detailed_result<guard_store> guards_in(const std::filesystem::path& folder) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return failure{failed, folder.string() + ": creating"};
    auto held = lock(folder);
    if (!held) return held.error();
    const auto keeps = std::make_shared<open_file>(std::move(*held));
    return guard_store{
        .save = [folder, keeps](std::string_view name,
                                std::span<const std::byte> content) { return save(path_of(folder, name), content); },
        .load = loads_from(folder)};
}

detailed_result<guard_store> look_at_guards_in(const std::filesystem::path& folder) {
    std::error_code failed;
    if (!std::filesystem::is_directory(folder, failed))
        return failure{make_error_code(errc::not_found), folder.string() + ": no folder of guards"};
    return guard_store{.save = [](std::string_view, std::span<const std::byte>) -> detailed_result<void> { return {}; },
                       .load = loads_from(folder)};
}

}  // namespace xacthuc::inline v0_1
