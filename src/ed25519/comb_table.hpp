// SPDX-License-Identifier: Apache-2.0
// A comb: the multiples d 2^(bits w) P of a fixed point P, for every window w and every d from 1 to 2^(bits-1). A
// product k P is then one entry for each signed digit of k, added up, without a doubling.
//
//   table   window 0 { entry d = 1, 2, ... 2^(bits-1) } window 1 { ... } ...
//   entry   128 bytes, two cache lines: { y+x : 5 words, y-x : 5 words, 2dxy : 5 words, parity : 1 word }
//
// of the affine point, each below p, in limbs of 52, 52, 52, 52 and 47 bits. The parity word is such that all sixteen
// words xor to entry_parity and the entry's tag, which differs from place to place and from point to point. So every
// flipped bit shows in the very load that would use it, and so do a page of zeros, an entry that belongs to another
// place, and another point's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <xacthuc/domain/public_key.hpp>
#include <xacthuc/ed25519/verifying_key.hpp>

#include "ed25519/comb_memory.hpp"
#include "ed25519/scalar.hpp"

namespace xacthuc::inline v0_1::ed25519 {

inline constexpr unsigned entry_words = 16;
inline constexpr std::uint64_t entry_parity = 0x9e3779b97f4a7c15;

// What a kernel needs of a comb.
struct comb_view {
    const std::uint64_t* words = nullptr;
    unsigned bits = 0;
    std::uint64_t salt = 0;  // of the point
};

// Of an entry of a table; that of the neutral entry, which lies outside of every table, is 0.
constexpr std::uint64_t entry_tag(const comb_view& comb, std::size_t index) {
    return comb.salt ^ (index + 1);
}

constexpr std::size_t comb_word_count(unsigned bits) {
    return std::size_t{window_count(bits)} * (std::size_t{1} << (bits - 1)) * entry_words;
}

// The entry for the digit 0: the neutral point, (1, 1, 0).
alignas(128) inline constexpr std::uint64_t neutral_entry[entry_words] = {1, 0, 0, 0, 0, 1, 0, 0,
                                                                          0, 0, 0, 0, 0, 0, 0, entry_parity};

// A point as the tables need it: x and y in limbs of 51 bits, below p.
struct affine_point {
    std::uint64_t x[5];
    std::uint64_t y[5];
};

// Sets point to the negative of the point that a canonical encoding names.
// Returns whether there is one.
bool decode_negated(affine_point& point, const public_key& key) noexcept;

class comb_table {
  public:
    comb_table(const affine_point& point, unsigned bits);
    comb_table(const comb_table&) = delete;
    comb_table& operator=(const comb_table&) = delete;

    const comb_view& view() const noexcept { return view_; }
    bool is_sound() const noexcept;
    // For the tests, which damage it.
    std::uint64_t* words() noexcept { return words_.get(); }

  private:
    struct release {
        std::size_t bytes;
        void operator()(std::uint64_t* words) const noexcept { release_comb(words, bytes); }
    };
    std::unique_ptr<std::uint64_t[], release> words_;
    comb_view view_;
    std::uint64_t checksum_[2] = {};
};

// The comb of a key, for the verification functions.
struct comb_access {
    // Null when there is none.
    static const comb_table* comb_of(const verifying_key& key) noexcept { return key.comb_.get(); }
};

inline constexpr unsigned comb_bits_of_base = 8;

// The comb of the base point; built by the first call.
comb_table& base_comb();

}  // namespace xacthuc::inline v0_1::ed25519
