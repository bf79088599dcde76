// SPDX-License-Identifier: Apache-2.0
#include "registry/partition_on_disk.hpp"

#include <algorithm>
#include <string>

#include "registry/partition_changes.hpp"

namespace xacthuc::inline v0_1 {

detailed_result<std::vector<kept_citizen>> citizens_of(const opened_snapshot& from, std::size_t partition,
                                                       std::vector<std::byte>& buffer) {
    buffer.resize(static_cast<std::size_t>(from.directory[partition].size_bytes));
    if (auto done = from.read_block(partition, buffer); !done) return done.error();
    std::vector<kept_citizen> citizens;
    take_citizens(buffer, citizens);
    return citizens;
}

detailed_result<void> bring_up_to_date(std::vector<kept_citizen>& citizens, std::span<const change> changes) {
    const auto made = make_among(citizens, changes);
    if (made == changes.size()) return {};
    return failure{errc::damaged_changes, "change " + std::to_string(changes[made].sequence) +
                                              " concerns somebody who is not in the register"};
}

detailed_result<partition_on_disk> partition_on_disk::open(const registry_setting& setting, const opened_snapshot& from,
                                                           std::size_t partition) {
    std::vector<std::byte> buffer;
    auto citizens = citizens_of(from, partition, buffer);
    if (!citizens) return citizens.error();
    auto log = setting.open_reader();
    if (!log) return log.error();
    return partition_on_disk{from, partition, std::move(*citizens), std::move(*log)};
}

detailed_result<void> partition_on_disk::bring_up(std::uint64_t sequence) {
    const auto changes = partition_changes::gather(log_, up_to_, sequence, placement_seed_, partition_);
    if (!changes) return changes.error();
    up_to_ = std::max(up_to_, sequence);
    return bring_up_to_date(citizens_, changes->of(partition_));
}

detailed_result<void> partition_on_disk::put_into(citizen_index& index) const {
    std::vector<record> records;
    std::vector<public_key> keys;
    for (const auto& who : citizens_) {
        records.push_back(who.facts);
        if (index.facts().with_keys) keys.push_back(who.key);
    }
    return index.rebuild_partition(partition_, records, keys);
}

}  // namespace xacthuc::inline v0_1
