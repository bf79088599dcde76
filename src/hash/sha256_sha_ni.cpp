// SPDX-License-Identifier: Apache-2.0
// SHA-256 by the processor's own instructions for it. A message waits for each of them several cycles, so two messages
// go side by side.
#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include "hash/sha256_block_shape.hpp"
#include "hash/sha256_constants.hpp"
#include "hash/sha256_kernels.hpp"
#include "system/processor.hpp"
#include "system/target_region.hpp"

namespace xacthuc::inline v0_1::sha256_sha_ni {
namespace {

#define XACTHUC_INLINE __attribute__((always_inline)) inline

constexpr std::size_t stream_count = 2;
constexpr std::size_t block_size = 64;

XACTHUC_TARGET_BEGIN("sha,sse4.1,ssse3")

// As the instructions have them: A, B, E, F and C, D, G, H, the first in the highest word.
struct state {
    __m128i abef;
    __m128i cdgh;
};

XACTHUC_INLINE __m128i load(const void* from) noexcept {
    return _mm_loadu_si128(static_cast<const __m128i*>(from));
}

XACTHUC_INLINE state initial_state() noexcept {
    const auto abcd = load(sha256_constants::initial.data());
    const auto efgh = load(sha256_constants::initial.data() + 4);
    const auto cdab = _mm_shuffle_epi32(abcd, 0xb1);
    const auto ghef = _mm_shuffle_epi32(efgh, 0x1b);
    return {_mm_alignr_epi8(cdab, ghef, 8), _mm_blend_epi16(ghef, cdab, 0xf0)};
}

XACTHUC_INLINE __m128i big_endian() noexcept {
    return _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

XACTHUC_INLINE void store_hash(const state& of, sha256_hash& to) noexcept {
    const auto feba = _mm_shuffle_epi32(of.abef, 0x1b);
    const auto dchg = _mm_shuffle_epi32(of.cdgh, 0xb1);
    const auto abcd = _mm_blend_epi16(feba, dchg, 0xf0);
    const auto efgh = _mm_alignr_epi8(dchg, feba, 8);
    auto* const half = reinterpret_cast<__m128i*>(to.data());
    _mm_storeu_si128(half, _mm_shuffle_epi8(abcd, big_endian()));
    _mm_storeu_si128(half + 1, _mm_shuffle_epi8(efgh, big_endian()));
}

template <std::size_t Group, std::size_t Streams>
XACTHUC_INLINE void four_rounds(state (&s)[Streams], __m128i (&w)[Streams][4]) noexcept {
    const auto k = load(sha256_constants::k.data() + 4 * Group);
    for (std::size_t i = 0; i < Streams; ++i) {
        auto& word = w[i][Group % 4];
        const auto& last = w[i][(Group + 3) % 4];
        if constexpr (Group >= 4) {
            const auto sum = _mm_add_epi32(_mm_sha256msg1_epu32(word, w[i][(Group + 1) % 4]),
                                           _mm_alignr_epi8(last, w[i][(Group + 2) % 4], 4));
            word = _mm_sha256msg2_epu32(sum, last);
        }
        const auto next = _mm_add_epi32(word, k);
        s[i].cdgh = _mm_sha256rnds2_epu32(s[i].cdgh, s[i].abef, next);
        s[i].abef = _mm_sha256rnds2_epu32(s[i].abef, s[i].cdgh, _mm_shuffle_epi32(next, 0x0e));
    }
}

template <std::size_t Streams, std::size_t... Group>
XACTHUC_INLINE void all_rounds(state (&s)[Streams], __m128i (&w)[Streams][4], std::index_sequence<Group...>) noexcept {
    (four_rounds<Group>(s, w), ...);
}

template <std::size_t Streams>
XACTHUC_INLINE void compress(state (&s)[Streams], __m128i (&w)[Streams][4]) noexcept {
    state before[Streams];
    for (std::size_t i = 0; i < Streams; ++i) before[i] = s[i];
    all_rounds(s, w, std::make_index_sequence<16>{});
    for (std::size_t i = 0; i < Streams; ++i) {
        s[i].abef = _mm_add_epi32(s[i].abef, before[i].abef);
        s[i].cdgh = _mm_add_epi32(s[i].cdgh, before[i].cdgh);
    }
}

XACTHUC_INLINE void load_block(const std::byte* message, const sha256_block_shape& shape, __m128i (&w)[4]) noexcept {
    for (std::size_t group = 0; group < 4; ++group) {
        const auto bytes = load(message + sha256_block_shape::begin_of(group));
        w[group] =
            _mm_or_si128(_mm_shuffle_epi8(bytes, load(shape.order[group].data())), load(shape.besides[group].data()));
    }
}

template <std::size_t Streams>
XACTHUC_INLINE void leaf_streams(const std::byte* messages, std::size_t stride, const sha256_block_shape& shape,
                                 sha256_hash* hashes) noexcept {
    state s[Streams];
    __m128i w[Streams][4];
    for (std::size_t i = 0; i < Streams; ++i) {
        s[i] = initial_state();
        load_block(messages + i * stride, shape, w[i]);
    }
    compress(s, w);
    for (std::size_t i = 0; i < Streams; ++i) store_hash(s[i], hashes[i]);
}

template <std::size_t Streams>
XACTHUC_INLINE void node_streams(const sha256_hash* children, sha256_hash* parents) noexcept {
    state s[Streams];
    __m128i w[Streams][4];
    std::uint32_t last[Streams];
    for (std::size_t i = 0; i < Streams; ++i) {
        s[i] = initial_state();
        load_block(children[2 * i].data(), sha256_node_shape, w[i]);
        last[i] = static_cast<std::uint32_t>(children[2 * i + 1].back()) << 24 | 0x0080'0000;
    }
    compress(s, w);
    for (std::size_t i = 0; i < Streams; ++i) {
        w[i][0] = _mm_setr_epi32(static_cast<int>(last[i]), 0, 0, 0);
        w[i][1] = w[i][2] = _mm_setzero_si128();
        w[i][3] = _mm_setr_epi32(0, 0, 0, 8 * (1 + 2 * 32));
    }
    compress(s, w);
    for (std::size_t i = 0; i < Streams; ++i) store_hash(s[i], parents[i]);
}

void leaves(const std::byte* messages, std::size_t size, std::size_t stride, std::span<sha256_hash> hashes) noexcept {
    const auto& shape = sha256_leaf_shapes[size];
    const auto inside = sha256_leaves_inside(size, stride, hashes.size());
    std::size_t done = 0;
    for (; done + stream_count <= inside; done += stream_count)
        leaf_streams<stream_count>(messages + done * stride, stride, shape, &hashes[done]);
    for (; done < hashes.size(); ++done) {
        std::byte copy[block_size]{};
        if (size != 0) std::memcpy(copy, messages + done * stride, size);
        leaf_streams<1>(copy, 0, shape, &hashes[done]);
    }
}

void nodes(std::span<const sha256_hash> children, std::span<sha256_hash> parents) noexcept {
    std::size_t done = 0;
    for (; done + stream_count <= parents.size(); done += stream_count)
        node_streams<stream_count>(&children[2 * done], &parents[done]);
    for (; done < parents.size(); ++done) node_streams<1>(&children[2 * done], &parents[done]);
}

void hash_blocks(state (&s)[1], const std::byte* blocks, std::size_t count) noexcept {
    for (std::size_t b = 0; b < count; ++b) {
        __m128i w[1][4];
        for (std::size_t group = 0; group < 4; ++group)
            w[0][group] = _mm_shuffle_epi8(load(blocks + block_size * b + 16 * group), big_endian());
        compress(s, w);
    }
}

[[nodiscard]] sha256_hash whole(std::span<const std::byte> bytes) noexcept {
    state s[1]{initial_state()};
    const auto block_count = bytes.size() / block_size;
    const auto rest = bytes.size() % block_size;
    hash_blocks(s, bytes.data(), block_count);
    std::byte end[2 * block_size]{};
    if (rest != 0) std::memcpy(end, bytes.data() + block_size * block_count, rest);
    end[rest] = std::byte{0x80};
    const std::size_t end_blocks = rest < block_size - 8 ? 1 : 2;
    for (std::size_t i = 0; i < 8; ++i)
        end[block_size * end_blocks - 1 - i] = static_cast<std::byte>(std::uint64_t{bytes.size()} * 8 >> 8 * i);
    hash_blocks(s, end, end_blocks);
    sha256_hash hash;
    store_hash(s[0], hash);
    return hash;
}

XACTHUC_TARGET_END

}  // namespace

constinit const sha256_kernel kernel{"sha_ni", processor_has_sha, whole, leaves, nodes};

}  // namespace xacthuc::inline v0_1::sha256_sha_ni
