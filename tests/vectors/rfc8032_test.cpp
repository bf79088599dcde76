// SPDX-License-Identifier: Apache-2.0
// The test vectors of RFC 8032, section 7.1, but for the one with a message of 1,023 bytes.
#include <doctest/doctest.h>

#include <algorithm>

#include "bytes_of.hpp"
#include "unit/ed25519/all_paths.hpp"

using namespace xacthuc;
using namespace xacthuc::ed25519;

namespace {

struct vector_text {
    const char* name;
    const char* secret;
    const char* key;
    const char* message;
    const char* signature;
};

constexpr vector_text vectors[] = {
    {"TEST 1", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe246"
     "55141438e7a100b"},
    {"TEST 2", "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb"
     "00d291612bb0c00"},
    {"TEST 3", "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc"
     "027beceea1ec40a"},
    {"TEST SHA(abc)", "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2"
     "a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad"
     "9bef1177331a704"},
};

TEST_CASE("the vectors of RFC 8032 are valid by every path, and not with a bit changed") {
    std::vector<triple> triples;
    for (const vector_text& it : vectors) {
        CAPTURE(it.name);
        triple made;
        const auto key = bytes_of_hex(it.key);
        const auto signature = bytes_of_hex(it.signature);
        REQUIRE(key.size() == 32);
        REQUIRE(signature.size() == 64);
        std::copy(key.begin(), key.end(), made.key.bytes.begin());
        std::copy(signature.begin(), signature.end(), made.signature.bytes.begin());
        made.message = bytes_of_hex(it.message);
        // The secret key is part of the vector: it must give this key and this signature.
        unsigned char secret[crypto_sign_SECRETKEYBYTES];
        public_key derived;
        ed25519::signature signed_again;
        crypto_sign_seed_keypair(octets(derived.bytes), secret, octets(bytes_of_hex(it.secret)));
        crypto_sign_detached(octets(signed_again.bytes), nullptr, octets(made.message), made.message.size(), secret);
        CHECK(derived == made.key);
        CHECK(signed_again == made.signature);
        CHECK(libsodium_verdict(made));
        CHECK(verify(made.key, made.message, made.signature));
        triples.push_back(made);
        made.signature.bytes[33] ^= std::byte{1};
        CHECK_FALSE(verify(made.key, made.message, made.signature));
        triples.push_back(made);
    }
    registered_keys keys;
    for (int repeat = 0; repeat < 3; ++repeat) {
        check_all_paths(triples, keys);
    }
}

}  // namespace
