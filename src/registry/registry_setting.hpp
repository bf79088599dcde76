// SPDX-License-Identifier: Apache-2.0
// What a registry was opened with. It never changes, so any thread reads it without a lock.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <utility>
#include <xacthuc/registry/registry.hpp>

#include "registry/change_log.hpp"
#include "registry/registry_files.hpp"

namespace xacthuc::inline v0_1 {

struct registry_setting {
    registry_setting(registry_system with, const std::filesystem::path& where, const authority_public_key& whom,
                     const open_registry_options& options, digest_key key)
        : system{with},
          directory{*with.files, where},
          trusted{whom},
          how{options},
          digests{std::move(key)},
          seals{digests} {}

    registry_system system;
    registry_directory directory;
    authority_public_key trusted;
    open_registry_options how;
    digest_key digests;
    sealing_key seals;
    pid_t opened_by = ::getpid();

    [[nodiscard]] bool writes() const noexcept { return how.how == open_registry_options::access::write; }

    // This process is a child of the one that opened it.
    [[nodiscard]] bool is_inherited() const noexcept { return ::getpid() != opened_by; }
    [[nodiscard]] failure inherited() const { return {errc::forked, directory.path().string()}; }

    [[nodiscard]] log_place place() const {
        return {system.files, system.gate, directory.changes(),
                how.mark_file.empty() ? directory.mark() : how.mark_file};
    }
    // A connection of one's own to the log, for reading beside the writer.
    [[nodiscard]] detailed_result<change_log> open_reader() const { return change_log::open_beside(place(), seals); }
};

}  // namespace xacthuc::inline v0_1
