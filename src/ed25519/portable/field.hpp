// SPDX-License-Identifier: Apache-2.0
// The field of 2^255 - 19 in five limbs of 51 bits, products in 128 bits. Included inside the namespace of the kernel.
// Bounds: docs/ed25519.md. u stands for 2^51: a reduced limb is below 1.01 u; the factors of a product may be up to 8
// u.

inline constexpr unsigned limb_count = 5;

struct fe {
    word v[limb_count];
};
// A sum that a kernel may still have to carry before it is multiplied. Here it is a plain element.
using wide = fe;

inline fe fe_from_words(const word* w) {
    return {{w[0], w[1], w[2], w[3], w[4]}};
}
inline fe fe_of_limbs(const word* limbs) {
    return fe_from_words(limbs);
}
// From limbs of 52 bits, the highest of 47. Returns limbs below 2, 4, 8, 1 and 1.01 u, small enough for a factor.
inline fe fe_from_entry(const word* limbs) {
    return {
        {limbs[0], limbs[1] << 1, limbs[2] << 2, (limbs[3] << 3) & limb51_mask, (limbs[3] >> 48) | (limbs[4] << 4)}};
}
inline void fe_to_words(word* w, const fe& a) {
    for (unsigned i = 0; i < 5; ++i) {
        w[i] = a.v[i];
    }
}

inline wide add(const wide& a, const wide& b) {
    return {{a.v[0] + b.v[0], a.v[1] + b.v[1], a.v[2] + b.v[2], a.v[3] + b.v[3], a.v[4] + b.v[4]}};
}

// a - b + 4p. Requires b < 3.9 u. Returns less than a + 4 u.
inline wide subtract(const wide& a, const wide& b) {
    constexpr std::uint64_t low = 4 * (limb51_mask - 18);
    constexpr std::uint64_t high = 4 * limb51_mask;
    return {{a.v[0] + low - b.v[0], a.v[1] + high - b.v[1], a.v[2] + high - b.v[2], a.v[3] + high - b.v[3],
             a.v[4] + high - b.v[4]}};
}
inline wide subtract_sum(const wide& a, const wide& b) {
    return subtract(a, b);
}

inline const fe& narrow(const wide& a) {
    return a;
}

// Carries once. Returns less than 1.01 u for any a.
inline fe shrink(const wide& a) {
    return {{(a.v[0] & limb51_mask) + 19 * (a.v[4] >> 51), (a.v[1] & limb51_mask) + (a.v[0] >> 51),
             (a.v[2] & limb51_mask) + (a.v[1] >> 51), (a.v[3] & limb51_mask) + (a.v[2] >> 51),
             (a.v[4] & limb51_mask) + (a.v[3] >> 51)}};
}

inline word times_19(word a) {
    return 19 * a;
}

inline std::uint64_t low_limb(uint128 h) {
    return static_cast<std::uint64_t>(h) & limb51_mask;
}

inline wide carry_product(uint128 h0, uint128 h1, uint128 h2, uint128 h3, uint128 h4) {
    h1 += static_cast<std::uint64_t>(h0 >> 51);
    h2 += static_cast<std::uint64_t>(h1 >> 51);
    h3 += static_cast<std::uint64_t>(h2 >> 51);
    h4 += static_cast<std::uint64_t>(h3 >> 51);
    const std::uint64_t l0 = low_limb(h0) + 19 * static_cast<std::uint64_t>(h4 >> 51);
    return {{l0 & limb51_mask, low_limb(h1) + (l0 >> 51), low_limb(h2), low_limb(h3), low_limb(h4)}};
}

// Requires f, g < 8 u.
inline wide multiply(const fe& f, const fe& g) {
    const std::uint64_t f0 = f.v[0], f1 = f.v[1], f2 = f.v[2], f3 = f.v[3], f4 = f.v[4];
    const uint128 g0 = g.v[0], g1 = g.v[1], g2 = g.v[2], g3 = g.v[3], g4 = g.v[4];
    const uint128 k1 = 19 * g.v[1], k2 = 19 * g.v[2], k3 = 19 * g.v[3], k4 = 19 * g.v[4];
    return carry_product(
        f0 * g0 + f1 * k4 + f2 * k3 + f3 * k2 + f4 * k1, f0 * g1 + f1 * g0 + f2 * k4 + f3 * k3 + f4 * k2,
        f0 * g2 + f1 * g1 + f2 * g0 + f3 * k4 + f4 * k3, f0 * g3 + f1 * g2 + f2 * g1 + f3 * g0 + f4 * k4,
        f0 * g4 + f1 * g3 + f2 * g2 + f3 * g1 + f4 * g0);
}

// Requires f < 8 u.
inline wide square(const fe& f) {
    const uint128 f0 = f.v[0], f1 = f.v[1], f2 = f.v[2], f3 = f.v[3], f4 = f.v[4];
    const std::uint64_t d0 = 2 * f.v[0], d1 = 2 * f.v[1], d2 = 38 * f.v[2], k3 = 19 * f.v[3], k4 = 19 * f.v[4];
    return carry_product(f0 * f0 + 2 * k4 * f1 + d2 * f3, d0 * f1 + d2 * f4 + k3 * f3, d0 * f2 + f1 * f1 + 2 * k4 * f3,
                         d0 * f3 + d1 * f2 + k4 * f4, d0 * f4 + d1 * f3 + f2 * f2);
}
