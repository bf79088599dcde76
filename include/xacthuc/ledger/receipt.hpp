// SPDX-License-Identifier: Apache-2.0
// What an asker keeps of an answer: it shows by itself, to whoever has the ledger's public key, that the row stands in
// the log. A file as C2SP's tlog-proof has it, whose extra data are
//
//   magic "xt-rcpt1" 8 · row 49 · its index in the group 8 · hashes 1 · 32 each · entry 160
//
// so two ordinary proofs of inclusion: the row in the entry's rows root, and the entry in the checkpoint.
// Source: C2SP tlog-proof (https://c2sp.org/tlog-proof); RFC 6962, section 2.1.1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/ed25519/verifying_key.hpp>
#include <xacthuc/ledger/checkpoint.hpp>
#include <xacthuc/ledger/group_leaf.hpp>
#include <xacthuc/ledger/merkle_tree.hpp>
#include <xacthuc/ledger/row.hpp>
#include <xacthuc/note/signed_note.hpp>

namespace xacthuc::inline v0_1 {

struct receipt {
    ledger_row row;
    std::uint64_t row_index = 0;  // in its group
    std::vector<tree_hash> row_path{};
    group_leaf leaf;
    std::uint64_t leaf_index = 0;  // in the log
    std::vector<tree_hash> leaf_path{};
    signed_note note{};  // the checkpoint

    // The file.
    // Complexity: linear; a few microseconds.
    [[nodiscard]] XACTHUC_API std::string encode() const;
    // Reads a file.
    // Errors: log_proof_syntax; note_syntax; checkpoint_syntax; not_of_a_ledger (the extra data are no row's).
    [[nodiscard]] XACTHUC_API static result<receipt> decode(std::string_view whole);

    friend bool operator==(const receipt&, const receipt&) = default;
};

// Believes a receipt: the row stands in the entry, the entry in the checkpoint, and the ledger has signed that. Whether
// witnesses have cosigned it is for witness_policy::witnessed_at() to say of the note.
// Returns the checkpoint.
// Complexity: some sixty hashes and a signature.
// Concurrency: wait-free but for the allocator.
// Errors: ledger_damaged (the row does not stand in the entry); log_proof_syntax (the entry does not stand in the
// checkpoint); checkpoint_syntax (also: of another origin); bad_signature.
[[nodiscard]] XACTHUC_API result<checkpoint> verify_receipt(const receipt& shown, std::string_view origin,
                                                            const note_verifier& log);

// The same for who checks many: the key's comb is made once, and a signature that was right is known again, since
// receipts of an hour have few checkpoints. A value of 512 KiB.
// Concurrency: one thread each.
class receipt_verifier {
  public:
    // Complexity: a millisecond or two.
    // Errors: those of verifying_key::make().
    // Exceptions: std::bad_alloc.
    [[nodiscard]] XACTHUC_API static result<receipt_verifier> make(std::string_view origin, const note_verifier& log);

    // As verify_receipt(): the same checkpoint, and the same errors.
    // Complexity: some sixty hashes, and a signature that was not seen just before.
    // Errors: as verify_receipt().
    [[nodiscard]] XACTHUC_API result<checkpoint> verify(const receipt& shown);

  private:
    receipt_verifier(std::string_view origin, const note_verifier& log, ed25519::verifying_key key)
        : origin_{origin}, name_{log.name()}, key_id_{log.key_id()}, key_{std::move(key)} {}
    [[nodiscard]] bool is_signed(const signed_note& note);

    std::string origin_;
    std::string name_;
    std::uint32_t key_id_;
    ed25519::verifying_key key_;
    // The last that was right.
    std::string text_;
    std::vector<std::byte> signature_;
};

}  // namespace xacthuc::inline v0_1
