// SPDX-License-Identifier: Apache-2.0
// The operations of src/ed25519/avx512ifma/operations.hpp in plain loops, as the manual describes each instruction:
// with them the avx512ifma kernel runs on any CPU. Included inside the namespace of the emulated kernel.

struct vector512 {
    std::uint64_t lane[8];
};
using lane_mask = std::uint8_t;

template <class Operation>
vector512 each_lane(Operation operation) {
    vector512 result;
    for (unsigned i = 0; i < 8; ++i) {
        result.lane[i] = operation(i);
    }
    return result;
}

inline vector512 v_splat(std::uint64_t a) {
    return each_lane([&](unsigned) { return a; });
}
inline vector512 v_load(const std::uint64_t* from) {
    vector512 result;
    std::memcpy(result.lane, from, sizeof result.lane);
    return result;
}
inline void v_store(std::uint64_t* to, vector512 a) {
    std::memcpy(to, a.lane, sizeof a.lane);
}
inline vector512 v_load_halves(const std::uint64_t* low, const std::uint64_t* high) {
    vector512 result;
    std::memcpy(result.lane, low, 32);
    std::memcpy(result.lane + 4, high, 32);
    return result;
}
inline void v_store_halves(std::uint64_t* low, std::uint64_t* high, vector512 a) {
    std::memcpy(low, a.lane, 32);
    std::memcpy(high, a.lane + 4, 32);
}

inline vector512 v_add(vector512 a, vector512 b) {
    return each_lane([&](unsigned i) { return a.lane[i] + b.lane[i]; });
}
inline vector512 v_subtract(vector512 a, vector512 b) {
    return each_lane([&](unsigned i) { return a.lane[i] - b.lane[i]; });
}
inline vector512 v_and(vector512 a, vector512 b) {
    return each_lane([&](unsigned i) { return a.lane[i] & b.lane[i]; });
}
inline vector512 v_or(vector512 a, vector512 b) {
    return each_lane([&](unsigned i) { return a.lane[i] | b.lane[i]; });
}
inline vector512 v_xor(vector512 a, vector512 b) {
    return each_lane([&](unsigned i) { return a.lane[i] ^ b.lane[i]; });
}
template <unsigned Count>
vector512 v_shift_left(vector512 a) {
    return each_lane([&](unsigned i) { return a.lane[i] << Count; });
}
template <unsigned Count>
vector512 v_shift_right(vector512 a) {
    return each_lane([&](unsigned i) { return a.lane[i] >> Count; });
}
template <unsigned Count>
vector512 v_rotate_right(vector512 a) {
    return each_lane([&](unsigned i) { return (a.lane[i] >> Count) | (a.lane[i] << (64 - Count)); });
}
template <int Table>
vector512 v_ternary(vector512 a, vector512 b, vector512 c) {
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
inline vector512 v_shuffle_bytes(vector512 a, vector512 index) {
    std::uint8_t bytes[64], indices[64], shuffled[64];
    std::memcpy(bytes, a.lane, 64);
    std::memcpy(indices, index.lane, 64);
    for (unsigned i = 0; i < 64; ++i) {
        shuffled[i] = (indices[i] & 0x80) != 0 ? std::uint8_t{0} : bytes[(i & 0x30) | (indices[i] & 0x0f)];
    }
    vector512 result;
    std::memcpy(result.lane, shuffled, 64);
    return result;
}

inline uint128 product52(std::uint64_t a, std::uint64_t b) {
    constexpr std::uint64_t low_bits = (std::uint64_t{1} << 52) - 1;
    return uint128{a & low_bits} * (b & low_bits);
}
inline vector512 v_multiply_add_low(vector512 sum, vector512 a, vector512 b) {
    constexpr std::uint64_t low_bits = (std::uint64_t{1} << 52) - 1;
    return each_lane([&](unsigned i) {
        return sum.lane[i] + (static_cast<std::uint64_t>(product52(a.lane[i], b.lane[i])) & low_bits);
    });
}
inline vector512 v_multiply_add_high(vector512 sum, vector512 a, vector512 b) {
    return each_lane(
        [&](unsigned i) { return sum.lane[i] + static_cast<std::uint64_t>(product52(a.lane[i], b.lane[i]) >> 52); });
}

inline vector512 v_unpack_low(vector512 a, vector512 b) {
    return each_lane([&](unsigned i) { return i % 2 == 0 ? a.lane[i] : b.lane[i - 1]; });
}
inline vector512 v_unpack_high(vector512 a, vector512 b) {
    return each_lane([&](unsigned i) { return i % 2 == 0 ? a.lane[i + 1] : b.lane[i]; });
}
inline vector512 v_permute_two(vector512 a, vector512 index, vector512 b) {
    return each_lane([&](unsigned i) {
        const std::uint64_t from = index.lane[i] % 16;
        return from < 8 ? a.lane[from] : b.lane[from - 8];
    });
}

inline lane_mask v_zero_lanes(vector512 a) {
    unsigned bits = 0;
    for (unsigned i = 0; i < 8; ++i) {
        bits |= (a.lane[i] == 0 ? 1u : 0u) << i;
    }
    return static_cast<lane_mask>(bits);
}
inline vector512 v_select(lane_mask m, vector512 if_set, vector512 if_clear) {
    return each_lane([&](unsigned i) { return ((m >> i) & 1) != 0 ? if_set.lane[i] : if_clear.lane[i]; });
}
inline lane_mask v_negative_bytes(const std::int8_t* bytes) {
    unsigned bits = 0;
    for (unsigned i = 0; i < 8; ++i) {
        bits |= (bytes[i] < 0 ? 1u : 0u) << i;
    }
    return static_cast<lane_mask>(bits);
}
