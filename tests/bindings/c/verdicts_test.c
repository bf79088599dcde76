// SPDX-License-Identifier: Apache-2.0
// Verdicts read by their place, and as columns.
#include "check.h"

enum { count = 5 };
// One of each kind: head has outcome, name grade << 10, coarse << 12, claim coarse << 13.
static const xt_verdict verdicts[count] = {
    {XT_OUTCOME_VERIFIED | XT_NAME_GRADE_EXACT << 10, 1u << XT_CLAIM_NAME | 1u << XT_CLAIM_WARD, 0, 0},
    {XT_OUTCOME_CLAIM_MISMATCH | XT_NAME_GRADE_MARKS_DIFFER << 10 | 1 << 12, 1u << XT_CLAIM_BIRTH_DATE,
     1u << XT_CLAIM_NAME, 1u << XT_CLAIM_ACCOUNT_LEVEL_AT_LEAST},
    {XT_OUTCOME_MALFORMED, 0, 0, 0},
    {XT_OUTCOME_NOT_FOUND, 0, 0, 1u << XT_CLAIM_NAME},
    {XT_OUTCOME_DECEASED | XT_NAME_GRADE_FOLDED << 10 | 1 << 13, 1u << XT_CLAIM_NAME, 1u << XT_CLAIM_LIFE, 0}};

static void each_is_read_at_its_place(void) {
    for (size_t i = 0; i != count; ++i) {
        CHECK(xt_verdict_outcome_at(verdicts, i) == xt_verdict_outcome(verdicts[i]));
        CHECK(xt_verdict_name_grade_at(verdicts, i) == xt_verdict_name_grade(verdicts[i]));
        CHECK(xt_verdict_coarse_at(verdicts, i) == xt_verdict_coarse(verdicts[i]));
        CHECK(xt_verdict_claim_coarse_at(verdicts, i) == xt_verdict_claim_coarse(verdicts[i]));
    }
    CHECK(xt_verdict_outcome_at(verdicts, 4) == XT_OUTCOME_DECEASED && xt_verdict_claim_coarse_at(verdicts, 4) == 1);
    CHECK(xt_verdict_name_grade_at(verdicts, 1) == XT_NAME_GRADE_MARKS_DIFFER &&
          xt_verdict_coarse_at(verdicts, 1) == 1);
    CHECK(xt_verdict_claim_at(verdicts, 0, XT_CLAIM_WARD) == XT_CLAIM_IS_MATCHED);
    CHECK(xt_verdict_claim_at(verdicts, 1, XT_CLAIM_NAME) == XT_CLAIM_IS_MISMATCHED);
    CHECK(xt_verdict_claim_at(verdicts, 1, XT_CLAIM_ACCOUNT_LEVEL_AT_LEAST) == XT_CLAIM_IS_UNAVAILABLE);
    CHECK(xt_verdict_claim_at(verdicts, 2, XT_CLAIM_NAME) == XT_CLAIM_IS_SILENT);
    CHECK(xt_verdict_claim_at(verdicts, 0, XT_CLAIM_COUNT) == XT_CLAIM_IS_SILENT);
    CHECK(xt_verdict_claim_at(verdicts, 0, 4096) == XT_CLAIM_IS_SILENT);
}

static void columns_have_what_the_readers_say(void) {
    uint16_t outcomes[count];
    uint8_t bytes[3 + XT_CLAIM_COUNT][count];
    xt_verdict_columns columns = {.struct_size = XT_VERDICT_COLUMNS_BYTES,
                                  .outcomes = outcomes,
                                  .name_grades = bytes[0],
                                  .coarse = bytes[1],
                                  .claim_coarse = bytes[2]};
    for (unsigned claim = 0; claim != XT_CLAIM_COUNT; ++claim) columns.claims[claim] = bytes[3 + claim];
    memset(bytes, 0xff, sizeof bytes);
    CHECK(xt_verdicts_unpack(verdicts, count, &columns) == XT_OK);
    for (size_t i = 0; i != count; ++i) {
        CHECK(outcomes[i] == xt_verdict_outcome(verdicts[i]));
        CHECK(bytes[0][i] == xt_verdict_name_grade(verdicts[i]));
        CHECK(bytes[1][i] == xt_verdict_coarse(verdicts[i]));
        CHECK(bytes[2][i] == xt_verdict_claim_coarse(verdicts[i]));
        for (unsigned claim = 0; claim != XT_CLAIM_COUNT; ++claim)
            CHECK(bytes[3 + claim][i] == xt_verdict_claim_at(verdicts, i, claim));
    }
}

static void only_what_is_wanted_is_written(void) {
    uint16_t outcomes[count + 1];
    outcomes[count] = 77;
    const xt_verdict_columns columns = {.struct_size = XT_VERDICT_COLUMNS_BYTES, .outcomes = outcomes};
    CHECK(xt_verdicts_unpack(verdicts, count, &columns) == XT_OK);
    CHECK(outcomes[3] == XT_OUTCOME_NOT_FOUND && outcomes[count] == 77);
    CHECK(xt_verdicts_unpack(NULL, 0, &columns) == XT_OK);
    CHECK(xt_verdicts_unpack(NULL, 1, &columns) == XT_NULL_ARGUMENT);
}

void test_verdicts(void) {
    each_is_read_at_its_place();
    columns_have_what_the_readers_say();
    only_what_is_wanted_is_written();
}
