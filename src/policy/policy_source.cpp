// SPDX-License-Identifier: Apache-2.0
#include <utility>
#include <xacthuc/policy/policy_source.hpp>

namespace xacthuc::inline v0_1 {
namespace {

// How many faults are told: of a wrong folder there may be thousands.
constexpr std::size_t faults_told_max = 100;

}  // namespace

failure failure_of_faults(const policy_faults& faults, errc code) {
    std::string text;
    for (std::size_t k = 0; k < faults.size() && k < faults_told_max; ++k)
        text += (text.empty() ? "" : "\n") + faults[k].message();
    if (faults.size() > faults_told_max) text += "\n… and " + std::to_string(faults.size() - faults_told_max) + " more";
    return {make_error_code(code), std::move(text)};
}

bool is_compiled_policy(const std::filesystem::path& path) {
    return path.extension() == ".xtp";
}

detailed_result<loaded_policy> load_policy(const policy_source& from) {
    loaded_policy made;
    if (is_compiled_policy(from.path)) {
        auto table = policy_table::load(from.path);
        if (!table) return table.error();
        made.table = std::make_shared<const policy_table>(*std::move(table));
        return made;
    }
    auto texts = load_frameworks(from.path);
    if (!texts) return failure_of_faults(texts.error(), errc::framework_faults);
    auto tree = policy_tree::link(*std::move(texts), {.today = from.today, .root = from.root});
    if (!tree) return failure_of_faults(tree.error(), errc::framework_faults);
    auto table = policy_table::compile(*tree);
    if (!table) return failure_of_faults(table.error(), errc::framework_faults);
    made.table = std::make_shared<const policy_table>(*std::move(table));
    made.tree = *std::move(tree);
    return made;
}

detailed_result<explanation> explain(const loaded_policy& policy, std::string_view agency_name_or_number,
                                     std::string_view procedure_name_or_number) {
    if (!policy.tree) return failure{make_error_code(errc::not_in_policy), "who decided what, as it is a compiled one"};
    const auto* const agency = policy.tree->find_agency(agency_name_or_number);
    if (agency == nullptr)
        return failure{make_error_code(errc::not_in_policy), "the agency " + std::string{agency_name_or_number}};
    const auto* const procedure = policy.tree->find_procedure(procedure_name_or_number);
    if (procedure == nullptr)
        return failure{make_error_code(errc::not_in_policy), "the procedure " + std::string{procedure_name_or_number}};
    return policy.tree->explain(*agency, *procedure);
}

}  // namespace xacthuc::inline v0_1
