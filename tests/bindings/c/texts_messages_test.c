// SPDX-License-Identifier: Apache-2.0
// What the calls from text to verdict, and from verdicts to columns, say when they refuse.
#include "refusals.h"

static xt_field field(uint32_t number, const char* text) {
    const xt_field made = {text, XT_ZERO_TERMINATED, number, 0};
    return made;
}

static void fields(const xt_register* people, const xt_digest_key* key) {
    const xt_field soon[] = {field(XT_FIELD_ID, "001199000001"), field(XT_FIELD_BIRTH_DATE, "soon")};
    const xt_field unknown[] = {field(XT_FIELD_ID, "001199000001"), field(XT_FIELD_COUNT, "1")};
    xt_field spare[] = {field(XT_FIELD_ID, "001199000001")};
    spare[0].spare = 1;
    REFUSES(xt_prepare_fields(key, soon, 2, 0, &out.request, NULL), XT_DATE_SYNTAX, "date", DAYS);
    REFUSES(xt_prepare_fields(key, unknown, 2, 0, &out.request, NULL), XT_ARGUMENT_RANGE, "argument", ARGUMENTS);
    REFUSES(xt_prepare_fields(key, spare, 1, 0, &out.request, NULL), XT_ARGUMENT_RANGE, "argument", ARGUMENTS);
    REFUSES(xt_prepare_fields(key, soon, 1, UINT16_MAX, &out.request, NULL), XT_ARGUMENT_RANGE, "argument", ARGUMENTS);
    REFUSES(xt_prepare_fields(key, soon, 1, 0, &out.request, NULL), XT_CLAIMS_MISSING, "claims nothing", CLAIMS);
    REFUSES(xt_prepare_fields(NULL, soon, 1, 0, &out.request, NULL), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_prepare_fields(key, NULL, 1, 0, &out.request, NULL), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_verify_fields(people, key, soon, 2, 0, out.verdicts, &out.freshness, NULL), XT_DATE_SYNTAX, "date",
            DAYS);
    REFUSES(xt_verify_fields(people, key, soon, 1, 1u << XT_CLAIM_SEX, out.verdicts, &out.freshness, NULL),
            XT_CLAIM_REQUIRED, "required", CLAIMS);
    REFUSES(xt_verify_fields(people, NULL, soon, 2, 0, out.verdicts, &out.freshness, NULL), XT_NULL_ARGUMENT, "NULL",
            ARGUMENTS);
    REFUSES(xt_verify_fields(people, key, soon, 2, 0, NULL, &out.freshness, NULL), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
}

static void rows(const xt_register* people, const xt_digest_key* key) {
    xt_digest_key* foreign = NULL;
    CHECK(xt_digest_key_load(path_of("foreign-digest.key"), &foreign, NULL) == XT_OK);
    const uint32_t twice[] = {XT_FIELD_ID, XT_FIELD_ID};
    const xt_text texts[] = {xt_text_of("001199000001"), xt_text_of("001199000001")};
    xt_text_rows given = {
        .struct_size = XT_TEXT_ROWS_BYTES, .field_numbers = twice, .field_count = 2, .texts = texts, .row_count = 1};
    REFUSES(xt_verify_rows(people, key, &given, out.verdicts, &out.freshness, out.statuses, NULL), XT_ARGUMENT_RANGE,
            "argument", ARGUMENTS);
    given.field_count = 1;
    REFUSES(xt_verify_rows(people, foreign, &given, out.verdicts, &out.freshness, out.statuses, NULL),
            XT_FOREIGN_DIGEST_KEY, "digest key", KEYS | NAMES);
    REFUSES(xt_verify_rows(people, NULL, &given, out.verdicts, &out.freshness, out.statuses, NULL), XT_NULL_ARGUMENT,
            "NULL", ARGUMENTS);
    REFUSES(xt_verify_rows(people, key, &given, NULL, &out.freshness, out.statuses, NULL), XT_NULL_ARGUMENT, "NULL",
            ARGUMENTS);
    REFUSES(xt_verify_rows(people, key, NULL, out.verdicts, &out.freshness, out.statuses, NULL), XT_NULL_ARGUMENT,
            "NULL", ARGUMENTS);
    given.spare[1] = 1;
    REFUSES(xt_verify_rows(people, key, &given, out.verdicts, &out.freshness, out.statuses, NULL), XT_ARGUMENT_RANGE,
            "argument", ARGUMENTS);
    given.spare[1] = 0;
    given.texts = NULL;
    REFUSES(xt_verify_rows(people, key, &given, out.verdicts, &out.freshness, out.statuses, NULL), XT_NULL_ARGUMENT,
            "NULL", ARGUMENTS);
    given.struct_size = 3;
    REFUSES(xt_verify_rows(people, key, &given, out.verdicts, &out.freshness, out.statuses, NULL), XT_STRUCT_SIZE,
            "struct", ARGUMENTS);
    xt_digest_key_free(foreign);
}

void refuse_texts(const xt_digest_key* key) {
    xt_register* people = open_people(NULL);
    fields(people, key);
    rows(people, key);
    const xt_verdict verdict = {0, 0, 0, 0};
    const xt_verdict_columns columns = {.struct_size = 3};
    REFUSES(xt_verdicts_unpack(&verdict, 1, &columns), XT_STRUCT_SIZE, "struct", ARGUMENTS);
    REFUSES(xt_verdicts_unpack(NULL, 1, &columns), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    xt_register_free(people);
}
