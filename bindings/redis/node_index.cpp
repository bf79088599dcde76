// SPDX-License-Identifier: Apache-2.0
#include "node_index.hpp"

#include <utility>

namespace xacthuc::redis {

detailed_result<void> node_index::fits(const partition_copy_facts& facts) const {
    if (!index_) return {};
    const auto own = index_->facts();
    if (own.digest_key_fingerprint != facts.digest_key_fingerprint)
        return failure{errc::foreign_digest_key, "another register is here"};
    if (own.placement_seed != facts.placement_seed || own.with_keys != facts.with_keys)
        return failure{errc::foreign_partition, "another register is here"};
    return {};
}

detailed_result<void> node_index::take_in(std::span<const std::byte> blob, bool is_empty) {
    if (!index_ || is_empty) {
        const auto facts = check_partition(blob);
        if (!facts) return facts.error();
        if (!index_ || !fits(*facts)) {
            auto made = citizen_index::without_partitions({.placement_seed = facts->placement_seed,
                                                           .digest_key_fingerprint = facts->digest_key_fingerprint,
                                                           .with_keys = facts->with_keys});
            if (!made) return made.error();
            index_.emplace(std::move(*made));
        }
    }
    if (const auto taken = import_partition(*index_, blob); !taken) return taken.error();
    return {};
}

detailed_result<std::vector<std::byte>> node_index::give_out(std::size_t partition, freshness as_of) {
    index_->set_as_of(as_of);
    std::vector<std::byte> blob;
    if (const auto given = export_partition(*index_, partition, blob); !given) return given.error();
    return blob;
}

void node_index::drop(std::size_t partition) {
    // Whatever is held is there to be dropped, and nothing here is read-only.
    static_cast<void>(index_->drop_partition(partition));
}

std::size_t node_index::bytes_of(std::size_t partition) const noexcept {
    return index_->block(partition).size();
}

}  // namespace xacthuc::redis
