// SPDX-License-Identifier: Apache-2.0
#include "population/key_pool.hpp"

#include <doctest/doctest.h>
#include <sodium.h>

#include <set>

#include "domain/octets.hpp"

using namespace xacthuc;

TEST_CASE("keys are distinct, whole pairs, and the same for a seed") {
    const key_pool pool{7, 64}, same{7, 64}, other{8, 64};
    std::set<public_key> seen;
    for (std::size_t n = 0; n < pool.pairs().size(); ++n) {
        const auto& pair = pool.pairs()[n];
        CHECK(seen.insert(pair.public_key).second);
        CHECK(pair.public_key == same.pairs()[n].public_key);
        CHECK(pair.public_key != other.pairs()[n].public_key);
        std::array<unsigned char, crypto_sign_BYTES> signature{};
        const std::array<unsigned char, 3> message{1, 2, 3};
        crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(), pair.secret_key.data());
        CHECK(crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                          octets(pair.public_key.bytes)) == 0);
    }
}

TEST_CASE("those with an account have a key, all keys are used, the others have none") {
    const auto nation = population::create(1, 5'000).value();
    const key_pool pool{7, 16};
    std::set<const account_key_pair*> used;
    for (std::uint64_t i = 0; i < nation.count(); ++i) {
        const auto* key = pool.account_key(nation, i);
        REQUIRE((key != nullptr) == nation.person_at(i).has_account());
        if (key == nullptr) continue;
        REQUIRE(key == &pool.pairs()[pool.number_for(i)]);
        used.insert(key);
    }
    CHECK(used.size() == 16);
}
