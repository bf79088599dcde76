// SPDX-License-Identifier: Apache-2.0
// Agencies by number: a table of keys under a lock for lookups, over a key ring that knows only keys.
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>
#include <xacthuc/engine/proof.hpp>

namespace xacthuc {

struct agency_keys::impl {
    struct registered {
        ed25519::public_key key;
        bool revoked = false;
    };

    explicit impl(ed25519::key_ring_options options) : ring{options} {}

    // Takes a key out of the ring unless another agency has it too. Requires the exclusive lock.
    void drop_unless_shared(const ed25519::public_key& key) {
        for (const auto& [agency, its] : by_number)
            if (!its.revoked && its.key == key) return;
        ring.remove(key);
    }

    ed25519::key_ring ring;
    mutable std::shared_mutex entries;
    std::unordered_map<std::uint16_t, registered> by_number;
};

agency_keys::agency_keys(ed25519::key_ring_options options) : impl_{std::make_unique<impl>(options)} {}
agency_keys::~agency_keys() = default;

result<void> agency_keys::set(std::uint16_t agency, const ed25519::public_key& key) {
    const std::unique_lock lock{impl_->entries};
    if (const auto added = impl_->ring.add(key); !added) return added.error();
    auto& now = impl_->by_number[agency];
    const auto old = std::exchange(now, {key, false});
    if (old.key != key) impl_->drop_unless_shared(old.key);
    return {};
}

bool agency_keys::revoke(std::uint16_t agency) {
    const std::unique_lock lock{impl_->entries};
    const auto at = impl_->by_number.find(agency);
    if (at == impl_->by_number.end()) return false;
    at->second.revoked = true;
    impl_->drop_unless_shared(at->second.key);
    return true;
}

agency_keys::entry agency_keys::find(std::uint16_t agency) const {
    for (;;) {
        ed25519::public_key key;
        {
            const std::shared_lock lock{impl_->entries};
            const auto at = impl_->by_number.find(agency);
            if (at == impl_->by_number.end()) return {};
            if (at->second.revoked) return {nullptr, true};
            key = at->second.key;
        }
        // Outside of the lock, for it may build a comb. Null when the key was replaced or revoked in between.
        if (auto found = impl_->ring.find(key)) return {std::move(found), false};
    }
}

ed25519::key_ring& agency_keys::ring() noexcept {
    return impl_->ring;
}

}  // namespace xacthuc
