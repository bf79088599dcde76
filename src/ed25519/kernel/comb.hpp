// SPDX-License-Identifier: Apache-2.0
// S B - h A by combs of B and of -A: an entry for each digit, added up. Included inside the namespace of the kernel;
// see kernel/kernel_body.hpp.

inline constexpr unsigned digit_count_max = 64;
// How many windows ahead the entries are called for.
inline constexpr unsigned prefetch_windows = 3;

inline const std::uint64_t* entry_of_digit(const comb_view& comb, unsigned window, std::int8_t digit) {
    const int value = digit;
    const auto magnitude = static_cast<std::size_t>(value < 0 ? -value : value);
    const std::uint64_t* const row = comb.words + (std::size_t{window} << (comb.bits - 1)) * entry_words;
    return magnitude == 0 ? neutral_entry : row + (magnitude - 1) * entry_words;
}

// The entries of all lanes, negated in the lanes of `negative`; adds to `damage` what does not fit the parity word.
inline affine_addend load_affine(const std::uint64_t* const* rows, mask negative, word& damage) {
    word w[entry_words];
    for (unsigned i = 0; i < entry_words; i += 4) {
        load_rows4(w + i, rows, i);
    }
    const word parity_a = xor3(xor3(w[0], w[1], w[2]), xor3(w[3], w[4], w[5]), w[6]);
    const word parity_b = xor3(xor3(w[7], w[8], w[9]), xor3(w[10], w[11], w[12]), w[13]);
    const word parity_c = xor3(w[14], w[15], splat(entry_parity));
    damage = bit_or(damage, xor3(parity_a, parity_b, parity_c));
    word sum[5], difference[5], product[5];
    for (unsigned i = 0; i < 5; ++i) {
        const word twice_p = splat(2 * (i == 0 ? limb51_mask - 18 : limb51_mask));
        sum[i] = select(negative, w[i + 5], w[i]);
        difference[i] = select(negative, w[i], w[i + 5]);
        product[i] = select(negative, subtract(twice_p, w[i + 10]), w[i + 10]);
    }
    return {fe_from_words(sum), fe_from_words(difference), fe_from_large_words(product)};
}

// The digits of one scalar for each lane, window by window.
struct lane_digits {
    std::int8_t digit[digit_count_max][lane_count];
};

inline void prefetch_entry(const std::uint64_t* entry) {
    __builtin_prefetch(entry);
    __builtin_prefetch(entry + entry_words / 2);
}

// Adds to p, in each lane, the product of its comb's point and the scalar with these digits.
inline void add_comb(point& p, const comb_view* const* combs, const lane_digits& digits, word& damage) {
    const unsigned windows = window_count(combs[0]->bits);
    for (unsigned window = 0; window < windows; ++window) {
        const std::uint64_t* rows[lane_count];
        const unsigned ahead = window + prefetch_windows;
        for (unsigned lane = 0; lane < lane_count; ++lane) {
            rows[lane] = entry_of_digit(*combs[lane], window, digits.digit[window][lane]);
            if (ahead < windows) {
                prefetch_entry(entry_of_digit(*combs[lane], ahead, digits.digit[ahead][lane]));
            }
        }
        add_affine(p, load_affine(rows, negative_digits(digits.digit[window]), damage));
    }
}

inline mask damaged_lanes(word damage) {
    return mask_not(is_zero(damage));
}

inline void solve_with_comb(equation_job* jobs, std::size_t job_count, const comb_view& base) {
    unfinished_group groups[groups_per_inversion];
    equation_job* job = jobs;
    std::size_t left = job_count;
    while (left > 0) {
        const std::size_t part = left < groups_per_inversion * lane_count ? left : groups_per_inversion * lane_count;
        const auto group_count = static_cast<unsigned>((part + lane_count - 1) / lane_count);
        for (unsigned group = 0; group < group_count; ++group) {
            const comb_view* combs[lane_count];
            const comb_view* bases[lane_count];
            lane_digits s_digits, h_digits;
            for (unsigned lane = 0; lane < lane_count; ++lane) {
                const std::size_t index = std::size_t{group} * lane_count + lane;
                const equation_job& it = job[index < part ? index : part - 1];
                combs[lane] = it.comb;
                bases[lane] = &base;
                scalar_recode(&s_digits.digit[0][lane], lane_count, it.s, base.bits);
                scalar_recode(&h_digits.digit[0][lane], lane_count, it.h, it.comb->bits);
            }
            point p = neutral_point();
            word damage = splat(0);
            add_comb(p, combs, h_digits, damage);
            add_comb(p, bases, s_digits, damage);
            store_unfinished(groups[group], p, damaged_lanes(damage), mask_of_bits(0));
        }
        finish_groups(groups, group_count, job, part);
        job += part;
        left -= part;
    }
}
