// SPDX-License-Identifier: Apache-2.0
// Receipts from a ledger's files alone, for its owner, also while another process writes them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/ledger/receipt.hpp>
#include <xacthuc/note/signed_note.hpp>

namespace xacthuc::inline v0_1 {

// The receipt for a row of an entry, in the published checkpoint.
// Complexity: reads the hour of the row.
// Errors: not_found (no such row, or it is pruned or forgotten, or not published yet); ledger_damaged; bad_signature;
// those of log_reader::open() and of rows.
[[nodiscard]] XACTHUC_API detailed_result<receipt> read_receipt(const std::filesystem::path& directory,
                                                                const note_verifier& log, std::uint64_t entry,
                                                                std::uint64_t row);

}  // namespace xacthuc::inline v0_1
