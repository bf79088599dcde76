// SPDX-License-Identifier: Apache-2.0
#include "ledger/dated_file.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace xacthuc::inline v0_1 {

std::int64_t unix_s_of_policy_day(std::uint16_t day) noexcept {
    constexpr std::int64_t from_1970_to_2000 = 10'957;
    constexpr std::int64_t ahead_s = 7 * 3600;
    return (from_1970_to_2000 + day) * 86'400 - ahead_s;
}

policy_result<std::string> read_dated_text(const std::filesystem::path& file) {
    constexpr std::size_t size_max = 1 << 20;
    std::ifstream from{file, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{from}, {}};
    if (!from.is_open() || from.bad() || text.size() > size_max)
        return policy_faults{{{file.string(), 0}, "it cannot be read, or is too long"}};
    return text;
}

policy_faults read_dated_file(std::string_view text, std::string file, const key_reader& take_key,
                              const std::map<std::string, table_reader, std::less<>>& tables, std::uint16_t* from) {
    const auto document = parse_toml(text, file);
    if (!document) return document.error();
    policy_faults faults;
    toml_values values{std::move(file), faults};
    bool is_dated = false;
    values.each_key("the file", *document, [&](std::string_view key, const toml::node& value, std::uint32_t) {
        if (tables.contains(key)) return true;
        if (key != "from") return take_key(values, key, value);
        is_dated = true;
        if (const auto day = values.day(key, value); day && from != nullptr) *from = *day;
        return true;
    });
    if (!is_dated) values.fault(1, "it does not say from which day it holds: from = 2027-01-01");
    for (const auto& [key, value] : *document) {
        const auto reader = tables.find(std::string_view{key.str()});
        if (reader == tables.end()) continue;
        const auto* const list = value.as_array();
        if (list == nullptr || !std::ranges::all_of(*list, [](const toml::node& each) { return each.is_table(); })) {
            values.fault(toml_values::line_of(value),
                         std::string{key.str()} + " is written as [[" + std::string{key.str()} + "]]");
            continue;
        }
        for (const auto& each : *list) reader->second(values, *each.as_table(), toml_values::line_of(each));
    }
    std::ranges::stable_sort(faults, {}, [](const policy_fault& fault) { return fault.at.line; });
    return faults;
}

}  // namespace xacthuc::inline v0_1
