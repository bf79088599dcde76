// SPDX-License-Identifier: Apache-2.0
#include "cli/policy/policy_text.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <map>

#include "cli/shared_options.hpp"

namespace xacthuc::cli {
namespace {

[[nodiscard]] std::string relation(rule_field field, const rule& now, const rule& before) {
    const bool narrows = narrower_in(field, now, before);
    const bool widens = narrower_in(field, before, now);
    return narrows == widens ? "other" : narrows ? "narrower" : "wider";
}

// A rule that refuses everything is narrower than any that does not.
void compare(policy_changes& into, const std::string& pair, const rule& before, const rule& now) {
    if (before == now) return;
    ++into.pairs;
    if (before.refusal != now.refusal) {
        const bool gains = now.refusal == outcome::verified;
        const bool loses = before.refusal == outcome::verified;
        into.wider += gains;
        into.narrower += loses;
        put(into.text, "{}: {}\n", pair,
            gains   ? std::string{"gains the procedure"}
            : loses ? fmt::format("loses the procedure ({})", to_string(now.refusal))
                    : fmt::format("{} → {}", to_string(before.refusal), to_string(now.refusal)));
        return;
    }
    bool narrows = false;
    bool widens = false;
    for (const auto field : all_rule_fields()) {
        if (with_field(before, field, now) == before) continue;
        const auto how = relation(field, now, before);
        narrows = narrows || how != "wider";
        widens = widens || how != "narrower";
        put(into.text, "{}: {} {} → {} ({})\n", pair, to_string(field), text_of(before, field), text_of(now, field),
            how);
    }
    into.narrower += narrows && !widens;
    into.wider += widens && !narrows;
}

}  // namespace

boost::json::object json_of(const explanation& of) {
    boost::json::array fields;
    for (const auto& each : of.fields)
        fields.push_back(boost::json::object{{"field", to_string(each.field)},
                                             {"value", each.value},
                                             {"framework", each.framework},
                                             {"file", each.decided_at.file},
                                             {"line", each.decided_at.line}});
    const auto array_of = [](const std::vector<std::string>& all) {
        boost::json::array made;
        for (const auto& each : all) made.emplace_back(each);
        return made;
    };
    return {{"command", "policy explain"},
            {"agency", of.agency->name},
            {"agency_number", of.agency->number},
            {"procedure", of.procedure->name},
            {"procedure_number", of.procedure->number},
            {"purpose", of.procedure->purpose},
            {"law", of.procedure->law},
            {"permitted", of.by.refusal == outcome::verified},
            {"refusal", of.by.refusal == outcome::verified ? "" : to_string(of.by.refusal)},
            {"decided_at", of.permitted_at.text()},
            {"agencies", array_of(of.agencies)},
            {"frameworks", array_of(of.frameworks)},
            {"fields", fields}};
}

policy_changes changes_between(const policy_tree& before, const policy_tree& now) {
    policy_changes made;
    std::map<std::string, const agency_text*> agencies;
    std::map<std::string, const procedure_text*> procedures;
    for (const auto* tree : {&before, &now}) {
        for (const auto* each : tree->agencies()) agencies[each->name] = each;
        for (const auto* each : tree->procedures()) procedures[each->name] = each;
    }
    const auto rule_in = [](const policy_tree& tree, const std::string& agency, const std::string& procedure) {
        const auto* const a = tree.find_agency(agency);
        const auto* const p = tree.find_procedure(procedure);
        if (a == nullptr) return rule{.refusal = outcome::unknown_agency};
        if (p == nullptr) return rule{.refusal = outcome::unknown_procedure};
        return tree.rule_of(*a, *p);
    };
    for (const auto& [agency, of] : agencies) {
        for (const auto& [procedure, by] : procedures)
            compare(made, agency + ' ' + procedure, rule_in(before, agency, procedure),
                    rule_in(now, agency, procedure));
    }
    return made;
}

}  // namespace xacthuc::cli
