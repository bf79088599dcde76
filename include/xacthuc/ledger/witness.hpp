// SPDX-License-Identifier: Apache-2.0
// Witnesses: outsiders who cosign a log's checkpoints when each continues the one before it. How many of them must have
// done so, and how long ago at most, is the log's policy.
//
//   prepare()   on the thread that owns the log: for each witness the proof from where it was last known to be
//   ask()       on any thread: blocks for the network, up to the policy's timeout
//   take()      on the owner's thread again: the cosignatures that are right; a witness that is elsewhere than it was
//               thought to be is asked from there the next time
//
// Source: C2SP tlog-witness (https://c2sp.org/tlog-witness).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/ledger/checkpoint.hpp>
#include <xacthuc/ledger/cosignature.hpp>
#include <xacthuc/ledger/merkle_tree.hpp>
#include <xacthuc/note/signed_note.hpp>
#include <xacthuc/policy/framework.hpp>

namespace xacthuc::inline v0_1 {

// Whom a log asks, and how much of an answer it takes.
struct witness_policy {
    struct witness {
        cosigner who;
        // The submission prefix, "http://host[:port][/path]". Whoever needs TLS puts a proxy on this machine.
        std::string url;
    };

    std::vector<witness> witnesses{};
    std::size_t quorum = 0;  // that many of them
    std::chrono::seconds staleness_max{3600};
    std::chrono::milliseconds timeout{5000};

    // Reads a file of TOML:
    //
    //   quorum = 2                  so many of the witnesses below
    //   staleness_max_s = 3600      how long ago at most they may have cosigned [3600]
    //   timeout_ms = 5000           how long an answer is waited for [5000]
    //
    //   [[witness]]
    //   key = "w.example+5a6b7c8d+BI…"
    //   url = "http://127.0.0.1:8080/"
    //
    // Errors: all that is wrong with the text, each with its line.
    [[nodiscard]] XACTHUC_API static policy_result<witness_policy> parse(std::string_view text, std::string file);
    // Errors: likewise, and that it cannot be read.
    [[nodiscard]] XACTHUC_API static policy_result<witness_policy> load(const std::filesystem::path& file);

    // The time since when `quorum` of the witnesses have seen this checkpoint; nothing when fewer have cosigned it.
    // Returns seconds since 1970, UINT64_MAX where none are needed.
    [[nodiscard]] XACTHUC_API std::optional<std::uint64_t> witnessed_at(const signed_note& note) const;
    // Whether that is not too long ago.
    // Units: now_s in seconds since 1970.
    [[nodiscard]] XACTHUC_API bool is_fresh(const signed_note& note, std::uint64_t now_s) const;
};

// Concurrency: ask() any number of threads; everything else single thread.
class witness_round {
  public:
    struct request {
        std::size_t witness;  // in the policy
        std::string body;
    };
    struct answer {
        std::size_t witness;
        unsigned status;   // of HTTP; 0 where there was no answer
        std::string body;  // or why there was none
    };
    // Makes a consistency proof, from at least 1 up to the checkpoint's size.
    using prover = std::function<detailed_result<std::vector<tree_hash>>(std::uint64_t from, std::uint64_t to)>;

    // Nothing is known of where the witnesses are: the first answer tells.
    XACTHUC_API explicit witness_round(witness_policy policy);

    [[nodiscard]] const witness_policy& policy() const noexcept { return policy_; }

    // What is asked of each witness about this checkpoint.
    // Requires: the note is a checkpoint that the log has signed.
    // Errors: checkpoint_syntax; the prover's.
    [[nodiscard]] XACTHUC_API detailed_result<std::vector<request>> prepare(const signed_note& note,
                                                                            const prover& prove) const;
    // Asks all at once.
    // Requires: witnesses of the policy.
    // Concurrency: blocking on the network, for the policy's timeout at most.
    // Exceptions: std::invalid_argument for another witness.
    [[nodiscard]] XACTHUC_API std::vector<answer> ask(std::span<const request> requests) const;
    // The right cosignatures among the answers.
    // Requires: witnesses of the policy.
    // Returns them, and what was wrong with the others by witness_refused.
    // Exceptions: as ask().
    struct outcome {
        std::vector<note_signature> cosignatures{};
        std::vector<failure> failures{};
        std::vector<std::size_t> to_repeat{};  // witnesses that have said where they are, and can be asked from there
    };
    [[nodiscard]] XACTHUC_API outcome take(const signed_note& note, std::span<const answer> answers);

    // All of the above for a log whose owner can wait, a second time where that is worth it.
    // Concurrency: as ask().
    // Errors: as prepare().
    [[nodiscard]] XACTHUC_API detailed_result<outcome> run(const signed_note& note, const prover& prove);

  private:
    witness_policy policy_;
    std::vector<std::uint64_t> sizes_;  // by witness: of the last checkpoint that it has cosigned, as far as is known
};

}  // namespace xacthuc::inline v0_1
