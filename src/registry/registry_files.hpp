// SPDX-License-Identifier: Apache-2.0
// The files of a registry's directory: their names, and the two tables through which every call to the system goes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/registry/registry.hpp>

#include "files/file.hpp"
#include "system/database_gate.hpp"

namespace xacthuc::inline v0_1 {

// How a registry reaches the system. Both outlive it.
struct registry_system {
    const file_calls* files;
    const database_gate* gate;
};

// The system's own calls.
[[nodiscard]] registry_system plain_system() noexcept;

// For tests that fail calls and benchmarks that time them: registry::create() and registry::open() by way of them.
struct registry_opener {
    [[nodiscard]] static detailed_result<void> create(registry_system system, const std::filesystem::path& directory,
                                                      const citizen_index& index, const digest_key& digests,
                                                      const authority_key& authority,
                                                      const create_registry_options& how);
    [[nodiscard]] static detailed_result<registry> open(registry_system system, const std::filesystem::path& directory,
                                                        const authority_public_key& trusted,
                                                        const open_registry_options& how);
};

// Held until it is destroyed by the process that took it. A child that has inherited it lets go of nothing.
class directory_lock {
  public:
    explicit directory_lock(open_file held);
    directory_lock(directory_lock&&) noexcept = default;
    directory_lock& operator=(directory_lock&&) = delete;
    ~directory_lock();

  private:
    open_file held_;
    int taken_by_;
};

class registry_directory {
  public:
    registry_directory(const file_calls& calls, std::filesystem::path path) : calls_{&calls}, path_{std::move(path)} {}

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] std::filesystem::path snapshot(std::uint64_t sequence) const;
    [[nodiscard]] std::filesystem::path changes() const { return path_ / "changes.sqlite"; }
    // Says how far the log has come; its owner may keep it elsewhere.
    [[nodiscard]] std::filesystem::path mark() const { return path_ / "registry.mark"; }
    // There while a registry is made: what is in the directory is not finished, and may be made anew.
    [[nodiscard]] std::filesystem::path making() const { return path_ / "registry.making"; }
    [[nodiscard]] std::filesystem::path digest_key_file() const { return path_ / "digest.key"; }

    struct numbered_snapshot {
        std::uint64_t sequence;
        std::filesystem::path path;
    };
    // The newest first. Errors: not_a_registry when there is no such directory; io.
    [[nodiscard]] detailed_result<std::vector<numbered_snapshot>> snapshots() const;

    // Removes what processes that were killed left: unfinished snapshots and key files. Whoever is still writing one
    // keeps it. Requires: the caller holds the directory.
    void sweep() const;
    // Holds the directory for one writer. It is the directory itself that is locked: nobody can remove it while there
    // is something in it. Errors: registry_locked; io, with the reason, where there are no locks to be had.
    [[nodiscard]] detailed_result<directory_lock> lock() const;

    // Who but the owner may write here: a line for each file, and for the directory, that others may write or own.
    [[nodiscard]] detailed_result<std::vector<std::string>> exposures() const;

  private:
    const file_calls* calls_;
    std::filesystem::path path_;
};

}  // namespace xacthuc::inline v0_1
