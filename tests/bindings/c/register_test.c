// SPDX-License-Identifier: Apache-2.0
// Opening a snapshot, and what it says of itself.
#include "check.h"

static char words[512];
static xt_detail detail = {words, sizeof words, 0};

static void a_snapshot_says_what_it_is(const xt_digest_key* key) {
    for (uint32_t map = 0; map <= 1; ++map) {
        const xt_snapshot_options options = {.struct_size = XT_SNAPSHOT_OPTIONS_BYTES, .threads = 2, .map = map};
        xt_register* people = open_people(&options);
        xt_register_facts facts;
        memset(&facts, 0xff, sizeof facts);
        facts.struct_size = XT_REGISTER_FACTS_BYTES;
        CHECK(xt_register_look(people, &facts) == XT_OK);
        CHECK(facts.struct_size == XT_REGISTER_FACTS_BYTES);
        CHECK(facts.as_of.sequence == 7 && facts.as_of.as_of_unix_ms == INT64_C(1700000000000));
        CHECK(facts.citizens == 3 && facts.memory_bytes > 0);
        CHECK(facts.with_keys == 1 && facts.read_only == map);
        CHECK(facts.is_directory == 0 && facts.changes_replayed == 0 && facts.unusable_snapshots == 0);
        CHECK(facts.digest_key_fingerprint == xt_digest_key_fingerprint(key));
        facts.struct_size = XT_REGISTER_FACTS_BYTES - 1;
        CHECK(xt_register_look(people, &facts) == XT_STRUCT_SIZE);
        struct {
            xt_register_facts known;
            uint64_t added[2];
        } later;
        memset(&later, 0xff, sizeof later);
        later.known.struct_size = sizeof later;
        CHECK(xt_register_look(people, &later.known) == XT_OK);
        CHECK(later.known.citizens == 3 && later.known.struct_size == sizeof later);
        CHECK(later.added[0] == 0 && later.added[1] == 0);
        CHECK(xt_register_look(people, NULL) == XT_NULL_ARGUMENT);
        CHECK(xt_register_look(NULL, &facts) == XT_NULL_ARGUMENT);
        xt_register_free(people);
    }
    xt_register_free(NULL);
}

static void only_what_is_trusted_is_opened(const xt_digest_key* key) {
    xt_authority* trusted = NULL;
    xt_authority* foreign = NULL;
    xt_digest_key* foreign_key = NULL;
    CHECK(xt_authority_load(path_of("authority.pub"), &trusted, &detail) == XT_OK);
    CHECK(xt_authority_load(path_of("foreign.pub"), &foreign, &detail) == XT_OK);
    CHECK(xt_digest_key_load(path_of("foreign-digest.key"), &foreign_key, &detail) == XT_OK);
    xt_register* opened = NULL;
    const char* people = path_of("people.xts");
    CHECK(xt_register_open_snapshot(people, trusted, key, NULL, &opened, &detail) == XT_OK && opened != NULL);
    xt_register_free(opened);
    opened = NULL;
    CHECK(xt_register_open_snapshot(people, foreign, key, NULL, &opened, &detail) == XT_FOREIGN_AUTHORITY);
    CHECK(opened == NULL && strstr(words, "people.xts") != NULL);
    CHECK(xt_register_open_snapshot(people, trusted, foreign_key, NULL, &opened, &detail) == XT_FOREIGN_DIGEST_KEY);
    CHECK(xt_register_open_snapshot(NULL, trusted, key, NULL, &opened, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_open_snapshot(people, NULL, key, NULL, &opened, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_open_snapshot(people, trusted, key, NULL, NULL, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_open_snapshot(path_of("digest.key"), trusted, key, NULL, &opened, &detail) == XT_NOT_A_SNAPSHOT);
    CHECK(xt_register_open_snapshot(path_of("nobody.xts"), trusted, key, NULL, &opened, &detail) == XT_NOT_FOUND);
    CHECK(strstr(words, "nobody.xts") != NULL);
    xt_digest_key_free(foreign_key);
    xt_authority_free(foreign);
    xt_authority_free(trusted);
}

static void options_are_looked_at(void) {
    xt_authority* trusted = NULL;
    CHECK(xt_authority_load(path_of("authority.pub"), &trusted, &detail) == XT_OK);
    const struct {
        xt_snapshot_options options;
        xt_status status;
    } cases[] = {
        {{XT_SNAPSHOT_OPTIONS_BYTES, 0, 0, 0, 0, {NULL, NULL}, NULL, 0, 0}, XT_OK},
        {{XT_SNAPSHOT_OPTIONS_BYTES, 1, 1, XT_CHECK_EVERYTHING, 0, {NULL, NULL}, NULL, 0, 0}, XT_OK},
        {{XT_SNAPSHOT_OPTIONS_BYTES, 1, 1, XT_CHECK_DAMAGE, 0, {NULL, NULL}, NULL, 0, 0}, XT_OK},
        {{XT_SNAPSHOT_OPTIONS_BYTES, 1, 1, XT_CHECK_DIRECTORY, 0, {NULL, NULL}, NULL, 0, 0}, XT_OK},
        {{XT_SNAPSHOT_OPTIONS_BYTES, 1, 1, 3, 0, {NULL, NULL}, NULL, 0, 0}, XT_ARGUMENT_RANGE},
        {{XT_SNAPSHOT_OPTIONS_BYTES, 1, 0, XT_CHECK_DAMAGE, 0, {NULL, NULL}, NULL, 0, 0}, XT_ARGUMENT_RANGE},
        {{XT_SNAPSHOT_OPTIONS_BYTES, 1, 2, 0, 0, {NULL, NULL}, NULL, 0, 0}, XT_ARGUMENT_RANGE},
        {{XT_SNAPSHOT_OPTIONS_BYTES, UINT32_MAX, 0, 0, 0, {NULL, NULL}, NULL, 0, 0}, XT_ARGUMENT_RANGE},
        {{XT_SNAPSHOT_OPTIONS_BYTES, 0, 0, 0, 1, {NULL, NULL}, NULL, 0, 0}, XT_ARGUMENT_RANGE},
        {{0, 0, 0, 0, 0, {NULL, NULL}, NULL, 0, 0}, XT_STRUCT_SIZE},
    };
    for (size_t i = 0; i != sizeof cases / sizeof *cases; ++i) {
        xt_register* opened = NULL;
        CHECK(xt_register_open_snapshot(path_of("people.xts"), trusted, NULL, &cases[i].options, &opened, &detail) ==
              cases[i].status);
        CHECK((opened != NULL) == (cases[i].status == XT_OK));
        xt_register_free(opened);
    }
    xt_authority_free(trusted);
}

void test_register(void) {
    xt_digest_key* key = load_digests();
    a_snapshot_says_what_it_is(key);
    only_what_is_trusted_is_opened(key);
    options_are_looked_at();
    xt_digest_key_free(key);
}
