// SPDX-License-Identifier: Apache-2.0
// The last step of a verification: encode the point that came out and compare it with R. One inversion is shared by all
// groups of lanes. Included inside the namespace of the kernel; see kernel/kernel_body.hpp.
// Source: Montgomery, Speeding the Pollard and elliptic curve methods of factorization (1987), section 10.3.1.

// What is kept of a group until then.
struct unfinished_group {
    fe x, y, z;
    fe product_before;
    // The lanes whose point is not to be trusted: a damaged entry, a key that is no point.
    mask undecided, refused;
};

inline void store_unfinished(unfinished_group& group, const point& p, mask undecided, mask refused) {
    group.x = shrink(p.x);
    group.y = shrink(p.y);
    // A wrong point may have Z = 0, which would take all others with it.
    group.z = select(mask_or(undecided, refused), constant(one51), shrink(p.z));
    group.undecided = undecided;
    group.refused = refused;
}

// Jobs beyond the last are lanes that only fill up the group.
inline void finish_groups(unfinished_group* groups, unsigned group_count, equation_job* jobs, std::size_t job_count) {
    fe product = constant(one51);
    for (unsigned i = 0; i < group_count; ++i) {
        groups[i].product_before = product;
        product = shrink(multiply(product, groups[i].z));
    }
    fe inverse = shrink(invert(product));
    for (unsigned i = group_count; i-- > 0;) {
        const unfinished_group& group = groups[i];
        const fe z_inverse = times(inverse, group.product_before);
        inverse = shrink(multiply(inverse, group.z));
        word x[5], y[5], r_words[4], r[5];
        canonical_words(x, multiply(group.x, z_inverse));
        canonical_words(y, multiply(group.y, z_inverse));
        y[4] = bit_or(y[4], shift_left<51>(bit_and(x[0], splat(1))));

        const std::uint64_t* rows[lane_count];
        for (unsigned lane = 0; lane < lane_count; ++lane) {
            const std::size_t index = std::size_t{i} * lane_count + lane;
            rows[lane] = jobs[index < job_count ? index : job_count - 1].r;
        }
        load_rows4(r_words, rows, 0);
        limbs_of_words(r, r_words);
        word difference = bit_xor(y[0], r[0]);
        for (unsigned k = 1; k < 5; ++k) {
            difference = bit_or(difference, bit_xor(y[k], r[k]));
        }
        const unsigned equal = bits_of_mask(mask_and(is_zero(difference), mask_not(group.refused)));
        const unsigned undecided = bits_of_mask(group.undecided);
        for (unsigned lane = 0; lane < lane_count; ++lane) {
            const std::size_t index = std::size_t{i} * lane_count + lane;
            if (index < job_count) {
                jobs[index].result = ((undecided >> lane) & 1) != 0 ? answer::undecided
                                     : ((equal >> lane) & 1) != 0   ? answer::yes
                                                                    : answer::no;
            }
        }
    }
}
