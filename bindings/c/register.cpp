// SPDX-License-Identifier: Apache-2.0
// The register: opening it, looking at it, saving it.
#include <string_view>
#include <utility>
#include <xacthuc/registry/snapshot.hpp>

#include "boundary.hpp"
#include "handles.hpp"

using namespace xacthuc;

namespace {

detailed_result<citizen_index> open_snapshot(const char* path, const authority_public_key& trusted,
                                             const xt_digest_key* key, const xt_snapshot_options& how) {
    std::optional<std::uint64_t> fingerprint;
    if (key != nullptr) fingerprint = key->value.fingerprint();
    const unsigned threads = how.threads == 0 ? 1 : how.threads;
    if (how.map == 0) {
        load_snapshot_options options;
        options.threads = threads;
        options.digest_key_fingerprint = fingerprint;
        return load_snapshot(path, trusted, options);
    }
    map_snapshot_options options;
    options.threads = threads;
    options.digest_key_fingerprint = fingerprint;
    options.check = how.check == XT_CHECK_EVERYTHING ? snapshot_check::everything
                    : how.check == XT_CHECK_DAMAGE   ? snapshot_check::damage
                                                     : snapshot_check::directory;
    return map_snapshot(path, trusted, options);
}

constexpr uint32_t threads_max = 1024;
constexpr std::string_view from_a_snapshot = "the register was opened from a snapshot";
// What xt_registry_options had in the interface's first version.
constexpr std::size_t registry_options_first_bytes = 32;

[[nodiscard]] bool are_in_range(const xt_snapshot_options& how) noexcept {
    return how.threads <= threads_max && how.map <= 1 && how.check <= XT_CHECK_DIRECTORY && how.spare == 0 &&
           (how.map == 1 || how.check == XT_CHECK_EVERYTHING);
}

}  // namespace

xt_status xt_register_open_snapshot(const char* path, const xt_authority* trusted, const xt_digest_key* key,
                                    const xt_snapshot_options* options, xt_register** opened, xt_detail* detail) {
    return c::guarded(opened, detail, [&] {
        if (path == nullptr || trusted == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "path or trusted");
        xt_snapshot_options how;
        if (const auto status = c::read_options(options, XT_SNAPSHOT_OPTIONS_BYTES, how); status != XT_OK)
            return c::refuse(detail, status, "xt_snapshot_options");
        if (!are_in_range(how)) return c::refuse(detail, XT_ARGUMENT_RANGE, "threads, map, check or spare");
        auto index = open_snapshot(path, trusted->value, key, how);
        if (!index) return c::refuse(detail, index.error());
        *opened = new xt_register(std::move(*index), key);
        return xt_status{XT_OK};
    });
}

xt_status xt_register_open_directory(const char* path, const xt_authority* trusted, const xt_registry_options* options,
                                     xt_register** opened, xt_detail* detail) {
    return c::guarded(opened, detail, [&] {
        if (path == nullptr || trusted == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "path or trusted");
        xt_registry_options given;
        if (const auto status = c::read_options(options, registry_options_first_bytes, given); status != XT_OK)
            return c::refuse(detail, status, "xt_registry_options");
        if (given.threads > threads_max || given.read_only > 1)
            return c::refuse(detail, XT_ARGUMENT_RANGE, "threads or read_only");
        open_registry_options how;
        how.how = given.read_only == 1 ? open_registry_options::access::read : open_registry_options::access::write;
        how.threads = given.threads == 0 ? 1 : given.threads;
        if (given.authority != nullptr) how.authority = given.authority->value;
        if (given.digest_key_file != nullptr) how.digest_key_file = given.digest_key_file;
        how.at_least_sequence = given.at_least_sequence;
        if (given.mark_file != nullptr) how.mark_file = given.mark_file;
        auto found = registry::open(path, trusted->value, how);
        if (!found) return c::refuse(detail, found.error());
        *opened = new xt_register(std::move(*found), given.read_only == 1);
        return xt_status{XT_OK};
    });
}

xt_status xt_register_create_directory(const char* path, const xt_register* from, const xt_digest_key* key,
                                       const xt_authority_key* authority, uint32_t threads, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (path == nullptr || from == nullptr || key == nullptr || authority == nullptr)
            return c::refuse(detail, XT_NULL_ARGUMENT, "path, from, key or authority");
        if (threads > threads_max) return c::refuse(detail, XT_ARGUMENT_RANGE, "threads");
        create_registry_options how;
        how.threads = threads == 0 ? 1 : threads;
        const auto made = registry::create(path, *from->index, key->value, authority->value, how);
        return made ? xt_status{XT_OK} : c::refuse(detail, made.error());
    });
}

void xt_register_free(xt_register* opened) {
    delete opened;
}

xt_status xt_register_look(const xt_register* opened, xt_register_facts* facts) {
    if (opened == nullptr || facts == nullptr) return XT_NULL_ARGUMENT;
    const auto& index = *opened->index;
    const auto now = index.facts();
    xt_register_facts told{};
    told.as_of = {now.as_of.sequence, now.as_of.as_of_unix_ms};
    told.citizens = index.citizens();
    told.memory_bytes = index.memory_bytes();
    told.digest_key_fingerprint = now.digest_key_fingerprint;
    told.with_keys = now.with_keys ? 1 : 0;
    told.read_only = now.read_only || opened->read_only ? 1 : 0;
    if (opened->on_disk) {
        const auto& opening = opened->on_disk->opening();
        told.is_directory = 1;
        told.changes_replayed = opening.changes_replayed;
        told.unusable_snapshots = static_cast<uint32_t>(opening.unusable_snapshots.size());
    }
    return c::write_struct(told, XT_REGISTER_FACTS_BYTES, facts);
}

xt_status xt_register_save(const xt_register* opened, const char* path, const xt_authority_key* authority,
                           uint32_t threads, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (opened == nullptr || path == nullptr || authority == nullptr)
            return c::refuse(detail, XT_NULL_ARGUMENT, "opened, path or authority");
        if (threads > threads_max) return c::refuse(detail, XT_ARGUMENT_RANGE, "threads");
        save_snapshot_options how;
        how.threads = threads == 0 ? 1 : threads;
        const auto saved = save_snapshot(*opened->index, path, authority->value, how);
        return saved ? xt_status{XT_OK} : c::refuse(detail, saved.error());
    });
}

xt_status xt_register_refresh(xt_register* opened, xt_freshness* freshness, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (opened == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "opened");
        if (!opened->on_disk) return c::refuse(detail, XT_NOT_A_REGISTRY, from_a_snapshot);
        const auto now = opened->on_disk->refresh();
        if (!now) return c::refuse(detail, now.error());
        if (freshness != nullptr) *freshness = {now->sequence, now->as_of_unix_ms};
        return xt_status{XT_OK};
    });
}

xt_status xt_register_checkpoint(xt_register* opened, uint32_t threads, uint32_t snapshots_kept,
                                 xt_checkpoint_facts* facts, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (opened == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "opened");
        if (threads > threads_max) return c::refuse(detail, XT_ARGUMENT_RANGE, "threads");
        // Before there is anything that could not be told.
        if (facts != nullptr && !c::is_writable(*facts, XT_CHECKPOINT_FACTS_BYTES))
            return c::refuse(detail, XT_STRUCT_SIZE, "xt_checkpoint_facts");
        if (!opened->on_disk) return c::refuse(detail, XT_NOT_A_REGISTRY, from_a_snapshot);
        checkpoint_options how;
        how.threads = threads == 0 ? 1 : threads;
        if (snapshots_kept != 0) how.snapshots_kept = snapshots_kept;
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
