// SPDX-License-Identifier: Apache-2.0
#include "program/planted_nation.hpp"

#include "cli/interruption.hpp"
#include "cli/streams/nation_records.hpp"
#include "population/planted_request.hpp"

namespace xacthuc::cli {

planted_nation plant_nation(std::uint64_t seed, std::uint64_t citizens, std::uint64_t requests, unsigned threads) {
    const auto nation = nation_of(seed, citizens);
    const auto digests = digest_key::generate();
    planted_nation made{index_of_nation(nation, nullptr, digests, threads), std::vector<request>(requests),
                        std::vector<verdict>(requests)};
    planted_requests{nation, seed}.fill(0, made.requests, made.expected, digests);
    stop_if_interrupted();
    return made;
}

}  // namespace xacthuc::cli
