// SPDX-License-Identifier: Apache-2.0
// What an open registry consists of. Each part owns its lock; a part may wait for those that come before it here, never
// the other way round.
#pragma once

#include <filesystem>
#include <optional>
#include <utility>
#include <xacthuc/registry/registry.hpp>

#include "registry/checkpointing.hpp"
#include "registry/durable_index.hpp"
#include "registry/group_commit.hpp"
#include "registry/registry_files.hpp"
#include "registry/registry_setting.hpp"
#include "registry/repairing.hpp"
#include "registry/usable_snapshots.hpp"

namespace xacthuc::inline v0_1 {

struct registry::state {
    state(registry_system with, const std::filesystem::path& where, const authority_public_key& whom,
          const open_registry_options& options, digest_key key)
        : setting{with, where, whom, options, std::move(key)} {}
    state(const state&) = delete;  // its parts know where the others are
    state& operator=(const state&) = delete;

    registry_setting setting;
    std::optional<directory_lock> lock{};
    registry_opening opening{};
    usable_snapshots snapshots{setting};
    durable_index index{setting, snapshots};
    group_commit commits{setting, index};
    checkpointing checkpoints{setting, snapshots, index};
    repairing repairs{setting, snapshots, index};
};

}  // namespace xacthuc::inline v0_1
