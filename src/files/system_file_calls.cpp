// SPDX-License-Identifier: Apache-2.0
// The system's own calls, retried where a signal interrupted them.
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "files/file.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// Linux moves at most about 2 GiB a call; less keeps the answer in any type.
constexpr std::size_t transfer_bytes_max = std::size_t{1} << 30;

template <class Call>
[[nodiscard]] auto retried(Call call) noexcept -> decltype(call()) {
    for (;;) {
        const auto answer = call();
        if (answer >= 0) return answer;
        if (errno != EINTR) return static_cast<decltype(call())>(-errno);
    }
}

int open_call(void*, const char* path, int flags, unsigned mode) {
    return retried([&] { return ::open(path, flags | O_CLOEXEC, static_cast<mode_t>(mode)); });
}

std::int64_t read_call(void*, int file, std::byte* to, std::size_t size, std::uint64_t offset) {
    return retried([&] { return ::pread(file, to, std::min(size, transfer_bytes_max), static_cast<off_t>(offset)); });
}

std::int64_t write_call(void*, int file, const std::byte* from, std::size_t size, std::uint64_t offset) {
    return retried(
        [&] { return ::pwrite(file, from, std::min(size, transfer_bytes_max), static_cast<off_t>(offset)); });
}

int reserve_call(void*, int file, std::uint64_t size_bytes) {
    return retried([&] { return ::fallocate(file, 0, 0, static_cast<off_t>(size_bytes)); });
}

int sync_call(void*, int file) {
    return retried([&] { return ::fsync(file); });
}

int lock_call(void*, int file) {
    return retried([&] { return ::flock(file, LOCK_EX | LOCK_NB); });
}

[[nodiscard]] file_status told(const struct stat& found) noexcept {
    return {static_cast<std::uint64_t>(found.st_size), static_cast<std::uint64_t>(found.st_nlink),
            static_cast<unsigned>(found.st_mode & 07777), S_ISREG(found.st_mode), static_cast<unsigned>(found.st_uid)};
}

int unlock_call(void*, int file) {
    return retried([&] { return ::flock(file, LOCK_UN); });
}

int status_call(void*, int file, file_status& status) {
    struct stat found {};
    if (::fstat(file, &found) != 0) return -errno;
    status = told(found);
    return 0;
}

int examine_call(void*, const char* path, file_status& status) {
    struct stat found {};
    if (::stat(path, &found) != 0) return -errno;
    status = told(found);
    return 0;
}

int close_call(void*, int file) {
    // Not retried: on Linux the descriptor is gone even when a signal came.
    return ::close(file) == 0 || errno == EINTR ? 0 : -errno;
}

int rename_call(void*, const char* from, const char* to) {
    return ::rename(from, to) == 0 ? 0 : -errno;
}

int link_call(void*, const char* from, const char* to) {
    return ::link(from, to) == 0 ? 0 : -errno;
}

int unlink_call(void*, const char* path) {
    return ::unlink(path) == 0 ? 0 : -errno;
}

int make_directory_call(void*, const char* path, unsigned mode) {
    return ::mkdir(path, static_cast<mode_t>(mode)) == 0 ? 0 : -errno;
}

int remove_directory_call(void*, const char* path) {
    return ::rmdir(path) == 0 ? 0 : -errno;
}

void expect_read_call(void*, int file, std::uint64_t offset, std::size_t size) {
    ::posix_fadvise(file, static_cast<off_t>(offset), static_cast<off_t>(size), POSIX_FADV_WILLNEED);
}

int map_call(void*, int file, std::size_t size, std::byte*& mapping) {
    void* const address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
    if (address == MAP_FAILED) return -errno;
    mapping = static_cast<std::byte*>(address);
    return 0;
}

int list_call(void*, const char* directory, std::vector<std::string>& names) {
    const std::unique_ptr<DIR, int (*)(DIR*)> open{::opendir(directory), ::closedir};
    if (open == nullptr) return -errno;
    for (;;) {
        errno = 0;
        const dirent* const entry = ::readdir(open.get());
        if (entry == nullptr) return -errno;
        names.emplace_back(entry->d_name);
    }
}

}  // namespace

const file_calls& system_file_calls() noexcept {
    static constexpr file_calls calls{
        nullptr,         open_call,   read_call,    write_call,  reserve_call,        sync_call,
        lock_call,       status_call, close_call,   rename_call, link_call,           unlink_call,
        map_call,        list_call,   examine_call, unlock_call, make_directory_call, remove_directory_call,
        expect_read_call};
    return calls;
}

}  // namespace xacthuc::inline v0_1
