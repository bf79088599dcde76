// SPDX-License-Identifier: Apache-2.0
// The field of 2^255 - 19 in limbs of 52, 52, 52, 52 and 47 bits, eight elements side by side, products by the 52-bit
// multiply-add. Included inside the namespace of the kernel.
//
// The multiplier takes the low 52 bits of what it is given, so a factor (fe) may have anything above bit 52 of its
// first four limbs: nothing has to be masked away when a sum is carried. Products are not carried; sums of them (wide)
// have limbs below 2^63, and are carried once, when they become factors. Bounds: docs/ed25519.md.

inline constexpr unsigned limb_count = 5;
inline constexpr std::uint64_t limb52_mask = (std::uint64_t{1} << 52) - 1;
inline constexpr std::uint64_t limb47_mask = (std::uint64_t{1} << 47) - 1;
// 2^260 modulo p.
inline constexpr std::uint64_t fold = 19 << 5;

// Limbs below 2^63.
struct wide {
    word v[limb_count];
};
// The low 52 bits of the first four limbs, and a fifth below 2^47 + 2^11.
struct fe {
    word v[limb_count];
    operator wide() const {
        const word low_bits = splat(limb52_mask);
        return {
            {bit_and(v[0], low_bits), bit_and(v[1], low_bits), bit_and(v[2], low_bits), bit_and(v[3], low_bits), v[4]}};
    }
};

// From limbs as a factor has them.
inline fe fe_of_limbs(const word* limbs) {
    return {{limbs[0], limbs[1], limbs[2], limbs[3], limbs[4]}};
}
// The entries of combs have limbs of 52 bits.
inline fe fe_from_entry(const word* limbs) {
    return fe_of_limbs(limbs);
}

// From limbs of 51 bits, and to them; the highest may take a bit more.
inline fe fe_from_words(const word* w) {
    return {{bit_or(w[0], shift_left<51>(w[1])), bit_or(shift_right<1>(w[1]), shift_left<50>(w[2])),
             bit_or(shift_right<2>(w[2]), shift_left<49>(w[3])), bit_or(shift_right<3>(w[3]), shift_left<48>(w[4])),
             shift_right<4>(w[4])}};
}
inline void fe_to_words(word* w, const fe& a) {
    const wide l = a;
    const word low_bits = splat(limb51_mask);
    w[0] = bit_and(l.v[0], low_bits);
    w[1] = bit_and(bit_or(shift_right<51>(l.v[0]), shift_left<1>(l.v[1])), low_bits);
    w[2] = bit_and(bit_or(shift_right<50>(l.v[1]), shift_left<2>(l.v[2])), low_bits);
    w[3] = bit_and(bit_or(shift_right<49>(l.v[2]), shift_left<3>(l.v[3])), low_bits);
    w[4] = add(shift_right<48>(l.v[3]), shift_left<4>(l.v[4]));
}

inline wide add(const wide& a, const wide& b) {
    wide result;
    for (unsigned i = 0; i < limb_count; ++i) {
        result.v[i] = add(a.v[i], b.v[i]);
    }
    return result;
}

// A multiple of p in limbs of 2^56 and more, which no product exceeds; and one in limbs of 2^58 and more.
inline constexpr std::uint64_t p_above_product[limb_count] = {0x10fffffffffd9ed, 0x10fffffffffffef, 0x10fffffffffffef,
                                                              0x10fffffffffffef, 0x1007fffffffffef};
inline constexpr std::uint64_t p_above_sums[limb_count] = {0x40fffffffff67ed, 0x40fffffffffffbf, 0x40fffffffffffbf,
                                                           0x40fffffffffffbf, 0x4007fffffffffbf};

// a - b. Requires a raised: made by one of the functions that say so, and by more than b can be.
inline wide subtract_from_raised(const wide& a, const wide& b) {
    wide result;
    for (unsigned i = 0; i < limb_count; ++i) {
        result.v[i] = subtract(a.v[i], b.v[i]);
    }
    return result;
}
inline wide subtract_sum_from_raised(const wide& a, const wide& b) {
    return subtract_from_raised(a, b);
}
// a + a multiple of p, from which a product can be subtracted.
inline wide raise(const wide& a) {
    wide result;
    for (unsigned i = 0; i < limb_count; ++i) {
        result.v[i] = add(a.v[i], splat(p_above_product[i]));
    }
    return result;
}
// a - b + a multiple of p. Requires b < 2^58.
inline wide subtract(const wide& a, const wide& b) {
    wide result;
    for (unsigned i = 0; i < limb_count; ++i) {
        result.v[i] = subtract(add(a.v[i], splat(p_above_sums[i])), b.v[i]);
    }
    return result;
}

inline word times_19(word a) {
    return add(add(shift_left<4>(a), shift_left<1>(a)), a);
}

