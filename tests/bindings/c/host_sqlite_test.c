// SPDX-License-Identifier: Apache-2.0
// A host program that brings an SQLite of its own, whose functions then stand in for those that libxacthuc_c was linked
// with: c_abi_host_sqlite_test <folder of the fixture> <old | single | no_wal | part | whole> <refused | used>.
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

unsigned check_count = 0;
unsigned check_failures = 0;
const char* folder = NULL;

static const char* mode = "";
static char words[1024];
static xt_detail detail = {words, sizeof words, 0};

#if !defined(HOST_SQLITE_WHOLE)
// The part that says what the SQLite is; all else is that of the shared library.
static int asked = 0;
int sqlite3_libversion_number(void) {
    ++asked;
    return strcmp(mode, "old") == 0 ? 3007000 : SQLITE_VERSION_NUMBER;
}
int sqlite3_threadsafe(void) {
    return strcmp(mode, "single") != 0;
}
int sqlite3_compileoption_used(const char* name) {
    return strcmp(mode, "no_wal") == 0 && strstr(name, "OMIT_WAL") != NULL;
}
static const char* reason(void) {
    if (strcmp(mode, "old") == 0) return "is older than";
    if (strcmp(mode, "single") == 0) return "single thread";
    if (strcmp(mode, "no_wal") == 0) return "without write-ahead logs";
    return "is only a part, and the rest is in";
}
static int stand_in(void) {
    return asked != 0;
}
#else
static const char* reason(void) {
    return "";
}
// Who has hooked the host's SQLite sees whether it is the library's too.
static int opened_by_library = 0;
static int on_open(sqlite3* database, const char** message, const struct sqlite3_api_routines* routines) {
    (void)database, (void)message, (void)routines;
    ++opened_by_library;
    return SQLITE_OK;
}
static int stand_in(void) {
    return opened_by_library != 0;
}
#endif

static xt_status use_registry(const char* directory) {
    xt_digest_key* key = NULL;
    xt_authority* trusted = NULL;
    xt_authority_key* secret = NULL;
    xt_register* people = NULL;
    xt_register* opened = NULL;
    CHECK(xt_digest_key_load(path_of("digest.key"), &key, NULL) == XT_OK);
    CHECK(xt_authority_load(path_of("authority.pub"), &trusted, NULL) == XT_OK);
    CHECK(xt_authority_key_load(path_of("authority.key"), &secret, NULL) == XT_OK);
    // Nothing but a registry needs SQLite.
    CHECK(xt_register_open_snapshot(path_of("people.xts"), trusted, key, NULL, &people, &detail) == XT_OK);
    xt_status status = xt_register_create_directory(directory, people, key, secret, 1, &detail);
    if (status == XT_OK) {
        const xt_registry_options options = {
            .struct_size = XT_REGISTRY_OPTIONS_BYTES, .authority = secret, .digest_key_file = path_of("digest.key")};
        xt_freshness freshness;
        xt_change change;
        CHECK(xt_register_open_directory(directory, trusted, &options, &opened, &detail) == XT_OK);
        CHECK(xt_change_erase(xt_text_of("079080000003"), &change) == XT_OK);
        CHECK(xt_register_apply(opened, &change, 1, NULL, &freshness, &detail) == XT_OK && freshness.sequence == 8);
    }
    xt_register_free(opened);
    xt_register_free(people);
    xt_authority_key_free(secret);
    xt_authority_free(trusted);
    xt_digest_key_free(key);
    return status;
}

const char* path_of(const char* name) {
    static char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    folder = argv[1];
    mode = argv[2];
    char directory[1024];
    snprintf(directory, sizeof directory, "%s/hosted-%s-%ld", folder, mode, (long)getpid());
#if defined(HOST_SQLITE_WHOLE)
    CHECK(sqlite3_auto_extension((void (*)(void))on_open) == SQLITE_OK);
#endif
    const xt_status status = use_registry(directory);
    if (strcmp(argv[3], "refused") == 0) {
        CHECK(status == XT_UNSUITABLE_SQLITE && strstr(words, reason()) != NULL);
        CHECK(strstr(words, "Where a program brings an SQLite of its own") != NULL);
        CHECK(stand_in());
        struct stat left;
        CHECK(stat(directory, &left) != 0);
    } else {
        CHECK(status == XT_OK);
        CHECK(stand_in() == (strcmp(argv[3], "used") == 0));
    }
    printf("%s: %u checks, %u failures: %s\n", mode, check_count, check_failures, words);
    return check_failures == 0 && check_count > 0 ? 0 : 1;
}
