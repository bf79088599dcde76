// SPDX-License-Identifier: Apache-2.0
// Verifying a log from its files alone: every entry is hashed, every tile is compared with what is below it, and the
// root with the checkpoint that the log's key has signed. Whoever can read the folder, or a copy of it, can do it, also
// while the log grows. Source: C2SP tlog-tiles (https://c2sp.org/tlog-tiles).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/ledger/checkpoint.hpp>
#include <xacthuc/note/signed_note.hpp>

namespace xacthuc::inline v0_1 {

// How it is done.
struct log_verification {
    // Tiles and bundles that end at or before it may be missing: they were pruned.
    std::uint64_t minimum_index = 0;
    // Takes each entry that is there, in order. It may end the work by an exception.
    std::function<void(std::uint64_t index, std::span<const std::byte> entry)> on_entry{};
    // After each bundle, of how many entries so many are done.
    std::function<void(std::uint64_t done, std::uint64_t all)> on_progress{};
};

// What was found.
struct log_report {
    checkpoint head{};
    signed_note note{};
    std::uint64_t entries = 0;  // that were there and in the tree
    std::uint64_t files = 0;    // that were read
    // The log was about to publish more when it was last stopped; its next opening will.
    bool is_unfinished = false;
    std::vector<failure> problems{};  // of damaged_log, not_found, io: up to 100
    std::uint64_t problem_count = 0;
};

// Requires: on_entry and on_progress, where they are, do not change the folder.
// Complexity: every file is read once.
// Errors: the checkpoint's, without which nothing can be said: not_found; io; note_syntax; checkpoint_syntax (also: of
// another origin); bad_signature. Everything else is a problem in the report.
[[nodiscard]] XACTHUC_API detailed_result<log_report> verify_log(const std::filesystem::path& directory,
                                                                 std::string_view origin, const note_verifier& log,
                                                                 const log_verification& how = {});

}  // namespace xacthuc::inline v0_1
