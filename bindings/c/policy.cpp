// SPDX-License-Identifier: Apache-2.0
// Policies: read, looked at, explained, asked, and put in force.
#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <xacthuc/policy/policy_text.hpp>

#include "boundary.hpp"
#include "handles.hpp"

using namespace xacthuc;

namespace {

static_assert(XT_PROOF_AGENCY == agency_proved && XT_PROOF_HOLDER == holder_proved);
static_assert(XT_ACCOUNT_LEVEL_2 == static_cast<int>(account_level::level_2));

[[nodiscard]] xt_status read_source(const char* path, const xt_policy_options* options, policy_source& into,
                                    xt_detail* detail) {
    xt_policy_options given;
    if (const auto status = c::read_options(options, XT_POLICY_OPTIONS_BYTES, given); status != XT_OK)
        return c::refuse(detail, status, "xt_policy_options");
    if (given.is_unsigned > 1 || given.spare != 0) return c::refuse(detail, XT_ARGUMENT_RANGE, "is_unsigned or spare");
    into.path = path;
    into.today = policy_day_of(given.today_unix_ms != 0 ? given.today_unix_ms : c::now_unix_ms());
    if (is_compiled_policy(into.path)) return XT_OK;
    if ((given.root == nullptr) == (given.is_unsigned == 0))
        return c::refuse(detail, XT_ARGUMENT_RANGE,
                         "say whose signature the national framework has to have (root), or that it needs none");
    if (given.root == nullptr) return XT_OK;
    auto root = note_verifier::parse(given.root);
    if (!root) return c::refuse(detail, c::status_of(root.error()), "root");
    into.root = *std::move(root);
    return XT_OK;
}

[[nodiscard]] bool is_in_range(const xt_policy_question& asked) noexcept {
    return c::are_claims(asked.claims) && asked.proofs <= (XT_PROOF_AGENCY | XT_PROOF_HOLDER) &&
           asked.account_level <= XT_ACCOUNT_LEVEL_2;
}

}  // namespace

xt_status xt_policy_load(const char* path, const xt_policy_options* options, xt_policy** policy, xt_detail* detail) {
    return c::guarded(policy, detail, [&] {
        if (path == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "path");
        policy_source from;
        if (const auto status = read_source(path, options, from, detail); status != XT_OK) return status;
        auto found = load_policy(from);
        if (!found) return c::refuse(detail, found.error());
        *policy = new xt_policy{*std::move(found)};
        return xt_status{XT_OK};
    });
}

void xt_policy_free(xt_policy* policy) {
    delete policy;
}

xt_status xt_policy_look(const xt_policy* policy, xt_policy_facts* facts) {
    if (policy == nullptr || facts == nullptr) return XT_NULL_ARGUMENT;
    const auto& table = *policy->value.table;
    xt_policy_facts told{};
    told.agencies = table.agencies().size();
    told.procedures = table.procedures().size();
    told.rules = table.rules().size();
    told.memory_bytes = table.memory_bytes();
    static_assert(sizeof told.sha256 == sha256_bytes);
    std::memcpy(told.sha256, table.hash().data(), sha256_bytes);
    told.is_compiled = policy->value.tree ? 0 : 1;
    return c::write_struct(told, XT_POLICY_FACTS_BYTES, facts);
}

xt_status xt_policy_explain(const xt_policy* policy, const char* agency, const char* procedure, const char* language,
                            char* text, size_t capacity, size_t* size, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (policy == nullptr || agency == nullptr || procedure == nullptr || language == nullptr ||
            !c::is_there(text, capacity))
            return c::refuse(detail, XT_NULL_ARGUMENT, "policy, agency, procedure, language or text");
        const auto in = parse_language(language);
        if (!in) return c::refuse(detail, XT_ARGUMENT_RANGE, "language: vi or en");
        const auto why = explain(policy->value, agency, procedure);
        if (!why) return c::refuse(detail, why.error());
        c::put_text(explanation_text(*why, *in), text, capacity, size);
        return xt_status{XT_OK};
    });
}

xt_status xt_policy_decide(const xt_policy* policy, const xt_policy_question* questions, size_t count,
                           uint16_t* outcomes) {
    if (policy == nullptr || !c::is_there(questions, count) || !c::is_there(outcomes, count)) return XT_NULL_ARGUMENT;
    const std::span all{questions, count};
    if (!std::ranges::all_of(all, is_in_range)) return XT_ARGUMENT_RANGE;
    const auto& table = *policy->value.table;
    std::ranges::transform(all, outcomes, [&](const xt_policy_question& asked) {
        return static_cast<uint16_t>(decide(table, {.agency = asked.agency,
                                                    .procedure = asked.procedure,
                                                    .claims = asked.claims,
                                                    .proofs = asked.proofs,
                                                    .level = static_cast<account_level>(asked.account_level),
                                                    .day = policy_day_of(asked.now_unix_ms)}));
    });
    return XT_OK;
}

xt_status xt_register_set_policy(xt_register* opened, const xt_policy* policy) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (opened == nullptr || policy == nullptr) return XT_NULL_ARGUMENT;
        opened->policy.put(policy->value.table);
        return XT_OK;
    });
}
