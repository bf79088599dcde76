// SPDX-License-Identifier: Apache-2.0
// A question as JSON, and a compact verdict read back from it: by the test's own hand, so that nothing of the service
// is judged by itself.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/verdict.hpp>

namespace xacthuc::tests {

[[nodiscard]] inline std::string digits_of(std::uint32_t code, std::size_t size) {
    auto text = std::to_string(code);
    return std::string(size - std::min(size, text.size()), '0') + text;
}

[[nodiscard]] inline std::string question_text(const claim_set& of, bool asks_names = false) {
    boost::json::object all;
    const auto id = of.id.digits();
    all["id"] = std::string{id.data(), id.size()};
    if (of.name) all[of.name_exact ? "name_exact" : "name"] = *of.name;
    if (of.birth_date) all["birth_date"] = of.birth_date->to_string();
    if (of.sex) all["sex"] = to_string(*of.sex);
    if (of.life) all["life"] = to_string(*of.life);
    if (of.registration) all["registration"] = to_string(*of.registration);
    if (of.account_level) all["account_level"] = to_string(*of.account_level);
    if (of.account) all["account"] = to_string(*of.account);
    if (of.document) all["document"] = to_string(*of.document);
    if (of.province) all["province"] = digits_of(*of.province, 2);
    if (of.ward) all["ward"] = digits_of(*of.ward, 5);
    if (of.document_valid_on) all["document_valid_on"] = of.document_valid_on->to_string();
    if (of.born_on_or_before) all["born_on_or_before"] = of.born_on_or_before->to_string();
    if (of.account_level_at_least) all["account_level_at_least"] = to_string(*of.account_level_at_least);
    all["agency"] = of.agency;
    all["procedure"] = of.procedure;
    if (asks_names) all["answer"] = "names";
    return boost::json::serialize(all);
}

[[nodiscard]] inline verdict compact_verdict(std::string_view text) {
    const auto all = boost::json::parse({text.data(), text.size()}).as_object();
    const auto mask = [&](const char* name) { return static_cast<claim_mask>(all.at(name).as_int64()); };
    auto grade = name_grade::none;
    for (const auto each : {name_grade::folded, name_grade::exact, name_grade::marks_differ})
        if (all.at("grade").as_string() == boost::json::string_view{to_string(each).data(), to_string(each).size()})
            grade = each;
    return {static_cast<outcome>(all.at("outcome").as_int64()),
            mask("matched"),
            mask("mismatched"),
            mask("unavailable"),
            grade,
            all.contains("coarse"),
            all.contains("claim_coarse")};
}

}  // namespace xacthuc::tests
