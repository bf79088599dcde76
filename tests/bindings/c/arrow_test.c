// SPDX-License-Identifier: Apache-2.0
// Tables of the Arrow C data interface: batches and streams, their columns by heading and by number.
#include <stdlib.h>

#include "tables.h"

static char words[512];
static xt_detail detail = {words, sizeof words, 0};

static void release_array(struct ArrowArray* array) {
    ++((made_table*)array->private_data)->released;
    array->release = NULL;
}
static void release_schema(struct ArrowSchema* schema) {
    ++((made_table*)schema->private_data)->released;
    schema->release = NULL;
}

void make_table(made_table* into) {
    static const char* const formats[table_columns] = {"l", "u", "tdD"};
    static const char* const headings[table_columns] = {"SỐ CCCD", "Họ và tên", "birth_date"};
    static const char* const names[table_rows] = {"Nguyễn Thị Hoà", "Lê Lan", "An", "A\xff", "An"};
    static const int64_t ids[table_rows] = {1199000001, 1199000001, 1199000009, 1199000001, 12};
    memset(into, 0, sizeof *into);
    for (int i = 0; i != table_rows; ++i) {
        into->ids[i] = ids[i];
        into->births[i] = 10658;  // 1999-03-08
        memcpy(into->names + into->name_offsets[i], names[i], strlen(names[i]));
        into->name_offsets[i + 1] = into->name_offsets[i] + (int32_t)strlen(names[i]);
    }
    into->birth_validity[0] = 0x1d;  // of all but the second
    into->id_buffers[1] = into->ids;
    into->name_buffers[1] = into->name_offsets;
    into->name_buffers[2] = into->names;
    into->birth_buffers[0] = into->birth_validity;
    into->birth_buffers[1] = into->births;
    const void** const buffers[table_columns] = {into->id_buffers, into->name_buffers, into->birth_buffers};
    for (int i = 0; i != table_columns; ++i) {
        const struct ArrowSchema schema = {
            .format = formats[i], .name = headings[i], .release = release_schema, .private_data = into};
        const struct ArrowArray array = {.length = table_rows,
                                         .null_count = i == BIRTH_COLUMN ? 1 : 0,
                                         .n_buffers = i == NAME_COLUMN ? 3 : 2,
                                         .buffers = buffers[i],
                                         .release = release_array,
                                         .private_data = into};
        into->column_schemas[i] = schema;
        into->column_arrays[i] = array;
        into->schema_children[i] = &into->column_schemas[i];
        into->array_children[i] = &into->column_arrays[i];
    }
    const struct ArrowSchema schema = {.format = "+s",
                                       .name = "",
                                       .n_children = table_columns,
                                       .children = into->schema_children,
                                       .release = release_schema,
                                       .private_data = into};
    const struct ArrowArray array = {.length = table_rows,
                                     .n_buffers = 1,
                                     .n_children = table_columns,
                                     .buffers = into->no_buffers,
                                     .children = into->array_children,
                                     .release = release_array,
                                     .private_data = into};
    into->schema = schema;
    into->array = array;
}

static int give_schema(struct ArrowArrayStream* stream, struct ArrowSchema* out) {
    made_stream* from = stream->private_data;
    if (from->schema_fails) return 5;
    *out = from->table->schema;
    return 0;
}
static int give_batch(struct ArrowArrayStream* stream, struct ArrowArray* out) {
    made_stream* from = stream->private_data;
    if (from->given == from->fails_at) return 5;
    memset(out, 0, sizeof *out);
    if (from->given++ < from->batches) *out = from->table->array;
    return 0;
}
static const char* say(struct ArrowArrayStream* stream) {
    (void)stream;
    return "the source is gone";
}
static void release_stream(struct ArrowArrayStream* stream) {
    stream->release = NULL;
}

void make_stream(made_stream* into, made_table* table, int batches) {
    memset(into, 0, sizeof *into);
    into->table = table;
    into->batches = batches;
    into->fails_at = -1;
    const struct ArrowArrayStream stream = {give_schema, give_batch, say, release_stream, into};
    into->stream = stream;
}

static const unsigned outcomes[table_rows] = {XT_OUTCOME_VERIFIED, XT_OUTCOME_CLAIM_MISMATCH + XT_CLAIM_NAME,
                                              XT_OUTCOME_NOT_FOUND, XT_OUTCOME_MALFORMED, XT_OUTCOME_MALFORMED};
static const xt_status wanted_statuses[table_rows] = {XT_OK, XT_OK, XT_OK, XT_NAME_NOT_UTF8, XT_PERSONAL_ID_LENGTH};
static const uint32_t wanted_fields[table_rows] = {XT_FIELD_NONE, XT_FIELD_NONE, XT_FIELD_NONE, XT_FIELD_NAME,
                                                   XT_FIELD_ID};

static void check_rows(const xt_verdict* verdicts, const xt_status* statuses, const uint32_t* failed, size_t count) {
    for (size_t i = 0; i != count; ++i) {
        CHECK(xt_verdict_outcome_at(verdicts, i) == outcomes[i % table_rows]);
        CHECK(statuses[i] == wanted_statuses[i % table_rows] && failed[i] == wanted_fields[i % table_rows]);
    }
}

