// SPDX-License-Identifier: Apache-2.0
// Policy: loaded, looked at, explained and asked; and every call that verifies, judged by it.
#include <sodium.h>
#include <time.h>

#include "tables.h"

enum { JUSTICE = 5, MARITAL_STATUS = 104, BIRTH_REGISTRATION = 101, STATUS_EXTRACT = 108 };
static const int64_t in_2027 = INT64_C(1800000000000);
static xt_digest_key* digests;
static char words[4096];
static xt_detail detail = {words, sizeof words, 0};

static xt_policy* load_example(void) {
    const xt_policy_options options = {
        .struct_size = XT_POLICY_OPTIONS_BYTES, .is_unsigned = 1, .today_unix_ms = in_2027};
    xt_policy* policy = NULL;
    CHECK(xt_policy_load(XACTHUC_POLICY, &options, &policy, &detail) == XT_OK);
    CHECK_TEXT(words, "");
    return policy;
}

static xt_register* open_with(const xt_policy* policy, uint32_t agency) {
    const xt_snapshot_options options = {.struct_size = XT_SNAPSHOT_OPTIONS_BYTES, .policy = policy, .agency = agency};
    return open_people(&options);
}

static void it_says_what_it_is(const xt_policy* policy) {
    xt_policy_facts facts = {.struct_size = XT_POLICY_FACTS_BYTES};
    CHECK(xt_policy_look(policy, &facts) == XT_OK);
    CHECK(facts.agencies > 49 && facts.procedures >= 60 && facts.rules > 1 && facts.is_compiled == 0);
    size_t size = 0;
    CHECK(xt_policy_explain(policy, "justice", "101", "vi", words, sizeof words, &size, NULL) == XT_OK);
    CHECK(strstr(words, "Đăng ký khai sinh") != NULL && size == strlen(words));
    CHECK(xt_policy_explain(policy, "5", "birth-registration", "en", words, sizeof words, NULL, NULL) == XT_OK);
    CHECK(strstr(words, "Birth registration") != NULL && strstr(words, "vn.toml:") != NULL);
    CHECK(xt_policy_explain(policy, "5", "101", "en", words, 8, &size, NULL) == XT_OK);
    CHECK(strlen(words) == 7 && size > 100);
}

static void questions_are_decided(const xt_policy* policy) {
    const uint16_t identity = 1u << XT_CLAIM_NAME | 1u << XT_CLAIM_BIRTH_DATE;
    const xt_policy_question asked[] = {
        {in_2027, JUSTICE, BIRTH_REGISTRATION, identity, XT_PROOF_AGENCY, XT_ACCOUNT_LEVEL_UNKNOWN},
        {in_2027, JUSTICE, BIRTH_REGISTRATION, 1u << XT_CLAIM_NAME, XT_PROOF_AGENCY, 0},
        {in_2027, JUSTICE, BIRTH_REGISTRATION, identity, 0, 0},
        {in_2027, JUSTICE, BIRTH_REGISTRATION, identity | 1u << XT_CLAIM_SEX, XT_PROOF_AGENCY, 0},
        {0, JUSTICE, BIRTH_REGISTRATION, identity, XT_PROOF_AGENCY, 0},
        {in_2027, 65000, BIRTH_REGISTRATION, identity, XT_PROOF_AGENCY, 0},
        {in_2027, JUSTICE, 65000, identity, XT_PROOF_AGENCY, 0}};
    enum { count = sizeof asked / sizeof *asked };
    const uint16_t wanted[count] = {XT_OUTCOME_VERIFIED,         XT_OUTCOME_REQUIRED_CLAIM_MISSING,
                                    XT_OUTCOME_PROOF_MISSING,    XT_OUTCOME_CLAIM_NOT_PERMITTED,
                                    XT_OUTCOME_POLICY_NOT_VALID, XT_OUTCOME_UNKNOWN_AGENCY,
                                    XT_OUTCOME_UNKNOWN_PROCEDURE};
    uint16_t outcomes[count];
    CHECK(xt_policy_decide(policy, asked, count, outcomes) == XT_OK);
    CHECK(memcmp(outcomes, wanted, sizeof wanted) == 0);
}

