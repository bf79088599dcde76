// SPDX-License-Identifier: Apache-2.0
#include "policy/tree_linker.hpp"

#include <algorithm>

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] std::string in_quotes(std::string_view word) {
    return '"' + std::string{word} + '"';
}

[[nodiscard]] std::uint32_t line_or(std::uint32_t line, std::uint32_t otherwise) noexcept {
    return line == 0 ? otherwise : line;
}

}  // namespace

void tree_linker::fault(const framework& in, std::uint32_t line, std::string what) {
    faults_.push_back({{in.file, line}, std::move(what)});
}

std::string tree_linker::place(const framework& in, std::uint32_t line) {
    return source_place{in.file, line}.text();
}

void tree_linker::link() {
    link_frameworks();
    if (to_.frameworks.empty()) return;
    check_signatures();
    take_procedures(*to_.frameworks.front());
    for (const auto& each : to_.frameworks) take_agencies(*each);
    find_parents();
    for (const auto& each : to_.agencies)
        if (each->parent == nullptr) descend(*each);
}

// Frameworks

const linked_framework* tree_linker::find_framework(std::string_view name) const {
    const auto found = std::ranges::find(to_.frameworks, name, [](const auto& f) { return f->text->name; });
    return found == to_.frameworks.end() ? nullptr : found->get();
}

void tree_linker::link_frameworks() {
    std::vector<const framework*> order;
    for (const auto& each : to_.texts) order.push_back(&each);
    std::ranges::stable_sort(order, {}, [](const framework* f) { return std::ranges::count(f->name, '/'); });
    for (const auto* each : order)
        if (!each->base) link_framework(*each);
    if (to_.frameworks.empty()) return fault(*order.front(), 0, "no national framework: each of these extends another");
    for (const auto* each : order)
        if (each->base) link_framework(*each);
}

void tree_linker::link_framework(const framework& text) {
    if (const auto* const same = find_framework(text.name))
        return fault(text, text.line,
                     "framework " + in_quotes(text.name) + " is also in " + place(*same->text, same->text->line));
    auto made = std::make_unique<linked_framework>();
    made->text = &text;
    made->valid = text.valid;
    if (!text.base) {
        if (!to_.frameworks.empty())
            return fault(text, text.line,
                         in_quotes(text.name) + " extends no other framework, and neither does " +
                             in_quotes(to_.frameworks.front()->text->name) + " in " +
                             to_.frameworks.front()->text->file);
        if (!text.tailorings.empty())
            fault(text, text.tailorings.front().line, "the national framework has procedures, and tailors none");
        to_.frameworks.push_back(std::move(made));
        return;
    }
    const auto* const base = find_framework(text.base->framework);
    if (base == nullptr)
        return fault(text, text.base->line, "extends " + in_quotes(text.base->framework) + ", which is not here");
    check_base(text, *base);
    made->base = base;
    made->agency =
        std::string_view{text.name}.substr(std::min(to_.frameworks.front()->text->name.size() + 1, text.name.size()));
    for (const auto field : {rule_field::valid_from, rule_field::valid_to})
        if (!text.valid.states(field)) made->valid.values = with_field(made->valid.values, field, base->valid.values);
    if (made->valid.values.valid_from > made->valid.values.valid_to)
        fault(text, text.line,
              in_quotes(text.name) + " is valid on no day: from " +
                  text_of(made->valid.values, rule_field::valid_from) + " to " +
                  text_of(made->valid.values, rule_field::valid_to));
    if (!text.procedures.empty())
        fault(text, text.procedures.front().line,
              "procedure " + in_quotes(text.procedures.front().name) + ": only the national framework has procedures");
    to_.frameworks.push_back(std::move(made));
}

