// SPDX-License-Identifier: Apache-2.0
// Several connections that read one table by COPY, each the pages that it takes next, and make records of the rows.
//
// The server makes the text of rows in one process a connection, and that takes longest. All connections see the same
// snapshot, so it does not matter who reads which page.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/index/index_builder.hpp>

#include "sources/postgres/session.hpp"
#include "sources/row_changes.hpp"

namespace xacthuc::inline v0_1::postgres {

// What is read.
struct copied_relation {
    std::string conninfo;
    std::string snapshot;  // exported, for as long as run() takes
    std::string table;     // quoted, with its schema
    std::string columns;   // quoted, with commas between them
    std::uint64_t pages = 0;
    bool is_divisible = false;  // ranges of pages can be asked for; else one connection reads it all
};

class copy_readers {
  public:
    // All are called by any reader.
    struct callbacks {
        std::function<void(std::uint64_t rows)> advance;              // rows read since the last call
        std::function<void(const sources::row_problem&)> leaves_out;  // one at a time; may throw
        std::function<bool()> stopped;
    };

    // Requires: all outlive this.
    copy_readers(const copied_relation& of, const sources::row_changes& rows, const digest_key& digests,
                 index_builder& into, const callbacks& tell) noexcept
        : of_{of}, rows_{rows}, digests_{digests}, into_{into}, tell_{tell} {}

    // Reads all, by the caller's connection and by others, `connections` together. One that the server does not give
    // is done without.
    // Requires: a transaction in the snapshot on `first`.
    // Returns the number of rows. Exceptions: source_error; what a callback throws.
    [[nodiscard]] std::uint64_t run(const session& first, unsigned connections);

  private:
    class reader;

    void join(unsigned number);
    void read(const session& at, unsigned number);
    void fail() noexcept;

    const copied_relation& of_;
    const sources::row_changes& rows_;
    const digest_key& digests_;
    index_builder& into_;
    const callbacks& tell_;
    std::uint64_t pages_a_range_ = 0;
    std::atomic<std::uint64_t> next_page_{0};
    std::atomic<std::uint64_t> rows_read_{0};
    std::atomic<bool> is_failed_{false};
    std::mutex guard_;
    std::exception_ptr failure_;
};

}  // namespace xacthuc::inline v0_1::postgres
