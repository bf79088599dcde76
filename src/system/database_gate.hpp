// SPDX-License-Identifier: Apache-2.0
// A gate between SQLite and its files: every call that SQLite makes of the system passes it and may be refused there,
// so that a test can fail the k-th, and a benchmark time the syncs. Locks and shared memory stay SQLite's own, which
// are the tested ones.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace xacthuc::inline v0_1 {

enum class database_call : std::uint8_t {
    open,
    read,
    write,
    truncate,
    sync,
    size,
    remove,
    examine,
    lock,
    map_shared,
    lock_shared
};

struct database_step {
    database_call call;
    const char* path;  // may be null: a temporary file
    std::uint64_t offset = 0;
    std::size_t size_bytes = 0;
};

// Either function may be null. Concurrency: called from whatever thread uses the database.
struct database_gate {
    void* context = nullptr;
    // Returns 0 to let the call go on, or -errno to fail it. A write may also be let through for its first n bytes and
    // then fail for want of space: n > 0.
    int (*before)(void* context, const database_step& step) = nullptr;
    // What became of a call that was let through: SQLite's code for it.
    void (*after)(void* context, const database_step& step, int code) = nullptr;
};

// A file system for SQLite by way of a gate, registered under a name of its own while it lives.
// Requires: the gate outlives it, and it the databases that are opened through it.
class gated_file_system {
  public:
    // Throws std::bad_alloc; std::runtime_error when SQLite has no file system of its own.
    explicit gated_file_system(const database_gate& gate);
    gated_file_system(const gated_file_system&) = delete;
    gated_file_system& operator=(const gated_file_system&) = delete;
    ~gated_file_system();

    // For sqlite3_open_v2().
    [[nodiscard]] const char* name() const noexcept { return name_.c_str(); }

  private:
    std::string name_;
    std::unique_ptr<sqlite3_vfs> methods_;
};

}  // namespace xacthuc::inline v0_1
