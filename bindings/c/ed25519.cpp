// SPDX-License-Identifier: Apache-2.0
// Ed25519 signatures, one or many.
#include <array>
#include <span>
#include <xacthuc/ed25519/verify.hpp>

#include "boundary.hpp"
#include "handles.hpp"

using namespace xacthuc;

namespace {

// As many as the library puts into order at a time, so that going to it by so many costs nothing.
constexpr std::size_t verified_at_once = 1024;

[[nodiscard]] xt_status check(const xt_signed_message& item) noexcept {
    if (!c::is_there(item.message, item.message_size) || item.signature == nullptr) return XT_NULL_ARGUMENT;
    if (item.public_key == nullptr && item.key == nullptr) return XT_NULL_ARGUMENT;
    if (item.public_key != nullptr && item.key != nullptr) return XT_ARGUMENT_RANGE;
    return item.message_size <= ed25519::message_bytes_max ? XT_OK : XT_ARGUMENT_RANGE;
}

[[nodiscard]] ed25519::batch_item item_of(const xt_signed_message& from) noexcept {
    // Keys and signatures are nothing but their bytes, at any address.
    return {.message = std::as_bytes(std::span{from.message, from.message_size}),
            .signature = reinterpret_cast<const ed25519::signature*>(from.signature),
            .raw_key = reinterpret_cast<const public_key*>(from.public_key),
            .key = from.key != nullptr ? &from.key->value : nullptr};
}

}  // namespace

xt_status xt_verifying_key_make(const uint8_t* public_key_32, uint32_t table_bits, xt_verifying_key** key) {
    return c::guarded(key, nullptr, [&]() -> xt_status {
        if (public_key_32 == nullptr) return XT_NULL_ARGUMENT;
        if (table_bits != 0 && (table_bits < ed25519::comb_bits_min || table_bits > ed25519::comb_bits_max))
            return XT_ARGUMENT_RANGE;
        const auto made = ed25519::verifying_key::make(c::read_key(public_key_32));
        if (!made) return c::status_of(made.error());
        *key = new xt_verifying_key{table_bits == 0 ? *made : made->with_comb(table_bits)};
        return XT_OK;
    });
}

void xt_verifying_key_free(xt_verifying_key* key) {
    delete key;
}

xt_status xt_ed25519_verify_batch(const xt_signed_message* items, size_t count, uint8_t* valid, size_t* valid_count) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (!c::is_there(items, count) || !c::is_there(valid, count)) return XT_NULL_ARGUMENT;
        for (std::size_t i = 0; i < count; ++i)
            if (const auto status = check(items[i]); status != XT_OK) return status;
        std::array<ed25519::batch_item, verified_at_once> some;
        std::array<bool, verified_at_once> verdicts;
        std::size_t valid_so_far = 0;
        for (std::size_t first = 0; first < count; first += some.size()) {
            const auto size = std::min(some.size(), count - first);
            for (std::size_t i = 0; i < size; ++i) {
                // Looked at again, in a copy: the caller's memory may have changed since.
                const auto item = items[first + i];
                if (const auto status = check(item); status != XT_OK) return status;
                some[i] = item_of(item);
            }
            valid_so_far += ed25519::verify_batch(std::span{some}.first(size), std::span{verdicts}.first(size));
            for (std::size_t i = 0; i < size; ++i) valid[first + i] = verdicts[i] ? 1 : 0;
        }
        if (valid_count != nullptr) *valid_count = valid_so_far;
        return XT_OK;
    });
}

xt_status xt_ed25519_verify(const uint8_t* public_key_32, const uint8_t* message, size_t message_size,
                            const uint8_t* signature_64) {
    return c::guarded(nullptr, [&]() -> xt_status {
        const xt_signed_message item{message, message_size, signature_64, public_key_32, nullptr};
        if (const auto status = check(item); status != XT_OK) return status;
        const auto given = item_of(item);
        return ed25519::verify(*given.raw_key, given.message, *given.signature) ? XT_OK : XT_BAD_SIGNATURE;
    });
}

xt_status xt_ed25519_prepare(void) {
    return c::guarded(nullptr, [] {
        ed25519::prepare();
        return xt_status{XT_OK};
    });
}

// The words end with a zero: they are literals, or the end of a string.
const char* xt_ed25519_kernel(void) {
    try {
        return ed25519::kernel_name().data();
    } catch (...) {
        return "";
    }
}

const char* xt_ed25519_rejected_kernels(void) {
    try {
        return ed25519::rejected_kernels().data();
    } catch (...) {
        return "";
    }
}