// The outcome of a request as texts; the agency is the host's.
static unsigned ask(const xt_register* people, const char* procedure, const char* name, const char* birth_date,
                    const char* agency) {
    const xt_field fields[] = {{"001199000001", XT_ZERO_TERMINATED, XT_FIELD_ID, 0},
                               {name, XT_ZERO_TERMINATED, XT_FIELD_NAME, 0},
                               {birth_date, XT_ZERO_TERMINATED, XT_FIELD_BIRTH_DATE, 0},
                               {procedure, XT_ZERO_TERMINATED, XT_FIELD_PROCEDURE, 0},
                               {agency, XT_ZERO_TERMINATED, XT_FIELD_AGENCY, 0}};
    xt_verdict verdict = {0, 0, 0, 0};
    CHECK(xt_verify_fields(people, digests, fields, 5, 0, &verdict, NULL, NULL) == XT_OK);
    return xt_verdict_outcome(verdict);
}

static void fields_are_judged(const xt_register* people) {
    CHECK(ask(people, "101", "Nguyễn Thị Hòa", "1999-03-08", "") == XT_OUTCOME_VERIFIED);
    CHECK(ask(people, "101", "Nguyễn Thị Hòa", "1999-03-08", "5") == XT_OUTCOME_VERIFIED);
    CHECK(ask(people, "101", "Nguyễn Thị Hòa", "1999-03-08", "7") == XT_OUTCOME_NOT_PERMITTED);
    CHECK(ask(people, "101", "Nguyễn Thị Hòa", "1998-03-08", "") == XT_OUTCOME_CLAIM_MISMATCH + XT_CLAIM_BIRTH_DATE);
    CHECK(ask(people, "101", "Nguyễn Thị Hòa", "", "") == XT_OUTCOME_REQUIRED_CLAIM_MISSING);
    CHECK(ask(people, "104", "Nguyễn Thị Hòa", "1999-03-08", "") == XT_OUTCOME_PROOF_MISSING);
    CHECK(ask(people, "108", "Nguyễn Thị Hòa", "1998-03-08", "") == XT_OUTCOME_NOT_VERIFIED);
    CHECK(ask(people, "9999", "Nguyễn Thị Hòa", "1999-03-08", "") == XT_OUTCOME_UNKNOWN_PROCEDURE);
}

static void rows_and_tables_are_judged(const xt_register* people) {
    const uint32_t numbers[] = {XT_FIELD_ID, XT_FIELD_NAME, XT_FIELD_BIRTH_DATE, XT_FIELD_PROCEDURE};
    const xt_text texts[] = {
        xt_text_of("001199000001"), xt_text_of("NGUYEN THI HOA"), xt_text_of("1999-03-08"), xt_text_of("101"),
        xt_text_of("001199000001"), xt_text_of("NGUYEN THI HOA"), xt_text_of("1999-03-08"), xt_text_of("9")};
    const xt_text_rows rows = {
        .struct_size = XT_TEXT_ROWS_BYTES, .field_numbers = numbers, .field_count = 4, .texts = texts, .row_count = 2};
    xt_verdict verdicts[table_rows];
    CHECK(xt_verify_rows(people, digests, &rows, verdicts, NULL, NULL, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdicts[0]) == XT_OUTCOME_VERIFIED);
    CHECK(xt_verdict_outcome(verdicts[1]) == XT_OUTCOME_UNKNOWN_PROCEDURE);
    made_table table;
    make_table(&table);
    CHECK(xt_verify_arrow(people, digests, &table.schema, &table.array, NULL, verdicts, NULL, NULL, NULL, &detail) ==
          XT_OK);
    for (size_t i = 0; i != 3; ++i) CHECK(xt_verdict_outcome(verdicts[i]) == XT_OUTCOME_UNKNOWN_PROCEDURE);
}

static xt_request prepared(uint16_t agency, uint16_t procedure) {
    const xt_claims claims = {.struct_size = XT_CLAIMS_BYTES,
                              .id = xt_text_of("001199000001"),
                              .name = xt_text_of("Nguyễn Thị Hòa"),
                              .birth_date = xt_text_of("1999-03-08"),
                              .agency = agency,
                              .procedure = procedure};
    xt_request request = {{0, 0, 0, 0}};
    CHECK(xt_prepare(digests, &claims, &request, NULL) == XT_OK);
    return request;
}

// At any place, and more of them than go together.
static void prepared_requests_are_judged(const xt_register* people) {
    enum { count = 600 };
    static _Alignas(32) xt_request room[count + 1];
    static xt_verdict verdicts[count];
    for (size_t shift = 0; shift != 16; shift += 8) {
        xt_request* requests = (xt_request*)(void*)((char*)room + shift);
        const xt_request mine = prepared(JUSTICE, BIRTH_REGISTRATION);
        const xt_request others = prepared(7, BIRTH_REGISTRATION);
        for (size_t i = 0; i != count; ++i) requests[i] = i % 2 == 0 ? mine : others;
        CHECK(xt_verify(people, requests, count, verdicts, NULL) == XT_OK);
        size_t wrong = 0;
        for (size_t i = 0; i != count; ++i)
            wrong += xt_verdict_outcome(verdicts[i]) != (i % 2 == 0 ? XT_OUTCOME_VERIFIED : XT_OUTCOME_NOT_PERMITTED);
        CHECK(wrong == 0);
    }
}

