// SPDX-License-Identifier: Apache-2.0
// Whether the service should be asked, and why not: every reason that there is, each by a stable word.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace xacthuc::inline v0_1::service {

enum class not_ready : std::uint8_t {
    loading,         // the register is not in memory yet
    draining,        // the process was told to end
    stale,           // the register was not seen to be current for too long
    ledger_stopped,  // the ledger takes no rows, so nothing is answered
    not_witnessed,   // it takes none because the quorum of its witnesses is missing
};

struct not_ready_facts {
    std::string_view word;      // in documents and metrics
    std::string_view sentence;  // without its end
};
inline constexpr std::array<not_ready_facts, 5> every_not_ready{{
    {"loading", "the register is being loaded"},
    {"draining", "the process ends"},
    {"stale", "the register has not been followed for too long"},
    {"ledger_stopped", "the ledger takes no rows"},
    {"not_witnessed", "the ledger's witnesses are missing"},
}};

class readiness {
  public:
    void add(not_ready why) noexcept { reasons_ |= 1U << static_cast<unsigned>(why); }
    [[nodiscard]] bool has(not_ready why) const noexcept { return (reasons_ >> static_cast<unsigned>(why) & 1U) != 0; }
    [[nodiscard]] bool is_ready() const noexcept { return reasons_ == 0; }

  private:
    unsigned reasons_ = 0;
};

// The problem document of not_ready, with the sentences as its detail and the words as "reasons".
[[nodiscard]] std::string readiness_problem(const readiness& of);

}  // namespace xacthuc::inline v0_1::service
