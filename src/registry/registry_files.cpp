// SPDX-License-Identifier: Apache-2.0
#include "registry/registry_files.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

namespace xacthuc::inline v0_1 {
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

directory_lock::directory_lock(open_file held) : held_{std::move(held)}, taken_by_{::getpid()} {}

directory_lock::~directory_lock() {
    // Else a child that lives longer would go on holding it.
    if (::getpid() == taken_by_ && held_.is_open()) held_.unlock();
}

detailed_result<directory_lock> registry_directory::lock() const {
    auto opened = open_file::to_read(*calls_, path_);
    if (!opened) return opened.error();
    if (auto done = opened->lock(); !done) return done.error();
    return directory_lock{std::move(*opened)};
}

detailed_result<std::vector<std::string>> registry_directory::exposures() const {
    constexpr unsigned others_write = 0022;
    const auto whole = examine_file(*calls_, path_);
    if (!whole) return whole.error();
    std::vector<std::string> found;
    const auto look = [&](const std::filesystem::path& path, const file_status& status, unsigned owner) {
        std::array<char, 8> mode{};
        std::snprintf(mode.data(), mode.size(), "%04o", status.mode);
        if ((status.mode & others_write) != 0)
            found.push_back(path.string() + ": others than its owner may write it (mode " + mode.data() + ")");
        if (status.owner != owner)
            found.push_back(path.string() + ": belongs to user " + std::to_string(status.owner) + ", not to user " +
                            std::to_string(owner));
    };
    // The superuser looks at what is another's.
    look(path_, *whole, ::geteuid() == 0 ? whole->owner : ::geteuid());
    std::vector<std::string> names;
    if (const int answer = calls_->list(calls_->context, path_.c_str(), names); answer < 0)
        return file_failure(answer, path_, "list the directory");
    std::ranges::sort(names);
    for (const auto& name : names) {
        if (name == "." || name == "..") continue;
        // What has gone meanwhile is nobody's.
        if (const auto status = examine_file(*calls_, path_ / name)) look(path_ / name, *status, whole->owner);
    }
    return found;
}

}  // namespace xacthuc::inline v0_1
