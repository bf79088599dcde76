// SPDX-License-Identifier: Apache-2.0
// Counts: of verdicts, and of a register's citizens.
#include "check.h"

static char words[512];
static xt_detail detail = {words, sizeof words, 0};

static void verdicts_are_counted(void) {
    static const xt_verdict verdicts[4] = {
        {XT_OUTCOME_VERIFIED | XT_NAME_GRADE_EXACT << 10, 1u << XT_CLAIM_NAME, 0, 0},
        {XT_OUTCOME_CLAIM_MISMATCH | 1 << 12, 1u << XT_CLAIM_BIRTH_DATE, 1u << XT_CLAIM_NAME, 0},
        {XT_OUTCOME_INCOMPLETE, 0, 0, 1u << XT_CLAIM_BIRTH_DATE},
        {XT_OUTCOME_MALFORMED, 0, 0, 0}};
    static xt_verdict_counts counts;
    memset(&counts, 0xff, sizeof counts);
    counts.struct_size = XT_VERDICT_COUNTS_BYTES;
    CHECK(xt_verdicts_count(verdicts, 4, &counts) == XT_OK);
    CHECK(counts.verdicts == 4 && counts.silent == 1 && counts.coarse == 1 && counts.claim_coarse == 0);
    CHECK(counts.by_outcome[XT_OUTCOME_VERIFIED] == 1 && counts.by_outcome[XT_OUTCOME_MALFORMED] == 1);
    uint64_t sum = 0;
    for (size_t i = 0; i != 1024; ++i) sum += counts.by_outcome[i];
    CHECK(sum == 4 && counts.by_name_grade[XT_NAME_GRADE_EXACT] == 1 && counts.by_name_grade[XT_NAME_GRADE_NONE] == 3);
    const xt_claim_counts name = counts.by_claim[XT_CLAIM_NAME];
    CHECK(name.matched == 1 && name.mismatched == 1 && name.unavailable == 0 && name.not_claimed == 1);
    CHECK(counts.by_claim[XT_CLAIM_BIRTH_DATE].unavailable == 1);
    CHECK(counts.by_claim[XT_CLAIM_WARD].not_claimed == 3);
    CHECK(xt_verdicts_count(NULL, 0, &counts) == XT_OK && counts.verdicts == 0);
}

static void citizens_are_counted(const xt_register* people) {
    const uint32_t by[2] = {XT_DIMENSION_LIFE, XT_DIMENSION_SEX};
    const xt_count_options exactly = {.struct_size = XT_COUNT_OPTIONS_BYTES, .count_min = 1, .round_to = 1};
    xt_counts* counts = NULL;
    CHECK(xt_count_by(people, by, 2, &exactly, &counts, &detail) == XT_OK);
    CHECK_TEXT(words, "");
    // alive and deceased; unknown, male and female.
    const size_t cells = xt_counts_cells(counts);
    CHECK(cells == 6);
    uint32_t values[12] = {0};
    int64_t told[6] = {0};
    CHECK(xt_counts_read(counts, 0, cells, values, told) == XT_OK);
    int64_t sum = 0;
    for (size_t i = 0; i != 6; ++i) {
        char life[16];
        char sex[16];
        size_t size = 0;
        CHECK(xt_dimension_value_text(by[0], values[2 * i], life, sizeof life, &size) == XT_OK && size == strlen(life));
        CHECK(xt_dimension_value_text(by[1], values[2 * i + 1], sex, sizeof sex, NULL) == XT_OK);
        const int is_somebody = (strcmp(life, "alive") == 0 && strcmp(sex, "male") != 0) ||
                                (strcmp(life, "deceased") == 0 && strcmp(sex, "male") == 0);
        CHECK(told[i] == (is_somebody ? 1 : -1));  // nobody is fewer than one
        sum += told[i] > 0 ? told[i] : 0;
    }
    CHECK(sum == 3);
    int64_t last = 0;
    CHECK(xt_counts_read(counts, cells - 1, 1, NULL, &last) == XT_OK && last == told[5]);
    CHECK(xt_counts_read(counts, cells, 0, NULL, NULL) == XT_OK);
    CHECK(xt_counts_read(counts, cells, 1, NULL, &last) == XT_ARGUMENT_RANGE);
    xt_counts_free(counts);
    counts = NULL;
    CHECK(xt_count_by(people, by, 1, NULL, &counts, &detail) == XT_OK);
    CHECK(xt_counts_read(counts, 0, 1, NULL, &last) == XT_OK && last == -1);  // fewer than ten
    xt_counts_free(counts);
    xt_counts_free(NULL);
    CHECK(xt_counts_cells(NULL) == 0);
}

static void dimensions_have_their_words(void) {
    CHECK_TEXT(xt_dimension_text(XT_DIMENSION_PROVINCE), "province");
    CHECK_TEXT(xt_dimension_text(XT_DIMENSION_AGE_BAND), "age_band");
    CHECK_TEXT(xt_dimension_text(XT_DIMENSION_DOCUMENT), "document");
    CHECK_TEXT(xt_dimension_text(XT_DIMENSION_COUNT), "");
    char text[8];
    size_t size = 99;
    CHECK(xt_dimension_value_text(XT_DIMENSION_PROVINCE, 1, text, sizeof text, &size) == XT_OK && size == 2);
    CHECK_TEXT(text, "01");
    CHECK(xt_dimension_value_text(XT_DIMENSION_AGE_BAND, 4, text, 3, &size) == XT_OK && size == 5);
    CHECK_TEXT(text, "30");
    CHECK(xt_dimension_value_text(XT_DIMENSION_SEX, 0, text, sizeof text, &size) == XT_OK && size == 0);
}

void test_counts(void) {
    verdicts_are_counted();
    dimensions_have_their_words();
    xt_register* people = open_people(NULL);
    citizens_are_counted(people);
    xt_register_free(people);
}
