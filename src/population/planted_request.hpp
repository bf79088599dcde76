// SPDX-License-Identifier: Apache-2.0
// Requests about a synthetic population whose right answers are known: request j is a pure function of
// (population, seed, j), and its verdict follows from what was planted in it, never from an engine or a record.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>

#include "population/population.hpp"
#include "population/request_kind.hpp"

namespace xacthuc::inline v0_1 {

struct planted_request {
    request_kind kind = request_kind::right_basic;
    claim_set claims;  // its name is a view into the caller's text
    verdict expected;
};

// What a stream of requests is made of.
enum class request_mix : std::uint8_t {
    every_kind,   // all kinds by their shares
    right_basic,  // only name, birth date, sex and life status of citizens without anything particular, all right
    unknown,      // the same claims about numbers that nobody has
    half_unknown  // each of the last two for every other request, in random order
};

// Concurrency: immutable; every member function is wait-free and may run on any thread.
class planted_requests {
  public:
    // Requires: `of` outlives this.
    explicit planted_requests(const population& of, std::uint64_t seed = 0,
                              request_mix mix = request_mix::every_kind) noexcept;

    // Request j in plain text. Complexity: about 0.3 µs; allocates nothing.
    [[nodiscard]] planted_request at(std::uint64_t j, name_text& text) const noexcept;
    // The same for a kind of the caller's choice.
    [[nodiscard]] planted_request of_kind(request_kind kind, std::uint64_t j, name_text& text) const noexcept;

    // Requests first to first + requests.size() - 1, prepared, and the verdict that each must get.
    // Requires: requests.size() == expected.size().
    void fill(std::uint64_t first, std::span<request> requests, std::span<verdict> expected,
              const digest_key& key) const noexcept;

  private:
    const population* of_;
    std::uint64_t seed_;
    request_mix mix_;
};

}  // namespace xacthuc::inline v0_1
