// SPDX-License-Identifier: Apache-2.0
// The stream of a slot's changes: messages of pgoutput as they come, and word to the server of how far the register is
// durable. The server forgets what was said to be durable, and closes a connection from which it hears nothing.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "sources/postgres/pgoutput.hpp"
#include "sources/postgres/session.hpp"

namespace xacthuc::inline v0_1::postgres {

// Concurrency: single thread.
class replication_stream {
  public:
    // Begins after the position. Never is anything but `durable` told to the server, whatever it says of its own log.
    // Requires: the session is for replication; the caller says something at least every `say_every`.
    // Exceptions: source_error.
    replication_stream(session&& over, const std::string& slot, const std::string& publication, log_position from,
                       std::chrono::milliseconds say_every);

    // The next message of pgoutput, where one has come. It is valid until the next call.
    // Exceptions: source_error.
    [[nodiscard]] std::optional<std::span<const std::byte>> next();

    // Tells the server how far the register is durable, when it is time to or the server has asked; `at_once`: now.
    // Exceptions: source_error.
    void say(log_position durable, bool at_once = false);
    [[nodiscard]] std::chrono::steady_clock::time_point next_word_at() const noexcept { return next_word_; }

    [[nodiscard]] int socket() const noexcept { return over_.socket(); }
    [[nodiscard]] bool has_more_to_send() const { return over_.flush(); }
    // How far the server's log had come when it last said so, for people.
    [[nodiscard]] log_position server_position() const noexcept { return server_position_; }
    [[nodiscard]] std::chrono::steady_clock::time_point last_heard() const noexcept { return last_heard_; }

  private:
    session over_;
    std::chrono::milliseconds say_every_;
    std::chrono::steady_clock::time_point next_word_;
    std::chrono::steady_clock::time_point last_heard_;
    log_position server_position_ = 0;
    bool is_asked_ = false;
    std::optional<copied_bytes> held_;
};

// A third of the server's wal_sender_timeout, and how long its silence means that it is gone; 10 s and an hour where
// it has none.
struct stream_times {
    std::chrono::milliseconds say_every;
    std::chrono::milliseconds silence_max;
};
[[nodiscard]] stream_times times_of(const session& at);

}  // namespace xacthuc::inline v0_1::postgres
