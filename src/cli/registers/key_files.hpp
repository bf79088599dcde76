// SPDX-License-Identifier: Apache-2.0
// The keys of a register for a subcommand: loaded, or made and told about.
#pragma once

#include <string>
#include <xacthuc/registry/key_files.hpp>

namespace xacthuc::cli {

// As the command line has them; an empty one is beside the snapshot.
struct key_paths {
    std::string digest_key;
    std::string authority_key;
    std::string authority_public;

    // With every empty path filled in.
    [[nodiscard]] key_paths beside(const std::string& snapshot) const;
    [[nodiscard]] key_paths in(const std::string& folder) const;
};

// Loads both keys, or makes new ones and says so on standard error. Throws command_error. Requires: paths are all
// filled in.
[[nodiscard]] writer_keys load_or_make_keys(const key_paths& paths);

[[nodiscard]] digest_key load_digest_key(const std::string& path);
[[nodiscard]] authority_public_key load_authority(const std::string& path);

}  // namespace xacthuc::cli
