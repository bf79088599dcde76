// SPDX-License-Identifier: Apache-2.0
// Requests from text: one, a card's, and columns of them.
#include <array>
#include <bit>
#include <cstddef>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/request_field.hpp>

#include "boundary.hpp"
#include "columns/made_row.hpp"
#include "field_refusal.hpp"
#include "handles.hpp"

using namespace xacthuc;

namespace {

using c::field_refusal;

static_assert(sizeof(xt_request) == sizeof(request));
static_assert(XT_CLAIM_COUNT == claim_count);

// Where each field of text is, in both structs.
struct place {
    request_field field;
    xt_text xt_claims::*text;
    xt_column xt_claim_columns::*column;
};
constexpr std::array places{
    place{request_field::id, &xt_claims::id, &xt_claim_columns::id},
    place{request_field::name, &xt_claims::name, &xt_claim_columns::name},
    place{request_field::name_exact, &xt_claims::name_exact, &xt_claim_columns::name_exact},
    place{request_field::birth_date, &xt_claims::birth_date, &xt_claim_columns::birth_date},
    place{request_field::sex, &xt_claims::sex, &xt_claim_columns::sex},
    place{request_field::life, &xt_claims::life, &xt_claim_columns::life},
    place{request_field::registration, &xt_claims::registration, &xt_claim_columns::registration},
    place{request_field::account_level, &xt_claims::account_level, &xt_claim_columns::account_level},
    place{request_field::account, &xt_claims::account, &xt_claim_columns::account},
    place{request_field::document, &xt_claims::document, &xt_claim_columns::document},
    place{request_field::province, &xt_claims::province, &xt_claim_columns::province},
    place{request_field::ward, &xt_claims::ward, &xt_claim_columns::ward},
    place{request_field::document_valid_on, &xt_claims::document_valid_on, &xt_claim_columns::document_valid_on},
    place{request_field::born_on_or_before, &xt_claims::born_on_or_before, &xt_claim_columns::born_on_or_before},
    place{request_field::account_level_at_least, &xt_claims::account_level_at_least,
          &xt_claim_columns::account_level_at_least},
};
static_assert(places.size() == request_field_count - 2);  // agency and procedure are numbers

[[nodiscard]] field_refusal put_request(const claim_set& claims, const digest_key& key, claim_mask required,
                                        xt_request* into) noexcept {
    request made;
    const auto why = columns::make_request(claims, key, required, made);
    if (!why) std::memcpy(into->words, made.words.data(), sizeof into->words);
    return c::refusal_of(why);
}

xt_status tell(const field_refusal& why, xt_detail* detail) noexcept {
    return why.status == XT_OK ? xt_status{XT_OK} : c::refuse(detail, why.status, why.name());
}

struct present_column {
    request_field field;
    xt_column texts;

    [[nodiscard]] xt_text at(std::size_t row) const noexcept {
        const auto* const data = texts.data[row];
        if (data == nullptr) return {nullptr, 0};
        return {data, texts.sizes != nullptr ? texts.sizes[row] : XT_ZERO_TERMINATED};
    }
};

// The columns that are there, in the order of `places`.
struct present_columns {
    std::array<present_column, places.size()> columns;
    std::size_t count = 0;

    explicit present_columns(const xt_claim_columns& all) noexcept {
        for (const auto& each : places)
            if ((all.*each.column).data != nullptr) columns[count++] = {each.field, all.*each.column};
    }
};

[[nodiscard]] xt_status prepare_row(const present_columns& columns, std::size_t row, const digest_key& key,
                                    claim_mask required, claim_set& claims, xt_request* into) {
    for (std::size_t i = 0; i < columns.count; ++i) {
        const auto why = c::put_text(columns.columns[i].field, columns.columns[i].at(row), claims);
        if (why.status != XT_OK) return why.status;
    }
    return put_request(claims, key, required, into).status;
}

}  // namespace

xt_status xt_prepare(const xt_digest_key* key, const xt_claims* claims, xt_request* request, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (key == nullptr || claims == nullptr || request == nullptr)
            return c::refuse(detail, XT_NULL_ARGUMENT, "key, claims or request");
        const c::read_struct given{claims, XT_CLAIMS_BYTES};
        if (given.status() != XT_OK) return c::refuse(detail, given.status(), "xt_claims");
        if (given->spare != 0) return c::refuse(detail, XT_ARGUMENT_RANGE, "spare");
        if (!c::are_claims(given->required)) return c::refuse(detail, XT_ARGUMENT_RANGE, "required");
        claim_set asked;
        for (const auto& each : places) {
            const auto& text = (*given).*each.text;
            if (text.size == 0 && each.field != request_field::id) continue;
            if (const auto why = c::put_text(each.field, text, asked); why.status != XT_OK) return tell(why, detail);
        }
        asked.agency = given->agency;
        asked.procedure = given->procedure;
        return tell(put_request(asked, key->value, given->required, request), detail);
    });
}

xt_status xt_prepare_card(const xt_digest_key* key, xt_text card, uint16_t agency, uint16_t procedure,
                          xt_request* request, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (key == nullptr || request == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "key or request");
        std::string_view text;
        if (const auto status = c::read_text(card, text); status != XT_OK) return c::refuse(detail, status, "card");
        auto read = parse_card_text(text);
        if (!read) return c::refuse(detail, c::status_of(read.error()), "card");
        read->claims.agency = agency;
        read->claims.procedure = procedure;
        return tell(put_request(read->claims, key->value, 0, request), detail);
    });
}

xt_status xt_request_requires(const xt_request* request, uint16_t required, xt_detail* detail) {
    return c::guarded(detail, [&] {
        if (request == nullptr) return c::refuse(detail, XT_NULL_ARGUMENT, "request");
        if (!c::are_claims(required)) return c::refuse(detail, XT_ARGUMENT_RANGE, "required");
        const auto made = static_cast<claim_mask>(request_layout::claims.get(request->words[0]));
        const auto missing = missing_claims(made, required);
        if (missing == 0) return xt_status{XT_OK};
        return c::refuse(detail, XT_CLAIM_REQUIRED, to_string(static_cast<claim>(std::countr_zero(missing))));
    });
}

xt_status xt_prepare_columns(const xt_digest_key* key, const xt_claim_columns* columns, size_t count,
                             xt_request* requests, xt_status* statuses, size_t* prepared) {
    return c::guarded(nullptr, [&]() -> xt_status {
        if (key == nullptr || columns == nullptr || !c::is_there(requests, count)) return XT_NULL_ARGUMENT;
        const c::read_struct read{columns, XT_CLAIM_COLUMNS_BYTES};
        if (read.status() != XT_OK) return read.status();
        const auto& given = *read;
        if (given.spare != 0 || !c::are_claims(given.required)) return XT_ARGUMENT_RANGE;
        if (!c::is_there(given.id.data, count)) return XT_NULL_ARGUMENT;
        const present_columns present{given};
        std::size_t done = 0;
        for (std::size_t row = 0; row < count; ++row) {
            claim_set claims;
            claims.agency = given.agencies != nullptr ? given.agencies[row] : given.agency;
            claims.procedure = given.procedures != nullptr ? given.procedures[row] : given.procedure;
            const auto status = prepare_row(present, row, key->value, given.required, claims, &requests[row]);
            if (status != XT_OK) requests[row] = {};
            if (statuses != nullptr) statuses[row] = status;
            done += status == XT_OK ? 1 : 0;
        }
        if (prepared != nullptr) *prepared = done;
        return XT_OK;
    });
}
