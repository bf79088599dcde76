// SPDX-License-Identifier: Apache-2.0
// A synthetic population with account keys in an index, and the slow way to judge a holder's proof.
#pragma once

#include <sodium.h>

#include <unordered_map>
#include <vector>

#include "domain/octets.hpp"
#include "ed25519/kernel_list.hpp"
#include "engine/pipeline.hpp"
#include "population/signed_requests.hpp"
#include "unit/engine/small_nation.hpp"

namespace xacthuc::tests {

// Every claims kernel with the best signature kernel, and every signature kernel with the best claims kernel.
[[nodiscard]] inline std::vector<pipeline_kernels> all_kernels() {
    std::vector<pipeline_kernels> all;
    for (const auto* const signatures : ed25519::compiled_kernels())
        if (signatures->runs_here()) all.push_back({kernels::available().back(), *signatures});
    for (const auto& claims : kernels::available()) all.push_back({claims, ed25519::current_kernel()});
    return all;
}

class nation_with_keys : public small_nation {
  public:
    explicit nation_with_keys(std::uint64_t citizens) : small_nation{citizens, 0.62, true}, keys_{5, 64} {
        name_text text;
        for (std::uint64_t i = 0; i < people().count(); ++i) {
            const auto id = people().citizen_at(i, text).id;
            const auto* const pair = keys_.account_key(people(), i);
            if (pair != nullptr) index().set_key(id, pair->public_key).value();
        }
    }

    [[nodiscard]] signed_requests signed_by_holders(std::size_t count, std::uint16_t agency = 1) const {
        return make_signed_requests(people(), keys_, test_key(), count, 3, agency);
    }
    [[nodiscard]] const account_key_pair* pair_of(std::uint64_t citizen) const {
        return keys_.account_key(people(), citizen);
    }
    [[nodiscard]] holder_proof sign(const request& about, std::uint64_t as) const {
        return sign_as_holder(about, test_key().fingerprint(), *pair_of(as), 5, as);
    }

    // The claims by the engine without proofs, the rest by index lookups and libsodium.
    [[nodiscard]] verdict one_by_one(const request& q, const holder_proof& proof) {
        verdict answer;
        engine{index()}.verify({&q, 1}, {&answer, 1});
        const auto what = answer.outcome();
        if (what == outcome::malformed || what == outcome::not_found || what == outcome::superseded) return answer;
        const auto id = personal_id::from_trusted(q.id());
        const auto r = index().find(id).value().value();
        const auto refused = [](outcome why) { return verdict{why, 0, 0, 0}; };
        if (layout::account.get(r.words[2]) == static_cast<std::uint64_t>(account_status::revoked))
            return refused(outcome::key_revoked);
        public_key key;
        if (!index().find_key(id, key)) return refused(outcome::no_key_registered);
        const auto message =
            message_for_holder(q, index().facts().digest_key_fingerprint, proof.issued_at_unix_ms, proof.nonce);
        const bool is_valid = crypto_sign_verify_detached(octets(proof.signature.bytes), octets(message),
                                                          message.size(), octets(key.bytes)) == 0;
        return is_valid ? answer : refused(outcome::bad_signature);
    }

  private:
    key_pool keys_;
};

}  // namespace xacthuc::tests
