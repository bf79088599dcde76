// SPDX-License-Identifier: Apache-2.0
#include "hash/blake2b_lanes.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>

#include "system/processor.hpp"
#endif

namespace xacthuc::inline v0_1 {

#if defined(__x86_64__)

namespace {

constexpr std::size_t lane_count = 4;
constexpr std::size_t block_size = 128;

// RFC 7693, section 2.6.
constexpr std::array<std::uint64_t, 8> initial{
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};
// Its parameter block for a hash of 32 bytes without a key: fanout 1, depth 1.
constexpr std::uint64_t parameters = 0x0101'0000 | sizeof(binding_hash);

// RFC 7693, section 2.7; rounds 10 and 11 take the rows 0 and 1 again.
constexpr std::uint8_t sigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

// One content on its way through a lane.
struct lane {
    std::span<const std::byte> rest;
    std::uint64_t done_bytes = 0;
    std::size_t content = 0;
    bool busy = false;
    alignas(32) std::array<std::byte, block_size> last{};  // the final block, filled up with zeros
};

// What the lanes hash next: a block each, the counter after it, and all ones where it is the final block.
struct alignas(32) step {
    const std::byte* block[lane_count];
    std::uint64_t counter[lane_count];
    std::uint64_t final[lane_count];
};

struct alignas(32) state {
    std::uint64_t words[8][lane_count];
};

#define XACTHUC_AVX2 __attribute__((target("avx2"), always_inline)) inline

XACTHUC_AVX2 void mix(__m256i& a, __m256i& b, __m256i& c, __m256i& d, const __m256i& x, const __m256i& y) noexcept {
    const auto by_24 = _mm256_setr_epi8(3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10, 3, 4, 5, 6, 7, 0, 1, 2,
                                        11, 12, 13, 14, 15, 8, 9, 10);
    const auto by_16 = _mm256_setr_epi8(2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9, 2, 3, 4, 5, 6, 7, 0, 1,
                                        10, 11, 12, 13, 14, 15, 8, 9);
    a = _mm256_add_epi64(_mm256_add_epi64(a, x), b);
    d = _mm256_shuffle_epi32(_mm256_xor_si256(d, a), _MM_SHUFFLE(2, 3, 0, 1));
    c = _mm256_add_epi64(c, d);
    b = _mm256_shuffle_epi8(_mm256_xor_si256(b, c), by_24);
    a = _mm256_add_epi64(_mm256_add_epi64(a, y), b);
    d = _mm256_shuffle_epi8(_mm256_xor_si256(d, a), by_16);
    c = _mm256_add_epi64(c, d);
    b = _mm256_xor_si256(b, c);
    b = _mm256_xor_si256(_mm256_srli_epi64(b, 63), _mm256_add_epi64(b, b));
}

// Message words `4 * quarter` to `4 * quarter + 3` of the four blocks, one vector a word.
XACTHUC_AVX2 void load_words(const step& next, std::size_t quarter, __m256i* words) noexcept {
    __m256i rows[lane_count];
    for (std::size_t l = 0; l < lane_count; ++l)
        rows[l] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(next.block[l] + 32 * quarter));
    const auto low_01 = _mm256_unpacklo_epi64(rows[0], rows[1]);
    const auto high_01 = _mm256_unpackhi_epi64(rows[0], rows[1]);
    const auto low_23 = _mm256_unpacklo_epi64(rows[2], rows[3]);
    const auto high_23 = _mm256_unpackhi_epi64(rows[2], rows[3]);
    words[0] = _mm256_permute2x128_si256(low_01, low_23, 0x20);
    words[1] = _mm256_permute2x128_si256(high_01, high_23, 0x20);
    words[2] = _mm256_permute2x128_si256(low_01, low_23, 0x31);
    words[3] = _mm256_permute2x128_si256(high_01, high_23, 0x31);
}

// The compression function F of RFC 7693, section 3.2, in four lanes.
__attribute__((target("avx2"))) void compress(state& hash, const step& next) noexcept {
    __m256i m[16];
    for (std::size_t quarter = 0; quarter < 4; ++quarter) load_words(next, quarter, m + 4 * quarter);
    auto* const h = reinterpret_cast<__m256i*>(hash.words);
    __m256i v[16];
    for (std::size_t i = 0; i < 8; ++i) {
        v[i] = h[i];
        v[i + 8] = _mm256_set1_epi64x(static_cast<long long>(initial[i]));
    }
    v[12] = _mm256_xor_si256(v[12], *reinterpret_cast<const __m256i*>(next.counter));
    v[14] = _mm256_xor_si256(v[14], *reinterpret_cast<const __m256i*>(next.final));
    for (std::size_t round = 0; round < 12; ++round) {
        const auto* const s = sigma[round % 10];
        mix(v[0], v[4], v[8], v[12], m[s[0]], m[s[1]]);
        mix(v[1], v[5], v[9], v[13], m[s[2]], m[s[3]]);
        mix(v[2], v[6], v[10], v[14], m[s[4]], m[s[5]]);
        mix(v[3], v[7], v[11], v[15], m[s[6]], m[s[7]]);
        mix(v[0], v[5], v[10], v[15], m[s[8]], m[s[9]]);
        mix(v[1], v[6], v[11], v[12], m[s[10]], m[s[11]]);
        mix(v[2], v[7], v[8], v[13], m[s[12]], m[s[13]]);
        mix(v[3], v[4], v[9], v[14], m[s[14]], m[s[15]]);
    }
    for (std::size_t i = 0; i < 8; ++i) h[i] = _mm256_xor_si256(h[i], _mm256_xor_si256(v[i], v[i + 8]));
}

void start(lane& at, state& hash, std::size_t l, std::span<const std::byte> bytes, std::size_t content) noexcept {
    at.rest = bytes;
    at.done_bytes = 0;
    at.content = content;
    at.busy = true;
    for (std::size_t i = 0; i < 8; ++i) hash.words[i][l] = initial[i] ^ (i == 0 ? parameters : 0);
}

// Sets the lane's next block; true when it is the content's last.
[[nodiscard]] bool take_block(lane& at, step& next, std::size_t l) noexcept {
    const auto size = std::min(at.rest.size(), block_size);
    const bool is_last = at.rest.size() <= block_size;
    next.block[l] = at.rest.data();
    if (is_last) {
        at.last.fill(std::byte{0});
        std::ranges::copy(at.rest, at.last.begin());
        next.block[l] = at.last.data();
    }
    at.done_bytes += size;
    at.rest = at.rest.subspan(size);
    next.counter[l] = at.done_bytes;
    next.final[l] = is_last ? ~std::uint64_t{0} : 0;
    return is_last;
}

void finish(lane& at, const state& hash, std::size_t l, binding_hash& out) noexcept {
    for (std::size_t i = 0; i < 4; ++i) std::memcpy(out.data() + 8 * i, &hash.words[i][l], 8);
    at.busy = false;
}

}  // namespace

