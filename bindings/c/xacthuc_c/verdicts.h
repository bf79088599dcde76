// SPDX-License-Identifier: Apache-2.0
// Verdicts: reading them, one by one and as columns. A part of xacthuc.h, which has the conventions.
#pragma once

#include "interface.h"

XT_BEGIN

// Kinds of claim: bit numbers in masks.
enum {
    XT_CLAIM_NAME = 0,
    XT_CLAIM_NAME_EXACT = 1,
    XT_CLAIM_BIRTH_DATE = 2,
    XT_CLAIM_SEX = 3,
    XT_CLAIM_LIFE = 4,
    XT_CLAIM_REGISTRATION = 5,
    XT_CLAIM_ACCOUNT_LEVEL = 6,
    XT_CLAIM_ACCOUNT = 7,
    XT_CLAIM_DOCUMENT = 8,
    XT_CLAIM_PROVINCE = 9,
    XT_CLAIM_WARD = 10,
    XT_CLAIM_DOCUMENT_VALID_ON = 11,
    XT_CLAIM_BORN_ON_OR_BEFORE = 12,
    XT_CLAIM_ACCOUNT_LEVEL_AT_LEAST = 13
};
#define XT_CLAIM_COUNT 14
// Outcomes; the hundreds say who must act.
enum {
    XT_OUTCOME_VERIFIED = 0,
    XT_OUTCOME_CLAIM_MISMATCH = 100,  // 100 + the number of the lowest claim that does not match
    XT_OUTCOME_NOT_FOUND = 200,
    XT_OUTCOME_SUPERSEDED = 201,
    XT_OUTCOME_DECEASED = 210,
    XT_OUTCOME_MISSING = 211,
    XT_OUTCOME_REGISTRATION_NOT_ACTIVE = 220,
    XT_OUTCOME_LOCKED_BY_HOLDER = 230,
    XT_OUTCOME_INCOMPLETE = 240,      // nothing mismatched, but the register has no data for a claim
    XT_OUTCOME_NOT_VERIFIED = 299,    // any of the above, for an asker who may know no more
    XT_OUTCOME_UNKNOWN_AGENCY = 300,  // 3xx: policy does not let this be asked, and nothing was looked up
    XT_OUTCOME_UNKNOWN_PROCEDURE = 301,
    XT_OUTCOME_NOT_PERMITTED = 302,           // this agency may not use this procedure
    XT_OUTCOME_CLAIM_NOT_PERMITTED = 303,     // a claim that this procedure does not need
    XT_OUTCOME_REQUIRED_CLAIM_MISSING = 304,  // without it the question would be a way to feel one's way
    XT_OUTCOME_PROOF_MISSING = 305,           // the agency's or the holder's
    XT_OUTCOME_ACCOUNT_LEVEL_TOO_LOW = 306,   // of the holder, whose proof is valid
    XT_OUTCOME_CONSENT_MISSING = 307,         // the holder's
    XT_OUTCOME_POLICY_NOT_VALID = 308,        // not yet, or no longer
    XT_OUTCOME_AGENCY_SUSPENDED = 309,        // by policy
    XT_OUTCOME_PROOF_EXPIRED = 400,           // issued too long ago
    XT_OUTCOME_PROOF_NOT_YET_VALID = 401,     // issued too far in the future
    XT_OUTCOME_PROOF_REPEATED = 402,          // another request of the call came with the same proof
    XT_OUTCOME_PROOFS_FULL = 403,             // too many proofs are remembered to take one more now
    XT_OUTCOME_QUOTA_USED_UP = 410,           // of the agency by this procedure, or of the officer
    XT_OUTCOME_MISSES_USED_UP = 411,          // too many questions about this citizen failed today
    XT_OUTCOME_ALARM_SUSPENDED = 412,         // the agency, by an alarm
    XT_OUTCOME_BAD_SIGNATURE = 500,
    XT_OUTCOME_NO_KEY_REGISTERED = 501,
    XT_OUTCOME_KEY_REVOKED = 502,
    XT_OUTCOME_MALFORMED = 600,
    XT_OUTCOME_DAMAGED_RECORD = 900,
    XT_OUTCOME_LEDGER_FULL = 901,     // no room for the answer's row now, and nothing was looked up: ask again
    XT_OUTCOME_LEDGER_STOPPED = 902,  // rows are taken no more, and nothing was looked up
    XT_OUTCOME_ELSEWHERE = 903        // this register does not have the citizen's partition, so ask one that has it
};
// How the names compare: the same but for marks, of which one of the two has none; the same; the same but for marks,
// and both have some, which is another name.
enum { XT_NAME_GRADE_NONE = 0, XT_NAME_GRADE_FOLDED = 1, XT_NAME_GRADE_EXACT = 2, XT_NAME_GRADE_MARKS_DIFFER = 3 };

