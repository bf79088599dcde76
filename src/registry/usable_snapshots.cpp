// SPDX-License-Identifier: Apache-2.0
#include "registry/usable_snapshots.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace xacthuc::inline v0_1 {
namespace {

// What no other reading of the file, and no other key or registry, makes good again.
[[nodiscard]] bool is_damage(boost::system::error_code code) noexcept {
    return code == errc::checksum_mismatch || code == errc::damaged_header || code == errc::truncated ||
           code == errc::trailing_bytes;
}

// Whether another snapshot may do where this one failed.
[[nodiscard]] bool is_of_snapshot(const failure& why) noexcept {
    return why.code != errc::out_of_memory && why.code != errc::registry_stopped && why.code != errc::disk_full;
}

}  // namespace

change_seal seal_of(const snapshot_header& header, const sealing_key& key) {
    if (header.change_seal != change_seal{}) return header.change_seal;
    return keyed_hash("xacthuc registry's first seal", std::as_bytes(std::span{&header, 1}), key);
}

bool usable_snapshots::is_damaged(const std::filesystem::path& path) const {
    const std::lock_guard held{guard_};
    return std::ranges::count(damaged_, path) != 0;
}

void usable_snapshots::written(const std::filesystem::path& path) {
    const std::lock_guard held{guard_};
    std::erase(damaged_, path);
}

detailed_result<void> usable_snapshots::remove(const std::filesystem::path& path) const {
    const auto& files = *setting_.system.files;
    if (const int answer = files.unlink(files.context, path.c_str()); answer < 0)
        return file_failure(answer, path, "remove");
    return {};
}

detailed_result<void> usable_snapshots::check_place(const registry_directory::numbered_snapshot& one,
                                                    const change_log& in) const {
    const auto header = read_header(*setting_.system.files, one.path);
    if (!header) return header.error();
    if (auto done = check_authority(*header, setting_.trusted, one.path); !done) return done;
    const auto misplaced = [&](const std::string& why) {
        return failure{errc::misplaced_snapshot, one.path.string() + ": " + why};
    };
    if (header->sequence != one.sequence)
        return misplaced("its header says that it was made at change " + std::to_string(header->sequence));
    const auto owner = in.registry();
    if (!owner) return owner.error();
    if (header->registry != *owner) return misplaced("it is not of the registry whose changes are here");
    const auto there = in.seal_at(header->sequence);
    if (!there) return there.error();
    if (*there == seal_of(*header, setting_.seals)) return {};
    // Where the log does not reach, replaying says so. Asked afterwards, for others may trim it meanwhile.
    const auto floor = in.floor();
    if (!floor) return floor.error();
    const auto last_change = in.last();
    if (!last_change) return last_change.error();
    if (header->sequence < floor->sequence || header->sequence > last_change->sequence) return {};
    return misplaced("it was made after other changes than are here");
}

// Under another key neither log nor mark would look whole: better to say that it is the key.
detailed_result<void> usable_snapshots::check_digest_key() const {
    const auto snapshots = setting_.directory.snapshots();
    if (!snapshots) return snapshots.error();
    for (const auto& one : *snapshots) {
        const auto header = read_header(*setting_.system.files, one.path);
        if (!header || !check_authority(*header, setting_.trusted, one.path)) continue;
        if (header->digest_key_fingerprint == setting_.digests.fingerprint()) return {};
        return failure{errc::foreign_digest_key, one.path.string() + ": its names were digested under another key"};
    }
    return {};
}

detailed_result<citizen_index> usable_snapshots::load_newest(const change_log& in, registry_opening& opening) {
    using clock = std::chrono::steady_clock;
    const auto start = clock::now();
    const auto snapshots = setting_.directory.snapshots();
    if (!snapshots) return snapshots.error();
    if (snapshots->empty())
        return failure{errc::not_a_registry, setting_.directory.path().string() + ": there is no snapshot in it"};
    opening.unusable_snapshots.clear();
    damaged_.clear();
    for (const auto& one : *snapshots) {
        const auto placed = check_place(one, in);
        auto loaded = placed ? load_snapshot_by(*setting_.system.files, one.path, setting_.trusted,
                                                {.threads = setting_.how.threads,
                                                 .digest_key_fingerprint = setting_.digests.fingerprint(),
                                                 .report = setting_.how.report})
                             : detailed_result<citizen_index>{placed.error()};
        if (loaded) {
            opening.snapshot = one.path;
            opening.snapshot_as_of = loaded->as_of();
            opening.load_seconds = std::chrono::duration<double>(clock::now() - start).count();
            return loaded;
        }
        // Memory that lacks now lacks for the older one too.
        if (loaded.error().code == errc::out_of_memory) return loaded.error();
        opening.unusable_snapshots.push_back(loaded.error());
        if (is_damage(loaded.error().code)) damaged_.push_back(one.path);
    }
    return opening.unusable_snapshots.front();
}

detailed_result<void> usable_snapshots::with_newest(const work& what) const {
    const auto snapshots = setting_.directory.snapshots();
    if (!snapshots) return snapshots.error();
    failure first{errc::not_a_registry, setting_.directory.path().string() + ": there is no snapshot in it"};
    const auto reader = setting_.open_reader();
    if (!reader) return reader.error();
    for (const auto& one : *snapshots) {
        if (is_damaged(one.path)) continue;
        const auto placed = check_place(one, *reader);
        const auto opened = placed ? open_snapshot(*setting_.system.files, one.path, setting_.trusted, partition_count,
                                                   setting_.digests.fingerprint())
                                   : detailed_result<opened_snapshot>{placed.error()};
        auto done = opened ? what(*opened) : detailed_result<void>{opened.error()};
        if (done) return done;
        if (first.code == errc::not_a_registry) first = done.error();
        if (!is_of_snapshot(done.error())) break;
    }
    return first;
}

detailed_result<std::vector<registry_directory::numbered_snapshot>> usable_snapshots::drop_damaged() {
    auto snapshots = setting_.directory.snapshots();
    if (!snapshots) return snapshots.error();
    const auto damaged = [&](const auto& one) { return is_damaged(one.path); };
    for (const auto& one : *snapshots)
        if (damaged(one))
            if (auto done = remove(one.path); !done) return done.error();
    std::erase_if(*snapshots, damaged);
    {
        const std::lock_guard held{guard_};
        damaged_.clear();
    }
    // A snapshot counts for what its header says, not for its name.
    const auto reader = setting_.open_reader();
    if (!reader) return reader.error();
    std::erase_if(*snapshots, [&](const auto& one) { return !check_place(one, *reader); });
    if (snapshots->empty())
        return failure{errc::not_a_registry, setting_.directory.path().string() + ": no snapshot is whole"};
    return snapshots;
}

}  // namespace xacthuc::inline v0_1
