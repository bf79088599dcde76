// SPDX-License-Identifier: Apache-2.0
#include "registry/partition_changes.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace xacthuc::inline v0_1 {

detailed_result<partition_changes> partition_changes::gather(const change_log& from, std::uint64_t after,
                                                             std::uint64_t up_to, std::uint64_t placement_seed,
                                                             std::optional<std::size_t> only) {
    partition_changes made;
    std::vector<std::uint32_t> partitions;  // of each place
    std::vector<place> unsorted;
    const auto gather_batch = [&](const change_batch& batch) -> detailed_result<bool> {
        auto left = batch.packed;
        auto sequence = batch.first_sequence;
        for (; sequence <= batch.last_sequence(); ++sequence) {
            const auto all = left;
            change what;
            if (!unpack_change(left, what))
                return failure{errc::damaged_changes, "the batch that begins with change " +
                                                          std::to_string(batch.first_sequence) + " is none"};
            if (sequence <= after || sequence > up_to) continue;
            const auto partition = partition_of(placement_hash(what.id(), placement_seed));
            if (only && partition != *only) continue;
            unsorted.push_back({made.packed_.size(), sequence});
            partitions.push_back(static_cast<std::uint32_t>(partition));
            const auto mine = all.first(all.size() - left.size());
            made.packed_.insert(made.packed_.end(), mine.begin(), mine.end());
            ++made.first_[partition + 1];
        }
        // The last change that is wanted may be one in the middle of a batch.
        return batch.last_sequence() < up_to;
    };
    if (after < up_to)
        if (auto done = from.visit(after, change_log::no_end, gather_batch); !done) return done.error();
    for (std::size_t p = 0; p < partition_count; ++p) made.first_[p + 1] += made.first_[p];
    made.places_.resize(unsorted.size());
    auto next = made.first_;
    for (std::size_t i = 0; i < unsorted.size(); ++i) made.places_[next[partitions[i]]++] = unsorted[i];
    return made;
}

std::uint64_t partition_changes::citizens_of(std::size_t partition) const {
    std::vector<std::uint64_t> ids;
    ids.reserve(first_[partition + 1] - first_[partition]);
    for (auto at = first_[partition]; at < first_[partition + 1]; ++at) {
        auto from = std::span<const std::byte>{packed_}.subspan(places_[at].offset);
        change what;
        static_cast<void>(unpack_change(from, what));
        ids.push_back(what.id());
    }
    std::ranges::sort(ids);
    return static_cast<std::size_t>(std::unique(ids.begin(), ids.end()) - ids.begin());
}

std::vector<change> partition_changes::of(std::size_t partition) const {
    std::vector<change> made(first_[partition + 1] - first_[partition]);
    for (std::size_t i = 0; i < made.size(); ++i) {
        const auto& [offset, sequence] = places_[first_[partition] + i];
        auto from = std::span<const std::byte>{packed_}.subspan(offset);
        // It was unpacked once already.
        static_cast<void>(unpack_change(from, made[i]));
        made[i].sequence = sequence;
    }
    return made;
}

}  // namespace xacthuc::inline v0_1
