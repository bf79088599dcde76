// SPDX-License-Identifier: Apache-2.0
// Changes: made from text, made in the register, saved.
#include <sodium.h>

#include "check.h"

static char words[512];
static xt_detail detail = {words, sizeof words, 0};

static xt_citizen citizen_named(const char* id, const char* name) {
    const xt_citizen who = {.struct_size = XT_CITIZEN_BYTES, .id = xt_text_of(id), .name = xt_text_of(name)};
    return who;
}

static void changes_are_seen(const xt_digest_key* key) {
    xt_register* people = open_people(NULL);
    uint8_t public_key[XT_PUBLIC_KEY_BYTES] = {7};
    xt_change changes[4];
    xt_citizen who = citizen_named("001199000009", "Phạm Thị Mới");
    CHECK(xt_change_upsert(key, &who, NULL, &changes[0], &detail) == XT_OK);
    who.name = xt_text_of("Phạm Thị Cũ");
    CHECK(xt_change_upsert(key, &who, public_key, &changes[1], &detail) == XT_OK);
    CHECK(xt_change_erase(xt_text_of("001050000002"), &changes[2]) == XT_OK);
    CHECK(xt_change_set_key(xt_text_of("001199000001"), NULL, &changes[3]) == XT_OK);
    changes[2].sequence = 10;
    changes[2].time_unix_ms = 11;
    size_t place = 99;
    xt_freshness freshness = {0, 0};
    CHECK(xt_register_apply(people, changes, 1, &place, &freshness, &detail) == XT_OK);
    CHECK(place == 1 && freshness.sequence == 7);
    CHECK(outcome_of_name(people, key, "001199000009", "Phạm Thị Mới") == XT_OUTCOME_VERIFIED);
    CHECK(xt_register_apply(people, changes + 1, 3, &place, &freshness, &detail) == XT_OK);
    CHECK(place == 3 && freshness.sequence == 10 && freshness.as_of_unix_ms == 11);
    CHECK(outcome_of_name(people, key, "001199000009", "Phạm Thị Mới") == XT_OUTCOME_CLAIM_MISMATCH);
    CHECK(outcome_of_name(people, key, "001199000009", "Phạm Thị Cũ") == XT_OUTCOME_VERIFIED);
    CHECK(outcome_of_name(people, key, "001050000002", "Trần Văn An") == XT_OUTCOME_NOT_FOUND);
    xt_register_facts facts = {.struct_size = XT_REGISTER_FACTS_BYTES};
    CHECK(xt_register_look(people, &facts) == XT_OK);
    CHECK(facts.citizens == 3 && facts.as_of.sequence == 10);

    // Those before a change that is refused stay, those after it are not made.
    CHECK(xt_change_set_key(xt_text_of("001199000001"), public_key, &changes[0]) == XT_OK);
    changes[0].sequence = 20;
    CHECK(xt_change_erase(xt_text_of("001050000002"), &changes[1]) == XT_OK);
    CHECK(xt_change_erase(xt_text_of("001199000001"), &changes[2]) == XT_OK);
    CHECK(xt_register_apply(people, changes, 3, &place, &freshness, &detail) == XT_CITIZEN_UNKNOWN);
    CHECK(place == 1 && freshness.sequence == 20 && strstr(words, ": change 1") != NULL);
    CHECK(outcome_of_name(people, key, "001199000001", "Nguyễn Thị Hòa") == XT_OUTCOME_VERIFIED);
    CHECK(xt_register_apply(people, NULL, 0, NULL, NULL, NULL) == XT_OK);
    CHECK(xt_register_apply(people, NULL, 1, &place, NULL, &detail) == XT_NULL_ARGUMENT && place == 1);
    CHECK(xt_register_apply(NULL, changes, 1, NULL, NULL, &detail) == XT_NULL_ARGUMENT);
    xt_register_free(people);
}

