// SPDX-License-Identifier: Apache-2.0
#include "ownership.hpp"

#include <ctime>
#include <memory>
#include <string_view>

namespace xacthuc::redis {
namespace {

struct reply_deleter {
    void operator()(server_reply* reply) const noexcept { server.free_reply(reply); }
};
using owned_reply = std::unique_ptr<server_reply, reply_deleter>;

[[nodiscard]] std::int64_t now_ms() noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

[[nodiscard]] std::string_view text_of(server_reply* reply) noexcept {
    if (reply == nullptr || server.type_of_reply(reply) != reply_type::string) return {};
    std::size_t size = 0;
    const char* const data = server.bytes_of_reply(reply, &size);
    return {data, size};
}

[[nodiscard]] bool is_array(server_reply* reply) noexcept {
    return reply != nullptr && server.type_of_reply(reply) == reply_type::array;
}

// The node of an entry of CLUSTER SLOTS that owns its slots: [first, last, [address, port, id, …], replicas…].
[[nodiscard]] std::string_view owner_of(server_reply* range) noexcept {
    if (!is_array(range) || server.size_of_reply(range) < 3) return {};
    auto* const node = server.element_of_reply(range, 2);
    if (!is_array(node) || server.size_of_reply(node) < 3) return {};
    return text_of(server.element_of_reply(node, 2));
}

}  // namespace

void ownership::look(server_context* context) {
    const auto flags = server.get_context_flags(context);
    is_of_cluster_ = (flags & context_flag::cluster) != 0;
    const bool is_replica = (flags & context_flag::replica) != 0;
    if (is_of_cluster_ && !is_replica) {
        const auto now = now_ms();
        if (is_doubted_ || now - looked_at_ms_ >= age_max_ms) {
            read_slots(context);
            is_doubted_ = false;
            looked_at_ms_ = now;
        }
    }
    is_answering_ = !is_replica && (!is_of_cluster_ || cluster_is_whole_);
}

void ownership::read_slots(server_context* context) {
    owned_.reset();
    // A node that the cluster has lost sight of says so here, and its keys may be old.
    const owned_reply info{server.call(context, "CLUSTER", "c", "INFO")};
    cluster_is_whole_ = text_of(info.get()).find("cluster_state:ok") != std::string_view::npos;
    const char* const own_id = server.get_cluster_id();
    if (!cluster_is_whole_ || own_id == nullptr) return;
    const std::string_view own{own_id, 40};
    const owned_reply slots{server.call(context, "CLUSTER", "c", "SLOTS")};
    if (!is_array(slots.get())) return;
    const auto count = server.size_of_reply(slots.get());
    for (std::size_t i = 0; i < count; ++i) {
        auto* const range = server.element_of_reply(slots.get(), i);
        if (owner_of(range) != own) continue;
        const auto first = server.integer_of_reply(server.element_of_reply(range, 0));
        const auto last = server.integer_of_reply(server.element_of_reply(range, 1));
        for (auto slot = first; slot >= 0 && slot <= last && slot < static_cast<long long>(slot_count); ++slot)
            owned_.set(static_cast<std::size_t>(slot));
    }
}

}  // namespace xacthuc::redis
