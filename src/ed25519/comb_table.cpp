// SPDX-License-Identifier: Apache-2.0
#include "ed25519/comb_table.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdlib>
#include <cstring>
#include <utility>

#include "ed25519/comb_memory.hpp"
#include "ed25519/division_steps.hpp"
#include "ed25519/encoding.hpp"
#include "ed25519/kernel_job.hpp"
#include "ed25519/sha512_constants.hpp"

namespace xacthuc::inline v0_1::ed25519 {
namespace {
namespace one {
// clang-format off
#include "ed25519/kernel/one_lane_body.hpp"
// clang-format on
}  // namespace one

constexpr unsigned row_entries_max = 128;

XXH128_hash_t checksum_of(const comb_view& view) {
    return XXH3_128bits(view.words, comb_word_count(view.bits) * sizeof(std::uint64_t));
}

std::uint64_t salt_of(const affine_point& point) {
    return XXH3_64bits(&point, sizeof point);
}

// Limbs of 51 bits become limbs of 52, the highest of 47.
void widen_limbs(std::uint64_t* w) {
    constexpr std::uint64_t mask = (std::uint64_t{1} << 52) - 1;
    w[0] = (w[0] | (w[1] << 51)) & mask;
    w[1] = ((w[1] >> 1) | (w[2] << 50)) & mask;
    w[2] = ((w[2] >> 2) | (w[3] << 49)) & mask;
    w[3] = ((w[3] >> 3) | (w[4] << 48)) & mask;
    w[4] >>= 4;
}

// The entries of one window, of which the first has this place in the table: the multiples 1 to `count` of a point.
// Their inversions are shared.
void fill_row(std::uint64_t* row, unsigned count, const one::point& base, const comb_view& of, std::size_t first) {
    one::point multiples[row_entries_max];
    one::fe products[row_entries_max];
    const one::addend step = one::addend_of(base);
    multiples[0] = base;
    products[0] = base.z;
    for (unsigned i = 1; i < count; ++i) {
        multiples[i] = multiples[i - 1];
        one::add_point(multiples[i], step);
        products[i] = one::multiply(products[i - 1], multiples[i].z);
    }
    one::fe inverse = one::invert(products[count - 1]);
    for (unsigned i = count; i-- > 0;) {
        const one::fe z_inverse = i == 0 ? inverse : one::multiply(inverse, products[i - 1]);
        inverse = one::multiply(inverse, multiples[i].z);
        const one::fe x = one::multiply(multiples[i].x, z_inverse);
        const one::fe y = one::multiply(multiples[i].y, z_inverse);
        std::uint64_t* const entry = row + std::size_t{i} * entry_words;
        one::canonical_words(entry, one::add(y, x));
        one::canonical_words(entry + 5, one::subtract(y, x));
        one::canonical_words(entry + 10, one::multiply(one::multiply(x, y), one::constant(curve_2d51)));
        for (unsigned k = 0; k < 15; k += 5) {
            widen_limbs(entry + k);
        }
        std::uint64_t parity = entry_parity ^ entry_tag(of, first + i);
        for (unsigned k = 0; k + 1 < entry_words; ++k) {
            parity ^= entry[k];
        }
        entry[entry_words - 1] = parity;
    }
}

}  // namespace

bool decode_negated(affine_point& point, const public_key& key) noexcept {
    std::uint64_t words[4];
    load_words(words, key.bytes.data());
    one::word limbs[5];
    one::limbs_of_words(limbs, words);
    limbs[4] &= limb51_mask;
    const one::fe y = one::fe_from_words(limbs);
    one::fe x;
    const one::mask odd = one::mask_of_bits((words[3] >> 63) == 0 ? 1 : 0);
    one::mask none;
    one::decode<1>(&x, &none, &y, &odd);
    if (none != 0) {
        return false;
    }
    one::canonical_words(point.x, x);
    one::canonical_words(point.y, y);
    return true;
}

comb_table::comb_table(const affine_point& point, unsigned bits)
    : words_(allocate_comb(comb_word_count(bits) * sizeof(std::uint64_t)),
             release{comb_word_count(bits) * sizeof(std::uint64_t)}),
      view_{words_.get(), bits, salt_of(point)} {
    const unsigned row_entries = 1u << (bits - 1);
    one::point base;
    base.x = one::fe_from_words(point.x);
    base.y = one::fe_from_words(point.y);
    base.z = one::constant(one51);
    base.t = one::multiply(base.x, base.y);
    for (unsigned window = 0; window < window_count(bits); ++window) {
        const std::size_t first = std::size_t{window} * row_entries;
        fill_row(words_.get() + first * entry_words, row_entries, base, view_, first);
        for (unsigned i = 0; i + 1 < bits; ++i) {
            one::double_point<false>(base);
        }
        one::double_point<true>(base);
    }
    const XXH128_hash_t checksum = checksum_of(view_);
    checksum_[0] = checksum.low64;
    checksum_[1] = checksum.high64;
}

bool comb_table::is_sound() const noexcept {
    const XXH128_hash_t checksum = checksum_of(view_);
    return checksum.low64 == checksum_[0] && checksum.high64 == checksum_[1];
}

comb_table& base_comb() {
    // Never destroyed: a thread that still verifies while the process ends reads it to the last.
    static comb_table* const comb = [] {
        affine_point base;
        std::memcpy(base.x, base_x51, sizeof base.x);
        std::memcpy(base.y, base_y51, sizeof base.y);
        return new comb_table(base, comb_bits_of_base);
    }();
    return *comb;
}

}  // namespace xacthuc::inline v0_1::ed25519
