// SPDX-License-Identifier: Apache-2.0
#include <xacthuc/client/question_lines.hpp>

#include "client/question_text.hpp"

namespace xacthuc::inline v0_1::client {

question_lines::question_lines(std::span<const claim_set> questions) {
    for (const auto& each : questions) add(each);
}

void question_lines::add(const claim_set& question) {
    add(question, nullptr);
}

void question_lines::add(const claim_set& question, const holder_proof& proof) {
    add(question, &proof);
}

void question_lines::add(const claim_set& question, const holder_proof* proof) {
    faults_.push_back(fault_of(question));
    if (faults_.back()) return;
    has_proofs_ = has_proofs_ || proof != nullptr;
    append_question(text_, question, proof);
    text_ += '\n';
}

}  // namespace xacthuc::inline v0_1::client
