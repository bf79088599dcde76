// SPDX-License-Identifier: Apache-2.0
// Requests, verdicts and moments for the tests of guards: no register is behind them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/guard/guards.hpp>
#include <xacthuc/policy/rule.hpp>

namespace xacthuc::tests {

// 2026-11-18 08:00 in Vietnam, and the day.
inline constexpr std::int64_t morning_ms = 1'795'050'000'000 - 1'795'050'000'000 % 86'400'000 + 3'600'000;
inline constexpr std::int64_t day_ms = 86'400'000;
inline constexpr auto today = policy_day_of(morning_ms);

[[nodiscard]] inline guard_key key_of_tests() {
    std::array<std::byte, guard_key_bytes> bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(7 * i + 1);
    return guard_key::from_bytes(bytes);
}

// Small, so that a test can have many.
[[nodiscard]] inline guards_options small_guards() {
    guards_options options;
    options.key = key_of_tests();
    options.agencies_max = 16;
    options.threads_max = 4;
    options.quotas = {.pairs_max = 1024, .officers_max = std::size_t{1} << 14, .lease = 8};
    options.proofs.entries = std::size_t{1} << 14;
    options.misses.counters = std::size_t{1} << 20;
    return options;
}

[[nodiscard]] inline request asked_about(std::uint64_t id, std::uint16_t agency, std::uint16_t procedure = 1) {
    request asked;
    asked.words[0] = request_layout::id.put(id) | request_layout::claims.put(1);
    asked.words[3] = request_layout::agency.put(agency) | request_layout::procedure.put(procedure);
    return asked;
}
[[nodiscard]] inline verdict answer_of(outcome what) {
    return {what, 0, 0, 0};
}

// One block of an agency, asked and answered.
struct asked_block {
    std::vector<request> requests;
    std::vector<const rule*> rules;
    std::vector<outcome> refused;
    std::vector<verdict> verdicts;
    unsigned passes = 0;

    void ask(const request& what, const rule& by, outcome answer) {
        requests.push_back(what);
        rules.push_back(&by);
        refused.push_back(outcome::verified);
        verdicts.push_back(answer_of(answer));
    }
    // Through the guards; returns how many were looked up.
    std::size_t pass(guards& by, const guard_asker& asker) {
        std::size_t answered = requests.size();
        // Every other time with what admit() found out.
        guard_block block;
        auto* const found = (++passes & 1U) != 0 ? &block : nullptr;
        if (!by.admit(requests, rules, asker, refused, found))
            for (std::size_t i = 0; i < requests.size(); ++i)
                if (refused[i] != outcome::verified) {
                    verdicts[i] = answer_of(refused[i]);
                    --answered;
                }
        by.settle(requests, rules, verdicts, asker, found);
        return answered;
    }
    void clear() {
        requests.clear();
        rules.clear();
        refused.clear();
        verdicts.clear();
    }
};

}  // namespace xacthuc::tests
