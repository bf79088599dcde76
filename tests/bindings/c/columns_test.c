// SPDX-License-Identifier: Apache-2.0
// Requests from columns of text.
#include "check.h"

enum { rows = 5 };
static const char* const ids[rows] = {"001199000001", "001050000002", "0790800000", "079080000003", NULL};
static const char* const names[rows] = {"Nguyễn Thị Hòa", NULL, "An", "\xff", "An"};
static const char* const dates[rows] = {"08/03/1999", "1950xx", "", "", "2000"};
static const size_t date_sizes[rows] = {10, 4, 0, 0, 4};

static xt_claim_columns people(void) {
    const xt_claim_columns columns = {.struct_size = XT_CLAIM_COLUMNS_BYTES,
                                      .id = {ids, NULL},
                                      .name = {names, NULL},
                                      .birth_date = {dates, date_sizes},
                                      .agency = 9};
    return columns;
}

static void each_row_is_what_it_would_be_alone(const xt_digest_key* key) {
    xt_claim_columns columns = people();
    xt_request requests[rows];
    xt_status statuses[rows];
    size_t prepared = 99;
    const uint16_t agencies[rows] = {1, 2, 3, 4, 5};
    const uint16_t procedures[rows] = {6, 7, 8, 9, 10};
    columns.agencies = agencies;
    columns.procedures = procedures;
    CHECK(xt_prepare_columns(key, &columns, rows, requests, statuses, &prepared) == XT_OK);
    CHECK(prepared == 2);
    const xt_status wanted[rows] = {XT_OK, XT_OK, XT_PERSONAL_ID_LENGTH, XT_NAME_NOT_UTF8, XT_PERSONAL_ID_LENGTH};
    const xt_request none = {{0, 0, 0, 0}};
    for (size_t i = 0; i != rows; ++i) {
        CHECK(statuses[i] == wanted[i]);
        xt_claims claims = {.struct_size = XT_CLAIMS_BYTES,
                            .id = xt_text_of(ids[i]),
                            .name = xt_text_of(names[i]),
                            .birth_date = {dates[i], date_sizes[i]},
                            .agency = agencies[i],
                            .procedure = procedures[i]};
        xt_request alone = none;
        CHECK(xt_prepare(key, &claims, &alone, NULL) == wanted[i]);
        CHECK(memcmp(&alone, &requests[i], sizeof alone) == 0);
    }
    xt_request others[rows];
    columns.agencies = NULL;
    columns.procedures = NULL;
    columns.procedure = 7;
    CHECK(xt_prepare_columns(key, &columns, rows, others, NULL, NULL) == XT_OK);
    CHECK((others[0].words[3] >> 32 & 0xffffu) == 9 && others[0].words[3] >> 48 == 7);
}

