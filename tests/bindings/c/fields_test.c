// SPDX-License-Identifier: Apache-2.0
// From text to verdict: numbered fields, one request and rows of them.
#include <stdlib.h>

#include "check.h"

static xt_field field(uint32_t number, const char* text) {
    const xt_field made = {text, text != NULL ? XT_ZERO_TERMINATED : 0, number, 0};
    return made;
}

// A text that each field takes.
static const char* const good[XT_FIELD_COUNT] = {"001199000001", "An",         "An",      "1999",  "Nam", "alive",
                                                 "active",       "level_1",    "active",  "valid", "01",  "00004",
                                                 "2026-01-01",   "2008-01-01", "level_1", "77",    "88"};

static void each_number_is_its_own_field(const xt_digest_key* key) {
    for (uint32_t number = 1; number != XT_FIELD_COUNT; ++number) {
        // The id last: the order is the caller's.
        const xt_field fields[] = {field(number, good[number]), field(XT_FIELD_BIRTH_DATE, NULL),
                                   field(XT_FIELD_ID, good[XT_FIELD_ID])};
        const xt_field alone[] = {field(XT_FIELD_SEX, "f"), field(number, good[number]), field(XT_FIELD_ID, good[0])};
        const int is_claim = number <= XT_CLAIM_COUNT;
        const xt_field* given = is_claim ? fields : alone;
        xt_request request = {{0, 0, 0, 0}};
        uint32_t failed = 1;
        if (number == XT_FIELD_BIRTH_DATE) {
            CHECK(xt_prepare_fields(key, fields, 3, 0, &request, &failed) == XT_ARGUMENT_RANGE);
            CHECK(failed == XT_FIELD_BIRTH_DATE);
            const xt_field twice[] = {fields[0], fields[2]};
            CHECK(xt_prepare_fields(key, twice, 2, 0, &request, &failed) == XT_OK);
        } else {
            CHECK(xt_prepare_fields(key, given, 3, 0, &request, &failed) == XT_OK);
        }
        CHECK(failed == XT_FIELD_NONE);
        const uint64_t claims = request.words[0] >> 40 & 0xffffu;
        CHECK(claims == (is_claim ? 1u << (number - 1) : 1u << XT_CLAIM_SEX));
        if (number == XT_FIELD_AGENCY) CHECK((request.words[3] >> 32 & 0xffffu) == 77);
        if (number == XT_FIELD_PROCEDURE) CHECK(request.words[3] >> 48 == 88);
    }
}

static void it_is_the_request_that_xt_prepare_makes(const xt_digest_key* key) {
    const xt_claims claims = {.struct_size = XT_CLAIMS_BYTES,
                              .id = xt_text_of("001199000001"),
                              .name = xt_text_of("Nguyễn Thị Hòa"),
                              .birth_date = xt_text_of("08/03/1999"),
                              .province = xt_text_of("01"),
                              .agency = 5,
                              .procedure = 6};
    const xt_field fields[] = {field(XT_FIELD_ID, "001199000001"),
                               field(XT_FIELD_NAME, "Nguyễn Thị Hòa"),
                               field(XT_FIELD_BIRTH_DATE, "08031999"),
                               field(XT_FIELD_PROVINCE, "01"),
                               field(XT_FIELD_AGENCY, "5"),
                               field(XT_FIELD_PROCEDURE, "6")};
    xt_request one;
    xt_request other;
    CHECK(xt_prepare(key, &claims, &one, NULL) == XT_OK);
    CHECK(xt_prepare_fields(key, fields, 6, 0, &other, NULL) == XT_OK);
    CHECK(memcmp(&one, &other, sizeof one) == 0);
}

