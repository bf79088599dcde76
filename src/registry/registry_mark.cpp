// SPDX-License-Identifier: Apache-2.0
#include "registry/registry_mark.hpp"

#include <sodium.h>

#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::array<char, 8> mark_magic{'X', 'T', 'M', 'A', 'R', 'K', '1', '\n'};
constexpr std::uint64_t slot_stride = 4096;
constexpr int mark_reading_attempts_max = 5;

struct slot_bytes {
    std::array<char, 8> magic = mark_magic;
    registry_id registry{};
    std::uint64_t sequence = 0;
    std::int64_t time_unix_ms = 0;
    change_seal sealed{};
    binding_hash proof{};  // of all above
};
static_assert(sizeof(slot_bytes) == 104 && std::has_unique_object_representations_v<slot_bytes>);

[[nodiscard]] binding_hash proof_of(const slot_bytes& slot, const sealing_key& key) noexcept {
    return keyed_hash("xacthuc high-water mark", std::as_bytes(std::span{&slot, 1}).first(offsetof(slot_bytes, proof)),
                      key);
}

[[nodiscard]] slot_bytes to_bytes(const high_water& what, const sealing_key& key) noexcept {
    slot_bytes slot;
    slot.registry = what.registry;
    slot.sequence = what.at.sequence;
    slot.time_unix_ms = what.at.as_of_unix_ms;
    slot.sealed = what.sealed;
    slot.proof = proof_of(slot, key);
    return slot;
}

[[nodiscard]] std::optional<high_water> slot_in(const open_file& file, std::uint64_t number, const sealing_key& key) {
    slot_bytes slot;
    if (!file.read(std::as_writable_bytes(std::span{&slot, 1}), number * slot_stride)) return {};
    if (slot.magic != mark_magic || slot.proof != proof_of(slot, key)) return {};
    return high_water{slot.registry, {slot.sequence, slot.time_unix_ms}, slot.sealed};
}

}  // namespace

detailed_result<high_water> registry_mark::read(const file_calls& calls, const std::filesystem::path& path,
                                                const sealing_key& key) {
    const auto file = open_file::to_read(calls, path);
    if (!file) return file.error();
    // A writer may be at one slot as it is read, and at the other when that is.
    for (int attempt = 0; attempt < mark_reading_attempts_max; ++attempt) {
        const auto one = slot_in(*file, 0, key);
        const auto other = slot_in(*file, 1, key);
        if (one && (!other || other->at.sequence <= one->at.sequence)) return *one;
        if (other) return *other;
    }
    return failure{errc::damaged_changes, path.string() + ": the high-water mark is damaged"};
}

detailed_result<void> registry_mark::create(const file_calls& calls, const std::filesystem::path& path,
                                            const sealing_key& key, const high_water& what) {
    auto made = replacement_file::create(calls, path);
    if (!made) return made.error();
    const auto made_slot = to_bytes(what, key);
    for (const auto offset : {std::uint64_t{0}, slot_stride})
        if (auto done = made->file().write(std::as_bytes(std::span{&made_slot, 1}), offset); !done) return done;
    return made->commit();
}

detailed_result<registry_mark> registry_mark::open(const file_calls& calls, const std::filesystem::path& path,
                                                   const sealing_key& key) {
    auto file = open_file::to_change(calls, path);
    if (!file) return file.error();
    registry_mark mark{std::move(*file), key};
    // The first note must not take the place of the higher one.
    const auto one = slot_in(mark.file_, 0, key);
    const auto other = slot_in(mark.file_, 1, key);
    mark.slot_ = one && (!other || one->at.sequence >= other->at.sequence) ? 1 : 0;
    return mark;
}

detailed_result<void> registry_mark::note(const high_water& what) {
    const auto made_slot = to_bytes(what, key_);
    const auto offset = slot_ * slot_stride;
    slot_ = 1 - slot_;
    unsynced_ = true;
    return file_.write(std::as_bytes(std::span{&made_slot, 1}), offset);
}

detailed_result<void> registry_mark::sync() {
    if (!unsynced_) return {};
    if (auto done = file_.sync(); !done) return done;
    unsynced_ = false;
    return {};
}

}  // namespace xacthuc::inline v0_1
