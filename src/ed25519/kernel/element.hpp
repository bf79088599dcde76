// SPDX-License-Identifier: Apache-2.0
// What every kernel does with field elements in the same way: constants, powers, the one canonical form, comparisons.
// Included inside the namespace of the kernel; see kernel/kernel_body.hpp.

inline fe constant(const std::uint64_t (&limbs)[5]) {
    const word w[5] = {splat(limbs[0]), splat(limbs[1]), splat(limbs[2]), splat(limbs[3]), splat(limbs[4])};
    return fe_from_words(w);
}

inline fe select(mask m, const fe& if_set, const fe& if_clear) {
    fe result;
    for (unsigned i = 0; i < limb_count; ++i) {
        result.v[i] = select(m, if_set.v[i], if_clear.v[i]);
    }
    return result;
}

inline void exchange(mask m, fe& a, fe& b) {
    const fe old_a = a;
    a = select(m, b, a);
    b = select(m, old_a, b);
}

// A product that is a factor of the next one.
inline fe times(const fe& a, const fe& b) {
    return narrow(multiply(a, b));
}

// Sets w to the limbs of 51 bits of the one representative below p.
inline void canonical_words(word* w, const wide& a) {
    const word low_bits = splat(limb51_mask);
    fe_to_words(w, shrink(a));
    for (int pass = 0; pass < 2; ++pass) {
        for (unsigned i = 0; i < 4; ++i) {
            w[i + 1] = add(w[i + 1], shift_right<51>(w[i]));
            w[i] = bit_and(w[i], low_bits);
        }
        const word over = shift_right<51>(w[4]);
        w[4] = bit_and(w[4], low_bits);
        w[0] = add(w[0], times_19(over));
    }
    // The value is now below 2^255 + 19. It is p or more exactly if adding 19 carries out of the top.
    word quotient = shift_right<51>(add(w[0], splat(19)));
    for (unsigned i = 1; i < 5; ++i) {
        quotient = shift_right<51>(add(w[i], quotient));
    }
    w[0] = add(w[0], times_19(quotient));
    for (unsigned i = 0; i < 4; ++i) {
        w[i + 1] = add(w[i + 1], shift_right<51>(w[i]));
        w[i] = bit_and(w[i], low_bits);
    }
    w[4] = bit_and(w[4], low_bits);
}

// The powers of several elements are taken in step, since the next square of one must wait for the one before.

// r = a^(2^count). Requires count >= 1.
template <unsigned Ways>
inline void square_times(fe* r, const fe* a, unsigned count) {
    for (unsigned way = 0; way < Ways; ++way) {
        r[way] = narrow(square(a[way]));
    }
    for (unsigned i = 1; i < count; ++i) {
        for (unsigned way = 0; way < Ways; ++way) {
            r[way] = narrow(square(r[way]));
        }
    }
}

// r = a^(2^count) b. Requires count >= 1.
template <unsigned Ways>
inline void square_times_and_multiply(fe* r, const fe* a, unsigned count, const fe* b) {
    fe square[Ways];
    square_times<Ways>(square, a, count);
    for (unsigned way = 0; way < Ways; ++way) {
        r[way] = times(square[way], b[way]);
    }
}

// Sets power_11 to a^11 and power_250 to a^(2^250 - 1).
template <unsigned Ways>
inline void long_powers(fe* power_11, fe* power_250, const fe* a) {
    fe a2[Ways], a9[Ways], p5[Ways], p10[Ways], p50[Ways], p[Ways];
    square_times<Ways>(a2, a, 1);
    square_times_and_multiply<Ways>(a9, a2, 2, a);
    for (unsigned way = 0; way < Ways; ++way) {
        power_11[way] = times(a9[way], a2[way]);
    }
    square_times_and_multiply<Ways>(p5, power_11, 1, a9);  // 2^5 - 1
    square_times_and_multiply<Ways>(p10, p5, 5, p5);
    square_times_and_multiply<Ways>(p, p10, 10, p10);  // 2^20 - 1
    square_times_and_multiply<Ways>(p, p, 20, p);
    square_times_and_multiply<Ways>(p50, p, 10, p10);
    square_times_and_multiply<Ways>(p, p50, 50, p50);
    square_times_and_multiply<Ways>(p, p, 100, p);
    square_times_and_multiply<Ways>(power_250, p, 50, p50);
}

// 1/a, 0 for 0. In lanes it is a^(p-2) = a^(2^255 - 21).
inline fe invert(const fe& a) {
    if constexpr (lane_count == 1) {
        word w[5];
        canonical_words(w, a);
        std::uint64_t number[5], inverse[5];
        for (unsigned i = 0; i < 5; ++i) {
            store_lanes(number + i, w[i]);
        }
        invert_by_division_steps(inverse, number);
        for (unsigned i = 0; i < 5; ++i) {
            w[i] = load_lanes(inverse + i);
        }
        return fe_from_words(w);
    }
    fe power_11, power_250, result;
    long_powers<1>(&power_11, &power_250, &a);
    square_times_and_multiply<1>(&result, &power_250, 5, &power_11);
    return result;
}

// r = a^((p-5)/8) = a^(2^252 - 3)
template <unsigned Ways>
inline void power_of_square_root(fe* r, const fe* a) {
    fe power_11[Ways], power_250[Ways];
    long_powers<Ways>(power_11, power_250, a);
    square_times_and_multiply<Ways>(r, power_250, 2, a);
}

inline mask is_zero(const wide& a) {
    word w[5];
    canonical_words(w, a);
    return is_zero(bit_or(bit_or(bit_or(w[0], w[1]), bit_or(w[2], w[3])), w[4]));
}

// Sets limbs to the 256 bits of four words in limbs of 51 bits; the highest takes 52.
inline void limbs_of_words(word* limbs, const word* words) {
    const word low_bits = splat(limb51_mask);
    limbs[0] = bit_and(words[0], low_bits);
    limbs[1] = bit_and(bit_or(shift_right<51>(words[0]), shift_left<13>(words[1])), low_bits);
    limbs[2] = bit_and(bit_or(shift_right<38>(words[1]), shift_left<26>(words[2])), low_bits);
    limbs[3] = bit_and(bit_or(shift_right<25>(words[2]), shift_left<39>(words[3])), low_bits);
    limbs[4] = shift_right<12>(words[3]);
}
