// SPDX-License-Identifier: Apache-2.0
// A bit flipped in the index must give outcome 900 or the verdict that was right before, never another yes or no.
#include "unit/engine/small_nation.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

TEST_CASE("every bit of a partition, flipped alone, leaves verdicts right or makes them technical") {
    small_nation nation{40'000};
    const auto q = nation.ask(0, 4000);
    for (const auto& kernel : kernels::available()) {
        std::size_t technical = 0;
        for (std::size_t k = 0; k < q.requests.size(); k += 100) {
            const auto partition = partition_of(placement_hash(q.requests[k].id(), nation.index().placement_seed()));
            const auto block = nation.index().block(partition);
            auto* const bytes = const_cast<std::byte*>(block.data());
            for (std::size_t bit = sizeof(block_head) * 8; bit < block.size() * 8; ++bit) {
                const auto mask = static_cast<std::byte>(1U << bit % 8);
                bytes[bit / 8] ^= mask;
                verdict answer;
                kernel.verify(nation.index(), {&q.requests[k], 1}, {&answer, 1});
                bytes[bit / 8] ^= mask;
                const bool is_technical = answer.outcome() == outcome::damaged_record;
                technical += is_technical;
                REQUIRE((is_technical || answer == q.expected[k]));
            }
        }
        CHECK(technical > 20 * 200);
    }
}
