// SPDX-License-Identifier: Apache-2.0
// Points of edwards25519 in extended coordinates, one in each lane: x = X/Z, y = Y/Z, T = XY/Z. The formulas are
// complete: they hold for all pairs of points of the curve, those of small order included. Source: Hisil, Wong, Carter,
// Dawson, Twisted Edwards curves revisited (2008), sections 3.1 and 3.3. Included inside the namespace of the kernel;
// see kernel/kernel_body.hpp, and docs/ed25519.md for the bounds.
//
// A product that something will be subtracted from is made raised, that is with a multiple of p on top; Y and Z of
// every point are. Kernels that add this multiple with each subtraction make no difference.

struct point {
    wide x, y, z, t;
};

inline point neutral_point() {
    const fe one = constant(one51);
    return {constant(zero51), raise(one), raise(one), constant(zero51)};
}

// y+x, y-x, 2dxy of an affine point; the point is the negative of this in the lanes of `negative`, where y+x and y-x
// have changed places already.
struct affine_addend {
    fe sum, difference, product;
    mask negative;
};
// Y+X, Y-X, 2dT, Z, and the same.
struct addend {
    fe sum, difference, product, z;
    mask negative;
};

// The products of an addition that come first: A = (Y1-X1)(Y2-X2), B = (Y1+X1)(Y2+X2), C = 2d T1 T2, D = 2 Z1 Z2. B
// and D are raised.
struct half_addition {
    wide a, b, c, d;
};

inline wide twice_z_product(const point& p, const affine_addend&) {
    return add(p.z, p.z);
}
inline wide twice_z_product(const point& p, const addend& q) {
    const wide zz = multiply_raised(narrow(p.z), q.z);
    return add(zz, zz);
}

// Where C has the wrong sign, F = D - C and G = D + C change places.
inline void complete_addition(point& p, const half_addition& half, mask negative) {
    const fe e = narrow(subtract_from_raised(half.b, half.a));
    fe f = narrow(subtract_from_raised(half.d, half.c));
    fe g = narrow(add(half.d, half.c));
    exchange(negative, f, g);
    const fe h = narrow(add(half.b, half.a));
    p.x = multiply(f, e);
    p.y = multiply_raised(g, h);
    p.z = multiply_raised(f, g);
    p.t = multiply(e, h);
}

// Each of these works on several points that have nothing to do with each other, half an operation at a time: while
// the last products of one are on their way, the processor has the first of the next to begin with.

template <unsigned Ways, class Addend>
inline void add_point(point* p, const Addend* q) {
    half_addition half[Ways];
    for (unsigned way = 0; way < Ways; ++way) {
        const point& it = p[way];
        half[way].a = multiply(narrow(subtract_from_raised(it.y, it.x)), q[way].difference);
        half[way].b = multiply_raised(narrow(add(it.y, it.x)), q[way].sum);
        half[way].c = multiply(narrow(it.t), q[way].product);
        half[way].d = twice_z_product(it, q[way]);
    }
    for (unsigned way = 0; way < Ways; ++way) {
        complete_addition(p[way], half[way], q[way].negative);
    }
}
inline void add_point(point& p, const addend& q) {
    add_point<1>(&p, &q);
}

// Doubles each p, of which T is not read; T of the result is made only if WithT.
template <unsigned Ways, bool WithT>
inline void double_point(point* p) {
    struct squares {
        wide xx, yy, zz, sum;
    } half[Ways];
    for (unsigned way = 0; way < Ways; ++way) {
        half[way].xx = square(narrow(p[way].x));
        half[way].yy = square_raised(narrow(p[way].y));
        half[way].zz = square_raised(narrow(p[way].z));
        half[way].sum = square_raised_twice(narrow(add(p[way].x, p[way].y)));
    }
    for (unsigned way = 0; way < Ways; ++way) {
        const squares& it = half[way];
        const wide h_wide = add(it.yy, it.xx);
        const fe e = shrink(subtract_sum_from_raised(it.sum, h_wide));
        const fe f = narrow(add(subtract_from_raised(add(it.zz, it.zz), it.yy), it.xx));
        const fe g = narrow(subtract_from_raised(it.yy, it.xx));
        const fe h = narrow(h_wide);
        p[way].x = multiply(f, e);
        p[way].y = multiply_raised(g, h);
        p[way].z = multiply_raised(f, g);
        if constexpr (WithT) {
            p[way].t = multiply(e, h);
        }
    }
}
template <bool WithT>
inline void double_point(point& p) {
    double_point<1, WithT>(&p);
}

inline addend addend_of(const point& p) {
    return {shrink(add(p.y, p.x)), shrink(subtract_from_raised(p.y, p.x)), times(narrow(p.t), constant(curve_2d51)),
            shrink(p.z), mask_of_bits(0)};
}

// Sets each x to that of the point with this y which is odd exactly in the lanes of `odd`, and `none` to the lanes
// where there is none; x means nothing there. Requires y in limbs of 51 bits, canonical.
// Source: RFC 8032, section 5.1.3.
template <unsigned Ways>
inline void decode(fe* x, mask* none, const fe* y, const mask* odd) {
    const fe one = constant(one51);
    fe u[Ways], v[Ways], v3[Ways], uv7[Ways], power[Ways];
    for (unsigned way = 0; way < Ways; ++way) {
        const fe yy = narrow(square(y[way]));
        u[way] = shrink(subtract(yy, one));
        v[way] = shrink(add(multiply(yy, constant(curve_d51)), one));
        v3[way] = times(narrow(square(v[way])), v[way]);
        uv7[way] = times(u[way], times(narrow(square(v3[way])), v[way]));
    }
    power_of_square_root<Ways>(power, uv7);
    for (unsigned way = 0; way < Ways; ++way) {
        const fe root = times(times(power[way], v3[way]), u[way]);
        const wide vxx = multiply(narrow(square(root)), v[way]);
        const mask is_root = is_zero(subtract(vxx, u[way]));
        const mask is_root_of_minus = is_zero(add(vxx, u[way]));
        const fe candidate = select(is_root, root, times(root, constant(sqrt_of_minus_one51)));
        word w[5];
        canonical_words(w, candidate);
        const mask is_even = is_zero(bit_and(w[0], splat(1)));
        // Odd is wanted and it is even, or the other way round.
        const mask flip = mask_or(mask_and(odd[way], is_even), mask_and(mask_not(odd[way]), mask_not(is_even)));
        x[way] = select(flip, shrink(subtract(constant(zero51), candidate)), candidate);
        none[way] = mask_not(mask_or(is_root, is_root_of_minus));
    }
}