// What is wrong with which field.
static const struct {
    uint32_t number;
    const char* text;
    xt_status status;
} wrong[] = {{XT_FIELD_ID, "12", XT_PERSONAL_ID_LENGTH},
             {XT_FIELD_ID, "00119900000x", XT_PERSONAL_ID_DIGIT},
             {XT_FIELD_ID, "000000000000", XT_PERSONAL_ID_RESERVED},
             {XT_FIELD_NAME, "  ", XT_NAME_EMPTY},
             {XT_FIELD_NAME, "A\xff", XT_NAME_NOT_UTF8},
             {XT_FIELD_NAME_EXACT, "A\x01", XT_NAME_CONTROL_CHARACTER},
             {XT_FIELD_BIRTH_DATE, "30/02/1999", XT_DATE_RANGE},
             {XT_FIELD_SEX, "x y", XT_SEX_WORD},
             {XT_FIELD_LIFE, "gone", XT_STATUS_WORD},
             {XT_FIELD_REGISTRATION, "gone", XT_STATUS_WORD},
             {XT_FIELD_ACCOUNT_LEVEL, "9", XT_STATUS_WORD},
             {XT_FIELD_ACCOUNT, "gone", XT_STATUS_WORD},
             {XT_FIELD_DOCUMENT, "gone", XT_STATUS_WORD},
             {XT_FIELD_PROVINCE, "98", XT_PROVINCE_UNKNOWN},
             {XT_FIELD_WARD, "1234567", XT_WARD_RANGE},
             {XT_FIELD_DOCUMENT_VALID_ON, "1999", XT_DATE_RANGE},
             {XT_FIELD_BORN_ON_OR_BEFORE, "1999", XT_DATE_RANGE},
             {XT_FIELD_ACCOUNT_LEVEL_AT_LEAST, "9", XT_STATUS_WORD},
             {XT_FIELD_AGENCY, "65536", XT_CODE_RANGE},
             {XT_FIELD_PROCEDURE, "-1", XT_CODE_RANGE}};
enum { wrong_count = sizeof wrong / sizeof *wrong };

// The fields of request `i`: a good id, unless that is what is wrong, and a good sex or name beside.
static size_t wrong_fields(size_t i, xt_field* into) {
    const uint32_t number = wrong[i].number;
    size_t count = 0;
    if (number != XT_FIELD_ID) into[count++] = field(XT_FIELD_ID, "001199000001");
    into[count++] = number == XT_FIELD_SEX ? field(XT_FIELD_NAME, "An") : field(XT_FIELD_SEX, "f");
    into[count++] = field(number, wrong[i].text);
    return count;
}

static void the_field_that_failed_is_told(const xt_register* people, const xt_digest_key* key) {
    xt_field fields[3];
    uint32_t failed = 99;
    const xt_verdict before = {1, 2, 3, 4};
    xt_verdict verdict = before;
    xt_freshness freshness = {1, 2};
    for (size_t i = 0; i != wrong_count; ++i) {
        const size_t count = wrong_fields(i, fields);
        CHECK(xt_verify_fields(people, key, fields, count, 0, &verdict, &freshness, &failed) == wrong[i].status);
        CHECK(failed == wrong[i].number);
        xt_request request;
        CHECK(xt_prepare_fields(key, fields, count, 0, &request, NULL) == wrong[i].status);
    }
    fields[0] = field(XT_FIELD_SEX, "f");
    CHECK(xt_verify_fields(people, key, fields, 1, 0, &verdict, &freshness, &failed) == XT_PERSONAL_ID_LENGTH);
    CHECK(failed == XT_FIELD_ID);
    fields[1] = field(XT_FIELD_ID, "001199000001");
    CHECK(xt_verify_fields(people, key, fields, 2, 1u << XT_CLAIM_WARD, &verdict, &freshness, &failed) ==
          XT_CLAIM_REQUIRED);
    CHECK(failed == XT_FIELD_WARD);
    CHECK(xt_verify_fields(people, key, fields + 1, 1, 0, &verdict, &freshness, &failed) == XT_CLAIMS_MISSING);
    CHECK(failed == XT_FIELD_NONE);
    fields[0] = field(XT_FIELD_NAME, "An");
    fields[2] = field(XT_FIELD_NAME_EXACT, "An");
    CHECK(xt_verify_fields(people, key, fields, 3, 0, &verdict, &freshness, &failed) == XT_CLAIMS_CONTRADICT);
    CHECK(failed == XT_FIELD_NAME_EXACT);
    const xt_field no_memory = {"1999", SIZE_MAX - 1, XT_FIELD_BIRTH_DATE, 0};
    fields[0] = no_memory;
    CHECK(xt_verify_fields(people, key, fields, 2, 0, &verdict, &freshness, &failed) == XT_ARGUMENT_RANGE);
    CHECK(failed == XT_FIELD_BIRTH_DATE);
    CHECK(memcmp(&verdict, &before, sizeof verdict) == 0 && freshness.sequence == 1 && freshness.as_of_unix_ms == 2);
}

