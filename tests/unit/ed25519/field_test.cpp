// SPDX-License-Identifier: Apache-2.0
// The field of every kernel against the slow reference, with every limb at the edges of the bounds that docs/ed25519.md
// proves.
#include <doctest/doctest.h>
#include <immintrin.h>

#include <cfenv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "ed25519/encoding.hpp"
#include "ed25519/kernel_list.hpp"
#include "ed25519/sha512_constants.hpp"
#include "ed25519/target_region.hpp"
#include "unit/ed25519/big_integer.hpp"

namespace xacthuc::ed25519 {
namespace {

// Limbs of up to eight elements as a kernel holds them, one lane for each.
struct raw_elements {
    std::uint64_t limb[10][8] = {};
};
// The same in the one form below p, limbs of 51 bits.
struct canonical_elements {
    std::uint64_t limb[5][8] = {};
};

using binary_operation = void (*)(canonical_elements&, const raw_elements&, const raw_elements&);

struct field_probe {
    std::string name;
    unsigned lane_count;
    unsigned limb_count;
    binary_operation multiply, square, add, subtract, subtract_sum, shrink, invert;
    void (*shrunk_limbs)(raw_elements&, const raw_elements&);
    void (*product_limbs)(raw_elements&, const raw_elements&, const raw_elements&);
};

// clang-format off
namespace probe_portable {
#include "ed25519/portable/lanes.hpp"
#include "ed25519/portable/field.hpp"
#include "ed25519/kernel/element.hpp"
#include "unit/ed25519/field_probe.hpp"
}  // namespace probe_portable
namespace probe_avx512ifma_emulated {
#include "unit/ed25519/emulated_operations.hpp"
#include "ed25519/avx512ifma/lanes.hpp"
#include "ed25519/avx512ifma/field.hpp"
#include "ed25519/kernel/element.hpp"
#include "unit/ed25519/field_probe.hpp"
}  // namespace probe_avx512ifma_emulated
XACTHUC_TARGET_BEGIN("avx2,fma,bmi,bmi2")
namespace probe_avx2 {
#include "ed25519/avx2/lanes.hpp"
#include "ed25519/avx2/field.hpp"
#include "ed25519/kernel/element.hpp"
#include "unit/ed25519/field_probe.hpp"
}  // namespace probe_avx2
XACTHUC_TARGET_END
// clang-format on

// What a kernel's field.hpp allows, in multiples of the unit limb (2^51; 2^26 and 2^25 in turn).
struct bounds {
    field_probe probe;
    double first_factor, second_factor, squared, subtrahend, subtrahend_sum, shrunk;
    // What shrink and multiply promise.
    double shrink_result, product_result;
};

std::vector<bounds> all_bounds() {
    std::vector<bounds> all = {
        {probe_portable::make_probe("portable"), 8, 8, 8, 3.9, 3.9, 8000, 1.01, 1.01},
        {probe_avx512ifma_emulated::make_probe("avx512ifma_emulated"), 2, 2, 2, 534, 1068, 4095, 1.01, 534},
    };
    if (find_kernel("avx2") != nullptr) {
        all.push_back({probe_avx2::make_probe("avx2"), 1.41, 1.41, 1.41, 395, 790, 4095, 1.01, 395});
    }
    return all;
}

unsigned limb_bits(const field_probe& probe, unsigned i) {
    return probe.limb_count == 5 ? 51 : i % 2 == 0 ? 26 : 25;
}

std::uint64_t limit_of(const field_probe& probe, unsigned i, double units) {
    return static_cast<std::uint64_t>(units * static_cast<double>(std::uint64_t{1} << limb_bits(probe, i))) - 1;
}

big_integer value_of(const field_probe& probe, const raw_elements& a, unsigned lane) {
    big_integer sum;
    for (unsigned i = probe.limb_count; i-- > 0;) {
        sum = sum.shifted(limb_bits(probe, i)) + big_integer(a.limb[i][lane]);
    }
    return sum;
}

big_integer value_of(const canonical_elements& a, unsigned lane) {
    const std::uint64_t words[5] = {a.limb[0][lane], a.limb[1][lane], a.limb[2][lane], a.limb[3][lane],
                                    a.limb[4][lane]};
    return big_integer::of_words(words, 5, 51);
}

class limb_maker {
  public:
    explicit limb_maker(std::uint64_t seed) : rng_(seed) {}

