// SPDX-License-Identifier: Apache-2.0
// Questions as the service reads them, in JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <xacthuc/client/client_options.hpp>
#include <xacthuc/client/no_answer.hpp>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/personal_id.hpp>

namespace xacthuc::inline v0_1::client {

// What is wrong with a question, as prepare() and so the service sees it; with it nothing need be sent.
[[nodiscard]] std::optional<no_answer> fault_of(const claim_set& question);

// The members of a question, with the brackets; with those of `how` where it is asked singly, and with the proof of a
// line where there is one.
// Requires: nothing is wrong with it.
void append_question(std::string& to, const claim_set& question, const asking& how);
void append_question(std::string& to, const claim_set& question, const holder_proof* proof);

[[nodiscard]] std::string accesses_question(personal_id id, const holder_proof& proof, const access_query& which);

}  // namespace xacthuc::inline v0_1::client
