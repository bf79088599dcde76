// SPDX-License-Identifier: Apache-2.0
// What verdicts say: one by value or by its place, many as columns; and the words for it.
#include <bit>
#include <cstddef>
#include <span>
#include <xacthuc/domain/verdict.hpp>

#include "boundary.hpp"

using namespace xacthuc;

namespace {

static_assert(sizeof(xt_verdict_columns) == XT_VERDICT_COLUMNS_BYTES);

[[nodiscard]] verdict verdict_of(xt_verdict from) noexcept {
    return std::bit_cast<verdict>(from);
}

[[nodiscard]] uint8_t state_of(const xt_verdict& from, unsigned claim) noexcept {
    const auto is_in = [claim](uint16_t mask) { return mask >> claim & 1U; };
    return static_cast<uint8_t>(is_in(from.matched) * XT_CLAIM_IS_MATCHED +
                                is_in(from.mismatched) * XT_CLAIM_IS_MISMATCHED +
                                is_in(from.unavailable) * XT_CLAIM_IS_UNAVAILABLE);
}

template <class Value, class Read>
void put_column(std::span<const xt_verdict> from, Value* into, const Read& read) {
    if (into == nullptr) return;
    for (std::size_t i = 0; i < from.size(); ++i) into[i] = read(from[i]);
}

}  // namespace

uint16_t xt_verdict_outcome(xt_verdict verdict) {
    return static_cast<uint16_t>(verdict_of(verdict).outcome());
}

uint8_t xt_verdict_name_grade(xt_verdict verdict) {
    return static_cast<uint8_t>(verdict_of(verdict).name_grade());
}

uint8_t xt_verdict_coarse(xt_verdict verdict) {
    return verdict_of(verdict).coarse() ? 1 : 0;
}

uint8_t xt_verdict_claim_coarse(xt_verdict verdict) {
    return verdict_of(verdict).claim_coarse() ? 1 : 0;
}

uint16_t xt_verdict_outcome_at(const xt_verdict* verdicts, size_t place) {
    return xt_verdict_outcome(verdicts[place]);
}

uint8_t xt_verdict_name_grade_at(const xt_verdict* verdicts, size_t place) {
    return xt_verdict_name_grade(verdicts[place]);
}

uint8_t xt_verdict_coarse_at(const xt_verdict* verdicts, size_t place) {
    return xt_verdict_coarse(verdicts[place]);
}

uint8_t xt_verdict_claim_coarse_at(const xt_verdict* verdicts, size_t place) {
    return xt_verdict_claim_coarse(verdicts[place]);
}

uint8_t xt_verdict_claim_at(const xt_verdict* verdicts, size_t place, unsigned claim) {
    return claim < XT_CLAIM_COUNT ? state_of(verdicts[place], claim) : uint8_t{XT_CLAIM_IS_SILENT};
}

xt_status xt_verdicts_unpack(const xt_verdict* verdicts, size_t count, const xt_verdict_columns* columns) {
    if (columns == nullptr || !c::is_there(verdicts, count)) return XT_NULL_ARGUMENT;
    const c::read_struct read{columns, XT_VERDICT_COLUMNS_BYTES};
    if (read.status() != XT_OK) return read.status();
    const std::span all{verdicts, count};
    put_column(all, read->outcomes, xt_verdict_outcome);
    put_column(all, read->name_grades, xt_verdict_name_grade);
    put_column(all, read->coarse, xt_verdict_coarse);
    put_column(all, read->claim_coarse, xt_verdict_claim_coarse);
    for (unsigned claim = 0; claim < XT_CLAIM_COUNT; ++claim)
        put_column(all, read->claims[claim], [claim](const xt_verdict& one) { return state_of(one, claim); });
    return XT_OK;
}

// The words are literals, and so end with a zero.
const char* xt_outcome_text(uint16_t outcome) {
    return to_string(static_cast<xacthuc::outcome>(outcome)).data();
}

const char* xt_claim_text(unsigned claim) {
    return claim < claim_count ? to_string(static_cast<xacthuc::claim>(claim)).data() : "";
}

const char* xt_name_grade_text(uint8_t grade) {
    return to_string(static_cast<name_grade>(grade)).data();
}
