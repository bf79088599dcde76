// SPDX-License-Identifier: Apache-2.0
// What the calls that keep a register, follow it and count it say when they refuse.
#include <unistd.h>

#include "refusals.h"

static int32_t no(void* context, uint64_t done, uint64_t total) {
    (void)context;
    (void)done;
    (void)total;
    return 1;
}

static void replacing(xt_register* people, const xt_authority* trusted, const xt_digest_key* key) {
    const xt_snapshot_options ended = {.struct_size = XT_SNAPSHOT_OPTIONS_BYTES, .progress = {no, NULL}};
    xt_digest_key* foreign = NULL;
    CHECK(xt_digest_key_load(path_of("foreign-digest.key"), &foreign, NULL) == XT_OK);
    REFUSES(xt_register_replace(people, path_of("none"), trusted, key, NULL, &detail), XT_NOT_FOUND,
            "no such file|/none", FILES);
    REFUSES(xt_register_replace(people, path_of("people.xts"), trusted, foreign, NULL, &detail), XT_FOREIGN_DIGEST_KEY,
            "digest key|/people.xts", KEYS | NAMES);
    REFUSES(xt_register_replace(people, path_of("people.xts"), trusted, key, &ended, &detail), XT_CANCELLED, "progress",
            NOTHING_ELSE);
    REFUSES(xt_register_replace(NULL, path_of("people.xts"), trusted, key, NULL, &detail), XT_NULL_ARGUMENT,
            "NULL|opened", ARGUMENTS);
    REFUSES(xt_register_replace(people, NULL, trusted, key, NULL, &detail), XT_NULL_ARGUMENT, "NULL|path", ARGUMENTS);
    xt_digest_key_free(foreign);
}

static void writing(xt_register* people, const xt_digest_key* key, const xt_authority_key* secret) {
    xt_write_options options = {.struct_size = XT_WRITE_OPTIONS_BYTES, .threads = UINT32_MAX};
    REFUSES(xt_register_save_with(people, path_of("x"), secret, &options, &detail), XT_ARGUMENT_RANGE, "threads",
            ARGUMENTS);
    REFUSES(xt_register_create_directory_with(path_of("x"), people, key, secret, &options, &detail), XT_ARGUMENT_RANGE,
            "threads", ARGUMENTS);
    options.struct_size = 3;
    REFUSES(xt_register_save_with(people, path_of("x"), secret, &options, &detail), XT_STRUCT_SIZE, "xt_write_options",
            ARGUMENTS);
    REFUSES(xt_register_checkpoint_with(people, &options, &out.checkpoint, &detail), XT_STRUCT_SIZE, "xt_write_options",
            ARGUMENTS);
    REFUSES(xt_register_save_with(people, NULL, secret, NULL, &detail), XT_NULL_ARGUMENT, "NULL|path",
            ARGUMENTS | AUTHORITIES);
    REFUSES(xt_register_create_directory_with(NULL, people, key, secret, NULL, &detail), XT_NULL_ARGUMENT, "NULL|path",
            ARGUMENTS | KEYS | AUTHORITIES);
    REFUSES(xt_register_checkpoint_with(people, NULL, &out.checkpoint, &detail), XT_NOT_A_REGISTRY,
            "registry|from a snapshot", REGISTRIES | SNAPSHOTS);
}

static void keeping(xt_register* people) {
    REFUSES(xt_register_wait(people, 7, 1, &out.freshness, &detail), XT_TIMED_OUT, "waited for", NOTHING_ELSE);
    REFUSES(xt_register_wait(NULL, 7, 0, &out.freshness, &detail), XT_NULL_ARGUMENT, "NULL|opened", ARGUMENTS);
    REFUSES(xt_register_close(NULL, &detail), XT_NULL_ARGUMENT, "NULL|opened", ARGUMENTS);
    REFUSES(xt_register_scrub(people, XT_PARTITION_COUNT, 0, &out.scrub, &detail), XT_ARGUMENT_RANGE, "first_partition",
            ARGUMENTS);
    REFUSES(xt_register_scrub(people, 5, XT_PARTITION_COUNT, &out.scrub, &detail), XT_ARGUMENT_RANGE, "partitions",
            ARGUMENTS);
    REFUSES(xt_register_scrub(people, 0, 0, NULL, &detail), XT_NULL_ARGUMENT, "NULL|facts", ARGUMENTS);
    out.scrub.struct_size = out_before.scrub.struct_size = 3;
    REFUSES(xt_register_scrub(people, 0, 0, &out.scrub, &detail), XT_STRUCT_SIZE, "xt_scrub_facts", ARGUMENTS);
    out.scrub.struct_size = out_before.scrub.struct_size = XT_SCRUB_FACTS_BYTES;
}

