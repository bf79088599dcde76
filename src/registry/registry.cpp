// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "registry/block_layout.hpp"
#include "registry/registry_state.hpp"
#include "registry/snapshot_reader.hpp"
#include "registry/snapshot_writer.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// A reader that opens while a writer's checkpoints take away what it has listed tries again so often.
constexpr int reading_attempts_max = 5;

[[nodiscard]] bool is_there(const file_calls& calls, const std::filesystem::path& path) {
    const auto found = examine_file(calls, path);
    return found || found.error().code != errc::not_found;
}

[[nodiscard]] detailed_result<void> keep_digest_key(const registry_directory& directory, const digest_key& key) {
    const auto found = digest_key::load(directory.digest_key_file());
    if (!found && found.error().code == errc::not_found) return key.save(directory.digest_key_file());
    if (!found) return found.error();
    if (found->fingerprint() == key.fingerprint()) return {};
    return failure{errc::foreign_digest_key, directory.digest_key_file().string() + " is another register's"};
}

[[nodiscard]] detailed_result<void> keep_authority(const registry_directory& directory,
                                                   const authority_public_key& key) {
    const auto path = directory.path() / "authority.pub";
    const auto found = authority_public_key::load(path);
    if (!found && found.error().code == errc::not_found) return key.save(path);
    if (!found) return found.error();
    if (*found == key) return {};
    return failure{errc::foreign_authority, path.string() + " is another authority's"};
}

void remove_log(registry_system system, const std::filesystem::path& log) {
    for (const auto* const suffix : {"", "-journal", "-wal", "-shm"})
        system.files->unlink(system.files->context, (log.string() + suffix).c_str());
}

// The log is made under another name and renamed, so that a directory has a whole one or none.
[[nodiscard]] detailed_result<void> make_log(registry_system system, const registry_directory& directory,
                                             const sealing_key& key, const high_water& floor,
                                             std::span<const std::byte> source_position) {
    auto making = directory.changes();
    making += ".making";
    remove_log(system, making);
    // SQLite would make it readable by everybody, and what it makes beside it gets the same rights.
    if (const auto file = open_file::create(*system.files, making, 0600); !file) return file.error();
    if (auto done = change_log::create({system.files, system.gate, making, {}}, key, floor, source_position); !done)
        return done;
    if (auto done = rename_file(*system.files, making, directory.changes()); !done) return done;
    remove_log(system, making);  // what lies beside it under the old name: all of it is in the database
    return sync_directory_of(*system.files, directory.changes());
}

// An index's blocks, with a column of no keys. Requires: no writer runs.
[[nodiscard]] block_source blocks_with_keys(const citizen_index& index) {
    block_source source;
    std::vector<block_shape> shapes(partition_count);
    for (std::size_t p = 0; p < partition_count; ++p) {
        block_head head;
        std::memcpy(&head, index.block(p).data(), sizeof head);
        shapes[p] = {head.line_count, true, index.placement_seed()};
        source.sizes.push_back(shapes[p].bytes());
    }
    source.fill = [&index, shapes = std::move(shapes)](std::size_t p,
                                                       std::span<std::byte> to) -> detailed_result<void> {
        std::vector<std::byte> copy;
        if (auto copied = index.copy_block(p, copy); !copied) return copied;
        std::vector<kept_citizen> citizens;
        take_citizens(copy, citizens);
        lay_out_block(p, shapes[p], citizens, to);
        return {};
    };
    source.citizens = index.citizens();
    return source;
}

[[nodiscard]] detailed_result<void> check_position(std::span<const std::byte> source_position) {
    if (source_position.size() <= source_position_bytes_max) return {};
    return failure{errc::code_range, "the source's position: " + std::to_string(source_position.size()) +
                                         " bytes, at most " + std::to_string(source_position_bytes_max)};
}

[[nodiscard]] registry_id new_registry_id() {
    if (sodium_init() < 0) std::abort();  // no source of randomness: nothing a caller could do instead
    registry_id id;
    randombytes_buf(id.data(), id.size());
    return id;
}

