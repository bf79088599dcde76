// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <xacthuc/policy/policy_tree.hpp>

#include "policy/tree_linker.hpp"
#include "policy/tree_state.hpp"

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] std::optional<std::uint16_t> number_of(std::string_view text) noexcept {
    std::uint16_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return number;
}

template <class Text>
[[nodiscard]] const Text* find_text(std::span<const Text* const> all, std::string_view name_or_number) noexcept {
    const auto number = number_of(name_or_number);
    const auto found = std::ranges::find_if(
        all, [&](const Text* each) { return number ? each->number == *number : each->name == name_or_number; });
    return found == all.end() ? nullptr : *found;
}

}  // namespace

policy_tree::policy_tree(std::unique_ptr<policy_tree_state> s) noexcept : state_{std::move(s)} {}
policy_tree::policy_tree(policy_tree&&) noexcept = default;
policy_tree& policy_tree::operator=(policy_tree&&) noexcept = default;
policy_tree::~policy_tree() = default;

policy_result<policy_tree> policy_tree::link(std::vector<framework> frameworks, const policy_check_options& options) {
    if (frameworks.empty()) return policy_faults{{{"policy", 0}, "there is no framework"}};
    auto made = std::make_unique<policy_tree_state>();
    made->texts = std::move(frameworks);
    policy_faults faults;
    tree_linker{*made, options, faults}.link();
    if (!faults.empty()) return faults;
    return policy_tree{std::move(made)};
}

std::span<const framework> policy_tree::frameworks() const noexcept {
    return state_->texts;
}
std::span<const agency_text* const> policy_tree::agencies() const noexcept {
    return state_->agency_texts;
}
std::span<const procedure_text* const> policy_tree::procedures() const noexcept {
    return state_->procedures;
}

const agency_text* policy_tree::find_agency(std::string_view name_or_number) const noexcept {
    return find_text(agencies(), name_or_number);
}

const procedure_text* policy_tree::find_procedure(std::string_view name_or_number) const noexcept {
    return find_text(procedures(), name_or_number);
}

const linked_agency* policy_tree_state::node_of(const agency_text& agency) const noexcept {
    return std::ranges::lower_bound(agencies, agency.number, {}, [](const auto& a) { return a->text->number; })->get();
}

std::size_t policy_tree_state::place_of(const procedure_text& procedure) const noexcept {
    return static_cast<std::size_t>(
        std::ranges::lower_bound(procedures, procedure.number, {}, &procedure_text::number) - procedures.begin());
}

rule policy_tree::rule_of(const agency_text& agency, const procedure_text& procedure) const noexcept {
    const auto& node = *state_->node_of(agency);
    if (node.suspended) return {.refusal = outcome::agency_suspended};
    const auto place = state_->place_of(procedure);
    if (!(*node.may)[place]) return {.refusal = outcome::not_permitted};
    auto made = (*node.rules)[place];
    made.delegate_depth = agency.delegate_depth;
    return made;
}

explained_field policy_tree_state::decided(const linked_agency* agency, std::size_t place, rule_field field) const {
    const auto number = static_cast<std::size_t>(field);
    const auto& name = procedures[place]->name;
    const auto made = [&](const framework& in, std::uint32_t line, const rule& by) {
        return explained_field{field, text_of(by, field), {in.file, line}, in.name};
    };
    const auto& now = agency == nullptr ? national[place] : (*agency->rules)[place];
    // From the agency up, the first whose framework states the value that holds.
    for (const auto* at = agency; at != nullptr; at = at->parent) {
        if (at->own == nullptr) continue;
        const auto& in = *at->own->text;
        for (const auto& each : in.tailorings)
            if (each.procedure == name && each.asks.states(field) && with_field(now, field, each.asks.values) == now)
                return made(in, each.asks.lines[number], now);
        if (in.valid.states(field) && with_field(now, field, in.valid.values) == now)
            return made(in, in.valid.lines[number], now);
    }
    const auto& nation = *frameworks.front()->text;
    const auto& of = procedures[place]->asks;
    if (!of.states(field) && nation.valid.states(field)) return made(nation, nation.valid.lines[number], now);
    return made(nation, of.states(field) ? of.lines[number] : procedures[place]->line, now);
}

explanation policy_tree::explain(const agency_text& agency, const procedure_text& procedure) const {
    const auto& node = *state_->node_of(agency);
    const auto place = state_->place_of(procedure);
    explanation made;
    made.by = rule_of(agency, procedure);
    made.agency = &agency;
    made.procedure = &procedure;
    made.frameworks.push_back(state_->frameworks.front()->text->name);
    std::vector<const linked_agency*> chain;
    for (const auto* at = &node; at != nullptr; at = at->parent) chain.push_back(at);
    std::ranges::reverse(chain);
    // Where it was cut off, or else the last that lists what may be used.
    bool is_cut_off = false;
    for (const auto* each : chain) {
        made.agencies.push_back(each->text->name);
        if (each->own != nullptr) made.frameworks.push_back(each->own->text->name);
        if (is_cut_off) continue;
        const bool suspends = each->text->suspended && made.by.refusal == outcome::agency_suspended;
        if (suspends)
            made.permitted_at = {each->declared_in->text->file, each->text->line};
        else if (each->text->may)
            made.permitted_at = {each->declared_in->text->file, each->text->may_line};
        is_cut_off = suspends || (!(*each->may)[place] && made.by.refusal == outcome::not_permitted);
    }
    if (made.by.refusal != outcome::verified) return made;
    for (const auto field : all_rule_fields()) {
        if (field == rule_field::delegate_depth) {
            const auto line = agency.delegate_depth_line == 0 ? agency.line : agency.delegate_depth_line;
            made.fields.push_back(
                {field, text_of(made.by, field), {node.declared_in->text->file, line}, node.declared_in->text->name});
        } else {
            made.fields.push_back(state_->decided(&node, place, field));
        }
    }
    return made;
}

}  // namespace xacthuc::inline v0_1
