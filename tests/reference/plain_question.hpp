// SPDX-License-Identifier: Apache-2.0
// A question out of a tree of JSON, as openapi.json and docs/service.md have it: slow and obvious. Only what a single
// field's text means is the domain's, set_field(), which has a reference of its own.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/engine/proof.hpp>

namespace xacthuc::tests {

struct plain_question {
    std::shared_ptr<std::deque<std::string>> texts = std::make_shared<std::deque<std::string>>();
    claim_set claims;  // views into the texts
    std::uint64_t officer = 0;
    std::optional<std::uint64_t> max_age_ms;
    std::optional<holder_proof> holder;
    bool wants_names = false;
};

// None: it is refused.
[[nodiscard]] std::optional<plain_question> read_plain_question(std::string_view text, bool is_in_batch);

}  // namespace xacthuc::tests
