// SPDX-License-Identifier: Apache-2.0
// The real file system with a fault in it: the k-th call of all that the registry and SQLite make fails, writes half,
// ends the process, or is the moment of a power cut. It knows what a power cut would leave: contents as of each file's
// last sync, names as of the directory's.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>

#include "registry/registry_files.hpp"

namespace xacthuc::tests {

class faulty_system {
  public:
    enum class kind : std::uint8_t { none, error, half, power_cut, death };
    struct fault {
        kind what = kind::none;
        std::size_t at = SIZE_MAX;  // the call's number, from 0
        int error = EIO;
        bool sticky = false;
    };
    struct loss {
        bool unsynced_contents;
        bool unsynced_names;
    };

    enum class power : std::uint8_t { reliable, may_fail };

    // What is in the directory now is on the disk. Where the power is reliable nobody keeps watch over what is synced.
    explicit faulty_system(std::filesystem::path directory, power supply = power::may_fail)
        : directory_{std::move(directory)}, keeps_watch_{supply == power::may_fail} {
        everything_is_synced();
    }
    faulty_system(const faulty_system&) = delete;
    faulty_system& operator=(const faulty_system&) = delete;

    [[nodiscard]] registry_system system() const noexcept { return {&calls_, &gate_}; }
    void set(fault what) {
        fault_ = what;
        count_ = 0;
    }
    [[nodiscard]] std::size_t calls_made() const { return count_; }

    void everything_is_synced() {
        if (!keeps_watch_) return;
        contents_.clear();
        for (const auto& entry : std::filesystem::directory_iterator{directory_}) keep_contents(entry.path());
        keep_names();
    }

    // The power comes back. Requires: everything is closed; the power may fail.
    void restart(loss lost) {
        set({});
        for (const auto& entry : std::filesystem::directory_iterator{directory_})
            if (entry.path().string().ends_with("-shm")) std::filesystem::remove(entry.path());
        const auto now = names_now();
        const auto kept = lost.unsynced_names ? names_ : now;
        std::map<std::string, std::string> left;
        for (const auto& [name, inode] : kept)
            left[name] = lost.unsynced_contents || !now.contains(name) || now.at(name) != inode
                             ? contents_[inode]
                             : bytes_of(directory_ / name);
        for (const auto& [name, inode] : now) std::filesystem::remove(directory_ / name);
        for (const auto& [name, bytes] : left) {
            std::ofstream{directory_ / name, std::ios::binary} << bytes;
            ::chmod((directory_ / name).c_str(), 0600);
        }
        everything_is_synced();
    }

  private:
    // A snapshot is read a partition at a time. Reads of one open file beyond these are like them, and do not count.
    static constexpr std::size_t reads_counted_max = 4;

    using names = std::map<std::string, ino_t>;

    [[nodiscard]] static std::string bytes_of(const std::filesystem::path& file) {
        std::string bytes(std::filesystem::file_size(file), '\0');
        std::ifstream{file, std::ios::binary}.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return bytes;
    }
    [[nodiscard]] static ino_t inode_of(const std::filesystem::path& file) {
        struct stat found {};
        return ::stat(file.c_str(), &found) == 0 ? found.st_ino : 0;
    }
    [[nodiscard]] names names_now() const {
        names all;
        for (const auto& entry : std::filesystem::directory_iterator{directory_})
            if (!entry.path().string().ends_with("-shm"))
                all[entry.path().filename().string()] = inode_of(entry.path());
        return all;
    }
    void keep_contents(const std::filesystem::path& file) {
        if (keeps_watch_) contents_[inode_of(file)] = bytes_of(file);
    }
    void keep_names() {
        if (keeps_watch_) names_ = names_now();
    }
    void forget(const std::filesystem::path& file) {
        if (!keeps_watch_) return;
        // Inode numbers come back: a new file must not find an old one's contents.
        if (const auto inode = inode_of(file);
            !std::ranges::any_of(names_, [&](const auto& one) { return one.second == inode; }))
            contents_.erase(inode);
    }

    // 0: goes on. 1: moves half. Else -errno.
    [[nodiscard]] int begin() {
        const auto mine = count_++;
        if (mine < fault_.at || (mine > fault_.at && !fault_.sticky && fault_.what != kind::power_cut)) return 0;
        switch (fault_.what) {
            case kind::none:
                return 0;
            case kind::error:
                return -fault_.error;
            case kind::half:
                return 1;
            case kind::power_cut:
                return -EIO;
            case kind::death:
                ::kill(::getpid(), SIGKILL);
                return -EIO;
        }
        return 0;
    }

    static faulty_system& self(void* context) { return *static_cast<faulty_system*>(context); }
    [[nodiscard]] static const file_calls& real() { return system_file_calls(); }

