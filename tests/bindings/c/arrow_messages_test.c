// SPDX-License-Identifier: Apache-2.0
// What the calls that take tables say when they refuse. A table is a stranger's: what can be seen to be wrong is told,
// and no cell and no heading is quoted.
#include "refusals.h"
#include "tables.h"

static int32_t take(void* context, uint64_t first_row, size_t count, const xt_verdict* verdicts,
                    const xt_status* statuses, const uint32_t* failed) {
    (void)first_row;
    (void)count;
    (void)verdicts;
    (void)statuses;
    (void)failed;
    return *(int32_t*)context;
}

// One thing that is wrong with a table, by a function that does it.
static void no_children(made_table* table) {
    table->array.n_children = 2;
}
static void released(made_table* table) {
    table->array.release = NULL;
}
static void schema_released(made_table* table) {
    table->schema.release = NULL;
}
static void column_released(made_table* table) {
    table->column_arrays[NAME_COLUMN].release = NULL;
}
static void negative(made_table* table) {
    table->array.length = -1;
}
static void too_long(made_table* table) {
    table->array.length = INT64_MAX;
}
static void fewer_rows(made_table* table) {
    table->column_arrays[NAME_COLUMN].length = 2;
}
static void no_buffer(made_table* table) {
    table->name_buffers[1] = NULL;
}
static void no_text(made_table* table) {
    table->name_buffers[2] = NULL;
}
static void backwards(made_table* table) {
    table->name_offsets[2] = 200;
}
static void missing_column(made_table* table) {
    table->array_children[NAME_COLUMN] = NULL;
}
static void no_schema(made_table* table) {
    table->schema_children[NAME_COLUMN] = NULL;
}
static void no_format(made_table* table) {
    table->column_schemas[NAME_COLUMN].format = NULL;
}
static void no_nulls(made_table* table) {
    table->birth_buffers[0] = NULL;
}
static void one_column(made_table* table) {
    table->schema.format = "u";
}
static void no_ids(made_table* table) {
    table->column_schemas[ID_COLUMN].name = "sex";
}
static void two_ids(made_table* table) {
    table->column_schemas[NAME_COLUMN].name = "PIN";
}
static void unknown(made_table* table) {
    table->column_schemas[NAME_COLUMN].name = "Lan";
}
static void no_heading(made_table* table) {
    table->column_schemas[NAME_COLUMN].name = NULL;
}
static void a_double(made_table* table) {
    table->column_schemas[ID_COLUMN].format = "g";
}
static void a_zone(made_table* table) {
    table->column_schemas[BIRTH_COLUMN].format = "tsu:UTC";
}

static void tables(const xt_register* people, const xt_digest_key* key) {
    static const struct {
        void (*spoil)(made_table*);
        xt_status status;
        const char* says;
    } wrong[] = {{no_children, XT_TABLE, "2 columns"},
                 {released, XT_TABLE, "released"},
                 {schema_released, XT_TABLE, "released"},
                 {column_released, XT_TABLE, "columns[1]|released"},
                 {negative, XT_TABLE, "-1 rows"},
                 {too_long, XT_TABLE, "rows"},
                 {fewer_rows, XT_TABLE, "columns[1]|fewer rows"},
                 {no_buffer, XT_TABLE, "columns[1]|missing"},
                 {no_text, XT_TABLE, "columns[1]|missing"},
                 {backwards, XT_TABLE, "columns[1]|offset"},
                 {missing_column, XT_TABLE, "columns[1]|missing"},
                 {no_schema, XT_TABLE, "column 1|no schema"},
                 {no_format, XT_TABLE, "no format"},
                 {no_nulls, XT_TABLE, "columns[2]|validity"},
                 {one_column, XT_COLUMN, "a column by itself"},
                 {no_ids, XT_COLUMN, "columns[0]|sex"},
                 {two_ids, XT_COLUMN, "columns[1]|another one for id"},
                 {unknown, XT_COLUMN, "columns[1]|not known"},
                 {no_heading, XT_COLUMN, "columns[1]|not known"},
                 {a_double, XT_COLUMN, "columns[0]|double"},
                 {a_zone, XT_COLUMN, "columns[2]|zone"}};
    xt_verdict verdicts[table_rows];
    for (size_t i = 0; i != sizeof wrong / sizeof wrong[0]; ++i) {
        made_table table;
        make_table(&table);
        wrong[i].spoil(&table);
        REFUSES(xt_verify_arrow(people, key, &table.schema, &table.array, NULL, verdicts, &out.freshness, NULL, NULL,
                                &detail),
                wrong[i].status, wrong[i].says, DAYS | PERSONAL_IDS | NAMES);
        CHECK(strstr(words, "Lan") == NULL);
    }
}

