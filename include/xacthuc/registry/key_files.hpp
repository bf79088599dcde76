// SPDX-License-Identifier: Apache-2.0
// The key files that lie beside a snapshot: where they are when nobody says, and making them when there are none.
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

    // With every empty one filled in: digest.key, authority.key and authority.pub beside the snapshot; the public key
    // of a secret one that is named lies beside that one, with its name.
    [[nodiscard]] XACTHUC_API key_files beside(const std::filesystem::path& snapshot) const;
};

// What a writer of snapshots needs.
struct writer_keys {
    digest_key digests;
    authority_key authority;
    bool made_digest_key = false;
    bool made_authority = false;
};

// Loads both keys, and makes new ones where there are none; the authority's public key is written beside its secret one
// where it is missing. A new authority is never made beside the public key of another: that is not_found, of the secret
// one.
// Requires: no path is empty.
// Errors: those of the keys' load() and save().
[[nodiscard]] XACTHUC_API detailed_result<writer_keys> load_or_make_keys(const key_files& files);

}  // namespace xacthuc::inline v0_1
