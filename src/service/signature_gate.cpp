// SPDX-License-Identifier: Apache-2.0
#include "service/signature_gate.hpp"

#include <array>

namespace xacthuc::inline v0_1::service {
namespace {

constexpr std::size_t signatures_max = 256;
// No agency's clock is as far off: what is beyond is not reckoned with.
constexpr std::int64_t seconds_max = 1'000'000'000'000;

[[nodiscard]] signature_fault check_time(const request_signature& of, std::int64_t max_ahead_ms,
                                         std::int64_t now_unix_ms) noexcept {
    const auto now_s = now_unix_ms / 1000;
    if (of.created_s < 0 || of.created_s > seconds_max) return {problem::signature_parameters};
    const proof_options when{.now_unix_ms = now_unix_ms, .max_ahead_ms = max_ahead_ms};
    const auto found = check_proof_time(of.created_s * 1000, when);
    if (found == outcome::proof_expired) return {problem::signature_stale, 0, now_s - of.created_s};
    if (found == outcome::proof_not_yet_valid) return {problem::signature_early, 0, now_s - of.created_s};
    if (of.expires_s && *of.expires_s < now_s) return {problem::signature_expired};
    return {};
}

[[nodiscard]] problem problem_of_nonce(outcome taken) noexcept {
    switch (taken) {
        case outcome::verified:
            return problem::none;
        case outcome::proof_repeated:
            return problem::signature_repeated;
        case outcome::proof_expired:
            return problem::nonces_unknown;
        case outcome::proof_not_yet_valid:
            return problem::signature_early;
        default:
            return problem::nonces_full;
    }
}

}  // namespace

signature_fault admit_signature(const signed_message& of, std::optional<std::uint16_t> connected,
                                const signature_keys& keys, std::int64_t now_unix_ms, signed_request& into,
                                std::string& bases) {
    const auto begin = bases.size();
    request_signature read;
    if (const auto fault = read_signature(of, read, bases); fault.what != problem::none) return fault;
    const auto agency = agency_of_key_id(read.key_id);
    if (!agency) return {problem::signature_key_unknown};
    auto found = keys.find(*agency);
    if (found.revoked) return {problem::signature_key_revoked};
    if (found.key == nullptr) return {problem::signature_key_unknown};
    if (connected && *connected != *agency) return {problem::signature_agency_differs};
    if (const auto fault = check_time(read, keys.as().max_ahead.count(), now_unix_ms); fault.what != problem::none)
        return fault;
    into.key = std::move(found.key);
    into.signature = read.bytes;
    into.nonce = used_nonces::digest_of(read.nonce);
    into.created_unix_ms = read.created_s * 1000;
    into.agency = *agency;
    into.base_at = begin;
    into.base_size = bases.size() - begin;
    into.label = read.label;
    into.refused = problem::none;
    return {};
}

void verify_signatures(std::span<signed_request> all, std::string_view bases, used_nonces& used,
                       std::int64_t now_unix_ms) {
    std::array<ed25519::batch_item, signatures_max> items;
    std::array<bool, signatures_max> are_right;
    for (std::size_t k = 0; k < all.size(); ++k)
        items[k] = {.message = std::as_bytes(std::span{bases.substr(all[k].base_at, all[k].base_size)}),
                    .signature = &all[k].signature,
                    .key = all[k].key.get()};
    if (all.size() == 1) {
        are_right[0] = ed25519::verify(*all[0].key, items[0].message, all[0].signature);
    } else {
        ed25519::verify_batch({items.data(), all.size()}, {are_right.data(), all.size()});
    }
    for (std::size_t k = 0; k < all.size(); ++k) {
        auto& each = all[k];
        each.refused = are_right[k]
                           ? problem_of_nonce(used.take(each.agency, each.nonce, each.created_unix_ms, now_unix_ms))
                           : problem::signature_wrong;
    }
}

}  // namespace xacthuc::inline v0_1::service
