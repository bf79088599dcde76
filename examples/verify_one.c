// SPDX-License-Identifier: Apache-2.0
// Opens a snapshot and asks one thing about one citizen.
//   verify_one <folder of people.xts, digest.key and authority.pub>
#include <stdio.h>
#include <xacthuc.h>

static char words[256];
static xt_detail detail = {words, sizeof words, 0};

static const char* path_in(const char* folder, const char* file) {
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    return path;
}

// The register, or NULL; the reason then stands in the detail.
static xt_register* open_register(const char* folder, const xt_digest_key* key) {
    xt_authority* trusted = NULL;
    xt_register* opened = NULL;
    if (xt_authority_load(path_in(folder, "authority.pub"), &trusted, &detail) == XT_OK) {
        const xt_status status =
            xt_register_open_snapshot(path_in(folder, "people.xts"), trusted, key, NULL, &opened, &detail);
        if (status != XT_OK) opened = NULL;
    }
    xt_authority_free(trusted);
    return opened;
}

static xt_status ask(const xt_register* people, const xt_digest_key* key) {
    const xt_claims claims = {.struct_size = XT_CLAIMS_BYTES,
                              .id = xt_text_of("001199000001"),
                              .name = xt_text_of("NGUYEN THI HOA"),
                              .birth_date = xt_text_of("08/03/1998")};
    xt_request request;
    xt_verdict verdict;
    xt_freshness freshness;
    xt_status status = xt_prepare(key, &claims, &request, &detail);
    if (status == XT_OK) status = xt_verify(people, &request, 1, &verdict, &freshness);
    if (status != XT_OK) return status;
    printf("%s, name %s, as of change %llu\n", xt_outcome_text(xt_verdict_outcome(verdict)),
           xt_name_grade_text(xt_verdict_name_grade(verdict)), (unsigned long long)freshness.sequence);
    return XT_OK;
}

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    xt_digest_key* key = NULL;
    xt_register* people = NULL;
    int exit_code = 1;
    if (xt_digest_key_load(path_in(argv[1], "digest.key"), &key, &detail) == XT_OK &&
        (people = open_register(argv[1], key)) != NULL && ask(people, key) == XT_OK)
        exit_code = 0;
    else
        fprintf(stderr, "%s\n", words);
    xt_register_free(people);
    xt_digest_key_free(key);
    return exit_code;
}
