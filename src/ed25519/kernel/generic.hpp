// SPDX-License-Identifier: Apache-2.0
// S B - h A for keys seen once: decode A, make a small table of the multiples of -A, and go through h five bits at a
// time; the part of B comes from its comb. Included inside the namespace of the kernel; see kernel/kernel_body.hpp.

inline constexpr unsigned generic_bits = 5;
inline constexpr unsigned generic_entries = 1u << (generic_bits - 1);
// Y+X, Y-X, 2dT, Z in limbs of 51 bits.
inline constexpr unsigned addend_words = 20;

// The multiples of one point for each lane: entry 0 is the neutral point, entry d is d times the point.
struct lane_tables {
    alignas(64) std::uint64_t words[lane_count][generic_entries + 1][addend_words];
};

inline void store_addend(lane_tables& tables, unsigned entry, const addend& a) {
    std::uint64_t* rows[lane_count];
    for (unsigned lane = 0; lane < lane_count; ++lane) {
        rows[lane] = tables.words[lane][entry];
    }
    word w[addend_words];
    fe_to_words(w, a.sum);
    fe_to_words(w + 5, a.difference);
    fe_to_words(w + 10, a.product);
    fe_to_words(w + 15, a.z);
    for (unsigned i = 0; i < addend_words; i += 4) {
        store_rows4(rows, i, w + i);
    }
}

inline addend load_addend(const lane_tables& tables, const std::int8_t* digits) {
    const std::uint64_t* rows[lane_count];
    for (unsigned lane = 0; lane < lane_count; ++lane) {
        const int digit = digits[lane];
        rows[lane] = tables.words[lane][digit < 0 ? -digit : digit];
    }
    word w[addend_words];
    for (unsigned i = 0; i < addend_words; i += 4) {
        load_rows4(w + i, rows, i);
    }
    const mask negative = negative_digits(digits);
    word sum[5], difference[5], product[5];
    for (unsigned i = 0; i < 5; ++i) {
        const word twice_p = splat(2 * (i == 0 ? limb51_mask - 18 : limb51_mask));
        sum[i] = select(negative, w[i + 5], w[i]);
        difference[i] = select(negative, w[i], w[i + 5]);
        product[i] = select(negative, subtract(twice_p, w[i + 10]), w[i + 10]);
    }
    return {fe_from_words(sum), fe_from_words(difference), fe_from_large_words(product), fe_from_words(w + 15)};
}

inline void fill_tables(lane_tables& tables, const point& a) {
    store_addend(tables, 0, addend_of(neutral_point()));
    const addend one = addend_of(a);
    store_addend(tables, 1, one);
    point multiple = a;
    double_point<true>(multiple);
    store_addend(tables, 2, addend_of(multiple));
    for (unsigned entry = 3; entry <= generic_entries; ++entry) {
        add_point(multiple, one);
        store_addend(tables, entry, addend_of(multiple));
    }
}

// Sets p to -A in each lane, to the neutral point where the key is none. Returns the lanes where it is none.
inline mask decode_keys(point& p, const std::uint8_t* const* keys) {
    std::uint64_t key_words[lane_count][4];
    const std::uint64_t* rows[lane_count];
    for (unsigned lane = 0; lane < lane_count; ++lane) {
        std::memcpy(key_words[lane], keys[lane], sizeof key_words[lane]);
        rows[lane] = key_words[lane];
    }
    word words[4], limbs[5];
    load_rows4(words, rows, 0);
    const mask is_even = is_zero(shift_right<63>(words[3]));
    limbs_of_words(limbs, words);
    limbs[4] = bit_and(limbs[4], splat(limb51_mask));
    const fe y = fe_from_words(limbs);
    fe x;
    const mask refused = decode(x, y, is_even);
    const fe one = constant(one51);
    x = select(refused, constant(zero51), x);
    const fe y_or_one = select(refused, one, y);
    p = {x, y_or_one, one, multiply(x, y_or_one)};
    return refused;
}

// Sets p to the sum over the digits of digit * 32^window * (the point of the table).
inline void multiply_by_digits(point& p, const lane_tables& tables, const lane_digits& digits) {
    constexpr unsigned windows = window_count(generic_bits);
    p = neutral_point();
    add_point(p, load_addend(tables, digits.digit[windows - 1]));
    for (unsigned window = windows - 1; window-- > 0;) {
        for (unsigned i = 0; i + 1 < generic_bits; ++i) {
            double_point<false>(p);
        }
        double_point<true>(p);
        add_point(p, load_addend(tables, digits.digit[window]));
    }
}

inline void solve_generic(equation_job* jobs, std::size_t job_count, const comb_view& base) {
    unfinished_group groups[groups_per_inversion];
    lane_tables tables;
    equation_job* job = jobs;
    std::size_t left = job_count;
    while (left > 0) {
        const std::size_t part = left < groups_per_inversion * lane_count ? left : groups_per_inversion * lane_count;
        const auto group_count = static_cast<unsigned>((part + lane_count - 1) / lane_count);
        for (unsigned group = 0; group < group_count; ++group) {
            const std::uint8_t* keys[lane_count];
            const comb_view* bases[lane_count];
            lane_digits s_digits, h_digits;
            for (unsigned lane = 0; lane < lane_count; ++lane) {
                const std::size_t index = std::size_t{group} * lane_count + lane;
                const equation_job& it = job[index < part ? index : part - 1];
                keys[lane] = it.key;
                bases[lane] = &base;
                scalar_recode(&s_digits.digit[0][lane], lane_count, it.s, base.bits);
                scalar_recode(&h_digits.digit[0][lane], lane_count, it.h, generic_bits);
            }
            point p;
            const mask refused = decode_keys(p, keys);
            fill_tables(tables, p);
            multiply_by_digits(p, tables, h_digits);
            word damage = splat(0);
            add_comb(p, bases, s_digits, damage);
            store_unfinished(groups[group], p, damaged_lanes(damage), refused);
        }
        finish_groups(groups, group_count, job, part);
        job += part;
        left -= part;
    }
}
