// SPDX-License-Identifier: Apache-2.0
// A register that is kept up: keys from memory, progress and its end, another snapshot in its place, waiting,
// following, scrubbing, closing.
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

static char words[512];
static xt_detail detail = {words, sizeof words, 0};
static char directory[1024];

static xt_change named(const xt_digest_key* key, const char* id, const char* name) {
    const xt_citizen who = {.struct_size = XT_CITIZEN_BYTES, .id = xt_text_of(id), .name = xt_text_of(name)};
    xt_change change;
    CHECK(xt_change_upsert(key, &who, NULL, &change, &detail) == XT_OK);
    return change;
}

static void keys_may_come_from_memory(void) {
    // Source: RFC 8032, section 7.1, test 2.
    static const uint8_t seed[32] = {0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda, 0x9d, 0xb6, 0xc3,
                                     0x46, 0xec, 0x11, 0x4e, 0x0f, 0x5b, 0x8a, 0x31, 0x9f, 0x35, 0xab,
                                     0xa6, 0x24, 0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8, 0xa6, 0xfb};
    static const uint8_t wanted[4] = {0x3d, 0x40, 0x17, 0xc3};
    static const uint8_t secret_name_key[16] = {1, 2, 3};
    uint8_t half[32];
    xt_authority_key* pair = NULL;
    xt_authority* trusted = NULL;
    xt_digest_key* key = NULL;
    CHECK(xt_authority_key_from_seed(seed, &pair) == XT_OK);
    CHECK(xt_authority_key_public(pair, half) == XT_OK && memcmp(half, wanted, sizeof wanted) == 0);
    CHECK(xt_authority_from_bytes(half, &trusted) == XT_OK);
    CHECK(xt_digest_key_from_bytes(secret_name_key, &key) == XT_OK);
    xt_register* people = open_people(NULL);
    CHECK(xt_register_save(people, path_of("of-memory.xts"), pair, 1, &detail) == XT_OK);
    xt_register* opened = NULL;
    CHECK(xt_register_open_snapshot(path_of("of-memory.xts"), trusted, NULL, NULL, &opened, &detail) == XT_OK);
    xt_register_free(opened);
    xt_register_free(people);
    xt_digest_key_free(key);
    xt_authority_free(trusted);
    xt_authority_key_free(pair);
}

// Counts the reports, and says no at the one of this number.
typedef struct {
    uint64_t reports, no_at, last_done, total;
} seen;
static int32_t see(void* context, uint64_t done, uint64_t total) {
    seen* told = context;
    CHECK(done <= total && total == XT_PARTITION_COUNT);
    told->last_done = done;
    told->total = total;
    return ++told->reports == told->no_at ? 1 : 0;
}

// Every long call tells how far it is, and ends with XT_CANCELLED when its caller says so.
static void long_calls_are_told_of_and_ended(const xt_authority* trusted, const xt_digest_key* key,
                                             const xt_authority_key* secret) {
    enum { opening, replacing, saving, counting, kinds };
    for (int kind = 0; kind != kinds; ++kind)
        for (uint64_t no_at = 0; no_at <= 1; ++no_at)
            for (uint32_t threads = 1; threads <= 2; ++threads) {
                seen told = {0, no_at, 0, 0};
                const xt_progress progress = {see, &told};
                const xt_snapshot_options reading = {
                    .struct_size = XT_SNAPSHOT_OPTIONS_BYTES, .threads = threads, .progress = progress};
                const xt_write_options writing = {
                    .struct_size = XT_WRITE_OPTIONS_BYTES, .threads = threads, .progress = progress};
                const xt_count_options of_counts = {
                    .struct_size = XT_COUNT_OPTIONS_BYTES, .threads = threads, .progress = progress};
                const uint32_t by[1] = {XT_DIMENSION_SEX};
                xt_register* people = open_people(NULL);
                xt_register* opened = NULL;
                xt_counts* counts = NULL;
                xt_status status = XT_UNEXPECTED;
                if (kind == opening)
                    status = xt_register_open_snapshot(path_of("people.xts"), trusted, key, &reading, &opened, &detail);
                if (kind == replacing)
                    status = xt_register_replace(people, path_of("people.xts"), trusted, key, &reading, &detail);
                if (kind == saving)
                    status = xt_register_save_with(people, path_of("saved.xts"), secret, &writing, &detail);
                if (kind == counting) status = xt_count_by(people, by, 1, &of_counts, &counts, &detail);
                // With two threads the caller's may find nothing left to do, and so nothing to tell before the end.
                if (no_at == 0 || threads == 1) {
                    CHECK(status == (no_at == 0 ? XT_OK : XT_CANCELLED));
                    CHECK((threads == 2 || told.reports >= 1) && (no_at == 0 || told.reports == 1));
                }
                CHECK((status == XT_CANCELLED) == (words[0] != '\0'));
                if (kind != counting && status == XT_OK) CHECK(told.last_done == told.total);
                xt_counts_free(counts);
                xt_register_free(opened);
                xt_register_free(people);
            }
    // What was cut off left nothing behind, and what is saved is whole.
    xt_register* again = NULL;
    CHECK(xt_register_open_snapshot(path_of("saved.xts"), trusted, key, NULL, &again, &detail) == XT_OK);
    xt_register_free(again);
}

