// SPDX-License-Identifier: Apache-2.0
// What a ledger's owner keeps beside it, in the ledger's folder:
//
//   ledger.key        the secret half of its key, for the owner only; not there where the host keeps it
//   ledger.vkey       the other half, to give away: a verifier key, whose name is the ledger's origin
//   witnesses.toml    whose cosignatures are asked for, where there are any: witness.hpp
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/ledger/ledger.hpp>
#include <xacthuc/registry/authority.hpp>

namespace xacthuc::inline v0_1 {

// What the ledger in a folder is opened with. Where there is none the folder is made, and a key unless one is given; it
// is begun under this origin. Otherwise the origin may be empty, or has to be the ledger's, and so has the key.
// Errors: note_name (a new ledger has no origin, or one that is no name); ledger_mismatch (the ledger has another
// origin, or another key); not_found (the key); file_permissions; damaged_header; note_key (of ledger.vkey);
// settings_faults (of witnesses.toml, a line each); io; disk_full.
// Exceptions: std::bad_alloc.
[[nodiscard]] XACTHUC_API detailed_result<ledger_options> ledger_options_in(
    const std::filesystem::path& folder, std::string_view origin = {}, const std::optional<authority_key>& key = {});

// The key that a ledger gives away: that of ledger.vkey.
// Errors: not_found; note_key.
[[nodiscard]] XACTHUC_API detailed_result<note_verifier> ledger_verifier_in(const std::filesystem::path& folder);

}  // namespace xacthuc::inline v0_1
