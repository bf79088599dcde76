// SPDX-License-Identifier: Apache-2.0
// What is behind the opaque handles.
#pragma once

#include <xacthuc.h>

#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/ed25519/verifying_key.hpp>
#include <xacthuc/engine/proof.hpp>
#include <xacthuc/index/citizen_index.hpp>
#include <xacthuc/registry/authority.hpp>

struct xt_digest_key {
    xacthuc::digest_key value;
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

struct xt_register {
    xacthuc::citizen_index index;
};