void tree_linker::check_base(const framework& text, const linked_framework& base) {
    const auto& wanted = *text.base;
    const auto& found = *base.text;
    if (!text.name.starts_with(found.name + '/'))
        fault(text, text.line,
              in_quotes(text.name) + " extends " + in_quotes(found.name) + ", so its name has to begin with " +
                  in_quotes(found.name + '/'));
    if (wanted.version != found.version)
        fault(text, wanted.line,
              "extends version " + std::to_string(wanted.version) + " of " + in_quotes(found.name) + ", and " +
                  found.file + " is version " + std::to_string(found.version));
    if (wanted.sha256 != found.sha256)
        fault(text, wanted.line,
              "extends the text of " + in_quotes(found.name) + " with sha256 " + hex_of(wanted.sha256) + ", and " +
                  found.file + " has " + hex_of(found.sha256));
    if (base.valid.values.valid_to < options_.today)
        fault(text, wanted.line,
              "extends " + in_quotes(found.name) + ", which ended on " + policy_day_text(base.valid.values.valid_to) +
                  " (" + found.file + "); today is " + policy_day_text(options_.today));
    for (const auto field : {rule_field::valid_from, rule_field::valid_to})
        if (text.valid.states(field) && !narrower_in(field, text.valid.values, base.valid.values))
            fault(text, text.valid.lines[static_cast<std::size_t>(field)],
                  std::string{to_string(field)} + " is " + text_of(text.valid.values, field) + ", wider than " +
                      text_of(base.valid.values, field) + " of " + in_quotes(found.name) + " in " + found.file);
}

const note_verifier* tree_linker::signer_of(const linked_framework& of) const {
    if (of.base == nullptr) return &*options_.root;
    // Named by the framework that it is built on, or by none: then that one's own signer.
    for (const auto& agency : of.base->text->agencies)
        if (agency.name == of.agency && agency.key) return &*agency.key;
    return signer_of(*of.base);
}

void tree_linker::check_signatures() {
    if (!options_.root) return;
    for (const auto& each : to_.frameworks) {
        const auto& signer = *signer_of(*each);
        const auto& text = *each->text;
        if (!text.note) {
            fault(text, 0, in_quotes(text.name) + " is not signed; it has to be a note signed by " + signer.text());
            continue;
        }
        if (text.note->is_signed_by(signer)) continue;
        std::string by;
        for (const auto& signature : text.note->signatures) by += (by.empty() ? "" : ", ") + in_quotes(signature.name);
        fault(text, 0,
              in_quotes(text.name) + " is not signed, or not rightly, by " + signer.text() + "; it has signatures of " +
                  by);
    }
}

// Procedures

void tree_linker::check_rule(const rule& made, const stated_fields& by, const framework& in, std::uint32_t line,
                             std::string_view procedure) {
    const auto about = "procedure " + in_quotes(procedure) + ": ";
    if (missing_claims(made.may_ask, made.must_ask) != 0)
        fault(in, line,
              about + "must_ask " + text_of(made, rule_field::must_ask) + " is not within may_ask " +
                  text_of(made, rule_field::may_ask));
    const bool states_days = by.states(rule_field::valid_from) || by.states(rule_field::valid_to);
    if (states_days && made.valid_from > made.valid_to)
        fault(in, line,
              about + "valid on no day: from " + text_of(made, rule_field::valid_from) + " to " +
                  text_of(made, rule_field::valid_to));
    if ((made.proof & holder_proved) != 0) return;
    for (const auto field : {rule_field::account_level_at_least, rule_field::consent})
        if (with_field(widest_rule, field, made) != widest_rule)
            fault(in, line,
                  about + std::string{to_string(field)} + " is " + text_of(made, field) +
                      ", which only the holder's proof can show, and proof is " + text_of(made, rule_field::proof));
}

void tree_linker::take_procedures(const linked_framework& nation) {
    for (const auto& each : nation.text->procedures) to_.procedures.push_back(&each);
    std::ranges::stable_sort(to_.procedures, {}, &procedure_text::number);
    for (std::size_t k = 0; k < to_.procedures.size(); ++k) {
        const auto& each = *to_.procedures[k];
        if (k > 0 && to_.procedures[k - 1]->number == each.number)
            fault(*nation.text, each.line,
                  "procedure " + in_quotes(each.name) + " has number " + std::to_string(each.number) + ", which " +
                      in_quotes(to_.procedures[k - 1]->name) + " has at " +
                      place(*nation.text, to_.procedures[k - 1]->line));
        to_.procedure_places.emplace(each.name, k);
        auto made = meet(each.asks.values, nation.valid.values);
        check_rule(made, each.asks, *nation.text, each.line, each.name);
        to_.national.push_back(made);
    }
}