static void make_pair(unsigned char seed_byte, uint8_t* public_key, uint8_t* secret_key) {
    unsigned char seed[crypto_sign_SEEDBYTES];
    memset(seed, seed_byte, sizeof seed);
    crypto_sign_seed_keypair(public_key, secret_key, seed);
}

// The time is the options', or the clock's.
static void proofs_count(const xt_register* people, int64_t now, unsigned wanted, const xt_proof_options* options) {
    uint8_t public_key[XT_PUBLIC_KEY_BYTES];
    uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
    const xt_request request = prepared(JUSTICE, MARITAL_STATUS);
    xt_holder_proof proof = {.issued_at_unix_ms = now};
    uint8_t message[XT_HOLDER_MESSAGE_BYTES];
    CHECK(xt_holder_message(&request, xt_digest_key_fingerprint(digests), now, proof.nonce, message) == XT_OK);
    make_pair(1, public_key, secret_key);
    crypto_sign_detached(proof.signature, NULL, message, sizeof message, secret_key);
    xt_verdict verdict = {0, 0, 0, 0};
    CHECK(xt_verify_holders(people, &request, &proof, 1, options, &verdict, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdict) == wanted);
}

static void an_agency_signs(const xt_policy* policy) {
    xt_register* people = open_with(policy, 0);
    const xt_request request = prepared(JUSTICE, BIRTH_REGISTRATION);
    xt_verdict verdict = {0, 0, 0, 0};
    CHECK(xt_verify(people, &request, 1, &verdict, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdict) == XT_OUTCOME_PROOF_MISSING);
    uint8_t public_key[XT_PUBLIC_KEY_BYTES];
    uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
    make_pair(9, public_key, secret_key);
    xt_agency_proof proof = {.issued_at_unix_ms = in_2027, .agency = JUSTICE};
    uint8_t message[XT_AGENCY_MESSAGE_BYTES];
    CHECK(xt_agency_message(&request, 1, JUSTICE, in_2027, proof.nonce, message) == XT_OK);
    crypto_sign_detached(proof.signature, NULL, message, sizeof message, secret_key);
    xt_agency_keys* keys = NULL;
    CHECK(xt_agency_keys_create(0, &keys) == XT_OK && xt_agency_keys_set(keys, JUSTICE, public_key) == XT_OK);
    const xt_proof_options options = {.struct_size = XT_PROOF_OPTIONS_BYTES, .now_unix_ms = in_2027};
    CHECK(xt_verify_agency(people, &request, 1, &proof, keys, &options, &verdict, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdict) == XT_OUTCOME_VERIFIED);
    xt_agency_keys_free(keys);
    xt_register_free(people);
}

// A handle that was opened without has one from now on; what was compiled decides as its frameworks do.
static void another_is_put_in_force(const xt_policy* policy) {
    xt_register* people = open_with(NULL, JUSTICE);
    CHECK(ask(people, "9999", "Nguyễn Thị Hòa", "1999-03-08", "") == XT_OUTCOME_VERIFIED);
    CHECK(ask(people, "9999", "Nguyễn Thị Hòa", "1999-03-08", "7") == XT_OUTCOME_NOT_PERMITTED);
    xt_policy* other = NULL;
    CHECK(xt_policy_load(path_of("policy.xtp"), NULL, &other, &detail) == XT_OK);
    xt_policy_facts facts = {.struct_size = XT_POLICY_FACTS_BYTES};
    xt_policy_facts facts_of_texts = facts;
    CHECK(xt_policy_look(other, &facts) == XT_OK && xt_policy_look(policy, &facts_of_texts) == XT_OK);
    CHECK(facts.is_compiled == 1 && memcmp(facts.sha256, facts_of_texts.sha256, sizeof facts.sha256) == 0);
    CHECK(xt_register_set_policy(people, other) == XT_OK);
    xt_policy_free(other);
    fields_are_judged(people);
    CHECK(xt_register_set_policy(people, policy) == XT_OK);
    fields_are_judged(people);
    xt_register_free(people);
}

