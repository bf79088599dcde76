// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <vector>
#include <xacthuc/policy/policy_text.hpp>
#include <xacthuc/policy/rule_field.hpp>

namespace xacthuc::inline v0_1 {
namespace {

struct two_words {
    std::string_view vi;
    std::string_view en;
    [[nodiscard]] std::string_view in(text_language which) const noexcept {
        return which == text_language::vi ? vi : en;
    }
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
[[nodiscard]] std::string value_in(const std::string& value, text_language which) {
    if (which == text_language::en) return value;
    if (value == "no limit") return "không giới hạn";
    return value == "always" ? "luôn luôn" : value;
}

[[nodiscard]] const std::string& title_in(const bilingual_text& title, text_language which) noexcept {
    return which == text_language::vi ? title.vi : title.en;
}

[[nodiscard]] std::string claims_set(claim_mask claims) {
    return text_of(rule{.may_ask = claims}, rule_field::may_ask);
}

// name_exact is a name too.
[[nodiscard]] std::string claims_condition(const rule& by) {
    auto text = claims_set(by.may_ask) + ".containsAll(context.claims)";
    const auto name = mask_of(claim::name);
    if ((by.must_ask & name) != 0) text += " && context.claims.containsAny([\"name\", \"name_exact\"])";
    if (const auto rest = static_cast<claim_mask>(by.must_ask & ~name); rest != 0)
        text += " && context.claims.containsAll(" + claims_set(rest) + ")";
    return text;
}

[[nodiscard]] std::string statement(const agency_text& agency, const procedure_text& procedure, rule by) {
    if (by.consent == consent_basis::holder) by.proof |= holder_proved;
    const auto level = static_cast<unsigned>(by.account_level_at_least);
    return "permit(principal == Agency::\"" + std::to_string(agency.number) + "\", action == Action::\"" +
           std::to_string(procedure.number) + "\", resource) when {\n  " + claims_condition(by) +
           "\n  && context.proofs.containsAll(" + text_of(by, rule_field::proof) +
           ") && context.day >= " + std::to_string(by.valid_from) +
           " && context.day <= " + std::to_string(by.valid_to) + " && context.level >= " + std::to_string(level) +
           "\n};\n";
}

}  // namespace

std::optional<text_language> parse_language(std::string_view word) noexcept {
    if (word == "vi") return text_language::vi;
    if (word == "en") return text_language::en;
    return std::nullopt;
}

std::string explanation_text(const explanation& of, text_language in) {
    auto text = title_in(of.agency->title, in) + " · " + title_in(of.procedure->title, in) + '\n';
    const auto line = [&](std::string_view label, std::string_view value) {
        text += "  " + padded(label, label_width) + std::string{value} + '\n';
    };
    line(path_label.in(in), chain_text(of.agencies) + " (" + std::to_string(of.agency->number) + ")");
    line(purpose_label.in(in), of.procedure->purpose);
    line(law_label.in(in), of.procedure->law);
    line(frameworks_label.in(in), chain_text(of.frameworks));
    const auto& permitted = of.by.refusal == outcome::verified ? may_label : refusal_words(of.by.refusal);
    text += "  " + std::string{permitted.in(in)} + ' ' + of.permitted_at.text() + '\n';
    for (const auto& each : of.fields)
        text += "  " + padded(field_labels[static_cast<std::size_t>(each.field)].in(in), label_width) +
                padded(value_in(each.value, in), value_width) + each.decided_at.text() + '\n';
    return text;
}

std::string cedar_text(const policy_tree& from) {
    std::string text = "// principal: Agency, action: the procedure, by number; context: claims, proofs, day, level\n";
    for (const auto* agency : from.agencies()) {
        for (const auto* procedure : from.procedures()) {
            const auto by = from.rule_of(*agency, *procedure);
            if (by.refusal != outcome::verified) continue;
            text += statement(*agency, *procedure, by);
        }
    }
    return text;
}

}  // namespace xacthuc::inline v0_1
