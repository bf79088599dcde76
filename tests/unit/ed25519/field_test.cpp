// SPDX-License-Identifier: Apache-2.0
// The field of every kernel against the slow reference, with every limb at the edges of the bounds that docs/ed25519.md
// proves.
#if defined(__GNUC__) && !defined(__clang__)
// As in the kernel: the intrinsics of g++ 12 read a variable that they leave unset on purpose.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <doctest/doctest.h>
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <cfenv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "ed25519/division_steps.hpp"
#include "ed25519/encoding.hpp"
#include "ed25519/kernel_list.hpp"
#include "ed25519/sha512_constants.hpp"
#include "system/target_region.hpp"
#include "unit/ed25519/big_integer.hpp"

namespace xacthuc::ed25519 {
namespace {

// Limbs of up to eight elements as a kernel holds them, one lane for each.
struct raw_elements {
    std::uint64_t limb[5][8] = {};
};
// The same in the one form below p, limbs of 51 bits.
struct canonical_elements {
    std::uint64_t limb[5][8] = {};
};

using binary_operation = void (*)(canonical_elements&, const raw_elements&, const raw_elements&);

struct field_probe {
    std::string name;
    unsigned lane_count;
    binary_operation multiply, square, add, subtract, subtract_raised, subtract_raised_square, subtract_raised_sum,
        subtract_from_twice, raise, entry, shrink, invert;
    void (*shrunk_limbs)(raw_elements&, const raw_elements&);
    void (*product_limbs)(raw_elements&, const raw_elements&, const raw_elements&);
};

// clang-format off
namespace probe_portable {
#include "ed25519/portable/lanes.hpp"
#include "ed25519/portable/field.hpp"
#include "ed25519/kernel/never_raised.hpp"
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
#include "ed25519/kernel/never_raised.hpp"
#include "ed25519/kernel/element.hpp"
#include "unit/ed25519/field_probe.hpp"
}  // namespace probe_avx2
XACTHUC_TARGET_END
#ifdef XACTHUC_ED25519_AVX512IFMA
XACTHUC_TARGET_BEGIN("avx512f,avx512bw,avx512dq,avx512vl,avx512ifma,bmi,bmi2")
namespace probe_avx512ifma {
#include "ed25519/avx512ifma/operations.hpp"
#include "ed25519/avx512ifma/lanes.hpp"
#include "ed25519/avx512ifma/field.hpp"
#include "ed25519/kernel/element.hpp"
#include "unit/ed25519/field_probe.hpp"
}  // namespace probe_avx512ifma
XACTHUC_TARGET_END
#endif
// clang-format on

constexpr std::uint64_t limb52_mask = (std::uint64_t{1} << 52) - 1;

// Limbs of a kind that a kernel has: how many bits each limb weighs, and what it is at most.
struct limb_kind {
    std::array<unsigned, 5> bits;
    std::array<std::uint64_t, 5> max;
    // Only the low bits of the limbs count; the most that may stand in a limb is any 64 bits.
    bool has_garbage = false;
};

constexpr std::array<unsigned, 5> bits_51 = {51, 51, 51, 51, 51};
constexpr std::array<unsigned, 5> bits_52 = {52, 52, 52, 52, 47};

limb_kind limbs_51(double units) {
    limb_kind kind{bits_51, {}};
    kind.max.fill(static_cast<std::uint64_t>(units * 0x1p51) - 1);
    return kind;
}
limb_kind limbs_52(std::uint64_t bound) {
    limb_kind kind{bits_52, {}};
    kind.max.fill(bound - 1);
    return kind;
}

// The limbs of comb entries: canonical.
constexpr limb_kind entry_limbs{bits_52,
                                {limb52_mask, limb52_mask, limb52_mask, limb52_mask, (std::uint64_t{1} << 47) - 1}};

// What a kernel's field.hpp allows.
struct bounds {
    field_probe probe;
    limb_kind factor, subtrahend, wide;
    // What shrink promises, in limbs of 51 bits, and multiply.
    limb_kind shrink_result, product_result;
};

std::vector<bounds> all_bounds() {
    limb_kind factor_52{
        bits_52, {limb52_mask, limb52_mask, limb52_mask, limb52_mask, (std::uint64_t{1} << 47) + 2047}, true};
    std::vector<bounds> all = {
        {probe_portable::make_probe("portable"), limbs_51(8), limbs_51(3.9), limbs_51(8000), limbs_51(1.01),
         limbs_51(1.01)},
        {probe_avx512ifma_emulated::make_probe("avx512ifma_emulated"), factor_52, limbs_52(std::uint64_t{1} << 58),
         limbs_52(std::uint64_t{1} << 63), limbs_51(1 + 0x1p-36), limbs_52(10 * (std::uint64_t{1} << 52) + (1 << 14))},
    };
    if (find_kernel("avx2") != nullptr) {
        all.push_back({probe_avx2::make_probe("avx2"), limbs_51(1.41), limbs_51(395), limbs_51(4095), limbs_51(1.01),
                       limbs_51(395)});
    }
#ifdef XACTHUC_ED25519_AVX512IFMA
    if (find_kernel("avx512ifma") != nullptr) {
        bounds real = all[1];
        real.probe = probe_avx512ifma::make_probe("avx512ifma");
        all.push_back(real);
    }
#endif
    return all;
}

big_integer value_of(const limb_kind& kind, const raw_elements& a, unsigned lane) {
    big_integer sum;
    for (unsigned i = 5; i-- > 0;) {
        const bool low_only = kind.has_garbage && i < 4;
        const std::uint64_t limb = low_only ? a.limb[i][lane] & limb52_mask : a.limb[i][lane];
        sum = sum.shifted(kind.bits[i]) + big_integer(limb);
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

    raw_elements make(const field_probe& probe, const limb_kind& kind) {
        raw_elements result;
        for (unsigned lane = 0; lane < probe.lane_count; ++lane) {
            const std::uint64_t shape = rng_() % 4;
            for (unsigned i = 0; i < 5; ++i) {
                const std::uint64_t max = kind.max[i];
                result.limb[i][lane] = shape == 0 ? max : shape == 1 ? rng_() % (max + 1) : edge(kind.bits[i], max);
                if (kind.has_garbage && i < 4) {
                    result.limb[i][lane] |= (shape == 2 ? ~std::uint64_t{0} : rng_()) << 52;
                }
            }
        }
        return result;
    }

  private:
    std::uint64_t edge(unsigned bits, std::uint64_t max) {
        const std::uint64_t unit = std::uint64_t{1} << bits;
        const std::uint64_t edges[] = {0,        1,        18,   19,      unit - 20, unit - 19, unit - 18,
                                       unit - 2, unit - 1, unit, max - 1, max,       max};
        const std::uint64_t chosen = edges[rng_() % std::size(edges)];
        return chosen <= max ? chosen : max;
    }

    std::mt19937_64 rng_;
};

template <class Expected>
void check(const bounds& it, const char* what, binary_operation operation, const limb_kind& kind_a,
           const limb_kind& kind_b, int trials, Expected expected) {
    limb_maker maker(static_cast<std::uint64_t>(trials) + 5);
    for (int trial = 0; trial < trials; ++trial) {
        const raw_elements a = maker.make(it.probe, kind_a);
        const raw_elements b = maker.make(it.probe, kind_b);
        canonical_elements result;
        operation(result, a, b);
        for (unsigned lane = 0; lane < it.probe.lane_count; ++lane) {
            INFO(it.probe.name << " " << what << ", lane " << lane << ", trial " << trial);
            CHECK(value_of(result, lane) == expected(value_of(kind_a, a, lane), value_of(kind_b, b, lane)));
        }
    }
}

TEST_CASE("products, squares, sums and differences at every limb bound") {
    const big_integer& p = field_prime();
    const big_integer many_p = p * big_integer::power_of_two(280);
    const auto product = [&](const big_integer& a, const big_integer& b) { return (a * b) % p; };
    const auto difference = [&](const big_integer& a, const big_integer& b) { return (a + p.shifted(20) - b) % p; };
    for (const bounds& it : all_bounds()) {
        const int trials = static_cast<int>(400 / it.probe.lane_count);
        limb_kind half_wide = it.wide;
        for (auto& max : half_wide.max) {
            max /= 4;
        }
        const auto check_factors = [&](const char* what, binary_operation operation, auto expected) {
            check(it, what, operation, it.factor, it.factor, trials, expected);
        };
        check_factors("multiply", it.probe.multiply, product);
        check_factors("square", it.probe.square, [&](const auto& a, const auto&) { return (a * a) % p; });
        check_factors("subtract_raised", it.probe.subtract_raised,
                      [&](const auto& a, const auto& b) { return (a * b + many_p - b * b) % p; });
        check_factors("subtract_raised_square", it.probe.subtract_raised_square,
                      [&](const auto& a, const auto& b) { return (a * a + many_p - a * b) % p; });
        check_factors("subtract_raised_sum", it.probe.subtract_raised_sum,
                      [&](const auto& a, const auto& b) { return (a * a + many_p - a * b - b * b) % p; });
        check_factors("subtract_from_twice", it.probe.subtract_from_twice,
                      [&](const auto& a, const auto& b) { return (a * a + a * a + many_p - b * b + a * b) % p; });
        limb_kind subtrahend_factor = it.factor;
        for (std::size_t i = 0; i < 5; ++i) {
            subtrahend_factor.max[i] = std::min(it.factor.max[i], it.subtrahend.max[i]);
        }
        check(it, "raise", it.probe.raise, it.factor, subtrahend_factor, trials,
              [&](const auto& a, const auto& b) { return (a + many_p - b) % p; });
        check(it, "entry", it.probe.entry, entry_limbs, it.factor, trials, product);
        check(it, "add", it.probe.add, half_wide, half_wide, trials,
              [&](const auto& a, const auto& b) { return (a + b) % p; });
        check(it, "subtract", it.probe.subtract, it.subtrahend, it.subtrahend, trials, difference);
        check(it, "shrink", it.probe.shrink, it.wide, it.wide, trials, product);
    }
}

TEST_CASE("products are the same in every rounding mode of the floating point unit") {
    const big_integer& p = field_prime();
    for (const int mode : {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO}) {
        for (const bounds& it : all_bounds()) {
            limb_maker maker(static_cast<std::uint64_t>(mode) + 9);
            for (int trial = 0; trial < 60; ++trial) {
                const raw_elements a = maker.make(it.probe, it.factor);
                const raw_elements b = maker.make(it.probe, it.factor);
                canonical_elements product, squared;
                REQUIRE(std::fesetround(mode) == 0);
                it.probe.multiply(product, a, b);
                it.probe.square(squared, a, a);
                REQUIRE(std::fesetround(FE_TONEAREST) == 0);
                for (unsigned lane = 0; lane < it.probe.lane_count; ++lane) {
                    const big_integer value = value_of(it.factor, a, lane);
                    CHECK(value_of(product, lane) == (value * value_of(it.factor, b, lane)) % p);
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
            raw_elements a = maker.make(it.probe, it.wide);
            if (trial == 0) {
                a = raw_elements();
            }
            canonical_elements result;
            it.probe.invert(result, a, a);
            for (unsigned lane = 0; lane < it.probe.lane_count; ++lane) {
                const big_integer value = value_of(it.wide, a, lane) % p;
                CHECK((value * value_of(result, lane)) % p ==
                      (value == big_integer() ? big_integer() : big_integer(1)));
            }
        }
    }
}

TEST_CASE("inverses by division steps: near 0 and p, near powers of two, long runs of bits, and at random") {
    const big_integer& p = field_prime();
    std::mt19937_64 rng(7);
    std::vector<big_integer> numbers;
    for (std::uint64_t i = 0; i < 200; ++i) {
        numbers.push_back(big_integer(i));
        numbers.push_back(p - big_integer(i + 1));
    }
    for (std::size_t bit = 1; bit < 255; ++bit) {
        numbers.push_back(big_integer::power_of_two(bit) % p);
        numbers.push_back((big_integer::power_of_two(bit) - big_integer(1)) % p);
        numbers.push_back((p - big_integer::power_of_two(bit) % p));
    }
    for (int i = 0; i < 3000; ++i) {
        std::uint64_t words[4];
        for (auto& word : words) {
            word = rng() % 4 == 0 ? 0 : rng() % 3 == 0 ? ~std::uint64_t{0} : rng();
        }
        numbers.push_back(big_integer::of_words(words, 4) % p);
    }
    for (const big_integer& number : numbers) {
        std::uint64_t words[5], limbs[5], inverse[5];
        number.to_words(words, 5);
        for (unsigned i = 0; i < 5; ++i) {
            const unsigned at = 51 * i, shift = at % 64;
            limbs[i] = words[at / 64] >> shift;
            limbs[i] |= shift == 0 ? 0 : words[at / 64 + 1] << (64 - shift);
            limbs[i] &= limb51_mask;
        }
        invert_by_division_steps(inverse, limbs);
        const big_integer result = big_integer::of_words(inverse, 5, 51);
        CHECK(result < p);
        CHECK((number * result) % p == (number == big_integer() ? big_integer() : big_integer(1)));
        if (number == big_integer()) CHECK(result == big_integer());
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
                for (unsigned i = 0; i < 5; ++i) {
                    const bool is_last = i == 4;
                    const unsigned bits = it.wide.bits[i];
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
            it.probe.shrunk_limbs(shrunk, maker.make(it.probe, it.wide));
            it.probe.product_limbs(product, maker.make(it.probe, it.factor), maker.make(it.probe, it.factor));
            for (unsigned i = 0; i < 5; ++i) {
                for (unsigned lane = 0; lane < it.probe.lane_count; ++lane) {
                    CHECK(shrunk.limb[i][lane] <= it.shrink_result.max[i]);
                    CHECK(product.limb[i][lane] <= it.product_result.max[i]);
                }
            }
        }
    }
}

}  // namespace
}  // namespace xacthuc::ed25519