// Leaves word that a registry is being made; what an attempt that did not end left of a log goes.
[[nodiscard]] detailed_result<void> begin_making(registry_system system, const registry_directory& directory) {
    if (is_there(*system.files, directory.making()))
        remove_log(system, directory.changes());
    else if (is_there(*system.files, directory.changes()))
        return failure{errc::already_exists, directory.path().string() + ": there is a registry in it"};
    auto done = write_new_file(*system.files, directory.making(), {}, 0600);
    if (!done && done.error().code == errc::already_exists) return {};
    return done;
}

[[nodiscard]] detailed_result<void> end_making(registry_system system, const registry_directory& directory) {
    const int answer = system.files->unlink(system.files->context, directory.making().c_str());
    if (answer < 0 && answer != -ENOENT) return file_failure(answer, directory.making(), "remove");
    // Should it come back with the power, the registry is made anew at most as long as nobody has opened it to write.
    static_cast<void>(sync_directory_of(*system.files, directory.making()));
    return {};
}

// An attempt to make it came so far that it can be opened. From now on nothing of it may be made anew.
[[nodiscard]] detailed_result<void> take_over(registry_system system, const registry_directory& directory) {
    if (!is_there(*system.files, directory.making())) return {};
    if (auto done = end_making(system, directory); !done) return done;
    return sync_directory_of(*system.files, directory.making());
}

[[nodiscard]] bool may_pass(const failure& why) noexcept {
    return why.code == errc::not_found || why.code == errc::changes_trimmed || why.code == errc::sequence_gap;
}

}  // namespace

detailed_result<void> registry_opener::create(registry_system system, const std::filesystem::path& path,
                                              const citizen_index& index, const digest_key& digests,
                                              const authority_key& authority, const create_registry_options& how) {
    auto facts = index.facts();
    if (facts.digest_key_fingerprint != digests.fingerprint())
        return failure{errc::foreign_digest_key, "the index was not made with the key given"};
    if (auto done = check_suitable(sqlite_at_hand()); !done) return done;  // before a snapshot is written for nothing
    if (auto fits = check_position(how.source_position); !fits) return fits;
    std::error_code error;
    if (std::filesystem::create_directory(path, error)) {
        std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
        if (auto done = sync_directory_of(*system.files, std::filesystem::absolute(path)); !done) return done;
    } else if (error) {
        return failure{errc::io, path.string() + ": make the directory: " + error.message()};
    }
    const registry_directory directory{*system.files, path};
    const auto lock = directory.lock();
    if (!lock) return lock.error();
    directory.sweep();
    if (auto done = begin_making(system, directory); !done) return done;
    if (auto done = keep_digest_key(directory, digests); !done) return done;
    if (how.keeps_authority)
        if (auto done = keep_authority(directory, authority.public_key()); !done) return done;
    const bool adds_keys = how.with_keys && !facts.with_keys;
    const auto source = adds_keys ? blocks_with_keys(index) : blocks_of(index);
    facts.with_keys |= adds_keys;
    const auto snapshot = directory.snapshot(facts.as_of.sequence);
    const auto id = new_registry_id();
    const auto saved = write_snapshot(*system.files, snapshot, facts, source, authority,
                                      {.threads = how.threads, .created_unix_ms = {}, .report = how.report}, {id, {}});
    if (!saved) return saved.error();
    const auto header = read_header(*system.files, snapshot);
    if (!header) return header.error();
    const sealing_key key{digests};
    const high_water floor{id, facts.as_of, seal_of(*header, key)};
    const auto mark = how.mark_file.empty() ? directory.mark() : how.mark_file;
    if (auto done = registry_mark::create(*system.files, mark, key, floor); !done) return done;
    if (auto done = make_log(system, directory, key, floor, how.source_position); !done) return done;
    return end_making(system, directory);
}

detailed_result<registry> registry_opener::open(registry_system system, const std::filesystem::path& path,
                                                const authority_public_key& trusted, const open_registry_options& how) {
    const registry_directory directory{*system.files, path};
    if (const auto found = directory.snapshots(); !found) return found.error();
    if (!is_there(*system.files, directory.changes()))
        return failure{errc::not_a_registry, path.string() + ": there is no changes.sqlite in it"};
    auto key = how.digests
                   ? detailed_result<digest_key>{*how.digests}
                   : digest_key::load(how.digest_key_file.empty() ? directory.digest_key_file() : how.digest_key_file);
    if (!key) return key.error();
    auto s = std::make_unique<registry::state>(system, path, trusted, how, std::move(*key));
    const bool writes = s->setting.writes();
    if (writes) {
        auto lock = directory.lock();
        if (!lock) return lock.error();
        s->lock.emplace(std::move(*lock));
        if (auto done = take_over(system, directory); !done) return done.error();
        directory.sweep();
    }
    for (int attempt = 1;; ++attempt) {
        auto done = s->index.open(s->opening);
        if (done) return registry{std::move(s)};
        if (writes || attempt == reading_attempts_max || !may_pass(done.error())) return done.error();
    }
}

