// SPDX-License-Identifier: Apache-2.0
// Scalars: the reduction modulo L against the slow reference, the test for S < L, and that the signed digits are digits
// of the number.
#include "ed25519/scalar.hpp"

#include <doctest/doctest.h>

#include <random>

#include "unit/ed25519/big_integer.hpp"

using namespace xacthuc;
using namespace xacthuc::ed25519;

namespace {

const big_integer& group_order() {
    static const big_integer l = big_integer::of_words(order, 4);
    return l;
}

void check_reduction(const big_integer& number) {
    std::uint64_t wide[8], reduced[4];
    number.to_words(wide, 8);
    scalar_reduce(reduced, wide);
    CHECK(big_integer::of_words(reduced, 4) == number % group_order());
    CHECK(scalar_is_canonical(reduced));
}

TEST_CASE("reduction modulo L at the edges") {
    const big_integer top = big_integer::power_of_two(512) - big_integer(1);
    check_reduction(0);
    check_reduction(top);
    for (std::size_t bit = 0; bit < 512; ++bit) {
        const big_integer power = big_integer::power_of_two(bit);
        check_reduction(power);
        check_reduction(power - big_integer(1));
        check_reduction(top - power);
    }
    for (std::size_t bit = 0; bit < 259; ++bit) {
        const big_integer multiple = group_order().shifted(bit);
        check_reduction(multiple);
        check_reduction(multiple - big_integer(1));
        check_reduction(multiple + big_integer(1));
    }
    const big_integer last = top - top % group_order();
    check_reduction(last);
    check_reduction(last - big_integer(1));
}

TEST_CASE("reduction modulo L of random numbers") {
    std::mt19937_64 rng(1);
    for (int i = 0; i < 5'000; ++i) {
        std::uint64_t words[8];
        for (auto& word : words) {
            // Long runs of zeros and ones find carries that random digits do not.
            word = rng() % 4 == 0 ? 0 : rng() % 3 == 0 ? ~std::uint64_t{0} : rng();
        }
        check_reduction(big_integer::of_words(words, 8));
    }
}

TEST_CASE("a scalar is canonical exactly below L") {
    const auto is_canonical_number = [](const big_integer& number) {
        std::uint64_t words[4];
        number.to_words(words, 4);
        return scalar_is_canonical(words);
    };
    CHECK(is_canonical_number(0));
    CHECK(is_canonical_number(group_order() - big_integer(1)));
    CHECK_FALSE(is_canonical_number(group_order()));
    CHECK_FALSE(is_canonical_number(group_order() + big_integer(1)));
    CHECK_FALSE(is_canonical_number(big_integer::power_of_two(256) - big_integer(1)));
    for (std::size_t bit = 0; bit < 252; ++bit) {
        CHECK(is_canonical_number(group_order() - big_integer::power_of_two(bit)));
        CHECK_FALSE(is_canonical_number(group_order() + big_integer::power_of_two(bit)));
    }
}

void check_digits(const big_integer& number, unsigned bits) {
    std::uint64_t words[4];
    number.to_words(words, 4);
    std::int8_t digits[2 * 64] = {};
    scalar_recode(digits, 2, words, bits);
    const int half = 1 << (bits - 1);
    // Positive and negative digits are summed apart, since the reference has no negative numbers.
    big_integer plus, minus;
    for (unsigned i = 0; i < window_count(bits); ++i) {
        const int digit = digits[2 * i];
        CHECK(digit >= -half);
        CHECK(digit <= half);
        const big_integer part =
            big_integer(static_cast<std::uint64_t>(digit < 0 ? -digit : digit)).shifted(std::size_t{bits} * i);
        (digit < 0 ? minus : plus) = (digit < 0 ? minus : plus) + part;
        CHECK(digits[2 * i + 1] == 0);
    }
    CHECK(plus == number + minus);
}

TEST_CASE("the signed digits of every width add up to the scalar, and name entries that exist") {
    std::mt19937_64 rng(2);
    for (unsigned bits = 5; bits <= 8; ++bits) {
        check_digits(0, bits);
        check_digits(1, bits);
        check_digits(group_order() - big_integer(1), bits);
        for (std::size_t bit = 0; bit < 252; bit += 3) {
            check_digits(big_integer::power_of_two(bit), bits);
            check_digits(big_integer::power_of_two(bit) - big_integer(1), bits);
            check_digits(group_order() - big_integer::power_of_two(bit), bits);
        }
        for (int i = 0; i < 200; ++i) {
            const std::uint64_t words[4] = {rng(), rng(), rng(), rng()};
            check_digits(big_integer::of_words(words, 4) % group_order(), bits);
        }
    }
}

}  // namespace
