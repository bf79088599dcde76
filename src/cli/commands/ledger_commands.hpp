// SPDX-License-Identifier: Apache-2.0
// The subcommands of "xacthuc ledger", and what those that need nothing but the public log have on their command lines.
#pragma once

#include <CLI/CLI.hpp>
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/ledger/witness.hpp>
#include <xacthuc/note/signed_note.hpp>
#include <xacthuc/policy/framework.hpp>

#include "cli/exit_code.hpp"
#include "cli/output/telling.hpp"

namespace xacthuc::cli {

using add_ledger_subcommand = void(CLI::App& ledger, exit_code& status);
add_ledger_subcommand add_ledger_verify, add_ledger_tail, add_ledger_proof, add_ledger_receipt,
    add_ledger_verify_receipt, add_ledger_history, add_ledger_bill, add_ledger_forget, add_ledger_prune;
inline constexpr std::array ledger_subcommands{add_ledger_verify,  add_ledger_tail,           add_ledger_proof,
                                               add_ledger_receipt, add_ledger_verify_receipt, add_ledger_history,
                                               add_ledger_bill,    add_ledger_forget,         add_ledger_prune};

// A public log, as an outsider names it.
struct public_log_options {
    bool json = false;
    std::string path;
    std::string key;
    std::string origin;
};

// Requires: `into` outlives the subcommand.
void add_public_log(CLI::App& subcommand, public_log_options& into);

struct public_log {
    std::filesystem::path folder;
    std::string origin;
    note_verifier key;
};

// Throws command_error.
[[nodiscard]] public_log public_log_of(const public_log_options& options);
// Throws command_error where there is no ledger in an owner's folder.
void check_is_ledger(const std::filesystem::path& folder);
// A ledger's public key, given as text or as a file that has it. Throws command_error.
[[nodiscard]] note_verifier verifier_key_of(const std::string& given);

// Whose cosignatures are believed, as an outsider says it.
struct witness_options {
    std::vector<std::string> keys;
    std::string file;
    std::optional<std::size_t> quorum;
    std::optional<std::uint64_t> staleness_max_s;
};
// Requires: `into` outlives the subcommand.
void add_witness_options(CLI::App& subcommand, witness_options& into);
// Throws command_error.
[[nodiscard]] witness_policy witness_policy_of(const witness_options& options);

// "name birth_date"
[[nodiscard]] std::string names_of_claims(claim_mask mask);

// The value, or what is wrong with a log thrown as a command_error: a checkpoint that is no note is not to be trusted.
template <class T>
[[nodiscard]] T take_of_log(detailed_result<T>&& from) {
    if (from.has_error() && from.error().code == errc::note_syntax)
        throw command_error{exit_code::not_trusted, from.error().message()};
    return take(std::move(from));
}

// What files of rules or tariffs say, or all their faults told and a command_error thrown.
template <class T>
[[nodiscard]] T take_of_file(policy_result<T>&& from) {
    if (from) return std::move(*from);
    const auto faults = from.error();
    for (const auto& each : faults) say("{}", each.message());
    throw command_error{exit_code::usage, fmt::format("{} {} in {}", faults.size(),
                                                      faults.size() == 1 ? "fault" : "faults", faults.front().at.file)};
}

}  // namespace xacthuc::cli