bool has_blake2b_lanes() noexcept {
    return instruction_sets().at_most >= instruction_set::avx2;
}

void blake2b_lanes(std::span<const std::span<const std::byte>> contents, std::span<binding_hash> hashes) noexcept {
    std::array<lane, lane_count> lanes;
    state hash{};
    step next{};
    std::size_t started = 0;
    std::size_t finished = 0;
    while (finished < contents.size()) {
        std::array<bool, lane_count> is_last{};
        for (std::size_t l = 0; l < lane_count; ++l) {
            if (!lanes[l].busy && started < contents.size()) {
                start(lanes[l], hash, l, contents[started], started);
                ++started;
            }
            // An idle lane hashes zeros into a state that nobody reads.
            next.block[l] = lanes[l].last.data();
            if (lanes[l].busy) is_last[l] = take_block(lanes[l], next, l);
        }
        compress(hash, next);
        for (std::size_t l = 0; l < lane_count; ++l) {
            if (!is_last[l]) continue;
            finish(lanes[l], hash, l, hashes[lanes[l].content]);
            ++finished;
        }
    }
}

#else

bool has_blake2b_lanes() noexcept {
    return false;
}

void blake2b_lanes(std::span<const std::span<const std::byte>>, std::span<binding_hash>) noexcept {}

#endif

}  // namespace xacthuc::inline v0_1
