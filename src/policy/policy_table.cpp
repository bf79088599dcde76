// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <xacthuc/policy/policy_table.hpp>

#include "domain/octets.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// Rules that refuse everything, in their places.
constexpr std::array<outcome, 3> refusals{outcome::unknown_agency, outcome::unknown_procedure, outcome::not_permitted};
constexpr std::uint16_t unknown_agency_rule = 0;
constexpr std::uint16_t unknown_procedure_rule = 1;
constexpr std::size_t numbers_max = 65'535;

[[nodiscard]] bool rule_less(const rule& a, const rule& b) noexcept {
    using words = std::array<std::uint64_t, 4>;
    return std::bit_cast<words>(a) < std::bit_cast<words>(b);
}

class rule_numbers {
  public:
    explicit rule_numbers(std::vector<rule>& rules) : rules_{rules} {
        for (std::size_t k = 0; k < rules.size(); ++k) numbers_.emplace(rules[k], static_cast<std::uint16_t>(k));
    }
    // None where there are too many.
    [[nodiscard]] std::optional<std::uint16_t> of(const rule& r) {
        const auto [at, is_new] = numbers_.try_emplace(r, static_cast<std::uint16_t>(rules_.size()));
        if (!is_new) return at->second;
        if (rules_.size() == numbers_max) return std::nullopt;
        rules_.push_back(r);
        return at->second;
    }

  private:
    std::vector<rule>& rules_;
    std::map<rule, std::uint16_t, decltype(&rule_less)> numbers_{&rule_less};
};

[[nodiscard]] policy_faults too_many(std::string_view what) {
    return {{{"policy", 0}, "more than " + std::to_string(numbers_max) + ' ' + std::string{what}}};
}

}  // namespace

policy_table::policy_table() : profiles_{std::make_unique<number_map>()}, columns_{std::make_unique<number_map>()} {}

policy_result<policy_table> policy_table::compile(const policy_tree& from) {
    policy_table made;
    for (const auto why : refusals) made.rules_.push_back({.refusal = why});
    for (const auto& each : from.frameworks()) made.frameworks_.push_back({each.name, each.version, each.sha256});
    std::ranges::sort(made.frameworks_, {}, &compiled_framework::name);

    for (const auto* each : from.procedures()) {
        made.procedures_.push_back({each->number, each->name});
        (*made.columns_)[each->number] = static_cast<std::uint16_t>(made.column_count_++);
    }
    if (made.column_count_ > numbers_max) return too_many("procedures");

    rule_numbers numbers{made.rules_};
    std::map<std::vector<std::uint16_t>, std::uint16_t> profiles;
    made.matrix_.assign(made.column_count_, unknown_agency_rule);
    for (const auto* agency : from.agencies()) {
        std::vector<std::uint16_t> row{unknown_procedure_rule};
        for (const auto* procedure : from.procedures()) {
            const auto number = numbers.of(from.rule_of(*agency, *procedure));
            if (!number) return too_many("different rules");
            row.push_back(*number);
        }
        const auto [at, is_new] = profiles.try_emplace(row, static_cast<std::uint16_t>(made.profile_count()));
        if (is_new) {
            if (made.profile_count() == numbers_max) return too_many("agencies that may do different things");
            made.matrix_.insert(made.matrix_.end(), row.begin(), row.end());
        }
        made.agencies_.push_back({agency->number, agency->name});
        (*made.profiles_)[agency->number] = at->second;
    }
    made.finish();
    return made;
}

void policy_table::finish() {
    const auto all = bytes();
    crypto_hash_sha256(octets(hash_), octets(all), all.size());
}

std::size_t policy_table::memory_bytes() const noexcept {
    return 2 * sizeof(number_map) + matrix_.capacity() * sizeof(std::uint16_t) + rules_.capacity() * sizeof(rule);
}

}  // namespace xacthuc::inline v0_1
