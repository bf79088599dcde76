// SPDX-License-Identifier: Apache-2.0
// Requests about the account holders of a synthetic population, right in every claim and signed with the keys that a
// pool gives them: for tests and measurements of proofs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/engine/proof.hpp>

#include "population/key_pool.hpp"
#include "population/population.hpp"

namespace xacthuc::inline v0_1 {

struct signed_requests {
    std::vector<request> requests;
    std::vector<holder_proof> proofs;
    std::vector<std::uint64_t> holders;  // the citizen that each is about
};

[[nodiscard]] holder_proof sign_as_holder(const request& about, std::uint64_t register_fingerprint,
                                          const account_key_pair& key, std::int64_t issued_at_unix_ms,
                                          std::uint64_t nonce) noexcept;

// Name, birth date, sex and life status of `count` citizens with active accounts who get outcome verified, drawn at
// random from the whole population and in no order; agency and procedure as given. Requires: some citizen is such a
// one. Complexity: about 30 µs a request, for its signature.
[[nodiscard]] signed_requests make_signed_requests(const population& of, const key_pool& keys,
                                                   const digest_key& digests, std::size_t count, std::uint64_t seed,
                                                   std::uint16_t agency = 1, std::uint16_t procedure = 1);

}  // namespace xacthuc::inline v0_1
