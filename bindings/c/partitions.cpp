// SPDX-License-Identifier: Apache-2.0
// Registers that have some of their partitions: which, and moving them as bytes.
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>
#include <xacthuc/registry/partition_copy.hpp>

#include "boundary.hpp"
#include "handles.hpp"

using namespace xacthuc;

namespace {

[[nodiscard]] xt_status refuse_partition(xt_detail* detail) {
    return c::refuse(detail, XT_ARGUMENT_RANGE, "partition");
}

[[nodiscard]] xt_status tell_facts(const partition_copy_facts& from, xt_partition_facts* into) noexcept {
    if (into == nullptr) return XT_OK;
    xt_partition_facts told{};
    told.citizens = from.citizens;
    told.as_of = {from.as_of.sequence, from.as_of.as_of_unix_ms};
    told.partition = static_cast<uint32_t>(from.partition);
    told.with_keys = from.with_keys ? 1 : 0;
    return c::write_struct(told, XT_PARTITION_FACTS_BYTES, into);
}

// The index where it is this register's own to change.
[[nodiscard]] citizen_index* changeable(xt_register& opened) noexcept {
    return opened.on_disk ? nullptr : opened.live.owned();
}

}  // namespace

xt_status xt_register_open_without_partitions(const xt_digest_key* key, uint64_t placement_seed, uint32_t with_keys,
                                              xt_register** opened, xt_detail* detail) {
    return c::guarded(opened, detail, [&] {
        if (key == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "key");
        if (with_keys > 1) return c::refuse(detail, XT_ARGUMENT_RANGE, "with_keys");
        auto made = citizen_index::without_partitions({.placement_seed = placement_seed,
                                                       .digest_key_fingerprint = key->fingerprint,
                                                       .with_keys = with_keys == 1});
        if (!made) return c::refuse(detail, made.error());
        *opened = std::make_unique<xt_register>(std::move(*made), key).release();
        return xt_status{XT_OK};
    });
}

xt_status xt_register_placement_seed(const xt_register* opened, uint64_t* placement_seed) {
    if (opened == nullptr || placement_seed == nullptr) return XT_NULL_ARGUMENT;
    *placement_seed = opened->live.hold()->placement_seed();
    return XT_OK;
}

xt_status xt_register_partition_of(const xt_register* opened, xt_text id, uint32_t* partition) {
    if (opened == nullptr || partition == nullptr) return XT_NULL_ARGUMENT;
    std::string_view text;
    if (const auto status = c::read_text(id, text); status != XT_OK) return status;
    const auto whose = personal_id::parse(text);
    if (!whose) return c::status_of(whose.error());
    *partition =
        static_cast<uint32_t>(partition_of(placement_hash(whose->value(), opened->live.hold()->placement_seed())));
    return XT_OK;
}

xt_status xt_register_has_partition(const xt_register* opened, uint32_t partition, uint32_t* has) {
    if (opened == nullptr || has == nullptr) return XT_NULL_ARGUMENT;
    if (partition >= partition_count) return XT_ARGUMENT_RANGE;
    *has = opened->live.hold()->has_partition(partition) ? 1 : 0;
    return XT_OK;
}

xt_status xt_register_export_partition(const xt_register* opened, uint32_t partition, uint8_t* into, size_t capacity,
                                       size_t* size, xt_partition_facts* facts, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (opened == nullptr || size == nullptr || !c::is_there(into, capacity))
            return c::refuse(detail, XT_NULL_ARGUMENT, "opened, into or size");
        if (partition >= partition_count) return refuse_partition(detail);
        std::vector<std::byte> bytes;
        const auto made = export_partition(*opened->live.hold(), partition, bytes);
        if (!made) return c::refuse(detail, made.error());
        if (const auto status = tell_facts(*made, facts); status != XT_OK)
            return c::refuse(detail, status, "xt_partition_facts");
        *size = bytes.size();
        if (bytes.size() <= capacity) std::memcpy(into, bytes.data(), bytes.size());
        return xt_status{XT_OK};
    });
}

xt_status xt_register_import_partition(xt_register* opened, const uint8_t* bytes, size_t size,
                                       xt_partition_facts* facts, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (opened == nullptr || !c::is_there(bytes, size))
            return c::refuse(detail, XT_NULL_ARGUMENT, "opened or bytes");
        // Before anything is done, so that an error says that nothing was.
        if (facts != nullptr && !c::is_writable(*facts, XT_PARTITION_FACTS_BYTES))
            return c::refuse(detail, XT_STRUCT_SIZE, "xt_partition_facts");
        auto* const index = changeable(*opened);
        if (index == nullptr) return c::refuse(detail, XT_READ_ONLY, "opened from a directory");
        const auto made = import_partition(*index, std::as_bytes(std::span{bytes, size}));
        if (!made) return c::refuse(detail, made.error());
        return tell_facts(*made, facts);
    });
}

xt_status xt_register_drop_partition(xt_register* opened, uint32_t partition, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (opened == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "opened");
        if (partition >= partition_count) return refuse_partition(detail);
        auto* const index = changeable(*opened);
        if (index == nullptr) return c::refuse(detail, XT_READ_ONLY, "opened from a directory");
        const auto done = index->drop_partition(partition);
        return done ? xt_status{XT_OK} : c::refuse(detail, done.error());
    });
}