static void one_request_is_answered(const xt_register* people, const xt_digest_key* key) {
    const xt_field fields[] = {field(XT_FIELD_ID, "001199000001"), field(XT_FIELD_NAME, "NGUYEN THI HOA"),
                               field(XT_FIELD_BIRTH_DATE, "08/03/1998"), field(XT_FIELD_SEX, NULL)};
    xt_verdict verdict = {9, 9, 9, 9};
    xt_freshness freshness = {0, 0};
    uint32_t failed = 1;
    CHECK(xt_verify_fields(people, key, fields, 4, 0, &verdict, &freshness, &failed) == XT_OK);
    CHECK(failed == XT_FIELD_NONE && freshness.sequence == 7);
    CHECK(xt_verdict_outcome_at(&verdict, 0) == XT_OUTCOME_CLAIM_MISMATCH + XT_CLAIM_BIRTH_DATE);
    CHECK(xt_verdict_name_grade_at(&verdict, 0) == XT_NAME_GRADE_FOLDED);
    CHECK(xt_verify_fields(people, key, fields, 2, 1u << XT_CLAIM_NAME, &verdict, NULL, NULL) == XT_OK);
    CHECK(xt_verdict_outcome_at(&verdict, 0) == XT_OUTCOME_VERIFIED);
}

// Row after row as each would be alone; more of them than are prepared at once.
static void rows_are_answered_as_one_by_one(const xt_register* people, const xt_digest_key* key) {
    enum { rows = 600, columns = 3 };
    const uint32_t numbers[columns] = {XT_FIELD_NAME, XT_FIELD_ID, XT_FIELD_BIRTH_DATE};
    const char* const kinds[5][columns] = {{"Nguyễn Thị Hoà", "001199000001", "1999-03-08"},
                                           {NULL, "001199000001", "1998"},
                                           {"An", "001199000009", NULL},
                                           {"An", "0011990000", NULL},
                                           {"An", "001199000001", "soon"}};
    xt_text* texts = calloc((size_t)rows * columns, sizeof *texts);
    xt_verdict* verdicts = calloc(rows, sizeof *verdicts);
    xt_status* statuses = calloc(rows, sizeof *statuses);
    uint32_t* failed = calloc(rows, sizeof *failed);
    if (texts == NULL || verdicts == NULL || statuses == NULL || failed == NULL) abort();
    for (size_t i = 0; i != rows; ++i)
        for (size_t j = 0; j != columns; ++j) texts[i * columns + j] = xt_text_of(kinds[i % 5][j]);
    const xt_text_rows given = {.struct_size = XT_TEXT_ROWS_BYTES,
                                .field_numbers = numbers,
                                .field_count = columns,
                                .texts = texts,
                                .row_count = rows};
    xt_freshness freshness = {0, 0};
    CHECK(xt_verify_rows(people, key, &given, verdicts, &freshness, statuses, failed) == XT_OK);
    CHECK(freshness.sequence == 7);
    size_t unlike = 0;
    for (size_t i = 0; i != rows; ++i) {
        xt_field fields[columns];
        for (size_t j = 0; j != columns; ++j) fields[j] = field(numbers[j], kinds[i % 5][j]);
        xt_verdict alone = {XT_OUTCOME_MALFORMED, 0, 0, 0};
        uint32_t which = 99;
        const xt_status status = xt_verify_fields(people, key, fields, columns, 0, &alone, NULL, &which);
        unlike += status != statuses[i] || which != failed[i] || memcmp(&alone, &verdicts[i], sizeof alone) != 0;
    }
    CHECK(unlike == 0);
    CHECK(statuses[3] == XT_PERSONAL_ID_LENGTH && failed[3] == XT_FIELD_ID);
    CHECK(statuses[4] == XT_DATE_SYNTAX && failed[4] == XT_FIELD_BIRTH_DATE && failed[0] == XT_FIELD_NONE);
    memset(verdicts, 0, rows * sizeof *verdicts);
    CHECK(xt_verify_rows(people, key, &given, verdicts, NULL, NULL, NULL) == XT_OK);
    CHECK(xt_verdict_outcome_at(verdicts, rows - 1) == XT_OUTCOME_MALFORMED);
    free(failed);
    free(statuses);
    free(verdicts);
    free(texts);
}

