// SPDX-License-Identifier: Apache-2.0
// A table of the Arrow C data interface made by hand: ids, names and birth dates of five rows.
#pragma once

#include "check.h"

enum { table_rows = 5, table_columns = 3 };
// The columns' places in a made_table.
enum { ID_COLUMN = 0, NAME_COLUMN = 1, BIRTH_COLUMN = 2 };

// All that the structures point to. Tests change it and see what comes of it.
typedef struct {
    struct ArrowSchema schema;
    struct ArrowArray array;
    struct ArrowSchema column_schemas[table_columns];
    struct ArrowArray column_arrays[table_columns];
    struct ArrowSchema* schema_children[table_columns];
    struct ArrowArray* array_children[table_columns];
    const void* no_buffers[1];
    const void* id_buffers[2];
    const void* name_buffers[3];
    const void* birth_buffers[2];
    int64_t ids[table_rows];
    int32_t name_offsets[table_rows + 1];
    char names[256];
    int32_t births[table_rows];
    uint8_t birth_validity[1];
    int released;  // structures that were
} made_table;

// Rows: true in all, a wrong name, unknown, a name that is no text, a number that is no id.
void make_table(made_table* into);

// A stream of this table's batch, so many times; an error instead of the batch `fails_at`. The batches' releases are
// counted in the table.
typedef struct {
    struct ArrowArrayStream stream;
    made_table* table;
    int batches, given, fails_at;
    int schema_fails;
} made_stream;
void make_stream(made_stream* into, made_table* table, int batches);
