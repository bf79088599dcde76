// SPDX-License-Identifier: Apache-2.0
// Wycheproof's vectors for Ed25519 and the speccheck cases, where XACTHUC_VECTORS names the folder that holds them: the
// published verdict, and libsodium's, by every path.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "bytes_of.hpp"
#include "unit/ed25519/all_paths.hpp"

using namespace xacthuc;
using namespace xacthuc::ed25519;

namespace {

// Nothing when the folder is not given; then the test has said so.
std::optional<boost::json::value> read_vectors(const char* name) {
    const char* const folder = std::getenv("XACTHUC_VECTORS");
    if (folder == nullptr) {
        std::puts("all skipped: XACTHUC_VECTORS is not set");
        return std::nullopt;
    }
    std::ifstream file(std::string(folder) + "/" + name);
    REQUIRE_MESSAGE(file.good(), "cannot read " << name);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return boost::json::parse(text);
}

std::vector<std::byte> bytes_in(const boost::json::object& object, const char* name) {
    const boost::json::string& text = object.at(name).as_string();
    return bytes_of_hex({text.data(), text.size()});
}

TEST_CASE("Wycheproof") {
    const auto document = read_vectors("wycheproof_ed25519_test.json");
    if (!document) {
        return;
    }
    std::vector<triple> triples;
    std::size_t count = 0;
    for (const auto& group : document->at("testGroups").as_array()) {
        const auto key = bytes_in(group.at("publicKey").as_object(), "pk");
        REQUIRE(key.size() == public_key_bytes);
        for (const auto& test : group.at("tests").as_array()) {
            ++count;
            const bool is_valid = test.at("result").as_string() == "valid";
            const auto signature = bytes_in(test.as_object(), "sig");
            if (signature.size() != signature_bytes) {
                // Our types cannot hold it; whoever reads it refuses it.
                CHECK_FALSE(is_valid);
                continue;
            }
            triple it;
            std::copy(key.begin(), key.end(), it.key.bytes.begin());
            std::copy(signature.begin(), signature.end(), it.signature.bytes.begin());
            it.message = bytes_in(test.as_object(), "msg");
            CAPTURE(test.at("tcId").as_int64());
            CHECK(libsodium_verdict(it) == is_valid);
            CHECK(verify(it.key, it.message, it.signature) == is_valid);
            triples.push_back(it);
        }
    }
    CHECK(count == 151);
    registered_keys keys;
    check_all_paths(triples, keys);
}

TEST_CASE("speccheck: only case 3 is accepted") {
    const auto document = read_vectors("speccheck_cases.json");
    if (!document) {
        return;
    }
    std::vector<triple> triples;
    for (const auto& test : document->as_array()) {
        triple it;
        const auto key = bytes_in(test.as_object(), "pub_key");
        const auto signature = bytes_in(test.as_object(), "signature");
        REQUIRE(key.size() == public_key_bytes);
        REQUIRE(signature.size() == signature_bytes);
        std::copy(key.begin(), key.end(), it.key.bytes.begin());
        std::copy(signature.begin(), signature.end(), it.signature.bytes.begin());
        it.message = bytes_in(test.as_object(), "message");
        CAPTURE(triples.size());
        CHECK(verify(it.key, it.message, it.signature) == (triples.size() == 3));
        triples.push_back(it);
    }
    CHECK(triples.size() == 12);
    registered_keys keys;
    for (int repeat = 0; repeat < 3; ++repeat) {
        check_all_paths(triples, keys);
    }
}

}  // namespace
