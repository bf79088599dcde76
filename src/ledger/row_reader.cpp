// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <xacthuc/ledger/row_reader.hpp>

#include "ledger/ledger_rows.hpp"

namespace xacthuc::inline v0_1 {
namespace {

void take_group(const row_group& group, const std::function<void(const billed_row&)>& take) {
    std::size_t row = 0;
    for (const auto& call : group.calls)
        for (const auto end = row + static_cast<std::size_t>(call.rows); row < end; ++row) {
            const auto& kind = group.kind(row);
            take({.entry = group.leaf_index,
                  .row = row,
                  .time_unix_ms = call.time_unix_ms,
                  .agency = kind.agency,
                  .procedure = kind.procedure,
                  .claims = kind.claims,
                  .verdict = verdict::from_bits(kind.verdict_bits),
                  .officer = call.officer});
        }
}

}  // namespace

detailed_result<void> read_billed_rows(const std::filesystem::path& directory, std::uint64_t from_size,
                                       std::uint64_t to_size, const std::function<void(const billed_row&)>& take) {
    auto looked = row_store::look(system_file_calls(), directory);
    if (!looked) return looked.error();
    const auto hours = looked->hours();
    if (!hours) return hours.error();
    std::uint64_t counted = 0;
    const auto take_between = [&](row_group&& group, const group_entry*) -> detailed_result<void> {
        if (group.leaf_index < from_size || group.leaf_index >= to_size) return {};
        ++counted;
        take_group(group, take);
        return {};
    };
    for (const auto& hour : *hours) {
        const auto [first, end] = looked->entries_of(hour.hour);
        if (end <= from_size || first >= to_size) continue;
        const auto key = looked->key_of(hour.hour.day());
        if (!key && key.error().code == errc::not_found) continue;
        if (!key) return key.error();
        if (auto done = looked->read_hour(hour.hour, *key, take_between); !done) return done;
    }
    if (counted == to_size - from_size) return {};
    return failure{errc::not_found, "of " + std::to_string(to_size - from_size) + " entries " +
                                        std::to_string(counted) + " have rows: " + directory.string()};
}

}  // namespace xacthuc::inline v0_1
