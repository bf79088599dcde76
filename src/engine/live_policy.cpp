// SPDX-License-Identifier: Apache-2.0
#include <mutex>
#include <utility>
#include <vector>
#include <xacthuc/engine/live_policy.hpp>

#include "domain/contract.hpp"
#include "index/epoch.hpp"

namespace xacthuc::inline v0_1 {

struct live_policy::state {
    struct retired_table {
        std::shared_ptr<const policy_table> table;
        std::uint64_t in_epoch;  // the last whose readers may have it
    };

    epoch readers;
    std::atomic<const policy_table*> in_force;
    std::mutex replacing;
    std::shared_ptr<const policy_table> owned;
    std::vector<retired_table> retired;
};

live_policy::live_policy(std::shared_ptr<const policy_table> first) : state_{std::make_unique<state>()} {
    contract::holds("live_policy", first != nullptr, "no table");
    state_->in_force.store(first.get(), std::memory_order_relaxed);
    state_->owned = std::move(first);
}

live_policy::~live_policy() = default;

live_policy::reading::~reading() {
    if (announced_ != nullptr) epoch::leave(announced_);
}

live_policy::reading live_policy::read() const noexcept {
    // Announced before the table is found: see epoch.hpp.
    auto* const announced = state_->readers.enter().release();
    return {announced, state_->in_force.load(std::memory_order_seq_cst)};
}

void live_policy::replace(std::shared_ptr<const policy_table> with) {
    contract::holds("live_policy::replace", with != nullptr, "no table");
    const std::scoped_lock turn{state_->replacing};
    state_->retired.reserve(state_->retired.size() + 1);
    state_->in_force.store(with.get(), std::memory_order_seq_cst);
    std::swap(state_->owned, with);
    state_->retired.push_back({std::move(with), state_->readers.advance() - 1});
    const auto oldest = state_->readers.oldest_entered();
    std::erase_if(state_->retired, [&](const auto& each) { return each.in_epoch < oldest; });
}

std::shared_ptr<const policy_table> live_policy::current() const {
    const std::scoped_lock turn{state_->replacing};
    return state_->owned;
}

}  // namespace xacthuc::inline v0_1
