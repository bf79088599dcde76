// SPDX-License-Identifier: Apache-2.0
// The keys of agencies.
#include "boundary.hpp"
#include "handles.hpp"

using namespace xacthuc;

namespace {

using giving = result<void> (agency_keys::*)(std::uint16_t, const public_key&);

[[nodiscard]] xt_status give(xt_agency_keys* keys, uint16_t agency, const uint8_t* public_key_32, giving how) noexcept {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (keys == nullptr || public_key_32 == nullptr) return XT_NULL_ARGUMENT;
        const auto done = (keys->value.*how)(agency, c::read_key(public_key_32));
        return done ? xt_status{XT_OK} : c::status_of(done.error());
    });
}

}  // namespace

xt_status xt_agency_keys_create(size_t table_bytes_max, xt_agency_keys** keys) {
    return c::guarded(keys, nullptr, [&]() -> xt_status {
        ed25519::key_ring_options options;
        if (table_bytes_max != 0) options.comb_bytes_max = table_bytes_max;
        *keys = new xt_agency_keys(options);
        return XT_OK;
    });
}

void xt_agency_keys_free(xt_agency_keys* keys) {
    delete keys;
}

xt_status xt_agency_keys_set(xt_agency_keys* keys, uint16_t agency, const uint8_t* public_key_32) {
    return give(keys, agency, public_key_32, &agency_keys::set);
}

xt_status xt_agency_keys_reinstate(xt_agency_keys* keys, uint16_t agency, const uint8_t* public_key_32) {
    return give(keys, agency, public_key_32, &agency_keys::reinstate);
}

xt_status xt_agency_keys_revoke(xt_agency_keys* keys, uint16_t agency) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (keys == nullptr) return XT_NULL_ARGUMENT;
        const auto done = keys->value.revoke(agency);
        return done ? xt_status{XT_OK} : c::status_of(done.error());
    });
}
