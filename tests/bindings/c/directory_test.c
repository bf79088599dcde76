// SPDX-License-Identifier: Apache-2.0
// A registry directory: made, opened, changed, followed by a reader, checkpointed, opened again.
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

static void a_directory_is_made(const xt_digest_key* key, const xt_authority_key* secret) {
    xt_digest_key* foreign = NULL;
    CHECK(xt_digest_key_load(path_of("foreign-digest.key"), &foreign, NULL) == XT_OK);
    xt_register* people = open_people(NULL);
    CHECK(xt_register_create_directory(NULL, people, key, secret, 0, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_create_directory(directory, NULL, key, secret, 0, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_create_directory(directory, people, NULL, secret, 0, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_create_directory(directory, people, key, NULL, 0, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_create_directory(directory, people, key, secret, UINT32_MAX, &detail) == XT_ARGUMENT_RANGE);
    CHECK(xt_register_create_directory(directory, people, foreign, secret, 0, &detail) == XT_FOREIGN_DIGEST_KEY);
    CHECK(xt_register_create_directory(directory, people, key, secret, 2, &detail) == XT_OK);
    CHECK_TEXT(words, "");
    CHECK(xt_register_create_directory(directory, people, key, secret, 0, &detail) == XT_ALREADY_EXISTS);
    xt_register_free(people);
    xt_digest_key_free(foreign);
}

static xt_register* open_directory(const xt_authority* trusted, const xt_authority_key* secret, uint32_t read_only) {
    const xt_registry_options options = {.struct_size = XT_REGISTRY_OPTIONS_BYTES,
                                         .authority = secret,
                                         .digest_key_file = path_of("digest.key"),
                                         .threads = 2,
                                         .read_only = read_only};
    xt_register* opened = NULL;
    CHECK(xt_register_open_directory(directory, trusted, &options, &opened, &detail) == XT_OK && opened != NULL);
    CHECK_TEXT(words, "");
    return opened;
}

static xt_register_facts facts_of(const xt_register* opened) {
    xt_register_facts facts = {.struct_size = XT_REGISTER_FACTS_BYTES};
    CHECK(xt_register_look(opened, &facts) == XT_OK);
    return facts;
}

static void only_a_directory_of_a_registry_is_opened(const xt_authority* trusted) {
    xt_register* opened = NULL;
    xt_authority* foreign = NULL;
    CHECK(xt_authority_load(path_of("foreign.pub"), &foreign, NULL) == XT_OK);
    CHECK(xt_register_open_directory(NULL, trusted, NULL, &opened, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_open_directory(directory, NULL, NULL, &opened, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_open_directory(directory, trusted, NULL, NULL, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_open_directory(directory, foreign, NULL, &opened, &detail) == XT_FOREIGN_AUTHORITY);
    CHECK(opened == NULL && words[0] != '\0');
    CHECK(xt_register_open_directory(folder, trusted, NULL, &opened, &detail) == XT_NOT_A_REGISTRY);
    xt_registry_options options = {.struct_size = XT_REGISTRY_OPTIONS_BYTES, .read_only = 2};
    CHECK(xt_register_open_directory(directory, trusted, &options, &opened, &detail) == XT_ARGUMENT_RANGE);
    options.read_only = 0;
    options.threads = UINT32_MAX;
    CHECK(xt_register_open_directory(directory, trusted, &options, &opened, &detail) == XT_ARGUMENT_RANGE);
    options.threads = 0;
    options.digest_key_file = path_of("foreign-digest.key");
    CHECK(xt_register_open_directory(directory, trusted, &options, &opened, &detail) == XT_FOREIGN_DIGEST_KEY);
    options.struct_size = 31;
    CHECK(xt_register_open_directory(directory, trusted, &options, &opened, &detail) == XT_STRUCT_SIZE);
    options = (xt_registry_options){.struct_size = XT_REGISTRY_OPTIONS_BYTES, .at_least_sequence = 1000000};
    CHECK(xt_register_open_directory(directory, trusted, &options, &opened, &detail) == XT_SEQUENCE_GAP);
    options = (xt_registry_options){.struct_size = XT_REGISTRY_OPTIONS_BYTES, .mark_file = path_of("no-such.mark")};
    CHECK(xt_register_open_directory(directory, trusted, &options, &opened, &detail) == XT_DAMAGED_CHANGES);
    CHECK(opened == NULL);
    xt_authority_free(foreign);
}

static void changes_are_all_or_none(xt_register* writer, xt_register* reader, const xt_digest_key* key) {
    xt_change changes[3] = {named(key, "001199000009", "Phạm Thị Mới"), named(key, "001199000001", "Nguyễn Thị Khác"),
                            named(key, "079080000003", "Lê Văn Chín")};
    size_t place = 99;
    xt_freshness freshness = {0, 0};
    CHECK(xt_register_apply(writer, changes, 2, &place, &freshness, &detail) == XT_OK);
    CHECK(place == 2 && freshness.sequence == 9 && freshness.as_of_unix_ms > INT64_C(1700000000000));
    CHECK(outcome_of_name(writer, key, "001199000001", "Nguyễn Thị Khác") == XT_OUTCOME_VERIFIED);
    CHECK(outcome_of_name(reader, key, "001199000009", "Phạm Thị Mới") == XT_OUTCOME_NOT_FOUND);
    CHECK(xt_register_refresh(reader, &freshness, &detail) == XT_OK && freshness.sequence == 9);
    CHECK(outcome_of_name(reader, key, "001199000009", "Phạm Thị Mới") == XT_OUTCOME_VERIFIED);
    CHECK(facts_of(reader).as_of.sequence == 9 && facts_of(reader).citizens == 4);

    CHECK(xt_change_erase(xt_text_of("001199000777"), &changes[1]) == XT_OK);
    CHECK(xt_register_apply(writer, changes, 3, &place, &freshness, &detail) == XT_CITIZEN_UNKNOWN);
    CHECK(place == 1 && freshness.sequence == 9 && strstr(words, ": change 1") != NULL);
    changes[1] = changes[0];
    changes[2].kind = 17;
    CHECK(xt_register_apply(writer, changes, 3, &place, &freshness, &detail) == XT_ARGUMENT_RANGE && place == 2);
    CHECK(outcome_of_name(writer, key, "079080000003", "Lê Văn Tám") == XT_OUTCOME_VERIFIED);
    CHECK(xt_register_apply(writer, NULL, 0, &place, &freshness, &detail) == XT_OK && freshness.sequence == 9);
    CHECK(xt_register_apply(reader, changes, 1, &place, NULL, &detail) == XT_READ_ONLY && place == 1);
    xt_change* many = malloc(100001 * sizeof *many);
    if (many == NULL) abort();
    for (size_t i = 0; i != 100001; ++i) many[i] = changes[0];
    CHECK(xt_register_apply(writer, many, 100001, &place, NULL, &detail) == XT_CODE_RANGE && place == 100001);
    free(many);
}

static void checkpoints_are_written(xt_register* writer, xt_register* reader, const xt_authority* trusted) {
    xt_checkpoint_facts facts = {.struct_size = XT_CHECKPOINT_FACTS_BYTES};
    CHECK(xt_register_checkpoint(writer, 2, 0, &facts, &detail) == XT_OK);
    CHECK(facts.written == 1 && facts.citizens == 4 && facts.as_of.sequence == 9 && facts.changes_merged == 2);
    CHECK(facts.file_bytes > 0 && facts.struct_size == XT_CHECKPOINT_FACTS_BYTES);
    CHECK(xt_register_checkpoint(writer, 0, 1, &facts, &detail) == XT_OK && facts.written == 0);
    CHECK(xt_register_checkpoint(writer, 0, 0, NULL, NULL) == XT_OK);
    facts.struct_size = 8;
    CHECK(xt_register_checkpoint(writer, 0, 0, &facts, &detail) == XT_STRUCT_SIZE);
    CHECK(xt_register_checkpoint(NULL, 0, 0, NULL, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_checkpoint(writer, UINT32_MAX, 0, NULL, &detail) == XT_ARGUMENT_RANGE);
    CHECK(xt_register_checkpoint(reader, 0, 0, NULL, &detail) == XT_READ_ONLY);
    CHECK(xt_register_refresh(writer, NULL, &detail) == XT_OK);
    CHECK(xt_register_refresh(NULL, NULL, &detail) == XT_NULL_ARGUMENT);
    xt_register* second = NULL;
    CHECK(xt_register_open_directory(directory, trusted, NULL, &second, &detail) == XT_REGISTRY_LOCKED);
    xt_register* people = open_people(NULL);
    CHECK(xt_register_checkpoint(people, 0, 0, NULL, &detail) == XT_NOT_A_REGISTRY);
    CHECK(xt_register_refresh(people, NULL, &detail) == XT_NOT_A_REGISTRY);
    xt_register_free(people);
}

static int position_is(const xt_register* opened, const char* text) {
    uint8_t found[XT_SOURCE_POSITION_BYTES_MAX];
    size_t size = 99;
    CHECK(xt_register_source_position(opened, found, sizeof found, &size, &detail) == XT_OK);
    return size == strlen(text) && memcmp(found, text, size) == 0;
}

static void positions_come_with_changes(const xt_digest_key* key, const xt_authority* trusted,
                                        const xt_authority_key* secret) {
    char of_its_own[1100];
    snprintf(of_its_own, sizeof of_its_own, "%s-followed", directory);
    xt_register* people = open_people(NULL);
    const xt_change change = named(key, "001199000009", "Phạm Thị Mới");
    const uint8_t* const later = (const uint8_t*)"later";
    size_t size = 0;
    CHECK(xt_register_apply_from(people, &change, 1, later, 5, NULL, NULL, &detail) == XT_NOT_A_REGISTRY);
    CHECK(xt_register_source_position(people, NULL, 0, &size, &detail) == XT_NOT_A_REGISTRY);
    xt_write_options how = {.struct_size = XT_WRITE_OPTIONS_BYTES,
                            .source_position = (const uint8_t*)"first copy",
                            .source_position_bytes = 10};
    CHECK(xt_register_create_directory_with(of_its_own, people, key, secret, &how, &detail) == XT_OK);
    how.source_position = NULL;
    CHECK(xt_register_create_directory_with(of_its_own, people, key, secret, &how, &detail) == XT_NULL_ARGUMENT);
    how.struct_size = 32;  // of the first version, which had no position
    CHECK(xt_register_create_directory_with(of_its_own, people, key, secret, &how, &detail) == XT_ALREADY_EXISTS);
    xt_register_free(people);

    const xt_registry_options options = {.struct_size = XT_REGISTRY_OPTIONS_BYTES};
    xt_register* writer = NULL;
    CHECK(xt_register_open_directory(of_its_own, trusted, &options, &writer, &detail) == XT_OK);
    CHECK(position_is(writer, "first copy"));
    CHECK(xt_register_apply_from(writer, &change, 1, later, 5, NULL, NULL, &detail) == XT_OK);
    CHECK(position_is(writer, "later"));
    xt_freshness freshness = {0, 0};
    CHECK(xt_register_apply_from(writer, NULL, 0, (const uint8_t*)"later still", 11, NULL, &freshness, NULL) == XT_OK);
    CHECK(freshness.sequence == 8 && position_is(writer, "later still"));
    CHECK(xt_register_apply_from(writer, &change, 1, NULL, 0, NULL, NULL, &detail) == XT_OK);
    CHECK(position_is(writer, "later still"));
    uint8_t little[5] = {0};
    CHECK(xt_register_source_position(writer, little, sizeof little, &size, &detail) == XT_OK);
    CHECK(size == 11 && memcmp(little, "later", 5) == 0);
    CHECK(xt_register_source_position(writer, NULL, 5, &size, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_source_position(writer, NULL, 0, NULL, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_source_position(NULL, NULL, 0, &size, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_apply_from(NULL, NULL, 0, NULL, 0, NULL, NULL, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_apply_from(writer, NULL, 0, NULL, 1, NULL, NULL, &detail) == XT_NULL_ARGUMENT);
    static const uint8_t long_position[XT_SOURCE_POSITION_BYTES_MAX + 1];
    CHECK(xt_register_apply_from(writer, NULL, 0, long_position, sizeof long_position, NULL, NULL, &detail) ==
          XT_CODE_RANGE);
    CHECK(xt_register_close(writer, &detail) == XT_OK);
    CHECK(xt_register_open_directory(of_its_own, trusted, &options, &writer, &detail) == XT_OK);
    CHECK(position_is(writer, "later still"));
    xt_register_free(writer);
}

void test_directory(void) {
    snprintf(directory, sizeof directory, "%s/registry-%ld", folder, (long)getpid());
    xt_digest_key* key = load_digests();
    xt_authority* trusted = NULL;
    xt_authority_key* secret = NULL;
    CHECK(xt_authority_load(path_of("authority.pub"), &trusted, &detail) == XT_OK);
    CHECK(xt_authority_key_load(path_of("authority.key"), &secret, &detail) == XT_OK);
    a_directory_is_made(key, secret);
    positions_come_with_changes(key, trusted, secret);
    only_a_directory_of_a_registry_is_opened(trusted);
    xt_register* writer = open_directory(trusted, secret, 0);
    xt_register* reader = open_directory(trusted, NULL, 1);
    CHECK(facts_of(writer).is_directory == 1 && facts_of(writer).read_only == 0);
    CHECK(facts_of(reader).is_directory == 1 && facts_of(reader).read_only == 1);
    CHECK(facts_of(writer).as_of.sequence == 7 && facts_of(writer).citizens == 3);
    changes_are_all_or_none(writer, reader, key);
    checkpoints_are_written(writer, reader, trusted);
    const xt_change last = named(key, "001199000010", "Đỗ Văn Cuối");
    CHECK(xt_register_apply(writer, &last, 1, NULL, NULL, &detail) == XT_OK);
    xt_register_free(reader);
    xt_register_free(writer);

    xt_register* again = NULL;
    CHECK(xt_register_open_directory(directory, trusted, NULL, &again, &detail) == XT_OK);
    const xt_register_facts facts = facts_of(again);
    CHECK(facts.as_of.sequence == 10 && facts.citizens == 5 && facts.changes_replayed == 1);
    CHECK(facts.unusable_snapshots == 0);
    CHECK(outcome_of_name(again, key, "001199000010", "Đỗ Văn Cuối") == XT_OUTCOME_VERIFIED);
    CHECK(xt_register_checkpoint(again, 0, 0, NULL, &detail) == XT_READ_ONLY);  // nobody to sign it
    xt_register_free(again);
    xt_authority_key_free(secret);
    xt_authority_free(trusted);
    xt_digest_key_free(key);
}