// Agencies

void tree_linker::take_agencies(const linked_framework& from) {
    for (const auto& each : from.text->agencies) {
        auto made = std::make_unique<linked_agency>();
        made->text = &each;
        made->declared_in = &from;
        if (const auto same = to_.agency_names.find(each.name); same != to_.agency_names.end()) {
            fault(*from.text, each.line,
                  "agency " + in_quotes(each.name) + " is also in " +
                      place(*same->second->declared_in->text, same->second->text->line));
            continue;
        }
        to_.agency_names.emplace(each.name, made.get());
        to_.agencies.push_back(std::move(made));
    }
}

std::string_view tree_linker::parent_name(const linked_agency& of) const {
    if (!of.text->parent.empty()) return of.text->parent;
    const auto& from = *of.declared_in;
    if (from.base == nullptr) return {};
    return of.text->name == from.agency ? from.base->agency : from.agency;
}

// An agency is declared by the nation, or by the framework of one above it, or by its own one if it is right below whom
// that is built on.
void tree_linker::check_standing(const linked_agency& of) {
    const auto& from = *of.declared_in;
    if (from.base == nullptr) return;
    const auto needed = of.text->name == from.agency ? from.base->agency : from.agency;
    for (const auto* above = of.parent; above != nullptr; above = above->parent)
        if (above->text->name == needed) return;
    fault(*from.text, line_or(of.text->parent_line, of.text->line),
          "agency " + in_quotes(of.text->name) + " is not below " +
              (needed.empty() ? "any agency" : in_quotes(needed)) + ", and " + in_quotes(from.text->name) +
              " can only speak for those that are");
}

void tree_linker::check_depth(const linked_agency& of) {
    if (of.parent == nullptr) return;
    const auto& above = *of.parent;
    const auto where = place(*above.declared_in->text, line_or(above.text->delegate_depth_line, above.text->line));
    const auto of_parent = "delegate_depth of " + in_quotes(above.text->name) + " is " +
                           std::to_string(above.text->delegate_depth) + " (" + where + ")";
    if (above.text->delegate_depth == 0)
        fault(*of.declared_in->text, of.text->line,
              "agency " + in_quotes(of.text->name) + " is below " + in_quotes(above.text->name) + ", and " + of_parent);
    else if (of.text->delegate_depth >= above.text->delegate_depth)
        fault(*of.declared_in->text, line_or(of.text->delegate_depth_line, of.text->line),
              "delegate_depth of " + in_quotes(of.text->name) + " is " + std::to_string(of.text->delegate_depth) +
                  ", and " + of_parent + ", which leaves " + std::to_string(above.text->delegate_depth - 1));
}

void tree_linker::find_parents() {
    std::ranges::stable_sort(to_.agencies, {}, [](const auto& a) { return a->text->number; });
    for (std::size_t k = 0; k < to_.agencies.size(); ++k) {
        auto& each = *to_.agencies[k];
        to_.agency_texts.push_back(each.text);
        if (k > 0 && to_.agencies[k - 1]->text->number == each.text->number)
            fault(*each.declared_in->text, each.text->line,
                  "agency " + in_quotes(each.text->name) + " has number " + std::to_string(each.text->number) +
                      ", which " + in_quotes(to_.agencies[k - 1]->text->name) + " has at " +
                      place(*to_.agencies[k - 1]->declared_in->text, to_.agencies[k - 1]->text->line));
        const auto above = parent_name(each);
        if (above.empty()) continue;
        const auto found = to_.agency_names.find(above);
        if (found == to_.agency_names.end()) {
            fault(*each.declared_in->text, line_or(each.text->parent_line, each.text->line),
                  "agency " + in_quotes(each.text->name) + " has parent " + in_quotes(above) + ", which is not here");
            continue;
        }
        bool is_circle = false;
        for (const auto* at = found->second; at != nullptr && !is_circle; at = at->parent) is_circle = at == &each;
        if (is_circle) {
            fault(*each.declared_in->text, line_or(each.text->parent_line, each.text->line),
                  "agency " + in_quotes(each.text->name) + " has parent " + in_quotes(above) +
                      ", which is itself below it");
            continue;
        }
        each.parent = found->second;
        each.parent->children.push_back(&each);
    }
    for (const auto& each : to_.agencies) {
        check_standing(*each);
        check_depth(*each);
    }
    for (const auto& each : to_.frameworks) {
        if (each->base == nullptr) continue;
        const auto own = to_.agency_names.find(each->agency);
        if (own == to_.agency_names.end())
            fault(*each->text, each->text->line,
                  "there is no agency " + in_quotes(each->agency) + ", for which " + in_quotes(each->text->name) +
                      " could speak");
        else
            own->second->own = each.get();
    }
}

