// SPDX-License-Identifier: Apache-2.0
// Reads a log that somebody writes, from its files: entries, and proofs for those who have none of the files.
// Source: C2SP tlog-tiles (https://c2sp.org/tlog-tiles).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/ledger/checkpoint.hpp>
#include <xacthuc/ledger/merkle_tree.hpp>
#include <xacthuc/ledger/tlog_proof.hpp>
#include <xacthuc/note/signed_note.hpp>

namespace xacthuc::inline v0_1 {

// A log as of a checkpoint. Its writer may go on meanwhile.
// Concurrency: single thread.
class log_reader {
  public:
    // Errors: not_found; io; note_syntax; checkpoint_syntax (also: of another origin); bad_signature; damaged_log (the
    // tiles at the edge do not have the checkpoint's root).
    [[nodiscard]] XACTHUC_API static detailed_result<log_reader> open(const std::filesystem::path& directory,
                                                                      std::string_view origin,
                                                                      const note_verifier& log);
    XACTHUC_API log_reader(log_reader&&) noexcept;
    XACTHUC_API log_reader& operator=(log_reader&&) noexcept;
    XACTHUC_API ~log_reader();

    // The checkpoint, and its note with all signatures.
    [[nodiscard]] XACTHUC_API const checkpoint& head() const noexcept;
    [[nodiscard]] XACTHUC_API const signed_note& note() const noexcept;

    // An entry; that it stands in the tree is made sure of.
    // Requires: index < head().size.
    // Errors: not_found (also: pruned); io; damaged_log.
    [[nodiscard]] XACTHUC_API detailed_result<std::vector<std::byte>> entry(std::uint64_t index);
    // That it stands in the tree.
    // Requires: index < head().size.
    // Errors: not_found (also: pruned); io; damaged_log.
    [[nodiscard]] XACTHUC_API detailed_result<tlog_proof> prove(std::uint64_t index);
    // That the tree continues the one that it was at a size.
    // Requires: 1 <= from <= head().size.
    // Errors: not_found (also: pruned); io; damaged_log.
    [[nodiscard]] XACTHUC_API detailed_result<std::vector<tree_hash>> prove_consistency(std::uint64_t from);

  private:
    struct impl;
    explicit log_reader(std::unique_ptr<impl> of) noexcept;

    std::unique_ptr<impl> impl_;
};

}  // namespace xacthuc::inline v0_1