// Carries what is above 2^255 to the bottom, then from limb to limb; what was carried stays above bit 52.
inline fe narrow(const wide& a) {
    fe result;
    result.v[0] = v_multiply_add_low(a.v[0], shift_right<47>(a.v[4]), splat(19));
    result.v[1] = add(a.v[1], shift_right<52>(result.v[0]));
    result.v[2] = add(a.v[2], shift_right<52>(result.v[1]));
    result.v[3] = add(a.v[3], shift_right<52>(result.v[2]));
    result.v[4] = add(bit_and(a.v[4], splat(limb47_mask)), shift_right<52>(result.v[3]));
    return result;
}
inline fe shrink(const wide& a) {
    return narrow(a);
}

// Called, g++'s products spend a tenth more of their time in memory.
#define XACTHUC_INLINED __attribute__((always_inline)) inline

// The columns 5 to 9 weigh 2^260 times those 0 to 4. Of each the low 52 bits are multiplied into two columns, what is
// above them into the second.
XACTHUC_INLINED wide fold_columns(const word* z) {
    const word factor = splat(fold);
    wide r;
    r.v[0] = v_multiply_add_low(z[0], z[5], factor);
    r.v[1] = v_multiply_add_low(z[1], z[6], factor);
    r.v[2] = v_multiply_add_low(z[2], z[7], factor);
    r.v[3] = v_multiply_add_low(z[3], z[8], factor);
    r.v[4] = v_multiply_add_low(z[4], z[9], factor);
    r.v[1] = v_multiply_add_high(r.v[1], z[5], factor);
    r.v[2] = v_multiply_add_high(r.v[2], z[6], factor);
    r.v[3] = v_multiply_add_high(r.v[3], z[7], factor);
    r.v[4] = v_multiply_add_high(r.v[4], z[8], factor);
    r.v[1] = v_multiply_add_low(r.v[1], shift_right<52>(z[5]), factor);
    r.v[2] = v_multiply_add_low(r.v[2], shift_right<52>(z[6]), factor);
    r.v[3] = v_multiply_add_low(r.v[3], shift_right<52>(z[7]), factor);
    r.v[4] = v_multiply_add_low(r.v[4], shift_right<52>(z[8]), factor);
    return r;
}

