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

// A product that is a factor of the next one.
inline fe times(const fe& a, const fe& b) {
    return narrow(multiply(a, b));
}

// a^(2^count). Requires count >= 1.
inline fe square_times(const fe& a, unsigned count) {
    fe result = narrow(square(a));
    for (unsigned i = 1; i < count; ++i) {
        result = narrow(square(result));
    }
    return result;
}

struct power_pair {
    fe power_11;   // a^11
    fe power_250;  // a^(2^250 - 1)
};

inline power_pair long_powers(const fe& a) {
    const fe a2 = narrow(square(a));
    const fe a9 = times(a, square_times(a2, 2));
    const fe a11 = times(a9, a2);
    const fe p5 = times(narrow(square(a11)), a9);  // 2^5 - 1
    const fe p10 = times(square_times(p5, 5), p5);
    const fe p20 = times(square_times(p10, 10), p10);
    const fe p40 = times(square_times(p20, 20), p20);
    const fe p50 = times(square_times(p40, 10), p10);
    const fe p100 = times(square_times(p50, 50), p50);
    const fe p200 = times(square_times(p100, 100), p100);
    return {a11, times(square_times(p200, 50), p50)};
}

// a^(p-2) = a^(2^255 - 21): the inverse, 0 for 0.
inline fe invert(const fe& a) {
    const power_pair powers = long_powers(a);
    return times(square_times(powers.power_250, 5), powers.power_11);
}

// a^((p-5)/8) = a^(2^252 - 3)
inline fe power_of_square_root(const fe& a) {
    return times(square_times(long_powers(a).power_250, 2), a);
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
