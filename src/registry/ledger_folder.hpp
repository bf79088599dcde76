// SPDX-License-Identifier: Apache-2.0
// What a ledger in a folder is opened with: its key, which lies beside it.
//
//   ledger.key    the secret half, only for its owner
//   ledger.vkey   the one to give away, with the ledger's name in it
#pragma once

#include <filesystem>
#include <string>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/ledger/ledger.hpp>

namespace xacthuc::inline v0_1 {

// Where there is no ledger it is begun under this origin, with a new key; an empty origin is that of the ledger that is
// there. Errors: note_name (none for a new ledger, not one of a key, or not this ledger's); note_key (ledger.vkey); io;
// those of the secret key's load() and save().
[[nodiscard]] detailed_result<ledger_options> ledger_options_in(const std::filesystem::path& folder,
                                                                std::string origin);

}  // namespace xacthuc::inline v0_1
