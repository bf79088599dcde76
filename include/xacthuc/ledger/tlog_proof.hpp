// SPDX-License-Identifier: Apache-2.0
// A proof in a file of its own that an entry stands in a log: whoever has the log's key, and those of the witnesses
// whom he believes, needs nothing else. Source: C2SP tlog-proof (https://c2sp.org/tlog-proof).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/ledger/checkpoint.hpp>
#include <xacthuc/ledger/merkle_tree.hpp>
#include <xacthuc/note/signed_note.hpp>

namespace xacthuc::inline v0_1 {

struct tlog_proof {
    std::vector<std::byte> extra{};  // of the application's own; nothing vouches for it
    std::uint64_t index = 0;
    std::vector<tree_hash> hashes{};
    signed_note note{};  // the checkpoint

    // The whole file.
    [[nodiscard]] XACTHUC_API std::string encode() const;

    friend bool operator==(const tlog_proof&, const tlog_proof&) = default;
};

// Reads a file.
// Errors: log_proof_syntax; note_syntax; checkpoint_syntax.
[[nodiscard]] XACTHUC_API result<tlog_proof> parse_tlog_proof(std::string_view whole);

// The checkpoint, when the log has signed it and the entry of this leaf hash stands in its tree. That witnesses have
// cosigned it is for witness_policy to say.
// Errors: checkpoint_syntax (also: of another origin); bad_signature; log_proof_syntax (the hashes do not lead to its
// root).
[[nodiscard]] XACTHUC_API result<checkpoint> check_tlog_proof(const tlog_proof& proof, const tree_hash& leaf,
                                                              std::string_view origin, const note_verifier& log);

}  // namespace xacthuc::inline v0_1
