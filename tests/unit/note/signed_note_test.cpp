// SPDX-License-Identifier: Apache-2.0
// Notes as other programs write and read them, and nothing that only looks like one.
#include <doctest/doctest.h>
#include <sodium.h>

#include <algorithm>
#include <string>
#include <vector>
#include <xacthuc/note/signed_note.hpp>

#include "domain/octets.hpp"

using namespace xacthuc;

namespace {

// Stands in the documentation of others' implementations of notes.
constexpr std::string_view known_key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
// A note of Go's own checksum database signed by that key, as Go's documentation of notes has it.
constexpr std::string_view known_note =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "\xe2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

struct signer {
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
    public_key key;

    explicit signer(unsigned char seed_byte) {
        std::array<unsigned char, crypto_sign_SEEDBYTES> seed;
        seed.fill(seed_byte);
        crypto_sign_seed_keypair(octets(key.bytes), secret.data(), seed.data());
    }
    [[nodiscard]] note_verifier named(std::string_view name) const { return note_verifier::make(name, key).value(); }
    [[nodiscard]] note_signer sign() const {
        return [this](std::span<const std::byte> message) {
            ed25519::signature made;
            crypto_sign_detached(octets(made.bytes), nullptr, octets(message), message.size(), secret.data());
            return made;
        };
    }
};

[[nodiscard]] signed_note made_note(const signer& by, std::string_view name, std::string text = "one\n\ntwo\n") {
    signed_note note{std::move(text), {}};
    REQUIRE(sign_note(note, by.named(name), by.sign()).has_value());
    return note;
}

}  // namespace

TEST_CASE("a verifier key and a note that others published are read, verified and written the same") {
    const auto key = note_verifier::parse(known_key).value();
    CHECK(key.name() == "PeterNeumann");
    CHECK(key.text() == known_key);
    const auto note = parse_note(known_note).value();
    CHECK(note.is_signed_by(key));
    CHECK(note.encode() == known_note);
}

TEST_CASE("a verifier key that is changed anywhere is none") {
    for (std::size_t at = 0; at < known_key.size(); ++at)
        for (const char other : {'A', '+', ' ', '\n', '0'}) {
            if (known_key[at] == other) continue;
            std::string changed{known_key};
            changed[at] = other;
            const auto read = note_verifier::parse(changed);
            CHECK(read.has_error());
        }
}

TEST_CASE("signatures are of the whole text, by the key of the name, and may be several") {
    const signer a{1};
    const signer b{2};
    auto note = made_note(a, "vn");
    REQUIRE(sign_note(note, b.named("vn/health"), b.sign()).has_value());
    CHECK(note.signatures.size() == 2);
    const auto read = parse_note(note.encode()).value();
    CHECK(read == note);
    CHECK(read.is_signed_by(a.named("vn")));
    CHECK(read.is_signed_by(b.named("vn/health")));
    CHECK_FALSE(read.is_signed_by(a.named("vn/health")));
    CHECK_FALSE(read.is_signed_by(b.named("vn")));
    // Again by the same key: in place of the first.
    REQUIRE(sign_note(note, a.named("vn"), a.sign()).has_value());
    CHECK(note.signatures.size() == 2);
    // Each bit of the text counts.
    for (std::size_t bit = 0; bit < 8 * read.text.size(); ++bit) {
        auto changed = read;
        changed.text[bit / 8] = static_cast<char>(changed.text[bit / 8] ^ 1 << bit % 8);
        CHECK_FALSE(changed.is_signed_by(a.named("vn")));
    }
}

TEST_CASE("the first signature of a key decides, as for other readers") {
    const signer a{1};
    auto note = made_note(a, "vn");
    auto wrong = note.signatures.front();
    wrong.bytes[3] ^= std::byte{1};
    note.signatures.insert(note.signatures.begin(), wrong);
    CHECK_FALSE(note.is_signed_by(a.named("vn")));
    // One of a kind that is not known here is no signature of this key, and does no harm.
    note.signatures = {{"vn", 7, {std::byte{9}, std::byte{9}}}, made_note(a, "vn").signatures.front()};
    CHECK(parse_note(note.encode())->is_signed_by(a.named("vn")));
}

TEST_CASE("what is not a note is none") {
    const signer a{1};
    const auto good = made_note(a, "vn").encode();
    for (const auto* bad : {"", "\n", "\n\n", "text\n", "text\n\n", "text\n\nno mark\n", "text\n\n\xe2\x80\x94 vn\n",
                            "text\n\n\xe2\x80\x94 vn !!!!\n", "text\n\n\xe2\x80\x94 vn AAAA\n",
                            "text\n\n\xe2\x80\x94 v n AAAAAAAA\n", "te\txt\n\n\xe2\x80\x94 vn AAAAAAAA\n",
                            "te\xffxt\n\n\xe2\x80\x94 vn AAAAAAAA\n", "text\r\n\n\xe2\x80\x94 vn AAAAAAAA\n"})
        CHECK(parse_note(bad).has_error());
    CHECK(parse_note(good.substr(0, good.size() - 1)).has_error());
    for (const auto* text : {"", "no line end", "a\tb\n", "a\r\n", "\xc3\n"}) {
        signed_note note{text, {}};
        CHECK(sign_note(note, a.named("vn"), a.sign()).has_error());
    }
    for (const auto* name : {"", "a b", "a+b", "a\nb",
                             "a\xc2\xa0"
                             "b",
                             "\xff"})
        CHECK(note_verifier::make(name, a.key).has_error());
}
