// SPDX-License-Identifier: Apache-2.0
#include "system/database_gate.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <new>
#include <stdexcept>

namespace xacthuc::inline v0_1 {
namespace {

// What SQLite allocates for each file: this, and the underlying file right behind it.
struct gated_file {
    sqlite3_file base;  // first: SQLite sees only this
    const database_gate* gate;
    const char* path;
    sqlite3_file* under;
};
constexpr std::size_t under_offset = (sizeof(gated_file) + 15) / 16 * 16;

[[nodiscard]] gated_file& self(sqlite3_file* file) noexcept {
    return *reinterpret_cast<gated_file*>(file);
}
[[nodiscard]] const database_gate& gate_of(const sqlite3_vfs* vfs) noexcept {
    return *static_cast<const database_gate*>(vfs->pAppData);
}
[[nodiscard]] sqlite3_vfs* under_of(const sqlite3_vfs*) noexcept {
    return sqlite3_vfs_find(nullptr);
}

[[nodiscard]] int failure_code(database_call call, int error) noexcept {
    // In the order of database_call.
    static constexpr std::array codes{SQLITE_CANTOPEN,       SQLITE_IOERR_READ,   SQLITE_IOERR_WRITE,
                                      SQLITE_IOERR_TRUNCATE, SQLITE_IOERR_FSYNC,  SQLITE_IOERR_FSTAT,
                                      SQLITE_IOERR_DELETE,   SQLITE_IOERR_ACCESS, SQLITE_IOERR_LOCK,
                                      SQLITE_IOERR_SHMMAP,   SQLITE_IOERR_SHMLOCK};
    if (call == database_call::write && (error == ENOSPC || error == EDQUOT)) return SQLITE_FULL;
    return codes[static_cast<std::size_t>(call)];
}

// Runs go_on() unless the gate refuses; go_on(n) of a write that it lets through in part.
template <class GoOn>
[[nodiscard]] int pass(const database_gate& gate, const database_step& step, GoOn go_on) noexcept {
    if (gate.before != nullptr) {
        const int answer = gate.before(gate.context, step);
        if (answer < 0) return failure_code(step.call, -answer);
    }
    const int code = go_on();
    if (gate.after != nullptr) gate.after(gate.context, step, code);
    return code;
}

int close_file(sqlite3_file* file) {
    auto& mine = self(file);
    return mine.under->pMethods == nullptr ? SQLITE_OK : mine.under->pMethods->xClose(mine.under);
}

int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
    auto& mine = self(file);
    return pass(*mine.gate,
                {database_call::read, mine.path, static_cast<std::uint64_t>(offset), static_cast<std::size_t>(size)},
                [&] { return mine.under->pMethods->xRead(mine.under, to, size, offset); });
}

int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
    auto& mine = self(file);
    const database_step step{database_call::write, mine.path, static_cast<std::uint64_t>(offset),
                             static_cast<std::size_t>(size)};
    const int answer = mine.gate->before == nullptr ? 0 : mine.gate->before(mine.gate->context, step);
    if (answer < 0) return failure_code(step.call, -answer);
    if (answer > 0) {
        static_cast<void>(mine.under->pMethods->xWrite(mine.under, from, std::min(answer, size), offset));
        return SQLITE_FULL;
    }
    const int code = mine.under->pMethods->xWrite(mine.under, from, size, offset);
    if (mine.gate->after != nullptr) mine.gate->after(mine.gate->context, step, code);
    return code;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    auto& mine = self(file);
    return pass(*mine.gate, {database_call::truncate, mine.path, static_cast<std::uint64_t>(size)},
                [&] { return mine.under->pMethods->xTruncate(mine.under, size); });
}

int sync_file(sqlite3_file* file, int flags) {
    auto& mine = self(file);
    return pass(*mine.gate, {database_call::sync, mine.path},
                [&] { return mine.under->pMethods->xSync(mine.under, flags); });
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    auto& mine = self(file);
    return pass(*mine.gate, {database_call::size, mine.path},
                [&] { return mine.under->pMethods->xFileSize(mine.under, size); });
}

int lock_file(sqlite3_file* file, int level) {
    auto& mine = self(file);
    return pass(*mine.gate, {database_call::lock, mine.path},
                [&] { return mine.under->pMethods->xLock(mine.under, level); });
}

int unlock_file(sqlite3_file* file, int level) {
    return self(file).under->pMethods->xUnlock(self(file).under, level);
}

