// SPDX-License-Identifier: Apache-2.0
// A holder's proof as JSON is read to the last digit, and what is wrong with it names its member.
#include "service/proof_text.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace xacthuc;
using namespace xacthuc::service;

namespace {

const std::string nonce_digits = "00112233445566778899aabbccddeeff";
const std::string signature_digits = std::string(126, '0') + "fF";

}  // namespace

TEST_CASE("a proof is read, whatever the order of its members") {
    proof_text_reader reader;
    holder_proof made;
    for (const bool is_backwards : {false, true}) {
        CAPTURE(is_backwards);
        reader.begin();
        if (is_backwards) {
            REQUIRE(reader.key("signature") == problem::none);
            REQUIRE(reader.text(signature_digits) == problem::none);
        }
        REQUIRE(reader.key("issued_at_unix_ms") == problem::none);
        REQUIRE(reader.number(1'798'761'600'000) == problem::none);
        REQUIRE(reader.key("nonce") == problem::none);
        REQUIRE(reader.text(nonce_digits) == problem::none);
        if (!is_backwards) {
            REQUIRE(reader.key("signature") == problem::none);
            REQUIRE(reader.text(signature_digits) == problem::none);
        }
        REQUIRE(reader.end(made) == problem::none);
        CHECK(made.issued_at_unix_ms == 1'798'761'600'000);
        CHECK(made.nonce[0] == std::byte{0x00});
        CHECK(made.nonce[1] == std::byte{0x11});
        CHECK(made.nonce[15] == std::byte{0xff});
        CHECK(made.signature.bytes[62] == std::byte{0});
        CHECK(made.signature.bytes[63] == std::byte{0xff});
    }
}

TEST_CASE("each fault of a proof names its member") {
    proof_text_reader reader;
    reader.begin();
    CHECK(reader.member() == "holder_proof");
    CHECK(reader.key("Nonce") == problem::unknown_member);
    CHECK(reader.member() == "holder_proof");

    reader.begin();
    CHECK(reader.key("nonce") == problem::none);
    CHECK(reader.key("nonce") == problem::member_twice);
    CHECK(reader.member() == "holder_proof.nonce");
    for (const auto& wrong : {nonce_digits.substr(1), nonce_digits + "0", "g" + nonce_digits.substr(1), std::string{}})
        CHECK(reader.text(wrong) == problem::member_type);
    CHECK(reader.number(7) == problem::member_type);
    CHECK(reader.other() == problem::member_type);

    CHECK(reader.key("issued_at_unix_ms") == problem::none);
    CHECK(reader.text("1798761600000") == problem::member_type);
    CHECK(reader.number(std::uint64_t{1} << 63) == problem::member_type);
    CHECK(reader.member() == "holder_proof.issued_at_unix_ms");

    CHECK(reader.key("signature") == problem::none);
    CHECK(reader.text(nonce_digits) == problem::member_type);
    CHECK(reader.member() == "holder_proof.signature");
}

TEST_CASE("a proof that lacks a member is none") {
    proof_text_reader reader;
    holder_proof made;
    reader.begin();
    REQUIRE(reader.key("issued_at_unix_ms") == problem::none);
    REQUIRE(reader.number(1) == problem::none);
    REQUIRE(reader.key("signature") == problem::none);
    REQUIRE(reader.text(signature_digits) == problem::none);
    CHECK(reader.end(made) == problem::member_missing);
    CHECK(reader.member() == "holder_proof.nonce");
    // And one that was begun anew has none of the one before.
    reader.begin();
    CHECK(reader.end(made) == problem::member_missing);
    CHECK(reader.member() == "holder_proof.issued_at_unix_ms");
}
