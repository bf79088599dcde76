// SPDX-License-Identifier: Apache-2.0
// A register that somebody names by one path: a snapshot, or a registry's directory. Either is opened with the same
// keys and held against what is known of how far it has come, and is then an index in memory to make an engine of.
#pragma once

#include <filesystem>
#include <optional>
#include <utility>
#include <variant>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/index/citizen_index.hpp>
#include <xacthuc/registry/authority.hpp>
#include <xacthuc/registry/registry.hpp>
#include <xacthuc/registry/snapshot.hpp>

namespace xacthuc::inline v0_1 {

// How a snapshot is read.
struct snapshot_reading {
    bool map = false;                                   // in place, instead of loading it
    snapshot_check check = snapshot_check::everything;  // of a mapped one; of a loaded one it is always everything
};

class opened_register {
  public:
    // Opens the directory if there is one of this name, else the snapshot.
    // Errors: those of the other two; not_a_snapshot where a directory is to be mapped.
    [[nodiscard]] XACTHUC_API static detailed_result<opened_register> open(const std::filesystem::path& path,
                                                                           const authority_public_key& trusted,
                                                                           const open_registry_options& how,
                                                                           const snapshot_reading& reading = {});
    // Loads or maps a snapshot. Of the options it takes the threads, the report, the digest key or its file, and
    // at_least_sequence. Without a key the snapshot is opened all the same, and who knows the key can still ask it.
    // Errors: those of load_snapshot(); sequence_gap when it ends before at_least_sequence; those of
    // digest_key::load().
    [[nodiscard]] XACTHUC_API static detailed_result<opened_register> open_snapshot(
        const std::filesystem::path& path, const authority_public_key& trusted, const open_registry_options& how,
        const snapshot_reading& reading = {});
    // Errors: those of registry::open().
    [[nodiscard]] XACTHUC_API static detailed_result<opened_register> open_directory(
        const std::filesystem::path& path, const authority_public_key& trusted, const open_registry_options& how);

    // The register in memory.
    [[nodiscard]] const citizen_index& index() const noexcept {
        const auto* const live = on_disk();
        return live != nullptr ? live->index() : *std::get_if<citizen_index>(&opened_);
    }
    // The key that names were digested under, where it is known.
    [[nodiscard]] const std::optional<digest_key>& digests() const noexcept { return digests_; }
    // The registry, where it is one.
    [[nodiscard]] registry* on_disk() noexcept { return std::get_if<registry>(&opened_); }
    [[nodiscard]] const registry* on_disk() const noexcept { return std::get_if<registry>(&opened_); }
    // The index alone, for those who keep it elsewhere.
    // Requires: it is a snapshot's.
    [[nodiscard]] citizen_index take_index() && noexcept { return std::move(*std::get_if<citizen_index>(&opened_)); }

  private:
    opened_register(citizen_index&& from, std::optional<digest_key> key)
        : opened_{std::move(from)}, digests_{std::move(key)} {}
    explicit opened_register(registry&& from) : opened_{std::move(from)}, digests_{on_disk()->digests()} {}

    std::variant<citizen_index, registry> opened_;
    std::optional<digest_key> digests_;
};

}  // namespace xacthuc::inline v0_1