int check_reserved_lock(sqlite3_file* file, int* held) {
    return self(file).under->pMethods->xCheckReservedLock(self(file).under, held);
}

int control_file(sqlite3_file* file, int what, void* argument) {
    return self(file).under->pMethods->xFileControl(self(file).under, what, argument);
}

int sector_size(sqlite3_file* file) {
    return self(file).under->pMethods->xSectorSize(self(file).under);
}

int device_characteristics(sqlite3_file* file) {
    return self(file).under->pMethods->xDeviceCharacteristics(self(file).under);
}

int map_shared(sqlite3_file* file, int region, int size, int extend, void volatile** to) {
    auto& mine = self(file);
    return pass(*mine.gate, {database_call::map_shared, mine.path},
                [&] { return mine.under->pMethods->xShmMap(mine.under, region, size, extend, to); });
}

int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
    auto& mine = self(file);
    const auto go_on = [&] { return mine.under->pMethods->xShmLock(mine.under, offset, count, flags); };
    if ((flags & SQLITE_SHM_UNLOCK) != 0) return go_on();
    return pass(*mine.gate, {database_call::lock_shared, mine.path}, go_on);
}

void shared_barrier(sqlite3_file* file) {
    self(file).under->pMethods->xShmBarrier(self(file).under);
}

int unmap_shared(sqlite3_file* file, int remove) {
    return self(file).under->pMethods->xShmUnmap(self(file).under, remove);
}

// Version 2: with shared memory, without mappings of the file itself, which would pass no gate.
constexpr sqlite3_io_methods file_methods{2,
                                          close_file,
                                          read_file,
                                          write_file,
                                          truncate_file,
                                          sync_file,
                                          file_size,
                                          lock_file,
                                          unlock_file,
                                          check_reserved_lock,
                                          control_file,
                                          sector_size,
                                          device_characteristics,
                                          map_shared,
                                          lock_shared,
                                          shared_barrier,
                                          unmap_shared,
                                          nullptr,
                                          nullptr};

int open_file_of(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* flags_out) {
    auto* const mine = new (file) gated_file{};
    mine->gate = &gate_of(vfs);
    mine->path = path;
    mine->under = reinterpret_cast<sqlite3_file*>(reinterpret_cast<std::byte*>(file) + under_offset);
    mine->under->pMethods = nullptr;
    const int code = pass(*mine->gate, {database_call::open, path},
                          [&] { return under_of(vfs)->xOpen(under_of(vfs), path, mine->under, flags, flags_out); });
    // SQLite closes a file that has methods even where opening failed.
    if (code == SQLITE_OK || mine->under->pMethods != nullptr) mine->base.pMethods = &file_methods;
    return code;
}

int remove_file(sqlite3_vfs* vfs, const char* path, int sync_directory) {
    return pass(gate_of(vfs), {database_call::remove, path},
                [&] { return under_of(vfs)->xDelete(under_of(vfs), path, sync_directory); });
}

int examine_file(sqlite3_vfs* vfs, const char* path, int flags, int* answer) {
    return pass(gate_of(vfs), {database_call::examine, path},
                [&] { return under_of(vfs)->xAccess(under_of(vfs), path, flags, answer); });
}

}  // namespace

gated_file_system::gated_file_system(const database_gate& gate) {
    static std::atomic<std::uint64_t> made{0};
    name_ = "xacthuc-" + std::to_string(made.fetch_add(1, std::memory_order_relaxed));
    const sqlite3_vfs* const under = sqlite3_vfs_find(nullptr);
    if (under == nullptr) throw std::runtime_error{"SQLite has no file system"};
    methods_ = std::make_unique<sqlite3_vfs>(*under);
    methods_->iVersion = 2;  // the system calls of version 3 are the underlying one's own affair
    methods_->szOsFile = static_cast<int>(under_offset) + under->szOsFile;
    methods_->pNext = nullptr;
    methods_->zName = name_.c_str();
    methods_->pAppData = const_cast<database_gate*>(&gate);
    methods_->xOpen = open_file_of;
    methods_->xDelete = remove_file;
    methods_->xAccess = examine_file;
    if (sqlite3_vfs_register(methods_.get(), 0) != SQLITE_OK) throw std::bad_alloc{};
}

gated_file_system::~gated_file_system() {
    sqlite3_vfs_unregister(methods_.get());
}

}  // namespace xacthuc::inline v0_1
