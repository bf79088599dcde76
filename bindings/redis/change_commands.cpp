// SPDX-License-Identifier: Apache-2.0
// The commands that change what a node holds.
#include <memory>
#include <new>
#include <optional>
#include <string>

#include "changes.hpp"
#include "commands.hpp"
#include "node_state.hpp"
#include "reading_commands.hpp"

namespace xacthuc::redis {
namespace {

struct key_closer {
    void operator()(server_key* key) const noexcept { server.close_key(key); }
};
using opened_key = std::unique_ptr<server_key, key_closer>;

int refuse(server_context* context, const std::string& why) {
    return server.reply_with_error(context, ("ERR " + why).c_str());
}

// The partition whose key this is, in the one database where partitions are.
[[nodiscard]] std::optional<std::size_t> partition_named(server_context* context, const server_string* key) {
    if (server.get_selected_database(context) != 0) return std::nullopt;
    return all_slot_tags().slot_of_key(text_of(key));
}
constexpr const char* not_a_partition = "the key is that of no partition in database 0";

struct value_releaser {
    void operator()(partition_value* value) const noexcept { release(value); }
};

}  // namespace

int load_command(server_context* context, server_string** words, int count) {
    if (count != 3 && count != 4) return server.wrong_arity(context);
    const bool only_newer = count == 4;
    if (only_newer && text_of(words[3]) != "NEWER") return refuse(context, "XT.LOAD takes NEWER after the blob");
    const auto partition = partition_named(context, words[1]);
    if (!partition) return refuse(context, not_a_partition);
    const auto blob = bytes_of(words[2]);
    const auto facts = check_partition(blob);
    if (!facts) return refuse(context, facts.error().message());
    if (facts->partition != *partition)
        return refuse(context, "the blob is of " + all_slot_tags().key_of(facts->partition));
    auto& held = node_state::instance().held;
    held.settle(*partition);
    if (held.bound_count() != 0)
        if (const auto fits = held.index().fits(*facts); !fits) return refuse(context, fits.error().message());
    if (const auto* const there = held.bound(*partition);
        only_newer && there != nullptr && there->as_of.sequence >= facts->as_of.sequence)
        return server.reply_with_simple_string(context, "HELD");

    std::unique_ptr<partition_value, value_releaser> value{new (std::nothrow) partition_value};
    if (!value || !value->blob.assign(blob)) return refuse(context, "no memory");
    value->partition = *partition;
    value->as_of = facts->as_of;
    {
        const opened_key key{server.open_key(context, words[1], key_mode::read | key_mode::write)};
        const auto type = server.type_of_key(key.get());
        if (type != key_type::empty && (type != key_type::module || server.type_of_value(key.get()) != held.type()))
            return server.reply_with_error(context, "WRONGTYPE the key holds another kind of value");
        if (server.set_value(key.get(), held.type(), value.get()) != status_ok)
            return refuse(context, "the server refused the value");
        value.release();
    }
    held.mark(*partition);
    held.settle(*partition);
    server.replicate_verbatim(context);
    if (held.bound(*partition) == nullptr) return refuse(context, "the partition is here, but has no place in memory");
    return server.reply_with_simple_string(context, "OK");
}

int upsert_command(server_context* context, server_string** words, int count) {
    if (count != 3) return server.wrong_arity(context);
    const auto partition = partition_named(context, words[1]);
    if (!partition) return refuse(context, not_a_partition);
    auto& held = node_state::instance().held;
    held.settle(*partition);
    auto* const value = held.bound(*partition);
    if (value == nullptr) return refuse(context, "the partition has not been loaded");
    auto& index = held.index().index();
    const auto read = read_changes(bytes_of(words[2]), *partition, index.placement_seed());
    if (!read) return refuse(context, read.error().message());
    if (read->as_of.sequence != 0 && read->as_of.sequence <= value->as_of.sequence)
        return server.reply_with_integer(context, 0);
    for (const auto& change : read->changes) {
        const bool needs_column = change.kind == change_kind::upsert_with_key || change.kind == change_kind::set_key;
        if (needs_column && !index.facts().with_keys) return refuse(context, "the register here has no keys");
        const auto id = personal_id::from_trusted(layout::id.get(change.citizen.words[0]));
        if (const auto path = index.check_path(id); !path) return refuse(context, path.error().message());
    }
    const opened_key key{server.open_key(context, words[1], key_mode::read | key_mode::write)};
    std::size_t made = 0;
    result<void> one;
    while (made < read->changes.size() && (one = make_change(index, read->changes[made]))) ++made;
    if (!one) {
        // No memory. Replicas make the same changes, and nobody's sequence moves: the call can be made again as a
        // whole.
        auto part = std::string{text_of(words[2]).substr(0, changes_head_bytes + made * change_bytes)};
        part.replace(0, sizeof read->as_of.sequence, sizeof read->as_of.sequence, '\0');
        if (made != 0) server.replicate(context, "XT.UPSERT", "sb", words[1], part.data(), part.size());
        return refuse(context, one.error().message());
    }
    if (read->as_of.sequence != 0) value->as_of = read->as_of;
    server.replicate_verbatim(context);
    return server.reply_with_integer(context, static_cast<long long>(made));
}

}  // namespace xacthuc::redis
