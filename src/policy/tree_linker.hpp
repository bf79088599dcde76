// SPDX-License-Identifier: Apache-2.0
// Puts frameworks together and finds what does not fit: first who is built on whom, then who is below whom, then, from
// the top down, what each may do.
#pragma once

#include "policy/tree_state.hpp"

namespace xacthuc::inline v0_1 {

class tree_linker {
  public:
    tree_linker(policy_tree_state& to, const policy_check_options& options, policy_faults& faults)
        : to_{to}, options_{options}, faults_{faults} {}

    void link();

  private:
    void fault(const framework& in, std::uint32_t line, std::string what);
    [[nodiscard]] static std::string place(const framework& in, std::uint32_t line);

    [[nodiscard]] const linked_framework* find_framework(std::string_view name) const;
    void link_frameworks();
    void link_framework(const framework& text);
    void check_base(const framework& text, const linked_framework& base);
    void check_signatures();
    [[nodiscard]] const note_verifier* signer_of(const linked_framework& of) const;

    void take_procedures(const linked_framework& nation);
    void check_rule(const rule& made, const stated_fields& by, const framework& in, std::uint32_t line,
                    std::string_view procedure);

    void take_agencies(const linked_framework& from);
    void find_parents();
    [[nodiscard]] std::string_view parent_name(const linked_agency& of) const;
    void check_standing(const linked_agency& of);
    void check_depth(const linked_agency& of);

    void descend(linked_agency& at);
    void take_may(linked_agency& at);
    void take_rules(linked_agency& at);
    void tailor(const linked_agency& at, const tailoring& by, std::vector<rule>& rules);
    void narrow(const linked_agency& at, std::size_t place, const stated_fields& by, std::uint32_t line,
                std::string_view procedure, rule& made);

    policy_tree_state& to_;
    const policy_check_options& options_;
    policy_faults& faults_;
};

}  // namespace xacthuc::inline v0_1
