// SPDX-License-Identifier: Apache-2.0
#include <cassert>
#include <xacthuc/ed25519/verifying_key.hpp>

#include "domain/contract.hpp"
#include "ed25519/comb_table.hpp"
#include "ed25519/encoding.hpp"

namespace xacthuc::inline v0_1::ed25519 {

static_assert(comb_word_count(8) * sizeof(std::uint64_t) == 524'288);
static_assert(comb_word_count(5) * sizeof(std::uint64_t) == 104'448);

std::size_t comb_bytes(unsigned bits) noexcept {
    contract::within("ed25519::comb_bytes", "bits", bits, comb_bits_min, comb_bits_max + 1);
    return comb_word_count(bits) * sizeof(std::uint64_t);
}

result<verifying_key> verifying_key::make(const public_key& key) {
    std::uint64_t words[4];
    load_words(words, key.bytes.data());
    if (!is_canonical(words)) {
        return make_error_code(errc::key_not_canonical);
    }
    if (is_small_order(words)) {
        return make_error_code(errc::key_small_order);
    }
    affine_point point;
    if (!decode_negated(point, key)) {
        return make_error_code(errc::key_not_on_curve);
    }
    return verifying_key(key);
}

verifying_key verifying_key::with_comb(unsigned bits) const {
    contract::within("verifying_key::with_comb", "bits", bits, comb_bits_min, comb_bits_max + 1);
    affine_point point;
    const bool is_point = decode_negated(point, bytes_);
    assert(is_point);
    static_cast<void>(is_point);
    verifying_key copy(bytes_);
    copy.comb_ = std::make_shared<const comb_table>(point, bits);
    return copy;
}

verifying_key verifying_key::without_comb() const {
    return verifying_key(bytes_);
}

unsigned verifying_key::comb_bits() const noexcept {
    return comb_ ? comb_->view().bits : 0;
}

bool verifying_key::comb_is_sound() const noexcept {
    return !comb_ || comb_->is_sound();
}

}  // namespace xacthuc::inline v0_1::ed25519
