// SPDX-License-Identifier: Apache-2.0
// Requests: what is asked of one citizen, packed into 32 bytes. A part of xacthuc.h, which has the conventions.
#pragma once

#include "interface.h"
#include "keys.h"

XT_BEGIN

// A prepared question. What is in it is the library's; it may be copied and kept for as long as the digest key is.
// Fastest when arrays of it begin at a multiple of 32 bytes (aligned_alloc); at any other place it works too.
typedef struct xt_request {
    uint64_t words[4];
} xt_request;
#define XT_REQUEST_BYTES 32

// One request in text. What is empty is not claimed; docs/c-abi.md says what each field may hold.
typedef struct xt_claims {
    size_t struct_size;  // XT_CLAIMS_BYTES
    xt_text id;          // 12 digits
    xt_text name;
    xt_text name_exact;  // a name of which every diacritic has to be right; excludes name
    xt_text birth_date;  // YYYY, YYYY-MM, YYYY-MM-DD, MM/YYYY, DD/MM/YYYY, DDMMYYYY
    xt_text sex;
    xt_text life;
    xt_text registration;
    xt_text account_level;
    xt_text account;
    xt_text document;
    xt_text province;
    xt_text ward;
    xt_text document_valid_on;       // a day
    xt_text born_on_or_before;       // a day; excludes birth_date
    xt_text account_level_at_least;  // excludes account_level
    uint16_t agency;                 // who asks
    uint16_t procedure;              // and what for
    uint16_t required;               // claims that have to be made, 1 << XT_CLAIM_NAME and so on; 0: any will do
    uint16_t spare;                  // 0
} xt_claims;
#define XT_CLAIMS_BYTES 256

// What is not claimed is not looked at: a verdict of XT_OUTCOME_VERIFIED says nothing of it. Who needs a claim requires
// it.
// Complexity: one name digest, about 0.3 µs.
// Concurrency: wait-free.
// Errors: XT_CLAIM_REQUIRED; XT_STRUCT_SIZE; any of a value that was given, with the field's name in the detail.
XT_CHECKED xt_status xt_prepare(const xt_digest_key* key, const xt_claims* claims, xt_request* request,
                                xt_detail* detail);

// The text that an identity card's QR code holds, as a request for the id, name, birth date and sex on it.
// Concurrency: wait-free.
// Errors: XT_QR_FIELDS; any of a value that was given.
XT_CHECKED xt_status xt_prepare_card(const xt_digest_key* key, xt_text card, uint16_t agency, uint16_t procedure,
                                     xt_request* request, xt_detail* detail);

// Whether a prepared request makes all of these claims, 1 << XT_CLAIM_NAME and so on; a name of which every diacritic
// has to be right is a name. For cards: one may have no birth date on it, or no sex.
// Concurrency: wait-free.
// Errors: XT_CLAIM_REQUIRED, with the first claim that is not made in the detail; XT_ARGUMENT_RANGE (none that there
// is).
XT_CHECKED xt_status xt_request_requires(const xt_request* request, uint16_t required, xt_detail* detail);

// Many requests in text, a column a field, as xt_claims has them.
typedef struct xt_claim_columns {
    size_t struct_size;  // XT_CLAIM_COLUMNS_BYTES
    xt_column id;
    xt_column name;
    xt_column name_exact;
    xt_column birth_date;
    xt_column sex;
    xt_column life;
    xt_column registration;
    xt_column account_level;
    xt_column account;
    xt_column document;
    xt_column province;
    xt_column ward;
    xt_column document_valid_on;
    xt_column born_on_or_before;
    xt_column account_level_at_least;
    const uint16_t* agencies;    // one a row, or NULL: `agency` for all
    const uint16_t* procedures;  // likewise
    uint16_t agency;
    uint16_t procedure;
    uint16_t required;  // of every row, as in xt_claims
    uint16_t spare;     // 0
} xt_claim_columns;
#define XT_CLAIM_COLUMNS_BYTES 272

// Prepares row i into requests[i]. A row that cannot be prepared is no error of the call: statuses[i] says why, and its
// request is all zeros, which every verification answers with XT_OUTCOME_MALFORMED. `statuses` and `prepared`, the
// number of rows that were prepared, may be NULL.
// Complexity: a name digest a row; no allocation.
// Concurrency: wait-free.
// Errors: XT_STRUCT_SIZE; XT_NULL_ARGUMENT (no column of ids); XT_ARGUMENT_RANGE (`required` has what is no claim).
XT_CHECKED xt_status xt_prepare_columns(const xt_digest_key* key, const xt_claim_columns* columns, size_t count,
                                        xt_request* requests, xt_status* statuses, size_t* prepared);

XT_END
