// SPDX-License-Identifier: Apache-2.0
// What the service answers.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>
#include <xacthuc/client/no_answer.hpp>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1::client {

// UTC.
using moment = std::chrono::sys_time<std::chrono::milliseconds>;

// Whether a claim that was made matched; nothing where the service cannot or may not say.
[[nodiscard]] constexpr std::optional<bool> says(const verdict& answer, claim kind) noexcept {
    if ((answer.matched() & mask_of(kind)) != 0) return true;
    if ((answer.mismatched() & mask_of(kind)) != 0) return false;
    return std::nullopt;
}

// The answer to one question. As a bool it is whether everything claimed is true.
struct answer {
    verdict said;
    std::uint64_t sequence = 0;  // number of the last change in the register
    moment as_of{};              // when that was
    std::string receipt{};       // what async_receipt() takes, where the service has a ledger

    [[nodiscard]] explicit operator bool() const noexcept { return said.outcome() == outcome::verified; }
};

// The answers to lines, in the order of the questions: a verdict, or what is wrong with the one question.
using row_answers = std::vector<answered<verdict>>;

// The answers to prepared requests, in their order.
struct prepared_answers {
    std::vector<verdict> said;
    std::uint64_t sequence = 0;
    moment as_of{};
};

// What is asked, and how fresh it is.
struct register_state {
    std::uint64_t sequence = 0;
    moment as_of{};
    std::chrono::milliseconds age{};  // since the register was last seen to have all changes
    std::uint64_t citizens = 0;
    std::uint64_t digest_key = 0;  // the fingerprint of the key that names are digested under: what proofs are bound to
};

// That somebody asked about a citizen, as she is shown it.
struct access {
    moment at{};
    std::uint16_t agency = 0;
    std::optional<std::uint16_t> procedure{};
    std::optional<claim_mask> claims{};
    std::optional<xacthuc::outcome> outcome{};
    bool withheld = false;  // in which matter is not shown
};

// A page of them, the newest first.
struct accesses {
    std::uint64_t total = 0;  // of all pages
    std::uint32_t page = 0;
    std::vector<access> shown;
};

}  // namespace xacthuc::inline v0_1::client
