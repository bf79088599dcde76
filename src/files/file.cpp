// SPDX-License-Identifier: Apache-2.0
#include "files/file.hpp"

#include <fcntl.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::string_view saving_suffix = ".saving-";
constexpr std::size_t saving_digits = 16;

[[nodiscard]] std::filesystem::path directory_of(const std::filesystem::path& path) {
    const auto parent = path.parent_path();
    return parent.empty() ? std::filesystem::path{"."} : parent;
}

[[nodiscard]] std::string at(std::string_view doing, std::size_t size, std::uint64_t offset) {
    return std::string{doing} + " " + std::to_string(size) + " bytes at offset " + std::to_string(offset);
}

[[nodiscard]] std::filesystem::path name_beside(const std::filesystem::path& target) {
    if (sodium_init() < 0) std::abort();  // no source of randomness: nothing a caller could do instead
    std::array<unsigned char, saving_digits / 2> random{};
    randombytes_buf(random.data(), random.size());
    std::array<char, saving_digits + 1> digits{};
    sodium_bin2hex(digits.data(), digits.size(), random.data(), random.size());
    auto name = target;
    name += std::string{saving_suffix} + digits.data();
    return name;
}

// Takes the name of a file away when it goes, unless that is called off.
class unlinking {
  public:
    unlinking(const file_calls& calls, const open_file& file) noexcept : calls_{calls}, file_{&file} {}
    unlinking(const unlinking&) = delete;
    unlinking& operator=(const unlinking&) = delete;
    ~unlinking() {
        if (file_ != nullptr) calls_.unlink(calls_.context, file_->path().c_str());
    }
    void call_off() noexcept { file_ = nullptr; }

  private:
    const file_calls& calls_;
    const open_file* file_;
};

// A new file beside `target`, locked, that whoever sweeps leaves alone.
[[nodiscard]] detailed_result<open_file> create_beside(const file_calls& calls, const std::filesystem::path& target,
                                                       unsigned mode) {
    constexpr int attempts_max = 64;
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
        auto file = open_file::create(calls, name_beside(target), mode);
        if (!file) {
            if (file.error().code == errc::already_exists) continue;
            return file.error();
        }
        // A sweep may have taken the file for abandoned between its creation and its lock: then it holds the lock, or
        // it has removed the file. Where there are no locks, it removes nothing.
        unlinking otherwise{calls, *file};
        const bool is_mine = file->try_lock() != open_file::lock_state::held_elsewhere;
        const auto status = file->status();
        if (is_mine && status && status->links != 0) {
            otherwise.call_off();
            return file;
        }
        if (!status) return status.error();
    }
    return failure{errc::io, target.string() + ": cannot make a file beside it: others keep removing it"};
}

void sweep_target(const file_calls& calls, const std::filesystem::path& target) {
    const auto name = target.filename().string();
    sweep_abandoned(calls, directory_of(target), [&](std::string_view of) { return of == name; });
}

}  // namespace

void sweep_abandoned(const file_calls& calls, const std::filesystem::path& directory,
                     const std::function<bool(std::string_view)>& is_ours) {
    constexpr auto ending_bytes = saving_suffix.size() + saving_digits;
    std::vector<std::string> names;
    if (calls.list(calls.context, directory.c_str(), names) < 0) return;
    for (const std::string_view name : names) {
        if (name.size() <= ending_bytes) continue;
        const auto ending = name.substr(name.size() - ending_bytes);
        if (!ending.starts_with(saving_suffix) ||
            ending.find_first_not_of("0123456789abcdef", saving_suffix.size()) != std::string_view::npos ||
            !is_ours(name.substr(0, name.size() - ending_bytes)))
            continue;
        const auto file = open_file::to_read(calls, directory / name);
        if (file && file->try_lock() == open_file::lock_state::held) calls.unlink(calls.context, file->path().c_str());
    }
}

failure file_failure(int negative_errno, const std::filesystem::path& path, std::string_view doing) {
    static constexpr std::array<std::pair<int, errc>, 5> told{{{ENOENT, errc::not_found},
                                                               {EEXIST, errc::already_exists},
                                                               {ENOSPC, errc::disk_full},
                                                               {EDQUOT, errc::disk_full},
                                                               {ENOMEM, errc::out_of_memory}}};
    const auto known = std::ranges::find(told, -negative_errno, &std::pair<int, errc>::first);
    return {known == told.end() ? errc::io : known->second,
            path.string() + ": " + std::string{doing} + ": " +
                std::error_code{-negative_errno, std::generic_category()}.message()};
}

