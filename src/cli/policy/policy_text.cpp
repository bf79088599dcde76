// SPDX-License-Identifier: Apache-2.0
#include "cli/policy/policy_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <map>

#include "cli/shared_options.hpp"

namespace xacthuc::cli {
namespace {

struct two_words {
    std::string_view vi;
    std::string_view en;
    [[nodiscard]] std::string_view in(language which) const noexcept { return which == language::vi ? vi : en; }
};

constexpr std::array<two_words, rule_field_count> field_labels{
    {{"phạm vi hỏi", "may ask"},
     {"bắt buộc phải nêu", "must ask"},
     {"có hiệu lực từ ngày", "valid from"},
     {"có hiệu lực đến hết ngày", "valid to"},
     {"chữ ký số phải có", "proofs that have to come"},
     {"mức trả lời", "answer"},
     {"mức độ tài khoản ít nhất", "account level at least"},
     {"hỏi dựa trên", "basis"},
     {"số cấp được phân tiếp", "levels it may delegate"},
     {"số câu sai một ngày về một người", "misses a citizen a day"},
     {"số câu một giây", "requests a second"},
     {"số câu một ngày", "requests a day"},
     {"số câu một cán bộ một ngày", "requests an officer a day"},
     {"chữ ký cũ tối đa (giây)", "age of a proof (seconds)"}}};

constexpr two_words may_label{"được giao thủ tục này, theo", "permitted, by"};
constexpr two_words purpose_label{"mục đích", "purpose"};
constexpr two_words law_label{"căn cứ pháp lý", "legal basis"};
constexpr two_words path_label{"cơ quan", "agencies"};
constexpr two_words frameworks_label{"các khung áp dụng", "frameworks"};

[[nodiscard]] two_words refusal_words(outcome why) noexcept {
    switch (why) {
        case outcome::agency_suspended:
            return {"không được phép: cơ quan đang bị đình chỉ, theo", "not permitted: the agency is suspended, by"};
        case outcome::not_permitted:
            return {"không được giao thủ tục này: không có trong danh sách, theo",
                    "not permitted: the procedure is not in the list of"};
        default:
            return {"không được phép, theo", "not permitted, by"};
    }
}

// Of letters, not of bytes, for columns that people read.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width) {
    std::size_t letters = 0;
    for (const auto c : text) letters += (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    return std::string{text} + std::string(letters < width ? width - letters : 1, ' ');
}

[[nodiscard]] std::string chain_text(const std::vector<std::string>& all) {
    std::string text;
    for (const auto& each : all) text += (text.empty() ? "" : " → ") + each;
    return text;
}

constexpr std::size_t label_width = 34;
constexpr std::size_t value_width = 44;

// A value as framework files have it, but for the words that say that there is none.
[[nodiscard]] std::string value_in(const std::string& value, language which) {
    if (which == language::en) return value;
    if (value == "no limit") return "không giới hạn";
    return value == "always" ? "luôn luôn" : value;
}

[[nodiscard]] const std::string& title_in(const bilingual_text& title, language which) noexcept {
    return which == language::vi ? title.vi : title.en;
}

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

[[nodiscard]] std::string claims_set(claim_mask claims) {
    return text_of(rule{.may_ask = claims}, rule_field::may_ask);
}

}  // namespace

std::string text_of(const explanation& of, language in) {
    std::string text;
    put(text, "{} · {}\n", title_in(of.agency->title, in), title_in(of.procedure->title, in));
    const auto line = [&](std::string_view label, std::string_view value) {
        text += "  " + padded(label, label_width) + std::string{value} + '\n';
    };
    line(path_label.in(in), chain_text(of.agencies) + fmt::format(" ({})", of.agency->number));
    line(purpose_label.in(in), of.procedure->purpose);
    line(law_label.in(in), of.procedure->law);
    line(frameworks_label.in(in), chain_text(of.frameworks));
    const auto& permitted = of.by.refusal == outcome::verified ? may_label : refusal_words(of.by.refusal);
    put(text, "  {} {}\n", permitted.in(in), of.permitted_at.text());
    for (const auto& each : of.fields)
        text += "  " + padded(field_labels[static_cast<std::size_t>(each.field)].in(in), label_width) +
                padded(value_in(each.value, in), value_width) + each.decided_at.text() + '\n';
    return text;
}

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

std::string cedar_of(const policy_tree& from) {
    std::string text = "// principal: Agency, action: Procedure, by number; context: claims, proofs, day, level\n";
    for (const auto* agency : from.agencies()) {
        for (const auto* procedure : from.procedures()) {
            const auto by = from.rule_of(*agency, *procedure);
            if (by.refusal != outcome::verified) continue;
            put(text,
                "permit(principal == Agency::\"{}\", action == Procedure::\"{}\", resource) when {{\n"
                "  {}.containsAll(context.claims)",
                agency->number, procedure->number, claims_set(by.may_ask));
            // name_exact asks for the name too.
            const auto name = mask_of(claim::name);
            if ((by.must_ask & name) != 0) text += " && context.claims.containsAny([\"name\", \"name_exact\"])";
            if (const auto rest = static_cast<claim_mask>(by.must_ask & ~name); rest != 0)
                put(text, " && context.claims.containsAll({})", claims_set(rest));
            auto needed = by;
            if (by.consent == consent_basis::holder) needed.proof |= holder_proved;
            put(text,
                "\n  && context.proofs.containsAll({}) && context.day >= {} && context.day <= {} && context.level >= "
                "{}\n}};\n",
                text_of(needed, rule_field::proof), by.valid_from, by.valid_to,
                static_cast<unsigned>(by.account_level_at_least));
        }
    }
    return text;
}

}  // namespace xacthuc::cli