static uint64_t sequence_of(const xt_register* opened) {
    xt_register_facts facts = {.struct_size = XT_REGISTER_FACTS_BYTES};
    CHECK(xt_register_look(opened, &facts) == XT_OK);
    return facts.as_of.sequence;
}

static unsigned outcome_of(const xt_register* people, const xt_digest_key* key, const char* id) {
    const xt_field fields[] = {{id, XT_ZERO_TERMINATED, XT_FIELD_ID, 0}, {"Mới", XT_ZERO_TERMINATED, XT_FIELD_NAME, 0}};
    xt_verdict verdict = {UINT16_MAX, 0, 0, 0};
    CHECK(xt_verify_fields(people, key, fields, 2, 0, &verdict, NULL, NULL) == XT_OK);
    return xt_verdict_outcome_at(&verdict, 0);
}

static void a_newer_snapshot_takes_the_place_of_an_older(const xt_authority* trusted, const xt_digest_key* key,
                                                         const xt_authority_key* secret) {
    xt_register* newer = open_people(NULL);
    xt_change change = named(key, "001199000055", "Mới");
    change.sequence = 8;
    change.time_unix_ms = INT64_C(1700000000001);
    CHECK(xt_register_apply(newer, &change, 1, NULL, NULL, &detail) == XT_OK);
    CHECK(xt_register_save(newer, path_of("newer.xts"), secret, 1, &detail) == XT_OK);
    xt_register_free(newer);
    for (uint32_t map = 0; map <= 1; ++map) {
        const xt_snapshot_options how = {.struct_size = XT_SNAPSHOT_OPTIONS_BYTES, .map = map};
        xt_register* people = open_people(&how);
        CHECK(sequence_of(people) == 7 && outcome_of(people, key, "001199000055") == XT_OUTCOME_NOT_FOUND);
        CHECK(xt_register_replace(people, path_of("newer.xts"), trusted, key, &how, &detail) == XT_OK);
        CHECK(sequence_of(people) == 8 && outcome_of(people, key, "001199000055") == XT_OUTCOME_VERIFIED);
        // The key came with it.
        CHECK(outcome_of(people, NULL, "001199000055") == XT_OUTCOME_VERIFIED);
        CHECK(xt_register_replace(people, path_of("people.xts"), trusted, key, &how, &detail) == XT_CHANGE_IS_OLDER);
        CHECK(sequence_of(people) == 8);
        // It can be changed, too, where it is in memory.
        CHECK(xt_register_apply(people, &change, 1, NULL, NULL, &detail) == (map == 0 ? XT_OK : XT_READ_ONLY));
        CHECK(xt_register_close(people, &detail) == XT_OK);
    }
}

