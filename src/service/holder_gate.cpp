// SPDX-License-Identifier: Apache-2.0
#include "service/holder_gate.hpp"

#include <openssl/sha.h>

#include <array>
#include <cstring>
#include <span>
#include <xacthuc/domain/record.hpp>
#include <xacthuc/domain/status.hpp>
#include <xacthuc/ed25519/verify.hpp>

#include "service/served_register.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

// Some hundred proofs a second for as long as a proof is good.
constexpr std::size_t proofs_kept = std::size_t{1} << 18;

// A key that is one, the base point: for whom there is none, so that one is always checked.
[[nodiscard]] ed25519::public_key nobodys_key() noexcept {
    ed25519::public_key made;
    made.bytes.fill(0x66);
    made.bytes[0] = 0x58;
    return made;
}

[[nodiscard]] bool may_sign(const record& of) noexcept {
    const auto facts = of.words[2];
    return layout::superseded.get(facts) == 0 &&
           layout::life.get(facts) != static_cast<std::uint64_t>(life_status::deceased) &&
           layout::account.get(facts) != static_cast<std::uint64_t>(account_status::revoked);
}

[[nodiscard]] std::uint64_t own_fingerprint(personal_id id, const proof_nonce& nonce) noexcept {
    std::array<std::uint8_t, 8 + proof_nonce_bytes> bytes{};
    const auto number = id.value();
    std::memcpy(bytes.data(), &number, 8);
    std::memcpy(bytes.data() + 8, nonce.data(), nonce.size());
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> hash{};
    SHA256(bytes.data(), bytes.size(), hash.data());
    std::uint64_t made = 0;
    std::memcpy(&made, hash.data(), sizeof made);
    return made;
}

[[nodiscard]] problem problem_of(outcome what) noexcept {
    switch (what) {
        case outcome::verified:
            return problem::none;
        case outcome::proof_expired:
            return problem::holder_proof_expired;
        case outcome::proof_not_yet_valid:
            return problem::holder_proof_early;
        case outcome::proof_repeated:
            return problem::holder_proof_repeated;
        default:
            return problem::holder_proofs_full;
    }
}

}  // namespace

request own_request(personal_id id) noexcept {
    request made;
    made.words[0] = request_layout::id.put(id.value());
    return made;
}

holder_gate::holder_gate(guards* watch, std::int64_t started_at_unix_ms)
    : watch_{watch}, own_{proof_window_options{.entries = watch != nullptr ? 8 : proofs_kept}} {
    own_.refuse_until(started_at_unix_ms);
}

problem holder_gate::check(const register_in_use& by, personal_id id, const holder_proof& proof,
                           std::int64_t now_unix_ms) {
    const auto in_time = check_proof_time(proof.issued_at_unix_ms, {.now_unix_ms = now_unix_ms});
    if (in_time != outcome::verified) return problem_of(in_time);
    const auto& index = by.opened.index();
    const auto found = index.find(id);
    ed25519::public_key key;
    const bool has_key = index.find_key(id, std::as_writable_bytes(std::span{key.bytes})) &&
                         key != ed25519::public_key{} && found && *found && may_sign(**found);
    if (!has_key) key = nobodys_key();
    const auto message =
        message_for_holder(own_request(id), by.key.fingerprint(), proof.issued_at_unix_ms, proof.nonce);
    if (!ed25519::verify(key, message, proof.signature) || !has_key) return problem::holder_proof_wrong;
    return problem_of(watch_ != nullptr
                          ? watch_->take_proof(id.value(), proof.nonce, proof.issued_at_unix_ms, now_unix_ms)
                          : own_.take(own_fingerprint(id, proof.nonce), proof.issued_at_unix_ms, now_unix_ms));
}

}  // namespace xacthuc::inline v0_1::service
