// SPDX-License-Identifier: Apache-2.0
// Counting citizens. A part of xacthuc.h, which has the conventions.
#pragma once

#include "interface.h"
#include "register.h"
#include "verdicts.h"

XT_BEGIN

// What verdicts came to. Claims are those of the verdicts that say of any claim whether it was made.
typedef struct xt_claim_counts {
    uint64_t matched;
    uint64_t mismatched;
    uint64_t unavailable;
    uint64_t not_claimed;
} xt_claim_counts;
typedef struct xt_verdict_counts {
    size_t struct_size;  // XT_VERDICT_COUNTS_BYTES, set by the caller
    uint64_t verdicts;
    uint64_t silent;            // say of no claim whether it was made, as malformed ones
    uint64_t by_outcome[1024];  // [XT_OUTCOME_VERIFIED] and so on
    uint64_t by_name_grade[4];  // [XT_NAME_GRADE_EXACT]; none is also where there was no name
    uint64_t coarse;
    uint64_t claim_coarse;
    xt_claim_counts by_claim[XT_CLAIM_COUNT];
} xt_verdict_counts;
#define XT_VERDICT_COUNTS_BYTES 8712
// Counts these verdicts.
// Concurrency: wait-free.
// Errors: XT_NULL_ARGUMENT; XT_STRUCT_SIZE.
XT_CHECKED xt_status xt_verdicts_count(const xt_verdict* verdicts, size_t count, xt_verdict_counts* counts);

// By what citizens can be told apart: codes of residence; ages 0 to 9, 10 to 19, …; the others as xt_citizen has them.
enum {
    XT_DIMENSION_PROVINCE = 0,
    XT_DIMENSION_WARD = 1,
    XT_DIMENSION_SEX = 2,
    XT_DIMENSION_AGE_BAND = 3,
    XT_DIMENSION_LIFE = 4,
    XT_DIMENSION_REGISTRATION = 5,
    XT_DIMENSION_ACCOUNT_LEVEL = 6,
    XT_DIMENSION_ACCOUNT = 7,
    XT_DIMENSION_DOCUMENT = 8
};
#define XT_DIMENSION_COUNT 9
// "province", "ward", …; "" for other numbers. Stable.
const char* xt_dimension_text(uint32_t dimension);
// A value as people have it: "01", "female", "30-39"; "" for 0, which the register does not know. Writes as much as
// fits and a zero; `size` is how long it is in full.
// Errors: XT_ARGUMENT_RANGE (no such dimension); XT_NULL_ARGUMENT.
XT_CHECKED xt_status xt_dimension_value_text(uint32_t dimension, uint32_t value, char* into, size_t capacity,
                                             size_t* size);

typedef struct xt_count_options {
    size_t struct_size;  // XT_COUNT_OPTIONS_BYTES
    uint64_t count_min;  // counts below it are not told; 0 is 10
    uint64_t round_to;   // all others are rounded to multiples of this; 0 is 5
    uint32_t threads;    // the caller's among them; 0 is 1
    uint32_t spare;      // 0
    xt_progress progress;
} xt_count_options;
#define XT_COUNT_OPTIONS_BYTES 48
// A table of counts.
typedef struct xt_counts xt_counts;
// Counts the register's citizens by these dimensions, each once at most; of numbers that another replaced, only that
// one. tally.hpp says what small and rounded counts keep from being told. `options` may be NULL.
// Complexity: reads the whole register once.
// Concurrency: any thread; readers and writers may run.
// Errors: XT_ARGUMENT_RANGE (none, one twice or no dimension; spare; threads); XT_CODE_RANGE (more than 4,000,000
// cells); XT_DAMAGED_RECORD; XT_STRUCT_SIZE; XT_CANCELLED; XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_count_by(const xt_register* opened, const uint32_t* dimensions, size_t dimension_count,
                                 const xt_count_options* options, xt_counts** counts, xt_detail* detail);
void xt_counts_free(xt_counts* counts);
// How many cells it has, in the order of their values; 0 for NULL.
size_t xt_counts_cells(const xt_counts* counts);
// Cells [first, first + count): values[i * dimensions + d], and counts[i], which is -1 where it is not told. Either may
// be NULL.
// Errors: XT_ARGUMENT_RANGE (there are not so many); XT_NULL_ARGUMENT.
XT_CHECKED xt_status xt_counts_read(const xt_counts* counts, size_t first, size_t count, uint32_t* values,
                                    int64_t* told);

XT_END
