// SPDX-License-Identifier: Apache-2.0
// The commands that ask.
#include <algorithm>
#include <bitset>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/request_field.hpp>
#include <xacthuc/engine/engine.hpp>

#include "columns/made_row.hpp"
#include "commands.hpp"
#include "node_state.hpp"
#include "reading_commands.hpp"

namespace xacthuc::redis {
namespace {

using cluster::all_slot_tags;
using cluster::register_identity;

constexpr verdict elsewhere{outcome::elsewhere, 0, 0, 0};

// Answers and freshness of one call, kept so that a call allocates nothing.
struct answer_room {
    std::vector<request> requests;
    std::vector<verdict> verdicts;
    std::vector<partition_freshness> freshness;
    std::bitset<slot_count> seen;
};

// Answers what this node may answer for, and says of the rest that it is elsewhere.
void answer(const node_state& node, answer_room& room) {
    room.verdicts.assign(room.requests.size(), elsewhere);
    room.freshness.clear();
    if (!node.held.index().is_made() || !node.owned.is_answering()) return;
    const auto& index = node.held.index().index();
    const auto seed = index.placement_seed();
    engine{index}.verify(room.requests, room.verdicts);
    for (std::size_t i = 0; i < room.requests.size(); ++i) {
        if (room.verdicts[i].outcome() == outcome::malformed) continue;
        const auto partition = partition_of(placement_hash(room.requests[i].id(), seed));
        if (!node.answers_for(partition)) {
            room.verdicts[i] = elsewhere;
        } else if (!room.seen.test(partition)) {
            room.seen.set(partition);
            const auto as_of = node.held.bound(partition)->as_of;
            room.freshness.push_back({partition, as_of.sequence, as_of.as_of_unix_ms});
        }
    }
    for (const auto& one : room.freshness) room.seen.reset(one.partition);
}

// Where nothing is, nothing is of another register.
[[nodiscard]] bool is_of_register(const node_state& node, std::span<const std::byte> wanted) {
    const auto& held = node.held.index();
    if (!held.is_made() || node.held.bound_count() == 0) return true;
    const register_identity here{held.index().placement_seed(), held.index().facts().digest_key_fingerprint};
    return wanted.size() == sizeof here && std::memcmp(wanted.data(), &here, sizeof here) == 0;
}

int reply_with_bytes(server_context* context, const void* data, std::size_t size) {
    return server.reply_with_bytes(context, static_cast<const char*>(data), size);
}

int reply_with_text(server_context* context, std::string_view text) {
    return reply_with_bytes(context, text.data(), text.size());
}

[[nodiscard]] std::string claims_text(claim_mask of) {
    std::string text;
    for (unsigned i = 0; i < claim_count; ++i)
        if ((of >> i & 1U) != 0) {
            if (!text.empty()) text += ' ';
            text += to_string(static_cast<claim>(i));
        }
    return text;
}

// The request that FIELD value … states.
[[nodiscard]] detailed_result<request> read_request(std::span<server_string*> words, const digest_key& key) {
    claim_set claims;
    for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
        const auto name = text_of(words[i]);
        std::size_t field = 0;
        while (field < request_field_count && to_string(static_cast<request_field>(field)) != name) ++field;
        if (field == request_field_count) return failure{errc::code_range, "no such field: " + std::string{name}};
        if (const auto why = columns::put_text(static_cast<request_field>(field), text_of(words[i + 1]), claims))
            return failure{why.why(), std::string{why.name()}};
    }
    request made;
    if (const auto why = columns::make_request(claims, key, 0, made))
        return failure{why.why(), std::string{why.field ? why.name() : "the request"}};
    return made;
}

int reply_with_verdict(server_context* context, const answer_room& room) {
    const auto& v = room.verdicts[0];
    server.reply_with_array(context, 16);
    const auto text = [&](std::string_view name, std::string_view value) {
        reply_with_text(context, name);
        reply_with_text(context, value);
    };
    const auto number = [&](std::string_view name, long long value) {
        reply_with_text(context, name);
        server.reply_with_integer(context, value);
    };
    text("outcome", to_string(v.outcome()));
    text("matched", claims_text(v.matched()));
    text("mismatched", claims_text(v.mismatched()));
    text("unavailable", claims_text(v.unavailable()));
    text("name_grade", to_string(v.name_grade()));
    number("coarse", v.coarse() || v.claim_coarse() ? 1 : 0);
    number("sequence", room.freshness.empty() ? 0 : static_cast<long long>(room.freshness[0].sequence));
    number("as_of_unix_ms", room.freshness.empty() ? 0 : room.freshness[0].as_of_unix_ms);
    return status_ok;
}

int reply_with_partitions(server_context* context, const node_state& node) {
    std::vector<partition_freshness> rows;
    for (std::size_t p = 0; p < slot_count; ++p) {
        if (!node.answers_for(p)) continue;
        const auto as_of = node.held.bound(p)->as_of;
        rows.push_back({p, as_of.sequence, as_of.as_of_unix_ms});
    }
    return reply_with_bytes(context, rows.data(), rows.size() * sizeof(partition_freshness));
}

}  // namespace