static void rows_may_be_none_or_without_ids(const xt_register* people, const xt_digest_key* key) {
    const uint32_t numbers[1] = {XT_FIELD_SEX};
    const xt_text texts[1] = {xt_text_of("f")};
    xt_text_rows given = {.struct_size = XT_TEXT_ROWS_BYTES, .field_numbers = numbers, .field_count = 1};
    xt_freshness freshness = {0, 0};
    CHECK(xt_verify_rows(people, key, &given, NULL, &freshness, NULL, NULL) == XT_OK && freshness.sequence == 7);
    given.texts = texts;
    given.row_count = 1;
    xt_verdict verdict = {0, 0, 0, 0};
    xt_status status = XT_OK;
    uint32_t failed = 99;
    CHECK(xt_verify_rows(people, key, &given, &verdict, NULL, &status, &failed) == XT_OK);
    CHECK(status == XT_PERSONAL_ID_LENGTH && failed == XT_FIELD_ID);
    CHECK(xt_verdict_outcome_at(&verdict, 0) == XT_OUTCOME_MALFORMED);
}

// Without a key, the one that the register was opened with.
static void the_register_may_have_the_key(const xt_register* without, const xt_digest_key* key) {
    xt_authority* trusted = NULL;
    xt_digest_key* foreign = NULL;
    xt_register* with = NULL;
    CHECK(xt_authority_load(path_of("authority.pub"), &trusted, NULL) == XT_OK);
    CHECK(xt_digest_key_load(path_of("foreign-digest.key"), &foreign, NULL) == XT_OK);
    CHECK(xt_register_open_snapshot(path_of("people.xts"), trusted, key, NULL, &with, NULL) == XT_OK);
    const xt_field fields[] = {field(XT_FIELD_ID, "001199000001"), field(XT_FIELD_NAME, "Nguyễn Thị Hòa")};
    xt_verdict verdict = {9, 9, 9, 9};
    uint32_t failed = 1;
    CHECK(xt_verify_fields(with, NULL, fields, 2, 0, &verdict, NULL, NULL) == XT_OK);
    CHECK(xt_verdict_outcome_at(&verdict, 0) == XT_OUTCOME_VERIFIED);
    CHECK(xt_verify_fields(without, NULL, fields, 2, 0, &verdict, NULL, &failed) == XT_NULL_ARGUMENT);
    CHECK(failed == XT_FIELD_NONE);
    CHECK(xt_verify_fields(with, foreign, fields, 2, 0, &verdict, NULL, NULL) == XT_FOREIGN_DIGEST_KEY);
    xt_register_free(with);
    xt_digest_key_free(foreign);
    xt_authority_free(trusted);
}

void test_fields(void) {
    xt_digest_key* key = load_digests();
    xt_register* people = open_people(NULL);
    each_number_is_its_own_field(key);
    it_is_the_request_that_xt_prepare_makes(key);
    the_field_that_failed_is_told(people, key);
    one_request_is_answered(people, key);
    rows_are_answered_as_one_by_one(people, key);
    rows_may_be_none_or_without_ids(people, key);
    the_register_may_have_the_key(people, key);
    xt_register_free(people);
    xt_digest_key_free(key);
}
