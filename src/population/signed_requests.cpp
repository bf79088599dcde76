// SPDX-License-Identifier: Apache-2.0
#include "population/signed_requests.hpp"

#include <sodium.h>

#include <cstring>

#include "domain/octets.hpp"
#include "population/random_stream.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::int64_t signed_at_unix_ms = 1'795'000'000'000;

[[nodiscard]] bool gets_verified(const citizen& who) noexcept {
    return who.account == account_status::active && who.life == life_status::alive &&
           who.registration == registration_status::active && !who.superseded && !who.name.empty() &&
           who.birth.year() != 0 && who.sex != sex::unknown;
}

}  // namespace

holder_proof sign_as_holder(const request& about, std::uint64_t register_fingerprint, const account_key_pair& key,
                            std::int64_t issued_at_unix_ms, std::uint64_t nonce) noexcept {
    holder_proof proof;
    proof.issued_at_unix_ms = issued_at_unix_ms;
    std::memcpy(proof.nonce.data(), &nonce, sizeof nonce);
    const auto message = message_for_holder(about, register_fingerprint, proof.issued_at_unix_ms, proof.nonce);
    crypto_sign_detached(octets(proof.signature.bytes), nullptr, octets(message), message.size(),
                         key.secret_key.data());
    return proof;
}

signed_requests make_signed_requests(const population& of, const key_pool& keys, const digest_key& digests,
                                     std::size_t count, std::uint64_t seed, std::uint16_t agency,
                                     std::uint16_t procedure) {
    signed_requests made;
    name_text text;
    for (std::uint64_t draw = 0; made.requests.size() < count; ++draw) {
        const auto i = scale_bits(mix_bits(seed, draw), of.count());
        const auto* const key = keys.account_key(of, i);
        if (key == nullptr) continue;
        const auto who = of.citizen_at(i, text);
        if (!gets_verified(who)) continue;
        claim_set claims;
        claims.id = who.id;
        claims.name = who.name;
        claims.birth_date = who.birth;
        claims.sex = who.sex;
        claims.life = who.life;
        claims.agency = agency;
        claims.procedure = procedure;
        const auto asked = prepare(claims, digests);
        if (!asked) continue;
        made.requests.push_back(*asked);
        made.proofs.push_back(sign_as_holder(*asked, digests.fingerprint(), *key,
                                             signed_at_unix_ms + static_cast<std::int64_t>(made.proofs.size()), draw));
        made.holders.push_back(i);
    }
    return made;
}

}  // namespace xacthuc::inline v0_1
