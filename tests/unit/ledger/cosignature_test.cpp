// SPDX-License-Identifier: Apache-2.0
// Cosignatures: keys as others write them, and what each vouches for.
#include <doctest/doctest.h>

#include <xacthuc/ledger/cosignature.hpp>

#include "unit/ledger/log_signer.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

[[nodiscard]] note_signer signing(const log_signer& by) {
    return [by](std::span<const std::byte> message) { return by.sign(message); };
}

}  // namespace

TEST_CASE("a cosigner's key is another than that of a note's signer, and is read as it is written") {
    const log_signer key{5, "witness.example/w"};
    const auto who = cosigner::make(key.origin(), key.verifier().key()).value();
    CHECK(cosigner::parse(who.text()).value() == who);
    CHECK(who.key_id() != key.verifier().key_id());
    CHECK(cosigner::parse(key.verifier().text()).error() == errc::note_key);
    CHECK(note_verifier::parse(who.text()).error() == errc::note_key);
    CHECK(cosigner::make("a b", key.verifier().key()).error() == errc::note_name);
    for (std::size_t at = 0; at < who.text().size(); ++at) {
        auto changed = who.text();
        changed[at] = static_cast<char>(changed[at] ^ 1);
        CHECK(cosigner::parse(changed).has_error());
    }
}

TEST_CASE("a cosignature is of this text, this key and this time") {
    const log_signer key{5, "witness.example/w"};
    const auto who = cosigner::make(key.origin(), key.verifier().key()).value();
    const std::string text = "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    const auto made = make_cosignature(text, who, 1'679'315'147, signing(key));
    CHECK(made.bytes.size() == 72);
    CHECK(cosigned_at({text, {made}}, who) == 1'679'315'147);
    CHECK_FALSE(cosigned_at({text + "x\n", {made}}, who));
    CHECK_FALSE(cosigned_at({text, {}}, who));
    CHECK_FALSE(cosigned_at({text, {made}}, cosigner::make("witness.example/v", who.key()).value()));
    for (std::size_t at = 0; at < made.bytes.size(); ++at) {
        auto changed = made;
        changed.bytes[at] ^= std::byte{1};
        CHECK_FALSE(cosigned_at({text, {changed}}, who));
        CHECK_FALSE(cosigned_at({text, {changed, made}}, who));
    }
    auto shorter = made;
    shorter.bytes.pop_back();
    CHECK_FALSE(cosigned_at({text, {shorter}}, who));
    CHECK_FALSE(cosigned_at({text, {make_cosignature(text, who, std::uint64_t{1} << 63, signing(key))}}, who));
}