detailed_result<open_file> open_file::to_read(const file_calls& calls, const std::filesystem::path& path) {
    // Non-blocking, so that a pipe in the file's place is not waited for; it means nothing to a regular file.
    auto own = path;
    const int number = calls.open(calls.context, path.c_str(), O_RDONLY | O_NONBLOCK, 0);
    if (number < 0) return file_failure(number, path, "open");
    return open_file{calls, std::move(own), number};
}

detailed_result<open_file> open_file::to_change(const file_calls& calls, const std::filesystem::path& path) {
    auto own = path;
    const int number = calls.open(calls.context, path.c_str(), O_RDWR | O_NOFOLLOW, 0);
    if (number < 0) return file_failure(number, path, "open");
    return open_file{calls, std::move(own), number};
}

detailed_result<open_file> open_file::create(const file_calls& calls, const std::filesystem::path& path,
                                             unsigned mode) {
    auto own = path;
    const int number = calls.open(calls.context, path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
    if (number < 0) return file_failure(number, path, "create");
    return open_file{calls, std::move(own), number};
}

open_file::open_file(open_file&& other) noexcept
    : calls_{other.calls_}, path_{std::move(other.path_)}, number_{std::exchange(other.number_, -1)} {}

open_file::~open_file() {
    if (number_ >= 0) calls_->close(calls_->context, number_);
}

detailed_result<void> open_file::read(std::span<std::byte> to, std::uint64_t offset) const {
    while (!to.empty()) {
        const auto got = calls_->read(calls_->context, number_, to.data(), to.size(), offset);
        if (got < 0) return file_failure(static_cast<int>(got), path_, at("read", to.size(), offset));
        if (got == 0)
            return failure{errc::truncated, path_.string() + ": the file ends at offset " + std::to_string(offset) +
                                                ", " + std::to_string(to.size()) + " more bytes are wanted"};
        to = to.subspan(static_cast<std::size_t>(got));
        offset += static_cast<std::uint64_t>(got);
    }
    return {};
}

detailed_result<void> open_file::write(std::span<const std::byte> from, std::uint64_t offset) const {
    while (!from.empty()) {
        auto written = calls_->write(calls_->context, number_, from.data(), from.size(), offset);
        if (written == 0) written = -EIO;  // a file takes something or says why not; anything else would never end
        if (written < 0) return file_failure(static_cast<int>(written), path_, at("write", from.size(), offset));
        from = from.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return {};
}

detailed_result<void> open_file::reserve(std::uint64_t size_bytes) const {
    const int answer = calls_->reserve(calls_->context, number_, size_bytes);
    if (answer == -EOPNOTSUPP || answer == -ENOSYS || answer == -EINVAL) return {};
    if (answer < 0) return file_failure(answer, path_, at("reserve", size_bytes, 0));
    return {};
}

detailed_result<void> open_file::sync() const {
    const int answer = calls_->sync(calls_->context, number_);
    if (answer < 0) return file_failure(answer, path_, "sync");
    return {};
}

open_file::lock_state open_file::try_lock() const noexcept {
    const int answer = calls_->lock(calls_->context, number_);
    if (answer >= 0) return lock_state::held;
    return answer == -EWOULDBLOCK ? lock_state::held_elsewhere : lock_state::unsupported;
}

detailed_result<void> open_file::lock() const {
    const int answer = calls_->lock(calls_->context, number_);
    if (answer >= 0) return {};
    if (answer == -EWOULDBLOCK) return failure{errc::registry_locked, path_.string()};
    return file_failure(answer, path_, "lock");
}

void open_file::unlock() const noexcept {
    calls_->unlock(calls_->context, number_);
}

detailed_result<file_status> open_file::status() const {
    file_status found;
    const int answer = calls_->status(calls_->context, number_, found);
    if (answer < 0) return file_failure(answer, path_, "examine");
    return found;
}

detailed_result<void> open_file::close() {
    const int answer = calls_->close(calls_->context, std::exchange(number_, -1));
    if (answer < 0) return file_failure(answer, path_, "close");
    return {};
}

detailed_result<std::span<std::byte>> open_file::map(std::size_t size) const {
    std::byte* mapping = nullptr;
    const int answer = calls_->map(calls_->context, number_, size, mapping);
    if (answer < 0) return file_failure(answer, path_, at("map", size, 0));
    return std::span<std::byte>{mapping, size};
}

detailed_result<file_status> examine_file(const file_calls& calls, const std::filesystem::path& path) {
    file_status found;
    const int answer = calls.examine(calls.context, path.c_str(), found);
    if (answer < 0) return file_failure(answer, path, "examine");
    return found;
}

detailed_result<void> rename_file(const file_calls& calls, const std::filesystem::path& from,
                                  const std::filesystem::path& to) {
    const int answer = calls.rename(calls.context, from.c_str(), to.c_str());
    if (answer < 0) return file_failure(answer, to, "rename to this from " + from.string());
    return {};
}

detailed_result<void> sync_directory_of(const file_calls& calls, const std::filesystem::path& path) {
    return sync_directory(calls, directory_of(path));
}

detailed_result<void> sync_directory(const file_calls& calls, const std::filesystem::path& directory) {
    const int number = calls.open(calls.context, directory.c_str(), O_RDONLY | O_DIRECTORY, 0);
    if (number < 0) return file_failure(number, directory, "open the directory");
    const int answer = calls.sync(calls.context, number);
    calls.close(calls.context, number);
    if (answer < 0) return file_failure(answer, directory, "sync the directory");
    return {};
}

detailed_result<void> make_directory(const file_calls& calls, const std::filesystem::path& path, unsigned mode) {
    const int answer = calls.make_directory(calls.context, path.c_str(), mode);
    if (answer < 0) return file_failure(answer, path, "make the directory");
    return {};
}

detailed_result<void> remove_file(const file_calls& calls, const std::filesystem::path& path) {
    const int answer = calls.unlink(calls.context, path.c_str());
    if (answer < 0) return file_failure(answer, path, "remove");
    return {};
}

detailed_result<void> remove_directory(const file_calls& calls, const std::filesystem::path& path) {
    const int answer = calls.remove_directory(calls.context, path.c_str());
    if (answer < 0) return file_failure(answer, path, "remove the directory");
    return {};
}

detailed_result<std::vector<std::string>> list_directory(const file_calls& calls, const std::filesystem::path& path) {
    std::vector<std::string> names;
    const int answer = calls.list(calls.context, path.c_str(), names);
    if (answer < 0) return file_failure(answer, path, "list");
    std::erase_if(names, [](const std::string& name) { return name == "." || name == ".."; });
    std::ranges::sort(names);
    return names;
}

detailed_result<void> write_new_file(const file_calls& calls, const std::filesystem::path& path,
                                     std::span<const std::byte> bytes, unsigned mode) {
    sweep_target(calls, path);
    auto file = create_beside(calls, path, mode);
    if (!file) return file.error();
    {
        const unlinking afterwards{calls, *file};
        if (auto done = file->write(bytes, 0); !done) return done;
        if (auto done = file->sync(); !done) return done;
        // Unlike a rename, a link fails where a file is already.
        if (const int answer = calls.link(calls.context, file->path().c_str(), path.c_str()); answer < 0)
            return file_failure(answer, path, "name the new file");
    }
    return sync_directory_of(calls, path);
}

detailed_result<replacement_file> replacement_file::create(const file_calls& calls, const std::filesystem::path& target,
                                                           unsigned mode) {
    sweep_target(calls, target);
    auto own = target;
    auto file = create_beside(calls, target, mode);
    if (!file) return file.error();
    return replacement_file{calls, std::move(own), std::move(*file)};
}

replacement_file::replacement_file(replacement_file&& other) noexcept
    : calls_{other.calls_},
      target_{std::move(other.target_)},
      file_{std::move(other.file_)},
      pending_{std::exchange(other.pending_, false)} {}

replacement_file::~replacement_file() {
    if (pending_) calls_->unlink(calls_->context, file_.path().c_str());
}

detailed_result<void> replacement_file::commit() {
    if (auto done = file_.sync(); !done) return done;
    if (auto done = rename_file(*calls_, file_.path(), target_); !done) return done;
    pending_ = false;
    // What close() could report, the sync has reported.
    if (auto done = file_.close(); !done) return done;
    return sync_directory_of(*calls_, target_);
}

}  // namespace xacthuc::inline v0_1
