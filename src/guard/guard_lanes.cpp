// SPDX-License-Identifier: Apache-2.0
#include "guard/guard_lanes.hpp"

#if defined(__x86_64__)
#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 leaves what a masked operation does not need uninitialised in its own header (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>
#endif

#include <algorithm>
#include <array>
#include <bit>

#include "system/processor.hpp"
#include "system/target_region.hpp"

namespace xacthuc::inline v0_1 {
namespace {

namespace portable {

void find_places(std::span<const request> requests, const subject_place& place_of, std::uint64_t* places) {
    const auto by = place_of;
    for (std::size_t i = 0; i < requests.size(); ++i) places[i] = by(requests[i].id());
}

// Each number is written, and stays where it belongs to the list.
template <class Belongs>
[[nodiscard]] std::size_t list(std::size_t count, std::uint16_t* to, const Belongs& belongs) {
    std::size_t listed = 0;
    for (std::size_t i = 0; i < count; ++i) {
        to[listed] = static_cast<std::uint16_t>(i);
        listed += belongs(i);
    }
    return listed;
}

std::size_t list_doubted(std::span<const std::uint64_t> places, const miss_budget::filter_view& filter,
                         std::uint16_t* doubted) {
    const auto by = filter;
    return list(places.size(), doubted, [&](std::size_t i) { return by.may_have_reached(places[i]); });
}

std::size_t list_failed(std::span<const verdict> verdicts, std::uint16_t* failed) {
    return list(verdicts.size(), failed, [&](std::size_t i) { return verdicts[i].outcome() != outcome::verified; });
}

std::size_t list_growing(std::span<const std::uint64_t> places, const subject_sketch& sketch, std::uint16_t day,
                         std::uint16_t* growing) {
    const auto last = sketch.last_place_that_grows(day);
    return list(places.size(), growing, [&](std::size_t i) { return places[i] <= last; });
}

constexpr guard_lanes all{find_places, list_doubted, list_failed, list_growing};

}  // namespace portable

#if defined(__x86_64__)

XACTHUC_TARGET_BEGIN("avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,bmi2,popcnt")
namespace wide {

constexpr std::size_t lane_count = 8;

[[gnu::always_inline]] inline __m512i every(std::uint64_t x) noexcept {
    return _mm512_set1_epi64(static_cast<long long>(x));
}
// Numbers from `first` on.
[[gnu::always_inline]] inline __m512i numbers_from(std::uint64_t first) noexcept {
    return _mm512_add_epi64(every(first), _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
}
[[gnu::always_inline]] inline __m512i folded(__m512i x) noexcept {
    return _mm512_xor_si512(x, _mm512_srli_epi64(x, 32));
}
// Which of so many equal parts of all 32-bit numbers each of these is in.
[[gnu::always_inline]] inline __m512i share_of(__m512i numbers, __m512i parts) noexcept {
    return _mm512_srli_epi64(_mm512_mul_epu32(numbers, parts), 32);
}
// Words of somebody else's table. Others may write there meanwhile: each lane is read whole, once.
[[gnu::always_inline]] inline __m512i words_at(const word_table::word* table, __m512i numbers) noexcept {
    return _mm512_i64gather_epi64(numbers, table, 8);
}

void find_places(std::span<const request> requests, const subject_place& place_of, std::uint64_t* places) {
    const auto whole = requests.size() / lane_count * lane_count;
    const auto start = every(place_of.start);
    const auto first = every(place_of.first);
    const auto second = every(place_of.second);
    const auto id = every(request_layout::id.mask());
    // The first words of two requests each, then of four, then of all.
    const auto of_two = _mm512_set_epi64(12, 8, 4, 0, 12, 8, 4, 0);
    for (std::size_t i = 0; i < whole; i += lane_count) {
        const auto two = [&](std::size_t k) { return _mm512_loadu_si512(&requests[i + k]); };
        const auto low = _mm512_permutex2var_epi64(two(0), of_two, two(2));
        const auto high = _mm512_permutex2var_epi64(two(4), of_two, two(6));
        const auto ids = _mm512_and_si512(_mm512_mask_blend_epi64(0xf0, low, high), id);
        const auto once = folded(_mm512_mullo_epi64(_mm512_xor_si512(ids, start), first));
        _mm512_storeu_si512(places + i, folded(_mm512_mullo_epi64(once, second)));
    }
    portable::find_places(requests.subspan(whole), place_of, places + whole);
}

// Lists, eight at a time, those in whose lane `belonging(i)` sets a bit, where i is the first of eight; and `rest`, a
// portable list of those after the last eight.
template <class Belonging, class Rest>
[[gnu::always_inline]] inline std::size_t list(std::size_t count, std::uint16_t* to, const Belonging& belonging,
                                               const Rest& rest) noexcept {
    const auto whole = count / lane_count * lane_count;
    std::size_t listed = 0;
    for (std::size_t i = 0; i < whole; i += lane_count) {
        const __mmask8 belong = belonging(i);
        const auto numbers = _mm512_cvtepi64_epi16(_mm512_maskz_compress_epi64(belong, numbers_from(i)));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to + listed), numbers);
        listed += static_cast<std::size_t>(std::popcount(static_cast<unsigned>(belong)));
    }
    if (whole == count) return listed;
    const auto more = rest(whole, to + listed);
    for (std::size_t k = 0; k < more; ++k) to[listed + k] = static_cast<std::uint16_t>(to[listed + k] + whole);
    return listed + more;
}

// Whether the words are of the marked day or count as of it.
[[gnu::always_inline]] inline __mmask8 are_on_day(__m512i words, __m512i mark) noexcept {
    return _mm512_cmple_epu64_mask(_mm512_srli_epi64(_mm512_sub_epi64(words, mark), day_word::payload_bits),
                                   every(day_word::days_late));
}

std::size_t list_doubted(std::span<const std::uint64_t> places, const miss_budget::filter_view& filter,
                         std::uint16_t* doubted) {
    const auto size = every(filter.words().size());
    const auto bits = every(miss_budget::bits_a_word);
    const auto mark = every(filter.mark());
    const auto* const words = filter.words().data();
    return list(
        places.size(), doubted,
        [&](std::size_t i) {
            const auto place = _mm512_loadu_si512(&places[i]);
            const auto word = words_at(words, share_of(_mm512_srli_epi64(place, 32), size));
            const auto is_set = _mm512_test_epi64_mask(_mm512_srlv_epi64(word, share_of(place, bits)), every(1));
            return static_cast<__mmask8>(is_set & are_on_day(word, mark));
        },
        [&](std::size_t from, std::uint16_t* to) { return portable::list_doubted(places.subspan(from), filter, to); });
}

std::size_t list_failed(std::span<const verdict> verdicts, std::uint16_t* failed) {
    constexpr std::uint64_t outcome_bits = 1023;
    static_assert(static_cast<unsigned>(outcome::verified) == 0);
    return list(
        verdicts.size(), failed,
        [&](std::size_t i) { return _mm512_test_epi64_mask(_mm512_loadu_si512(&verdicts[i]), every(outcome_bits)); },
        [&](std::size_t from, std::uint16_t* to) { return portable::list_failed(verdicts.subspan(from), to); });
}

std::size_t list_growing(std::span<const std::uint64_t> places, const subject_sketch& sketch, std::uint16_t day,
                         std::uint16_t* growing) {
    const auto mark = every(day_word::mark_of(day));
    const auto* const words = sketch.day_words().data();
    return list(
        places.size(), growing,
        [&](std::size_t i) {
            const auto place = _mm512_loadu_si512(&places[i]);
            const auto word = words_at(words, _mm512_and_si512(place, every(sketch_words - 1)));
            const auto number = _mm512_and_si512(_mm512_srli_epi64(place, std::bit_width(sketch_words - 1)), every(7));
            const auto at = _mm512_sub_epi64(_mm512_slli_epi64(number, 3), number);
            const auto value = _mm512_and_si512(_mm512_srlv_epi64(word, at), every(127));
            // More leading zeros than the register says: none of its first bits is set.
            const auto first_bits =
                _mm512_srlv_epi64(_mm512_or_si512(place, every(0xfff)), _mm512_sub_epi64(every(64), value));
            return static_cast<__mmask8>(_mm512_testn_epi64_mask(first_bits, first_bits) | ~are_on_day(word, mark));
        },
        [&](std::size_t from, std::uint16_t* to) {
            return portable::list_growing(places.subspan(from), sketch, day, to);
        });
}

constexpr guard_lanes all{find_places, list_doubted, list_failed, list_growing};

}  // namespace wide
XACTHUC_TARGET_END

#endif

[[nodiscard]] std::span<const guard_lanes> up_to([[maybe_unused]] instruction_set set) noexcept {
#if defined(__x86_64__)
    static constexpr std::array both{portable::all, wide::all};
    return std::span{both}.first(set >= instruction_set::avx512 ? 2 : 1);
#else
    return {&portable::all, 1};
#endif
}

}  // namespace

std::span<const guard_lanes> available_guard_lanes() noexcept {
    return up_to(choose_instruction_sets(nullptr).at_most);
}

const guard_lanes& chosen_guard_lanes() noexcept {
    static const guard_lanes& choice = []() -> const guard_lanes& {
        const auto& sets = instruction_sets();
        return up_to(watches_threads && !sets.is_forced ? instruction_set::portable : sets.at_most).back();
    }();
    return choice;
}

}  // namespace xacthuc::inline v0_1
