// SPDX-License-Identifier: Apache-2.0
// What keeps a register: writing it to disk, keeping up with its writer, re-checking it in memory.
#include <algorithm>
#include <chrono>
#include <span>
#include <string_view>
#include <thread>
#include <xacthuc/registry/snapshot.hpp>

#include "boundary.hpp"
#include "handles.hpp"

using namespace xacthuc;

namespace {

constexpr uint32_t keeping_threads_max = 1024;
constexpr std::size_t write_options_first_bytes = 32;  // what they had in the interface's first version
constexpr auto keeper_looks_every = std::chrono::milliseconds{10};
constexpr std::string_view from_a_snapshot = "the register was opened from a snapshot";
static_assert(XT_PARTITION_COUNT == partition_count);

// The options that `with` calls take, in the form that the older ones have them.
[[nodiscard]] xt_write_options options_of(uint32_t threads, uint32_t snapshots_kept = 0) noexcept {
    return {XT_WRITE_OPTIONS_BYTES, threads, snapshots_kept, {nullptr, nullptr}, nullptr, 0};
}

[[nodiscard]] xt_status read_write_options(const xt_write_options* from, xt_write_options& how, xt_detail* detail) {
    if (const auto status = c::read_options(from, write_options_first_bytes, how); status != XT_OK)
        return c::refuse(detail, status, "xt_write_options");
    if (how.threads > keeping_threads_max) return c::refuse(detail, XT_ARGUMENT_RANGE, "threads");
    if (how.threads == 0) how.threads = 1;
    if (!c::is_there(how.source_position, how.source_position_bytes))
        return c::refuse(detail, XT_NULL_ARGUMENT, "source_position");
    return XT_OK;
}

// What every call that writes is told alike.
template <class How>
[[nodiscard]] How how_to_write(const xt_write_options& given) {
    How how;
    how.threads = given.threads;
    how.report = c::reporter(given.progress, partition_count);
    return how;
}

void tell_freshness(const freshness& now, xt_freshness* into) noexcept {
    if (into != nullptr) *into = {now.sequence, now.as_of_unix_ms};
}

// How fresh it is now, of a reader after catching up.
[[nodiscard]] detailed_result<freshness> look(xt_register& opened) {
    if (opened.on_disk && opened.read_only) return opened.on_disk->refresh();
    return opened.live.hold()->as_of();
}

[[nodiscard]] xt_status scrub_memory(const citizen_index& index, std::size_t first, std::size_t count,
                                     xt_scrub_facts& told) {
    const auto found = index.scrub(first, count);
    told.partitions = count;
    told.records = found.live;
    told.damaged_slots = found.damaged;
    if (found.damaged != 0) told.first_damaged_partition = static_cast<uint32_t>(found.first_damaged_partition);
    return XT_OK;
}

[[nodiscard]] xt_status scrub_registry(registry& of, std::size_t first, std::size_t count, xt_scrub_facts& told,
                                       xt_detail* detail) {
    const auto found = of.scrub(first, count);
    if (!found) return c::refuse(detail, found.error());
    told.partitions = found->partitions;
    told.records = found->live;
    told.damaged_slots = found->damaged_slots;
    told.partitions_repaired = found->partitions_repaired;
    if (!found->damaged_partitions.empty())
        told.first_damaged_partition = static_cast<uint32_t>(found->damaged_partitions.front());
    return XT_OK;
}

}  // namespace

xt_status xt_register_create_directory(const char* path, const xt_register* from, const xt_digest_key* key,
                                       const xt_authority_key* authority, uint32_t threads, xt_detail* detail) {
    const auto options = options_of(threads);
    return xt_register_create_directory_with(path, from, key, authority, &options, detail);
}

xt_status xt_register_create_directory_with(const char* path, const xt_register* from, const xt_digest_key* key,
                                            const xt_authority_key* authority, const xt_write_options* options,
                                            xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (path == nullptr || from == nullptr || key == nullptr || authority == nullptr)
            return c::refuse(detail, XT_NULL_ARGUMENT, "path, from, key or authority");
        xt_write_options given;
        if (const auto status = read_write_options(options, given, detail); status != XT_OK) return status;
        const auto held = from->live.hold();
        auto how = how_to_write<create_registry_options>(given);
        how.source_position = std::as_bytes(std::span{given.source_position, given.source_position_bytes});
        const auto made = registry::create(path, *held, key->value, authority->value, how);
        return made ? xt_status{XT_OK} : c::refuse(detail, made.error());
    });
}

xt_status xt_register_save(const xt_register* opened, const char* path, const xt_authority_key* authority,
                           uint32_t threads, xt_detail* detail) {
    const auto options = options_of(threads);
    return xt_register_save_with(opened, path, authority, &options, detail);
}

