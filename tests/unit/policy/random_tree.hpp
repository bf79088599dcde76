// SPDX-License-Identifier: Apache-2.0
// Frameworks at random, each written as text and kept as what the text means, and a slow, obvious reading of that: for
// an agency and a procedure all that is said is gone through from the nation down.
#pragma once

#include <map>
#include <string>
#include <vector>
#include <xacthuc/policy/policy_tree.hpp>

#include "unit/policy/framework_texts.hpp"
#include "unit/policy/random_rule.hpp"

namespace xacthuc::tests {

class random_tree {
  public:
    explicit random_tree(std::uint64_t seed) : random_{seed} {
        const auto procedure_count = 1 + random_.number(5);
        for (std::uint32_t k = 1; k <= procedure_count; ++k) {
            auto r = random_.next();
            r.refusal = outcome::verified;
            r.valid_from = first_policy_day;
            r.valid_to = last_policy_day;
            procedures_[static_cast<std::uint16_t>(2 * k)] = sound(r);
        }
        const auto agency_count = 1 + random_.number(3);
        for (std::uint32_t k = 0; k < agency_count; ++k)
            add_agency("a" + std::to_string(k), "", 3, some_procedures(all_procedures()));
    }

    [[nodiscard]] policy_result<policy_tree> texts() {
        std::vector<framework> all;
        auto nation = head("vn", "", "");
        for (const auto& [number, r] : procedures_)
            nation += "[procedure.p" + std::to_string(number) + "]\nnumber = " + std::to_string(number) +
                      "\ntitle = { vi = \"a\", en = \"b\" }\npurpose = \"dpv:x\"\nlaw = \"y\"\n" +
                      fields(r, widest_rule, true);
        for (const auto& [name, a] : agencies_)
            if (a.parent.empty()) nation += agency_text_of(name, a);
        all.push_back(parse_framework(nation, "vn.toml").value());
        write_below("", "vn", nation, all);
        return policy_tree::link(std::move(all));
    }

    [[nodiscard]] rule rule_of(std::uint16_t of_agency, std::uint16_t procedure) const {
        for (const auto& [name, a] : agencies_) {
            if (a.number != of_agency) continue;
            const auto found = procedures_.find(procedure);
            if (found == procedures_.end()) return {.refusal = outcome::unknown_procedure};
            if (is_suspended(name)) return {.refusal = outcome::agency_suspended};
            if (std::ranges::find(a.may, procedure) == a.may.end()) return {.refusal = outcome::not_permitted};
            auto r = found->second;
            for (const auto& each : names_down_to(name))
                if (const auto said = agencies_.at(each).tailored.find(procedure);
                    said != agencies_.at(each).tailored.end())
                    r = said->second;
            r.delegate_depth = a.depth;
            return r;
        }
        return {.refusal = outcome::unknown_agency};
    }

  private:
    struct asker {
        std::uint16_t number;
        std::string parent;
        std::uint8_t depth;
        bool suspended;
        bool has_framework;
        std::vector<std::uint16_t> may;
        std::map<std::uint16_t, rule> tailored;  // the whole rule, once tailored
    };

