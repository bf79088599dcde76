// SPDX-License-Identifier: Apache-2.0
#include "registry/database.hpp"

#include <string>
#include <system_error>

namespace xacthuc {
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

}  // namespace

failure database::failed(std::string_view doing) const {
    const int code = sqlite3_extended_errcode(handle_.get());
    std::string words = path_.string() + ": " + std::string{doing} + ": " + sqlite3_errmsg(handle_.get()) +
                        " (SQLite code " + std::to_string(code) + ")";
    if (const int error = sqlite3_system_errno(handle_.get()); error != 0 && (code & 0xff) != SQLITE_CORRUPT)
        words += ", " + std::error_code{error, std::generic_category()}.message();
    return {meaning_of(code), std::move(words)};
}

detailed_result<database> database::open(const std::filesystem::path& path, const database_gate& gate, access how) {
    database made{path};
    made.files_ = std::make_unique<gated_file_system>(gate);
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= how == access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (how == access::create) flags |= SQLITE_OPEN_CREATE;
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, made.files_->name());
    made.handle_.reset(handle);
    std::error_code ignored;
    if (code != SQLITE_OK) {
        if (how != access::create && !std::filesystem::exists(path, ignored))
            return failure{errc::not_found, path.string()};
        return handle == nullptr ? failure{errc::out_of_memory, path.string()} : made.failed("open");
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
    auto what = in_->failed(sqlite3_sql(handle_.get()));
    reset();
    return what;
}

detailed_result<void> statement::run() const {
    const auto stepped = step();
    reset();
    if (!stepped) return stepped.error();
    return {};
}

}  // namespace xacthuc