xt_status xt_register_save_with(const xt_register* opened, const char* path, const xt_authority_key* authority,
                                const xt_write_options* options, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (opened == nullptr || path == nullptr || authority == nullptr)
            return c::refuse(detail, XT_NULL_ARGUMENT, "opened, path or authority");
        xt_write_options given;
        if (const auto status = read_write_options(options, given, detail); status != XT_OK) return status;
        const auto held = opened->live.hold();
        const auto saved = save_snapshot(*held, path, authority->value, how_to_write<save_snapshot_options>(given));
        return saved ? xt_status{XT_OK} : c::refuse(detail, saved.error());
    });
}

xt_status xt_register_checkpoint(xt_register* opened, uint32_t threads, uint32_t snapshots_kept,
                                 xt_checkpoint_facts* facts, xt_detail* detail) {
    const auto options = options_of(threads, snapshots_kept);
    return xt_register_checkpoint_with(opened, &options, facts, detail);
}

xt_status xt_register_checkpoint_with(xt_register* opened, const xt_write_options* options, xt_checkpoint_facts* facts,
                                      xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (opened == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "opened");
        xt_write_options given;
        if (const auto status = read_write_options(options, given, detail); status != XT_OK) return status;
        // Before there is anything that could not be told.
        if (facts != nullptr && !c::is_writable(*facts, XT_CHECKPOINT_FACTS_BYTES))
            return c::refuse(detail, XT_STRUCT_SIZE, "xt_checkpoint_facts");
        if (!opened->on_disk) return c::refuse(detail, XT_NOT_A_REGISTRY, from_a_snapshot);
        auto how = how_to_write<checkpoint_options>(given);
        if (given.snapshots_kept != 0) how.snapshots_kept = given.snapshots_kept;
        const auto made = opened->on_disk->checkpoint(how);
        if (!made) return c::refuse(detail, made.error());
        if (facts == nullptr) return xt_status{XT_OK};
        xt_checkpoint_facts told{};
        told.as_of = {made->as_of.sequence, made->as_of.as_of_unix_ms};
        told.citizens = made->citizens;
        told.file_bytes = made->file_bytes;
        told.changes_merged = made->changes_merged;
        told.written = made->written ? 1 : 0;
        return c::write_struct(told, XT_CHECKPOINT_FACTS_BYTES, facts);
    });
}

xt_status xt_register_refresh(xt_register* opened, xt_freshness* freshness, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (opened == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "opened");
        if (!opened->on_disk) return c::refuse(detail, XT_NOT_A_REGISTRY, from_a_snapshot);
        const auto now = opened->on_disk->refresh();
        if (!now) return c::refuse(detail, now.error());
        tell_freshness(*now, freshness);
        return xt_status{XT_OK};
    });
}

xt_status xt_register_wait(xt_register* opened, uint64_t after_sequence, uint32_t timeout_ms, xt_freshness* freshness,
                           xt_detail* detail) {
    return c::guarded(detail, [&] {
        using clock = std::chrono::steady_clock;
        if (opened == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "opened");
        const auto end = clock::now() + std::chrono::milliseconds{timeout_ms};
        for (;;) {
            const auto now = look(*opened);
            if (!now) return c::refuse(detail, now.error());
            if (now->sequence > after_sequence) {
                tell_freshness(*now, freshness);
                return xt_status{XT_OK};
            }
            const auto left = end - clock::now();
            if (left <= clock::duration::zero()) return c::refuse(detail, XT_TIMED_OUT);
            std::this_thread::sleep_for(std::min<clock::duration>(left, keeper_looks_every));
        }
    });
}

xt_status xt_register_scrub(xt_register* opened, uint32_t first_partition, uint32_t partitions, xt_scrub_facts* facts,
                            xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (opened == nullptr || facts == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "opened or facts");
        if (!c::is_writable(*facts, XT_SCRUB_FACTS_BYTES)) return c::refuse(detail, XT_STRUCT_SIZE, "xt_scrub_facts");
        if (first_partition >= XT_PARTITION_COUNT || partitions > XT_PARTITION_COUNT - first_partition)
            return c::refuse(detail, XT_ARGUMENT_RANGE, "first_partition or partitions");
        const std::size_t count = partitions != 0 ? partitions : XT_PARTITION_COUNT - first_partition;
        xt_scrub_facts told{};
        told.first_damaged_partition = XT_PARTITION_COUNT;
        const auto status = opened->on_disk ? scrub_registry(*opened->on_disk, first_partition, count, told, detail)
                                            : scrub_memory(*opened->live.hold(), first_partition, count, told);
        return status == XT_OK ? c::write_struct(told, XT_SCRUB_FACTS_BYTES, facts) : status;
    });
}
