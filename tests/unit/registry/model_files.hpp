// SPDX-License-Identifier: Apache-2.0
// A file system in memory that knows what a power cut would leave: contents as of the last sync of the file, names as
// of the last sync of the directory that they stand in. And a way to fail any call. Directories that nobody made are
// there from the start.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "files/file.hpp"

namespace xacthuc::tests {

class model_files {
  public:
    using bytes = std::vector<std::byte>;

    // What goes wrong with the call of number `at` (the first is 0), and, if sticky, with all after it.
    struct fault {
        std::size_t at = SIZE_MAX;
        int error = EIO;  // 0: a write or a read moves half of what was asked for, other calls succeed
        bool sticky = false;
        bool power_cut = false;  // from there on nothing reaches the files
    };

    // What a power cut takes: every combination is something that some real file system does.
    struct loss {
        bool unsynced_contents;
        bool unsynced_names;
    };

    [[nodiscard]] file_calls calls() {
        return {this,
                &open_call,
                &read_call,
                &write_call,
                &reserve_call,
                &sync_call,
                &lock_call,
                &status_call,
                &close_call,
                &rename_call,
                &link_call,
                &unlink_call,
                &map_call,
                &list_call,
                &examine_call,
                &unlock_call,
                &make_directory_call,
                &remove_directory_call,
                &expect_read_call};
    }

    void set_fault(fault what) {
        fault_ = what;
        count_ = 0;
    }
    [[nodiscard]] std::size_t calls_made() const { return count_; }

    [[nodiscard]] bytes& contents(const std::string& path) { return names_.at(path)->now; }
    [[nodiscard]] bool exists(const std::string& path) const { return names_.contains(path); }
    [[nodiscard]] std::size_t file_count() const { return names_.size(); }
    [[nodiscard]] std::size_t open_count() const { return open_.size(); }

    [[nodiscard]] std::vector<std::string> file_names() const {
        std::vector<std::string> names;
        for (const auto& [path, file] : names_) names.push_back(path);
        return names;
    }
    void remove(const std::string& path) { names_.erase(path); }
    void put(const std::string& path, bytes contents) {
        names_[path] = std::make_shared<inode>(inode{contents, contents, 1, false});
        names_synced_ = names_;
    }

    // The process dies and the power stays: all that was written can be seen, and what was not synced can be lost yet.
    void end_process() {
        fault_ = {};
        open_.clear();
        for (auto& [path, file] : names_) file->locked = false;
    }

    // The power comes back.
    void restart(loss lost) {
        fault_ = {};
        open_.clear();
        if (lost.unsynced_names) {
            names_ = names_synced_;
            // With a directory's name goes what is in it.
            std::erase_if(names_, [&](const auto& one) { return !has_place(one.first); });
        }
        for (auto& [path, file] : names_) {
            if (lost.unsynced_contents) file->now = file->synced;
            file->synced = file->now;
            file->locked = false;
        }
        names_synced_ = names_;
    }

  private:
    struct inode {
        bytes now;
        bytes synced;
        std::uint64_t links = 0;
        bool locked = false;
        bool is_directory = false;
    };
    struct descriptor {
        std::shared_ptr<inode> file;  // none for a directory
        bool holds_lock = false;
        std::string directory{};
    };

    [[nodiscard]] static std::string parent_of(const std::string& path) { return path.substr(0, path.rfind('/')); }
    // Whether the directories above it that somebody made are there.
    [[nodiscard]] bool has_place(const std::string& path) const {
        for (auto above = parent_of(path); !above.empty(); above = parent_of(above))
            if (made_.contains(above) && !names_.contains(above)) return false;
        return true;
    }

    // Counts a call; 0 when it goes on, 1 when it moves half, else -errno.
    [[nodiscard]] int begin_call() {
        const auto mine = count_++;
        if (fault_.power_cut && mine >= fault_.at) return -EIO;
        if (mine == fault_.at || (fault_.sticky && mine > fault_.at)) return fault_.error == 0 ? 1 : -fault_.error;
        return 0;
    }

    static model_files& self(void* context) { return *static_cast<model_files*>(context); }

