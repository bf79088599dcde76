// SPDX-License-Identifier: Apache-2.0
#include "service/holder_gate.hpp"

#include <array>
#include <span>
#include <xacthuc/domain/record.hpp>
#include <xacthuc/domain/status.hpp>
#include <xacthuc/ed25519/verify.hpp>

#include "service/served_register.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

// A key that is one, the base point: for whom there is none, so that one is always checked.
[[nodiscard]] public_key nobodys_key() noexcept {
    public_key made;
    made.bytes.fill(std::byte{0x66});
    made.bytes[0] = std::byte{0x58};
    return made;
}

[[nodiscard]] bool may_sign(const record& of) noexcept {
    const auto facts = of.words[2];
    return layout::superseded.get(facts) == 0 &&
           layout::life.get(facts) != static_cast<std::uint64_t>(life_status::deceased) &&
           layout::account.get(facts) != static_cast<std::uint64_t>(account_status::revoked);
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

problem holder_gate::check(const register_in_use& by, personal_id id, const holder_proof& proof,
                           std::int64_t now_unix_ms) {
    const auto in_time = check_proof_time(proof.issued_at_unix_ms, times_at(now_unix_ms));
    if (in_time != outcome::verified) return problem_of(in_time);
    const auto& index = by.opened.index();
    const auto found = index.find(id);
    public_key key;
    const bool has_key = index.find_key(id, key) && key != public_key{} && found && *found && may_sign(**found);
    if (!has_key) key = nobodys_key();
    const auto message =
        message_for_holder(own_request(id), by.key.fingerprint(), proof.issued_at_unix_ms, proof.nonce);
    if (!ed25519::verify(key, message, proof.signature) || !has_key) return problem::holder_proof_wrong;
    const auto taken = used_.take(id, proof.nonce, proof.issued_at_unix_ms, now_unix_ms);
    // It is young enough, so it is of before the start.
    return taken == outcome::proof_expired ? problem::nonces_unknown : problem_of(taken);
}

}  // namespace xacthuc::inline v0_1::service