static void changes_are_waited_for_and_followed(const xt_authority* trusted, const xt_digest_key* key,
                                                xt_register* writer) {
    const xt_registry_options reading = {
        .struct_size = XT_REGISTRY_OPTIONS_BYTES, .read_only = 1, .digest_key = key, .digest_key_file = "/nowhere"};
    xt_register* reader = NULL;
    CHECK(xt_register_open_directory(directory, trusted, &reading, &reader, &detail) == XT_OK);
    CHECK_TEXT(words, "");
    xt_feed* feed = NULL;
    CHECK(xt_feed_open(directory, key, NULL, &feed, &detail) == XT_OK);
    CHECK(xt_feed_position(feed) == 8);
    xt_change got[4];
    size_t count = 99;
    CHECK(xt_feed_next(feed, got, 4, 0, &count, &detail) == XT_OK && count == 0);
    CHECK(xt_feed_next(feed, got, 4, 25, &count, &detail) == XT_OK && count == 0);
    xt_freshness now = {0, 0};
    CHECK(xt_register_wait(reader, 7, 0, &now, &detail) == XT_TIMED_OUT);
    CHECK(xt_register_wait(writer, 7, 25, &now, &detail) == XT_TIMED_OUT && now.sequence == 0);
    CHECK(xt_register_wait(reader, 6, 0, &now, &detail) == XT_OK && now.sequence == 7);

    xt_change changes[3];
    const uint8_t no_key[XT_PUBLIC_KEY_BYTES] = {0};
    changes[0] = named(key, "001199000055", "Mới");
    CHECK(xt_change_erase(xt_text_of("001050000002"), &changes[1]) == XT_OK);
    CHECK(xt_change_set_key(xt_text_of("001199000001"), no_key, &changes[2]) == XT_OK);
    CHECK(xt_register_apply(writer, changes, 3, NULL, NULL, &detail) == XT_OK);
    CHECK(xt_register_wait(reader, 9, 60000, &now, &detail) == XT_OK && now.sequence == 10);
    CHECK(xt_register_wait(writer, 9, 0, NULL, &detail) == XT_OK);

    // One batch, handed out two at a time.
    CHECK(xt_feed_next(feed, got, 2, 60000, &count, &detail) == XT_OK && count == 2);
    CHECK(xt_feed_position(feed) == 10);
    CHECK(xt_feed_next(feed, got + 2, 2, 60000, &count, &detail) == XT_OK && count == 1);
    CHECK(xt_feed_position(feed) == 11);
    // Applied to the register that the registry was made of, they make it what the registry is.
    xt_register* follower = open_people(NULL);
    CHECK(xt_register_apply(follower, got, 3, NULL, &now, &detail) == XT_OK && now.sequence == 10);
    CHECK(outcome_of(follower, key, "001199000055") == XT_OUTCOME_VERIFIED);
    CHECK(outcome_of(follower, key, "001050000002") == XT_OUTCOME_NOT_FOUND);
    xt_register_free(follower);
    static const struct {
        uint32_t kind;
        const char* id;
        const char* json;
    } wanted[3] = {{XT_CHANGE_UPSERT, "001199000055", "\"change\":\"upsert\",\"id\":\"001199000055\",\"record\":\""},
                   {XT_CHANGE_ERASE, "001050000002", "\"change\":\"erase\",\"id\":\"001050000002\"}\n"},
                   {XT_CHANGE_SET_KEY, "001199000001", "\"id\":\"001199000001\",\"key\":\"none\"}\n"}};
    for (size_t i = 0; i != 3; ++i) {
        char id[13];
        char json[XT_CHANGE_JSON_BYTES];
        char little[5];
        size_t size = 0;
        CHECK(got[i].kind == wanted[i].kind && got[i].sequence == 8 + i && got[i].time_unix_ms > 0);
        CHECK(memcmp(got[i].record, changes[i].record, sizeof got[i].record) == 0);
        CHECK(xt_change_id(&got[i], id) == XT_OK);
        CHECK_TEXT(id, wanted[i].id);
        CHECK(xt_change_json(&got[i], json, sizeof json, &size) == XT_OK && size == strlen(json));
        CHECK(strstr(json, wanted[i].json) != NULL && strncmp(json, "{\"sequence\":", 12) == 0);
        CHECK(xt_change_json(&got[i], little, sizeof little, &size) == XT_OK && size == strlen(json));
        CHECK_TEXT(little, "{\"se");
        CHECK(xt_change_json(&got[i], NULL, 0, NULL) == XT_OK);
    }
    // The longest that there is.
    xt_change longest = named(key, "001199000055", "Mới");
    longest.kind = XT_CHANGE_UPSERT_WITH_KEY;
    memset(longest.public_key, 0xff, sizeof longest.public_key);
    longest.sequence = UINT64_MAX;
    longest.time_unix_ms = INT64_MIN;
    size_t size = 0;
    CHECK(xt_change_json(&longest, NULL, 0, &size) == XT_OK && size < XT_CHANGE_JSON_BYTES);

    xt_feed_free(feed);
    const xt_feed_options later = {.struct_size = XT_FEED_OPTIONS_BYTES, .from_sequence = 10};
    CHECK(xt_feed_open(directory, key, &later, &feed, &detail) == XT_OK);
    CHECK(xt_feed_next(feed, got, 4, 0, &count, &detail) == XT_OK && count == 1 && got[0].sequence == 10);
    xt_feed_free(feed);
    xt_feed_free(NULL);
    CHECK(xt_feed_position(NULL) == 0);
    CHECK(xt_register_close(reader, &detail) == XT_OK);
}

