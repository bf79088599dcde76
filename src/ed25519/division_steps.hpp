// SPDX-License-Identifier: Apache-2.0
// The inverse modulo p = 2^255 - 19 of one number by division steps: a third of the time of a power, for the single
// verification, which has nobody to share an inversion with. Its time depends on the number, and nothing here is
// secret.
//
// Numbers are five signed limbs of 62 bits, lowest first, all but the highest in [0, 2^62) between the steps; p is -19
// + 128 * 2^248, so a multiple of it touches two limbs only. Source: Bernstein and Yang, Fast constant-time gcd
// computation and modular inversion (2019), in batches of 62 steps on the low limbs as their section 11 has it; bounds
// in docs/ed25519.md.
#pragma once

#include <cstdint>

#include "ed25519/scalar.hpp"

namespace xacthuc::inline v0_1::ed25519 {

__extension__ typedef __int128 int128;

struct limbs62 {
    std::int64_t v[5];
};

// What 62 steps do to (f, g), times 2^62.
struct step_matrix {
    std::int64_t u, v, q, r;
};

// Does 62 steps on the low 64 bits of f (odd) and g. delta is carried from batch to batch and begins with 1.
inline step_matrix divide_62(std::int64_t& delta, std::uint64_t f, std::uint64_t g) noexcept {
    std::uint64_t u = 1, v = 0, q = 0, r = 1;
    int left = 62;
    for (;;) {
        // All halvings of an even g at once; the bits set on top stop the count at the end of the batch.
        const int zeros = __builtin_ctzll(g | (~std::uint64_t{0} << left));
        g >>= zeros;
        u <<= zeros;
        v <<= zeros;
        delta += zeros;
        left -= zeros;
        if (left == 0) {
            break;
        }
        if (delta > 0) {
            delta = -delta;
            const std::uint64_t old_f = f, old_u = u, old_v = v;
            f = g;
            g = -old_f;
            u = q;
            q = -old_u;
            v = r;
            r = -old_v;
        }
        // g + w f is even in as many bits as there are steps until the next exchange or the end: at most 4 are taken.
        const std::int64_t steps = 1 - delta < left ? 1 - delta : left;
        const std::uint64_t mask = steps >= 4 ? 15 : (std::uint64_t{1} << steps) - 1;
        // The inverse of f modulo 16, f being odd.
        const std::uint64_t inverse = f + (((f + 1) & 4) << 1);
        const std::uint64_t w = (-inverse * g) & mask;
        g += f * w;
        q += u * w;
        r += v * w;
    }
    return {static_cast<std::int64_t>(u), static_cast<std::int64_t>(v), static_cast<std::int64_t>(q),
            static_cast<std::int64_t>(r)};
}

inline constexpr std::int64_t limb62_mask = (std::int64_t{1} << 62) - 1;

// (f, g) = t (f, g) / 2^62, exactly.
inline void apply_to_pair(limbs62& f, limbs62& g, const step_matrix& t) noexcept {
    int128 a = int128{t.u} * f.v[0] + int128{t.v} * g.v[0];
    int128 b = int128{t.q} * f.v[0] + int128{t.r} * g.v[0];
    a >>= 62;
    b >>= 62;
    for (int i = 1; i < 5; ++i) {
        const std::int64_t fi = f.v[i], gi = g.v[i];
        a += int128{t.u} * fi + int128{t.v} * gi;
        b += int128{t.q} * fi + int128{t.r} * gi;
        f.v[i - 1] = static_cast<std::int64_t>(a) & limb62_mask;
        g.v[i - 1] = static_cast<std::int64_t>(b) & limb62_mask;
        a >>= 62;
        b >>= 62;
    }
    f.v[4] = static_cast<std::int64_t>(a);
    g.v[4] = static_cast<std::int64_t>(b);
}

// (d, e) = t (d, e) / 2^62 modulo p: such multiples of p are added that the lowest limbs become 0. Requires and keeps
// d and e in (-2p, p).
inline void apply_to_cofactors(limbs62& d, limbs62& e, const step_matrix& t) noexcept {
    // The inverse of p, that is of -19, modulo 2^62.
    constexpr std::uint64_t p_inverse = 0x39435e50d79435e5;
    static_assert(((p_inverse * (~std::uint64_t{0} - 18)) & static_cast<std::uint64_t>(limb62_mask)) == 1);
    const std::int64_t d_sign = d.v[4] >> 63, e_sign = e.v[4] >> 63;
    std::int64_t md = (t.u & d_sign) + (t.v & e_sign);
    std::int64_t me = (t.q & d_sign) + (t.r & e_sign);
    int128 a = int128{t.u} * d.v[0] + int128{t.v} * e.v[0];
    int128 b = int128{t.q} * d.v[0] + int128{t.r} * e.v[0];
    const auto low_bits = static_cast<std::uint64_t>(limb62_mask);
    md -= static_cast<std::int64_t>((p_inverse * static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(md)) &
                                    low_bits);
    me -= static_cast<std::int64_t>((p_inverse * static_cast<std::uint64_t>(b) + static_cast<std::uint64_t>(me)) &
                                    low_bits);
    a = (a - int128{19} * md) >> 62;
    b = (b - int128{19} * me) >> 62;
    for (int i = 1; i < 5; ++i) {
        const std::int64_t di = d.v[i], ei = e.v[i];
        a += int128{t.u} * di + int128{t.v} * ei;
        b += int128{t.q} * di + int128{t.r} * ei;
        if (i == 4) {
            a += int128{128} * md;
            b += int128{128} * me;
        }
        d.v[i - 1] = static_cast<std::int64_t>(a) & limb62_mask;
        e.v[i - 1] = static_cast<std::int64_t>(b) & limb62_mask;
        a >>= 62;
        b >>= 62;
    }
    d.v[4] = static_cast<std::int64_t>(a);
    e.v[4] = static_cast<std::int64_t>(b);
}

inline void carry_limbs(limbs62& a) noexcept {
    for (int i = 0; i < 4; ++i) {
        a.v[i + 1] += a.v[i] >> 62;
        a.v[i] &= limb62_mask;
    }
}

inline void add_p_if_negative(limbs62& a) noexcept {
    if (a.v[4] < 0) {
        a.v[0] -= 19;
        a.v[4] += 128;
        carry_limbs(a);
    }
}

// Sets inverse to 1/x modulo p, below p; 0 for 0. Both in limbs of 51 bits, x below p.
inline void invert_by_division_steps(std::uint64_t (&inverse)[5], const std::uint64_t (&x)[5]) noexcept {
    const auto limb = [](std::uint64_t a) { return static_cast<std::int64_t>(a) & limb62_mask; };
    limbs62 f = {{-19, 0, 0, 0, 128}};
    carry_limbs(f);
    limbs62 g = {{limb(x[0] | (x[1] << 51)), limb((x[1] >> 11) | (x[2] << 40)), limb((x[2] >> 22) | (x[3] << 29)),
                  limb((x[3] >> 33) | (x[4] << 18)), limb(x[4] >> 44)}};
    limbs62 d = {{0, 0, 0, 0, 0}};
    limbs62 e = {{1, 0, 0, 0, 0}};
    std::int64_t delta = 1;
    while ((g.v[0] | g.v[1] | g.v[2] | g.v[3] | g.v[4]) != 0) {
        const step_matrix t =
            divide_62(delta, static_cast<std::uint64_t>(f.v[0]) | (static_cast<std::uint64_t>(f.v[1]) << 62),
                      static_cast<std::uint64_t>(g.v[0]) | (static_cast<std::uint64_t>(g.v[1]) << 62));
        apply_to_cofactors(d, e, t);
        apply_to_pair(f, g, t);
    }
    // Now f is 1 or -1 (p where x is 0), and d is f / x.
    add_p_if_negative(d);
    if (f.v[4] < 0) {
        for (auto& it : d.v) {
            it = -it;
        }
        carry_limbs(d);
    }
    add_p_if_negative(d);
    const auto w = [&d](int i) { return static_cast<std::uint64_t>(d.v[i]); };
    inverse[0] = w(0) & limb51_mask;
    inverse[1] = ((w(0) >> 51) | (w(1) << 11)) & limb51_mask;
    inverse[2] = ((w(1) >> 40) | (w(2) << 22)) & limb51_mask;
    inverse[3] = ((w(2) >> 29) | (w(3) << 33)) & limb51_mask;
    inverse[4] = ((w(3) >> 18) | (w(4) << 44)) & limb51_mask;
}

}  // namespace xacthuc::inline v0_1::ed25519