// The answer to a request. The masks have a bit a claim: 1 << XT_CLAIM_NAME and so on.
typedef struct xt_verdict {
    uint16_t head;  // outcome and flags: for the functions below
    uint16_t matched;
    uint16_t mismatched;
    uint16_t unavailable;
} xt_verdict;
#define XT_VERDICT_BYTES 8

uint16_t xt_verdict_outcome(xt_verdict verdict);
// How the name compares, XT_NAME_GRADE_….
uint8_t xt_verdict_name_grade(xt_verdict verdict);
// 1 when the birth date claimed was finer than the register's and was compared at the register's precision.
uint8_t xt_verdict_coarse(xt_verdict verdict);
// 1 when it left out a month or a day that the register knows.
uint8_t xt_verdict_claim_coarse(xt_verdict verdict);

// The same, of verdicts[place]: for hosts that cannot hand a struct over by value.
// Requires: verdicts is not NULL, and there are more than `place`.
uint16_t xt_verdict_outcome_at(const xt_verdict* verdicts, size_t place);
uint8_t xt_verdict_name_grade_at(const xt_verdict* verdicts, size_t place);
uint8_t xt_verdict_coarse_at(const xt_verdict* verdicts, size_t place);
uint8_t xt_verdict_claim_coarse_at(const xt_verdict* verdicts, size_t place);
// What became of one claim, XT_CLAIM_IS_…; XT_CLAIM_IS_SILENT where there is no such claim.
uint8_t xt_verdict_claim_at(const xt_verdict* verdicts, size_t place, unsigned claim);
enum {
    XT_CLAIM_IS_SILENT = 0,  // not claimed, or the verdict says nothing of it: malformed, not found, a refused proof
    XT_CLAIM_IS_MATCHED = 1,
    XT_CLAIM_IS_MISMATCHED = 2,
    XT_CLAIM_IS_UNAVAILABLE = 3
};

// Where verdicts go as columns, an element a verdict; NULL for what is not wanted.
typedef struct xt_verdict_columns {
    size_t struct_size;  // XT_VERDICT_COLUMNS_BYTES
    uint16_t* outcomes;
    uint8_t* name_grades;             // XT_NAME_GRADE_…
    uint8_t* coarse;                  // 0 or 1, as xt_verdict_coarse()
    uint8_t* claim_coarse;            // 0 or 1
    uint8_t* claims[XT_CLAIM_COUNT];  // [XT_CLAIM_NAME] and so on: XT_CLAIM_IS_…
} xt_verdict_columns;
#define XT_VERDICT_COLUMNS_BYTES 152

// Complexity: once over the verdicts for each column.
// Concurrency: wait-free.
// Errors: XT_STRUCT_SIZE.
XT_CHECKED xt_status xt_verdicts_unpack(const xt_verdict* verdicts, size_t count, const xt_verdict_columns* columns);

// "verified", "name_mismatch", …; "birth_date", …; "exact", "folded",
// "marks_differ", "". Stable. Never NULL: "unknown_outcome" or ""
// for other numbers. They live as long as the library is loaded.
const char* xt_outcome_text(uint16_t outcome);
const char* xt_claim_text(unsigned claim);
const char* xt_name_grade_text(uint8_t grade);

XT_END
