// SPDX-License-Identifier: Apache-2.0
#include "registry/database.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <system_error>
#include <utility>

namespace xacthuc::inline v0_1 {
namespace {

// How long a call waits for another connection. Ours hold their locks for milliseconds.
constexpr int busy_timeout_ms = 5000;

[[nodiscard]] errc meaning_of(int code) noexcept {
    switch (code & 0xff) {
        case SQLITE_FULL:
            return errc::disk_full;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_FORMAT:
        case SQLITE_SCHEMA:
        case SQLITE_ERROR:  // of the statements here: a table or column that is not there
            return errc::damaged_changes;
        case SQLITE_NOMEM:
            return errc::out_of_memory;
        default:
            return errc::io;
    }
}

// STRICT tables.
constexpr int sqlite_version_min = 3'037'000;

// The process that has databases open, and how many: one word, so that a fork at any moment leaves it whole.
class open_databases {
  public:
    // Whether this process may have one more: not when the open ones are another's, from before a fork.
    [[nodiscard]] bool enter(pid_t process) noexcept {
        auto now = word_.load(std::memory_order_relaxed);
        std::uint64_t next = 0;
        do {
            if (count_in(now) != 0 && process_in(now) != process) return false;
            next = std::uint64_t{static_cast<std::uint32_t>(process)} << 32 | (count_in(now) + 1);
        } while (!word_.compare_exchange_weak(now, next, std::memory_order_relaxed));
        return true;
    }
    void leave() noexcept { word_.fetch_sub(1, std::memory_order_relaxed); }

  private:
    static std::uint32_t count_in(std::uint64_t word) noexcept { return static_cast<std::uint32_t>(word); }
    static pid_t process_in(std::uint64_t word) noexcept { return static_cast<pid_t>(word >> 32); }
    std::atomic<std::uint64_t> word_{0};
};
constinit open_databases all_open;

template <class Function>
[[nodiscard]] Dl_info place_of(Function* function) noexcept {
    Dl_info place{};
    if (::dladdr(reinterpret_cast<const void*>(function), &place) == 0) place = {};
    return place;
}

}  // namespace

sqlite_build sqlite_at_hand() noexcept {
    const auto asked = place_of(sqlite3_libversion_number);
    sqlite_build build{sqlite3_libversion_number(), sqlite3_threadsafe() != 0,
                       sqlite3_compileoption_used("OMIT_WAL") == 0, asked.dli_fname};
    // Those that answered here, and some of those that do the work; none that programs use to take the address of,
    // which the linker may put elsewhere.
    for (const auto& other :
         {place_of(sqlite3_threadsafe), place_of(sqlite3_compileoption_used), place_of(sqlite3_open_v2),
          place_of(sqlite3_step), place_of(sqlite3_vfs_find), place_of(sqlite3_wal_checkpoint_v2)}) {
        if (other.dli_fbase != asked.dli_fbase) build.second_file = other.dli_fname;
    }
    return build;
}

detailed_result<void> check_suitable(const sqlite_build& build) {
    const auto refuse = [&](const std::string& why) {
        std::string words = "version " + std::to_string(build.version);
        if (build.file != nullptr) words += std::string{" in "} + build.file;
        return failure{errc::unsuitable_sqlite,
                       words + " " + why + ". Where a program brings an SQLite of its own, that one is used"};
    };
    if (build.version < sqlite_version_min)
        return refuse("is older than " + std::to_string(sqlite_version_min) + ", the first that will do");
    if (!build.thread_safe) return refuse("was built for a single thread");
    if (!build.has_write_ahead_log) return refuse("was built without write-ahead logs");
    if (build.second_file != nullptr)
        return refuse(std::string{"is only a part, and the rest is in "} + build.second_file);
    return {};
}

void database::closing::operator()(sqlite3* handle) const noexcept {
    if (::getpid() != opened_by) return;
    sqlite3_close_v2(handle);
    delete files;
    all_open.leave();
}

bool database::is_inherited() const noexcept {
    return handle_ && ::getpid() != handle_.get_deleter().opened_by;
}

failure database::failed(std::string_view doing) const {
    const int code = sqlite3_extended_errcode(handle_.get());
    std::string words = path_.string() + ": " + std::string{doing} + ": " + sqlite3_errmsg(handle_.get()) +
                        " (SQLite code " + std::to_string(code) + ")";
    if (const int error = sqlite3_system_errno(handle_.get()); error != 0 && (code & 0xff) != SQLITE_CORRUPT)
        words += ", " + std::error_code{error, std::generic_category()}.message();
    return {meaning_of(code), std::move(words)};
}

detailed_result<database> database::open(const std::filesystem::path& path, const database_gate& gate, access how) {
    if (auto done = check_suitable(sqlite_at_hand()); !done) return done.error();
    const auto process = ::getpid();
    auto files = std::make_unique<gated_file_system>(gate);
    database made{path};
    if (!all_open.enter(process)) return failure{errc::forked, path.string()};
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= how == access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (how == access::create) flags |= SQLITE_OPEN_CREATE;
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, files->name());
    if (handle == nullptr) {
        all_open.leave();
        return failure{errc::out_of_memory, path.string()};
    }
    made.handle_ = std::unique_ptr<sqlite3, closing>{handle, closing{process, files.release()}};
    std::error_code ignored;
    if (code != SQLITE_OK) {
        if (how != access::create && !std::filesystem::exists(path, ignored))
            return failure{errc::not_found, path.string()};
        return made.failed("open");
    }
    sqlite3_busy_timeout(handle, busy_timeout_ms);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    return made;
}

detailed_result<void> database::run(const char* text) const {
    if (sqlite3_exec(handle_.get(), text, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
    return failed(text);
}

detailed_result<std::string> database::ask(const char* text) const {
    const auto asked = statement::prepare(*this, text);
    if (!asked) return asked.error();
    std::string answer;
    for (bool first = true;; first = false) {
        const auto row = asked->step();
        if (!row) return row.error();
        if (!*row) return answer;
        if (!first) continue;
        const auto bytes = asked->blob(0);
        answer.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
}

detailed_result<void> database::read_page(std::uint32_t page, std::span<std::byte> to) const {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file));
    if (file == nullptr || file->pMethods == nullptr || page == 0)
        return failure{errc::io, path_.string() + ": page " + std::to_string(page) + " cannot be read"};
    const auto offset = static_cast<sqlite3_int64>(page - 1) * static_cast<sqlite3_int64>(to.size());
    const int code = file->pMethods->xRead(file, to.data(), static_cast<int>(to.size()), offset);
    if (code == SQLITE_OK || code == SQLITE_IOERR_SHORT_READ) return {};
    return failure{errc::io, path_.string() + ": page " + std::to_string(page) + " cannot be read (SQLite code " +
                                 std::to_string(code) + ")"};
}

detailed_result<statement> statement::prepare(const database& in, const char* text) {
    sqlite3_stmt* handle = nullptr;
    if (sqlite3_prepare_v3(in.get(), text, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr) != SQLITE_OK)
        return in.failed(text);
    return statement{in, handle};
}

detailed_result<bool> statement::step() const {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    const use ends{*this};
    return in_->failed(sqlite3_sql(handle_.get()));
}

detailed_result<void> statement::run() const {
    const use ends{*this};
    const auto stepped = step();
    if (!stepped) return stepped.error();
    return {};
}

}  // namespace xacthuc::inline v0_1
