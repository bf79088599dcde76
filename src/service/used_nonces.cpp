// SPDX-License-Identifier: Apache-2.0
#include "service/used_nonces.hpp"

#include <sodium.h>

#include "domain/octets.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

// 2,600 signatures a second for the time that they are remembered, in 16 MiB.
constexpr std::size_t own_entries = std::size_t{1} << 21;
// Numbers of citizens have 40 bits.
constexpr std::uint64_t beyond_citizens = std::uint64_t{1} << 40;

}  // namespace

used_nonces::used_nonces(guards* watch) : watch_{watch}, key_{guard_key::generate()} {}

bool used_nonces::open(std::int64_t now_unix_ms, std::int64_t max_ahead_ms) {
    if (watch_ != nullptr || owned_ != nullptr) return false;
    owned_ = std::make_unique<proof_window>(proof_window_options{.entries = own_entries, .max_ahead_ms = max_ahead_ms});
    owned_->refuse_until(now_unix_ms + max_ahead_ms);
    own_.store(owned_.get(), std::memory_order_release);
    return true;
}

proof_nonce used_nonces::digest_of(std::string_view nonce) noexcept {
    proof_nonce digest;
    crypto_generichash(octets(digest), digest.size(), reinterpret_cast<const unsigned char*>(nonce.data()),
                       nonce.size(), nullptr, 0);
    return digest;
}

outcome used_nonces::take(std::uint16_t agency, const proof_nonce& nonce, std::int64_t created_unix_ms,
                          std::int64_t now_unix_ms) noexcept {
    return take(beyond_citizens + agency, nonce, created_unix_ms, now_unix_ms);
}

outcome used_nonces::take(std::uint64_t who, const proof_nonce& nonce, std::int64_t issued_at_unix_ms,
                          std::int64_t now_unix_ms) noexcept {
    if (watch_ != nullptr) return watch_->take_proof(who, nonce, issued_at_unix_ms, now_unix_ms);
    // Acquire pairs with the release in open().
    auto* const own = own_.load(std::memory_order_acquire);
    if (own == nullptr) return outcome::proofs_full;
    return own->take(key_.fingerprint(who, nonce), issued_at_unix_ms, now_unix_ms);
}

void used_nonces::forget_old() noexcept {
    if (auto* const own = own_.load(std::memory_order_acquire); own != nullptr) own->forget_old();
}

}  // namespace xacthuc::inline v0_1::service
