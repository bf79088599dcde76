// SPDX-License-Identifier: Apache-2.0
// Agencies by number: a table of keys under a lock for lookups, over a key ring that knows only keys. The table has
// every key itself; from the ring comes only the same key with a comb.
#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>
#include <vector>
#include <xacthuc/engine/proof.hpp>

namespace xacthuc::inline v0_1 {

struct agency_keys::impl {
    using checked_key = std::shared_ptr<const ed25519::verifying_key>;
    struct registered {
        checked_key key;
        bool revoked = false;
    };

    explicit impl(ed25519::key_ring_options options) : ring{options} {}

    // Requires the exclusive lock.
    [[nodiscard]] result<void> put(std::uint16_t agency, const public_key& key) {
        const auto added = ring.add(key);
        if (!added) return added.error();
        auto old = std::exchange(by_number[agency], {*added, false});
        if (old.key != nullptr && old.key->bytes() != key) drop_unless_shared(old.key->bytes());
        return {};
    }

    // Takes a key out of the ring unless another agency has it too. Requires the exclusive lock.
    void drop_unless_shared(const public_key& key) {
        for (const auto& [agency, its] : by_number)
            if (!its.revoked && its.key->bytes() == key) return;
        ring.remove(key);
    }

    ed25519::key_ring ring;
    mutable std::shared_mutex entries;
    std::unordered_map<std::uint16_t, registered> by_number;
};

agency_keys::agency_keys(ed25519::key_ring_options options) : impl_{std::make_unique<impl>(options)} {}
agency_keys::~agency_keys() = default;

result<void> agency_keys::set(std::uint16_t agency, const public_key& key) {
    const std::unique_lock lock{impl_->entries};
    const auto at = impl_->by_number.find(agency);
    if (at != impl_->by_number.end() && at->second.revoked) return make_error_code(errc::agency_revoked);
    return impl_->put(agency, key);
}

result<void> agency_keys::revoke(std::uint16_t agency) {
    const std::unique_lock lock{impl_->entries};
    const auto at = impl_->by_number.find(agency);
    if (at == impl_->by_number.end()) return make_error_code(errc::agency_unknown);
    at->second.revoked = true;
    impl_->drop_unless_shared(at->second.key->bytes());
    return {};
}

result<void> agency_keys::reinstate(std::uint16_t agency, const public_key& key) {
    const std::unique_lock lock{impl_->entries};
    const auto at = impl_->by_number.find(agency);
    if (at == impl_->by_number.end() || !at->second.revoked) return make_error_code(errc::agency_unknown);
    return impl_->put(agency, key);
}

agency_keys::entry agency_keys::find(std::uint16_t agency) const {
    impl::checked_key key;
    {
        const std::shared_lock lock{impl_->entries};
        const auto at = impl_->by_number.find(agency);
        if (at == impl_->by_number.end()) return {};
        if (at->second.revoked) return {nullptr, true};
        key = at->second.key;
    }
    // Outside of the lock, for it may build a comb. Null when the key was replaced or revoked since: it was the
    // agency's when we looked.
    auto found = impl_->ring.find(key->bytes());
    return {found != nullptr ? std::move(found) : std::move(key), false};
}

std::size_t agency_keys::promote() {
    std::vector<public_key> keys;
    {
        const std::shared_lock lock{impl_->entries};
        for (const auto& [agency, its] : impl_->by_number)
            if (!its.revoked) keys.push_back(its.key->bytes());
    }
    return impl_->ring.promote(keys);
}

std::size_t agency_keys::scrub() {
    return impl_->ring.scrub();
}

ed25519::key_ring_state agency_keys::state() const {
    return impl_->ring.state();
}

}  // namespace xacthuc::inline v0_1
