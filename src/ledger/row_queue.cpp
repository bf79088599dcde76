// SPDX-License-Identifier: Apache-2.0
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <xacthuc/ledger/row_queue.hpp>

#include "domain/contract.hpp"
#include "system/processor.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::uint32_t given_up = std::uint32_t{1} << 31;
constexpr std::uint32_t of_many_pairs = std::uint32_t{1} << 30;

// What the first four slots of a call hold.
struct call_slots {
    std::uint32_t rows;  // that were reserved, below 2^30, and two marks
    std::uint32_t pair;
    ledger_call call;
};
static_assert(sizeof(call_slots) == 128);

[[nodiscard]] std::size_t possible(std::size_t slots) {
    contract::within("row_queue", "slots", slots, 0, std::uint64_t{1} << 30);
    return slots;
}

[[nodiscard]] huge_pages pages_of(std::size_t bytes) {
    auto pages = huge_pages::allocate(bytes);
    if (!pages) throw std::bad_alloc{};
    return *std::move(pages);
}

// Agency and procedure, from a request's last word.
struct pair_of {
    explicit pair_of(std::optional<std::uint16_t> agency) noexcept
        : kept{agency ? 0xffff'0000 : 0xffff'ffff}, put{agency.value_or(0)} {}
    [[nodiscard]] std::uint32_t operator()(const request& asked) const noexcept {
        static_assert(request_layout::agency.offset == 32 && request_layout::procedure.offset == 48);
        return (static_cast<std::uint32_t>(asked.words[3] >> 32) & kept) | put;
    }

    std::uint32_t kept;
    std::uint32_t put;
};

// What is in a row but its pair, 16 bytes; and the pairs of four rows.
constexpr std::size_t row_size = 16;
constexpr std::size_t pair_size = 4;
constexpr std::size_t pairs_at_once = 4;

#if defined(__SSE2__)
// The owner's core has read these lines when the queue was here before: by way of the caches they would be fetched back
// first. A sanitizer of threads does not see such writes.
constexpr bool streams_rows = !watches_threads;
// Of fewer rows too many lines would not be whole.
constexpr std::size_t streamed_least = 64;

[[gnu::always_inline]] inline void put(std::byte* to, __m128i value, bool streams) noexcept {
    auto* const at = reinterpret_cast<__m128i*>(to);
    if (streams)
        _mm_stream_si128(at, value);
    else
        _mm_store_si128(at, value);
}
[[gnu::always_inline]] inline void put_rows(std::byte* to, std::span<const request> asked, const verdict* shown,
                                            bool streams) noexcept {
    for (std::size_t k = 0; k < asked.size(); ++k)
        put(to + k * row_size,
            _mm_set_epi64x(static_cast<long long>(shown[k].bits()), static_cast<long long>(asked[k].words[0])),
            streams);
}
// Requires: a multiple of four.
[[gnu::always_inline]] inline void put_pairs_of(std::byte* to, std::span<const request> asked, const pair_of& pair,
                                                bool streams) noexcept {
    const auto kept = _mm_set1_epi32(static_cast<int>(pair.kept));
    const auto known = _mm_set1_epi32(static_cast<int>(pair.put));
    for (std::size_t k = 0; k < asked.size(); k += pairs_at_once) {
        const auto* const at = asked.data() + k;
        const auto high = [&](std::size_t of) { return _mm_load_si128(reinterpret_cast<const __m128i*>(at + of) + 1); };
        const auto four =
            _mm_unpackhi_epi64(_mm_unpackhi_epi32(high(0), high(1)), _mm_unpackhi_epi32(high(2), high(3)));
        put(to + k * pair_size, _mm_or_si128(_mm_and_si128(four, kept), known), streams);
    }
}
void finish_streams() noexcept {
    _mm_sfence();
}
#else
constexpr bool streams_rows = false;
constexpr std::size_t streamed_least = 0;

void put_rows(std::byte* to, std::span<const request> asked, const verdict* shown, bool) noexcept {
    for (std::size_t k = 0; k < asked.size(); ++k) {
        const std::array words{asked[k].words[0], shown[k].bits()};
        std::memcpy(to + k * row_size, words.data(), row_size);
    }
}
void put_pairs_of(std::byte* to, std::span<const request> asked, const pair_of& pair, bool) noexcept {
    for (std::size_t k = 0; k < asked.size(); ++k) {
        const auto word = pair(asked[k]);
        std::memcpy(to + k * pair_size, &word, pair_size);
    }
}
void finish_streams() noexcept {}
#endif

}  // namespace

