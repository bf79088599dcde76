// SPDX-License-Identifier: Apache-2.0
// A log that anyone can check: entries in bundles, the tree over them in tiles, and a checkpoint that its key signs.
// The files are the public interface, as C2SP tlog-tiles has it; `intended` and `log.lock` beside them are the log's
// own.
//
//   append()  in memory
//   integrate()
//     entries and tiles written, each synced | their folders synced
//     intended: the checkpoint's text, replaced and synced      from here on this size has this root and no other
//     the checkpoint signed, replaced, synced
//
// Whatever ends it on the way, the next open() finds the intended tree whole and signs that, or finds the one before it
// intended, and nobody has a signature for more. So there are never two roots for one size.
// Source: C2SP tlog-tiles (https://c2sp.org/tlog-tiles).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <xacthuc/ledger/checkpoint.hpp>
#include <xacthuc/note/signed_note.hpp>

#include "ledger/tile_tree.hpp"

namespace xacthuc::inline v0_1 {

struct log_identity {
    std::string origin;
    note_verifier verifier;  // its name is best the origin
    note_signer signer;
};

// Concurrency: single thread; one log at a time in all processes.
class tile_log {
  public:
    // Opens the log in a folder, or begins one where there is none: then with a checkpoint of no entries.
    // Errors: not_found (what the folder would stand in); io; disk_full; log_locked; damaged_log; bad_signature (its
    // checkpoint is not of this key, or the signer's signatures are not); note_syntax; checkpoint_syntax.
    [[nodiscard]] static detailed_result<tile_log> open(const file_calls& calls, const std::filesystem::path& directory,
                                                        log_identity identity);

    // Puts entries after the others; they are in the log after the next integrate(). Returns the first one's index.
    // Requires: each has at most entry_bytes_max bytes.
    // Errors: log_stopped.
    [[nodiscard]] detailed_result<std::uint64_t> append(std::span<const std::span<const std::byte>> entries);
    [[nodiscard]] detailed_result<std::uint64_t> append(std::span<const std::byte> entry) {
        return append(std::span{&entry, 1});
    }
    // Makes what was appended durable and publishes the checkpoint over it. After an error nothing can be said of what
    // the disk holds, so the log stops: proofs are still had, everything else fails until it is opened again.
    // Errors: io; disk_full; bad_signature; log_stopped.
    [[nodiscard]] detailed_result<void> integrate();
    // Adds others' signatures to the published checkpoint, in place of such of the same key.
    // Errors: as integrate().
    [[nodiscard]] detailed_result<void> cosign(std::span<const note_signature> cosignatures);

    // The index that the next entry gets.
    [[nodiscard]] std::uint64_t size() const noexcept { return tree_.size(); }
    // What is published: the checkpoint, and its note with all signatures.
    [[nodiscard]] const checkpoint& head() const noexcept { return head_; }
    [[nodiscard]] std::string published() const { return note_.encode(); }
    [[nodiscard]] const signed_note& published_note() const noexcept { return note_; }
    [[nodiscard]] bool is_stopped() const noexcept { return stopped_.has_value(); }

    // Requires: index < size().
    // Errors: io; not_found; damaged_log (what the file has is not the entry of the tree).
    [[nodiscard]] detailed_result<std::vector<std::byte>> read_entry(std::uint64_t index);
    // The root of the tree that the log had at this size.
    // Requires: size <= this->size().
    // Complexity: the logarithm of the size, and up to so many files that are read.
    // Errors: io; not_found; damaged_log (a tile is not what stands above it).
    [[nodiscard]] detailed_result<tree_hash> root_of(std::uint64_t size);
    // Requires: index < size <= this->size().
    // Errors: as root_of().
    [[nodiscard]] detailed_result<std::vector<tree_hash>> prove_inclusion(std::uint64_t index, std::uint64_t size);
    // Requires: 1 <= from <= to <= this->size().
    // Errors: as root_of().
    [[nodiscard]] detailed_result<std::vector<tree_hash>> prove_consistency(std::uint64_t from, std::uint64_t to);

  private:
    tile_log(tile_files files, log_identity identity, open_file lock)
        : tree_{std::move(files)}, identity_{std::move(identity)}, lock_{std::move(lock)} {}

    [[nodiscard]] detailed_result<void> begin();
    [[nodiscard]] detailed_result<void> resume(std::string_view intended);
    [[nodiscard]] detailed_result<void> take_published(const checkpoint& intended);
    [[nodiscard]] detailed_result<void> intend_and_publish();
    [[nodiscard]] detailed_result<void> publish(checkpoint head);
    [[nodiscard]] detailed_result<void> stop_if_failed(detailed_result<void> done);
    [[nodiscard]] tile_files& files() noexcept { return tree_.files(); }

    tile_tree tree_;
    log_identity identity_;
    open_file lock_;
    std::optional<failure> stopped_;
    checkpoint head_;   // published
    signed_note note_;  // of it
};

}  // namespace xacthuc::inline v0_1
