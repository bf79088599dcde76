// SPDX-License-Identifier: Apache-2.0
// Points of edwards25519 in extended coordinates, one in each lane: x = X/Z, y = Y/Z, T = XY/Z. The formulas are
// complete: they hold for all pairs of points of the curve, those of small order included. Source: Hisil, Wong, Carter,
// Dawson, Twisted Edwards curves revisited (2008), sections 3.1 and 3.3. Included inside the namespace of the kernel;
// see kernel/kernel_body.hpp, and docs/ed25519.md for the bounds.

struct point {
    wide x, y, z, t;
};

// y+x, y-x, 2dxy of an affine point.
struct affine_addend {
    fe sum, difference, product;
};
// Y+X, Y-X, 2dT, Z.
struct addend {
    fe sum, difference, product, z;
};

inline point neutral_point() {
    return {constant(zero51), constant(one51), constant(one51), constant(zero51)};
}

// From A = (Y1-X1)(Y2-X2), B = (Y1+X1)(Y2+X2), C = 2d T1 T2, D = 2 Z1 Z2.
inline void complete_addition(point& p, const wide& a, const wide& b, const wide& c, const wide& d) {
    const fe e = narrow(subtract(b, a));
    const fe f = narrow(subtract(d, c));
    const fe g = narrow(add(d, c));
    const fe h = narrow(add(b, a));
    p.x = multiply(f, e);
    p.y = multiply(g, h);
    p.z = multiply(f, g);
    p.t = multiply(e, h);
}

inline void add_affine(point& p, const affine_addend& q) {
    const wide a = multiply(narrow(subtract(p.y, p.x)), q.difference);
    const wide b = multiply(narrow(add(p.y, p.x)), q.sum);
    const wide c = multiply(narrow(p.t), q.product);
    complete_addition(p, a, b, c, add(p.z, p.z));
}

inline void add_point(point& p, const addend& q) {
    const wide a = multiply(narrow(subtract(p.y, p.x)), q.difference);
    const wide b = multiply(narrow(add(p.y, p.x)), q.sum);
    const wide c = multiply(narrow(p.t), q.product);
    const wide d = multiply(narrow(p.z), q.z);
    complete_addition(p, a, b, c, add(d, d));
}

// Doubles p, of which T is not read; T of the result is made only if WithT.
template <bool WithT>
inline void double_point(point& p) {
    const wide xx = square(narrow(p.x));
    const wide yy = square(narrow(p.y));
    const wide zz = square(narrow(p.z));
    const wide sum = square(narrow(add(p.x, p.y)));
    const wide h_wide = add(yy, xx);
    const fe e = shrink(subtract_sum(sum, h_wide));
    const fe f = narrow(add(add(zz, zz), subtract(xx, yy)));
    const fe g = narrow(subtract(yy, xx));
    const fe h = narrow(h_wide);
    p.x = multiply(f, e);
    p.y = multiply(g, h);
    p.z = multiply(f, g);
    if constexpr (WithT) {
        p.t = multiply(e, h);
    }
}

inline addend addend_of(const point& p) {
    return {shrink(add(p.y, p.x)), shrink(subtract(p.y, p.x)), times(narrow(p.t), constant(curve_2d51)), shrink(p.z)};
}

// Sets (x, y) to the point with this y and with x odd exactly in the lanes of `odd`.
// Returns the lanes where there is none; x and y mean nothing there. Requires y in limbs of 51 bits, canonical.
// Source: RFC 8032, section 5.1.3.
inline mask decode(fe& x, const fe& y, mask odd) {
    const fe one = constant(one51);
    const fe yy = narrow(square(y));
    const fe u = shrink(subtract(yy, one));
    const fe v = shrink(add(multiply(yy, constant(curve_d51)), one));
    const fe v3 = times(narrow(square(v)), v);
    const fe v7 = times(narrow(square(v3)), v);
    const fe root = times(times(power_of_square_root(times(u, v7)), v3), u);
    const wide vxx = multiply(narrow(square(root)), v);
    const mask is_root = is_zero(subtract(vxx, u));
    const mask is_root_of_minus = is_zero(add(vxx, u));
    const fe candidate = select(is_root, root, times(root, constant(sqrt_of_minus_one51)));
    word w[5];
    canonical_words(w, candidate);
    const mask is_even = is_zero(bit_and(w[0], splat(1)));
    // Odd is wanted and it is even, or the other way round.
    const mask flip = mask_or(mask_and(odd, is_even), mask_and(mask_not(odd), mask_not(is_even)));
    x = select(flip, shrink(subtract(constant(zero51), candidate)), candidate);
    return mask_not(mask_or(is_root, is_root_of_minus));
}
