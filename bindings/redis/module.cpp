// SPDX-License-Identifier: Apache-2.0
// Where the server comes in: loadmodule xacthuc_redis.so [digest-key FILE].
#include <string>

#include "commands.hpp"
#include "node_state.hpp"
#include "partition_type.hpp"
#include "reading_commands.hpp"

namespace xacthuc::redis {
namespace {

constexpr const char* module_name = "xacthuc";
constexpr int module_version = 1;

[[nodiscard]] bool read_arguments(server_context* context, server_string** words, int count) {
    for (int i = 0; i < count; i += 2) {
        if (text_of(words[i]) != "digest-key" || i + 1 == count) {
            server.log(context, "warning", "the module takes: digest-key FILE");
            return false;
        }
        auto key = digest_key::load(std::string{text_of(words[i + 1])});
        if (!key) {
            server.log(context, "warning", "%s", key.error().message().c_str());
            return false;
        }
        node_state::instance().names = std::move(*key);
    }
    return true;
}

}  // namespace

bool register_commands(server_context* context) {
    struct command {
        const char* name;
        command_function* function;
        const char* flags;
        bool has_key;
    };
    constexpr command all[] = {
        {"xt.verify", verify_command, "readonly", false},  {"xt.ask", ask_command, "readonly fast", true},
        {"xt.load", load_command, "write deny-oom", true}, {"xt.upsert", upsert_command, "write deny-oom", true},
        {"xt.info", info_command, "readonly", false},      {"xt.key", key_command, "readonly fast", false},
    };
    for (const auto& one : all) {
        const int place = one.has_key ? 1 : 0;
        if (server.create_command(context, one.name, one.function, one.flags, place, place, place) != status_ok)
            return false;
    }
    return true;
}

}  // namespace xacthuc::redis

extern "C" [[gnu::visibility("default")]] int RedisModule_OnLoad(xacthuc::redis::server_context* context,
                                                                 xacthuc::redis::server_string** words, int count) {
    using namespace xacthuc::redis;
    if (const char* const missing = server.find(context); missing != nullptr) {
        if (server.log != nullptr) server.log(nullptr, "warning", "xacthuc: this server has no %s", missing);
        return status_error;
    }
    if (server.is_module_name_busy(module_name) != 0) return status_error;
    server.set_module_attributes(context, module_name, module_version, api_version);
    if (!read_arguments(context, words, count)) return status_error;
    server.set_module_options(context, module_option::handles_io_errors | module_option::handles_slot_migration);
    auto* const type = register_partition_type(context);
    if (type == nullptr || !register_commands(context) || !subscribe_to_events(context)) return status_error;
    held_partitions::instance().start(server.get_detached_context(context), type);
    return status_ok;
}
