// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <xacthuc/ed25519/verify.hpp>
#include <xacthuc/ledger/cosignature.hpp>

#include "note/verifier_key.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::size_t time_bytes = 8;

[[nodiscard]] std::string message_of(std::string_view text, std::uint64_t time_s) {
    return "cosignature/v1\ntime " + std::to_string(time_s) + '\n' + std::string{text};
}

}  // namespace

result<cosigner> cosigner::make(std::string_view name, const public_key& key) {
    if (!is_key_name(name)) return errc::note_name;
    return cosigner{name, key};
}

result<cosigner> cosigner::parse(std::string_view text) {
    const auto read = parse_verifier_key(text, signature_kind::cosignature);
    if (!read) return read.error();
    return make(read->first, read->second);
}

std::uint32_t cosigner::key_id() const {
    return key_id_of(name_, signature_kind::cosignature, key_);
}

std::string cosigner::text() const {
    return verifier_key_text(name_, signature_kind::cosignature, key_);
}

std::optional<std::uint64_t> cosigned_at(const signed_note& note, const cosigner& who) {
    const auto id = who.key_id();
    for (const auto& each : note.signatures) {
        if (each.key_id != id || each.name != who.name()) continue;
        // The first of this key decides, as with all signatures of notes.
        ed25519::signature signature;
        if (each.bytes.size() != time_bytes + signature.bytes.size()) return std::nullopt;
        std::uint64_t time_s = 0;
        for (std::size_t i = 0; i < time_bytes; ++i)
            time_s = time_s << 8 | std::to_integer<std::uint64_t>(each.bytes[i]);
        std::copy(each.bytes.begin() + time_bytes, each.bytes.end(), signature.bytes.begin());
        const auto message = message_of(note.text, time_s);
        const bool is_right = ed25519::verify(who.key(), std::as_bytes(std::span{message}), signature);
        if (!is_right || time_s >> 63 != 0) return std::nullopt;
        return time_s;
    }
    return std::nullopt;
}

note_signature make_cosignature(std::string_view text, const cosigner& who, std::uint64_t time_s,
                                const note_signer& sign) {
    const auto message = message_of(text, time_s);
    const auto signature = sign(std::as_bytes(std::span{message}));
    note_signature made{who.name(), who.key_id(), {}};
    for (int shift = 56; shift >= 0; shift -= 8) made.bytes.push_back(static_cast<std::byte>(time_s >> shift));
    made.bytes.insert(made.bytes.end(), signature.bytes.begin(), signature.bytes.end());
    return made;
}

}  // namespace xacthuc::inline v0_1
