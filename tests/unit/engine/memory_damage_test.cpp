// SPDX-License-Identifier: Apache-2.0
// A bit flipped in the index must give outcome 900 or the verdict that was right before, never another yes or no.
#include "unit/engine/small_nation.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// Calls visit(bit within its slot, change) for each bit of the slots of a request's partition, flipped meanwhile.
template <class Visit>
void with_each_bit_flipped(citizen_index& index, const request& q, const Visit& visit) {
    const auto block = index.block(partition_of(placement_hash(q.id(), index.placement_seed())));
    auto* const bytes = const_cast<std::byte*>(block.data());
    for (std::size_t bit = sizeof(block_head) * 8; bit < block.size() * 8; ++bit) {
        const auto mask = static_cast<std::byte>(1U << bit % 8);
        bytes[bit / 8] ^= mask;
        visit(bit % (8 * sizeof(slot)));
        bytes[bit / 8] ^= mask;
    }
}

// As one request and as one of many, which go another way in some kernels: all verdicts must be one of two.
[[nodiscard]] bool is_technical(const kernels::kernel& kernel, const citizen_index& index, const request& q,
                                verdict right) {
    const std::vector<request> many(77, q);
    std::vector<verdict> answers(many.size());
    bool technical = false;
    bool all_right = true;
    for (const std::size_t count : {std::size_t{1}, many.size()}) {
        kernel.verify(index, std::span{many}.first(count), answers);
        for (std::size_t i = 0; i < count; ++i) {
            const bool is_damaged = answers[i].outcome() == outcome::damaged_record;
            technical |= is_damaged;
            all_right &= is_damaged || answers[i] == right;
        }
    }
    REQUIRE(all_right);
    return technical;
}

}  // namespace

TEST_CASE("every bit of a partition, flipped alone, leaves verdicts right or makes them technical") {
    small_nation nation{40'000};
    const auto q = nation.ask(0, 4000);
    for (const auto& kernel : kernels::available()) {
        std::size_t technical = 0;
        for (std::size_t k = 0; k < q.requests.size(); k += 200)
            with_each_bit_flipped(nation.index(), q.requests[k], [&](std::size_t) {
                technical += is_technical(kernel, nation.index(), q.requests[k], q.expected[k]);
            });
        CHECK(technical > 10 * 200);
    }
}

TEST_CASE("a flipped bit may make an unknown number technical only where it could be hers") {
    small_nation nation{40'000};
    const auto q = nation.ask(0, 1);
    for (const auto& kernel : kernels::available()) {
        std::size_t flips = 0;
        for (std::uint64_t id = 400'000'000'000; id < 400'000'000'016; ++id) {
            auto unknown = q.requests[0];
            unknown.words[0] = (unknown.words[0] & ~layout::id.mask()) | layout::id.put(id);
            const verdict right{outcome::not_found, 0, 0, unknown.claims()};
            with_each_bit_flipped(nation.index(), unknown, [&](std::size_t bit) {
                const bool technical = is_technical(kernel, nation.index(), unknown, right);
                const auto found = nation.index().find(personal_id::from_trusted(id));
                if (bit < 64) {
                    CHECK(technical == !found.has_value());
                } else {
                    // What else the neighbours' records say is no matter of hers.
                    CHECK_FALSE(technical);
                    CHECK(found.has_value());
                    CHECK_FALSE(found.value().has_value());
                }
                ++flips;
            });
        }
        CHECK(flips > 16 * 512);
    }
}

TEST_CASE("a record that is a few flipped bits away from an unknown number is not taken for a stranger's") {
    small_nation nation{40'000};
    const auto q = nation.ask(0, 400);
    for (const auto& kernel : kernels::available()) {
        std::size_t found_out = 0;
        for (std::size_t k = 0; k < q.requests.size(); k += 40) {
            const auto id = q.requests[k].id();
            if (!nation.index().find(personal_id::from_trusted(id)).value()) continue;
            const auto block = nation.index().block(partition_of(placement_hash(id, nation.index().placement_seed())));
            auto* const slots =
                reinterpret_cast<std::uint64_t*>(const_cast<std::byte*>(block.data()) + sizeof(block_head));
            const auto count = (block.size() - sizeof(block_head)) / sizeof(slot);
            for (std::size_t at = 0; at < count; ++at) {
                auto& word = slots[4 * at];
                if (layout::id.get(word) != id) continue;
                const auto whole = word;
                for (unsigned a = 0; a < 40; a += 3)
                    for (unsigned b = a; b < 40; b += 5)
                        for (unsigned c = b; c < 40; c += 7) {
                            word = whole ^ (std::uint64_t{1} << a | std::uint64_t{1} << b | std::uint64_t{1} << c);
                            found_out += is_technical(kernel, nation.index(), q.requests[k],
                                                      {outcome::damaged_record, 0, 0, q.requests[k].claims()});
                        }
                word = whole;
            }
        }
        CHECK(found_out > 1000);
    }
}
