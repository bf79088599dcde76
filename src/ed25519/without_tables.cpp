// SPDX-License-Identifier: Apache-2.0
#include "ed25519/without_tables.hpp"

#include <cstring>
#include <utility>

#include "ed25519/division_steps.hpp"
#include "ed25519/encoding.hpp"
#include "ed25519/sha512_constants.hpp"

namespace xacthuc::inline v0_1::ed25519 {
namespace {
namespace one {
// clang-format off
#include "ed25519/kernel/one_lane_body.hpp"
// clang-format on
}  // namespace one

constexpr unsigned scalar_bits = 253;

bool bit_of(const std::uint64_t (&scalar)[4], unsigned bit) {
    return (scalar[bit / 64] >> (bit % 64) & 1) != 0;
}

one::point point_of(const affine_point& from) {
    const one::fe x = one::fe_from_words(from.x);
    const one::fe y = one::fe_from_words(from.y);
    return {x, y, one::constant(one51), one::multiply(x, y)};
}

}  // namespace

void solve_without_tables(equation_job& job) noexcept {
    public_key key;
    std::memcpy(key.bytes.data(), job.key, sizeof job.key);
    affine_point minus_a;
    if (!decode_negated(minus_a, key)) {
        job.result = answer::no;
        return;
    }
    affine_point base;
    std::memcpy(base.x, base_x51, sizeof base.x);
    std::memcpy(base.y, base_y51, sizeof base.y);
    const one::addend of_h = one::addend_of(point_of(minus_a));
    const one::addend of_s = one::addend_of(point_of(base));
    one::point sum = one::neutral_point();
    for (unsigned bit = scalar_bits; bit-- > 0;) {
        one::double_point<true>(sum);
        if (bit_of(job.h, bit)) {
            one::add_point(sum, of_h);
        }
        if (bit_of(job.s, bit)) {
            one::add_point(sum, of_s);
        }
    }
    one::unfinished_group group;
    one::store_unfinished(group, sum, one::mask_of_bits(0), one::mask_of_bits(0));
    one::finish_groups(&group, 1, &job, 1);
}

}  // namespace xacthuc::inline v0_1::ed25519