static void a_batch_is_answered_where_it_lies(const xt_register* people, const xt_digest_key* key) {
    made_table table;
    make_table(&table);
    xt_verdict verdicts[table_rows];
    xt_status statuses[table_rows];
    uint32_t failed[table_rows];
    xt_freshness freshness = {0, 0};
    CHECK(xt_verify_arrow(people, key, &table.schema, &table.array, NULL, verdicts, &freshness, statuses, failed,
                          &detail) == XT_OK);
    CHECK_TEXT(words, "");
    CHECK(freshness.sequence == 7 && table.released == 0);
    check_rows(verdicts, statuses, failed, table_rows);
    // The second row's date is null, and so not claimed.
    CHECK(xt_verdict_claim_at(verdicts, 0, XT_CLAIM_BIRTH_DATE) == XT_CLAIM_IS_MATCHED);
    CHECK(xt_verdict_claim_at(verdicts, 1, XT_CLAIM_BIRTH_DATE) == XT_CLAIM_IS_SILENT);
    // A slice of it.
    table.array.offset = 2;
    table.array.length = 3;
    CHECK(xt_verify_arrow(people, key, &table.schema, &table.array, NULL, verdicts, NULL, NULL, NULL, NULL) == XT_OK);
    CHECK(xt_verdict_outcome_at(verdicts, 0) == XT_OUTCOME_NOT_FOUND);
    table.array.length = 0;
    CHECK(xt_verify_arrow(people, key, &table.schema, &table.array, NULL, NULL, &freshness, NULL, NULL, NULL) == XT_OK);
}

static void columns_may_be_named_by_numbers(const xt_register* people, const xt_digest_key* key) {
    made_table table;
    make_table(&table);
    const uint32_t numbers[table_columns] = {XT_FIELD_ID, XT_FIELD_NAME_EXACT, XT_FIELD_NONE};
    xt_table_options options = {.struct_size = XT_TABLE_OPTIONS_BYTES, .fields = numbers, .field_count = table_columns};
    xt_verdict verdicts[table_rows];
    for (int i = 0; i != table_columns; ++i) table.column_schemas[i].name = "x";
    CHECK(xt_verify_arrow(people, key, &table.schema, &table.array, &options, verdicts, NULL, NULL, NULL, &detail) ==
          XT_OK);
    CHECK_TEXT(words, "");
    CHECK(verdicts[0].matched == 1u << XT_CLAIM_NAME_EXACT);
    // By headings again, of which one is not known.
    make_table(&table);
    table.column_schemas[BIRTH_COLUMN].name = "x";
    xt_table_options others = {
        .struct_size = XT_TABLE_OPTIONS_BYTES, .ignore_unknown = 1, .required = 1u << XT_CLAIM_NAME};
    xt_status statuses[table_rows];
    CHECK(xt_verify_arrow(people, key, &table.schema, &table.array, &others, verdicts, NULL, statuses, NULL, &detail) ==
          XT_OK);
    CHECK(verdicts[0].matched == 1u << XT_CLAIM_NAME && statuses[0] == XT_OK);
    others.required = 1u << XT_CLAIM_SEX;
    CHECK(xt_verify_arrow(people, key, &table.schema, &table.array, &others, verdicts, NULL, statuses, NULL, &detail) ==
          XT_OK);
    CHECK(statuses[0] == XT_CLAIM_REQUIRED && xt_verdict_outcome_at(verdicts, 0) == XT_OUTCOME_MALFORMED);
}

typedef struct {
    uint64_t rows;
    int calls, no_at;
} taking;
static int32_t take(void* context, uint64_t first_row, size_t count, const xt_verdict* verdicts,
                    const xt_status* statuses, const uint32_t* failed) {
    taking* into = context;
    CHECK(first_row == into->rows && count == table_rows);
    check_rows(verdicts, statuses, failed, count);
    into->rows += count;
    return ++into->calls == into->no_at;
}

static void a_stream_is_read_to_its_end(const xt_register* people, const xt_digest_key* key) {
    made_table table;
    make_table(&table);
    made_stream stream;
    make_stream(&stream, &table, 3);
    taking taken = {0, 0, 0};
    xt_freshness freshness = {0, 0};
    CHECK(xt_verify_arrow_stream(people, key, &stream.stream, NULL, take, &taken, &freshness, &detail) == XT_OK);
    CHECK_TEXT(words, "");
    CHECK(taken.rows == 3 * table_rows && freshness.sequence == 7);
    CHECK(table.released == 4 && stream.stream.release != NULL);  // the schema and three batches
    make_stream(&stream, &table, 0);
    CHECK(xt_verify_arrow_stream(people, key, &stream.stream, NULL, take, &taken, &freshness, &detail) == XT_OK);
    // Ended by who takes, and by its source: what was given before stands, and all is released.
    make_table(&table);
    make_stream(&stream, &table, 3);
    taken = (taking){0, 0, 2};
    CHECK(xt_verify_arrow_stream(people, key, &stream.stream, NULL, take, &taken, &freshness, &detail) == XT_CANCELLED);
    CHECK(taken.calls == 2 && table.released == 3);
    make_table(&table);
    make_stream(&stream, &table, 3);
    stream.fails_at = 1;
    taken = (taking){0, 0, 0};
    CHECK(xt_verify_arrow_stream(people, key, &stream.stream, NULL, take, &taken, &freshness, &detail) == XT_TABLE);
    CHECK(strstr(words, "the source is gone") != NULL && taken.calls == 1 && table.released == 2);
}

void test_arrow(void) {
    xt_digest_key* key = load_digests();
    xt_register* people = open_people(NULL);
    a_batch_is_answered_where_it_lies(people, key);
    columns_may_be_named_by_numbers(people, key);
    a_stream_is_read_to_its_end(people, key);
    xt_register_free(people);
    xt_digest_key_free(key);
}