static xt_guards* open_guards(void) {
    xt_guards* guards = NULL;
    CHECK(xt_guards_open(path_of("guards"), &guards, &detail) == XT_OK);
    CHECK_TEXT(words, "");
    return guards;
}

// A proof is taken once, also when the guards have been closed and opened again; an agency can be suspended.
static void guards_watch(const xt_policy* policy) {
    const int64_t now = (int64_t)time(NULL) * 1000 + 600000;
    const xt_proof_options then = {.struct_size = XT_PROOF_OPTIONS_BYTES, .now_unix_ms = now};
    xt_alarm alarms[4];
    size_t count = 9;
    xt_guards* guards = open_guards();
    xt_guards* second = NULL;
    CHECK(xt_guards_open(path_of("guards"), &second, &detail) == XT_REGISTRY_LOCKED && second == NULL);
    CHECK(strstr(words, "guards") != NULL);
    xt_register* people = open_with(policy, JUSTICE);
    CHECK(xt_register_set_guards(people, guards) == XT_OK && xt_register_set_guards(people, guards) == XT_OK);
    fields_are_judged(people);
    proofs_count(people, now, XT_OUTCOME_VERIFIED, &then);
    proofs_count(people, now, XT_OUTCOME_PROOF_REPEATED, &then);
    CHECK(xt_guards_suspend(guards, JUSTICE) == XT_OK);
    CHECK(ask(people, "101", "Nguyễn Thị Hòa", "1999-03-08", "") == XT_OUTCOME_ALARM_SUSPENDED);
    CHECK(xt_guards_reinstate(guards, JUSTICE) == XT_OK);
    CHECK(ask(people, "101", "Nguyễn Thị Hòa", "1999-03-08", "") == XT_OUTCOME_VERIFIED);
    CHECK(xt_guards_take_alarms(guards, alarms, 4, &count) == XT_OK && count == 0);
    // Without a policy there are no quotas, and everybody may be asked about as often as anybody likes.
    xt_register* unjudged = open_with(NULL, JUSTICE);
    CHECK(xt_register_set_guards(unjudged, guards) == XT_OK);
    size_t refused = 0;
    for (int i = 0; i != 800; ++i)
        refused += ask(unjudged, "101", "Nguyễn Thị Hòa", "1999-03-08", "") != XT_OUTCOME_VERIFIED;
    CHECK(refused == 0);
    xt_register_free(unjudged);
    CHECK(xt_guards_take_alarms(guards, NULL, 0, &count) == XT_OK && count == 0);
    CHECK(xt_guards_take_alarms(guards, alarms, 4, &count) == XT_OK && count == 1);
    CHECK(alarms[0].reason == XT_ALARM_HEAVY_SUBJECT && alarms[0].agency == JUSTICE && alarms[0].suspended == 0);
    CHECK(alarms[0].limit == 500 && alarms[0].number > 500 && alarms[0].subject == UINT64_C(1199000001));
    CHECK(xt_guards_take_alarms(guards, alarms, 4, &count) == XT_OK && count == 0);
    CHECK(xt_guards_save(guards, &detail) == XT_OK && xt_guards_close(guards, &detail) == XT_OK);
    xt_guards_free(guards);
    xt_register_free(people);  // which had the last of the folder
    guards = open_guards();
    people = open_with(policy, JUSTICE);
    CHECK(xt_register_set_guards(people, guards) == XT_OK);
    proofs_count(people, now, XT_OUTCOME_PROOF_REPEATED, &then);
    xt_register_free(people);
    xt_guards_free(guards);
    xt_guards_free(NULL);
}

void test_policy(void) {
    xt_policy* policy = load_example();
    digests = load_digests();
    guards_watch(policy);
    it_says_what_it_is(policy);
    questions_are_decided(policy);
    xt_register* people = open_with(policy, JUSTICE);
    fields_are_judged(people);
    rows_and_tables_are_judged(people);
    prepared_requests_are_judged(people);
    const xt_proof_options options = {.struct_size = XT_PROOF_OPTIONS_BYTES, .now_unix_ms = in_2027};
    proofs_count(people, in_2027, XT_OUTCOME_VERIFIED, &options);
    proofs_count(people, (int64_t)time(NULL) * 1000, XT_OUTCOME_VERIFIED, NULL);
    proofs_count(people, (int64_t)time(NULL) * 1000 - 3600000, XT_OUTCOME_PROOF_EXPIRED, NULL);
    an_agency_signs(policy);
    another_is_put_in_force(policy);
    xt_register_free(people);
    xt_digest_key_free(digests);
    xt_policy_free(policy);
}
