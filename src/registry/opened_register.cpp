// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <system_error>
#include <utility>
#include <xacthuc/registry/opened_register.hpp>

namespace xacthuc::inline v0_1 {
namespace {

template <class Options>
[[nodiscard]] Options snapshot_options(const open_registry_options& how, const std::optional<digest_key>& key) {
    Options told;
    told.threads = how.threads;
    if (key) told.digest_key_fingerprint = key->fingerprint();
    told.report = how.report;
    return told;
}

[[nodiscard]] detailed_result<citizen_index> load_or_map(const std::filesystem::path& path,
                                                         const authority_public_key& trusted,
                                                         const open_registry_options& how,
                                                         const snapshot_reading& reading,
                                                         const std::optional<digest_key>& key) {
    if (!reading.map) return load_snapshot(path, trusted, snapshot_options<load_snapshot_options>(how, key));
    auto mapping = snapshot_options<map_snapshot_options>(how, key);
    mapping.check = reading.check;
    return map_snapshot(path, trusted, mapping);
}

}  // namespace

detailed_result<opened_register> opened_register::open(const std::filesystem::path& path,
                                                       const authority_public_key& trusted,
                                                       const open_registry_options& how,
                                                       const snapshot_reading& reading) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) return open_snapshot(path, trusted, how, reading);
    if (reading.map)
        return failure{errc::not_a_snapshot, path.string() + ": only a snapshot can be read in place, no directory"};
    return open_directory(path, trusted, how);
}

detailed_result<opened_register> opened_register::open_snapshot(const std::filesystem::path& path,
                                                                const authority_public_key& trusted,
                                                                const open_registry_options& how,
                                                                const snapshot_reading& reading) {
    auto key = how.digests;
    if (!key && !how.digest_key_file.empty()) {
        auto loaded = digest_key::load(how.digest_key_file);
        if (!loaded) return loaded.error();
        key.emplace(std::move(*loaded));
    }
    auto index = load_or_map(path, trusted, how, reading, key);
    if (!index) return index.error();
    // A signature does not say that a snapshot is the latest.
    if (const auto last = index->as_of().sequence; last < how.at_least_sequence)
        return failure{errc::sequence_gap, path.string() + ": it ends with change " + std::to_string(last) +
                                               ", and the register is known to have reached change " +
                                               std::to_string(how.at_least_sequence)};
    return opened_register{std::move(*index), std::move(key)};
}

detailed_result<opened_register> opened_register::open_directory(const std::filesystem::path& path,
                                                                 const authority_public_key& trusted,
                                                                 const open_registry_options& how) {
    auto opened = registry::open(path, trusted, how);
    if (!opened) return opened.error();
    return opened_register{std::move(*opened)};
}

}  // namespace xacthuc::inline v0_1
