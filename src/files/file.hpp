// SPDX-License-Identifier: Apache-2.0
// Files, by way of one table of system calls, so that a test can fail the k-th of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/error.hpp>

namespace xacthuc::inline v0_1 {

struct file_status {
    std::uint64_t size_bytes = 0;
    std::uint64_t links = 0;
    unsigned mode = 0;  // permission bits
    bool is_regular = false;
    unsigned owner = 0;
};

// Everything that the registry asks of the system about files. Each call behaves as its namesake of POSIX, but returns
// -errno where that would return -1. Concurrency: any thread, like the system's.
struct file_calls {
    void* context;
    int (*open)(void* context, const char* path, int flags, unsigned mode);
    std::int64_t (*read)(void* context, int file, std::byte* to, std::size_t size, std::uint64_t offset);
    std::int64_t (*write)(void* context, int file, const std::byte* from, std::size_t size, std::uint64_t offset);
    int (*reserve)(void* context, int file, std::uint64_t size_bytes);
    int (*sync)(void* context, int file);
    int (*lock)(void* context, int file);  // whole, exclusive, without waiting; ends with the descriptor or the process
    int (*status)(void* context, int file, file_status& status);
    int (*close)(void* context, int file);
    int (*rename)(void* context, const char* from, const char* to);
    int (*link)(void* context, const char* from, const char* to);
    int (*unlink)(void* context, const char* path);
    int (*map)(void* context, int file, std::size_t size, std::byte*& mapping);
    int (*list)(void* context, const char* directory, std::vector<std::string>& names);
    int (*examine)(void* context, const char* path, file_status& status);  // without opening it: stat()
    int (*unlock)(void* context, int file);
    int (*make_directory)(void* context, const char* path, unsigned mode);
    int (*remove_directory)(void* context, const char* path);
    // Soon these bytes will be read: the system may fetch them meanwhile. Whether it does nobody hears.
    void (*expect_read)(void* context, int file, std::uint64_t offset, std::size_t size);
};

[[nodiscard]] const file_calls& system_file_calls() noexcept;

// An open file: whole reads and writes, or a failure that says what was tried, where, and why it failed.
class open_file {
  public:
    [[nodiscard]] static detailed_result<open_file> to_read(const file_calls& calls, const std::filesystem::path& path);
    // A file that is there, for reading and writing.
    [[nodiscard]] static detailed_result<open_file> to_change(const file_calls& calls,
                                                              const std::filesystem::path& path);
    // For reading and writing. Errors: already_exists; not_found (the directory); io; disk_full.
    [[nodiscard]] static detailed_result<open_file> create(const file_calls& calls, const std::filesystem::path& path,
                                                           unsigned mode = 0600);

    open_file(open_file&& other) noexcept;
    open_file& operator=(open_file&&) = delete;
    ~open_file();

    // Errors: io; truncated when the file ends before.
    [[nodiscard]] detailed_result<void> read(std::span<std::byte> to, std::uint64_t offset) const;
    // Says that this will be read soon: reads of many files then wait for the disk together and not one by one.
    void expect_read(std::uint64_t offset, std::size_t size) const noexcept {
        calls_->expect_read(calls_->context, number_, offset, size);
    }
    // Errors: io; disk_full.
    [[nodiscard]] detailed_result<void> write(std::span<const std::byte> from, std::uint64_t offset) const;
    // Takes the space on the disk, where the file system can: a full disk then says so at once. Errors: io; disk_full.
    [[nodiscard]] detailed_result<void> reserve(std::uint64_t size_bytes) const;
    [[nodiscard]] detailed_result<void> sync() const;
    enum class lock_state : std::uint8_t { held, held_elsewhere, unsupported };
    [[nodiscard]] lock_state try_lock() const noexcept;
    // The same for whoever cannot do without. Errors: registry_locked when somebody else holds it; io with the system's
    // reason: there may be no locks to be had.
    [[nodiscard]] detailed_result<void> lock() const;
    // Lets go of it, also where a child process has inherited the descriptor.
    void unlock() const noexcept;
    [[nodiscard]] detailed_result<file_status> status() const;
    // Errors also of writes that the system had put off. The file is closed in either case.
    [[nodiscard]] detailed_result<void> close();
    // Read-only and shared. Requires: size > 0. The mapping outlives the file.
    [[nodiscard]] detailed_result<std::span<std::byte>> map(std::size_t size) const;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    // It has neither been closed nor moved from.
    [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }

