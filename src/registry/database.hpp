// SPDX-License-Identifier: Apache-2.0
// An SQLite database and its prepared statements, as far as the log of changes needs them.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <xacthuc/domain/error.hpp>

#include "registry/database_gate.hpp"

namespace xacthuc {

class database {
  public:
    enum class access : std::uint8_t { create, write, read };

    // Errors: not_found; those of failed(). The gate outlives the database.
    [[nodiscard]] static detailed_result<database> open(const std::filesystem::path& path, const database_gate& gate,
                                                        access how);

    // Errors: those of failed().
    [[nodiscard]] detailed_result<void> run(const char* statement) const;
    [[nodiscard]] sqlite3* get() const noexcept { return handle_.get(); }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    // The failure that the last call's code stands for: disk_full; damaged_changes when SQLite finds the file damaged
    // or no database; out_of_memory; io for all else.
    [[nodiscard]] failure failed(std::string_view doing) const;

  private:
    struct closing {
        void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
    };
    explicit database(const std::filesystem::path& path) : path_{path} {}

    std::filesystem::path path_;
    std::unique_ptr<gated_file_system> files_;
    std::unique_ptr<sqlite3, closing> handle_;  // after files_: closed before it goes
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

}  // namespace xacthuc
