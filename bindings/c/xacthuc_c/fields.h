// SPDX-License-Identifier: Apache-2.0
// From text to verdict in one call. A part of xacthuc.h, which has the conventions.
#pragma once

#include "interface.h"
#include "keys.h"
#include "register.h"
#include "requests.h"
#include "verdicts.h"

XT_BEGIN

// The fields of a request: the claims come after the id, 1 + XT_CLAIM_NAME and so on.
enum {
    XT_FIELD_ID = 0,
    XT_FIELD_NAME = 1,
    XT_FIELD_NAME_EXACT = 2,
    XT_FIELD_BIRTH_DATE = 3,
    XT_FIELD_SEX = 4,
    XT_FIELD_LIFE = 5,
    XT_FIELD_REGISTRATION = 6,
    XT_FIELD_ACCOUNT_LEVEL = 7,
    XT_FIELD_ACCOUNT = 8,
    XT_FIELD_DOCUMENT = 9,
    XT_FIELD_PROVINCE = 10,
    XT_FIELD_WARD = 11,
    XT_FIELD_DOCUMENT_VALID_ON = 12,
    XT_FIELD_BORN_ON_OR_BEFORE = 13,
    XT_FIELD_ACCOUNT_LEVEL_AT_LEAST = 14,
    XT_FIELD_AGENCY = 15,     // 0 to 65535 in decimal digits
    XT_FIELD_PROCEDURE = 16,  // likewise
    XT_FIELD_NONE = 255       // none of them: the request as a whole
};
#define XT_FIELD_COUNT 17

// One field of one request. Texts may hold what docs/c-abi.md says; an empty one states nothing.
typedef struct xt_field {
    const char* data;
    size_t size;      // in bytes, or XT_ZERO_TERMINATED
    uint32_t number;  // XT_FIELD_…
    uint32_t spare;   // 0
} xt_field;
#define XT_FIELD_BYTES 24

// "id", "name", "birth_date", …; "" for other numbers. Stable.
const char* xt_field_text(uint32_t number);

// As xt_prepare(), from fields in any order, each once at most. After an error of a field `failed`, which may be NULL,
// is its number, and XT_FIELD_NONE after any other.
// Concurrency: wait-free.
// Errors: those of xt_prepare(); XT_ARGUMENT_RANGE (no such field, one that comes twice, spare is not 0, `required` has
// what is no claim).
XT_CHECKED xt_status xt_prepare_fields(const xt_digest_key* key, const xt_field* fields, size_t count,
                                       uint16_t required, xt_request* request, uint32_t* failed);

// Prepares one request and answers it. `key` NULL is the digest key that the register was opened with. `freshness` and
// `failed` may be NULL; `failed` is as in xt_prepare_fields(). Where the host asks for an agency, that is the one of a
// request that names none; here, in rows and in tables.
// Complexity: one name digest and one cache line of the register; no allocation.
// Concurrency: wait-free.
// Errors: those of xt_prepare_fields(); XT_NULL_ARGUMENT (also no key, and the register was opened without);
// XT_FOREIGN_DIGEST_KEY. The verdict is written only where there is none.
XT_CHECKED xt_status xt_verify_fields(const xt_register* opened, const xt_digest_key* key, const xt_field* fields,
                                      size_t count, uint16_t required, xt_verdict* verdict, xt_freshness* freshness,
                                      uint32_t* failed);

// Rows of texts that all have the same fields: texts[row * field_count + i] is field field_numbers[i] of a row.
typedef struct xt_text_rows {
    size_t struct_size;             // XT_TEXT_ROWS_BYTES
    const uint32_t* field_numbers;  // each once at most
    size_t field_count;
    const xt_text* texts;
    size_t row_count;
    uint16_t required;  // claims that every row has to make, as in xt_claims
    uint16_t spare[3];  // 0
} xt_text_rows;
#define XT_TEXT_ROWS_BYTES 48

// The same for many. A row of which no request could be made is no error of the call: its verdict is
// XT_OUTCOME_MALFORMED, statuses[row] says why and failed[row] which field; both arrays may be NULL.
// Concurrency: wait-free; no allocation.
// Errors: XT_STRUCT_SIZE; XT_NULL_ARGUMENT; XT_ARGUMENT_RANGE (no such field, one that comes twice, spare, `required`);
// XT_FOREIGN_DIGEST_KEY.
XT_CHECKED xt_status xt_verify_rows(const xt_register* opened, const xt_digest_key* key, const xt_text_rows* rows,
                                    xt_verdict* verdicts, xt_freshness* freshness, xt_status* statuses,
                                    uint32_t* failed);

XT_END
