// SPDX-License-Identifier: Apache-2.0
#include "held_partitions.hpp"

#include <bit>
#include <string>

namespace xacthuc::redis {

held_partitions& held_partitions::instance() {
    static auto* const one = new held_partitions;
    return *one;
}

void held_partitions::mark(std::size_t partition) noexcept {
    // Release pairs with the acquire in settle(): that a value was freed is seen with its mark.
    marked_[partition / 64].fetch_or(std::uint64_t{1} << partition % 64, std::memory_order_release);
    any_marked_.store(true, std::memory_order_release);
}

void held_partitions::mark_all() noexcept {
    for (auto& word : marked_) word.store(~std::uint64_t{0}, std::memory_order_release);
    any_marked_.store(true, std::memory_order_release);
}

void held_partitions::flush_begins() {
    settle();
    // What is bound lies in that database and goes with it, so nobody needs it as bytes again.
    for (std::size_t p = 0; p < bound_.size(); ++p)
        if (bound_[p] != nullptr && !is_marked(p)) bound_[p]->is_freed.store(true, std::memory_order_relaxed);
    mark_all();
}

bool held_partitions::sees_all_keys() const noexcept {
    const auto flags = server.get_context_flags(context_);
    return (flags & context_flag::cluster) == 0 || (flags & (context_flag::script | context_flag::transaction)) == 0;
}

void held_partitions::settle() {
    if (!any_marked_.load(std::memory_order_relaxed) || !sees_all_keys()) return;
    // Acquire pairs with mark(): whose word this takes back, their marks are seen below.
    any_marked_.exchange(false, std::memory_order_acquire);
    std::vector<std::size_t> partitions;
    for (std::size_t i = 0; i < marked_.size(); ++i)
        for (auto word = marked_[i].exchange(0, std::memory_order_acquire); word != 0; word &= word - 1)
            partitions.push_back(i * 64 + static_cast<std::size_t>(std::countr_zero(word)));
    // All that goes before all that comes: one register may take the place of another.
    for (const auto p : partitions)
        if (bound_[p] != nullptr && value_at_key(p) != bound_[p]) unbind(p);
    for (const auto p : partitions)
        if (bound_[p] == nullptr)
            if (auto* const value = value_at_key(p); value != nullptr) bind(value);
}

void held_partitions::settle(std::size_t partition) {
    const auto bit = std::uint64_t{1} << partition % 64;
    if ((marked_[partition / 64].fetch_and(~bit, std::memory_order_acquire) & bit) == 0) return;
    auto* const value = value_at_key(partition);
    if (bound_[partition] != nullptr && value != bound_[partition]) unbind(partition);
    if (bound_[partition] == nullptr && value != nullptr) bind(value);
}

partition_value* held_partitions::value_at_key(std::size_t partition) const {
    const auto name_text = all_slot_tags().key_of(partition);
    auto* const name = server.create_string(context_, name_text.data(), name_text.size());
    auto* const key = server.open_key(context_, name, key_mode::read | key_mode::no_touch);
    partition_value* value = nullptr;
    if (key != nullptr) {
        if (server.type_of_key(key) == key_type::module && server.type_of_value(key) == type_)
            value = static_cast<partition_value*>(server.value_of_key(key));
        server.close_key(key);
    }
    server.free_string(context_, name);
    return value != nullptr && value->partition == partition ? value : nullptr;
}

void held_partitions::bind(partition_value* value) {
    const auto taken = index_.take_in(value->blob.bytes(), bound_count_ == 0);
    if (!taken) {
        server.log(context_, "warning", "%s is not served: %s", all_slot_tags().key_of(value->partition).c_str(),
                   taken.error().message().c_str());
        return;
    }
    value->blob.clear();
    value->holders.fetch_add(1, std::memory_order_relaxed);
    bound_[value->partition] = value;
    ++bound_count_;
}

void held_partitions::unbind(std::size_t partition) {
    auto* const value = bound_[partition];
    if (!value->is_freed.load(std::memory_order_acquire)) {
        const auto blob = index_.give_out(partition, value->as_of);
        if (!blob || !value->blob.assign(*blob))
            server.log(context_, "warning", "partition %zu is lost: %s", partition,
                       blob ? "no memory" : blob.error().message().c_str());
    }
    index_.drop(partition);
    bound_[partition] = nullptr;
    --bound_count_;
    release(value);
}

std::vector<std::byte> held_partitions::blob_of(const partition_value& value) {
    if (bound_[value.partition] != &value) return {value.blob.bytes().begin(), value.blob.bytes().end()};
    auto blob = index_.give_out(value.partition, value.as_of);
    if (!blob) {
        server.log(context_, "warning", "partition %zu cannot be saved: %s", value.partition,
                   blob.error().message().c_str());
        return {};
    }
    return std::move(*blob);
}

std::size_t held_partitions::memory_of(const partition_value& value) const noexcept {
    const bool is_bound = bound_[value.partition] == &value;
    return sizeof value + (is_bound ? index_.bytes_of(value.partition) : value.blob.bytes().size());
}

}  // namespace xacthuc::redis
