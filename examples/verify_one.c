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

// The digest key is the one that the register was opened with.
static xt_status ask(const xt_register* people) {
    const xt_field fields[] = {{"001199000001", XT_ZERO_TERMINATED, XT_FIELD_ID, 0},
                               {"NGUYEN THI HOA", XT_ZERO_TERMINATED, XT_FIELD_NAME, 0},
                               {"08/03/1998", XT_ZERO_TERMINATED, XT_FIELD_BIRTH_DATE, 0}};
    xt_verdict verdict;
    xt_freshness freshness;
    uint32_t failed = XT_FIELD_NONE;
    const xt_status status = xt_verify_fields(people, NULL, fields, 3, 0, &verdict, &freshness, &failed);
    if (status != XT_OK) {
        snprintf(words, sizeof words, "%s: %s", xt_field_text(failed), xt_message(status));
        return status;
    }
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
        (people = open_register(argv[1], key)) != NULL && ask(people) == XT_OK)
        exit_code = 0;
    else
        fprintf(stderr, "%s\n", words);
    xt_register_free(people);
    xt_digest_key_free(key);
    return exit_code;
}
