// SPDX-License-Identifier: Apache-2.0
// The calls of a Redis or Valkey server that the module uses: names, signatures and numbers as the documented interface
// for modules has them (API version 1), so that no header of a server is needed. The server gives the addresses when it
// loads the module. What only newer servers have stays null.
#pragma once

#include <cstddef>
#include <cstdint>

namespace xacthuc::redis {

extern "C" {
// The server's own types, of which the module knows nothing.
struct server_context;
struct server_string;
struct server_key;
struct server_io;
struct server_type;
struct server_reply;

struct server_event {
    std::uint64_t id;
    std::uint64_t data_version;
};

using command_function = int(server_context*, server_string**, int);
using event_function = void(server_context*, server_event, std::uint64_t, void*);
using notification_function = int(server_context*, int, const char*, server_string*);

// What the server calls for values of a type of ours. Version 3 of the structure: all servers since Redis 6.2 read it.
struct type_methods {
    std::uint64_t version;
    void* (*rdb_load)(server_io*, int encoding_version);
    void (*rdb_save)(server_io*, void* value);
    void (*aof_rewrite)(server_io*, server_string* key, void* value);
    std::size_t (*mem_usage)(const void* value);
    void (*digest)(void* digest, void* value);
    void (*free)(void* value);
    int (*aux_load)(server_io*, int encoding_version, int when);
    void (*aux_save)(server_io*, int when);
    int aux_save_triggers;
    std::size_t (*free_effort)(server_string* key, const void* value);
    void (*unlink)(server_string* key, const void* value);
    void* (*copy)(server_string* from, server_string* to, const void* value);
    int (*defrag)(void* context, server_string* key, void** value);
};
}

inline constexpr int api_version = 1;
inline constexpr int status_ok = 0;
inline constexpr int status_error = 1;
inline constexpr std::uint64_t type_methods_version = 3;
inline constexpr std::uint64_t event_version = 1;

namespace key_mode {
inline constexpr int read = 1 << 0;
inline constexpr int write = 1 << 1;
inline constexpr int no_touch = 1 << 16;  // of the clock that eviction goes by
}  // namespace key_mode
namespace key_type {
inline constexpr int empty = 0;
inline constexpr int module = 6;
}  // namespace key_type
namespace reply_type {
inline constexpr int string = 0;
inline constexpr int integer = 2;
inline constexpr int array = 3;
}  // namespace reply_type
namespace context_flag {
inline constexpr int script = 1 << 0;
inline constexpr int transaction = 1 << 1;
inline constexpr int replica = 1 << 3;
inline constexpr int cluster = 1 << 5;
inline constexpr int loading = 1 << 13;
}  // namespace context_flag
namespace module_option {
inline constexpr int handles_io_errors = 1 << 0;
inline constexpr int handles_slot_migration = 1 << 5;  // Valkey's CLUSTER MIGRATESLOTS; others ignore it
}  // namespace module_option
namespace event_id {
inline constexpr std::uint64_t role_changed = 0;
inline constexpr std::uint64_t flushed = 2;
inline constexpr std::uint64_t loading = 3;
inline constexpr std::uint64_t cron = 8;
inline constexpr std::uint64_t databases_swapped = 11;
}  // namespace event_id
// What comes with the event that a database was flushed.
struct flush_facts {
    std::uint64_t version;
    std::int32_t is_synchronous;
    std::int32_t database;  // -1: all
};
inline constexpr std::uint64_t flush_begins = 0;
inline constexpr int notify_loaded = 1 << 12;  // a key came out of an RDB file

// The addresses. Concurrency: of the server's main thread, but for those for memory, which any thread may call.
struct server_calls {
    int (*create_command)(server_context*, const char* name, command_function*, const char* flags, int first_key,
                          int last_key, int key_step) = nullptr;
    void (*set_module_attributes)(server_context*, const char* name, int version, int api) = nullptr;
    int (*is_module_name_busy)(const char* name) = nullptr;
    void (*set_module_options)(server_context*, int options) = nullptr;
    server_type* (*create_data_type)(server_context*, const char* name, int encoding_version, type_methods*) = nullptr;
    int (*subscribe_to_event)(server_context*, server_event, event_function*) = nullptr;
    int (*subscribe_to_keyspace)(server_context*, int types, notification_function*) = nullptr;
    server_context* (*get_detached_context)(server_context*) = nullptr;
    int (*get_context_flags)(server_context*) = nullptr;
    int (*select_database)(server_context*, int database) = nullptr;
    int (*get_selected_database)(server_context*) = nullptr;
    void (*log)(server_context*, const char* level, const char* format, ...) = nullptr;

