// SPDX-License-Identifier: Apache-2.0
// What PostgreSQL's output plugin pgoutput says of committed transactions, version 1 of its protocol: one message each
// of the begin, what was done, and the commit; transactions one after the other, in the order of their commits. Pure
// values: nothing here knows a connection.
//
//   begin · (relation · type · origin · insert · update · delete · truncate · message)* · commit
//
// Source: PostgreSQL 15, "Logical Replication Message Formats".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "sources/row_cell.hpp"

namespace xacthuc::inline v0_1::postgres {

// A place in the server's log of changes (LSN): bytes since its beginning.
using log_position = std::uint64_t;
// The server counts microseconds from 2000-01-01 on.
inline constexpr std::int64_t year_2000_unix_us = 946'684'800'000'000;

enum class message_kind : std::uint8_t {
    begin,
    commit,
    origin,
    relation,
    type,
    insert,
    update,
    erase,
    truncate,
    message,  // of pg_logical_emit_message()
};

using cell = sources::row_cell;

// A column as the table's description has it.
struct column_description {
    bool is_key = false;  // of the replica identity
    std::string_view name{};
    std::uint32_t type = 0;  // the oid
    std::int32_t modifier = -1;

    friend bool operator==(const column_description&, const column_description&) = default;
};

// What comes before the new row of an update, or is there of a deleted one.
enum class old_row : std::uint8_t { none, key, whole };

// One message; of the members those that belong to its kind are set. Texts are views of the bytes that it was read
// from. Reused, it keeps its memory.
struct message {
    message_kind kind = message_kind::begin;

    log_position position = 0;      // begin: of the commit to come; commit: of the commit; origin, message: their own
    log_position end_position = 0;  // commit: just after it
    std::int64_t time_us = 0;       // begin, commit: microseconds since 2000-01-01
    std::uint32_t transaction = 0;  // begin

    std::uint32_t relation = 0;  // relation, insert, update, erase; type: the type's oid
    std::string_view schema{};   // relation, type
    std::string_view name{};     // relation, type, origin; message: its prefix
    char identity = 0;           // relation: d(efault), n(othing), f(ull), i(ndex)
    std::vector<column_description> columns{};

    old_row before_is = old_row::none;
    std::vector<cell> before{};
    std::vector<cell> after{};

    std::uint8_t options = 0;                // truncate: 1 cascade, 2 restarts sequences
    std::vector<std::uint32_t> relations{};  // truncate

    bool is_transactional = false;  // message
    std::string_view content{};     // message

    friend bool operator==(const message&, const message&) = default;
};

// Reads one message, all of the bytes.
// Returns what is wrong with them, nothing where they are a message; after an error `into` has no meaning.
// Concurrency: any thread.
// Exceptions: std::bad_alloc.
[[nodiscard]] std::optional<std::string_view> read_message(std::span<const std::byte> bytes, message& into);

}  // namespace xacthuc::inline v0_1::postgres
