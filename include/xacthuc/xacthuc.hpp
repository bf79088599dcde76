// SPDX-License-Identifier: Apache-2.0
// All of xacthuc. Include what you use instead where compile time matters.
#pragma once

#include <xacthuc/domain/citizen.hpp>
#include <xacthuc/domain/citizen_field.hpp>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/date.hpp>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/name.hpp>
#include <xacthuc/domain/personal_id.hpp>
#include <xacthuc/domain/province.hpp>
#include <xacthuc/domain/record.hpp>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/request_field.hpp>
#include <xacthuc/domain/status.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/ed25519/key_ring.hpp>
#include <xacthuc/ed25519/public_key.hpp>
#include <xacthuc/ed25519/signature.hpp>
#include <xacthuc/ed25519/verify.hpp>
#include <xacthuc/ed25519/verifying_key.hpp>
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/engine/proof.hpp>
#include <xacthuc/engine/tally.hpp>
#include <xacthuc/index/citizen_index.hpp>
#include <xacthuc/index/epoch.hpp>
#include <xacthuc/index/huge_pages.hpp>
#include <xacthuc/index/index_builder.hpp>
#include <xacthuc/index/slot.hpp>
#include <xacthuc/registry/authority.hpp>
#include <xacthuc/registry/background_scrub.hpp>
#include <xacthuc/registry/change.hpp>
#include <xacthuc/registry/change_feed.hpp>
#include <xacthuc/registry/key_files.hpp>
#include <xacthuc/registry/registry.hpp>
#include <xacthuc/registry/snapshot.hpp>