static void only_changes_that_were_made_are_applied(const xt_digest_key* key) {
    xt_register* people = open_people(NULL);
    const xt_citizen who = citizen_named("001199000009", "Phạm Thị Mới");
    xt_change good;
    CHECK(xt_change_upsert(key, &who, NULL, &good, NULL) == XT_OK);
    xt_change bad[6] = {good, good, good, good, good, {.kind = 0}};
    bad[0].kind = 5;
    bad[1].spare = 1;
    bad[2].record[2] ^= 1;  // its check does not match any more
    CHECK(xt_change_erase(xt_text_of("001199000001"), &bad[3]) == XT_OK);
    bad[3].record[0] = 0;
    bad[4] = bad[3];
    bad[4].record[0] = UINT64_C(1000000000000);
    for (size_t i = 0; i != 6; ++i) {
        CHECK(xt_register_apply(people, &bad[i], 1, NULL, NULL, &detail) == XT_ARGUMENT_RANGE);
    }
    const xt_snapshot_options mapped = {.struct_size = XT_SNAPSHOT_OPTIONS_BYTES, .map = 1};
    xt_register* read_only = open_people(&mapped);
    CHECK(xt_register_apply(read_only, &good, 1, NULL, NULL, &detail) == XT_READ_ONLY);
    xt_register_free(read_only);
    xt_register_free(people);
}

static void every_field_of_a_citizen_is_stored(const xt_digest_key* key) {
    xt_register* people = open_people(NULL);
    xt_citizen who = citizen_named("079080000008", "Ngô Đình Tý");
    who.birth_date = xt_text_of("1980-05-06");
    who.sex = xt_text_of("male");
    who.life = xt_text_of("alive");
    who.registration = xt_text_of("active");
    who.account_level = xt_text_of("level_2");
    who.account = xt_text_of("active");
    who.document = xt_text_of("valid");
    who.document_expiry = xt_text_of("Không thời hạn");
    who.province = xt_text_of("79");
    who.ward = xt_text_of("26734");
    who.superseded = xt_text_of("no");
    xt_change change;
    CHECK(xt_change_upsert(key, &who, NULL, &change, &detail) == XT_OK);
    CHECK(xt_register_apply(people, &change, 1, NULL, NULL, NULL) == XT_OK);
    xt_claims claims = {.struct_size = XT_CLAIMS_BYTES, .id = who.id, .name_exact = who.name};
    claims.birth_date = who.birth_date;
    claims.sex = who.sex;
    claims.life = who.life;
    claims.registration = who.registration;
    claims.account_level = who.account_level;
    claims.account = who.account;
    claims.document = who.document;
    claims.document_valid_on = xt_text_of("2080-01-01");
    claims.province = who.province;
    claims.ward = who.ward;
    xt_request request;
    xt_verdict verdict;
    CHECK(xt_prepare(key, &claims, &request, &detail) == XT_OK);
    CHECK(xt_verify(people, &request, 1, &verdict, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdict) == XT_OUTCOME_VERIFIED);
    who.superseded = xt_text_of("yes");
    CHECK(xt_change_upsert(key, &who, NULL, &change, &detail) == XT_OK);
    CHECK(xt_register_apply(people, &change, 1, NULL, NULL, NULL) == XT_OK);
    CHECK(xt_verify(people, &request, 1, &verdict, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdict) == XT_OUTCOME_SUPERSEDED);
    xt_register_free(people);
}

static void a_registered_key_proves_its_holder(const xt_digest_key* key) {
    xt_register* people = open_people(NULL);
    uint8_t public_key[XT_PUBLIC_KEY_BYTES];
    uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
    crypto_sign_keypair(public_key, secret_key);
    xt_change change;
    CHECK(xt_change_set_key(xt_text_of("001199000001"), public_key, &change) == XT_OK);
    CHECK(xt_register_apply(people, &change, 1, NULL, NULL, &detail) == XT_OK);
    const xt_claims claims = {
        .struct_size = XT_CLAIMS_BYTES, .id = xt_text_of("001199000001"), .sex = xt_text_of("female")};
    xt_request request;
    uint8_t message[XT_HOLDER_MESSAGE_BYTES];
    xt_holder_proof proof = {.issued_at_unix_ms = 5};
    CHECK(xt_prepare(key, &claims, &request, &detail) == XT_OK);
    CHECK(xt_holder_message(&request, xt_digest_key_fingerprint(key), proof.issued_at_unix_ms, proof.nonce, message) ==
          XT_OK);
    crypto_sign_detached(proof.signature, NULL, message, sizeof message, secret_key);
    xt_verdict verdict;
    CHECK(xt_verify_holders(people, &request, &proof, 1, NULL, &verdict, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdict) == XT_OUTCOME_VERIFIED);
    CHECK(xt_change_set_key(xt_text_of("001199000001"), NULL, &change) == XT_OK);
    CHECK(xt_register_apply(people, &change, 1, NULL, NULL, &detail) == XT_OK);
    CHECK(xt_verify_holders(people, &request, &proof, 1, NULL, &verdict, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdict) == XT_OUTCOME_NO_KEY_REGISTERED);
    xt_register_free(people);
}