int verify_command(server_context* context, server_string** words, int count) {
    if (count != 2 && count != 3) return server.wrong_arity(context);
    static answer_room room;
    const auto bytes = bytes_of(words[1]);
    if (bytes.size() % sizeof(request) != 0 || bytes.size() / sizeof(request) > requests_max)
        return server.reply_with_error(context, "ERR XT.VERIFY takes requests of 32 bytes each, 65536 at most");
    auto& node = node_state::instance();
    node.look(context);
    if (count == 3 && !is_of_register(node, bytes_of(words[2])))
        return server.reply_with_error(context,
                                       (std::string{cluster::other_register} + " the register here has another "
                                                                               "placement seed or digest key")
                                           .c_str());
    room.requests.resize(bytes.size() / sizeof(request));
    if (!bytes.empty()) std::memcpy(room.requests.data(), bytes.data(), bytes.size());
    answer(node, room);
    server.reply_with_array(context, 2);
    reply_with_bytes(context, room.verdicts.data(), room.verdicts.size() * sizeof(verdict));
    return reply_with_bytes(context, room.freshness.data(), room.freshness.size() * sizeof(partition_freshness));
}

int ask_command(server_context* context, server_string** words, int count) {
    if (count < 4 || count % 2 != 0) return server.wrong_arity(context);
    auto& node = node_state::instance();
    if (!node.names)
        return server.reply_with_error(context,
                                       "ERR XT.ASK needs the register's key: load the module with digest-key FILE");
    const auto partition = all_slot_tags().slot_of_key(text_of(words[1]));
    if (!partition) return server.reply_with_error(context, "ERR the key is that of no partition");
    answer_room room;
    const auto asked = read_request({words + 2, static_cast<std::size_t>(count) - 2}, *node.names);
    if (!asked) return server.reply_with_error(context, ("ERR " + asked.error().message()).c_str());
    node.look(context, *partition);
    if (const auto& index = node.held.index(); index.is_made()) {
        if (index.index().facts().digest_key_fingerprint != node.names->fingerprint())
            return server.reply_with_error(context, "ERR the register here is of another digest key than the module's");
        const auto right = partition_of(placement_hash(asked->id(), index.index().placement_seed()));
        if (right != *partition)
            return server.reply_with_error(
                context, ("ERR this citizen's partition is " + all_slot_tags().key_of(right)).c_str());
    }
    room.requests.assign(1, *asked);
    answer(node, room);
    return reply_with_verdict(context, room);
}

int key_command(server_context* context, server_string** words, int count) {
    if (count != 2) return server.wrong_arity(context);
    const auto id = personal_id::parse(text_of(words[1]));
    if (!id) return server.reply_with_error(context, ("ERR " + id.error().message()).c_str());
    auto& node = node_state::instance();
    node.look(context);
    if (!node.held.index().is_made())
        return server.reply_with_error(context, "ERR no partition has ever been here, so its register is not known");
    const auto seed = node.held.index().index().placement_seed();
    return reply_with_text(context, all_slot_tags().key_of(partition_of(placement_hash(id->value(), seed))));
}

int info_command(server_context* context, server_string** words, int count) {
    if (count > 2) return server.wrong_arity(context);
    auto& node = node_state::instance();
    node.look(context);
    if (count == 2 && text_of(words[1]) == "PARTITIONS") return reply_with_partitions(context, node);
    if (count == 2) return server.reply_with_error(context, "ERR XT.INFO takes PARTITIONS or nothing");
    const auto& held = node.held.index();
    const auto facts = held.is_made() ? held.index().facts() : index_facts{};
    std::size_t answered = 0;
    std::uint64_t sequence = 0;
    for (std::size_t p = 0; p < slot_count; ++p) {
        if (!node.answers_for(p)) continue;
        ++answered;
        sequence = std::max(sequence, node.held.bound(p)->as_of.sequence);
    }
    const std::pair<std::string_view, long long> numbers[] = {
        {"partitions_held", static_cast<long long>(node.held.bound_count())},
        {"partitions_owned", static_cast<long long>(node.owned.owned_count())},
        {"partitions_answered", static_cast<long long>(answered)},
        {"citizens", static_cast<long long>(facts.citizens)},
        {"memory_bytes", held.is_made() ? static_cast<long long>(held.index().memory_bytes()) : 0},
        {"sequence_max", static_cast<long long>(sequence)},
        {"with_keys", facts.with_keys ? 1 : 0},
        // As signed numbers, which is what the protocol has.
        {"placement_seed", static_cast<long long>(facts.placement_seed)},
        {"digest_key_fingerprint", static_cast<long long>(facts.digest_key_fingerprint)},
    };
    server.reply_with_array(context, static_cast<long>(2 * std::size(numbers)));
    for (const auto& [name, value] : numbers) {
        reply_with_text(context, name);
        server.reply_with_integer(context, value);
    }
    return status_ok;
}

}  // namespace xacthuc::redis
