// SPDX-License-Identifier: Apache-2.0
// A question as one JSON object: the fields of a request by their names as texts, as in a row of CSV, and how it is to
// be answered. Read without building a tree.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/engine/proof.hpp>

#include "service/problem.hpp"

namespace xacthuc::inline v0_1::service {

// How a verdict is written.
enum class answer_form : std::uint8_t {
    compact,  // outcome, masks, grade
    names,    // what the outcome means, and a word for each claim that was made
};

struct question {
    claim_set claims;  // views into the reader and the text
    std::uint64_t officer = 0;
    std::optional<std::int64_t> max_age_ms;
    std::optional<holder_proof> holder;
    answer_form form = answer_form::compact;
};

// Which members there are beside the fields of a request.
enum class question_place : std::uint8_t {
    alone,    // officer, max_age_ms, holder_proof and answer
    in_batch  // holder_proof and answer: the batch is of one officer, and answered as it comes
};

// Concurrency: single thread.
class question_reader {
  public:
    question_reader();
    ~question_reader();
    question_reader(const question_reader&) = delete;
    question_reader& operator=(const question_reader&) = delete;

    // Reads the text into a question, whose views are good until the next call and as long as the text.
    // Returns what is wrong, where something is.
    [[nodiscard]] std::optional<question_fault> read(std::string_view text, question_place where, question& into);

  private:
    struct parser;
    std::unique_ptr<parser> parser_;
};

}  // namespace xacthuc::inline v0_1::service
