// SPDX-License-Identifier: Apache-2.0
// Where the keys of a register are, and making them when there are none.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/registry/authority.hpp>

namespace xacthuc::cli {

// As the command line has them; an empty one is beside the snapshot: digest.key, authority.key, authority.pub.
struct key_paths {
    std::string digest_key;
    std::string authority_key;     // the secret half, for those who write snapshots
    std::string authority_public;  // the public half, for those who read them

    // With every empty path filled in.
    [[nodiscard]] key_paths beside(const std::string& snapshot) const;
};

// What a writer needs.
struct writer_keys {
    digest_key digests;
    authority_key authority;
};

// Loads both keys, or makes new ones and says so on standard error; the authority's public key is written beside its
// secret one where it is not. Throws command_error. Requires: paths are all filled in.
[[nodiscard]] writer_keys load_or_make_keys(const key_paths& paths);

[[nodiscard]] digest_key load_or_make_digest_key(const std::string& path);
[[nodiscard]] digest_key load_digest_key(const std::string& path);
[[nodiscard]] authority_public_key load_authority(const std::string& path);

}  // namespace xacthuc::cli
