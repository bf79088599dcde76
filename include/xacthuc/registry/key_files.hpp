// SPDX-License-Identifier: Apache-2.0
// The key files beside a snapshot: where they are unless somebody names others, and how they are made if they are
// missing.
#pragma once

#include <filesystem>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/registry/authority.hpp>

namespace xacthuc::inline v0_1 {

// Where the key files are.
struct key_files {
    std::filesystem::path digest_key;
    std::filesystem::path authority_key;     // the secret half, for those who write snapshots
    std::filesystem::path authority_public;  // the public half, for those who read them

    // The same with every empty one filled in: digest.key, authority.key and authority.pub beside the snapshot. If a
    // secret key is named, its public key is beside it, with its name.
    [[nodiscard]] XACTHUC_API key_files beside(const std::filesystem::path& snapshot) const;
};

// What a writer of snapshots needs.
struct writer_keys {
    digest_key digests;
    authority_key authority;
    bool made_digest_key = false;
    bool made_authority = false;
};

// Loads both keys, and makes new ones if they are missing. The authority's public key is written beside its secret key
// if it is missing. A new authority is never made beside the public key of another: the error is then not_found, for
// the secret key.
// Requires: no path is empty.
// Errors: those of the keys' load() and save().
[[nodiscard]] XACTHUC_API detailed_result<writer_keys> load_or_make_keys(const key_files& files);

}  // namespace xacthuc::inline v0_1
