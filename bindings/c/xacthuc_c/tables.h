// SPDX-License-Identifier: Apache-2.0
// From tables of the Arrow C data interface to verdicts. A part of xacthuc.h, which has the conventions.
#pragma once

#include "interface.h"
#include "keys.h"
#include "register.h"
#include "verdicts.h"

XT_BEGIN

// Tables of the Arrow C data interface, as every library that knows Arrow hands them out; with its own guards, so that
// other headers with these structs go beside this one.
// Source: arrow.apache.org, Arrow C data interface and C stream interface.
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4
struct ArrowSchema {
    const char* format;
    const char* name;
    const char* metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema** children;
    struct ArrowSchema* dictionary;
    void (*release)(struct ArrowSchema*);
    void* private_data;
};
struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void** buffers;
    struct ArrowArray** children;
    struct ArrowArray* dictionary;
    void (*release)(struct ArrowArray*);
    void* private_data;
};
#endif
#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
    int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
    const char* (*get_last_error)(struct ArrowArrayStream*);
    void (*release)(struct ArrowArrayStream*);
    void* private_data;
};
#endif

typedef struct xt_table_options {
    size_t struct_size;      // XT_TABLE_OPTIONS_BYTES
    const uint32_t* fields;  // of each column: XT_FIELD_…, XT_FIELD_NONE for one that is left out; NULL: by its heading
    size_t field_count;      // as many as there are columns
    uint16_t required;       // as in xt_claims, of every row
    uint16_t spare;          // 0
    uint32_t ignore_unknown;  // 1: columns whose headings are unknown are left out instead of refused
} xt_table_options;
#define XT_TABLE_OPTIONS_BYTES 32

// Answers the rows of one batch, a struct array and its schema. Headings are known in English and Vietnamese, in any
// case and with or without marks. Columns may be text (also large, views, dictionaries); dates and timestamps without a
// zone for days; integers for ids and codes. Both structures stay the caller's, who releases them. Rows are as those of
// xt_verify_rows(): verdicts, statuses and failed have array->length elements, the latter two may be NULL, and so may
// `key` and `options`. Structures are a stranger's and checked where that can be done; buffers come without their
// sizes.
// Complexity: as xt_verify_rows().
// Concurrency: wait-free but for the allocator.
// Errors: XT_TABLE; XT_COLUMN; XT_STRUCT_SIZE; XT_ARGUMENT_RANGE; XT_NULL_ARGUMENT; XT_FOREIGN_DIGEST_KEY;
// XT_OUT_OF_MEMORY. After XT_TABLE some verdicts may be written.
XT_CHECKED xt_status xt_verify_arrow(const xt_register* opened, const xt_digest_key* key,
                                     const struct ArrowSchema* schema, const struct ArrowArray* array,
                                     const xt_table_options* options, xt_verdict* verdicts, xt_freshness* freshness,
                                     xt_status* statuses, uint32_t* failed, xt_detail* detail);

// The answers of one batch of a stream: rows `first_row` to first_row + count, lent for the length of the call.
// Anything but 0 ends it all with XT_CANCELLED.
typedef int32_t (*xt_take_verdicts)(void* context, uint64_t first_row, size_t count, const xt_verdict* verdicts,
                                    const xt_status* statuses, const uint32_t* failed);
// The same for a stream, read to its end, a batch after the other. The stream stays the caller's, who releases it; its
// batches are released here. `freshness` is the oldest of those that batches were answered from.
// Errors: those of xt_verify_arrow(), XT_TABLE also where the stream fails; XT_CANCELLED. What was handed to take() by
// then stands.
XT_CHECKED xt_status xt_verify_arrow_stream(const xt_register* opened, const xt_digest_key* key,
                                            struct ArrowArrayStream* stream, const xt_table_options* options,
                                            xt_take_verdicts take, void* context, xt_freshness* freshness,
                                            xt_detail* detail);

XT_END
