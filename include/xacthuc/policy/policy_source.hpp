// SPDX-License-Identifier: Apache-2.0
// Policies as programs are given them: a folder of frameworks, one of them, or a compiled policy; and single questions
// to them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/status.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/note/signed_note.hpp>
#include <xacthuc/policy/policy_table.hpp>
#include <xacthuc/policy/policy_tree.hpp>
#include <xacthuc/policy/rule.hpp>

namespace xacthuc::inline v0_1 {

// Where a policy is, and how it is to be trusted.
struct policy_source {
    // A file that ends in .xtp is a compiled policy; anything else, frameworks.
    std::filesystem::path path;
    // Who signs the national framework; without one, frameworks need not be signed. Of a compiled policy nobody's
    // signature is looked at: whoever compiled it did.
    std::optional<note_verifier> root{};
    std::uint16_t today = first_policy_day;  // as policy_check_options has it
};

// A policy to ask.
struct loaded_policy {
    std::shared_ptr<const policy_table> table;
    std::optional<policy_tree> tree;  // none of a compiled policy, which has forgotten who decided what
};

// Whether it is the path of a compiled policy.
[[nodiscard]] XACTHUC_API bool is_compiled_policy(const std::filesystem::path& path);
// Errors: framework_faults, with every fault on a line of its own; those of policy_table::load().
// Exceptions: std::bad_alloc.
[[nodiscard]] XACTHUC_API detailed_result<loaded_policy> load_policy(const policy_source& from);

// A question without the citizen.
struct policy_question {
    std::uint16_t agency = 0;
    std::uint16_t procedure = 0;
    claim_mask claims = 0;
    proof_mask proofs = 0;
    account_level level = account_level::unknown;  // of the holder
    std::uint16_t day = first_policy_day;          // as policy_day_of()
};
// Whether policy lets it be asked: verified, or the first reason against it, in the order of permits() and then the
// level.
// Complexity: constant.
// Concurrency: wait-free.
[[nodiscard]] inline outcome decide(const policy_table& by, const policy_question& asked) noexcept {
    const auto& found = by.of(asked.agency, asked.procedure);
    const auto allowed = permits(found, {.claims = asked.claims, .proofs = asked.proofs, .day = asked.day});
    if (allowed != outcome::verified || permits_level(found, asked.level)) return allowed;
    return outcome::account_level_too_low;
}

// Who decided what an agency may do by a procedure.
// Requires: the policy outlives the explanation.
// Errors: not_in_policy: no agency or procedure of this name or number, or no frameworks, as it is a compiled one.
// Exceptions: std::bad_alloc.
[[nodiscard]] XACTHUC_API detailed_result<explanation> explain(const loaded_policy& policy,
                                                               std::string_view agency_name_or_number,
                                                               std::string_view procedure_name_or_number);

}  // namespace xacthuc::inline v0_1
