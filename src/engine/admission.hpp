// SPDX-License-Identifier: Apache-2.0
// The first stage: may this batch ask at all? What is refused here gets its verdict and is never looked up.
#pragma once

#include <span>
#include <vector>
#include <xacthuc/engine/request_batch.hpp>

namespace xacthuc::inline v0_1 {

class admission {
  public:
    // What an agency signed is copied: others may write there meanwhile. Exceptions: std::bad_alloc.
    explicit admission(const request_batch& asked);

    // Why nothing of the batch is answered, or verified.
    [[nodiscard]] outcome of_all() const noexcept { return of_all_; }
    // Whether all of it is, if anything: then nobody need ask for each.
    [[nodiscard]] bool admits_each() const noexcept { return admits_each_; }
    // Why one of its requests is refused, or verified.
    [[nodiscard]] outcome of(const request& asked) const noexcept {
        return !has_agency_ || asked.agency() == agency_ ? outcome::verified : outcome::bad_signature;
    }
    // The requests to answer. They stay as they are where admission copied them, for as long as this does.
    [[nodiscard]] std::span<const request> requests() const noexcept { return requests_; }
    [[nodiscard]] bool holds_copies() const noexcept { return has_agency_; }

  private:
    std::vector<request> signed_requests_;
    std::span<const request> requests_;
    std::uint16_t agency_ = 0;
    bool has_agency_ = false;
    bool admits_each_ = true;
    outcome of_all_ = outcome::verified;
};

}  // namespace xacthuc::inline v0_1