    // Made so that it can hold: see policy_tree.
    [[nodiscard]] static rule sound(rule r) {
        if (r.account_level_at_least == account_level::none) r.account_level_at_least = account_level::unknown;
        r.may_ask |= r.must_ask;
        if (r.consent == consent_basis::holder || r.account_level_at_least != account_level::unknown)
            r.proof |= holder_proved;
        if (r.proof_age_max_ms != no_limit) r.proof_age_max_ms = (r.proof_age_max_ms / 1000 + 1) * 1000;
        r.delegate_depth = 0xff;
        return r;
    }
    [[nodiscard]] std::vector<std::uint16_t> all_procedures() const {
        std::vector<std::uint16_t> all;
        for (const auto& each : procedures_) all.push_back(each.first);
        return all;
    }
    [[nodiscard]] std::vector<std::uint16_t> some_procedures(const std::vector<std::uint16_t>& of) {
        std::vector<std::uint16_t> some;
        for (const auto each : of)
            if (random_.number(4) != 0) some.push_back(each);
        return some;
    }
    void add_agency(const std::string& name, const std::string& parent, std::uint8_t depth,
                    std::vector<std::uint16_t> may) {
        auto& made = agencies_[name];
        made = {static_cast<std::uint16_t>(agencies_.size()),
                parent,
                depth,
                random_.number(19) == 0,
                random_.number(2) != 0,
                std::move(may),
                {}};
        if (made.has_framework)
            for (const auto procedure : made.may)
                if (random_.number(1) == 0) made.tailored[procedure] = tailored_below(name, procedure);
        if (depth == 0 || !made.has_framework) return;
        const auto below = random_.number(3);
        const auto may_of = made.may;
        for (std::uint32_t k = 0; k < below; ++k)
            add_agency(name + "/" + std::to_string(k), name, static_cast<std::uint8_t>(random_.number(depth - 1U)),
                       some_procedures(may_of));
    }
    [[nodiscard]] rule tailored_below(const std::string& name, std::uint16_t procedure) {
        auto above = procedures_.at(procedure);
        for (const auto& each : names_down_to(name))
            if (const auto said = agencies_.at(each).tailored.find(procedure);
                said != agencies_.at(each).tailored.end())
                above = said->second;
        auto r = random_.narrowed(above);
        r.refusal = outcome::verified;
        r.valid_from = above.valid_from;
        r.valid_to = above.valid_to;
        r.must_ask &= r.may_ask;
        r.must_ask |= above.must_ask;
        r.may_ask |= above.must_ask;
        if (r.proof_age_max_ms != no_limit)
            r.proof_age_max_ms = std::min((r.proof_age_max_ms / 1000 + 1) * 1000, above.proof_age_max_ms);
        if (r.account_level_at_least == account_level::none) r.account_level_at_least = above.account_level_at_least;
        if (r.consent == consent_basis::holder || r.account_level_at_least != account_level::unknown)
            r.proof |= holder_proved;
        r.delegate_depth = 0xff;
        return r;
    }
    [[nodiscard]] std::vector<std::string> names_down_to(const std::string& name) const {
        std::vector<std::string> names;
        for (auto at = name; !at.empty(); at = agencies_.at(at).parent) names.insert(names.begin(), at);
        return names;
    }
    [[nodiscard]] bool is_suspended(const std::string& name) const {
        for (const auto& each : names_down_to(name))
            if (agencies_.at(each).suspended) return true;
        return false;
    }

    [[nodiscard]] static std::string head(const std::string& name, const std::string& base,
                                          const std::string& base_text) {
        auto text = "framework = \"" + name + "\"\nversion = 1\n";
        if (!base.empty())
            text +=
                "extends = { framework = \"" + base + "\", version = 1, sha256 = \"" + hex_sha256(base_text) + "\" }\n";
        return text;
    }
    [[nodiscard]] std::string agency_text_of(const std::string& name, const asker& a) const {
        auto text = "[agency.\"" + name + "\"]\nnumber = " + std::to_string(a.number) +
                    "\ntitle = { vi = \"a\", en = \"b\" }\ndelegate_depth = " + std::to_string(a.depth) + "\nmay = [";
        for (const auto each : a.may) text += "\"p" + std::to_string(each) + "\", ";
        text += std::string{"]\nsuspended = "} + (a.suspended ? "true" : "false") + '\n';
        if (!a.parent.empty()) text += "parent = \"" + a.parent + "\"\n";
        return text;
    }
    // Those in which a rule differs from the one above it.
    [[nodiscard]] static std::string fields(const rule& r, const rule& above, bool all) {
        std::string text;
        for (const auto field : all_rule_fields()) {
            const auto value = text_of(r, field);
            if (field == rule_field::delegate_depth || value == "no limit" || value == "always") continue;
            if (all || with_field(above, field, r) != above)
                text += std::string{to_string(field)} + " = " + value + '\n';
        }
        return text;
    }
    void write_below(const std::string& parent, const std::string& base, const std::string& base_text,
                     std::vector<framework>& all) {
        for (const auto& [name, a] : agencies_) {
            if (a.parent != parent || !a.has_framework) continue;
            auto text = head("vn/" + name, base, base_text);
            for (const auto& [procedure, r] : a.tailored) {
                auto above = procedures_.at(procedure);
                for (const auto& each : names_down_to(a.parent))
                    if (const auto said = agencies_.at(each).tailored.find(procedure);
                        said != agencies_.at(each).tailored.end())
                        above = said->second;
                text += "[tailor.p" + std::to_string(procedure) + "]\n" + fields(r, above, false);
            }
            for (const auto& [below, b] : agencies_)
                if (b.parent == name) text += agency_text_of(below, b);
            all.push_back(parse_framework(text, name + ".toml").value());
            write_below(name, "vn/" + name, text, all);
        }
    }

    random_rules random_;
    std::map<std::uint16_t, rule> procedures_;
    std::map<std::string, asker> agencies_;
};

}  // namespace xacthuc::tests
