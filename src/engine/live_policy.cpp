// SPDX-License-Identifier: Apache-2.0
#include <utility>
#include <xacthuc/engine/live_policy.hpp>

namespace xacthuc::inline v0_1 {

live_policy::live_policy(std::shared_ptr<const policy_table> first)
    : in_force_{first.get()}, owned_{std::move(first)} {}

void live_policy::replace(std::shared_ptr<const policy_table> with) {
    const std::scoped_lock turn{replacing_};
    retired_.reserve(retired_.size() + 1);
    in_force_.store(with.get(), std::memory_order_seq_cst);
    std::swap(owned_, with);
    retired_.push_back({std::move(with), readers_.advance() - 1});
    const auto oldest = readers_.oldest_entered();
    std::erase_if(retired_, [&](const retired& each) { return each.in_epoch < oldest; });
}

std::shared_ptr<const policy_table> live_policy::current() const {
    const std::scoped_lock turn{replacing_};
    return owned_;
}

}  // namespace xacthuc::inline v0_1