static void following(const xt_digest_key* key) {
    REFUSES(xt_feed_open(path_of("none"), key, NULL, &out.feed, &detail), XT_NOT_A_REGISTRY,
            "not a xacthuc registry|/none", REGISTRIES | FILES);
    REFUSES(xt_feed_open(NULL, key, NULL, &out.feed, &detail), XT_NULL_ARGUMENT, "NULL|directory", ARGUMENTS | KEYS);
    REFUSES(xt_feed_open(folder, NULL, NULL, &out.feed, &detail), XT_NULL_ARGUMENT, "NULL|key", ARGUMENTS | KEYS);
    REFUSES(xt_feed_open(folder, key, NULL, NULL, &detail), XT_NULL_ARGUMENT, "NULL|handle", ARGUMENTS);
    const xt_feed_options sizeless = {.struct_size = 3};
    REFUSES(xt_feed_open(folder, key, &sizeless, &out.feed, &detail), XT_STRUCT_SIZE, "xt_feed_options", ARGUMENTS);
    REFUSES(xt_feed_next(NULL, &out.change, 1, 0, &out.count, &detail), XT_NULL_ARGUMENT, "NULL|feed",
            ARGUMENTS | CHANGES);
    const xt_change none = {.kind = 17};
    REFUSES(xt_change_id(&none, out.text), XT_ARGUMENT_RANGE, "argument", ARGUMENTS);
    REFUSES(xt_change_id(NULL, out.text), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_change_json(&none, out.text, sizeof out.text, &out.count), XT_ARGUMENT_RANGE, "argument", ARGUMENTS);
    REFUSES(xt_change_json(NULL, out.text, sizeof out.text, &out.count), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
}

static void counting(const xt_register* people) {
    const uint32_t by[3] = {XT_DIMENSION_SEX, XT_DIMENSION_SEX, XT_DIMENSION_COUNT};
    xt_count_options options = {.struct_size = XT_COUNT_OPTIONS_BYTES, .progress = {no, NULL}};
    REFUSES(xt_count_by(people, by, 2, NULL, &out.counts, &detail), XT_ARGUMENT_RANGE, "dimensions", ARGUMENTS);
    REFUSES(xt_count_by(people, by + 2, 1, NULL, &out.counts, &detail), XT_ARGUMENT_RANGE, "dimensions", ARGUMENTS);
    REFUSES(xt_count_by(people, by, 0, NULL, &out.counts, &detail), XT_ARGUMENT_RANGE, "dimensions", ARGUMENTS);
    REFUSES(xt_count_by(people, by, 1, &options, &out.counts, &detail), XT_CANCELLED, "progress", NOTHING_ELSE);
    options.spare = 1;
    REFUSES(xt_count_by(people, by, 1, &options, &out.counts, &detail), XT_ARGUMENT_RANGE, "spare", ARGUMENTS);
    options.struct_size = 3;
    REFUSES(xt_count_by(people, by, 1, &options, &out.counts, &detail), XT_STRUCT_SIZE, "xt_count_options", ARGUMENTS);
    REFUSES(xt_count_by(NULL, by, 1, NULL, &out.counts, &detail), XT_NULL_ARGUMENT, "NULL|opened", ARGUMENTS);
    REFUSES(xt_counts_read(NULL, 0, 0, NULL, NULL), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_dimension_value_text(XT_DIMENSION_COUNT, 0, out.text, 1, &out.count), XT_ARGUMENT_RANGE, "argument",
            ARGUMENTS);
    REFUSES(xt_dimension_value_text(XT_DIMENSION_SEX, 0, NULL, 1, &out.count), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    const xt_verdict verdict = {0, 0, 0, 0};
    static xt_verdict_counts sizeless = {.struct_size = 3};
    REFUSES(xt_verdicts_count(&verdict, 1, &sizeless), XT_STRUCT_SIZE, "struct", ARGUMENTS);
    REFUSES(xt_verdicts_count(NULL, 1, &sizeless), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
}

static void of_a_directory(const xt_authority* trusted, const xt_digest_key* key, const xt_authority_key* secret) {
    char directory[1024];
    snprintf(directory, sizeof directory, "%s/keeping-%ld", folder, (long)getpid());
    xt_register* people = open_people(NULL);
    xt_register* opened = NULL;
    xt_feed* feed = NULL;
    CHECK(xt_register_create_directory(directory, people, key, secret, 1, &detail) == XT_OK);
    CHECK(xt_register_open_directory(directory, trusted, NULL, &opened, &detail) == XT_OK);
    CHECK(xt_feed_open(directory, key, NULL, &feed, &detail) == XT_OK);
    REFUSES(xt_register_replace(opened, path_of("people.xts"), trusted, key, NULL, &detail), XT_NOT_A_SNAPSHOT,
            "from a directory", SNAPSHOTS | FILES);
    REFUSES(xt_feed_next(feed, &out.change, 0, 0, &out.count, &detail), XT_ARGUMENT_RANGE, "capacity", ARGUMENTS);
    REFUSES(xt_feed_next(feed, NULL, 1, 0, &out.count, &detail), XT_NULL_ARGUMENT, "NULL|changes", ARGUMENTS | CHANGES);
    const xt_feed_options ahead = {.struct_size = XT_FEED_OPTIONS_BYTES, .from_sequence = 1000};
    REFUSES(xt_feed_open(directory, key, &ahead, &out.feed, &detail), XT_SEQUENCE_GAP, "", CHANGES | LOGS);
    xt_feed_free(feed);
    xt_register_free(opened);
    xt_register_free(people);
}

void refuse_keeping(const xt_digest_key* key, const xt_authority* trusted, const xt_authority_key* secret) {
    xt_register* people = open_people(NULL);
    replacing(people, trusted, key);
    writing(people, key, secret);
    keeping(people);
    following(key);
    counting(people);
    of_a_directory(trusted, key, secret);
    REFUSES(xt_authority_key_from_seed(NULL, &out.pair), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_authority_key_public(NULL, out.valid), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    xt_register_free(people);
}
