// SPDX-License-Identifier: Apache-2.0
// Reads the tariffs that bill.hpp describes.
#include <algorithm>
#include <xacthuc/ledger/bill.hpp>

#include "ledger/dated_file.hpp"

namespace xacthuc::inline v0_1 {

policy_result<tariff> tariff::parse(std::string_view text, std::string file) {
    tariff made;
    bool has_price = false;
    const auto read_special = [](const char* where, std::map<std::uint16_t, special>& to) -> table_reader {
        return [where, &to](toml_values& values, const toml::table& in, std::uint32_t line) {
            special read;
            std::optional<std::uint32_t> number;
            values.each_key(where, in, [&](std::string_view key, const toml::node& value, std::uint32_t) {
                if (key == "number") {
                    number = values.number(key, value, 0, 65'535);
                } else if (key == "per_claim" && std::string_view{where} != "[[agency]]") {
                    read.per_claim = values.number(key, value, 0, per_claim_max);
                } else if (key == "exempt") {
                    read.exemption = values.text(key, value).value_or("");
                } else {
                    return false;
                }
                return true;
            });
            if (!number) return values.fault(line, std::string{where} + " has a number");
            if (read.per_claim && !read.exemption.empty())
                return values.fault(line, std::string{where} + " has a price or an exemption, not both");
            if (!to.emplace(static_cast<std::uint16_t>(*number), read).second)
                values.fault(line, std::string{where} + " " + std::to_string(*number) + " is there twice");
        };
    };
    std::uint16_t from = 0;
    auto faults = read_dated_file(
        text, std::move(file),
        [&](toml_values& values, std::string_view key, const toml::node& value) {
            if (key == "currency") {
                made.currency_ = values.text(key, value).value_or("");
            } else if (key == "per_claim") {
                has_price = true;
                if (const auto read = values.number(key, value, 0, per_claim_max)) made.per_claim_ = *read;
            } else {
                return false;
            }
            return true;
        },
        {{"procedure", read_special("[[procedure]]", made.procedures_)},
         {"agency", read_special("[[agency]]", made.agencies_)}},
        &from);
    if (faults.empty() && (made.currency_.empty() || !has_price))
        faults.push_back({{std::string{}, 0}, "a tariff has a currency and a price per_claim"});
    if (!faults.empty()) return faults;
    made.from_unix_s_ = unix_s_of_policy_day(from);
    return made;
}

policy_result<tariff> tariff::load(const std::filesystem::path& file) {
    const auto text = read_dated_text(file);
    if (!text) return text.error();
    return parse(*text, file.string());
}

tariff::price tariff::of(std::uint16_t agency, std::uint16_t procedure) const noexcept {
    const auto by_agency = agencies_.find(agency);
    const auto by_procedure = procedures_.find(procedure);
    if (by_procedure != procedures_.end() && !by_procedure->second.exemption.empty())
        return {0, by_procedure->second.exemption};
    if (by_agency != agencies_.end() && !by_agency->second.exemption.empty()) return {0, by_agency->second.exemption};
    if (by_procedure != procedures_.end() && by_procedure->second.per_claim) return {*by_procedure->second.per_claim};
    return {per_claim_};
}

}  // namespace xacthuc::inline v0_1
