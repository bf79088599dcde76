// SPDX-License-Identifier: Apache-2.0
// Opens the field of one kernel to the tests, limb by limb. Included inside the namespace of a kernel, after its
// kernel_body.hpp.

inline fe probe_load(const raw_elements& a) {
    word w[limb_count];
    for (unsigned i = 0; i < limb_count; ++i) {
        w[i] = load_lanes(a.limb[i]);
    }
    return fe_of_limbs(w);
}
inline wide probe_load_wide(const raw_elements& a) {
    wide result;
    for (unsigned i = 0; i < limb_count; ++i) {
        result.v[i] = load_lanes(a.limb[i]);
    }
    return result;
}
inline void probe_store(canonical_elements& out, const wide& a) {
    word w[5];
    canonical_words(w, a);
    for (unsigned i = 0; i < 5; ++i) {
        store_lanes(out.limb[i], w[i]);
    }
}
inline void probe_multiply(canonical_elements& out, const raw_elements& a, const raw_elements& b) {
    probe_store(out, multiply(probe_load(a), probe_load(b)));
}
inline void probe_square(canonical_elements& out, const raw_elements& a, const raw_elements&) {
    probe_store(out, square(probe_load(a)));
}
inline void probe_add(canonical_elements& out, const raw_elements& a, const raw_elements& b) {
    probe_store(out, add(probe_load_wide(a), probe_load_wide(b)));
}
inline void probe_subtract(canonical_elements& out, const raw_elements& a, const raw_elements& b) {
    probe_store(out, subtract(probe_load_wide(a), probe_load_wide(b)));
}
// A raised product, a raised square and a square raised twice, less the most that may be subtracted from each: a
// product; a product; a product and a raised one. b is as a factor.
inline void probe_subtract_raised(canonical_elements& out, const raw_elements& a, const raw_elements& b) {
    const fe f = probe_load(a);
    const fe g = probe_load(b);
    probe_store(out, subtract_from_raised(multiply_raised(f, g), square(g)));
}
inline void probe_subtract_raised_square(canonical_elements& out, const raw_elements& a, const raw_elements& b) {
    const fe f = probe_load(a);
    const fe g = probe_load(b);
    probe_store(out, subtract_from_raised(square_raised(f), multiply(f, g)));
}
inline void probe_subtract_raised_sum(canonical_elements& out, const raw_elements& a, const raw_elements& b) {
    const fe f = probe_load(a);
    const fe g = probe_load(b);
    probe_store(out, subtract_sum_from_raised(square_raised_twice(f), add(multiply(f, g), square_raised(g))));
}
// The f of a doubling: 2 a^2 - b^2 + ab.
inline void probe_subtract_from_twice(canonical_elements& out, const raw_elements& a, const raw_elements& b) {
    const fe f = probe_load(a);
    const fe g = probe_load(b);
    const wide zz = square_raised(f);
    probe_store(out, add(subtract_from_raised(add(zz, zz), square_raised(g)), multiply(f, g)));
}
inline void probe_raise(canonical_elements& out, const raw_elements& a, const raw_elements& b) {
    const fe f = probe_load(a);
    probe_store(out, subtract_from_raised(raise(f), probe_load(b)));
}
// Limbs of 52 bits, as the entries of combs have them.
inline void probe_entry(canonical_elements& out, const raw_elements& a, const raw_elements& b) {
    word w[limb_count];
    for (unsigned i = 0; i < limb_count; ++i) {
        w[i] = load_lanes(a.limb[i]);
    }
    probe_store(out, multiply(fe_from_entry(w), probe_load(b)));
}
// A shrunk element as a factor of a product.
inline void probe_shrink(canonical_elements& out, const raw_elements& a, const raw_elements& b) {
    probe_store(out, multiply(shrink(probe_load_wide(a)), shrink(probe_load_wide(b))));
}
inline void probe_invert(canonical_elements& out, const raw_elements& a, const raw_elements&) {
    probe_store(out, invert(shrink(probe_load_wide(a))));
}
// What shrink returns, in limbs of 51 bits.
inline void probe_shrunk_limbs(raw_elements& out, const raw_elements& a) {
    word w[limb_count];
    fe_to_words(w, shrink(probe_load_wide(a)));
    for (unsigned i = 0; i < limb_count; ++i) {
        store_lanes(out.limb[i], w[i]);
    }
}
// The limbs of a product, as they lie.
inline void probe_product_limbs(raw_elements& out, const raw_elements& a, const raw_elements& b) {
    const wide product = multiply(probe_load(a), probe_load(b));
    for (unsigned i = 0; i < limb_count; ++i) {
        store_lanes(out.limb[i], product.v[i]);
    }
}

inline field_probe make_probe(const char* name) {
    return {.name = name,
            .lane_count = lane_count,
            .multiply = probe_multiply,
            .square = probe_square,
            .add = probe_add,
            .subtract = probe_subtract,
            .subtract_raised = probe_subtract_raised,
            .subtract_raised_square = probe_subtract_raised_square,
            .subtract_raised_sum = probe_subtract_raised_sum,
            .subtract_from_twice = probe_subtract_from_twice,
            .raise = probe_raise,
            .entry = probe_entry,
            .shrink = probe_shrink,
            .invert = probe_invert,
            .shrunk_limbs = probe_shrunk_limbs,
            .product_limbs = probe_product_limbs};
}
