// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <xacthuc/ledger/tlog_proof.hpp>

#include "ledger/hash_line.hpp"
#include "note/base64.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1";
constexpr std::string_view extra_word = "extra ";
constexpr std::string_view index_word = "index ";
constexpr std::size_t proof_hashes_max = 64;  // of a tree of less than 2^64 entries

}  // namespace

std::string tlog_proof::encode() const {
    auto whole = std::string{first_line} + '\n';
    if (!extra.empty()) whole.append(extra_word).append(base64_of(extra)).append("\n");
    whole.append(index_word).append(std::to_string(index)).append("\n");
    for (const auto& hash : hashes) whole.append(base64_of_hash(hash)).append("\n");
    return whole + '\n' + note.encode();
}

result<tlog_proof> parse_tlog_proof(std::string_view whole) {
    tlog_proof proof;
    if (take_line(whole) != first_line) return errc::log_proof_syntax;
    auto line = take_line(whole);
    if (line && line->starts_with(extra_word)) {
        const auto bytes = bytes_of_base64(line->substr(extra_word.size()));
        if (!bytes || bytes->empty()) return errc::log_proof_syntax;
        proof.extra = *bytes;
        line = take_line(whole);
    }
    if (!line || !line->starts_with(index_word)) return errc::log_proof_syntax;
    const auto index = number_of_decimal(line->substr(index_word.size()));
    if (!index) return errc::log_proof_syntax;
    proof.index = *index;
    for (line = take_line(whole); line && !line->empty(); line = take_line(whole)) {
        const auto hash = hash_of_base64(*line);
        if (!hash || proof.hashes.size() == proof_hashes_max) return errc::log_proof_syntax;
        proof.hashes.push_back(*hash);
    }
    if (!line) return errc::log_proof_syntax;
    auto note = parse_note(whole);
    if (!note) return note.error();
    if (const auto head = parse_checkpoint(note->text); !head) return head.error();
    proof.note = std::move(*note);
    return proof;
}

result<checkpoint> check_tlog_proof(const tlog_proof& proof, const tree_hash& leaf, std::string_view origin,
                                    const note_verifier& log) {
    auto head = parse_checkpoint(proof.note.text);
    if (!head) return head.error();
    if (head->origin != origin) return errc::checkpoint_syntax;
    if (!proof.note.is_signed_by(log)) return errc::bad_signature;
    if (included_root(leaf, proof.index, head->size, proof.hashes) != head->root) return errc::log_proof_syntax;
    return head;
}

}  // namespace xacthuc::inline v0_1