static void options(const xt_register* people, const xt_digest_key* key) {
    made_table table;
    make_table(&table);
    const uint32_t numbers[table_columns] = {XT_FIELD_NONE, XT_FIELD_NAME, XT_FIELD_COUNT};
    xt_verdict verdicts[table_rows];
    xt_table_options how = {.struct_size = XT_TABLE_OPTIONS_BYTES, .fields = numbers, .field_count = 3};
#define REFUSES_TABLE(status, says, allowed)                                                                      \
    REFUSES(xt_verify_arrow(people, key, &table.schema, &table.array, &how, verdicts, &out.freshness, NULL, NULL, \
                            &detail),                                                                             \
            status, says, allowed)
    REFUSES_TABLE(XT_ARGUMENT_RANGE, "fields", ARGUMENTS);
    how.field_count = 2;
    REFUSES_TABLE(XT_COLUMN, "3 columns|field_count", NOTHING_ELSE);
    how.field_count = 0;
    how.fields = NULL;
    how.ignore_unknown = 2;
    REFUSES_TABLE(XT_ARGUMENT_RANGE, "ignore_unknown", ARGUMENTS);
    how.ignore_unknown = 1;
    table.column_schemas[ID_COLUMN].name = "x";
    REFUSES_TABLE(XT_COLUMN, "ids", NOTHING_ELSE);
    how.struct_size = 3;
    REFUSES_TABLE(XT_STRUCT_SIZE, "xt_table_options", ARGUMENTS);
#undef REFUSES_TABLE
    make_table(&table);
    xt_digest_key* foreign = NULL;
    CHECK(xt_digest_key_load(path_of("foreign-digest.key"), &foreign, NULL) == XT_OK);
    REFUSES(xt_verify_arrow(people, foreign, &table.schema, &table.array, NULL, verdicts, &out.freshness, NULL, NULL,
                            &detail),
            XT_FOREIGN_DIGEST_KEY, "digest key", KEYS | NAMES);
    REFUSES(
        xt_verify_arrow(people, NULL, &table.schema, &table.array, NULL, verdicts, &out.freshness, NULL, NULL, &detail),
        XT_NULL_ARGUMENT, "NULL|digests", ARGUMENTS);
    REFUSES(xt_verify_arrow(people, key, NULL, &table.array, NULL, verdicts, &out.freshness, NULL, NULL, &detail),
            XT_NULL_ARGUMENT, "NULL|schema", ARGUMENTS);
    REFUSES(xt_verify_arrow(people, key, &table.schema, &table.array, NULL, NULL, &out.freshness, NULL, NULL, &detail),
            XT_NULL_ARGUMENT, "NULL|verdicts", ARGUMENTS);
    xt_digest_key_free(foreign);
}

static void streams(const xt_register* people, const xt_digest_key* key) {
    made_table table;
    made_stream stream;
    int32_t answer = 0;
    make_table(&table);
    make_stream(&stream, &table, 1);
    stream.schema_fails = 1;
    REFUSES(xt_verify_arrow_stream(people, key, &stream.stream, NULL, take, &answer, &out.freshness, &detail), XT_TABLE,
            "no schema|the source is gone", NOTHING_ELSE);
    make_stream(&stream, &table, 1);
    stream.fails_at = 0;
    stream.stream.get_last_error = NULL;
    REFUSES(xt_verify_arrow_stream(people, key, &stream.stream, NULL, take, &answer, &out.freshness, &detail), XT_TABLE,
            "read on|error 5", NOTHING_ELSE);
    make_table(&table);
    make_stream(&stream, &table, 1);
    answer = 1;
    REFUSES(xt_verify_arrow_stream(people, key, &stream.stream, NULL, take, &answer, &out.freshness, &detail),
            XT_CANCELLED, "progress", NOTHING_ELSE);
    stream.stream.release = NULL;
    REFUSES(xt_verify_arrow_stream(people, key, &stream.stream, NULL, take, &answer, &out.freshness, &detail), XT_TABLE,
            "released", NOTHING_ELSE);
    REFUSES(xt_verify_arrow_stream(people, key, NULL, NULL, take, &answer, &out.freshness, &detail), XT_NULL_ARGUMENT,
            "NULL|stream", ARGUMENTS);
    REFUSES(xt_verify_arrow_stream(people, key, &stream.stream, NULL, NULL, &answer, &out.freshness, &detail),
            XT_NULL_ARGUMENT, "NULL|take", ARGUMENTS);
}

void refuse_tables(const xt_digest_key* key) {
    xt_register* people = open_people(NULL);
    tables(people, key);
    options(people, key);
    streams(people, key);
    xt_register_free(people);
}
