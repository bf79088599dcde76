// SPDX-License-Identifier: Apache-2.0
// S B - h A for keys seen once: decode A, make a small table of the multiples of -A, and go through h five bits at a
// time; the part of B comes from its comb. Included inside the namespace of the kernel; see kernel/kernel_body.hpp.

inline constexpr unsigned generic_bits = 5;
inline constexpr unsigned generic_entries = 1u << (generic_bits - 1);
// Y+X, Y-X, 2dT, Z, as the kernel holds them.
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
    for (unsigned i = 0; i < limb_count; ++i) {
        w[i] = a.sum.v[i];
        w[i + 5] = a.difference.v[i];
        w[i + 10] = a.product.v[i];
        w[i + 15] = a.z.v[i];
    }
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
    addend q;
    for (unsigned i = 0; i < limb_count; ++i) {
        q.sum.v[i] = w[i];
        q.difference.v[i] = w[i + 5];
        q.product.v[i] = w[i + 10];
        q.z.v[i] = w[i + 15];
    }
    q.negative = negative_digits(digits);
    exchange(q.negative, q.sum, q.difference);
    return q;
}

template <unsigned Ways>
inline void fill_tables(lane_tables* tables, const point* a) {
    addend one[Ways];
    point multiple[Ways];
    for (unsigned way = 0; way < Ways; ++way) {
        store_addend(tables[way], 0, addend_of(neutral_point()));
        one[way] = addend_of(a[way]);
        store_addend(tables[way], 1, one[way]);
        multiple[way] = a[way];
    }
    double_point<Ways, true>(multiple);
    for (unsigned entry = 2;; ++entry) {
        for (unsigned way = 0; way < Ways; ++way) {
            store_addend(tables[way], entry, addend_of(multiple[way]));
        }
        if (entry == generic_entries) {
            break;
        }
        add_point<Ways>(multiple, one);
    }
}

// Sets each p to -A in each lane, to the neutral point where the key is none, and `refused` to the lanes where it is
// none.
template <unsigned Ways>
inline void decode_keys(point* p, mask* refused, const std::uint64_t* const (*keys)[lane_count]) {
    fe x[Ways], y[Ways];
    mask is_even[Ways];
    for (unsigned way = 0; way < Ways; ++way) {
        word words[4], limbs[5];
        load_rows4(words, keys[way], 0);
        is_even[way] = is_zero(shift_right<63>(words[3]));
        limbs_of_words(limbs, words);
        limbs[4] = bit_and(limbs[4], splat(limb51_mask));
        y[way] = fe_from_words(limbs);
    }
    decode<Ways>(x, refused, y, is_even);
    const fe one = constant(one51);
    for (unsigned way = 0; way < Ways; ++way) {
        const fe x_or_zero = select(refused[way], constant(zero51), x[way]);
        const fe y_or_one = select(refused[way], one, y[way]);
        p[way] = {x_or_zero, raise(y_or_one), raise(one), multiply(x_or_zero, y_or_one)};
    }
}

// Sets each p to the sum over its digits of digit * 32^window * (the point of its table).
template <unsigned Ways>
inline void multiply_by_digits(point* p, const lane_tables* tables, const lane_digits* digits) {
    constexpr unsigned windows = window_count(generic_bits);
    for (unsigned way = 0; way < Ways; ++way) {
        p[way] = neutral_point();
    }
    for (unsigned window = windows; window-- > 0;) {
        if (window + 1 != windows) {
            for (unsigned i = 0; i + 1 < generic_bits; ++i) {
                double_point<Ways, false>(p);
            }
            double_point<Ways, true>(p);
        }
        addend addends[Ways];
        for (unsigned way = 0; way < Ways; ++way) {
            addends[way] = load_addend(tables[way], digits[way].digit[window]);
        }
        add_point<Ways>(p, addends);
    }
}

template <unsigned Ways>
inline void solve_groups_generic(unfinished_group* groups, const equation_job* job, std::size_t job_count,
                                 const comb_view& base, lane_tables* tables) {
    const std::uint64_t* keys[Ways][lane_count];
    const comb_view* bases[Ways][lane_count];
    lane_digits s_digits[Ways], h_digits[Ways];
    point p[Ways];
    mask refused[Ways];
    word damage[Ways];
    for (unsigned way = 0; way < Ways; ++way) {
        for (unsigned lane = 0; lane < lane_count; ++lane) {
            const std::size_t index = std::size_t{way} * lane_count + lane;
            const equation_job& it = job[index < job_count ? index : job_count - 1];
            keys[way][lane] = it.key;
            bases[way][lane] = &base;
            scalar_recode(&s_digits[way].digit[0][lane], lane_count, it.s, base.bits);
            scalar_recode(&h_digits[way].digit[0][lane], lane_count, it.h, generic_bits);
        }
        damage[way] = splat(0);
    }
    decode_keys<Ways>(p, refused, keys);
    fill_tables<Ways>(tables, p);
    multiply_by_digits<Ways>(p, tables, h_digits);
    add_comb<Ways>(p, bases, s_digits, damage);
    for (unsigned way = 0; way < Ways; ++way) {
        store_unfinished(groups[way], p[way], damaged_lanes(damage[way]), refused[way]);
    }
}

inline void solve_generic(equation_job* jobs, std::size_t job_count, const comb_view& base) {
    lane_tables tables[groups_at_once];
    const auto one_group = [&](unfinished_group* groups, const equation_job* job, std::size_t count) {
        solve_groups_generic<1>(groups, job, count, base, tables);
    };
    const auto several = [&](unfinished_group* groups, const equation_job* job, std::size_t count) {
        solve_groups_generic<groups_at_once>(groups, job, count, base, tables);
    };
    solve_in_groups(jobs, job_count, one_group, several);
}
