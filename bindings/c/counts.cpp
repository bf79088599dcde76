// SPDX-License-Identifier: Apache-2.0
// Counts: of verdicts, and of a register's citizens.
#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>
#include <xacthuc/domain/verdict_counts.hpp>
#include <xacthuc/engine/tally.hpp>

#include "boundary.hpp"
#include "handles.hpp"

using namespace xacthuc;

struct xt_counts {
    std::vector<tally_cell> cells;
};

namespace {

constexpr uint32_t counting_threads_max = 1024;
static_assert(XT_DIMENSION_COUNT == tally_dimension_count);
static_assert(XT_DIMENSION_AGE_BAND == static_cast<int>(tally_dimension::age_band) &&
              XT_DIMENSION_DOCUMENT == static_cast<int>(tally_dimension::document));

[[nodiscard]] bool are_dimensions(std::span<const uint32_t> numbers) noexcept {
    unsigned seen = 0;
    for (const auto number : numbers) {
        if (number >= XT_DIMENSION_COUNT || (seen >> number & 1U) != 0) return false;
        seen |= 1U << number;
    }
    return seen != 0;
}

}  // namespace

xt_status xt_verdicts_count(const xt_verdict* verdicts, size_t count, xt_verdict_counts* counts) {
    if (counts == nullptr || !c::is_there(verdicts, count)) return XT_NULL_ARGUMENT;
    if (!c::is_writable(*counts, XT_VERDICT_COUNTS_BYTES)) return XT_STRUCT_SIZE;
    verdict_counts counted;
    counted.add({reinterpret_cast<const verdict*>(verdicts), count});
    xt_verdict_counts told{};
    told.verdicts = counted.verdicts;
    told.silent = counted.silent;
    std::ranges::copy(counted.by_outcome, told.by_outcome);
    std::ranges::copy(counted.by_name_grade, told.by_name_grade);
    told.coarse = counted.coarse;
    told.claim_coarse = counted.claim_coarse;
    for (unsigned i = 0; i < XT_CLAIM_COUNT; ++i) {
        const auto& one = counted.by_claim[i];
        told.by_claim[i] = {one.matched, one.mismatched, one.unavailable, counted.not_claimed(static_cast<claim>(i))};
    }
    return c::write_struct(told, XT_VERDICT_COUNTS_BYTES, counts);
}

xt_status xt_count_by(const xt_register* opened, const uint32_t* dimensions, size_t dimension_count,
                      const xt_count_options* options, xt_counts** counts, xt_detail* detail) {
    return c::guarded(counts, detail, [&] {
        if (opened == nullptr || !c::is_there(dimensions, dimension_count))
            return c::refuse(detail, XT_NULL_ARGUMENT, "opened or dimensions");
        xt_count_options given;
        if (const auto status = c::read_options(options, XT_COUNT_OPTIONS_BYTES, given); status != XT_OK)
            return c::refuse(detail, status, "xt_count_options");
        if (given.threads > counting_threads_max || given.spare != 0)
            return c::refuse(detail, XT_ARGUMENT_RANGE, "threads or spare");
        const std::span numbers{dimensions, dimension_count};
        if (!are_dimensions(numbers)) return c::refuse(detail, XT_ARGUMENT_RANGE, "dimensions");
        tally_options how;
        how.threads = given.threads == 0 ? 1 : given.threads;
        if (given.count_min != 0) how.count_min = given.count_min;
        if (given.round_to != 0) how.round_to = given.round_to;
        how.report = c::reporter(given.progress, partition_count);
        std::vector<tally_dimension> by;
        for (const auto number : numbers) by.push_back(static_cast<tally_dimension>(number));
        const auto held = opened->live.hold();
        auto cells = count_by(*held, by, how);
        if (!cells) return c::refuse(detail, cells.error());
        *counts = new xt_counts{std::move(*cells)};
        return xt_status{XT_OK};
    });
}

void xt_counts_free(xt_counts* counts) {
    delete counts;
}

size_t xt_counts_cells(const xt_counts* counts) {
    return counts != nullptr ? counts->cells.size() : 0;
}

xt_status xt_counts_read(const xt_counts* counts, size_t first, size_t count, uint32_t* values, int64_t* told) {
    if (counts == nullptr) return XT_NULL_ARGUMENT;
    if (first > counts->cells.size() || count > counts->cells.size() - first) return XT_ARGUMENT_RANGE;
    for (const auto& cell : std::span{counts->cells}.subspan(first, count)) {
        if (values != nullptr) values = std::ranges::copy(cell.values, values).out;
        if (told != nullptr) *told++ = cell.count ? static_cast<int64_t>(*cell.count) : -1;
    }
    return XT_OK;
}

const char* xt_dimension_text(uint32_t dimension) {
    return dimension < XT_DIMENSION_COUNT ? to_string(static_cast<tally_dimension>(dimension)).data() : "";
}

xt_status xt_dimension_value_text(uint32_t dimension, uint32_t value, char* into, size_t capacity, size_t* size) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (dimension >= XT_DIMENSION_COUNT) return XT_ARGUMENT_RANGE;
        if (!c::is_there(into, capacity)) return XT_NULL_ARGUMENT;
        c::put_text(to_text(static_cast<tally_dimension>(dimension), value), into, capacity, size);
        return XT_OK;
    });
}
