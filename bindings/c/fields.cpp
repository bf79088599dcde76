// SPDX-License-Identifier: Apache-2.0
// From text to verdict: requests as numbered fields, one and in rows, prepared and answered in one call.
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/request_field.hpp>

#include "boundary.hpp"
#include "columns/made_row.hpp"
#include "field_refusal.hpp"
#include "handles.hpp"

using namespace xacthuc;

namespace {

static_assert(XT_FIELD_COUNT == request_field_count);
static_assert(XT_FIELD_NAME == static_cast<int>(request_field::name) &&
              XT_FIELD_ACCOUNT_LEVEL_AT_LEAST == static_cast<int>(request_field::account_level_at_least) &&
              XT_FIELD_PROCEDURE == static_cast<int>(request_field::procedure));

constexpr std::size_t fields_a_piece = 256;

using c::field_refusal;

xt_status tell(const field_refusal& why, uint32_t* failed) noexcept {
    if (failed != nullptr) *failed = why.field;
    return why.status;
}

// Numbers of fields, each of which may come once.
class field_numbers {
  public:
    [[nodiscard]] bool take(uint32_t number) noexcept {
        if (number >= XT_FIELD_COUNT || (taken_ >> number & 1U) != 0) return false;
        taken_ |= 1U << number;
        return true;
    }

  private:
    uint32_t taken_ = 0;
};

// `agency` is that of a request that names none.
[[nodiscard]] field_refusal prepare_one(const digest_key& key, std::span<const xt_field> fields, uint16_t required,
                                        std::uint16_t agency, request& into) noexcept {
    if (!c::are_claims(required)) return {XT_ARGUMENT_RANGE};
    claim_set claims;
    field_numbers seen;
    for (const auto& one : fields) {
        if (!seen.take(one.number) || one.spare != 0)
            return {XT_ARGUMENT_RANGE, std::min<uint32_t>(one.number, XT_FIELD_NONE)};
        const auto why = c::put_text(static_cast<request_field>(one.number), {one.data, one.size}, claims);
        if (why.status != XT_OK) return why;
    }
    if (claims.agency == 0) claims.agency = agency;
    return c::refusal_of(columns::make_request(claims, key, required, into));
}

[[nodiscard]] xt_status check(const xt_text_rows& rows) noexcept {
    if (!c::is_there(rows.field_numbers, rows.field_count)) return XT_NULL_ARGUMENT;
    if (!c::is_there(rows.texts, rows.field_count * rows.row_count)) return XT_NULL_ARGUMENT;
    field_numbers seen;
    for (const auto number : std::span{rows.field_numbers, rows.field_count})
        if (!seen.take(number)) return XT_ARGUMENT_RANGE;
    const bool is_in_range =
        c::are_claims(rows.required) && std::ranges::count(rows.spare, 0) == std::ssize(rows.spare);
    return is_in_range ? XT_OK : XT_ARGUMENT_RANGE;
}

[[nodiscard]] field_refusal prepare_row(const digest_key& key, const xt_text_rows& rows, std::size_t row,
                                        std::uint16_t agency, request& into) noexcept {
    claim_set claims;
    const auto* const texts = rows.texts + row * rows.field_count;
    for (std::size_t i = 0; i < rows.field_count; ++i) {
        const auto why = c::put_text(static_cast<request_field>(rows.field_numbers[i]), texts[i], claims);
        if (why.status != XT_OK) return why;
    }
    if (claims.agency == 0) claims.agency = agency;
    return c::refusal_of(columns::make_request(claims, key, rows.required, into));
}

}  // namespace

xt_status xt_prepare_fields(const xt_digest_key* key, const xt_field* fields, size_t count, uint16_t required,
                            xt_request* into, uint32_t* failed) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (key == nullptr || into == nullptr || !c::is_there(fields, count)) return tell({XT_NULL_ARGUMENT}, failed);
        request made;
        const auto why = prepare_one(key->value, {fields, count}, required, 0, made);
        if (why.status == XT_OK) std::memcpy(into->words, made.words.data(), sizeof into->words);
        return tell(why, failed);
    });
}

xt_status xt_verify_fields(const xt_register* opened, const xt_digest_key* key, const xt_field* fields, size_t count,
                           uint16_t required, xt_verdict* into, xt_freshness* freshness, uint32_t* failed) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (opened == nullptr || into == nullptr || !c::is_there(fields, count))
            return tell({XT_NULL_ARGUMENT}, failed);
        const auto held = opened->live.hold();
        const digest_key* digests = nullptr;
        if (const auto status = c::find_key(*opened, *held, key, digests); status != XT_OK)
            return tell({status}, failed);
        request made;
        const auto why = prepare_one(*digests, {fields, count}, required, opened->agency, made);
        if (why.status == XT_OK) {
            auto call = opened->begin_call();
            const auto now = call.answer(*held, {&made, 1}, {reinterpret_cast<verdict*>(into), 1});
            call.settle();
            if (freshness != nullptr) *freshness = {now.sequence, now.as_of_unix_ms};
        }
        return tell(why, failed);
    });
}

xt_status xt_verify_rows(const xt_register* opened, const xt_digest_key* key, const xt_text_rows* rows,
                         xt_verdict* verdicts, xt_freshness* freshness, xt_status* statuses, uint32_t* failed) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (opened == nullptr || rows == nullptr) return XT_NULL_ARGUMENT;
        const c::read_struct read{rows, XT_TEXT_ROWS_BYTES};
        if (read.status() != XT_OK) return read.status();
        const auto& given = *read;
        if (!c::is_there(verdicts, given.row_count)) return XT_NULL_ARGUMENT;
        if (const auto status = check(given); status != XT_OK) return status;
        const auto held = opened->live.hold();
        const digest_key* digests = nullptr;
        if (const auto status = c::find_key(*opened, *held, key, digests); status != XT_OK) return status;
        auto call = opened->begin_call();
        std::size_t first = 0;
        do {  // once even where there are no rows, for the freshness
            std::array<request, fields_a_piece> requests;
            const auto size = std::min(fields_a_piece, given.row_count - first);
            for (std::size_t i = 0; i < size; ++i) {
                requests[i] = {};
                const auto why = prepare_row(*digests, given, first + i, opened->agency, requests[i]);
                if (statuses != nullptr) statuses[first + i] = why.status;
                if (failed != nullptr) failed[first + i] = why.field;
            }
            const auto now = call.answer(*held, std::span<const request>{requests}.first(size),
                                         {reinterpret_cast<verdict*>(verdicts) + first, size});
            if (first == 0 && freshness != nullptr) *freshness = {now.sequence, now.as_of_unix_ms};
            first += size;
        } while (first < given.row_count);
        call.settle();
        return XT_OK;
    });
}

const char* xt_field_text(uint32_t number) {
    return number < XT_FIELD_COUNT ? to_string(static_cast<request_field>(number)).data() : "";
}
