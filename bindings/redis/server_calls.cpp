// SPDX-License-Identifier: Apache-2.0
#include "server_calls.hpp"

namespace xacthuc::redis {

server_calls server;

const char* server_calls::find(server_context* context) noexcept {
    // The context begins with the address of the call that gives all the others.
    using get_api = int(const char* name, void* address);
    auto* const get = *reinterpret_cast<get_api**>(context);
    struct named_call {
        const char* name;
        void* address;
        bool is_needed = true;
    };
    const named_call wanted[] = {
        {"RedisModule_CreateCommand", &create_command},
        {"RedisModule_SetModuleAttribs", &set_module_attributes},
        {"RedisModule_IsModuleNameBusy", &is_module_name_busy},
        {"RedisModule_SetModuleOptions", &set_module_options},
        {"RedisModule_CreateDataType", &create_data_type},
        {"RedisModule_SubscribeToServerEvent", &subscribe_to_event},
        {"RedisModule_SubscribeToKeyspaceEvents", &subscribe_to_keyspace},
        {"RedisModule_GetDetachedThreadSafeContext", &get_detached_context},
        {"RedisModule_GetContextFlags", &get_context_flags},
        {"RedisModule_SelectDb", &select_database},
        {"RedisModule_GetSelectedDb", &get_selected_database},
        {"RedisModule_Log", &log},
        {"RedisModule_Alloc", &allocate},
        {"RedisModule_TryAlloc", &try_allocate, false},
        {"RedisModule_Free", &free},
        {"RedisModule_WrongArity", &wrong_arity},
        {"RedisModule_ReplyWithError", &reply_with_error},
        {"RedisModule_ReplyWithSimpleString", &reply_with_simple_string},
        {"RedisModule_ReplyWithLongLong", &reply_with_integer},
        {"RedisModule_ReplyWithArray", &reply_with_array},
        {"RedisModule_ReplyWithStringBuffer", &reply_with_bytes},
        {"RedisModule_StringPtrLen", &string_data},
        {"RedisModule_CreateString", &create_string},
        {"RedisModule_FreeString", &free_string},
        {"RedisModule_OpenKey", &open_key},
        {"RedisModule_CloseKey", &close_key},
        {"RedisModule_KeyType", &type_of_key},
        {"RedisModule_ModuleTypeGetType", &type_of_value},
        {"RedisModule_ModuleTypeGetValue", &value_of_key},
        {"RedisModule_ModuleTypeSetValue", &set_value},
        {"RedisModule_ReplicateVerbatim", &replicate_verbatim},
        {"RedisModule_Replicate", &replicate},
        {"RedisModule_SaveUnsigned", &save_unsigned},
        {"RedisModule_LoadUnsigned", &load_unsigned},
        {"RedisModule_SaveStringBuffer", &save_bytes},
        {"RedisModule_LoadStringBuffer", &load_bytes},
        {"RedisModule_IsIOError", &io_has_failed},
        {"RedisModule_EmitAOF", &emit_command},
        {"RedisModule_LogIOError", &log_io_error},
        {"RedisModule_Call", &call},
        {"RedisModule_CallReplyType", &type_of_reply},
        {"RedisModule_CallReplyLength", &size_of_reply},
        {"RedisModule_CallReplyArrayElement", &element_of_reply},
        {"RedisModule_CallReplyInteger", &integer_of_reply},
        {"RedisModule_CallReplyStringPtr", &bytes_of_reply},
        {"RedisModule_FreeCallReply", &free_reply},
        {"RedisModule_GetMyClusterID", &get_cluster_id},
        {"RedisModule_ClusterCanAccessKeysInSlot", &can_access_keys_in_slot, false},
    };
    for (const auto& one : wanted)
        if (get(one.name, one.address) != status_ok && one.is_needed) return one.name;
    return nullptr;
}

}  // namespace xacthuc::redis
