// SPDX-License-Identifier: Apache-2.0
#include "live/changing_citizens.hpp"

namespace xacthuc::bench {

changing_citizens::changing_citizens(const population& of, std::uint64_t count, const digest_key& key)
    : records_(count), wards_{std::make_unique<std::atomic<std::uint32_t>[]>(count)} {
    const auto step = of.count() / count;
    for (std::uint64_t i = 0; i < count; ++i) of.fill_records(i * step, {&records_[i], 1}, key);
}

changing_citizens::next_change changing_citizens::next() noexcept {
    state_ = state_ * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    const auto who = (state_ >> 33) % records_.size();
    // Wards go round long after anybody could still hold an old answer.
    const auto ward = wards_[who].load(std::memory_order_relaxed) % residence::ward_max + 1;
    record after = records_[who];
    after.words[2] = (after.words[2] & ~(layout::ward.mask() | layout::province.mask())) | layout::ward.put(ward) |
                     layout::province.put(province_of(ward));
    return {with_integrity(after), who, ward};
}

changing_citizens::finding changing_citizens::look(const citizen_index& in, std::uint64_t random) const noexcept {
    const auto who = random % records_.size();
    const auto made = wards_[who].load(std::memory_order_acquire);
    const auto found = in.find(personal_id::from_trusted(layout::id.get(records_[who].words[0])));
    if (!found || !*found || !is_intact(**found)) return finding::torn;
    if (made == 0) return finding::right;
    const auto ward = static_cast<std::uint32_t>(layout::ward.get((*found)->words[2]));
    if (layout::province.get((*found)->words[2]) != province_of(ward)) return finding::torn;
    return ward < made && made - ward < residence::ward_max / 2 ? finding::stale : finding::right;
}

}  // namespace xacthuc::bench