static void what_cannot_be_a_change_is_refused_by_name(const xt_digest_key* key) {
    xt_change change;
    xt_citizen who = citizen_named("00119900000x", "An");
    CHECK(xt_change_upsert(key, &who, NULL, &change, &detail) == XT_PERSONAL_ID_DIGIT);
    CHECK(strstr(words, ": id") != NULL);
    who.id = xt_text_of("001199000001");
    who.document_expiry = xt_text_of("soon");
    CHECK(xt_change_upsert(key, &who, NULL, &change, &detail) == XT_DATE_SYNTAX);
    CHECK(strstr(words, ": document_expiry") != NULL);
    who.document_expiry = xt_text_of("1990-01-01");
    CHECK(xt_change_upsert(key, &who, NULL, &change, &detail) == XT_DATE_RANGE);
    who.document_expiry = xt_text_of(NULL);
    who.name = xt_text_of("\xff");
    CHECK(xt_change_upsert(key, &who, NULL, &change, &detail) == XT_NAME_NOT_UTF8);
    who.name.data = NULL;
    CHECK(xt_change_upsert(key, &who, NULL, &change, &detail) == XT_NULL_ARGUMENT);
    who.struct_size = XT_CITIZEN_BYTES - 8;
    CHECK(xt_change_upsert(key, &who, NULL, &change, &detail) == XT_STRUCT_SIZE);
    CHECK(xt_change_upsert(NULL, &who, NULL, &change, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_change_upsert(key, NULL, NULL, &change, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_change_upsert(key, &who, NULL, NULL, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_change_erase(xt_text_of("1"), &change) == XT_PERSONAL_ID_LENGTH);
    CHECK(xt_change_erase(xt_text_of(NULL), &change) == XT_PERSONAL_ID_LENGTH);
    CHECK(xt_change_erase(xt_text_of("001199000001"), NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_change_set_key(xt_text_of("000000000000"), NULL, &change) == XT_PERSONAL_ID_RESERVED);
    const xt_text nowhere = {NULL, 12};
    CHECK(xt_change_set_key(nowhere, NULL, &change) == XT_NULL_ARGUMENT);
}

static void a_changed_register_is_saved(const xt_digest_key* key) {
    xt_register* people = open_people(NULL);
    xt_authority_key* secret = NULL;
    xt_authority* trusted = NULL;
    CHECK(xt_authority_key_load(path_of("authority.key"), &secret, &detail) == XT_OK);
    CHECK(xt_authority_load(path_of("authority.pub"), &trusted, &detail) == XT_OK);
    const xt_citizen who = citizen_named("001199000009", "Phạm Thị Mới");
    xt_change change;
    CHECK(xt_change_upsert(key, &who, NULL, &change, &detail) == XT_OK);
    change.sequence = 8;
    CHECK(xt_register_apply(people, &change, 1, NULL, NULL, &detail) == XT_OK);
    CHECK(xt_register_save(people, path_of("changed.xts"), secret, 2, &detail) == XT_OK);
    xt_register* again = NULL;
    CHECK(xt_register_open_snapshot(path_of("changed.xts"), trusted, key, NULL, &again, &detail) == XT_OK);
    CHECK(outcome_of_name(again, key, "001199000009", "Phạm Thị Mới") == XT_OUTCOME_VERIFIED);
    xt_register_free(again);
    CHECK(xt_register_save(people, path_of("no folder/x.xts"), secret, 0, &detail) == XT_NOT_FOUND);
    CHECK(strstr(words, "no folder") != NULL);
    CHECK(xt_register_save(people, path_of("x.xts"), secret, UINT32_MAX, &detail) == XT_ARGUMENT_RANGE);
    CHECK(xt_register_save(NULL, path_of("x.xts"), secret, 0, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_save(people, NULL, secret, 0, &detail) == XT_NULL_ARGUMENT);
    CHECK(xt_register_save(people, path_of("x.xts"), NULL, 0, &detail) == XT_NULL_ARGUMENT);
    xt_authority_free(trusted);
    xt_authority_key_free(secret);
    xt_register_free(people);
}

void test_changes(void) {
    CHECK(sodium_init() >= 0);
    xt_digest_key* key = load_digests();
    changes_are_seen(key);
    only_changes_that_were_made_are_applied(key);
    every_field_of_a_citizen_is_stored(key);
    a_registered_key_proves_its_holder(key);
    what_cannot_be_a_change_is_refused_by_name(key);
    a_changed_register_is_saved(key);
    xt_digest_key_free(key);
}
