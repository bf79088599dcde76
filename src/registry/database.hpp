// SPDX-License-Identifier: Apache-2.0
// An SQLite database and its prepared statements, as far as the log of changes needs them.
#pragma once

#include <sqlite3.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <xacthuc/domain/error.hpp>

#include "system/database_gate.hpp"

namespace xacthuc::inline v0_1 {

// What matters of the SQLite that a process got, which may be the host's in place of the one that was linked.
struct sqlite_build {
    int version = 0;
    bool thread_safe = false;
    bool has_write_ahead_log = false;
    // The file that the functions which say so lie in, and the one that others lie in, where that is another: a host
    // that brings some of SQLite's functions and not all. Null where nothing is known.
    const char* file = nullptr;
    const char* second_file = nullptr;
};
[[nodiscard]] sqlite_build sqlite_at_hand() noexcept;
// Errors: unsuitable_sqlite, with the reason.
[[nodiscard]] detailed_result<void> check_suitable(const sqlite_build& build);

class database {
  public:
    enum class access : std::uint8_t { create, write, read };

    // Errors: not_found; unsuitable_sqlite; forked, in a child of a process that had databases open at the fork:
    // SQLite takes their locks for the child's, which they are not; those of failed(). The gate outlives the database.
    [[nodiscard]] static detailed_result<database> open(const std::filesystem::path& path, const database_gate& gate,
                                                        access how);

    // Runs statements to their end. Errors: those of failed().
    [[nodiscard]] detailed_result<void> run(const char* statement) const;
    // The first column of the first row as SQLite writes it, of a statement that is run to its end: what it does at its
    // end may fail too. Errors: those of failed().
    [[nodiscard]] detailed_result<std::string> ask(const char* text) const;
    // A page as it is in the database's file, by SQLite's own descriptor; zeros where the file ends. Errors: io.
    [[nodiscard]] detailed_result<void> read_page(std::uint32_t page, std::span<std::byte> to) const;
    [[nodiscard]] sqlite3* get() const noexcept { return handle_.get(); }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    // The failure that the last call's code stands for: disk_full; damaged_changes when SQLite finds the file damaged
    // or no database; out_of_memory; io for all else.
    [[nodiscard]] failure failed(std::string_view doing) const;
    // This is another process than the one that opened it: a child of its, after a fork. Nothing here may be used.
    [[nodiscard]] bool is_inherited() const noexcept;

  private:
    // A database of the parent's stays as it is: to close it would act upon memory that both share.
    struct closing {
        void operator()(sqlite3* handle) const noexcept;
        pid_t opened_by;
        gated_file_system* files;
    };
    explicit database(const std::filesystem::path& path) : path_{path} {}

    std::filesystem::path path_;
    std::unique_ptr<sqlite3, closing> handle_;
};

// Requires: the database outlives its statements, and stays where it is.
class statement {
  public:
    [[nodiscard]] static detailed_result<statement> prepare(const database& in, const char* text);

    void bind(int place, std::uint64_t value) const noexcept {
        sqlite3_bind_int64(handle_.get(), place, static_cast<sqlite3_int64>(value));
    }
    void bind(int place, std::int64_t value) const noexcept { sqlite3_bind_int64(handle_.get(), place, value); }
    // The bytes stay the caller's, until reset().
    void bind(int place, std::span<const std::byte> value) const noexcept {
        sqlite3_bind_blob64(handle_.get(), place, value.empty() ? static_cast<const void*>("") : value.data(),
                            value.size(), SQLITE_STATIC);
    }

    // Resets a statement however its use ends, also by an exception: one that is left in the middle of its rows would
    // go on with them the next time, and keep its connection at the state of the database that it began with.
    class use {
      public:
        explicit use(const statement& of) noexcept : of_{of} {}
        use(const use&) = delete;
        use& operator=(const use&) = delete;
        ~use() { of_.reset(); }

      private:
        const statement& of_;
    };

    // Returns whether there is a row. Errors: those of database::failed().
    [[nodiscard]] detailed_result<bool> step() const;
    // One step of a statement that has no rows, then reset.
    [[nodiscard]] detailed_result<void> run() const;
    void reset() const noexcept { sqlite3_reset(handle_.get()); }

    [[nodiscard]] std::int64_t integer(int column) const noexcept {
        return sqlite3_column_int64(handle_.get(), column);
    }
    // Until the next step or reset.
    [[nodiscard]] std::span<const std::byte> blob(int column) const noexcept {
        const auto* const bytes = static_cast<const std::byte*>(sqlite3_column_blob(handle_.get(), column));
        return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
    }

  private:
    struct finalizing {
        void operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }
    };
    statement(const database& in, sqlite3_stmt* handle) noexcept : in_{&in}, handle_{handle} {}

    const database* in_;
    std::unique_ptr<sqlite3_stmt, finalizing> handle_;
};

}  // namespace xacthuc::inline v0_1
