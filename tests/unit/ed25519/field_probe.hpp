// SPDX-License-Identifier: Apache-2.0
// Opens the field of one kernel to the tests, limb by limb. Included inside the namespace of a kernel, after its
// kernel_body.hpp.

inline fe probe_load(const raw_elements& a) {
    word w[limb_count];
    for (unsigned i = 0; i < limb_count; ++i) {
        w[i] = load_lanes(a.limb[i]);
    }
    return fe_from_words(w);
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
inline void probe_subtract_sum(canonical_elements& out, const raw_elements& a, const raw_elements& b) {
    probe_store(out, subtract_sum(probe_load_wide(a), probe_load_wide(b)));
}
// A shrunk element as a factor of a product.
inline void probe_shrink(canonical_elements& out, const raw_elements& a, const raw_elements& b) {
    probe_store(out, multiply(shrink(probe_load_wide(a)), shrink(probe_load_wide(b))));
}
inline void probe_invert(canonical_elements& out, const raw_elements& a, const raw_elements&) {
    probe_store(out, invert(shrink(probe_load_wide(a))));
}
// The largest limb of what shrink returns, as it lies.
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
            .limb_count = limb_count,
            .multiply = probe_multiply,
            .square = probe_square,
            .add = probe_add,
            .subtract = probe_subtract,
            .subtract_sum = probe_subtract_sum,
            .shrink = probe_shrink,
            .invert = probe_invert,
            .shrunk_limbs = probe_shrunk_limbs,
            .product_limbs = probe_product_limbs};
}
