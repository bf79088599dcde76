// SPDX-License-Identifier: Apache-2.0
// A verdict as JSON: compact as it lies in its 8 bytes, or with names and the tri-states that CAMARA has.
#pragma once

#include <string>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/index/citizen_index.hpp>

#include "service/question_reader.hpp"

namespace xacthuc::inline v0_1::service {

// {"outcome":…,"matched":…,"mismatched":…,"unavailable":…,"grade":"…"} or
// {"outcome":…,"meaning":"…","claims":{"name":"true",…},"grade":"…"}, each without its last brace. "coarse" and
// "claim_coarse" are there where they are true.
void append_verdict(std::string& to, const verdict& answer, claim_mask claimed, answer_form form);
// ,"sequence":…,"as_of_unix_ms":… : from which state of the register.
void append_freshness(std::string& to, const freshness& as_of);
void append_number(std::string& to, std::uint64_t number);

}  // namespace xacthuc::inline v0_1::service
