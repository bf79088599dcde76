// SPDX-License-Identifier: Apache-2.0
// Follows a slot into a register, each transaction exactly once: the register's own log keeps the position with the
// changes, the stream begins after it, and the server is told of nothing that is not durable there.
//
//   server → replication_stream → transaction_reader → (changes of whole transactions) → change_applier → register
//                 ↑ durable position ───────────────────────────────────────────────────────┘
//
// A transaction of more than part_changes_max changes goes in several parts; the position moves with the last. After a
// crash between them it is made from its beginning again, over what is there of it already: each change says what the
// citizen is then, so making it twice changes nothing.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>
#include <xacthuc/registry/registry.hpp>

#include "sources/change_applier.hpp"
#include "sources/postgres/live_table.hpp"
#include "sources/postgres/log_place.hpp"
#include "sources/postgres/replication_stream.hpp"
#include "sources/postgres/transaction_reader.hpp"
#include "sources/table_mapping.hpp"

namespace xacthuc::inline v0_1::postgres {

struct follow_figures {
    bool is_connected = false;
    std::uint64_t transactions = 0;
    std::uint64_t changes = 0;
    std::uint64_t left_out = 0;
    std::uint64_t reconnects = 0;
    log_position durable = 0;
    log_position server = 0;
    std::int64_t commit_unix_us = 0;  // of the last durable transaction, by the server's clock
};

struct follow_settings {
    std::string conninfo;
    std::string publication;
    std::string slot;
    // Ends when all that was committed before it began is in the register.
    bool once = false;
    // How often the server is made to say something, so that an idle slot moves on, and looked at for what it does not
    // say by itself, such as a changed publication.
    std::chrono::milliseconds heartbeat{10'000};
    // Of attempts to reach a server that is gone, between the first and the last; none: for ever.
    std::optional<std::chrono::milliseconds> gives_up_after{};
    // Told of each row that is left out, by any thread; without it a row that cannot be read is an error.
    std::function<void(const std::string& position, const std::string& why)> leaves_out{};
    std::function<bool()> stopped{};
    int wake_file = -1;  // readable when `stopped` may have changed
    // Told, now and then, how it goes.
    std::function<void(const follow_figures&)> report{};
    // Told of what people should know: a lost connection, and that it is back.
    std::function<void(const std::string& what)> say{};
};

class follower {
  public:
    // Exceptions: source_error, broken_off: the register is none of a first copy by this slot.
    follower(registry& into, const sources::table_mapping& mapping, follow_settings how);

    // Follows until it is stopped, or, once, until it has caught up. Tries again when the server goes away, after
    // pauses that grow to half a minute; not before it was reached once.
    // Exceptions: source_error, with what makes it stop; the register keeps what it has.
    void run();

    [[nodiscard]] const follow_figures& figures() const noexcept { return figures_; }

  private:
    struct connection;

    [[nodiscard]] sources::change_applier::leave_out refusals();
    [[nodiscard]] bool is_stopped() const { return how_.stopped && how_.stopped(); }
    [[nodiscard]] bool has_caught_up(const connection& over) const;
    void pause(std::chrono::milliseconds how_long) const;
    void settle();
    void follow();
    void beat(connection& over);
    void take_messages(connection& over);
    void hand_over(connection& over);
    void give(connection& over, bool is_whole);
    void finish(connection& over);
    void wait(connection& over) const;
    void tell(connection* over);

    registry& into_;
    const sources::table_mapping& mapping_;
    follow_settings how_;
    log_place place_;  // of the register, as of the last connection
    follow_figures figures_;
    std::atomic<std::uint64_t> left_out_{0};
    std::uint64_t beats_ = 0;
    bool is_reached_ = false;
    sources::change_applier applier_;  // the last: its thread uses what is above
};

}  // namespace xacthuc::inline v0_1::postgres
