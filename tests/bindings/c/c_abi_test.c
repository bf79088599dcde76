// SPDX-License-Identifier: Apache-2.0
// Runs the tests in C: c_abi_test <folder of the fixture>.
#include "check.h"

unsigned check_count = 0;
unsigned check_failures = 0;
const char* folder = NULL;

const char* path_of(const char* name) {
    static char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

xt_digest_key* load_digests(void) {
    xt_digest_key* key = NULL;
    CHECK(xt_digest_key_load(path_of("digest.key"), &key, NULL) == XT_OK);
    return key;
}

xt_register* open_people(const xt_snapshot_options* options) {
    char room[256];
    xt_detail detail = {room, sizeof room, 0};
    xt_authority* trusted = NULL;
    CHECK(xt_authority_load(path_of("authority.pub"), &trusted, &detail) == XT_OK);
    CHECK_TEXT(room, "");
    xt_register* opened = NULL;
    CHECK(xt_register_open_snapshot(path_of("people.xts"), trusted, NULL, options, &opened, &detail) == XT_OK);
    CHECK_TEXT(room, "");
    xt_authority_free(trusted);
    return opened;
}

unsigned outcome_of_name(const xt_register* people, const xt_digest_key* key, const char* id, const char* name) {
    const xt_claims claims = {.struct_size = XT_CLAIMS_BYTES, .id = xt_text_of(id), .name = xt_text_of(name)};
    xt_request request;
    xt_verdict verdict = {UINT16_MAX, 0, 0, 0};
    CHECK(xt_prepare(key, &claims, &request, NULL) == XT_OK);
    CHECK(xt_verify(people, &request, 1, &verdict, NULL) == XT_OK);
    return xt_verdict_outcome(verdict);
}

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    folder = argv[1];
    test_interface();
    test_text();
    test_columns();
    test_arrow();
    test_counts();
    test_keeping();
    test_fields();
    test_verdicts();
    test_register();
    test_verify();
    test_proofs();
    test_policy();
    test_ledger();
    test_changes();
    test_directory();
    test_partitions();
    test_ed25519();
    test_messages();
    printf("%u checks, %u failures\n", check_count, check_failures);
    return check_failures == 0 && check_count > 0 ? 0 : 1;
}
