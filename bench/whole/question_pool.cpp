// SPDX-License-Identifier: Apache-2.0
#include "whole/question_pool.hpp"

#include <atomic>
#include <memory>

#include "whole/parallel.hpp"

namespace xacthuc::bench {

detailed_result<question_pool> question_pool::create(const planted_requests& plan, std::uint64_t count,
                                                     const digest_key& key, unsigned threads) {
    auto memory = huge_pages::allocate(count * (sizeof(request) + 2 * sizeof(verdict)));
    if (!memory) return memory.error();
    question_pool made;
    made.memory_ = std::move(*memory);
    auto* const requests = reinterpret_cast<request*>(made.memory_.data());
    auto* const verdicts = reinterpret_cast<verdict*>(requests + count);
    std::uninitialized_value_construct_n(requests, count);
    std::uninitialized_value_construct_n(verdicts, 2 * count);
    made.requests_ = {requests, count};
    made.expected_ = {verdicts, count};
    made.answers_ = {verdicts + count, count};
    timed_parallel(threads, [&](unsigned thread) {
        const auto mine = share_of(count, threads, thread);
        plan.fill(mine.first, made.requests_.subspan(mine.first, mine.count),
                  made.expected_.subspan(mine.first, mine.count), key);
    });
    return made;
}

std::uint64_t question_pool::take_wrong(std::size_t count, unsigned threads) const {
    std::atomic<std::uint64_t> wrong{0};
    timed_parallel(threads, [&](unsigned thread) {
        const auto mine = share_of(count, threads, thread);
        std::uint64_t found = 0;
        for (std::size_t i = mine.first; i < mine.first + mine.count; ++i) {
            found += !(answers_[i] == expected_[i]);
            answers_[i] = verdict{outcome::malformed, 0xffff, 0xffff, 0xffff};
        }
        wrong += found;
    });
    return wrong;
}

std::map<outcome, std::uint64_t> question_pool::outcomes(std::size_t count) const {
    std::map<outcome, std::uint64_t> all;
    for (const auto& v : expected_.first(count)) ++all[v.outcome()];
    return all;
}

}  // namespace xacthuc::bench