    static int open_call(void* context, const char* path, int flags, unsigned) {
        auto& me = self(context);
        const std::lock_guard lock{me.guard_};
        if (const int wrong = me.begin_call(); wrong < 0) return wrong;
        descriptor made;
        if ((flags & O_DIRECTORY) == 0) {
            const auto found = me.names_.find(path);
            if ((flags & O_CREAT) != 0) {
                if (found != me.names_.end()) return -EEXIST;
                if (!me.has_place(path)) return -ENOENT;
                made.file = std::make_shared<inode>(inode{{}, {}, 1, false});
                me.names_[path] = made.file;
            } else {
                if (found == me.names_.end()) return -ENOENT;
                if (found->second->is_directory) return -EISDIR;
                made.file = found->second;
            }
        } else {
            made.directory = path;
            if (me.made_.contains(path) && !me.names_.contains(path)) return -ENOENT;
        }
        const int number = me.next_descriptor_++;
        me.open_[number] = made;
        return number;
    }

    static std::int64_t read_call(void* context, int file, std::byte* to, std::size_t size, std::uint64_t offset) {
        auto& me = self(context);
        const std::lock_guard lock{me.guard_};
        const int wrong = me.begin_call();
        if (wrong < 0) return wrong;
        const auto& from = me.open_.at(file).file->now;
        if (offset >= from.size()) return 0;
        auto count = std::min<std::size_t>(size, from.size() - offset);
        if (wrong == 1) count = (count + 1) / 2;
        std::memcpy(to, from.data() + offset, count);
        return static_cast<std::int64_t>(count);
    }

    static std::int64_t write_call(void* context, int file, const std::byte* from, std::size_t size,
                                   std::uint64_t offset) {
        auto& me = self(context);
        const std::lock_guard lock{me.guard_};
        const int wrong = me.begin_call();
        if (wrong < 0) return wrong;
        const auto count = wrong == 1 ? (size + 1) / 2 : size;
        auto& to = me.open_.at(file).file->now;
        if (to.size() < offset + count) to.resize(offset + count);
        std::memcpy(to.data() + offset, from, count);
        return static_cast<std::int64_t>(count);
    }

    static int reserve_call(void* context, int file, std::uint64_t size_bytes) {
        auto& me = self(context);
        const std::lock_guard lock{me.guard_};
        if (const int wrong = me.begin_call(); wrong < 0) return wrong;
        auto& to = me.open_.at(file).file->now;
        if (to.size() < size_bytes) to.resize(size_bytes);
        return 0;
    }

    static int sync_call(void* context, int file) {
        auto& me = self(context);
        const std::lock_guard lock{me.guard_};
        if (const int wrong = me.begin_call(); wrong < 0) return wrong;
        if (const auto& what = me.open_.at(file); what.file != nullptr)
            what.file->synced = what.file->now;
        else
            me.sync_names(what.directory);
        return 0;
    }

    static int lock_call(void* context, int file) {
        auto& me = self(context);
        const std::lock_guard lock{me.guard_};
        if (const int wrong = me.begin_call(); wrong < 0) return wrong;
        auto& what = me.open_.at(file);
        if (what.file->locked && !what.holds_lock) return -EWOULDBLOCK;
        what.file->locked = what.holds_lock = true;
        return 0;
    }

    static int status_call(void* context, int file, file_status& status) {
        auto& me = self(context);
        const std::lock_guard lock{me.guard_};
        if (const int wrong = me.begin_call(); wrong < 0) return wrong;
        const auto& what = *me.open_.at(file).file;
        status = {what.now.size(), what.links, 0600, true};
        return 0;
    }

    static int close_call(void* context, int file) {
        auto& me = self(context);
        const std::lock_guard lock{me.guard_};
        const auto what = me.open_.at(file);
        if (what.holds_lock) what.file->locked = false;
        me.open_.erase(file);  // even when the call fails, as on Linux
        const int wrong = me.begin_call();
        return wrong < 0 ? wrong : 0;
    }

    static int rename_call(void* context, const char* from, const char* to) {
        auto& me = self(context);
        const std::lock_guard lock{me.guard_};
        if (const int wrong = me.begin_call(); wrong < 0) return wrong;
        const auto found = me.names_.find(from);
        if (found == me.names_.end()) return -ENOENT;
        const auto file = found->second;
        me.names_.erase(found);
        if (const auto old = me.names_.find(to); old != me.names_.end()) --old->second->links;
        me.names_[to] = file;
        return 0;
    }

