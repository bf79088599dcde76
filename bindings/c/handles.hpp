// SPDX-License-Identifier: Apache-2.0
// What is behind the opaque handles.
#pragma once

#include <xacthuc.h>

#include <bit>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/ed25519/verifying_key.hpp>
#include <xacthuc/engine/proof.hpp>
#include <xacthuc/guard/guards.hpp>
#include <xacthuc/index/citizen_index.hpp>
#include <xacthuc/policy/policy_source.hpp>
#include <xacthuc/registry/authority.hpp>
#include <xacthuc/registry/registry.hpp>

#include "live_index.hpp"
#include "policy_in_force.hpp"
#include "put_once.hpp"
#include "recording.hpp"

struct xt_digest_key {
    xacthuc::digest_key value;
    std::uint64_t fingerprint = value.fingerprint();  // asked for by every call with a text
};

struct xt_authority {
    xacthuc::authority_public_key value;
};

struct xt_authority_key {
    xacthuc::authority_key value;
};

struct xt_verifying_key {
    xacthuc::ed25519::verifying_key value;
};

struct xt_agency_keys {
    explicit xt_agency_keys(const xacthuc::ed25519::key_ring_options& options) : value{options} {}

    xacthuc::agency_keys value;
};

struct xt_policy {
    xacthuc::loaded_policy value;
};

struct xt_guards {
    std::shared_ptr<xacthuc::guards> value;
    std::vector<xacthuc::guard_alarm> waiting;  // that there was no room for
};

struct xt_ledger {
    std::shared_ptr<xacthuc::c::recording> value;
    std::string folder;
    std::string key;     // that is given away
    std::mutex sorting;  // taken before the ledger is
};

// A snapshot's index, or a registry and the index in it.
struct xt_register {
    xt_register(xacthuc::citizen_index&& from_snapshot, const xt_digest_key* key) : live{std::move(from_snapshot)} {
        if (key != nullptr) digests.emplace(*key);
    }
    xt_register(xacthuc::registry&& from_directory, bool for_reading)
        : on_disk{std::move(from_directory)},
          live{on_disk->index()},
          digests{xt_digest_key{on_disk->digests()}},
          read_only{for_reading} {}
    xt_register(const xt_register&) = delete;
    xt_register& operator=(const xt_register&) = delete;

    std::optional<xacthuc::registry> on_disk;
    xacthuc::c::live_index live;
    std::optional<xt_digest_key> digests;  // that names were digested under, where it is known
    bool read_only = false;
    xacthuc::c::policy_in_force policy;
    xacthuc::c::put_once<xacthuc::guards> watch;
    xacthuc::c::put_once<xacthuc::c::recording> rows;
    std::uint16_t agency = 0;  // that the host asks for; 0: requests say who asks

    [[nodiscard]] xacthuc::c::judged_call begin_call() const noexcept { return {policy, watch, rows, agency}; }
};

namespace xacthuc::c {

// The key to digest under: the caller's, or the register's own.
[[nodiscard]] inline xt_status find_key(const xt_register& opened, const citizen_index& index,
                                        const xt_digest_key* given, const digest_key*& key) noexcept {
    if (given != nullptr && given->fingerprint != index.facts().digest_key_fingerprint) return XT_FOREIGN_DIGEST_KEY;
    if (given == nullptr && !opened.digests) return XT_NULL_ARGUMENT;
    key = given != nullptr ? &given->value : &opened.digests->value;
    return XT_OK;
}

[[nodiscard]] inline xt_verdict told(const verdict& from) noexcept {
    return std::bit_cast<xt_verdict>(from);
}

// Whether a mask has bits of claims alone.
[[nodiscard]] constexpr bool are_claims(std::uint16_t mask) noexcept {
    return (mask & ~unsigned{all_claims}) == 0;
}

}  // namespace xacthuc::c
