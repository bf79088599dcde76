// SPDX-License-Identifier: Apache-2.0
// What the tests in C check with: CHECK(what must be true) says where it was not, and goes on.
#pragma once

#include <stdio.h>
#include <string.h>
#include <xacthuc.h>

extern unsigned check_count;
extern unsigned check_failures;
// The folder of the fixture.
extern const char* folder;

#define CHECK(condition)                                                              \
    do {                                                                              \
        ++check_count;                                                                \
        if (!(condition)) {                                                           \
            ++check_failures;                                                         \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
        }                                                                             \
    } while (0)
#define CHECK_TEXT(found, wanted)                                                                     \
    do {                                                                                              \
        const char* found_text = (found);                                                             \
        ++check_count;                                                                                \
        if (strcmp(found_text, (wanted)) != 0) {                                                      \
            ++check_failures;                                                                         \
            fprintf(stderr, "%s:%d: «%s», and not «%s»\n", __FILE__, __LINE__, found_text, (wanted)); \
        }                                                                                             \
    } while (0)

// The path of a file of the fixture; one at a time.
const char* path_of(const char* name);
// The keys of the fixture, and its register, opened with these options. The caller frees them; NULL when it failed.
xt_digest_key* load_digests(void);
xt_register* open_people(const xt_snapshot_options* options);
// What is answered to the question whether somebody has this name.
unsigned outcome_of_name(const xt_register* people, const xt_digest_key* key, const char* id, const char* name);

void test_interface(void);
void test_text(void);
void test_columns(void);
void test_arrow(void);
void test_counts(void);
void test_keeping(void);
void test_fields(void);
void test_verdicts(void);
void test_register(void);
void test_verify(void);
void test_policy(void);
void test_ledger(void);
void test_proofs(void);
void test_changes(void);
void test_directory(void);
void test_partitions(void);
void test_ed25519(void);
void test_messages(void);
