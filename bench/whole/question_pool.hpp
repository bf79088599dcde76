// SPDX-License-Identifier: Apache-2.0
// Prepared requests with the verdicts that they must get, and room for the verdicts that they do get.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/index/huge_pages.hpp>

#include "population/planted_request.hpp"

namespace xacthuc::bench {

class question_pool {
  public:
    // Requests 0 to count - 1 of the plan. Errors: out_of_memory.
    [[nodiscard]] static detailed_result<question_pool> create(const planted_requests& plan, std::uint64_t count,
                                                               const digest_key& key, unsigned threads);

    [[nodiscard]] std::span<const request> requests() const noexcept { return requests_; }
    [[nodiscard]] std::span<verdict> answers() const noexcept { return answers_; }

    // How many answers among the first `count` are not the expected ones; forgets them all, so that none counts twice.
    [[nodiscard]] std::uint64_t take_wrong(std::size_t count, unsigned threads) const;
    // How often each outcome is expected among the first `count`.
    [[nodiscard]] std::map<outcome, std::uint64_t> outcomes(std::size_t count) const;

  private:
    question_pool() = default;

    huge_pages memory_;
    std::span<request> requests_;
    std::span<verdict> expected_;
    std::span<verdict> answers_;
};

}  // namespace xacthuc::bench
