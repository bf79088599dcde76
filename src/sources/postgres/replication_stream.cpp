// SPDX-License-Identifier: Apache-2.0
#include "sources/postgres/replication_stream.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "sources/postgres/log_place.hpp"
#include "sources/postgres/wire_reader.hpp"

namespace xacthuc::inline v0_1::postgres {
namespace {

using sources::source_error;
using sources::source_fault;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Standby status update: 'r', then written, flushed and applied, the clock, and whether an answer is wanted.
constexpr std::size_t word_bytes = 1 + 4 * 8 + 1;

void put_number(std::byte* to, std::uint64_t value) {
    for (int k = 0; k < 8; ++k) to[k] = static_cast<std::byte>(value >> (8 * (7 - k)));
}

// Microseconds since 2000-01-01 by this machine's clock: for people who look at the server, nothing rests on it.
[[nodiscard]] std::uint64_t server_clock() {
    const auto now =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch());
    return static_cast<std::uint64_t>(now.count() - year_2000_unix_us);
}

}  // namespace

replication_stream::replication_stream(session&& over, const std::string& slot, const std::string& publication,
                                       log_position from, milliseconds say_every)
    : over_{std::move(over)}, say_every_{say_every}, next_word_{steady_clock::now()}, last_heard_{next_word_} {
    over_.begin_copy("START_REPLICATION SLOT " + over_.quoted_name(slot) + " LOGICAL " + position_text(from) +
                         " (proto_version '1', messages 'true', publication_names " +
                         over_.quoted_text(over_.quoted_name(publication)) + ")",
                     PGRES_COPY_BOTH);
}

std::optional<std::span<const std::byte>> replication_stream::next() {
    while ((held_ = over_.poll_copied())) {
        last_heard_ = steady_clock::now();
        const std::span bytes{reinterpret_cast<const std::byte*>(held_->bytes.get()), held_->size};
        wire_reader from{bytes.subspan(1)};
        const auto kind = static_cast<char>(bytes.front());
        if (kind == 'w') {
            static_cast<void>(from.number<std::uint64_t>());
            server_position_ = std::max(server_position_, from.number<std::uint64_t>());
            static_cast<void>(from.number<std::uint64_t>());
            if (from.is_bad()) break;
            return bytes.last(from.left());
        }
        if (kind != 'k') break;
        server_position_ = std::max(server_position_, from.number<std::uint64_t>());
        static_cast<void>(from.number<std::uint64_t>());
        is_asked_ = is_asked_ || from.number<std::uint8_t>() != 0;
        if (from.is_bad()) break;
    }
    if (held_) throw source_error{source_fault::refused, "the server sent what is no part of a stream of changes"};
    return {};
}

void replication_stream::say(log_position durable, bool at_once) {
    const auto now = steady_clock::now();
    if (!at_once && !is_asked_ && now < next_word_) return;
    std::array<std::byte, word_bytes> word{};
    word[0] = std::byte{'r'};
    for (std::size_t k = 0; k < 3; ++k) put_number(word.data() + 1 + 8 * k, durable);
    put_number(word.data() + 25, server_clock());
    // It answers, so that its silence means something.
    word[33] = std::byte{1};
    over_.send(word);
    is_asked_ = false;
    next_word_ = now + say_every_;
}

stream_times times_of(const session& at) {
    const auto found = at.run("SELECT setting::bigint FROM pg_catalog.pg_settings WHERE name = 'wal_sender_timeout'");
    const milliseconds timeout{found.rows() == 0 ? 0 : static_cast<std::int64_t>(found.number(0, 0))};
    if (timeout.count() <= 0) return {milliseconds{10'000}, std::chrono::hours{1}};
    return {std::max(timeout / 3, milliseconds{1}), std::max<milliseconds>(timeout * 2, std::chrono::seconds{30})};
}

}  // namespace xacthuc::inline v0_1::postgres