  private:
    // What is open may not be lost for want of memory: the path is there before the file is opened.
    open_file(const file_calls& calls, std::filesystem::path&& path, int number) noexcept
        : calls_{&calls}, path_{std::move(path)}, number_{number} {}

    const file_calls* calls_;
    std::filesystem::path path_;
    int number_;
};

// What the system says of a name, without opening what it names. To open and close a file of SQLite's would let go of
// every lock that the process has on it. Errors: not_found; io.
[[nodiscard]] detailed_result<file_status> examine_file(const file_calls& calls, const std::filesystem::path& path);

[[nodiscard]] detailed_result<void> rename_file(const file_calls& calls, const std::filesystem::path& from,
                                                const std::filesystem::path& to);
[[nodiscard]] detailed_result<void> sync_directory_of(const file_calls& calls, const std::filesystem::path& path);
[[nodiscard]] detailed_result<void> sync_directory(const file_calls& calls, const std::filesystem::path& directory);

// Errors: already_exists; not_found (what it would stand in); io; disk_full.
[[nodiscard]] detailed_result<void> make_directory(const file_calls& calls, const std::filesystem::path& path,
                                                   unsigned mode);
[[nodiscard]] detailed_result<void> remove_file(const file_calls& calls, const std::filesystem::path& path);
// Requires: it is empty.
[[nodiscard]] detailed_result<void> remove_directory(const file_calls& calls, const std::filesystem::path& path);
// The names in a directory, without "." and "..", sorted.
[[nodiscard]] detailed_result<std::vector<std::string>> list_directory(const file_calls& calls,
                                                                       const std::filesystem::path& path);

// Removes from a directory what writers of files left there that died on the way: files under a temporary's name beside
// a target for which is_ours(its name), that nobody holds locked. Best effort: a file that stays only takes space.
void sweep_abandoned(const file_calls& calls, const std::filesystem::path& directory,
                     const std::function<bool(std::string_view target)>& is_ours);

// Writes a small new file: whole, synced with its directory, or not there at all. Never over one that is there.
// Errors: already_exists; not_found (the directory); io; disk_full.
[[nodiscard]] detailed_result<void> write_new_file(const file_calls& calls, const std::filesystem::path& path,
                                                   std::span<const std::byte> bytes, unsigned mode);

// A new file under a name of its own beside `target`, locked while it lives, that takes the target's place by commit().
// Destroyed without one, it is removed. Processes that die leave the file behind, unlocked: the next create() for the
// same target removes such.
class replacement_file {
  public:
    [[nodiscard]] static detailed_result<replacement_file> create(const file_calls& calls,
                                                                  const std::filesystem::path& target,
                                                                  unsigned mode = 0600);
    replacement_file(replacement_file&& other) noexcept;
    replacement_file& operator=(replacement_file&&) = delete;
    ~replacement_file();

    [[nodiscard]] const open_file& file() const noexcept { return file_; }
    // Syncs, renames over the target, syncs the directory.
    [[nodiscard]] detailed_result<void> commit();

  private:
    replacement_file(const file_calls& calls, std::filesystem::path&& target, open_file&& file) noexcept
        : calls_{&calls}, target_{std::move(target)}, file_{std::move(file)} {}

    const file_calls* calls_;
    std::filesystem::path target_;
    open_file file_;
    bool pending_ = true;
};

// The failure that a call's -errno stands for: "<path>: <doing>: <the system's words>".
[[nodiscard]] failure file_failure(int negative_errno, const std::filesystem::path& path, std::string_view doing);

}  // namespace xacthuc::inline v0_1