    void* (*allocate)(std::size_t bytes) = nullptr;
    void* (*try_allocate)(std::size_t bytes) = nullptr;  // null where there is no memory; since Redis 7.0
    void (*free)(void*) = nullptr;

    int (*wrong_arity)(server_context*) = nullptr;
    int (*reply_with_error)(server_context*, const char* text) = nullptr;
    int (*reply_with_simple_string)(server_context*, const char* text) = nullptr;
    int (*reply_with_integer)(server_context*, long long value) = nullptr;
    int (*reply_with_array)(server_context*, long count) = nullptr;
    int (*reply_with_bytes)(server_context*, const char* data, std::size_t bytes) = nullptr;

    const char* (*string_data)(const server_string*, std::size_t* bytes) = nullptr;
    server_string* (*create_string)(server_context*, const char* data, std::size_t bytes) = nullptr;
    void (*free_string)(server_context*, server_string*) = nullptr;

    server_key* (*open_key)(server_context*, server_string* name, int mode) = nullptr;
    void (*close_key)(server_key*) = nullptr;
    int (*type_of_key)(server_key*) = nullptr;
    server_type* (*type_of_value)(server_key*) = nullptr;
    void* (*value_of_key)(server_key*) = nullptr;
    int (*set_value)(server_key*, server_type*, void* value) = nullptr;
    int (*replicate_verbatim)(server_context*) = nullptr;
    int (*replicate)(server_context*, const char* command, const char* format, ...) = nullptr;

    void (*save_unsigned)(server_io*, std::uint64_t) = nullptr;
    std::uint64_t (*load_unsigned)(server_io*) = nullptr;
    void (*save_bytes)(server_io*, const char* data, std::size_t bytes) = nullptr;
    char* (*load_bytes)(server_io*, std::size_t* bytes) = nullptr;  // to be freed
    int (*io_has_failed)(server_io*) = nullptr;
    void (*emit_command)(server_io*, const char* command, const char* format, ...) = nullptr;
    void (*log_io_error)(server_io*, const char* level, const char* format, ...) = nullptr;

    server_reply* (*call)(server_context*, const char* command, const char* format, ...) = nullptr;
    int (*type_of_reply)(server_reply*) = nullptr;
    std::size_t (*size_of_reply)(server_reply*) = nullptr;
    server_reply* (*element_of_reply)(server_reply*, std::size_t number) = nullptr;
    long long (*integer_of_reply)(server_reply*) = nullptr;
    const char* (*bytes_of_reply)(server_reply*, std::size_t* bytes) = nullptr;
    void (*free_reply)(server_reply*) = nullptr;
    const char* (*get_cluster_id)() = nullptr;  // 40 characters, nothing behind them

    // Since Redis 8.4; no server that the tests have offers it. Whether this node serves the slot's keys now.
    int (*can_access_keys_in_slot)(int slot) = nullptr;

    // Fills all in.
    // Returns null, or the name of one that the server does not have and has to.
    [[nodiscard]] const char* find(server_context*) noexcept;
};

// Those of the process's one server.
extern server_calls server;

}  // namespace xacthuc::redis
