// SPDX-License-Identifier: Apache-2.0
// What server_calls.hpp declares is what the server's own header does. check_declarations compiles this, and nothing is
// run: it gives the header, and in calls.inc a line CALL(its name, our member) for each call of server_calls.cpp.
#include <redismodule.h>

#include <cstddef>
#include <type_traits>

#include "server_calls.hpp"

using namespace xacthuc::redis;

namespace {

// The header's types in our words.
template <class T>
struct ours {
    using type = T;
};
template <class T>
using ours_t = typename ours<T>::type;

#define NAMED(theirs, our) \
    template <>            \
    struct ours<theirs> {  \
        using type = our;  \
    };
NAMED(RedisModuleCtx, server_context)
NAMED(RedisModuleString, server_string)
NAMED(RedisModuleKey, server_key)
NAMED(RedisModuleIO, server_io)
NAMED(RedisModuleType, server_type)
NAMED(RedisModuleCallReply, server_reply)
NAMED(RedisModuleEvent, server_event)
NAMED(RedisModuleTypeMethods, type_methods)
// Handed on, and never looked into.
NAMED(RedisModuleDigest, void)
NAMED(RedisModuleDefragCtx, void)
#undef NAMED

template <class T>
struct ours<const T> {
    using type = const ours_t<T>;
};
template <class T>
struct ours<T*> {
    using type = ours_t<T>*;
};
template <class Result, class... Arguments>
struct ours<Result(Arguments...)> {
    using type = ours_t<Result>(ours_t<Arguments>...);
};
template <class Result, class... Arguments>
struct ours<Result(Arguments..., ...)> {
    using type = ours_t<Result>(ours_t<Arguments>..., ...);
};

template <class Theirs, class Ours>
inline constexpr bool agree = std::is_same_v<ours_t<Theirs>, Ours>;

// A difference is seen: in what comes back, in a number's width, in an argument's type, in what is constant.
static_assert(
    agree<int (*)(RedisModuleCtx*, const RedisModuleString**), int (*)(server_context*, const server_string**)>);
static_assert(!agree<int (*)(RedisModuleCtx*), long (*)(server_context*)>);
static_assert(!agree<int (*)(RedisModuleCtx*, int), int (*)(server_context*, long)>);
static_assert(!agree<int (*)(RedisModuleCtx*), int (*)(server_key*)>);
static_assert(!agree<int (*)(const RedisModuleString*), int (*)(server_string*)>);
static_assert(!agree<int (*)(const char*, ...), int (*)(const char*)>);

#define CALL(name, member) static_assert(agree<decltype(name), decltype(server_calls::member)>, #name);
#include "calls.inc"
#undef CALL

#define FIELD(theirs, field, our, name)                                                \
    static_assert(offsetof(theirs, field) == offsetof(our, name), #theirs "." #field); \
    static_assert(agree<decltype(theirs::field), decltype(our::name)>, #theirs "." #field);
FIELD(RedisModuleEvent, id, server_event, id)
FIELD(RedisModuleEvent, dataver, server_event, data_version)
static_assert(sizeof(RedisModuleEvent) == sizeof(server_event));
FIELD(RedisModuleFlushInfo, version, flush_facts, version)
FIELD(RedisModuleFlushInfo, sync, flush_facts, is_synchronous)
FIELD(RedisModuleFlushInfo, dbnum, flush_facts, database)
static_assert(sizeof(RedisModuleFlushInfo) == sizeof(flush_facts));
#define METHOD(name) FIELD(RedisModuleTypeMethods, name, type_methods, name)
METHOD(version)
METHOD(rdb_load)
METHOD(rdb_save)
METHOD(aof_rewrite)
METHOD(mem_usage)
METHOD(digest)
METHOD(free)
METHOD(aux_load)
METHOD(aux_save)
METHOD(aux_save_triggers)
METHOD(free_effort)
METHOD(unlink)
METHOD(copy)
METHOD(defrag)
// What version 3 of the structure does not have begins where ours ends.
static_assert(offsetof(RedisModuleTypeMethods, mem_usage2) == sizeof(type_methods));
static_assert(REDISMODULE_TYPE_METHOD_VERSION > type_methods_version);

static_assert(agree<RedisModuleCmdFunc, command_function*>);
static_assert(agree<RedisModuleEventCallback, event_function*>);
static_assert(agree<RedisModuleNotificationFunc, notification_function*>);

static_assert(api_version == REDISMODULE_APIVER_1);
static_assert(status_ok == REDISMODULE_OK && status_error == REDISMODULE_ERR);
static_assert(key_mode::read == REDISMODULE_READ && key_mode::write == REDISMODULE_WRITE);
static_assert(key_mode::no_touch == REDISMODULE_OPEN_KEY_NOTOUCH);
static_assert(key_type::empty == REDISMODULE_KEYTYPE_EMPTY && key_type::module == REDISMODULE_KEYTYPE_MODULE);
static_assert(reply_type::string == REDISMODULE_REPLY_STRING && reply_type::integer == REDISMODULE_REPLY_INTEGER);
static_assert(reply_type::array == REDISMODULE_REPLY_ARRAY);
static_assert(context_flag::script == REDISMODULE_CTX_FLAGS_LUA);
static_assert(context_flag::transaction == REDISMODULE_CTX_FLAGS_MULTI);
static_assert(context_flag::replica == REDISMODULE_CTX_FLAGS_SLAVE);
static_assert(context_flag::cluster == REDISMODULE_CTX_FLAGS_CLUSTER);
static_assert(context_flag::loading == REDISMODULE_CTX_FLAGS_LOADING);
static_assert(module_option::handles_io_errors == REDISMODULE_OPTIONS_HANDLE_IO_ERRORS);
static_assert(event_id::role_changed == REDISMODULE_EVENT_REPLICATION_ROLE_CHANGED);
static_assert(event_id::flushed == REDISMODULE_EVENT_FLUSHDB && flush_begins == REDISMODULE_SUBEVENT_FLUSHDB_START);
static_assert(event_id::loading == REDISMODULE_EVENT_LOADING && event_id::cron == REDISMODULE_EVENT_CRON_LOOP);
static_assert(event_id::databases_swapped == REDISMODULE_EVENT_SWAPDB);
static_assert(notify_loaded == REDISMODULE_NOTIFY_LOADED);

}  // namespace