    static int link_call(void* context, const char* from, const char* to) {
        auto& me = self(context);
        const std::lock_guard lock{me.guard_};
        if (const int wrong = me.begin_call(); wrong < 0) return wrong;
        if (!me.names_.contains(from)) return -ENOENT;
        if (me.names_.contains(to)) return -EEXIST;
        me.names_[to] = me.names_.at(from);
        ++me.names_.at(to)->links;
        return 0;
    }

    static int unlink_call(void* context, const char* path) {
        auto& me = self(context);
        const std::lock_guard lock{me.guard_};
        if (const int wrong = me.begin_call(); wrong < 0) return wrong;
        const auto found = me.names_.find(path);
        if (found == me.names_.end()) return -ENOENT;
        --found->second->links;
        me.names_.erase(found);
        return 0;
    }

    static int map_call(void* context, int file, std::size_t size, std::byte*& mapping) {
        auto& me = self(context);
        const std::lock_guard lock{me.guard_};
        if (const int wrong = me.begin_call(); wrong < 0) return wrong;
        void* const address = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (address == MAP_FAILED) return -errno;
        mapping = static_cast<std::byte*>(address);
        const auto& from = me.open_.at(file).file->now;
        std::memcpy(mapping, from.data(), std::min(size, from.size()));
        return 0;
    }

    static int list_call(void* context, const char* directory, std::vector<std::string>& names) {
        auto& me = self(context);
        const std::lock_guard lock{me.guard_};
        if (const int wrong = me.begin_call(); wrong < 0) return wrong;
        if (me.made_.contains(directory) && !me.names_.contains(directory)) return -ENOENT;
        for (const auto& [path, file] : me.names_)
            if (parent_of(path) == directory) names.push_back(path.substr(path.rfind('/') + 1));
        return 0;
    }

    static int examine_call(void* context, const char* path, file_status& status) {
        auto& me = self(context);
        const std::lock_guard lock{me.guard_};
        if (const int wrong = me.begin_call(); wrong < 0) return wrong;
        const auto found = me.names_.find(path);
        if (found == me.names_.end()) return -ENOENT;
        status = {found->second->now.size(), found->second->links, 0600, !found->second->is_directory};
        return 0;
    }

    static int make_directory_call(void* context, const char* path, unsigned) {
        auto& me = self(context);
        const std::lock_guard lock{me.guard_};
        if (const int wrong = me.begin_call(); wrong < 0) return wrong;
        if (me.names_.contains(path)) return -EEXIST;
        if (!me.has_place(path)) return -ENOENT;
        me.made_.insert(path);
        me.names_[path] = std::make_shared<inode>(inode{{}, {}, 1, false, true});
        return 0;
    }

    static int remove_directory_call(void* context, const char* path) {
        auto& me = self(context);
        const std::lock_guard lock{me.guard_};
        if (const int wrong = me.begin_call(); wrong < 0) return wrong;
        if (!me.names_.contains(path)) return -ENOENT;
        for (const auto& [name, file] : me.names_)
            if (parent_of(name) == path) return -ENOTEMPTY;
        me.names_.erase(path);
        return 0;
    }

    static void expect_read_call(void*, int, std::uint64_t, std::size_t) {}

    static int unlock_call(void* context, int file) {
        auto& me = self(context);
        const std::lock_guard lock{me.guard_};
        auto& what = me.open_.at(file);
        if (what.holds_lock) what.file->locked = false;
        what.holds_lock = false;
        return 0;
    }

    void sync_names(const std::string& directory) {
        std::erase_if(names_synced_, [&](const auto& one) { return parent_of(one.first) == directory; });
        for (const auto& [path, file] : names_)
            if (parent_of(path) == directory) names_synced_[path] = file;
    }

    std::mutex guard_;
    fault fault_;
    std::size_t count_ = 0;
    std::map<std::string, std::shared_ptr<inode>> names_;
    std::map<std::string, std::shared_ptr<inode>> names_synced_;
    std::set<std::string> made_;
    std::map<int, descriptor> open_;
    int next_descriptor_ = 3;
};

}  // namespace xacthuc::tests
