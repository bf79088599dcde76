// SPDX-License-Identifier: Apache-2.0
// The first stage: may this batch ask at all? What is refused here gets its verdict and is never looked up.
#pragma once

#include <span>
#include <vector>
#include <xacthuc/engine/request_batch.hpp>
#include <xacthuc/guard/guards.hpp>
#include <xacthuc/policy/policy_table.hpp>

#include "engine/policing.hpp"

namespace xacthuc::inline v0_1 {

class admission {
  public:
    // What an agency signed is copied, and with a policy or guards what holders signed: others may write there
    // meanwhile; the same where answers leave rows. A batch that an agency signed is taken by the guards here: once.
    // Exceptions: std::bad_alloc, with proofs only.
    admission(const request_batch& asked, const policy_table* policy, guards* watch, bool leaves_rows = false);

    // Why nothing of the batch is answered, or verified.
    [[nodiscard]] outcome of_all() const noexcept { return of_all_; }
    // Whether all of it is, if anything: then nobody need ask for each.
    [[nodiscard]] bool admits_each() const noexcept { return admits_each_; }
    // What each request is held to.
    [[nodiscard]] const asking& each() const noexcept { return each_; }
    // The requests to answer. They stay as they are where admission copied them, for as long as this does.
    [[nodiscard]] std::span<const request> requests() const noexcept { return requests_; }

  private:
    std::vector<request> copies_;
    std::span<const request> requests_;
    asking each_;
    bool admits_each_ = true;
    outcome of_all_ = outcome::verified;
};

}  // namespace xacthuc::inline v0_1