// What each may do

void tree_linker::descend(linked_agency& at) {
    at.suspended = at.text->suspended || (at.parent != nullptr && at.parent->suspended);
    take_may(at);
    take_rules(at);
    for (auto* each : at.children) descend(*each);
}

void tree_linker::take_may(linked_agency& at) {
    const auto& in = *at.declared_in->text;
    if (!at.text->may) {
        if (at.parent == nullptr) {
            fault(in, at.text->line,
                  "agency " + in_quotes(at.text->name) + " has no may: the procedures that it may use");
            at.may = std::make_shared<std::vector<bool>>(to_.procedures.size());
        } else {
            at.may = at.parent->may;
        }
        return;
    }
    std::vector<bool> may(to_.procedures.size());
    for (const auto& each : *at.text->may) {
        const auto found = to_.procedure_places.find(each);
        if (found == to_.procedure_places.end())
            fault(in, at.text->may_line,
                  "may has " + in_quotes(each) + ", which is no procedure of " +
                      in_quotes(to_.frameworks.front()->text->name));
        else if (at.parent != nullptr && !(*at.parent->may)[found->second])
            fault(in, at.text->may_line,
                  "may has " + in_quotes(each) + ", which the parent " + in_quotes(at.parent->text->name) +
                      " may not use (" +
                      place(*at.parent->declared_in->text, line_or(at.parent->text->may_line, at.parent->text->line)) +
                      ")");
        else
            may[found->second] = true;
    }
    at.may = std::make_shared<std::vector<bool>>(std::move(may));
}

void tree_linker::take_rules(linked_agency& at) {
    if (at.parent == nullptr)
        at.rules = std::make_shared<std::vector<rule>>(to_.national);
    else
        at.rules = at.parent->rules;
    if (at.own == nullptr) return;
    auto rules = *at.rules;
    for (auto& each : rules) each = meet(each, at.own->valid.values);
    for (const auto& each : at.own->text->tailorings) tailor(at, each, rules);
    at.rules = std::make_shared<std::vector<rule>>(std::move(rules));
}

void tree_linker::tailor(const linked_agency& at, const tailoring& by, std::vector<rule>& rules) {
    const auto& in = *at.own->text;
    const auto found = to_.procedure_places.find(by.procedure);
    if (found == to_.procedure_places.end())
        return fault(in, by.line,
                     "tailors " + in_quotes(by.procedure) + ", which is no procedure of " +
                         in_quotes(to_.frameworks.front()->text->name));
    if (!(*at.may)[found->second])
        return fault(in, by.line,
                     "tailors " + in_quotes(by.procedure) + ", which " + in_quotes(at.text->name) + " may not use");
    narrow(at, found->second, by.asks, by.line, by.procedure, rules[found->second]);
}

void tree_linker::narrow(const linked_agency& at, std::size_t place_of, const stated_fields& by, std::uint32_t line,
                         std::string_view procedure, rule& made) {
    const auto& in = *at.own->text;
    const auto before = made;
    for (const auto field : all_rule_fields()) {
        if (!by.states(field)) continue;
        if (narrower_in(field, by.values, before)) {
            made = with_field(made, field, by.values);
            continue;
        }
        const auto above = to_.decided(at.parent, place_of, field);
        fault(in, by.lines[static_cast<std::size_t>(field)],
              "procedure " + in_quotes(procedure) + ": " + std::string{to_string(field)} + " is " +
                  text_of(by.values, field) + ", wider than " + text_of(before, field) + " of " +
                  in_quotes(above.framework) + " (" + above.decided_at.text() + ")");
    }
    check_rule(made, by, in, line, procedure);
}

}  // namespace xacthuc::inline v0_1
