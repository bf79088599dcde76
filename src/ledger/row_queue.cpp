// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <xacthuc/ledger/row_queue.hpp>

namespace xacthuc::inline v0_1 {
namespace {

// What the first four slots of a call hold.
struct call_slots {
    std::uint32_t rows;
    std::uint32_t rows_reserved;
    ledger_call call;
};
static_assert(sizeof(call_slots) == 4 * sizeof(row_queue::slot));

}  // namespace

row_queue::row_queue(std::size_t slots)
    : mask_{std::bit_ceil(std::max(slots, slots_min)) - 1},
      slots_{std::make_unique<slot[]>(mask_ + 1)},
      commits_{std::make_unique<word[]>((mask_ + 1) / 4)} {}

row_queue::~row_queue() = default;

void row_queue::write_call(const ledger_ticket& at, const ledger_call& of, std::uint64_t rows) noexcept {
    const call_slots call{static_cast<std::uint32_t>(rows), static_cast<std::uint32_t>(at.rows), of};
    // Four slots from a multiple of four on lie side by side.
    std::memcpy(&this->at(at.first_slot), &call, sizeof call);
    ring().commit(at.first_slot);
}

std::optional<row_queue::taken> row_queue::take() noexcept {
    if (!ring().is_there(next_)) return std::nullopt;
    std::array<std::byte, sizeof(call_slots)> bytes;
    std::memcpy(bytes.data(), &at(next_), bytes.size());
    const auto call = std::bit_cast<call_slots>(bytes);
    const ledger_ticket ticket{next_, call.rows_reserved};
    next_ = ticket.end_slot();
    return taken{ticket, call.rows, call.call};
}

}  // namespace xacthuc::inline v0_1
