// SPDX-License-Identifier: Apache-2.0
// What guards must not forget, in a folder: usually `guards` in the directory of the registry that they stand before.
#pragma once

#include <filesystem>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/guard/guard_store.hpp>

namespace xacthuc::inline v0_1 {

// A store whose contents are files of the folder, <name>.guard, that only the owner may read. Each is replaced whole,
// and synced with the folder. The folder is made where it is missing. It is of one process at a time, which holds a
// lock on the file `lock` in it for as long as a copy of the store is there. The store itself fails with io, disk_full
// and not_found, and with file_permissions when others than the owner have any right to a content.
// Errors: io; disk_full; registry_locked when another process has the folder.
// Exceptions: std::bad_alloc.
[[nodiscard]] XACTHUC_API detailed_result<guard_store> guards_in(const std::filesystem::path& folder);

// The same for those who only look: nothing is locked, and what is saved is dropped.
// Errors: not_found.
// Exceptions: std::bad_alloc.
[[nodiscard]] XACTHUC_API detailed_result<guard_store> look_at_guards_in(const std::filesystem::path& folder);

}  // namespace xacthuc::inline v0_1
