// SPDX-License-Identifier: Apache-2.0
#include "sources/postgres/follower.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "sources/source_error.hpp"

namespace xacthuc::inline v0_1::postgres {
namespace {

using sources::change_part;
using sources::source_error;
using sources::source_fault;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// One row makes two changes at most.
constexpr std::size_t part_changes_max = changes_per_apply_max - 2;
constexpr int messages_at_once = 1'000;
constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{30'000};
// A position without changes costs a sync of the disk all the same.
constexpr milliseconds bare_position_every{1'000};
constexpr milliseconds report_every{1'000};
// Servers send each row by itself. Nothing can be made durable before the transaction ends, so its rows are left to
// gather instead of waking this thread for each.
constexpr std::chrono::microseconds gathering{500};

[[nodiscard]] log_place place_in(const registry& of, const std::string& slot) {
    const auto bytes = of.source_position();
    if (!bytes) throw source_error{source_fault::refused, bytes.error().message()};
    auto place = log_place::parse(*bytes);
    if (!place)
        throw source_error{source_fault::broken_off,
                           "the register was not made by a first copy of PostgreSQL, so nobody knows where to go on"};
    if (place->slot != slot)
        throw source_error{source_fault::broken_off,
                           "the register follows the slot " + place->slot + ", and not " + slot};
    return *place;
}

}  // namespace

// What lives as long as one connection, and begins anew with the next: after the register's position.
struct follower::connection {
    session queries;
    replication_stream stream;
    transaction_reader reader;
    milliseconds silence_max;
    log_position given;  // the position that was handed over last

    std::uint64_t first_beat = 0;   // the table was just looked at
    std::string farewell{};         // the heartbeat that ends the work; empty: none
    log_position farewell_end = 0;  // where it ended; 0: it was not heard yet
    message decoded{};
    std::vector<change> changes{};  // read, and not handed over
    std::size_t whole = 0;          // so many of them are of transactions that ended
    std::uint64_t told = 0;         // transactions that are in the figures
    steady_clock::time_point next_beat = steady_clock::now();
    steady_clock::time_point next_bare = steady_clock::now();
    steady_clock::time_point next_report = steady_clock::now();
    bool is_drained = false;
};

follower::follower(registry& into, const sources::table_mapping& mapping, follow_settings how)
    : into_{into},
      mapping_{mapping},
      how_{std::move(how)},
      place_{place_in(into, how_.slot)},
      applier_{into, place_.position, refusals()} {
    figures_.durable = place_.position;
}

sources::change_applier::leave_out follower::refusals() {
    if (!how_.leaves_out) return {};
    return [this](const refused_change& why) {
        ++left_out_;
        how_.leaves_out({}, why.why.message());
    };
}

void follower::run() {
    auto next_pause = first_pause;
    std::optional<steady_clock::time_point> gone_since;
    for (;;) {
        const auto began = steady_clock::now();
        try {
            follow();
            tell(nullptr);
            return;
        } catch (const source_error& why) {
            const bool was_connected = std::exchange(figures_.is_connected, false);
            tell(nullptr);
            if (why.kind() != source_fault::unreachable || !is_reached_) throw;
            if (is_stopped()) return;
            const auto now = steady_clock::now();
            if (was_connected || !gone_since) gone_since = now;
            if (was_connected && now - began > longest_pause) next_pause = first_pause;
            if (how_.gives_up_after && now - *gone_since >= *how_.gives_up_after) throw;
            if (how_.say) how_.say(why.what());
        }
        ++figures_.reconnects;
        pause(next_pause);
        if (is_stopped()) return;
        next_pause = std::min(next_pause * 2, longest_pause);
    }
}

void follower::pause(milliseconds how_long) const {
    std::array waits{pollfd{how_.wake_file, POLLIN, 0}};
    static_cast<void>(::poll(waits.data(), waits.size(), static_cast<int>(how_long.count())));
}

// Waits for the part in hand: only then it is known where to go on.
void follower::settle() {
    while (!applier_.is_idle()) {
        std::array waits{pollfd{applier_.done_file(), POLLIN, 0}};
        static_cast<void>(::poll(waits.data(), waits.size(), 1000));
    }
    place_.position = applier_.durable();
}

void follower::follow() {
    settle();
    session queries{how_.conninfo, session::purpose::queries};
    queries.run("SET synchronous_commit = local");
    const auto table = examine_table(queries, mapping_, how_.publication);
    session replication{how_.conninfo, session::purpose::replication};
    check_place(queries, identify(replication), place_, table.oid);
    is_reached_ = true;
    const auto times = times_of(replication);
    transaction_reader::leave_out leaves_out;
    if (how_.leaves_out)
        leaves_out = [this](log_position commit, const sources::row_problem& why) {
            ++left_out_;
            how_.leaves_out(position_text(commit), why.text());
        };
    connection over{std::move(queries),
                    {std::move(replication), how_.slot, how_.publication, place_.position, times.say_every},
                    {mapping_, into_.digests(), place_.table, std::move(leaves_out)},
                    times.silence_max,
                    place_.position,
                    beats_};
    figures_.is_connected = true;
    try {
        while (!is_stopped() && !has_caught_up(over)) {
            over.stream.say(applier_.durable());
            beat(over);
            take_messages(over);
            hand_over(over);
            tell(&over);
            wait(over);
        }
    } catch (const source_error& why) {
        // What was read before the transaction that stops it is taken all the same.
        if (why.kind() != source_fault::unreachable) finish(over);
        throw;
    }
    finish(over);
    over.stream.say(applier_.durable(), true);
    tell(&over);
}

bool follower::has_caught_up(const connection& over) const {
    return over.farewell_end != 0 && applier_.durable() >= over.farewell_end;
}

void follower::take_messages(connection& over) {
    over.is_drained = false;
    for (int left = messages_at_once; left != 0 && over.changes.size() < part_changes_max; --left) {
        const auto bytes = over.stream.next();
        if (!bytes) {
            over.is_drained = true;
            break;
        }
        if (const auto wrong = read_message(*bytes, over.decoded))
            throw source_error{source_fault::broken_off,
                               "the stream of changes cannot be read: " + std::string{*wrong}};
        over.reader.take(over.decoded, over.changes);
        if (over.reader.is_in_transaction()) continue;
        over.whole = over.changes.size();
        if (over.decoded.kind == message_kind::commit && over.farewell_end == 0 && !over.farewell.empty() &&
            over.reader.heard() == over.farewell)
            over.farewell_end = over.reader.end_position();
    }
    if (steady_clock::now() - over.stream.last_heard() > over.silence_max)
        throw source_error{source_fault::unreachable, "the server has been silent for too long"};
}

void follower::hand_over(connection& over) {
    const bool is_new = over.reader.end_position() > over.given;
    if (!is_new && over.changes.size() < part_changes_max) return;
    if (!applier_.is_idle()) return;
    const auto now = steady_clock::now();
    if (is_new && (over.whole != 0 || now >= over.next_bare || over.farewell_end != 0)) {
        over.next_bare = now + bare_position_every;
        give(over, true);
    } else if (over.changes.size() >= part_changes_max) {
        give(over, false);
    }
}

void follower::give(connection& over, bool is_whole) {
    change_part part;
    const auto count = is_whole ? over.whole : over.changes.size();
    std::vector<change> rest{over.changes.begin() + static_cast<std::ptrdiff_t>(count), over.changes.end()};
    over.changes.resize(count);
    part.changes = std::exchange(over.changes, std::move(rest));
    over.whole = 0;
    if (is_whole) {
        auto place = place_;
        place.position = over.given = over.reader.end_position();
        part.position = place.bytes();
        part.number = place.position;
        part.commit_unix_us = over.reader.commit_time_us() + year_2000_unix_us;
    }
    applier_.give(std::move(part));
}

void follower::finish(connection& over) {
    settle();
    if (over.reader.end_position() > over.given) give(over, true);
    settle();
}

void follower::beat(connection& over) {
    const auto now = steady_clock::now();
    if (now < over.next_beat) return;
    over.next_beat = now + how_.heartbeat;
    if (beats_ != over.first_beat) {
        const auto table = examine_table(over.queries, mapping_, how_.publication);
        if (table.oid != place_.table)
            throw source_error{source_fault::broken_off,
                               mapping_.full_name() +
                                   ": another table has this name now; the register was made of the "
                                   "one before"};
    }
    const auto word = "beat " + std::to_string(::getpid()) + ' ' + std::to_string(++beats_);
    if (how_.once && over.farewell.empty()) over.farewell = word;
    static_cast<void>(over.queries.ask("SELECT pg_catalog.pg_logical_emit_message(true, $1, $2)",
                                       {std::string{heartbeat_prefix}, word}));
}

void follower::wait(connection& over) const {
    const bool is_full = over.changes.size() >= part_changes_max;
    if (!over.is_drained && !is_full) return;
    if (over.reader.is_in_transaction()) std::this_thread::sleep_for(gathering);
    const auto now = steady_clock::now();
    auto until = std::min({over.stream.next_word_at(), over.next_beat, over.next_report});
    if (over.reader.end_position() > over.given) until = std::min(until, std::max(over.next_bare, now));
    const auto left = std::chrono::ceil<milliseconds>(until - now).count();
    const auto wanted = (is_full ? 0 : POLLIN) | (over.stream.has_more_to_send() ? POLLOUT : 0);
    std::array waits{pollfd{over.stream.socket(), static_cast<short>(wanted), 0},
                     pollfd{applier_.done_file(), POLLIN, 0}, pollfd{how_.wake_file, POLLIN, 0}};
    static_cast<void>(::poll(waits.data(), waits.size(), static_cast<int>(std::clamp<std::int64_t>(left, 1, 1000))));
}

void follower::tell(connection* over) {
    const auto now = steady_clock::now();
    if (over != nullptr && now < over->next_report && !has_caught_up(*over)) return;
    if (over != nullptr) {
        over->next_report = now + report_every;
        figures_.transactions += over->reader.transactions() - std::exchange(over->told, over->reader.transactions());
        figures_.server = over->stream.server_position();
    }
    figures_.changes = applier_.changes_made();
    figures_.left_out = left_out_;
    figures_.durable = applier_.durable();
    figures_.commit_unix_us = applier_.durable_commit_unix_us();
    if (how_.report) how_.report(figures_);
}

}  // namespace xacthuc::inline v0_1::postgres
