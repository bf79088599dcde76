// SPDX-License-Identifier: Apache-2.0
// The field of 2^255 - 19 in five limbs of 51 bits, eight elements side by side, products by the 52-bit multiply-add.
// Included inside the namespace of the kernel. The multiplier takes the low 52 bits of a limb, so factors (fe) have
// limbs below 2^52. Products are not carried; sums of them (wide) have limbs below 2^63, and are carried once, when
// they become factors. Bounds: docs/ed25519.md.

inline constexpr unsigned limb_count = 5;

// Limbs below 2^63.
struct wide {
    word v[limb_count];
};
// Limbs below 2^52.
struct fe {
    word v[limb_count];
    operator wide() const { return {{v[0], v[1], v[2], v[3], v[4]}}; }
};

// Requires words below 2^52.
inline fe fe_from_words(const word* w) {
    return {{w[0], w[1], w[2], w[3], w[4]}};
}
// The same here: words below 2^52 are small enough.
inline fe fe_from_large_words(const word* w) {
    return fe_from_words(w);
}
inline void fe_to_words(word* w, const fe& a) {
    for (unsigned i = 0; i < limb_count; ++i) {
        w[i] = a.v[i];
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
// Requires b to be a product or a factor: below 267 2^52.
inline wide subtract(const wide& a, const wide& b) {
    return subtract_biased<1024>(a, b);
}
// Requires b to be the sum of two products.
inline wide subtract_sum(const wide& a, const wide& b) {
    return subtract_biased<2048>(a, b);
}

inline word times_19(word a) {
    return add(add(shift_left<4>(a), shift_left<1>(a)), a);
}

// Carries every limb once, all at a time. Returns limbs below 2^51 + 2^17 for a < 2^63.
inline fe narrow(const wide& a) {
    const word low_bits = splat(limb51_mask);
    fe result;
    result.v[0] = v_multiply_add_low(bit_and(a.v[0], low_bits), shift_right<51>(a.v[4]), splat(19));
    for (unsigned i = 1; i < limb_count; ++i) {
        result.v[i] = add(bit_and(a.v[i], low_bits), shift_right<51>(a.v[i - 1]));
    }
    return result;
}
inline fe shrink(const wide& a) {
    return narrow(a);
}

// The high halves are summed first and doubled (they weigh 2^52, a limb 2^51), the low halves added onto them.
inline wide multiply(const fe& a, const fe& b) {
    const word* const f = a.v;
    const word* const g = b.v;
    const word zero = splat(0);
    word z1 = v_multiply_add_high(zero, f[0], g[0]);
    word z2 = v_multiply_add_high(zero, f[0], g[1]);
    word z3 = v_multiply_add_high(zero, f[0], g[2]);
    word z4 = v_multiply_add_high(zero, f[0], g[3]);
    word z5 = v_multiply_add_high(zero, f[0], g[4]);
    z2 = v_multiply_add_high(z2, f[1], g[0]);
    z3 = v_multiply_add_high(z3, f[1], g[1]);
    z4 = v_multiply_add_high(z4, f[1], g[2]);
    z5 = v_multiply_add_high(z5, f[1], g[3]);
    word z6 = v_multiply_add_high(zero, f[1], g[4]);
    z3 = v_multiply_add_high(z3, f[2], g[0]);
    z4 = v_multiply_add_high(z4, f[2], g[1]);
    z5 = v_multiply_add_high(z5, f[2], g[2]);
    z6 = v_multiply_add_high(z6, f[2], g[3]);
    word z7 = v_multiply_add_high(zero, f[2], g[4]);
    z4 = v_multiply_add_high(z4, f[3], g[0]);
    z5 = v_multiply_add_high(z5, f[3], g[1]);
    z6 = v_multiply_add_high(z6, f[3], g[2]);
    z7 = v_multiply_add_high(z7, f[3], g[3]);
    word z8 = v_multiply_add_high(zero, f[3], g[4]);
    z5 = v_multiply_add_high(z5, f[4], g[0]);
    z6 = v_multiply_add_high(z6, f[4], g[1]);
    z7 = v_multiply_add_high(z7, f[4], g[2]);
    z8 = v_multiply_add_high(z8, f[4], g[3]);
    word z9 = v_multiply_add_high(zero, f[4], g[4]);
    z1 = add(z1, z1);
    z2 = add(z2, z2);
    z3 = add(z3, z3);
    z4 = add(z4, z4);
    z5 = add(z5, z5);
    z6 = add(z6, z6);
    z7 = add(z7, z7);
    z8 = add(z8, z8);
    z9 = add(z9, z9);
    word z0 = v_multiply_add_low(zero, f[0], g[0]);
    z1 = v_multiply_add_low(z1, f[0], g[1]);
    z2 = v_multiply_add_low(z2, f[0], g[2]);
    z3 = v_multiply_add_low(z3, f[0], g[3]);
    z4 = v_multiply_add_low(z4, f[0], g[4]);
    z1 = v_multiply_add_low(z1, f[1], g[0]);
    z2 = v_multiply_add_low(z2, f[1], g[1]);
    z3 = v_multiply_add_low(z3, f[1], g[2]);
    z4 = v_multiply_add_low(z4, f[1], g[3]);
    z5 = v_multiply_add_low(z5, f[1], g[4]);
    z2 = v_multiply_add_low(z2, f[2], g[0]);
    z3 = v_multiply_add_low(z3, f[2], g[1]);
    z4 = v_multiply_add_low(z4, f[2], g[2]);
    z5 = v_multiply_add_low(z5, f[2], g[3]);
    z6 = v_multiply_add_low(z6, f[2], g[4]);
    z3 = v_multiply_add_low(z3, f[3], g[0]);
    z4 = v_multiply_add_low(z4, f[3], g[1]);
    z5 = v_multiply_add_low(z5, f[3], g[2]);
    z6 = v_multiply_add_low(z6, f[3], g[3]);
    z7 = v_multiply_add_low(z7, f[3], g[4]);
    z4 = v_multiply_add_low(z4, f[4], g[0]);
    z5 = v_multiply_add_low(z5, f[4], g[1]);
    z6 = v_multiply_add_low(z6, f[4], g[2]);
    z7 = v_multiply_add_low(z7, f[4], g[3]);
    z8 = v_multiply_add_low(z8, f[4], g[4]);
    return {{add(z0, times_19(z5)), add(z1, times_19(z6)), add(z2, times_19(z7)), add(z3, times_19(z8)),
             add(z4, times_19(z9))}};
}

// The products of two different limbs count twice, so they are summed before one more doubling.
inline wide square(const fe& a) {
    const word* const f = a.v;
    const word zero = splat(0);
    word z2 = v_multiply_add_high(zero, f[0], f[1]);
    word z3 = v_multiply_add_high(zero, f[0], f[2]);
    word z4 = v_multiply_add_high(zero, f[0], f[3]);
    word z5 = v_multiply_add_high(zero, f[0], f[4]);
    z4 = v_multiply_add_high(z4, f[1], f[2]);
    z5 = v_multiply_add_high(z5, f[1], f[3]);
    word z6 = v_multiply_add_high(zero, f[1], f[4]);
    z6 = v_multiply_add_high(z6, f[2], f[3]);
    word z7 = v_multiply_add_high(zero, f[2], f[4]);
    word z8 = v_multiply_add_high(zero, f[3], f[4]);
    z2 = add(z2, z2);
    z3 = add(z3, z3);
    z4 = add(z4, z4);
    z5 = add(z5, z5);
    z6 = add(z6, z6);
    z7 = add(z7, z7);
    z8 = add(z8, z8);
    word z1 = v_multiply_add_high(zero, f[0], f[0]);
    z3 = v_multiply_add_high(z3, f[1], f[1]);
    z5 = v_multiply_add_high(z5, f[2], f[2]);
    z7 = v_multiply_add_high(z7, f[3], f[3]);
    word z9 = v_multiply_add_high(zero, f[4], f[4]);
    z1 = v_multiply_add_low(z1, f[0], f[1]);
    z2 = v_multiply_add_low(z2, f[0], f[2]);
    z3 = v_multiply_add_low(z3, f[0], f[3]);
    z4 = v_multiply_add_low(z4, f[0], f[4]);
    z3 = v_multiply_add_low(z3, f[1], f[2]);
    z4 = v_multiply_add_low(z4, f[1], f[3]);
    z5 = v_multiply_add_low(z5, f[1], f[4]);
    z5 = v_multiply_add_low(z5, f[2], f[3]);
    z6 = v_multiply_add_low(z6, f[2], f[4]);
    z7 = v_multiply_add_low(z7, f[3], f[4]);
    z1 = add(z1, z1);
    z2 = add(z2, z2);
    z3 = add(z3, z3);
    z4 = add(z4, z4);
    z5 = add(z5, z5);
    z6 = add(z6, z6);
    z7 = add(z7, z7);
    z8 = add(z8, z8);
    z9 = add(z9, z9);
    word z0 = v_multiply_add_low(zero, f[0], f[0]);
    z2 = v_multiply_add_low(z2, f[1], f[1]);
    z4 = v_multiply_add_low(z4, f[2], f[2]);
    z6 = v_multiply_add_low(z6, f[3], f[3]);
    z8 = v_multiply_add_low(z8, f[4], f[4]);
    return {{add(z0, times_19(z5)), add(z1, times_19(z6)), add(z2, times_19(z7)), add(z3, times_19(z8)),
             add(z4, times_19(z9))}};
}
