// SPDX-License-Identifier: Apache-2.0
// One signature under a key with a comb: the entries are dealt out to the lanes, and what the lanes have added up is
// put together at the end by the one-lane code. Included inside the namespace of the kernel; see
// kernel/kernel_body.hpp.

inline constexpr unsigned digit_pair_count_max = 96;  // 51 + 32, and lanes to fill up

struct entry_list {
    const std::uint64_t* entry[digit_pair_count_max];
    std::uint64_t tag[digit_pair_count_max];
    std::int8_t digit[digit_pair_count_max];
    unsigned count = 0;
};

inline void append_entries(entry_list& list, const comb_view& comb, const std::uint64_t (&scalar)[4]) {
    const unsigned windows = window_count(comb.bits);
    scalar_recode(list.digit + list.count, 1, scalar, comb.bits);
    for (unsigned window = 0; window < windows; ++window) {
        const unsigned i = list.count + window;
        const found_entry found = entry_of_digit(comb, window, list.digit[i]);
        list.entry[i] = found.at;
        list.tag[i] = found.tag;
        prefetch_entry(list.entry[i]);
    }
    list.count += windows;
}

inline one::fe element_of_lane(const wide& a, unsigned lane) {
    word w[5];
    fe_to_words(w, shrink(a));
    std::uint64_t words[5];
    for (unsigned i = 0; i < 5; ++i) {
        std::uint64_t lanes[lane_count];
        store_lanes(lanes, w[i]);
        words[i] = lanes[lane];
    }
    return one::fe_from_words(words);
}

inline one::point point_of_lane(const point& p, unsigned lane) {
    return {element_of_lane(p.x, lane), element_of_lane(p.y, lane), element_of_lane(p.z, lane),
            element_of_lane(p.t, lane)};
}

inline void solve_one_with_comb(equation_job& job, const comb_view& base) {
    entry_list list;
    append_entries(list, *job.comb, job.h);
    append_entries(list, base, job.s);
    while (list.count % lane_count != 0) {
        list.entry[list.count] = neutral_entry;
        list.tag[list.count] = 0;
        list.digit[list.count++] = 0;
    }
    point p = neutral_point();
    word damage = splat(0);
    for (unsigned i = 0; i < list.count; i += lane_count) {
        const affine_addend q = load_affine(list.entry + i, list.tag + i, negative_digits(list.digit + i), damage);
        add_point<1>(&p, &q);
    }
    one::point sum = point_of_lane(p, 0);
    for (unsigned lane = 1; lane < lane_count; ++lane) {
        one::add_point(sum, one::addend_of(point_of_lane(p, lane)));
    }
    one::unfinished_group group;
    one::store_unfinished(group, sum, one::mask_of_bits(bits_of_mask(damaged_lanes(damage)) != 0 ? 1 : 0),
                          one::mask_of_bits(0));
    one::finish_groups(&group, 1, &job, 1);
}
