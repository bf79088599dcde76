// SPDX-License-Identifier: Apache-2.0
// Keys from files and from memory: the register's digest key, the authority's two.
#include <span>

#include "boundary.hpp"
#include "handles.hpp"

using namespace xacthuc;

namespace {

template <class Key, class Handle>
xt_status load(const char* path, Handle** key, xt_detail* detail) {
    return c::guarded(key, detail, [&] {
        if (path == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "path");
        auto loaded = Key::load(path);
        if (!loaded) return c::refuse(detail, loaded.error());
        *key = new Handle{*loaded};
        return xt_status{XT_OK};
    });
}

}  // namespace

xt_status xt_digest_key_load(const char* path, xt_digest_key** key, xt_detail* detail) {
    return load<digest_key>(path, key, detail);
}

xt_status xt_digest_key_from_bytes(const uint8_t* raw_16, xt_digest_key** key) {
    static_assert(digest_key_bytes == XT_DIGEST_KEY_RAW_BYTES);
    return c::guarded(key, nullptr, [&] {
        if (raw_16 == nullptr) return xt_status{XT_NULL_ARGUMENT};
        *key = new xt_digest_key{digest_key::from_bytes(c::read_bytes<digest_key_bytes>(raw_16))};
        return xt_status{XT_OK};
    });
}

uint64_t xt_digest_key_fingerprint(const xt_digest_key* key) {
    return key != nullptr ? key->fingerprint : 0;
}

void xt_digest_key_free(xt_digest_key* key) {
    delete key;
}

xt_status xt_authority_load(const char* path, xt_authority** authority, xt_detail* detail) {
    return load<authority_public_key>(path, authority, detail);
}

xt_status xt_authority_from_bytes(const uint8_t* raw_32, xt_authority** authority) {
    return c::guarded(authority, nullptr, [&] {
        if (raw_32 == nullptr) return xt_status{XT_NULL_ARGUMENT};
        *authority = new xt_authority{authority_public_key{c::read_key(raw_32)}};
        return xt_status{XT_OK};
    });
}

void xt_authority_free(xt_authority* authority) {
    delete authority;
}

xt_status xt_authority_key_load(const char* path, xt_authority_key** key, xt_detail* detail) {
    return load<authority_key>(path, key, detail);
}

xt_status xt_authority_key_from_seed(const uint8_t* seed_32, xt_authority_key** key) {
    return c::guarded(key, nullptr, [&] {
        if (seed_32 == nullptr) return xt_status{XT_NULL_ARGUMENT};
        const std::span<const std::byte, 32> seed{reinterpret_cast<const std::byte*>(seed_32), 32};
        *key = new xt_authority_key{authority_key::from_seed(seed)};
        return xt_status{XT_OK};
    });
}

xt_status xt_authority_key_public(const xt_authority_key* key, uint8_t* raw_32) {
    if (key == nullptr || raw_32 == nullptr) return XT_NULL_ARGUMENT;
    const auto half = key->value.public_key().key();
    std::memcpy(raw_32, &half, sizeof half);
    return XT_OK;
}

void xt_authority_key_free(xt_authority_key* key) {
    delete key;
}
