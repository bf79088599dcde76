// SPDX-License-Identifier: Apache-2.0
// The snapshots in a registry's directory that can be used: this registry's, where its log says, and not known to be
// damaged.
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <vector>

#include "registry/registry_setting.hpp"
#include "registry/snapshot_reader.hpp"

namespace xacthuc::inline v0_1 {

// Concurrency: any thread; it has a lock of its own, which is held for moments and never while a file is read.
class usable_snapshots {
  public:
    using work = std::function<detailed_result<void>(const opened_snapshot&)>;

    explicit usable_snapshots(const registry_setting& setting) noexcept : setting_{setting} {}

    // Errors: foreign_digest_key, as the newest snapshot that is the authority's has it.
    [[nodiscard]] detailed_result<void> check_digest_key() const;
    // Loads the newest that verifies, and tells in `opening` which that is and what is wrong with those before it.
    // Requires: nobody else is there yet.
    [[nodiscard]] detailed_result<citizen_index> load_newest(const change_log& in, registry_opening& opening);
    // Does something with the newest that verifies as far as the work looks at it: where it fails, the one before is
    // tried.
    [[nodiscard]] detailed_result<void> with_newest(const work& what) const;
    // One was written whole, in the place of what may have been a damaged one.
    void written(const std::filesystem::path& path);

    // Removes those that are damaged. Returns the others, the newest first; what is not this registry's under its own
    // name is neither among them nor touched. Errors: not_a_registry where none is left.
    [[nodiscard]] detailed_result<std::vector<registry_directory::numbered_snapshot>> drop_damaged();
    [[nodiscard]] detailed_result<void> remove(const std::filesystem::path& path) const;

  private:
    // Whether the snapshot is what its name says, of this registry, and where the log says. Errors: of open_snapshot()
    // what concerns the header; misplaced_snapshot.
    [[nodiscard]] detailed_result<void> check_place(const registry_directory::numbered_snapshot& one,
                                                    const change_log& in) const;
    [[nodiscard]] bool is_damaged(const std::filesystem::path& path) const;

    const registry_setting& setting_;
    mutable std::mutex guard_{};
    std::vector<std::filesystem::path> damaged_{};
};

// Where in a registry's log a snapshot stands. The first stands at its beginning, and the seal there is of it.
[[nodiscard]] change_seal seal_of(const snapshot_header& header, const sealing_key& key);

}  // namespace xacthuc::inline v0_1