// Every column is read from its own place: each alone with the id gives the claim of its name.
static void each_column_is_its_own(const xt_digest_key* key) {
    xt_column xt_claims_none = {NULL, NULL};
    const char* const id[1] = {"001199000001"};
    const struct {
        size_t offset;
        const char* text;
        unsigned claim;
    } columns[] = {{offsetof(xt_claim_columns, name), "An", XT_CLAIM_NAME},
                   {offsetof(xt_claim_columns, name_exact), "An", XT_CLAIM_NAME_EXACT},
                   {offsetof(xt_claim_columns, birth_date), "1999", XT_CLAIM_BIRTH_DATE},
                   {offsetof(xt_claim_columns, sex), "Nam", XT_CLAIM_SEX},
                   {offsetof(xt_claim_columns, life), "alive", XT_CLAIM_LIFE},
                   {offsetof(xt_claim_columns, registration), "active", XT_CLAIM_REGISTRATION},
                   {offsetof(xt_claim_columns, account_level), "level_1", XT_CLAIM_ACCOUNT_LEVEL},
                   {offsetof(xt_claim_columns, account), "active", XT_CLAIM_ACCOUNT},
                   {offsetof(xt_claim_columns, document), "valid", XT_CLAIM_DOCUMENT},
                   {offsetof(xt_claim_columns, province), "01", XT_CLAIM_PROVINCE},
                   {offsetof(xt_claim_columns, ward), "00004", XT_CLAIM_WARD},
                   {offsetof(xt_claim_columns, document_valid_on), "2026-01-01", XT_CLAIM_DOCUMENT_VALID_ON},
                   {offsetof(xt_claim_columns, born_on_or_before), "2008-01-01", XT_CLAIM_BORN_ON_OR_BEFORE},
                   {offsetof(xt_claim_columns, account_level_at_least), "level_1", XT_CLAIM_ACCOUNT_LEVEL_AT_LEAST}};
    CHECK(sizeof columns / sizeof *columns == XT_CLAIM_COUNT);
    for (size_t i = 0; i != sizeof columns / sizeof *columns; ++i) {
        const char* const text[1] = {columns[i].text};
        xt_claim_columns given = {.struct_size = XT_CLAIM_COLUMNS_BYTES, .id = {id, NULL}, .name = xt_claims_none};
        const xt_column column = {text, NULL};
        memcpy((char*)&given + columns[i].offset, &column, sizeof column);
        xt_request request;
        xt_status status = XT_UNEXPECTED;
        CHECK(xt_prepare_columns(key, &given, 1, &request, &status, NULL) == XT_OK && status == XT_OK);
        CHECK((request.words[0] >> 40 & 0xffffu) == 1u << columns[i].claim);
    }
}

static void misuse_is_told(const xt_digest_key* key) {
    xt_claim_columns columns = people();
    xt_request requests[rows];
    CHECK(xt_prepare_columns(NULL, &columns, rows, requests, NULL, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_prepare_columns(key, NULL, rows, requests, NULL, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_prepare_columns(key, &columns, rows, NULL, NULL, NULL) == XT_NULL_ARGUMENT);
    columns.id.data = NULL;
    CHECK(xt_prepare_columns(key, &columns, rows, requests, NULL, NULL) == XT_NULL_ARGUMENT);
    size_t prepared = 99;
    CHECK(xt_prepare_columns(key, &columns, 0, NULL, NULL, &prepared) == XT_OK && prepared == 0);
    columns = people();
    columns.struct_size = XT_CLAIMS_BYTES;
    CHECK(xt_prepare_columns(key, &columns, rows, requests, NULL, NULL) == XT_STRUCT_SIZE);
    columns = people();
    columns.spare = 1;
    CHECK(xt_prepare_columns(key, &columns, rows, requests, NULL, NULL) == XT_ARGUMENT_RANGE);
    columns = people();
    columns.required = 1u << XT_CLAIM_COUNT;
    CHECK(xt_prepare_columns(key, &columns, rows, requests, NULL, NULL) == XT_ARGUMENT_RANGE);
    // A claim without a column fails every row.
    columns = people();
    columns.required = 1u << XT_CLAIM_DOCUMENT;
    xt_status each[rows];
    CHECK(xt_prepare_columns(key, &columns, rows, requests, each, &prepared) == XT_OK && prepared == 0);
    CHECK(each[0] == XT_CLAIM_REQUIRED);
    // A size that no memory has is a mistake of its row.
    const size_t sizes[rows] = {10, SIZE_MAX - 1, 0, 0, 4};
    xt_status statuses[rows];
    columns = people();
    columns.birth_date.sizes = sizes;
    CHECK(xt_prepare_columns(key, &columns, rows, requests, statuses, NULL) == XT_OK);
    CHECK(statuses[0] == XT_OK && statuses[1] == XT_ARGUMENT_RANGE);
}

void test_columns(void) {
    xt_digest_key* key = load_digests();
    each_row_is_what_it_would_be_alone(key);
    each_column_is_its_own(key);
    misuse_is_told(key);
    xt_digest_key_free(key);
}
