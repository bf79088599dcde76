// SPDX-License-Identifier: Apache-2.0
// What of the register is on this node. The keyspace is the truth, and the index follows it: every event after which a
// key may hold another value than before marks a partition, and before an answer is given each marked one is compared
// with its key in database 0. So it does no harm when an event marks too much.
//
// Where slots have dictionaries of their own (Valkey, newer Redis), a server looks up every key that is asked for
// during a client's keyed command, transaction or script in the slot of that client, whatever the key. So then only the
// command's own partition is compared; a marked one that cannot be is answered for by nobody.
//
//   value   in the keyspace   in the index
//   bound   at its own key    yes: the value holds no bytes
//   else    anywhere          no: the value holds its blob
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cluster_client/hash_slot.hpp"
#include "node_index.hpp"
#include "partition_value.hpp"
#include "server_calls.hpp"

namespace xacthuc::redis {

using cluster::all_slot_tags;
using cluster::slot_count;

// Concurrency: of the server's main thread, but for mark() and free().
class held_partitions {
  public:
    // The one of the process, never destroyed: the server may free values until it ends.
    [[nodiscard]] static held_partitions& instance();

    // The server's type of our values, and a context that sees database 0 whatever clients have selected.
    void start(server_context* detached, server_type* type) noexcept {
        context_ = detached;
        type_ = type;
    }
    [[nodiscard]] server_type* type() const noexcept { return type_; }

    void mark(std::size_t partition) noexcept;
    void mark_all() noexcept;
    [[nodiscard]] bool is_marked(std::size_t partition) const noexcept {
        return (marked_[partition / 64].load(std::memory_order_acquire) >> partition % 64 & 1U) != 0;
    }
    // Database 0 is about to be emptied.
    void flush_begins();
    // Makes the index hold what the keyspace holds, where every key can be looked up now.
    // Complexity: linear in what is marked.
    void settle();
    // The same for the partition whose key the command names.
    void settle(std::size_t partition);

    [[nodiscard]] node_index& index() noexcept { return index_; }
    // The value at the partition's key, whose records are in the index; null where there is none. As of settle().
    [[nodiscard]] partition_value* bound(std::size_t partition) const noexcept { return bound_[partition]; }
    [[nodiscard]] std::size_t bound_count() const noexcept { return bound_count_; }

    // The blob of a value, in the index or not. Empty where it cannot be made.
    [[nodiscard]] std::vector<std::byte> blob_of(const partition_value& value);
    [[nodiscard]] std::size_t memory_of(const partition_value& value) const noexcept;

  private:
    server_context* context_ = nullptr;
    server_type* type_ = nullptr;
    node_index index_;
    std::array<partition_value*, slot_count> bound_{};
    std::size_t bound_count_ = 0;
    std::array<std::atomic<std::uint64_t>, slot_count / 64> marked_{};
    std::atomic<bool> any_marked_{false};

    [[nodiscard]] partition_value* value_at_key(std::size_t partition) const;
    [[nodiscard]] bool sees_all_keys() const noexcept;
    void bind(partition_value* value);
    void unbind(std::size_t partition);
};

}  // namespace xacthuc::redis
