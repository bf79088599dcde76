// SPDX-License-Identifier: Apache-2.0
// Receipts from a ledger's files alone, for its owner, also while another process writes them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/ledger/receipt.hpp>
#include <xacthuc/note/signed_note.hpp>

namespace xacthuc::inline v0_1 {

// Who makes many: it remembers where the groups of an hour are.
// Memory: 40 bytes for each 64 KiB of the hours that were asked for, 8 MiB at most.
// Concurrency: single thread.
class receipt_reader {
  public:
    // Errors: not_found; io; ledger_damaged; those of secrets.
    [[nodiscard]] XACTHUC_API static detailed_result<receipt_reader> open(const std::filesystem::path& directory,
                                                                          const note_verifier& log);
    XACTHUC_API receipt_reader(receipt_reader&&) noexcept;
    XACTHUC_API receipt_reader& operator=(receipt_reader&&) noexcept;
    XACTHUC_API ~receipt_reader();

    // The receipt for a row of an entry, in the published checkpoint.
    // Complexity: reads and hashes the group of the entry, and not what is before it in its hour: of an hour that is
    // open the heads of groups, once, and of one that is sealed a block, a quarter of a million rows or a group more.
    // Errors: not_found (no such row, or it is pruned or forgotten, or not published yet); ledger_damaged;
    // bad_signature; those of log_reader::open() and of rows.
    // Exceptions: std::bad_alloc.
    [[nodiscard]] XACTHUC_API detailed_result<receipt> read(std::uint64_t entry, std::uint64_t row);

  private:
    struct impl;
    explicit receipt_reader(std::unique_ptr<impl> of) noexcept;

    std::unique_ptr<impl> impl_;
};

// One receipt, as receipt_reader::read() makes it.
// Complexity: as it.
// Errors: as it, and those of open().
[[nodiscard]] XACTHUC_API detailed_result<receipt> read_receipt(const std::filesystem::path& directory,
                                                                const note_verifier& log, std::uint64_t entry,
                                                                std::uint64_t row);

}  // namespace xacthuc::inline v0_1
