// SPDX-License-Identifier: Apache-2.0
// The field of 2^255 - 19 in five limbs of 51 bits, four elements side by side, products by the fused multiply-add of
// doubles: one gives the high half of a product of two limbs, a second what that left out. Included inside the
// namespace of the kernel. Factors (fe) are whole numbers below 1.41 2^51, held as doubles. Products are not carried;
// sums of them (wide) are 64-bit integers below 2^63, and are carried once, when they become factors. Bounds:
// docs/ed25519.md. Source of the split: Emmart and Zhu, Faster modular exponentiation using double precision floating
// point arithmetic (2018).

inline constexpr unsigned limb_count = 5;

// Limbs below 2^63.
struct wide {
    word v[limb_count];
};

inline __m256d as_double(word a) {
    return _mm256_castsi256_pd(a);
}
inline word as_bits(__m256d a) {
    return _mm256_castpd_si256(a);
}

// 2^52: the double whose lowest bit counts ones. The bits of 2^52 + x are those of 2^52, plus x.
inline word two_to_52() {
    return splat(0x4330000000000000);
}
inline word number_of_integer(word a) {
    return as_bits(_mm256_sub_pd(as_double(bit_or(a, two_to_52())), as_double(two_to_52())));
}
inline word integer_of_number(word a) {
    return bit_xor(as_bits(_mm256_add_pd(as_double(a), as_double(two_to_52()))), two_to_52());
}

// Limbs below 1.41 2^51, as doubles.
struct fe {
    word v[limb_count];
    operator wide() const {
        return {{integer_of_number(v[0]), integer_of_number(v[1]), integer_of_number(v[2]), integer_of_number(v[3]),
                 integer_of_number(v[4])}};
    }
};

// Requires words below 1.41 2^51.
inline fe fe_from_words(const word* w) {
    return {{number_of_integer(w[0]), number_of_integer(w[1]), number_of_integer(w[2]), number_of_integer(w[3]),
             number_of_integer(w[4])}};
}
inline void fe_to_words(word* w, const fe& a) {
    for (unsigned i = 0; i < limb_count; ++i) {
        w[i] = integer_of_number(a.v[i]);
    }
}

inline wide add(const wide& a, const wide& b) {
    wide result;
    for (unsigned i = 0; i < limb_count; ++i) {
        result.v[i] = add(a.v[i], b.v[i]);
    }
    return result;
}

// a - b + Multiple p. Requires b < Multiple (2^51 - 19).
template <std::uint64_t Multiple>
inline wide subtract_biased(const wide& a, const wide& b) {
    const word lowest = splat(Multiple * (limb51_mask - 18));
    const word others = splat(Multiple * limb51_mask);
    wide result;
    for (unsigned i = 0; i < limb_count; ++i) {
        result.v[i] = subtract(add(a.v[i], i == 0 ? lowest : others), b.v[i]);
    }
    return result;
}
// Requires b to be a product or a factor: below 395 2^51.
inline wide subtract(const wide& a, const wide& b) {
    return subtract_biased<512>(a, b);
}
// Requires b to be the sum of two products.
inline wide subtract_sum(const wide& a, const wide& b) {
    return subtract_biased<1024>(a, b);
}

inline word times_19(word a) {
    return add(add(shift_left<4>(a), shift_left<1>(a)), a);
}

// Carries every limb once, all at a time. Returns limbs below 2^51 + 2^17 for a < 2^63.
inline fe narrow(const wide& a) {
    const word low_bits = splat(limb51_mask);
    word w[limb_count];
    w[0] = add(bit_and(a.v[0], low_bits), multiply_low32(shift_right<51>(a.v[4]), splat(19)));
    for (unsigned i = 1; i < limb_count; ++i) {
        w[i] = add(bit_and(a.v[i], low_bits), shift_right<51>(a.v[i - 1]));
    }
    return fe_from_words(w);
}
inline fe shrink(const wide& a) {
    return narrow(a);
}

