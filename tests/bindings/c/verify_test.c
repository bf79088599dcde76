// SPDX-License-Identifier: Apache-2.0
// Verification, and what verdicts say.
#include <stdlib.h>

#include "check.h"

static xt_request ask(const xt_digest_key* key, const char* id, const char* name, const char* birth_date) {
    const xt_claims claims = {.struct_size = XT_CLAIMS_BYTES,
                              .id = xt_text_of(id),
                              .name = xt_text_of(name),
                              .birth_date = xt_text_of(birth_date)};
    xt_request request = {{0, 0, 0, 0}};
    CHECK(xt_prepare(key, &claims, &request, NULL) == XT_OK);
    return request;
}

static void verdicts_say_what_matched(const xt_register* people, const xt_digest_key* key) {
    const unsigned name = 1u << XT_CLAIM_NAME;
    const unsigned birth_date = 1u << XT_CLAIM_BIRTH_DATE;
    const struct {
        const char* id;
        const char* name;
        const char* birth_date;
        unsigned outcome, matched, mismatched, unavailable, grade, coarse, claim_coarse;
    } cases[] = {
        {"001199000001", "Nguyễn Thị Hoà", "1999-03-08", XT_OUTCOME_VERIFIED, name | birth_date, 0, 0,
         XT_NAME_GRADE_EXACT, 0, 0},
        {"001199000001", "Nguyễn Thị Hóa", "1999", XT_OUTCOME_CLAIM_MISMATCH + XT_CLAIM_NAME, birth_date, name, 0,
         XT_NAME_GRADE_MARKS_DIFFER, 0, 1},
        {"001199000001", "NGUYEN THI HOA", "1998-03-08", XT_OUTCOME_CLAIM_MISMATCH + XT_CLAIM_BIRTH_DATE, name,
         birth_date, 0, XT_NAME_GRADE_FOLDED, 0, 0},
        {"001199000001", "Nguyễn Thị Lan", NULL, XT_OUTCOME_CLAIM_MISMATCH + XT_CLAIM_NAME, 0, name, 0,
         XT_NAME_GRADE_NONE, 0, 0},
        {"001050000002", "Trần Văn An", "1950-06-01", XT_OUTCOME_DECEASED, name | birth_date, 0, 0, XT_NAME_GRADE_EXACT,
         1, 0},
        {"079080000003", "Lê Văn Tám", "1980", XT_OUTCOME_INCOMPLETE, name, 0, birth_date, XT_NAME_GRADE_EXACT, 0, 0},
        {"079080000004", "Lê Văn Tám", NULL, XT_OUTCOME_NOT_FOUND, 0, 0, name, XT_NAME_GRADE_NONE, 0, 0}};
    for (size_t i = 0; i != sizeof cases / sizeof *cases; ++i) {
        const xt_request request = ask(key, cases[i].id, cases[i].name, cases[i].birth_date);
        xt_verdict verdict;
        memset(&verdict, 0xff, sizeof verdict);
        xt_freshness freshness = {0, 0};
        CHECK(xt_verify(people, &request, 1, &verdict, &freshness) == XT_OK);
        CHECK(freshness.sequence == 7 && freshness.as_of_unix_ms == INT64_C(1700000000000));
        CHECK(xt_verdict_outcome(verdict) == cases[i].outcome);
        CHECK(verdict.matched == cases[i].matched);
        CHECK(verdict.mismatched == cases[i].mismatched);
        CHECK(verdict.unavailable == cases[i].unavailable);
        CHECK(xt_verdict_name_grade(verdict) == cases[i].grade);
        CHECK(xt_verdict_coarse(verdict) == cases[i].coarse);
        CHECK(xt_verdict_claim_coarse(verdict) == cases[i].claim_coarse);
    }
}

static void what_was_never_prepared_is_malformed(const xt_register* people) {
    const xt_request none = {{0, 0, 0, 0}};
    xt_verdict verdict = {0, 1, 1, 1};
    CHECK(xt_verify(people, &none, 1, &verdict, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdict) == XT_OUTCOME_MALFORMED);
    CHECK(verdict.matched == 0 && verdict.mismatched == 0 && verdict.unavailable == 0);
}

// Requests may lie anywhere that an xt_request may: a batch at each of the four places of a cache line's half is
// answered as it is one by one.
static void any_place_gives_the_same_answers(const xt_register* people, const xt_digest_key* key) {
    enum { count_max = 1000 };
    char* room = aligned_alloc(32, (count_max + 1) * sizeof(xt_request));
    xt_verdict* verdicts = malloc(count_max * sizeof *verdicts);
    if (room == NULL || verdicts == NULL) abort();
    const xt_request kinds[3] = {ask(key, "001199000001", "Nguyễn Thị Hoà", "1999-03-08"),
                                 ask(key, "001199000001", "An", NULL), ask(key, "001199000009", "An", NULL)};
    const unsigned outcomes[3] = {XT_OUTCOME_VERIFIED, XT_OUTCOME_CLAIM_MISMATCH, XT_OUTCOME_NOT_FOUND};
    const size_t counts[] = {0, 1, 7, 8, 9, 255, 256, 257, 512, count_max};
    for (size_t shift = 0; shift != 32; shift += 8) {
        xt_request* requests = (xt_request*)(void*)(room + shift);
        for (size_t i = 0; i != count_max; ++i) requests[i] = kinds[i % 3];
        for (size_t c = 0; c != sizeof counts / sizeof *counts; ++c) {
            memset(verdicts, 0xff, count_max * sizeof *verdicts);
            xt_freshness freshness = {0, 0};
            CHECK(xt_verify(people, requests, counts[c], verdicts, &freshness) == XT_OK);
            CHECK(freshness.sequence == 7);
            size_t wrong = 0;
            for (size_t i = 0; i != counts[c]; ++i) wrong += xt_verdict_outcome(verdicts[i]) != outcomes[i % 3];
            for (size_t i = counts[c]; i != count_max; ++i) wrong += verdicts[i].head != UINT16_MAX;
            CHECK(wrong == 0);
        }
    }
    free(verdicts);
    free(room);
}

static void misuse_is_told(const xt_register* people) {
    const xt_request request = {{0, 0, 0, 0}};
    xt_verdict verdict = {1, 2, 3, 4};
    xt_freshness freshness = {0, 0};
    CHECK(xt_verify(NULL, &request, 1, &verdict, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_verify(people, NULL, 1, &verdict, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_verify(people, &request, 1, NULL, NULL) == XT_NULL_ARGUMENT);
    CHECK(verdict.head == 1 && verdict.unavailable == 4);
    CHECK(xt_verify(people, NULL, 0, NULL, NULL) == XT_OK);
    CHECK(xt_verify(people, NULL, 0, NULL, &freshness) == XT_OK && freshness.sequence == 7);
}

void test_verify(void) {
    xt_digest_key* key = load_digests();
    for (uint32_t map = 0; map <= 1; ++map) {
        const xt_snapshot_options options = {.struct_size = XT_SNAPSHOT_OPTIONS_BYTES, .map = map};
        xt_register* people = open_people(&options);
        verdicts_say_what_matched(people, key);
        what_was_never_prepared_is_malformed(people);
        any_place_gives_the_same_answers(people, key);
        misuse_is_told(people);
        xt_register_free(people);
    }
    xt_digest_key_free(key);
}
