// SPDX-License-Identifier: Apache-2.0
// Questions as lines of one message, made of claims as they come.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <xacthuc/client/no_answer.hpp>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/engine/proof.hpp>

namespace xacthuc::inline v0_1::client {

// A value: grows by add(), and starts anew by clear().
class question_lines {
  public:
    question_lines() = default;
    // NOLINTNEXTLINE(google-explicit-constructor): a list of questions is such lines
    XACTHUC_API question_lines(std::span<const claim_set> questions);

    // Adds one, whose views are not needed afterwards. What is wrong with it, by prepare(), will be its answer.
    XACTHUC_API void add(const claim_set& question);
    // The same with the citizen's own proof, where policy asks for it. Lines with proofs are sent again only where the
    // service cannot have seen them.
    XACTHUC_API void add(const claim_set& question, const holder_proof& proof);
    void clear() noexcept {
        has_proofs_ = false;
        text_.clear();
        faults_.clear();
    }
    [[nodiscard]] std::size_t size() const noexcept { return faults_.size(); }
    // Whether they are as many as one message had better have: 500, or 128 KiB.
    [[nodiscard]] bool is_full() const noexcept { return size() >= 500 || text_.size() >= std::size_t{128} << 10; }

    // The lines of those that nothing is wrong with.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] bool has_proofs() const noexcept { return has_proofs_; }
    // For each what is wrong with it.
    [[nodiscard]] std::span<const std::optional<no_answer>> faults() const noexcept { return faults_; }

  private:
    void add(const claim_set& question, const holder_proof* proof);

    std::string text_;
    std::vector<std::optional<no_answer>> faults_;
    bool has_proofs_ = false;
};

}  // namespace xacthuc::inline v0_1::client
