// SPDX-License-Identifier: Apache-2.0
// Frameworks that have been put together.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/policy/policy_tree.hpp>

namespace xacthuc::inline v0_1 {

// A framework in its place.
struct linked_framework {
    const framework* text = nullptr;
    const linked_framework* base = nullptr;  // null for the national one
    stated_fields valid;                     // of it and all that it is built on
    std::string_view agency;                 // whom it speaks for: "health/48" of "vn/health/48"; empty for the nation
};

struct linked_agency {
    const agency_text* text = nullptr;
    const linked_framework* declared_in = nullptr;
    const linked_framework* own = nullptr;  // that speaks for it; null where none does
    linked_agency* parent = nullptr;
    std::vector<linked_agency*> children;
    bool suspended = false;
    // By the procedure's place in the order of numbers; shared with the parent where nothing differs.
    std::shared_ptr<const std::vector<bool>> may;
    std::shared_ptr<const std::vector<rule>> rules;
};

struct policy_tree_state {
    std::vector<framework> texts;
    std::vector<std::unique_ptr<linked_framework>> frameworks;  // the one that others are built on first
    std::vector<std::unique_ptr<linked_agency>> agencies;       // in the order of numbers
    std::vector<const agency_text*> agency_texts;
    std::vector<const procedure_text*> procedures;  // in the order of numbers
    std::vector<rule> national;                     // of each procedure
    std::map<std::string_view, linked_agency*> agency_names;
    std::map<std::string_view, std::size_t> procedure_places;

    [[nodiscard]] const linked_agency* node_of(const agency_text& agency) const noexcept;
    [[nodiscard]] std::size_t place_of(const procedure_text& procedure) const noexcept;
    // Who decided a field of the rules that hold for the agency, or for null those of the nation.
    [[nodiscard]] explained_field decided(const linked_agency* agency, std::size_t place, rule_field field) const;
};

}  // namespace xacthuc::inline v0_1