inline fe fe_of_limbs(const word* limbs) {
    return fe_from_words(limbs);
}
// From limbs of 52 bits, the highest of 47.
inline fe fe_from_entry(const word* limbs) {
    const word low_bits = splat(limb51_mask);
    const word w[limb_count] = {bit_and(limbs[0], low_bits),
                                bit_and(bit_or(shift_right<51>(limbs[0]), shift_left<1>(limbs[1])), low_bits),
                                bit_and(bit_or(shift_right<50>(limbs[1]), shift_left<2>(limbs[2])), low_bits),
                                bit_and(bit_or(shift_right<49>(limbs[2]), shift_left<3>(limbs[3])), low_bits),
                                bit_or(shift_right<48>(limbs[3]), shift_left<4>(limbs[4]))};
    return fe_from_words(w);
}

// Adds the low part of a b, a whole number between -2^51 and 2^51, to `low`, and its multiple of 2^51 to `high`: with
// 2^103 added, the sum is rounded to such multiples, and 3 2^51 more shows the rest in the bits of 1.5 2^52. Both are
// exact in every rounding mode. What the bits of 2^103 and 1.5 2^52 add up to, the sums have less to begin with.
inline void add_product(__m256d a, word b, word& low, word& high) {
    const __m256d rounded = _mm256_fmadd_pd(a, as_double(b), as_double(splat(0x4660000000000000)));
    const __m256d rest = _mm256_sub_pd(as_double(splat(0x4660000000000003)), rounded);
    high = add(high, as_bits(rounded));
    low = add(low, as_bits(_mm256_fmadd_pd(a, as_double(b), rest)));
}
// The products of limb I of a and these limbs of b, to the columns of a product.
template <unsigned I, unsigned... J>
inline void add_products(word* z, const fe& a, const fe& b) {
    const __m256d limb = as_double(a.v[I]);
    (add_product(limb, b.v[J], z[I + J], z[I + J + 1]), ...);
}
template <unsigned... J>
inline void double_columns(word* z) {
    ((z[J] = add(z[J], z[J])), ...);
}
// 2^255 is 19.
inline wide fold_columns(const word* z) {
    return {{add(z[0], times_19(z[5])), add(z[1], times_19(z[6])), add(z[2], times_19(z[7])), add(z[3], times_19(z[8])),
             add(z[4], times_19(z[9]))}};
}

// Called, not inlined: both compilers make more of a product when it does not stand in a larger function.
#define XACTHUC_FIELD_FUNCTION __attribute__((noinline))

// The constants that the columns begin with are 128 p, which keeps them from being negative, less the bits said above.
XACTHUC_FIELD_FUNCTION wide multiply(const fe& a, const fe& b) {
    word z[2 * limb_count] = {splat(0xc0c7fffffffff680), splat(0x372fffffffffff80), splat(0xad97ffffffffff80),
                              splat(0x23ffffffffffff80), splat(0x9a67ffffffffff80), splat(0x9340000000000000),
                              splat(0x1cd8000000000000), splat(0xa670000000000000), splat(0x3008000000000000),
                              splat(0xb9a0000000000000)};
    add_products<0, 0, 1, 2, 3, 4>(z, a, b);
    add_products<1, 0, 1, 2, 3, 4>(z, a, b);
    add_products<2, 0, 1, 2, 3, 4>(z, a, b);
    add_products<3, 0, 1, 2, 3, 4>(z, a, b);
    add_products<4, 0, 1, 2, 3, 4>(z, a, b);
    return fold_columns(z);
}

// The products of two different limbs count twice, so they are summed and doubled before the others.
XACTHUC_FIELD_FUNCTION wide square(const fe& a) {
    word z[2 * limb_count] = {splat(0xc0c7fffffffff680), splat(0x1b97ffffffffffc0), splat(0x56cbffffffffffc0),
                              splat(0x11ffffffffffffc0), splat(0x4d33ffffffffffc0), splat(0x49a0000000000000),
                              splat(0x0e6c000000000000), splat(0x5338000000000000), splat(0x1804000000000000),
                              splat(0xb9a0000000000000)};
    add_products<0, 1, 2, 3, 4>(z, a, a);
    add_products<1, 2, 3, 4>(z, a, a);
    add_products<2, 3, 4>(z, a, a);
    add_products<3, 4>(z, a, a);
    double_columns<1, 2, 3, 4, 5, 6, 7, 8>(z);
    add_products<0, 0>(z, a, a);
    add_products<1, 1>(z, a, a);
    add_products<2, 2>(z, a, a);
    add_products<3, 3>(z, a, a);
    add_products<4, 4>(z, a, a);
    return fold_columns(z);
}

#undef XACTHUC_FIELD_FUNCTION
