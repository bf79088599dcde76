// SPDX-License-Identifier: Apache-2.0
// One connection to a PostgreSQL server, through libpq.
#pragma once

#include <libpq-fe.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sources/source_error.hpp"

namespace xacthuc::inline v0_1::postgres {

// The rows of an answer.
class answer {
  public:
    explicit answer(PGresult* of) noexcept : of_{of} {}

    [[nodiscard]] std::size_t rows() const noexcept { return static_cast<std::size_t>(PQntuples(of_.get())); }
    [[nodiscard]] std::size_t columns() const noexcept { return static_cast<std::size_t>(PQnfields(of_.get())); }
    [[nodiscard]] bool is_null(std::size_t row, std::size_t column) const noexcept {
        return PQgetisnull(of_.get(), static_cast<int>(row), static_cast<int>(column)) != 0;
    }
    // Empty for null. Valid as long as this.
    [[nodiscard]] std::string_view text(std::size_t row, std::size_t column) const noexcept {
        return {PQgetvalue(of_.get(), static_cast<int>(row), static_cast<int>(column)),
                static_cast<std::size_t>(PQgetlength(of_.get(), static_cast<int>(row), static_cast<int>(column)))};
    }
    [[nodiscard]] bool is_true(std::size_t row, std::size_t column) const noexcept { return text(row, column) == "t"; }
    // 0 where it is no number.
    [[nodiscard]] std::uint64_t number(std::size_t row, std::size_t column) const noexcept;

    [[nodiscard]] PGresult* get() const noexcept { return of_.get(); }

  private:
    struct clearing {
        void operator()(PGresult* of) const noexcept { PQclear(of); }
    };
    std::unique_ptr<PGresult, clearing> of_;
};

// A row of a COPY, or a message of a stream; freed by its end.
struct copied_bytes {
    struct freeing {
        void operator()(char* of) const noexcept { PQfreemem(of); }
    };
    std::unique_ptr<char, freeing> bytes;
    std::size_t size = 0;
};

// What a call throws is a source_error with what the server says: unreachable where it may be tried again.
// Concurrency: single thread.
class session {
  public:
    enum class purpose : std::uint8_t { queries, replication };

    // Values come as UTF-8 and ISO dates, and rows that a policy of the server hides are an error, not left out.
    session(const std::string& conninfo, purpose what_for);

    // A command with texts for $1, $2, …, none of them null. Only for queries.
    [[nodiscard]] answer ask(const std::string& command, std::initializer_list<std::string> values) const;
    // One command as it is.
    answer run(const std::string& command) const;

    // Begins a COPY TO, or a stream of changes.
    void begin_copy(const std::string& command, ExecStatusType wanted) const;
    // Nothing at its end, whose success is checked. Waits.
    [[nodiscard]] std::optional<copied_bytes> next_copied() const;
    // Nothing when nothing has come yet. Never waits. The end of the stream is an error.
    [[nodiscard]] std::optional<copied_bytes> poll_copied() const;
    // Sends a message of a stream, as far as the connection takes it.
    void send(std::span<const std::byte> bytes) const;
    // What could not be sent is sent as far as it will go. Returns whether there is more.
    [[nodiscard]] bool flush() const;

    [[nodiscard]] int socket() const noexcept { return PQsocket(of_.get()); }
    [[nodiscard]] int server_version() const noexcept { return PQserverVersion(of_.get()); }
    [[nodiscard]] std::string quoted_name(std::string_view name) const;
    [[nodiscard]] std::string quoted_text(std::string_view text) const;

  private:
    [[noreturn]] void fail(const PGresult* result, const std::string& doing) const;
    [[nodiscard]] answer check(PGresult* result, const std::string& doing) const;

    struct closing {
        void operator()(PGconn* of) const noexcept { PQfinish(of); }
    };
    std::unique_ptr<PGconn, closing> of_;
};

}  // namespace xacthuc::inline v0_1::postgres
