// SPDX-License-Identifier: Apache-2.0
// A look at SQLite's write-ahead log that SQLite does not take. It stops at the first frame that does not match its
// checksum, as it must after a crash, and takes all that follows for never written: one flipped byte, and every later
// change is gone without a word. What a crash leaves can be told from damage: each transaction is synced before the
// next one's first frame is written, so a crash tears the last transaction and no other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <xacthuc/domain/error.hpp>

#include "files/file.hpp"

namespace xacthuc::inline v0_1 {

// Reads a page of the database, as it is in the database's own file.
using database_page_reader = std::function<detailed_result<void>(std::uint32_t page, std::span<std::byte> to)>;

// Refuses a write-ahead log in which a frame does not match and a transaction that ended behind it is followed by
// another: that one was synced, and SQLite would drop it. A damaged head is refused when what follows is not in the
// database. There being no write-ahead log is no failure, nor is a torn end of any length.
// It opens and closes the file, which is harmless: SQLite has its locks on the database and the -shm file alone.
// Concurrency: others may write meanwhile; what looks damaged is looked at again.
// Errors: damaged_changes, with frame and offset; io.
[[nodiscard]] detailed_result<void> check_write_ahead_log(const file_calls& calls,
                                                          const std::filesystem::path& database,
                                                          const database_page_reader& read_page);

}  // namespace xacthuc::inline v0_1
