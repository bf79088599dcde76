// SPDX-License-Identifier: Apache-2.0
#include "registry/registry_files.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace xacthuc {
namespace {

constexpr std::string_view snapshot_prefix = "snapshot-";
constexpr std::string_view snapshot_suffix = ".xts";

[[nodiscard]] std::optional<std::uint64_t> sequence_in(std::string_view name) noexcept {
    if (!name.starts_with(snapshot_prefix) || !name.ends_with(snapshot_suffix) ||
        name.size() <= snapshot_prefix.size() + snapshot_suffix.size())
        return {};
    name.remove_prefix(snapshot_prefix.size());
    name.remove_suffix(snapshot_suffix.size());
    std::uint64_t sequence = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), sequence);
    if (error != std::errc{} || end != name.data() + name.size()) return {};
    return sequence;
}

}  // namespace

registry_system plain_system() noexcept {
    static constexpr database_gate open_gate;
    return {&system_file_calls(), &open_gate};
}

std::filesystem::path registry_directory::snapshot(std::uint64_t sequence) const {
    return path_ / (std::string{snapshot_prefix} + std::to_string(sequence) + std::string{snapshot_suffix});
}

detailed_result<std::vector<registry_directory::numbered_snapshot>> registry_directory::snapshots() const {
    std::vector<std::string> names;
    if (const int answer = calls_->list(calls_->context, path_.c_str(), names); answer < 0) {
        auto failed = file_failure(answer, path_, "list the directory");
        if (failed.code == errc::not_found) failed.code = errc::not_a_registry;
        return failed;
    }
    std::vector<numbered_snapshot> found;
    for (const auto& name : names)
        if (const auto sequence = sequence_in(name)) found.push_back({*sequence, path_ / name});
    std::ranges::sort(found, [](const auto& a, const auto& b) { return a.sequence > b.sequence; });
    return found;
}

void registry_directory::sweep() const {
    sweep_abandoned(*calls_, path_, [](std::string_view name) {
        return sequence_in(name) || name.ends_with(".key") || name.ends_with(".pub");
    });
}

detailed_result<open_file> registry_directory::lock() const {
    const auto name = path_ / "registry.lock";
    auto made = open_file::create(*calls_, name);
    if (!made && made.error().code != errc::already_exists) return made.error();
    auto found = made ? std::move(made) : open_file::to_read(*calls_, name);
    if (!found) return found.error();
    switch (found->try_lock()) {
        case open_file::lock_state::held:
            return found;
        case open_file::lock_state::held_elsewhere:
            return failure{errc::registry_locked, path_.string()};
        case open_file::lock_state::unsupported:
            break;
    }
    return failure{errc::io, name.string() + ": cannot be locked"};
}

}  // namespace xacthuc
