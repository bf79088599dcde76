// SPDX-License-Identifier: Apache-2.0
// A bit flipped in the index must give outcome 900 or the verdict that was right before, never another yes or no.
#include "sanitized.hpp"
#include "unit/engine/small_nation.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

[[nodiscard]] std::size_t partition_of_id(const citizen_index& index, std::uint64_t id) {
    return partition_of(placement_hash(id, index.placement_seed()));
}

// The slots of the partition that an id belongs to, to be damaged.
[[nodiscard]] std::span<std::byte> slots_around(citizen_index& index, std::uint64_t id) {
    const auto block = index.block(partition_of_id(index, id)).subspan(sizeof(block_head));
    return {const_cast<std::byte*>(block.data()), block.size()};
}

// Calls visit(bit within its slot) for each bit of the slots of a request's partition, flipped meanwhile.
template <class Visit>
void with_each_bit_flipped(citizen_index& index, const request& q, const Visit& visit) {
    const auto bytes = slots_around(index, q.id());
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        const auto mask = static_cast<std::byte>(1U << bit % 8);
        bytes[bit / 8] ^= mask;
        visit(bit % (8 * sizeof(slot)));
        bytes[bit / 8] ^= mask;
    }
}

// All numbers that one to three flipped bits make of an id, and that belong to the same partition: only how near they
// are gives them away.
[[nodiscard]] std::vector<std::uint64_t> near_in_partition(const citizen_index& index, std::uint64_t id) {
    std::vector<std::uint64_t> near;
    for (unsigned a = 0; a < layout::id.width; ++a)
        for (unsigned b = a; b < layout::id.width; ++b)
            for (unsigned c = b; c < layout::id.width; ++c) {
                const auto other = id ^ (std::uint64_t{1} << a | std::uint64_t{1} << b | std::uint64_t{1} << c);
                if (partition_of_id(index, other) == partition_of_id(index, id)) near.push_back(other);
            }
    return near;
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
    const std::size_t tried = XACTHUC_TEST_SANITIZED ? 5 : 20;
    for (const auto& kernel : kernels::available()) {
        std::size_t technical = 0;
        for (std::size_t k = 0; k < q.requests.size(); k += q.requests.size() / tried)
            with_each_bit_flipped(nation.index(), q.requests[k], [&](std::size_t) {
                technical += is_technical(kernel, nation.index(), q.requests[k], q.expected[k]);
            });
        CHECK(technical > tried * 100);
    }
}

TEST_CASE("a flipped bit may make an unknown number technical only where it could be hers") {
    small_nation nation{40'000};
    const auto q = nation.ask(0, 1);
    const std::uint64_t unknown_numbers = XACTHUC_TEST_SANITIZED ? 4 : 16;
    for (const auto& kernel : kernels::available()) {
        std::size_t flips = 0;
        for (std::uint64_t id = 400'000'000'000; id < 400'000'000'000 + unknown_numbers; ++id) {
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
        CHECK(flips > unknown_numbers * 512);
    }
}

TEST_CASE("a record whose id was damaged is not passed by, whether few bits flipped or it belongs elsewhere") {
    small_nation nation{40'000};
    const auto q = nation.ask(0, 200);
    std::size_t tried = 0;
    for (const auto& asked : q.requests) {
        const auto id = asked.id();
        const auto bytes = slots_around(nation.index(), id);
        for (std::size_t at = 0; at < bytes.size(); at += sizeof(slot)) {
            auto& word = *reinterpret_cast<std::uint64_t*>(&bytes[at]);
            if ((word & slot_word::identity_mask) != slot_word::live_identity(id)) continue;
            const auto whole = word;
            auto others = near_in_partition(nation.index(), id);
            // And strangers from elsewhere, as anything that is written over a slot would look.
            for (unsigned i = 0; i < 8; ++i) {
                const auto other = layout::id.get(id * 0x9e37'79b9'7f4a'7c15U * (2 * i + 3));
                if (partition_of_id(nation.index(), other) != partition_of_id(nation.index(), id))
                    others.push_back(other);
            }
            for (const auto other : others) {
                word = (whole & ~layout::id.mask()) | other;
                for (const auto& kernel : kernels::available())
                    static_cast<void>(
                        is_technical(kernel, nation.index(), asked, {outcome::damaged_record, 0, 0, asked.claims()}));
                CHECK_FALSE(nation.index().find(personal_id::from_trusted(id)).has_value());
                ++tried;
            }
            word = whole;
        }
    }
    CHECK(tried > 1000);
}