static void memory_is_checked(xt_register* opened) {
    xt_scrub_facts facts = {.struct_size = XT_SCRUB_FACTS_BYTES};
    CHECK(xt_register_scrub(opened, 0, 0, &facts, &detail) == XT_OK);
    CHECK(facts.partitions == XT_PARTITION_COUNT && facts.records == 3 && facts.damaged_slots == 0);
    CHECK(facts.first_damaged_partition == XT_PARTITION_COUNT && facts.partitions_repaired == 0);
    uint64_t in_steps = 0;
    for (uint32_t first = 0; first < XT_PARTITION_COUNT; first += 4096) {
        CHECK(xt_register_scrub(opened, first, 4096, &facts, &detail) == XT_OK && facts.partitions == 4096);
        in_steps += facts.records;
    }
    CHECK(in_steps == 3);
}

static void checkpoints_are_told_of_and_ended(xt_register* writer, const xt_digest_key* key) {
    seen told = {0, 1, 0, 0};
    xt_write_options options = {
        .struct_size = XT_WRITE_OPTIONS_BYTES, .threads = 1, .progress = {see, &told}, .snapshots_kept = 1};
    const xt_change change = named(key, "001199000056", "An");
    CHECK(xt_register_apply(writer, &change, 1, NULL, NULL, &detail) == XT_OK);
    xt_checkpoint_facts facts = {.struct_size = XT_CHECKPOINT_FACTS_BYTES};
    CHECK(xt_register_checkpoint_with(writer, &options, &facts, &detail) == XT_CANCELLED && told.reports == 1);
    told.no_at = 0;
    CHECK(xt_register_checkpoint_with(writer, &options, &facts, &detail) == XT_OK && facts.written == 1);
    CHECK(facts.as_of.sequence == 11 && told.last_done == XT_PARTITION_COUNT);
}

void test_keeping(void) {
    xt_digest_key* key = load_digests();
    xt_authority* trusted = NULL;
    xt_authority_key* secret = NULL;
    xt_register* writer = NULL;
    CHECK(xt_authority_load(path_of("authority.pub"), &trusted, NULL) == XT_OK);
    CHECK(xt_authority_key_load(path_of("authority.key"), &secret, NULL) == XT_OK);
    keys_may_come_from_memory();
    long_calls_are_told_of_and_ended(trusted, key, secret);
    a_newer_snapshot_takes_the_place_of_an_older(trusted, key, secret);

    snprintf(directory, sizeof directory, "%s/kept-%ld", folder, (long)getpid());
    xt_register* people = open_people(NULL);
    memory_is_checked(people);
    seen told = {0, 1, 0, 0};
    xt_write_options making = {.struct_size = XT_WRITE_OPTIONS_BYTES, .threads = 1, .progress = {see, &told}};
    CHECK(xt_register_create_directory_with(directory, people, key, secret, &making, &detail) == XT_CANCELLED);
    told.no_at = 0;
    CHECK(xt_register_create_directory_with(directory, people, key, secret, &making, &detail) == XT_OK);
    CHECK_TEXT(words, "");
    xt_register_free(people);
    told = (seen){0, 1, 0, 0};
    xt_registry_options opening = {
        .struct_size = XT_REGISTRY_OPTIONS_BYTES, .authority = secret, .threads = 1, .progress = {see, &told}};
    CHECK(xt_register_open_directory(directory, trusted, &opening, &writer, &detail) == XT_CANCELLED);
    told.no_at = 0;
    CHECK(xt_register_open_directory(directory, trusted, &opening, &writer, &detail) == XT_OK);
    memory_is_checked(writer);
    changes_are_waited_for_and_followed(trusted, key, writer);
    checkpoints_are_told_of_and_ended(writer, key);
    CHECK(xt_register_close(writer, &detail) == XT_OK);
    CHECK(xt_register_close(NULL, &detail) == XT_NULL_ARGUMENT);
    xt_authority_key_free(secret);
    xt_authority_free(trusted);
    xt_digest_key_free(key);
}
