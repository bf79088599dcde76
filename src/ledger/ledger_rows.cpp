// SPDX-License-Identifier: Apache-2.0
#include "ledger/ledger_rows.hpp"

#include <map>
#include <memory>

namespace xacthuc::inline v0_1 {

detailed_result<ledger_rows> ledger_rows::look(const file_calls& calls, const std::filesystem::path& directory) {
    auto looked = row_store::look(calls, directory);
    if (!looked) return looked.error();
    const auto store = std::make_shared<row_store>(std::move(*looked));
    const auto keys = std::make_shared<std::map<std::int64_t, std::optional<day_key>>>();
    access_rows rows;
    rows.hours = [store]() -> detailed_result<std::vector<ledger_hour>> {
        const auto found = store->hours();
        if (!found) return found.error();
        std::vector<ledger_hour> all;
        for (const auto& each : *found) all.push_back(each.hour);
        return all;
    };
    rows.key_of = [store, keys](std::int64_t day) -> detailed_result<std::optional<day_key>> {
        if (const auto known = keys->find(day); known != keys->end()) return known->second;
        const auto key = store->key_of(day);
        if (!key && key.error().code != errc::not_found) return key.error();
        return keys->emplace(day, key ? std::optional{*key} : std::nullopt).first->second;
    };
    rows.read = [store](ledger_hour hour, const day_key& key, const access_rows::group_visitor& take) {
        return store->read_hour(hour, key, [&](row_group&& group, const group_entry*) -> detailed_result<void> {
            take(group);
            return {};
        });
    };
    return ledger_rows{store->ids(), std::move(rows)};
}

}  // namespace xacthuc::inline v0_1
