// SPDX-License-Identifier: Apache-2.0
// S B - h A by combs of B and of -A: an entry for each digit, added up. Included inside the namespace of the kernel;
// see kernel/kernel_body.hpp.

inline constexpr unsigned digit_count_max = 64;
// How many windows ahead the entries are called for.
inline constexpr unsigned prefetch_windows = 3;

// What to multiply by, as it lies in memory, and what its parity must be beside entry_parity.
struct found_entry {
    const std::uint64_t* at;
    std::uint64_t tag;
};

inline found_entry entry_of_digit(const comb_view& comb, unsigned window, std::int8_t digit) {
    const int value = digit;
    const auto magnitude = static_cast<std::size_t>(value < 0 ? -value : value);
    const std::size_t index = (std::size_t{window} << (comb.bits - 1)) + magnitude - 1;
    return magnitude == 0 ? found_entry{neutral_entry, 0}
                          : found_entry{comb.words + index * entry_words, entry_tag(comb, index)};
}

// The entries of all lanes, negated in the lanes of `negative`; adds to `damage` what does not fit the parity word.
inline affine_addend load_affine(const std::uint64_t* const* rows, const std::uint64_t* tags, mask negative,
                                 word& damage) {
    word w[entry_words];
    for (unsigned i = 0; i < entry_words; i += 4) {
        load_rows4(w + i, rows, i);
    }
    const word parity_a = xor3(xor3(w[0], w[1], w[2]), xor3(w[3], w[4], w[5]), w[6]);
    const word parity_b = xor3(xor3(w[7], w[8], w[9]), xor3(w[10], w[11], w[12]), w[13]);
    const word parity_c = xor3(xor3(w[14], w[15], splat(entry_parity)), load_lanes(tags), parity_a);
    damage = bit_or(damage, bit_xor(parity_b, parity_c));
    affine_addend q = {fe_from_entry(w), fe_from_entry(w + 5), fe_from_entry(w + 10), negative};
    exchange(negative, q.sum, q.difference);
    return q;
}

// The digits of one scalar for each lane, window by window.
struct lane_digits {
    std::int8_t digit[digit_count_max][lane_count];
};

inline void prefetch_entry(const std::uint64_t* entry) {
    __builtin_prefetch(entry);
    __builtin_prefetch(entry + entry_words / 2);
}

// Adds to each p, in each lane, the product of its comb's point and the scalar with its digits. All combs have one
// width.
template <unsigned Ways>
inline void add_comb(point* p, const comb_view* const (*combs)[lane_count], const lane_digits* digits, word* damage) {
    const unsigned windows = window_count(combs[0][0]->bits);
    for (unsigned window = 0; window < windows; ++window) {
        affine_addend addends[Ways];
        const unsigned ahead = window + prefetch_windows;
        for (unsigned way = 0; way < Ways; ++way) {
            const std::uint64_t* rows[lane_count];
            std::uint64_t tags[lane_count];
            for (unsigned lane = 0; lane < lane_count; ++lane) {
                const comb_view& comb = *combs[way][lane];
                const found_entry entry = entry_of_digit(comb, window, digits[way].digit[window][lane]);
                rows[lane] = entry.at;
                tags[lane] = entry.tag;
                if (ahead < windows) {
                    prefetch_entry(entry_of_digit(comb, ahead, digits[way].digit[ahead][lane]).at);
                }
            }
            addends[way] = load_affine(rows, tags, negative_digits(digits[way].digit[window]), damage[way]);
        }
        add_point<Ways>(p, addends);
    }
}

inline mask damaged_lanes(word damage) {
    return mask_not(is_zero(damage));
}

// Groups of lanes from the first of `job` on; lanes beyond the last job do the last again.
template <unsigned Ways>
inline void solve_groups_with_comb(unfinished_group* groups, const equation_job* job, std::size_t job_count,
                                   const comb_view& base) {
    const comb_view* combs[Ways][lane_count];
    const comb_view* bases[Ways][lane_count];
    lane_digits s_digits[Ways], h_digits[Ways];
    point p[Ways];
    word damage[Ways];
    for (unsigned way = 0; way < Ways; ++way) {
        for (unsigned lane = 0; lane < lane_count; ++lane) {
            const std::size_t index = std::size_t{way} * lane_count + lane;
            const equation_job& it = job[index < job_count ? index : job_count - 1];
            combs[way][lane] = it.comb;
            bases[way][lane] = &base;
            scalar_recode(&s_digits[way].digit[0][lane], lane_count, it.s, base.bits);
            scalar_recode(&h_digits[way].digit[0][lane], lane_count, it.h, it.comb->bits);
        }
        p[way] = neutral_point();
        damage[way] = splat(0);
    }
    add_comb<Ways>(p, combs, h_digits, damage);
    add_comb<Ways>(p, bases, s_digits, damage);
    for (unsigned way = 0; way < Ways; ++way) {
        store_unfinished(groups[way], p[way], damaged_lanes(damage[way]), mask_of_bits(0));
    }
}

// Calls solve_groups for all jobs, several groups at a time as long as there are so many, and finishes them.
template <class SolveOne, class SolveSeveral>
inline void solve_in_groups(equation_job* jobs, std::size_t job_count, const SolveOne& solve_one,
                            const SolveSeveral& solve_several) {
    unfinished_group groups[groups_per_inversion];
    equation_job* job = jobs;
    std::size_t left = job_count;
    while (left > 0) {
        const std::size_t part = left < groups_per_inversion * lane_count ? left : groups_per_inversion * lane_count;
        const auto group_count = static_cast<unsigned>((part + lane_count - 1) / lane_count);
        unsigned group = 0;
        for (; group + groups_at_once <= group_count; group += groups_at_once) {
            const std::size_t first = std::size_t{group} * lane_count;
            solve_several(groups + group, job + first, part - first);
        }
        for (; group < group_count; ++group) {
            const std::size_t first = std::size_t{group} * lane_count;
            solve_one(groups + group, job + first, part - first);
        }
        finish_groups(groups, group_count, job, part);
        job += part;
        left -= part;
    }
}

inline void solve_with_comb(equation_job* jobs, std::size_t job_count, const comb_view& base) {
    const auto one_group = [&base](unfinished_group* groups, const equation_job* job, std::size_t count) {
        solve_groups_with_comb<1>(groups, job, count, base);
    };
    const auto several = [&base](unfinished_group* groups, const equation_job* job, std::size_t count) {
        solve_groups_with_comb<groups_at_once>(groups, job, count, base);
    };
    solve_in_groups(jobs, job_count, one_group, several);
}