    // Passes a call that moves no bytes.
    template <class Call>
    [[nodiscard]] static int pass(void* context, Call call) {
        const int wrong = self(context).begin();
        return wrong < 0 ? wrong : call();
    }
    static int open_call(void* context, const char* path, int flags, unsigned mode) {
        return pass(context, [&] {
            const int file = real().open(nullptr, path, flags, mode);
            if (file >= 0) {
                self(context).open_[file] = path;
                self(context).reads_[file] = 0;
            }
            return file;
        });
    }
    static std::int64_t read_call(void* context, int file, std::byte* to, std::size_t size, std::uint64_t offset) {
        auto& me = self(context);
        const int wrong = me.reads_[file]++ < reads_counted_max ? me.begin() : 0;
        return wrong < 0 ? wrong : real().read(nullptr, file, to, wrong == 1 ? (size + 1) / 2 : size, offset);
    }
    static std::int64_t write_call(void* context, int file, const std::byte* from, std::size_t size,
                                   std::uint64_t offset) {
        const int wrong = self(context).begin();
        return wrong < 0 ? wrong : real().write(nullptr, file, from, wrong == 1 ? (size + 1) / 2 : size, offset);
    }
    static int reserve_call(void* context, int file, std::uint64_t size) {
        return pass(context, [&] { return real().reserve(nullptr, file, size); });
    }
    static int sync_call(void* context, int file) {
        return pass(context, [&] {
            auto& me = self(context);
            if (const auto& path = me.open_.at(file); std::filesystem::is_directory(path))
                me.keep_names();
            else
                me.keep_contents(path);
            return 0;
        });
    }
    static int lock_call(void* context, int file) {
        return pass(context, [&] { return real().lock(nullptr, file); });
    }
    static int status_call(void* context, int file, file_status& status) {
        return pass(context, [&] { return real().status(nullptr, file, status); });
    }
    static int close_call(void* context, int file) {
        self(context).open_.erase(file);
        const int closed = real().close(nullptr, file);  // even when the call fails, as on Linux
        return pass(context, [&] { return closed; });
    }
    static int rename_call(void* context, const char* from, const char* to) {
        return pass(context, [&] { return real().rename(nullptr, from, to); });
    }
    static int link_call(void* context, const char* from, const char* to) {
        return pass(context, [&] { return real().link(nullptr, from, to); });
    }
    static int unlink_call(void* context, const char* path) {
        return pass(context, [&] {
            self(context).forget(path);
            return real().unlink(nullptr, path);
        });
    }
    static int map_call(void* context, int file, std::size_t size, std::byte*& mapping) {
        return pass(context, [&] { return real().map(nullptr, file, size, mapping); });
    }
    static int list_call(void* context, const char* directory, std::vector<std::string>& into) {
        return pass(context, [&] { return real().list(nullptr, directory, into); });
    }

    static int examine_call(void* context, const char* path, file_status& status) {
        return pass(context, [&] { return real().examine(nullptr, path, status); });
    }

    static int make_directory_call(void* context, const char* path, unsigned mode) {
        return pass(context, [&] { return real().make_directory(nullptr, path, mode); });
    }

    static int remove_directory_call(void* context, const char* path) {
        return pass(context, [&] { return real().remove_directory(nullptr, path); });
    }

    // Nobody hears whether these succeeded.
    static void expect_read_call(void*, int file, std::uint64_t offset, std::size_t size) {
        real().expect_read(nullptr, file, offset, size);
    }
    static int unlock_call(void*, int file) { return real().unlock(nullptr, file); }

    static int before_step(void* context, const database_step& step) {
        const int wrong = self(context).begin();
        if (wrong < 0) return wrong;
        if (step.call == database_call::remove && step.path != nullptr) self(context).forget(step.path);
        if (wrong == 1 && step.call == database_call::write) return static_cast<int>((step.size_bytes + 1) / 2);
        return 0;
    }
    static void after_step(void* context, const database_step& step, int code) {
        if (code != SQLITE_OK || step.path == nullptr || step.call != database_call::sync) return;
        auto& me = self(context);
        me.keep_contents(step.path);
        // SQLite syncs the directory with the first sync of a new log.
        const std::string_view path{step.path};
        if (path.ends_with("-wal") || path.ends_with("-journal")) me.keep_names();
    }

    std::filesystem::path directory_;
    bool keeps_watch_;
    fault fault_{};
    std::size_t count_ = 0;
    std::map<int, std::string> open_;
    std::map<int, std::size_t> reads_;       // of each open file
    std::map<ino_t, std::string> contents_;  // as of the last sync
    names names_;
    file_calls calls_{this,
                      open_call,
                      read_call,
                      write_call,
                      reserve_call,
                      sync_call,
                      lock_call,
                      status_call,
                      close_call,
                      rename_call,
                      link_call,
                      unlink_call,
                      map_call,
                      list_call,
                      examine_call,
                      unlock_call,
                      make_directory_call,
                      remove_directory_call,
                      expect_read_call};
    database_gate gate_{this, before_step, after_step};
};

}  // namespace xacthuc::tests
