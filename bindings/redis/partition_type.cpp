// SPDX-License-Identifier: Apache-2.0
#include "partition_type.hpp"

#include <algorithm>
#include <new>
#include <string_view>

#include "held_partitions.hpp"
#include "node_state.hpp"

namespace xacthuc::redis {
namespace {

constexpr std::uint64_t layout_version = 1;
constexpr std::size_t piece_bytes = std::size_t{64} << 10;
// The largest table, with keys, and what stands before it.
constexpr std::size_t blob_bytes_max = (std::size_t{128} << 19) + (std::size_t{64} << 10);

// Reads what rdb_save() wrote. Returns false where the file or the message is not whole.
[[nodiscard]] bool load_value(server_io* from, partition_value& value) {
    const auto version = server.load_unsigned(from);
    const auto partition = server.load_unsigned(from);
    const auto size = server.load_unsigned(from);
    if (server.io_has_failed(from) != 0 || version != layout_version || partition >= slot_count ||
        size > blob_bytes_max)
        return false;
    value.partition = partition;
    auto& to = value.blob;
    if (!to.resize_anew(size)) return false;
    for (std::size_t at = 0; at < size;) {
        std::size_t got = 0;
        char* const piece = server.load_bytes(from, &got);
        if (piece == nullptr) return false;
        const bool is_right = got == std::min(piece_bytes, size - at);
        if (is_right) std::memcpy(to.bytes().data() + at, piece, got);
        server.free(piece);
        if (!is_right) return false;
        at += got;
    }
    return true;
}

// A value without a blob was lost before it was saved (a record failed its check): it is nowhere, and hinders no other.
[[nodiscard]] bool is_sound(server_io* from, partition_value& value) {
    if (value.blob.bytes().empty()) return true;
    const auto facts = check_partition(value.blob.bytes());
    if (facts && facts->partition == value.partition) {
        value.as_of = facts->as_of;
        return true;
    }
    server.log_io_error(from, "warning", "partition %zu is refused: %s", value.partition,
                        facts ? "its blob is another's" : facts.error().message().c_str());
    return false;
}

void* rdb_load(server_io* from, int encoding_version) {
    if (encoding_version != 0) return nullptr;
    auto* const value = new (std::nothrow) partition_value;
    if (value == nullptr) return nullptr;
    if (load_value(from, *value) && is_sound(from, *value)) {
        held_partitions::instance().mark(value->partition);
        return value;
    }
    release(value);
    return nullptr;
}

void rdb_save(server_io* to, void* value) {
    const auto& saved = *static_cast<const partition_value*>(value);
    const auto blob = held_partitions::instance().blob_of(saved);
    server.save_unsigned(to, layout_version);
    server.save_unsigned(to, saved.partition);
    server.save_unsigned(to, blob.size());
    for (std::size_t at = 0; at < blob.size(); at += piece_bytes)
        server.save_bytes(to, reinterpret_cast<const char*>(blob.data()) + at, std::min(piece_bytes, blob.size() - at));
}

void aof_rewrite(server_io* to, server_string* key, void* value) {
    const auto blob = held_partitions::instance().blob_of(*static_cast<const partition_value*>(value));
    if (blob.empty()) return;
    server.emit_command(to, "XT.LOAD", "sb", key, reinterpret_cast<const char*>(blob.data()), blob.size());
}

std::size_t mem_usage(const void* value) {
    return held_partitions::instance().memory_of(*static_cast<const partition_value*>(value));
}

// In any thread.
void free_value(void* value) {
    auto* const freed = static_cast<partition_value*>(value);
    freed->is_freed.store(true, std::memory_order_release);
    held_partitions::instance().mark(freed->partition);
    release(freed);
}

// Freeing leaves the work to settle().
std::size_t free_effort(server_string*, const void*) {
    return 1;
}

// A key has lost this value: it was deleted, overwritten, renamed or moved.
void unlink(server_string* key, const void* value) {
    auto& held = held_partitions::instance();
    held.mark(static_cast<const partition_value*>(value)->partition);
    std::size_t size = 0;
    const char* const name = server.string_data(key, &size);
    if (const auto partition = all_slot_tags().slot_of_key({name, size})) held.mark(*partition);
}

void on_event(server_context*, server_event event, std::uint64_t subevent, void* data) {
    auto& node = node_state::instance();
    switch (event.id) {
        case event_id::flushed:
            if (const auto* const facts = static_cast<const flush_facts*>(data);
                facts->database == -1 || facts->database == 0)
                subevent == flush_begins ? node.held.flush_begins() : node.held.settle();
            break;
        case event_id::databases_swapped:
            node.held.mark_all();
            break;
        case event_id::cron:
            node.held.settle();
            break;
        default:
            break;
    }
    if (event.id != event_id::cron) node.owned.doubt();
}

// Each partition of a file goes into the index as soon as its key is there, so that memory never holds all of them
// twice.
int on_loaded(server_context*, int, const char*, server_string*) {
    node_state::instance().held.settle();
    return status_ok;
}

}  // namespace

server_type* register_partition_type(server_context* context) {
    type_methods methods{};
    methods.version = type_methods_version;
    methods.rdb_load = rdb_load;
    methods.rdb_save = rdb_save;
    methods.aof_rewrite = aof_rewrite;
    methods.mem_usage = mem_usage;
    methods.free = free_value;
    methods.free_effort = free_effort;
    methods.unlink = unlink;
    return server.create_data_type(context, "xacthuc-p", 0, &methods);
}

bool subscribe_to_events(server_context* context) {
    for (const auto id :
         {event_id::role_changed, event_id::flushed, event_id::loading, event_id::cron, event_id::databases_swapped})
        if (server.subscribe_to_event(context, {id, event_version}, on_event) != status_ok) return false;
    return server.subscribe_to_keyspace(context, notify_loaded, on_loaded) == status_ok;
}

}  // namespace xacthuc::redis
