// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>
#include <xacthuc/ed25519/verify.hpp>
#include <xacthuc/ledger/receipt.hpp>
#include <xacthuc/ledger/tlog_proof.hpp>

#include "ledger/byte_cursor.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::string_view receipt_magic = "xt-rcpt1";
constexpr std::size_t path_max = 64;

[[nodiscard]] std::array<std::byte, row_bytes> bytes_of(const ledger_row& row) {
    std::array<std::byte, row_bytes> bytes;
    encode_row(row, bytes);
    return bytes;
}

// Whether the row stands in its entry.
[[nodiscard]] bool is_in_entry(const receipt& shown) {
    const auto root = included_root(tree_leaf(bytes_of(shown.row)), shown.row_index, shown.leaf.rows, shown.row_path);
    return root && *root == shown.leaf.rows_root;
}

}  // namespace

std::string receipt::encode() const {
    tlog_proof proof{.extra = {}, .index = leaf_index, .hashes = leaf_path, .note = note};
    byte_writer to{proof.extra};
    to.bytes(std::as_bytes(std::span{receipt_magic}));
    to.bytes(bytes_of(row));
    to.number(row_index, 8);
    to.number(row_path.size(), 1);
    for (const auto& hash : row_path) to.bytes(hash);
    to.bytes(leaf.encode());
    return proof.encode();
}

result<receipt> receipt::decode(std::string_view whole) {
    auto proof = parse_tlog_proof(whole);
    if (!proof) return proof.error();
    receipt read;
    read.leaf_index = proof->index;
    read.leaf_path = std::move(proof->hashes);
    read.note = std::move(proof->note);
    byte_reader from{proof->extra};
    std::array<std::byte, receipt_magic.size()> name{};
    from.copy(name);
    std::array<std::byte, row_bytes> row{};
    from.copy(row);
    read.row = decode_row(row);
    read.row_index = from.number(8);
    const auto hashes = from.number(1);
    if (hashes > path_max || !std::ranges::equal(name, std::as_bytes(std::span{receipt_magic})))
        return errc::not_of_a_ledger;
    read.row_path.resize(hashes);
    for (auto& hash : read.row_path) from.copy(hash);
    const auto leaf = group_leaf::decode(from.bytes(group_leaf_bytes));
    if (!leaf || !from.is_at_end()) return errc::not_of_a_ledger;
    read.leaf = *leaf;
    return read;
}

result<checkpoint> verify_receipt(const receipt& shown, std::string_view origin, const note_verifier& log) {
    if (!is_in_entry(shown)) return errc::ledger_damaged;
    const tlog_proof proof{.extra = {}, .index = shown.leaf_index, .hashes = shown.leaf_path, .note = shown.note};
    return check_tlog_proof(proof, tree_leaf(shown.leaf.encode()), origin, log);
}

result<receipt_verifier> receipt_verifier::make(std::string_view origin, const note_verifier& log) {
    const auto key = ed25519::verifying_key::make(log.key());
    if (!key) return key.error();
    return receipt_verifier{origin, log, key->with_comb()};
}

bool receipt_verifier::is_signed(const signed_note& note) {
    const auto* const found = note.signature_of(name_, key_id_);
    ed25519::signature signature;
    if (found == nullptr || found->bytes.size() != signature.bytes.size()) return false;
    if (note.text == text_ && found->bytes == signature_) return true;
    std::ranges::copy(found->bytes, signature.bytes.begin());
    if (!ed25519::verify(key_, std::as_bytes(std::span{note.text}), signature)) return false;
    text_ = note.text;
    signature_ = found->bytes;
    return true;
}

result<checkpoint> receipt_verifier::verify(const receipt& shown) {
    if (!is_in_entry(shown)) return errc::ledger_damaged;
    auto head = parse_checkpoint(shown.note.text);
    if (!head) return head.error();
    if (head->origin != origin_) return errc::checkpoint_syntax;
    if (!is_signed(shown.note)) return errc::bad_signature;
    if (included_root(tree_leaf(shown.leaf.encode()), shown.leaf_index, head->size, shown.leaf_path) != head->root)
        return errc::log_proof_syntax;
    return head;
}

}  // namespace xacthuc::inline v0_1
