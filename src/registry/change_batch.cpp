// SPDX-License-Identifier: Apache-2.0
#include "registry/change_batch.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "domain/secret_memory.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::string_view derivation_context = "xacthuc changes, v1";

[[nodiscard]] std::uint64_t word_at(std::span<const std::byte> from) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, from.data(), sizeof word);
    return word;
}

template <class T>
void append(std::vector<std::byte>& to, const T& value) {
    const auto bytes = std::as_bytes(std::span{&value, 1});
    to.insert(to.end(), bytes.begin(), bytes.end());
}

// As the index stores it at first: no state, no version.
[[nodiscard]] record bare(const record& r) noexcept {
    record made = r;
    made.words[0] = r.words[0] & layout::id.mask();
    return with_integrity(made);
}

[[nodiscard]] bool is_change_kind(std::byte value) noexcept {
    return value >= std::byte{static_cast<std::uint8_t>(change_kind::upsert)} &&
           value <= std::byte{static_cast<std::uint8_t>(change_kind::set_key)};
}

}  // namespace

sealing_key::sealing_key(const digest_key& of) {
    const auto own = make_secret<std::array<std::byte, 32>>();
    const auto key = of.bytes();
    crypto_generichash(reinterpret_cast<unsigned char*>(own->data()), own->size(),
                       reinterpret_cast<const unsigned char*>(derivation_context.data()), derivation_context.size(),
                       reinterpret_cast<const unsigned char*>(key.data()), key.size());
    bytes_ = own;
}

binding_hash keyed_hash(std::string_view context, std::span<const std::byte> bytes, const sealing_key& key) noexcept {
    std::array<char, 32> what{};
    std::ranges::copy(context.substr(0, what.size()), what.begin());
    crypto_generichash_state state;
    const auto secret = key.bytes();
    binding_hash made;
    crypto_generichash_init(&state, reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), made.size());
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(what.data()), what.size());
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(made.data()), made.size());
    return made;
}

change_seal seal(const change_batch& batch, const change_seal& before, const sealing_key& key) noexcept {
    const auto feed = [](crypto_generichash_state& state, std::span<const std::byte> bytes) {
        crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    };
    crypto_generichash_state state;
    const auto secret = key.bytes();
    change_seal made;
    crypto_generichash_init(&state, reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), made.size());
    feed(state, before);
    feed(state, std::as_bytes(std::span{&batch.first_sequence, 1}));
    feed(state, std::as_bytes(std::span{&batch.change_count, 1}));
    feed(state, std::as_bytes(std::span{&batch.time_unix_ms, 1}));
    feed(state, batch.packed);
    crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(made.data()), made.size());
    return made;
}

void pack_change(const change& what, std::vector<std::byte>& to) {
    to.push_back(std::byte{static_cast<std::uint8_t>(what.kind)});
    if (what.kind == change_kind::upsert || what.kind == change_kind::upsert_with_key)
        append(to, bare(what.after).words);
    else
        append(to, what.id());
    if (what.has_key()) append(to, what.key);
}

bool unpack_change(std::span<const std::byte>& from, change& into) noexcept {
    if (from.empty() || !is_change_kind(from[0])) return false;
    into = {};
    into.kind = static_cast<change_kind>(from[0]);
    from = from.subspan(1);
    const bool is_upsert = into.kind == change_kind::upsert || into.kind == change_kind::upsert_with_key;
    const std::size_t body = is_upsert ? sizeof(record) : sizeof(std::uint64_t);
    if (from.size() < body + (into.has_key() ? public_key_bytes : 0)) return false;
    if (is_upsert)
        std::memcpy(into.after.words.data(), from.data(), sizeof(record));
    else
        into.after.words[0] = word_at(from);
    from = from.subspan(body);
    if ((into.after.words[0] & ~layout::id.mask()) != 0) return false;
    if (!into.has_key()) return true;
    std::ranges::copy(from.first(public_key_bytes), into.key.bytes.begin());
    from = from.subspan(public_key_bytes);
    return true;
}

bool unpack_batch(const change_batch& batch, std::vector<change>& into) {
    auto left = batch.packed;
    for (std::uint64_t i = 0; i < batch.change_count; ++i) {
        auto& made = into.emplace_back();
        if (!unpack_change(left, made)) return false;
        made.sequence = batch.first_sequence + i;
        made.time_unix_ms = batch.time_unix_ms;
    }
    return left.empty();
}

}  // namespace xacthuc::inline v0_1
