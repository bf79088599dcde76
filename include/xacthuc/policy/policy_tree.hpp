// SPDX-License-Identifier: Apache-2.0
// Frameworks put together: the national one, and those of agencies that narrow it, each checked against the one it is
// built on. From it come the table that requests are looked up in, and explanations of who decided what.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/policy/framework.hpp>
#include <xacthuc/policy/rule.hpp>

namespace xacthuc::inline v0_1 {

// What frameworks are checked for.
struct policy_check_options {
    // The day for which it is checked, as policy_day_of(): nothing may be built on a framework that has ended.
    std::uint16_t today = first_policy_day;
    // Who signs the national framework. Without one no framework need be signed; with one each has to be: that of an
    // agency by the key that its parent's framework names for it, or where it names none by the parent's own.
    std::optional<note_verifier> root{};
};

// One field of a rule, and who decided it.
struct explained_field {
    rule_field field{};
    std::string value;
    source_place decided_at;
    std::string framework;
};

// What an agency may do by a procedure, and why.
struct explanation {
    rule by;                                    // what holds
    std::vector<std::string> agencies;          // from the national one's agency down to this one
    std::vector<std::string> frameworks;        // that have a say, from the national one down
    const procedure_text* procedure = nullptr;  // borrowed from the tree
    const agency_text* agency = nullptr;
    source_place permitted_at;            // where the agency got the procedure, or what lists those it has
    std::vector<explained_field> fields;  // empty where nothing may be asked
};

struct policy_tree_state;

class policy_tree {
  public:
    // Complexity: linear in the texts, and agencies times procedures times depth.
    // Errors: no national framework or two; a name, an agency's number or a procedure's taken twice; a base that is not
    // there, or of another version or hash; a base that has ended; an agency below one that may not delegate so far;
    // a procedure that the parent may not use; a field that is wider than the parent's; must_ask that is not within
    // may_ask; a level or consent of the holder without her proof; what is valid on no day; no signature, or one of
    // somebody else. Each names the place and both values.
    // Exceptions: std::bad_alloc.
    [[nodiscard]] XACTHUC_API static policy_result<policy_tree> link(std::vector<framework> frameworks,
                                                                     const policy_check_options& options = {});
    XACTHUC_API policy_tree(policy_tree&&) noexcept;
    XACTHUC_API policy_tree& operator=(policy_tree&&) noexcept;
    XACTHUC_API ~policy_tree();

    // As they were given.
    [[nodiscard]] XACTHUC_API std::span<const framework> frameworks() const noexcept;
    // In the order of their numbers.
    [[nodiscard]] XACTHUC_API std::span<const agency_text* const> agencies() const noexcept;
    [[nodiscard]] XACTHUC_API std::span<const procedure_text* const> procedures() const noexcept;
    // By number as text, or by name; null when there is none.
    // Complexity: linear.
    [[nodiscard]] XACTHUC_API const agency_text* find_agency(std::string_view name_or_number) const noexcept;
    // The same.
    [[nodiscard]] XACTHUC_API const procedure_text* find_procedure(std::string_view name_or_number) const noexcept;

    // What the agency may do by the procedure: the national rule, met with what each framework on the way down says.
    // Requires: both are of this tree.
    // Complexity: logarithmic.
    [[nodiscard]] XACTHUC_API rule rule_of(const agency_text& agency, const procedure_text& procedure) const noexcept;
    // Requires: both are of this tree, which outlives the explanation.
    [[nodiscard]] XACTHUC_API explanation explain(const agency_text& agency, const procedure_text& procedure) const;

  private:
    explicit policy_tree(std::unique_ptr<policy_tree_state> s) noexcept;

    std::unique_ptr<policy_tree_state> state_;
};

}  // namespace xacthuc::inline v0_1
