// SPDX-License-Identifier: Apache-2.0
// The register: opening it, looking at it, putting another in its place, closing it.
#include <memory>
#include <string_view>
#include <utility>
#include <xacthuc/registry/opened_register.hpp>

#include "boundary.hpp"
#include "handles.hpp"

using namespace xacthuc;

namespace {

constexpr uint32_t threads_max = 1024;
// What structs had in the interface's first version.
constexpr std::size_t snapshot_options_first_bytes = 24;
constexpr std::size_t registry_options_first_bytes = 32;

[[nodiscard]] detailed_result<opened_register> open_snapshot(const char* path, const authority_public_key& trusted,
                                                             const xt_digest_key* key, const xt_snapshot_options& how) {
    open_registry_options options;
    options.threads = how.threads == 0 ? 1 : how.threads;
    if (key != nullptr) options.digests = key->value;
    options.report = c::reporter(how.progress, partition_count);
    const auto check = how.check == XT_CHECK_EVERYTHING ? snapshot_check::everything
                       : how.check == XT_CHECK_DAMAGE   ? snapshot_check::damage
                                                        : snapshot_check::directory;
    return opened_register::open_snapshot(path, trusted, options, {how.map == 1, check});
}

[[nodiscard]] bool are_in_range(const xt_snapshot_options& how) noexcept {
    return how.threads <= threads_max && how.map <= 1 && how.check <= XT_CHECK_DIRECTORY && how.spare == 0 &&
           how.spare_too == 0 && how.agency <= UINT16_MAX && (how.map == 1 || how.check == XT_CHECK_EVERYTHING);
}

// Reads the arguments of both calls that open a snapshot, and hands what was opened to use(index, options).
template <class Use>
[[nodiscard]] xt_status with_snapshot(const char* path, const xt_authority* trusted, const xt_digest_key* key,
                                      const xt_snapshot_options* options, xt_detail* detail, const Use& use) {
    if (path == nullptr || trusted == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "path or trusted");
    xt_snapshot_options how;
    if (const auto status = c::read_options(options, snapshot_options_first_bytes, how); status != XT_OK)
        return c::refuse(detail, status, "xt_snapshot_options");
    if (!are_in_range(how)) return c::refuse(detail, XT_ARGUMENT_RANGE, "threads, map, check, agency or spare");
    auto found = open_snapshot(path, trusted->value, key, how);
    if (!found) return c::refuse(detail, found.error());
    return use(std::move(*found).take_index(), how);
}

// What both kinds of options say of who asks, to a handle that nobody else has yet.
template <class Options>
void put_asker(const Options& from, xt_register& into) {
    if (from.policy != nullptr) into.policy.put(from.policy->value.table);
    into.agency = static_cast<std::uint16_t>(from.agency);
}

}  // namespace

xt_status xt_register_open_snapshot(const char* path, const xt_authority* trusted, const xt_digest_key* key,
                                    const xt_snapshot_options* options, xt_register** opened, xt_detail* detail) {
    return c::guarded(opened, detail, [&] {
        return with_snapshot(path, trusted, key, options, detail, [&](citizen_index&& index, const auto& how) {
            auto made = std::make_unique<xt_register>(std::move(index), key);
            put_asker(how, *made);
            *opened = made.release();
            return xt_status{XT_OK};
        });
    });
}

xt_status xt_register_replace(xt_register* opened, const char* path, const xt_authority* trusted,
                              const xt_digest_key* key, const xt_snapshot_options* options, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (opened == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "opened");
        if (opened->on_disk)
            return c::refuse(detail, XT_NOT_A_SNAPSHOT, "what is in the place was opened from a directory");
        return with_snapshot(path, trusted, key, options, detail, [&](citizen_index&& index, const auto& how) {
            if (how.policy != nullptr || how.agency != 0)
                return c::refuse(detail, XT_ARGUMENT_RANGE, "policy or agency, which stay as they are");
            const auto before = opened->live.hold()->facts();
            const auto now = index.facts();
            if (now.digest_key_fingerprint != before.digest_key_fingerprint)
                return c::refuse(detail, XT_FOREIGN_DIGEST_KEY, path);
            if (now.as_of.sequence < before.as_of.sequence) return c::refuse(detail, XT_CHANGE_IS_OLDER, path);
            opened->live.replace(std::move(index));
            if (key != nullptr && !opened->digests) opened->digests.emplace(*key);
            return xt_status{XT_OK};
        });
    });
}

xt_status xt_register_open_directory(const char* path, const xt_authority* trusted, const xt_registry_options* options,
                                     xt_register** opened, xt_detail* detail) {
    return c::guarded(opened, detail, [&] {
        if (path == nullptr || trusted == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "path or trusted");
        xt_registry_options given;
        if (const auto status = c::read_options(options, registry_options_first_bytes, given); status != XT_OK)
            return c::refuse(detail, status, "xt_registry_options");
        if (given.threads > threads_max || given.read_only > 1 || given.agency > UINT16_MAX || given.spare != 0)
            return c::refuse(detail, XT_ARGUMENT_RANGE, "threads, read_only, agency or spare");
        open_registry_options how;
        how.how = given.read_only == 1 ? open_registry_options::access::read : open_registry_options::access::write;
        how.threads = given.threads == 0 ? 1 : given.threads;
        if (given.authority != nullptr) how.authority = given.authority->value;
        if (given.digest_key != nullptr) how.digests = given.digest_key->value;
        if (given.digest_key_file != nullptr) how.digest_key_file = given.digest_key_file;
        how.at_least_sequence = given.at_least_sequence;
        if (given.mark_file != nullptr) how.mark_file = given.mark_file;
        how.report = c::reporter(given.progress, partition_count);
        auto found = registry::open(path, trusted->value, how);
        if (!found) return c::refuse(detail, found.error());
        auto made = std::make_unique<xt_register>(std::move(*found), given.read_only == 1);
        put_asker(given, *made);
        *opened = made.release();
        return xt_status{XT_OK};
    });
}

void xt_register_free(xt_register* opened) {
    delete opened;
}

xt_status xt_register_close(xt_register* opened, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (opened == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "opened");
        const std::unique_ptr<xt_register> dying{opened};
        if (!dying->on_disk) return xt_status{XT_OK};
        const auto closed = dying->on_disk->close();
        return closed ? xt_status{XT_OK} : c::refuse(detail, closed.error());
    });
}

xt_status xt_register_look(const xt_register* opened, xt_register_facts* facts) {
    if (opened == nullptr || facts == nullptr) return XT_NULL_ARGUMENT;
    const auto index = opened->live.hold();
    const auto now = index->facts();
    xt_register_facts told{};
    told.as_of = {now.as_of.sequence, now.as_of.as_of_unix_ms};
    told.citizens = index->citizens();
    told.memory_bytes = index->memory_bytes();
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