// f g, the columns beginning with `start`, which is 0 or a multiple of p. Where many terms meet in a column, those of
// high halves are summed apart, so that no chain of additions is longer than the whole takes.
XACTHUC_INLINED wide multiply_onto(const std::uint64_t* start, const fe& a, const fe& b) {
    const word* const f = a.v;
    const word* const g = b.v;
    word z[10] = {splat(start[0]), splat(start[1]), splat(start[2]), splat(start[3]), splat(start[4]),
                  splat(0),        splat(0),        splat(0),        splat(0),        splat(0)};
    z[0] = v_multiply_add_low(z[0], f[0], g[0]);
    z[1] = v_multiply_add_low(z[1], f[0], g[1]);
    z[2] = v_multiply_add_low(z[2], f[0], g[2]);
    z[3] = v_multiply_add_low(z[3], f[0], g[3]);
    z[4] = v_multiply_add_low(z[4], f[0], g[4]);
    z[1] = v_multiply_add_high(z[1], f[0], g[0]);
    z[2] = v_multiply_add_high(z[2], f[0], g[1]);
    z[3] = v_multiply_add_high(z[3], f[0], g[2]);
    z[4] = v_multiply_add_high(z[4], f[0], g[3]);
    z[5] = v_multiply_add_high(z[5], f[0], g[4]);
    z[1] = v_multiply_add_low(z[1], f[1], g[0]);
    z[2] = v_multiply_add_low(z[2], f[1], g[1]);
    z[3] = v_multiply_add_low(z[3], f[1], g[2]);
    z[4] = v_multiply_add_low(z[4], f[1], g[3]);
    z[5] = v_multiply_add_low(z[5], f[1], g[4]);
    z[2] = v_multiply_add_high(z[2], f[1], g[0]);
    z[3] = v_multiply_add_high(z[3], f[1], g[1]);
    z[4] = v_multiply_add_high(z[4], f[1], g[2]);
    z[5] = v_multiply_add_high(z[5], f[1], g[3]);
    z[6] = v_multiply_add_high(z[6], f[1], g[4]);
    z[2] = v_multiply_add_low(z[2], f[2], g[0]);
    z[3] = v_multiply_add_low(z[3], f[2], g[1]);
    z[4] = v_multiply_add_low(z[4], f[2], g[2]);
    z[5] = v_multiply_add_low(z[5], f[2], g[3]);
    z[6] = v_multiply_add_low(z[6], f[2], g[4]);
    z[3] = v_multiply_add_high(z[3], f[2], g[0]);
    z[4] = v_multiply_add_high(z[4], f[2], g[1]);
    z[5] = v_multiply_add_high(z[5], f[2], g[2]);
    z[6] = v_multiply_add_high(z[6], f[2], g[3]);
    z[7] = v_multiply_add_high(z[7], f[2], g[4]);
    z[3] = v_multiply_add_low(z[3], f[3], g[0]);
    z[4] = v_multiply_add_low(z[4], f[3], g[1]);
    z[5] = v_multiply_add_low(z[5], f[3], g[2]);
    z[6] = v_multiply_add_low(z[6], f[3], g[3]);
    z[7] = v_multiply_add_low(z[7], f[3], g[4]);
    z[4] = v_multiply_add_high(z[4], f[3], g[0]);
    z[5] = v_multiply_add_high(z[5], f[3], g[1]);
    z[6] = v_multiply_add_high(z[6], f[3], g[2]);
    z[7] = v_multiply_add_high(z[7], f[3], g[3]);
    z[8] = v_multiply_add_high(z[8], f[3], g[4]);
    z[4] = v_multiply_add_low(z[4], f[4], g[0]);
    z[5] = v_multiply_add_low(z[5], f[4], g[1]);
    z[6] = v_multiply_add_low(z[6], f[4], g[2]);
    z[7] = v_multiply_add_low(z[7], f[4], g[3]);
    z[8] = v_multiply_add_low(z[8], f[4], g[4]);
    z[5] = v_multiply_add_high(z[5], f[4], g[0]);
    z[6] = v_multiply_add_high(z[6], f[4], g[1]);
    z[7] = v_multiply_add_high(z[7], f[4], g[2]);
    z[8] = v_multiply_add_high(z[8], f[4], g[3]);
    z[9] = v_multiply_add_high(z[9], f[4], g[4]);
    return fold_columns(z);
}
// The products of two different limbs count twice: they are summed first and doubled.
XACTHUC_INLINED wide square_onto(const std::uint64_t* start, const fe& a) {
    const word* const f = a.v;
    word z[10] = {splat(0), splat(0), splat(0), splat(0), splat(0), splat(0), splat(0), splat(0), splat(0), splat(0)};
    z[1] = v_multiply_add_low(z[1], f[0], f[1]);
    z[2] = v_multiply_add_low(z[2], f[0], f[2]);
    z[3] = v_multiply_add_low(z[3], f[0], f[3]);
    z[4] = v_multiply_add_low(z[4], f[0], f[4]);
    z[2] = v_multiply_add_high(z[2], f[0], f[1]);
    z[3] = v_multiply_add_high(z[3], f[0], f[2]);
    z[4] = v_multiply_add_high(z[4], f[0], f[3]);
    z[5] = v_multiply_add_high(z[5], f[0], f[4]);
    z[3] = v_multiply_add_low(z[3], f[1], f[2]);
    z[4] = v_multiply_add_low(z[4], f[1], f[3]);
    z[5] = v_multiply_add_low(z[5], f[1], f[4]);
    z[4] = v_multiply_add_high(z[4], f[1], f[2]);
    z[5] = v_multiply_add_high(z[5], f[1], f[3]);
    z[6] = v_multiply_add_high(z[6], f[1], f[4]);
    z[5] = v_multiply_add_low(z[5], f[2], f[3]);
    z[6] = v_multiply_add_low(z[6], f[2], f[4]);
    z[6] = v_multiply_add_high(z[6], f[2], f[3]);
    z[7] = v_multiply_add_high(z[7], f[2], f[4]);
    z[7] = v_multiply_add_low(z[7], f[3], f[4]);
    z[8] = v_multiply_add_high(z[8], f[3], f[4]);
    z[0] = splat(start[0]);
    z[1] = add(add(z[1], z[1]), splat(start[1]));
    z[2] = add(add(z[2], z[2]), splat(start[2]));
    z[3] = add(add(z[3], z[3]), splat(start[3]));
    z[4] = add(add(z[4], z[4]), splat(start[4]));
    z[5] = add(z[5], z[5]);
    z[6] = add(z[6], z[6]);
    z[7] = add(z[7], z[7]);
    z[8] = add(z[8], z[8]);
    z[0] = v_multiply_add_low(z[0], f[0], f[0]);
    z[1] = v_multiply_add_high(z[1], f[0], f[0]);
    z[2] = v_multiply_add_low(z[2], f[1], f[1]);
    z[3] = v_multiply_add_high(z[3], f[1], f[1]);
    z[4] = v_multiply_add_low(z[4], f[2], f[2]);
    z[5] = v_multiply_add_high(z[5], f[2], f[2]);
    z[6] = v_multiply_add_low(z[6], f[3], f[3]);
    z[7] = v_multiply_add_high(z[7], f[3], f[3]);
    z[8] = v_multiply_add_low(z[8], f[4], f[4]);
    z[9] = v_multiply_add_high(z[9], f[4], f[4]);
    return fold_columns(z);
}

#undef XACTHUC_INLINED

inline constexpr std::uint64_t nothing[limb_count] = {0, 0, 0, 0, 0};

inline wide multiply(const fe& a, const fe& b) {
    return multiply_onto(nothing, a, b);
}
inline wide square(const fe& a) {
    return square_onto(nothing, a);
}
// Raised above a product.
inline wide multiply_raised(const fe& a, const fe& b) {
    return multiply_onto(p_above_product, a, b);
}
inline wide square_raised(const fe& a) {
    return square_onto(p_above_product, a);
}
// Raised above a product and a raised one.
inline wide square_raised_twice(const fe& a) {
    return square_onto(p_above_sums, a);
}
