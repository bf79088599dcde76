// SPDX-License-Identifier: Apache-2.0
// The register: opening it, looking at it, saving it.
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

[[nodiscard]] bool are_in_range(const xt_snapshot_options& how) noexcept {
    return how.threads <= threads_max && how.map <= 1 && how.check <= XT_CHECK_DIRECTORY && how.spare == 0 &&
           (how.map == 1 || how.check == XT_CHECK_EVERYTHING);
}

}  // namespace

xt_status xt_register_open_snapshot(const char* path, const xt_authority* trusted, const xt_digest_key* key,
                                    const xt_snapshot_options* options, xt_register** opened, xt_detail* detail) {
    return c::guarded(opened, detail, [&] {
        if (path == nullptr || trusted == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "path or trusted");
        xt_snapshot_options how{};
        if (options != nullptr) {
            const auto status = c::read_struct(options, XT_SNAPSHOT_OPTIONS_BYTES, how);
            if (status != XT_OK) return c::refuse(detail, status, "xt_snapshot_options");
        }
        if (!are_in_range(how)) return c::refuse(detail, XT_ARGUMENT_RANGE, "threads, map, check or spare");
        auto index = open_snapshot(path, trusted->value, key, how);
        if (!index) return c::refuse(detail, index.error());
        *opened = new xt_register{std::move(*index)};
        return xt_status{XT_OK};
    });
}

void xt_register_free(xt_register* opened) {
    delete opened;
}

xt_status xt_register_look(const xt_register* opened, xt_register_facts* facts) {
    if (opened == nullptr || facts == nullptr) return XT_NULL_ARGUMENT;
    const auto now = opened->index.facts();
    xt_register_facts told{};
    told.as_of = {now.as_of.sequence, now.as_of.as_of_unix_ms};
    told.citizens = opened->index.citizens();
    told.memory_bytes = opened->index.memory_bytes();
    told.digest_key_fingerprint = now.digest_key_fingerprint;
    told.with_keys = now.with_keys ? 1 : 0;
    told.read_only = now.read_only ? 1 : 0;
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
        const auto saved = save_snapshot(opened->index, path, authority->value, how);
        return saved ? xt_status{XT_OK} : c::refuse(detail, saved.error());
    });
}