    raw_elements make(const field_probe& probe, double units) {
        raw_elements result;
        for (unsigned lane = 0; lane < probe.lane_count; ++lane) {
            const std::uint64_t shape = rng_() % 4;
            for (unsigned i = 0; i < probe.limb_count; ++i) {
                const std::uint64_t limit = limit_of(probe, i, units);
                result.limb[i][lane] = shape == 0 ? limit : shape == 1 ? rng_() % (limit + 1) : edge(probe, i, limit);
            }
        }
        return result;
    }

  private:
    std::uint64_t edge(const field_probe& probe, unsigned i, std::uint64_t limit) {
        const std::uint64_t unit = std::uint64_t{1} << limb_bits(probe, i);
        const std::uint64_t edges[] = {0,        1,        18,   19,        unit - 20, unit - 19, unit - 18,
                                       unit - 2, unit - 1, unit, limit - 1, limit,     limit};
        const std::uint64_t chosen = edges[rng_() % std::size(edges)];
        return chosen <= limit ? chosen : limit;
    }

    std::mt19937_64 rng_;
};

template <class Expected>
void check(const bounds& it, const char* what, binary_operation operation, double units_a, double units_b, int trials,
           Expected expected) {
    limb_maker maker(static_cast<std::uint64_t>(trials) + it.probe.limb_count);
    for (int trial = 0; trial < trials; ++trial) {
        const raw_elements a = maker.make(it.probe, units_a);
        const raw_elements b = maker.make(it.probe, units_b);
        canonical_elements result;
        operation(result, a, b);
        for (unsigned lane = 0; lane < it.probe.lane_count; ++lane) {
            INFO(it.probe.name << " " << what << ", lane " << lane << ", trial " << trial);
            CHECK(value_of(result, lane) == expected(value_of(it.probe, a, lane), value_of(it.probe, b, lane)));
        }
    }
}

TEST_CASE("products, squares, sums and differences at every limb bound") {
    const big_integer& p = field_prime();
    const auto product = [&](const big_integer& a, const big_integer& b) { return (a * b) % p; };
    const auto difference = [&](const big_integer& a, const big_integer& b) { return (a + p.shifted(20) - b) % p; };
    for (const bounds& it : all_bounds()) {
        const int trials = static_cast<int>(400 / it.probe.lane_count);
        check(it, "multiply", it.probe.multiply, it.first_factor, it.second_factor, trials, product);
        check(it, "square", it.probe.square, it.squared, 1, trials,
              [&](const auto& a, const auto&) { return (a * a) % p; });
        check(it, "add", it.probe.add, it.shrunk / 4, it.shrunk / 4, trials,
              [&](const auto& a, const auto& b) { return (a + b) % p; });
        check(it, "subtract", it.probe.subtract, it.subtrahend, it.subtrahend, trials, difference);
        check(it, "subtract_sum", it.probe.subtract_sum, it.subtrahend, it.subtrahend_sum, trials, difference);
        check(it, "shrink", it.probe.shrink, it.shrunk, it.shrunk, trials, product);
    }
}

TEST_CASE("products are the same in every rounding mode of the floating point unit") {
    const big_integer& p = field_prime();
    for (const int mode : {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO}) {
        for (const bounds& it : all_bounds()) {
            limb_maker maker(static_cast<std::uint64_t>(mode) + 9);
            for (int trial = 0; trial < 60; ++trial) {
                const raw_elements a = maker.make(it.probe, it.first_factor);
                const raw_elements b = maker.make(it.probe, it.second_factor);
                canonical_elements product, squared;
                REQUIRE(std::fesetround(mode) == 0);
                it.probe.multiply(product, a, b);
                it.probe.square(squared, a, a);
                REQUIRE(std::fesetround(FE_TONEAREST) == 0);
                for (unsigned lane = 0; lane < it.probe.lane_count; ++lane) {
                    const big_integer value = value_of(it.probe, a, lane);
                    CHECK(value_of(product, lane) == (value * value_of(it.probe, b, lane)) % p);
                    CHECK(value_of(squared, lane) == (value * value) % p);
                }
            }
        }
    }
}

TEST_CASE("an inverse is an inverse, and that of zero is zero") {
    const big_integer& p = field_prime();
    for (const bounds& it : all_bounds()) {
        limb_maker maker(5);
        for (int trial = 0; trial < 20; ++trial) {
            raw_elements a = maker.make(it.probe, 1);
            if (trial == 0) {
                a = raw_elements();
            }
            canonical_elements result;
            it.probe.invert(result, a, a);
            for (unsigned lane = 0; lane < it.probe.lane_count; ++lane) {
                const big_integer value = value_of(it.probe, a, lane) % p;
                CHECK((value * value_of(result, lane)) % p ==
                      (value == big_integer() ? big_integer() : big_integer(1)));
            }
        }
    }
}

TEST_CASE("the one canonical form: every value near 0, p and 2p, spread over the limbs in different ways") {
    const big_integer& p = field_prime();
    for (const bounds& it : all_bounds()) {
        for (int offset = -40; offset <= 40; ++offset) {
            for (const std::uint64_t multiple : {1u, 2u}) {
                const big_integer number =
                    offset < 0 ? p * big_integer(multiple) - big_integer(static_cast<std::uint64_t>(-offset))
                               : p * big_integer(multiple) + big_integer(static_cast<std::uint64_t>(offset));
                std::uint64_t words[5];
                number.to_words(words, 5);
                raw_elements a;
                unsigned position = 0;
                for (unsigned i = 0; i < it.probe.limb_count; ++i) {
                    const bool is_last = i + 1 == it.probe.limb_count;
                    const unsigned bits = limb_bits(it.probe, i);
                    const unsigned shift = position % 64;
                    std::uint64_t limb = words[position / 64] >> shift;
                    limb |= shift != 0 && position / 64 < 4 ? words[position / 64 + 1] << (64 - shift) : 0;
                    const std::uint64_t kept = (std::uint64_t{1} << (is_last ? bits + 2 : bits)) - 1;
                    for (unsigned lane = 0; lane < 8; ++lane) {
                        a.limb[i][lane] = limb & kept;
                    }
                    position += bits;
                }
                canonical_elements result;
                it.probe.add(result, a, raw_elements());
                for (unsigned lane = 0; lane < it.probe.lane_count; ++lane) {
                    CHECK(value_of(result, lane) == number % p);
                }
            }
        }
    }
}

TEST_CASE("what is carried is as small as the bounds say") {
    for (const bounds& it : all_bounds()) {
        limb_maker maker(6);
        for (int trial = 0; trial < 200; ++trial) {
            raw_elements shrunk, product;
            it.probe.shrunk_limbs(shrunk, maker.make(it.probe, it.shrunk));
            it.probe.product_limbs(product, maker.make(it.probe, it.first_factor),
                                   maker.make(it.probe, it.second_factor));
            for (unsigned i = 0; i < it.probe.limb_count; ++i) {
                for (unsigned lane = 0; lane < it.probe.lane_count; ++lane) {
                    CHECK(shrunk.limb[i][lane] <= limit_of(it.probe, i, it.shrink_result));
                    CHECK(product.limb[i][lane] <= limit_of(it.probe, i, it.product_result));
                }
            }
        }
    }
}

}  // namespace
}  // namespace xacthuc::ed25519