registry::registry(std::unique_ptr<state> s) noexcept : state_{std::move(s)} {}
registry::registry(registry&&) noexcept = default;
registry::~registry() {
    // A child's copy: whatever is torn down here has its other half in the parent, or in threads that are not there.
    if (state_ && state_->setting.is_inherited()) static_cast<void>(state_.release());
}

detailed_result<void> registry::create(const std::filesystem::path& directory, const citizen_index& index,
                                       const digest_key& digests, const authority_key& authority,
                                       const create_registry_options& how) {
    return registry_opener::create(plain_system(), directory, index, digests, authority, how);
}

detailed_result<registry> registry::open(const std::filesystem::path& directory, const authority_public_key& trusted,
                                         const open_registry_options& how) {
    return registry_opener::open(plain_system(), directory, trusted, how);
}

const citizen_index& registry::index() const noexcept {
    return state_->index.index();
}
const digest_key& registry::digests() const noexcept {
    return state_->setting.digests;
}
const registry_opening& registry::opening() const noexcept {
    return state_->opening;
}
std::uint64_t registry::durable_sequence() const noexcept {
    return state_->index.durable_sequence();
}

detailed_result<freshness> registry::apply(std::span<const change> changes, std::vector<refused_change>* refused) {
    return apply(changes, std::span<const std::byte>{}, refused);
}

detailed_result<freshness> registry::apply(std::span<const change> changes, std::span<const std::byte> source_position,
                                           std::vector<refused_change>* refused) {
    const auto& setting = state_->setting;
    if (refused != nullptr) refused->clear();
    if (setting.is_inherited()) return setting.inherited();
    if (!setting.writes()) return failure{errc::read_only, setting.directory.path().string()};
    if (changes.empty() && source_position.empty()) return refresh();
    if (auto fits = check_position(source_position); !fits) return fits.error();
    if (changes.size() > changes_per_apply_max)
        return failure{errc::code_range, std::to_string(changes.size()) + " changes in one call, at most " +
                                             std::to_string(changes_per_apply_max)};
    return state_->commits.apply(changes, source_position, refused);
}

detailed_result<std::vector<std::byte>> registry::source_position() const {
    if (state_->setting.is_inherited()) return state_->setting.inherited();
    return state_->index.source_position();
}

detailed_result<freshness> registry::refresh() {
    if (state_->setting.is_inherited()) return state_->setting.inherited();
    return state_->index.refresh();
}

detailed_result<checkpoint_facts> registry::checkpoint(const checkpoint_options& options) {
    const auto& setting = state_->setting;
    if (setting.is_inherited()) return setting.inherited();
    if (!setting.writes() || !setting.how.authority)
        return failure{errc::read_only,
                       setting.directory.path().string() + ": opened without what a snapshot is signed with"};
    return state_->checkpoints.write(options);
}

detailed_result<registry_scrub_report> registry::scrub(std::size_t first_partition, std::size_t partitions) {
    if (state_->setting.is_inherited()) return state_->setting.inherited();
    return state_->repairs.scrub(first_partition, partitions);
}

detailed_result<change_feed> registry::follow(std::optional<std::uint64_t> from_sequence) const {
    const auto& setting = state_->setting;
    if (setting.is_inherited()) return setting.inherited();
    return change_feed::open(setting.directory.path(), setting.digests, from_sequence,
                             {.mark_file = setting.how.mark_file});
}

detailed_result<void> registry::close() {
    if (state_->setting.is_inherited()) return state_->setting.inherited();
    const auto writing = state_->index.hold();
    auto done = state_->index.close(writing);
    state_->lock.reset();
    return done;
}

}  // namespace xacthuc::inline v0_1
