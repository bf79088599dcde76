// SPDX-License-Identifier: Apache-2.0
#include "sources/postgres/pgoutput.hpp"

#include "sources/postgres/wire_reader.hpp"

namespace xacthuc::inline v0_1::postgres {
namespace {

using problem = std::optional<std::string_view>;

constexpr std::string_view cut_short = "the message is cut short";
constexpr std::string_view wrong_tuple = "a row of the message has no mark that says what it is";
constexpr std::size_t smallest_column_bytes = 10;  // flags, an empty name, type, modifier

[[nodiscard]] problem read_tuple(wire_reader& from, std::vector<cell>& into) {
    const std::size_t count = from.number<std::uint16_t>();
    into.clear();
    // No room is made for columns that the bytes cannot have.
    if (count > from.left()) return cut_short;
    into.assign(count, {});
    for (auto& one : into) {
        switch (from.number<std::uint8_t>()) {
            case 'n':
                break;
            case 'u':
                one.is = cell::kind::unchanged;
                break;
            case 't':
                one.is = cell::kind::text;
                one.text = from.text(from.number<std::uint32_t>());
                break;
            default:
                return from.is_bad() ? cut_short : std::string_view{"a column is neither null, unchanged nor text"};
        }
    }
    return {};
}

[[nodiscard]] problem read_relation(wire_reader& from, message& into) {
    into.relation = from.number<std::uint32_t>();
    into.schema = from.text_to_zero();
    into.name = from.text_to_zero();
    into.identity = static_cast<char>(from.number<std::uint8_t>());
    const std::size_t count = from.number<std::uint16_t>();
    into.columns.clear();
    if (from.is_bad() || count > from.left() / smallest_column_bytes) return cut_short;
    if (std::string_view{"dnfi"}.find(into.identity) == std::string_view::npos)
        return "the replica identity is of an unknown kind";
    into.columns.resize(count);
    for (auto& one : into.columns) {
        const auto flags = from.number<std::uint8_t>();
        if (flags > 1) return "a column has unknown flags";
        one.is_key = flags == 1;
        one.name = from.text_to_zero();
        one.type = from.number<std::uint32_t>();
        one.modifier = static_cast<std::int32_t>(from.number<std::uint32_t>());
    }
    return {};
}

[[nodiscard]] problem read_new(wire_reader& from, message& into) {
    if (from.number<std::uint8_t>() != 'N') return from.is_bad() ? cut_short : wrong_tuple;
    return read_tuple(from, into.after);
}

[[nodiscard]] problem read_old(wire_reader& from, std::uint8_t mark, message& into) {
    if (mark != 'K' && mark != 'O') return from.is_bad() ? cut_short : wrong_tuple;
    into.before_is = mark == 'K' ? old_row::key : old_row::whole;
    return read_tuple(from, into.before);
}

[[nodiscard]] problem read_update(wire_reader& from, message& into) {
    into.relation = from.number<std::uint32_t>();
    const auto mark = from.number<std::uint8_t>();
    if (mark == 'N') return read_tuple(from, into.after);
    if (const auto wrong = read_old(from, mark, into)) return wrong;
    return read_new(from, into);
}

[[nodiscard]] problem read_truncate(wire_reader& from, message& into) {
    const std::size_t count = from.number<std::uint32_t>();
    into.options = from.number<std::uint8_t>();
    if (from.is_bad() || count > from.left() / sizeof(std::uint32_t)) return cut_short;
    if (into.options > 3) return "a truncation has unknown options";
    into.relations.resize(count);
    for (auto& one : into.relations) one = from.number<std::uint32_t>();
    return {};
}

[[nodiscard]] problem read_commit(wire_reader& from, message& into) {
    const auto flags = from.number<std::uint8_t>();
    into.position = from.number<std::uint64_t>();
    into.end_position = from.number<std::uint64_t>();
    into.time_us = static_cast<std::int64_t>(from.number<std::uint64_t>());
    if (flags != 0) return "a commit has unknown flags";
    return {};
}

[[nodiscard]] problem read_emitted(wire_reader& from, message& into) {
    const auto flags = from.number<std::uint8_t>();
    into.is_transactional = flags == 1;
    into.position = from.number<std::uint64_t>();
    into.name = from.text_to_zero();
    into.content = from.text(from.number<std::uint32_t>());
    if (flags > 1) return "a message of a program has unknown flags";
    return {};
}

[[nodiscard]] problem read_body(char kind, wire_reader& from, message& into) {
    switch (kind) {
        case 'B':
            into.kind = message_kind::begin;
            into.position = from.number<std::uint64_t>();
            into.time_us = static_cast<std::int64_t>(from.number<std::uint64_t>());
            into.transaction = from.number<std::uint32_t>();
            return {};
        case 'C':
            into.kind = message_kind::commit;
            return read_commit(from, into);
        case 'O':
            into.kind = message_kind::origin;
            into.position = from.number<std::uint64_t>();
            into.name = from.text_to_zero();
            return {};
        case 'R':
            into.kind = message_kind::relation;
            return read_relation(from, into);
        case 'Y':
            into.kind = message_kind::type;
            into.relation = from.number<std::uint32_t>();
            into.schema = from.text_to_zero();
            into.name = from.text_to_zero();
            return {};
        case 'I':
            into.kind = message_kind::insert;
            into.relation = from.number<std::uint32_t>();
            return read_new(from, into);
        case 'U':
            into.kind = message_kind::update;
            return read_update(from, into);
        case 'D':
            into.kind = message_kind::erase;
            into.relation = from.number<std::uint32_t>();
            return read_old(from, from.number<std::uint8_t>(), into);
        case 'T':
            into.kind = message_kind::truncate;
            return read_truncate(from, into);
        case 'M':
            into.kind = message_kind::message;
            return read_emitted(from, into);
        default:
            return "the message is of an unknown kind";
    }
}

}  // namespace

std::optional<std::string_view> read_message(std::span<const std::byte> bytes, message& into) {
    if (bytes.empty()) return cut_short;
    into.before_is = old_row::none;
    wire_reader from{bytes.subspan(1)};
    if (const auto wrong = read_body(static_cast<char>(bytes.front()), from, into))
        return from.is_bad() ? cut_short : wrong;
    if (from.is_bad()) return cut_short;
    if (from.left() != 0) return "bytes follow the message";
    return {};
}

}  // namespace xacthuc::inline v0_1::postgres
