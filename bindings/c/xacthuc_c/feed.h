// SPDX-License-Identifier: Apache-2.0
// Following the changes of a registry. A part of xacthuc.h, which has the conventions.
#pragma once

#include "changes.h"
#include "interface.h"
#include "keys.h"

XT_BEGIN

// What a change does; it is in `kind`.
enum {
    XT_CHANGE_UPSERT = 1,           // inserts a citizen, or replaces all but the key
    XT_CHANGE_UPSERT_WITH_KEY = 2,  // key and all
    XT_CHANGE_ERASE = 3,
    XT_CHANGE_SET_KEY = 4
};
// Whose it is: 12 digits and a zero.
// Errors: XT_NULL_ARGUMENT; XT_ARGUMENT_RANGE (no change that this library made).
XT_CHECKED xt_status xt_change_id(const xt_change* change, char* digits_13);
// The change as `xacthuc follow` prints it: a JSON object and a line feed, which `xacthuc apply` reads. Writes as much
// as fits and a zero; `size` is how long it is in full, at most XT_CHANGE_JSON_BYTES - 1. Names are in it as digests
// only.
// Errors: those of xt_change_id().
#define XT_CHANGE_JSON_BYTES 320
XT_CHECKED xt_status xt_change_json(const xt_change* change, char* into, size_t capacity, size_t* size);

// A registry's changes, from another process or this one: each once, in order, soon after it is durable.
typedef struct xt_feed xt_feed;
typedef struct xt_feed_options {
    size_t struct_size;          // XT_FEED_OPTIONS_BYTES
    uint64_t from_sequence;      // to begin with; 0: the first that is still there
    uint64_t at_least_sequence;  // as xt_registry_options has them
    const char* mark_file;
} xt_feed_options;
#define XT_FEED_OPTIONS_BYTES 32
// `key` is the registry's digest key, which its log is sealed with. `options` may be NULL.
// Errors: XT_NOT_A_REGISTRY; XT_CHANGES_TRIMMED (the change is no longer there); XT_SEQUENCE_GAP (the log ends before
// it); XT_DAMAGED_CHANGES; XT_NEWER_VERSION; XT_OLDER_VERSION; XT_UNSUITABLE_SQLITE; XT_FORKED; XT_IO; XT_STRUCT_SIZE.
XT_CHECKED xt_status xt_feed_open(const char* directory, const xt_digest_key* key, const xt_feed_options* options,
                                  xt_feed** feed, xt_detail* detail);
void xt_feed_free(xt_feed* feed);
// The next changes, `capacity` at most; where there are none it waits for so long, and then `count` is 0, which is no
// error. 0 only looks. Applied to a register one after the other, they make it what the registry is.
// Concurrency: one thread at a time; blocking for the time given.
// Errors: XT_ARGUMENT_RANGE (no capacity); XT_CHANGES_TRIMMED (a checkpoint has overtaken the feed: begin anew from a
// snapshot); XT_SEQUENCE_GAP; XT_DAMAGED_CHANGES; XT_IO.
XT_CHECKED xt_status xt_feed_next(xt_feed* feed, xt_change* changes, size_t capacity, uint32_t timeout_ms,
                                  size_t* count, xt_detail* detail);
// The number that the next change of the feed has; 0 for NULL.
uint64_t xt_feed_position(const xt_feed* feed);

XT_END