row_queue::row_queue(std::size_t slots)
    : mask_{std::bit_ceil(std::max(possible(slots), slots_min)) - 1},
      memory_{pages_of((mask_ + 1) * (slot_bytes + sizeof(word) / 4))},
      commits_{reinterpret_cast<word*>(memory_.data() + (mask_ + 1) * slot_bytes)} {
    // All of it is taken now, so that no call has to wait for the system.
    std::memset(memory_.data(), 0, (mask_ + 1) * slot_bytes);
    std::uninitialized_value_construct_n(commits_, (mask_ + 1) / 4);
}

row_queue::~row_queue() = default;

void row_queue::reservation::refuse_row(std::size_t k) const noexcept {
    contract::within("row_queue::reservation::put", "row", k, 0, queue_ != nullptr ? of_.ticket.rows : 0);
}

void row_queue::reservation::put(std::size_t first, std::span<const request> asked, std::optional<std::uint16_t> agency,
                                 std::span<const verdict> shown) noexcept {
    constexpr auto* call = "row_queue::reservation::put";
    contract::as_many(call, {shown.size(), "verdicts"}, {asked.size(), "requests"});
    if (asked.empty()) return;
    const auto rows = queue_ != nullptr ? of_.ticket.rows : 0;
    contract::within(call, "first row", first, 0, rows);
    contract::room_for(call, {rows - first, "rows left"}, {asked.size(), "requests"});
    const bool streams = streams_rows && asked.size() >= streamed_least;
    of_.streams |= streams;
    for (std::size_t done = 0; done < asked.size();) {
        // Until the rows are all, or the queue begins again.
        auto* const to = reinterpret_cast<std::byte*>(&queue_->row_at(of_.ticket, first + done));
        const auto left = static_cast<std::size_t>(queue_->end() - to);
        const auto count = std::min(asked.size() - done, left / row_size);
        if (streams)
            put_rows(to, asked.subspan(done, count), shown.data() + done, true);
        else
            put_rows(to, asked.subspan(done, count), shown.data() + done, false);
        done += count;
    }
    put_pairs(first, asked, pair_of{agency}, streams);
}

template <class Pairs>
void row_queue::reservation::put_pairs(std::size_t first, std::span<const request> asked, const Pairs& pair,
                                       bool streams) noexcept {
    if (of_.pairs != pairs_are::many) {
        const auto first_pair = pair(asked[0]);
        std::uint32_t others = 0;
        for (const auto& each : asked) others |= pair(each) ^ first_pair;
        // Where no row was put before, none had another pair.
        if (others != 0 && of_.pairs == pairs_are::none) of_.pairs = pairs_are::many;
        note_pair(first, first_pair);
        if (others == 0 && of_.pairs == pairs_are::one) return;
    }
    std::size_t k = 0;
    const auto note_next = [&] {
        note_pair(first + k, pair(asked[k]));
        ++k;
    };
    while (k < asked.size() && (of_.pairs != pairs_are::many || (first + k) % pairs_at_once != 0)) note_next();
    while (asked.size() - k >= pairs_at_once) {
        auto* const to = reinterpret_cast<std::byte*>(&queue_->pair_at(of_.ticket, first + k));
        const auto left = static_cast<std::size_t>(queue_->end() - to) / pair_size;
        const auto count = std::min(asked.size() - k, left) / pairs_at_once * pairs_at_once;
        const auto some = asked.subspan(k, count);
        if (streams)
            put_pairs_of(to, some, pair, true);
        else
            put_pairs_of(to, some, pair, false);
        k += count;
    }
    while (k < asked.size()) note_next();
}

void row_queue::write_call(const filling& of, const ledger_call& call) noexcept {
    if (of.streams) finish_streams();
    const call_slots slots{static_cast<std::uint32_t>(of.ticket.rows) | (of.is_given_up ? given_up : 0) |
                               (of.pairs == pairs_are::many ? of_many_pairs : 0),
                           of.pair, call};
    // Four slots from a multiple of four on lie side by side.
    std::memcpy(at(of.ticket.first_slot * slot_bytes), &slots, sizeof slots);
    ring().commit(of.ticket.first_slot);
}

std::optional<row_queue::taken> row_queue::take() noexcept {
    if (!ring().is_there(next_)) return std::nullopt;
    call_slots slots{};
    std::memcpy(&slots, at(next_ * slot_bytes), sizeof slots);
    const ledger_ticket ticket{next_, slots.rows & (of_many_pairs - 1)};
    next_ = ticket.end_slot();
    return taken{ticket, (slots.rows & given_up) != 0 ? 0 : ticket.rows, slots.call, (slots.rows & of_many_pairs) == 0,
                 slots.pair};
}

}  // namespace xacthuc::inline v0_1
