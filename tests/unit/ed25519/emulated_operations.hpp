// SPDX-License-Identifier: Apache-2.0
// The operations of src/ed25519/avx512ifma/operations.hpp in plain loops, as the manual describes each instruction:
// with them the avx512ifma kernel runs on any CPU. Included inside the namespace of the emulated kernel.

struct word {
    std::uint64_t lane[8];
};
using mask = std::uint8_t;

template <class Operation>
word each_lane(Operation operation) {
    word result;
    for (unsigned i = 0; i < 8; ++i) {
        result.lane[i] = operation(i);
    }
    return result;
}

inline word splat(std::uint64_t a) {
    return each_lane([&](unsigned) { return a; });
}
inline word load_lanes(const std::uint64_t* from) {
    word result;
    std::memcpy(result.lane, from, sizeof result.lane);
    return result;
}
inline void store_lanes(std::uint64_t* to, word a) {
    std::memcpy(to, a.lane, sizeof a.lane);
}
inline word v_load_halves(const std::uint64_t* low, const std::uint64_t* high) {
    word result;
    std::memcpy(result.lane, low, 32);
    std::memcpy(result.lane + 4, high, 32);
    return result;
}
inline void v_store_halves(std::uint64_t* low, std::uint64_t* high, word a) {
    std::memcpy(low, a.lane, 32);
    std::memcpy(high, a.lane + 4, 32);
}

inline word add(word a, word b) {
    return each_lane([&](unsigned i) { return a.lane[i] + b.lane[i]; });
}
inline word subtract(word a, word b) {
    return each_lane([&](unsigned i) { return a.lane[i] - b.lane[i]; });
}
inline word bit_and(word a, word b) {
    return each_lane([&](unsigned i) { return a.lane[i] & b.lane[i]; });
}
inline word bit_or(word a, word b) {
    return each_lane([&](unsigned i) { return a.lane[i] | b.lane[i]; });
}
inline word bit_xor(word a, word b) {
    return each_lane([&](unsigned i) { return a.lane[i] ^ b.lane[i]; });
}
template <unsigned Count>
word shift_left(word a) {
    return each_lane([&](unsigned i) { return a.lane[i] << Count; });
}
template <unsigned Count>
word shift_right(word a) {
    return each_lane([&](unsigned i) { return a.lane[i] >> Count; });
}
template <unsigned Count>
word rotate_right(word a) {
    return each_lane([&](unsigned i) { return (a.lane[i] >> Count) | (a.lane[i] << (64 - Count)); });
}
template <int Table>
word v_ternary(word a, word b, word c) {
    return each_lane([&](unsigned i) {
        std::uint64_t result = 0;
        for (unsigned row = 0; row < 8; ++row) {
            const std::uint64_t of_a = (row & 4) != 0 ? a.lane[i] : ~a.lane[i];
            const std::uint64_t of_b = (row & 2) != 0 ? b.lane[i] : ~b.lane[i];
            const std::uint64_t of_c = (row & 1) != 0 ? c.lane[i] : ~c.lane[i];
            result |= ((Table >> row) & 1) != 0 ? of_a & of_b & of_c : 0;
        }
        return result;
    });
}
inline word v_shuffle_bytes(word a, word index) {
    std::uint8_t bytes[64], indices[64], shuffled[64];
    std::memcpy(bytes, a.lane, 64);
    std::memcpy(indices, index.lane, 64);
    for (unsigned i = 0; i < 64; ++i) {
        shuffled[i] = (indices[i] & 0x80) != 0 ? std::uint8_t{0} : bytes[(i & 0x30) | (indices[i] & 0x0f)];
    }
    word result;
    std::memcpy(result.lane, shuffled, 64);
    return result;
}

inline uint128 product52(std::uint64_t a, std::uint64_t b) {
    constexpr std::uint64_t low_bits = (std::uint64_t{1} << 52) - 1;
    return uint128{a & low_bits} * (b & low_bits);
}
inline word v_multiply_add_low(word sum, word a, word b) {
    constexpr std::uint64_t low_bits = (std::uint64_t{1} << 52) - 1;
    return each_lane([&](unsigned i) {
        return sum.lane[i] + (static_cast<std::uint64_t>(product52(a.lane[i], b.lane[i])) & low_bits);
    });
}
inline word v_multiply_add_high(word sum, word a, word b) {
    return each_lane(
        [&](unsigned i) { return sum.lane[i] + static_cast<std::uint64_t>(product52(a.lane[i], b.lane[i]) >> 52); });
}

inline word v_unpack_low(word a, word b) {
    return each_lane([&](unsigned i) { return i % 2 == 0 ? a.lane[i] : b.lane[i - 1]; });
}
inline word v_unpack_high(word a, word b) {
    return each_lane([&](unsigned i) { return i % 2 == 0 ? a.lane[i + 1] : b.lane[i]; });
}
inline word v_permute_two(word a, word index, word b) {
    return each_lane([&](unsigned i) {
        const std::uint64_t from = index.lane[i] % 16;
        return from < 8 ? a.lane[from] : b.lane[from - 8];
    });
}

inline mask is_zero(word a) {
    unsigned bits = 0;
    for (unsigned i = 0; i < 8; ++i) {
        bits |= (a.lane[i] == 0 ? 1u : 0u) << i;
    }
    return static_cast<mask>(bits);
}
inline word select(mask m, word if_set, word if_clear) {
    return each_lane([&](unsigned i) { return ((m >> i) & 1) != 0 ? if_set.lane[i] : if_clear.lane[i]; });
}
inline mask negative_digits(const std::int8_t* bytes) {
    unsigned bits = 0;
    for (unsigned i = 0; i < 8; ++i) {
        bits |= (bytes[i] < 0 ? 1u : 0u) << i;
    }
    return static_cast<mask>(bits);
}
