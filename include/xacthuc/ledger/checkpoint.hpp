// SPDX-License-Identifier: Apache-2.0
// Checkpoints: what a log says of itself, its name, how many entries it has and the root of the tree over them, in a
// signed note.
// Source: C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/ledger/merkle_tree.hpp>
#include <xacthuc/note/signed_note.hpp>

namespace xacthuc::inline v0_1 {

struct checkpoint {
    std::string origin;  // one line: what tells this log from all others
    std::uint64_t size = 0;
    tree_hash root{};
    std::string extensions{};  // further lines, each with its line feed; no others know what they say

    // The note's text.
    [[nodiscard]] XACTHUC_API std::string text() const;

    friend bool operator==(const checkpoint&, const checkpoint&) = default;
};

// Reads a note's text.
// Errors: checkpoint_syntax.
[[nodiscard]] XACTHUC_API result<checkpoint> parse_checkpoint(std::string_view text);

// Reads a note and believes it when the log has signed it.
// Errors: note_syntax; checkpoint_syntax (also: of another origin); bad_signature.
[[nodiscard]] XACTHUC_API result<checkpoint> open_checkpoint(std::string_view note, std::string_view origin,
                                                             const note_verifier& log);

}  // namespace xacthuc::inline v0_1
