// SPDX-License-Identifier: Apache-2.0
// Requests that come signed: by their citizens, and by an agency. Signing is libsodium's.
#include <sodium.h>
#include <stdlib.h>

#include "check.h"

static const int64_t issued = INT64_C(1700000001000);
static const uint8_t nonce[XT_NONCE_BYTES] = {1, 2, 3, 4};
static uint64_t register_is;  // the fingerprint of its digest key

// The pair whose seed is thirty-two times this byte.
static void make_pair(unsigned char seed_byte, uint8_t* public_key, uint8_t* secret_key) {
    unsigned char seed[crypto_sign_SEEDBYTES];
    memset(seed, seed_byte, sizeof seed);
    crypto_sign_seed_keypair(public_key, secret_key, seed);
}

static xt_request ask(const xt_digest_key* key, const char* id, const char* name, uint16_t agency) {
    const xt_claims claims = {
        .struct_size = XT_CLAIMS_BYTES, .id = xt_text_of(id), .name = xt_text_of(name), .agency = agency};
    xt_request request = {{0, 0, 0, 0}};
    CHECK(xt_prepare(key, &claims, &request, NULL) == XT_OK);
    return request;
}

static xt_holder_proof sign_by_holder_with(const xt_request* request, unsigned char seed_byte, uint8_t nonce_byte) {
    uint8_t public_key[XT_PUBLIC_KEY_BYTES];
    uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
    uint8_t message[XT_HOLDER_MESSAGE_BYTES];
    make_pair(seed_byte, public_key, secret_key);
    xt_holder_proof proof;
    proof.issued_at_unix_ms = issued;
    memcpy(proof.nonce, nonce, sizeof nonce);
    proof.nonce[9] = nonce_byte;
    CHECK(xt_holder_message(request, register_is, issued, proof.nonce, message) == XT_OK);
    crypto_sign_detached(proof.signature, NULL, message, sizeof message, secret_key);
    return proof;
}

static xt_holder_proof sign_by_holder(const xt_request* request, unsigned char seed_byte) {
    return sign_by_holder_with(request, seed_byte, 0);
}

static void holders_prove_themselves(const xt_register* people, const xt_digest_key* key) {
    enum { count = 5 };
    const xt_request requests[count] = {ask(key, "001199000001", "Nguyễn Thị Hòa", 0),
                                        ask(key, "001199000001", "Nguyễn Thị Hòa", 0),
                                        ask(key, "001199000001", "An", 0), ask(key, "079080000003", "Lê Văn Tám", 0),
                                        ask(key, "001050000002", "Trần Văn An", 0)};
    const xt_holder_proof proofs[count] = {sign_by_holder(&requests[0], 1), sign_by_holder(&requests[1], 2),
                                           sign_by_holder(&requests[2], 2), sign_by_holder(&requests[3], 3),
                                           sign_by_holder(&requests[4], 1)};
    xt_verdict verdicts[count];
    xt_freshness freshness = {0, 0};
    CHECK(xt_verify_holders(people, requests, proofs, count, NULL, verdicts, &freshness) == XT_OK);
    CHECK(freshness.sequence == 7);
    const unsigned wanted[count] = {XT_OUTCOME_VERIFIED, XT_OUTCOME_BAD_SIGNATURE, XT_OUTCOME_BAD_SIGNATURE,
                                    XT_OUTCOME_KEY_REVOKED, XT_OUTCOME_NO_KEY_REGISTERED};
    for (size_t i = 0; i != count; ++i) {
        CHECK(xt_verdict_outcome(verdicts[i]) == wanted[i]);
        if (i != 0) CHECK(verdicts[i].matched == 0 && verdicts[i].mismatched == 0 && verdicts[i].unavailable == 0);
    }
    xt_proof_options options = {.struct_size = XT_PROOF_OPTIONS_BYTES, .now_unix_ms = issued + 300000};
    CHECK(xt_verify_holders(people, requests, proofs, count, &options, verdicts, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdicts[0]) == XT_OUTCOME_VERIFIED);
    options.now_unix_ms = issued + 300001;
    CHECK(xt_verify_holders(people, requests, proofs, count, &options, verdicts, NULL) == XT_OK);
    for (size_t i = 0; i != count; ++i) CHECK(xt_verdict_outcome(verdicts[i]) == XT_OUTCOME_PROOF_EXPIRED);
    options.max_age_ms = 300001;
    CHECK(xt_verify_holders(people, requests, proofs, count, &options, verdicts, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdicts[0]) == XT_OUTCOME_VERIFIED);
    options.now_unix_ms = issued - 1000;
    options.max_ahead_ms = 999;
    CHECK(xt_verify_holders(people, requests, proofs, count, &options, verdicts, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdicts[0]) == XT_OUTCOME_PROOF_NOT_YET_VALID);
    options.max_ahead_ms = -1;
    CHECK(xt_verify_holders(people, requests, proofs, count, &options, verdicts, NULL) == XT_ARGUMENT_RANGE);
    options.max_ahead_ms = 0;
    options.max_age_ms = -1;
    CHECK(xt_verify_holders(people, requests, proofs, count, &options, verdicts, NULL) == XT_ARGUMENT_RANGE);
    options.struct_size = 1;
    CHECK(xt_verify_holders(people, requests, proofs, count, &options, verdicts, NULL) == XT_STRUCT_SIZE);
    CHECK(xt_verify_holders(NULL, requests, proofs, count, NULL, verdicts, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_verify_holders(people, NULL, proofs, count, NULL, verdicts, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_verify_holders(people, requests, NULL, count, NULL, verdicts, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_verify_holders(people, requests, proofs, count, NULL, NULL, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_verify_holders(people, NULL, NULL, 0, NULL, NULL, &freshness) == XT_OK);
}

// At a place that has to be copied from, each proof still goes with its own request, and none is taken twice.
static void proofs_go_with_their_requests(const xt_register* people, const xt_digest_key* key) {
    enum { count = 600, again = 599 };
    char* room = aligned_alloc(32, (count + 1) * sizeof(xt_request));
    xt_holder_proof* proofs = malloc(count * sizeof *proofs);
    xt_verdict* verdicts = malloc(count * sizeof *verdicts);
    if (room == NULL || proofs == NULL || verdicts == NULL) abort();
    xt_request* requests = (xt_request*)(void*)(room + 8);
    const xt_request right = ask(key, "001199000001", "Nguyễn Thị Hòa", 0);
    const xt_holder_proof good[2] = {sign_by_holder_with(&right, 1, 1), sign_by_holder_with(&right, 1, 2)};
    for (size_t i = 0; i != count; ++i) {
        requests[i] = right;
        proofs[i] = good[0];
        proofs[i].signature[i % XT_SIGNATURE_BYTES] ^= 1;
    }
    proofs[7] = good[0];
    proofs[300] = good[1];
    proofs[again] = good[0];
    CHECK(xt_verify_holders(people, requests, proofs, count, NULL, verdicts, NULL) == XT_OK);
    size_t wrong = 0;
    for (size_t i = 0; i != count; ++i)
        wrong += xt_verdict_outcome(verdicts[i]) != (i == 7 || i == 300 ? XT_OUTCOME_VERIFIED
                                                     : i == again       ? XT_OUTCOME_PROOF_REPEATED
                                                                        : XT_OUTCOME_BAD_SIGNATURE);
    CHECK(wrong == 0);
    free(verdicts);
    free(proofs);
    free(room);
}

static void check_agency(const xt_register* people, const xt_request* requests, size_t count,
                         const xt_agency_proof* proof, const xt_agency_keys* keys, unsigned first, unsigned second) {
    xt_verdict verdicts[2] = {{1, 1, 1, 1}, {1, 1, 1, 1}};
    xt_freshness freshness = {0, 0};
    CHECK(xt_verify_agency(people, requests, count, proof, keys, NULL, verdicts, &freshness) == XT_OK);
    CHECK(freshness.sequence == 7);
    CHECK(xt_verdict_outcome(verdicts[0]) == first && xt_verdict_outcome(verdicts[1]) == second);
}

static void an_agency_proves_itself(const xt_register* people, const xt_digest_key* key, size_t shift) {
    _Alignas(32) xt_request room[3];
    xt_request* requests = (xt_request*)(void*)((char*)room + shift);
    requests[0] = ask(key, "001199000001", "Nguyễn Thị Hòa", 5);
    requests[1] = ask(key, "001199000001", "Nguyễn Thị Hòa", 6);
    uint8_t public_key[XT_PUBLIC_KEY_BYTES];
    uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
    uint8_t message[XT_AGENCY_MESSAGE_BYTES];
    make_pair(9, public_key, secret_key);
    xt_agency_proof proof = {.issued_at_unix_ms = issued, .agency = 5};
    memcpy(proof.nonce, nonce, sizeof nonce);
    CHECK(xt_agency_message(requests, 2, 5, issued, nonce, message) == XT_OK);
    crypto_sign_detached(proof.signature, NULL, message, sizeof message, secret_key);

    xt_agency_keys* keys = NULL;
    CHECK(xt_agency_keys_create(shift == 0 ? 0 : (size_t)1 << 20, &keys) == XT_OK && keys != NULL);
    check_agency(people, requests, 2, &proof, keys, XT_OUTCOME_NO_KEY_REGISTERED, XT_OUTCOME_NO_KEY_REGISTERED);
    CHECK(xt_agency_keys_set(keys, 5, public_key) == XT_OK);
    check_agency(people, requests, 2, &proof, keys, XT_OUTCOME_VERIFIED, XT_OUTCOME_BAD_SIGNATURE);
    proof.nonce[15] ^= 1;
    check_agency(people, requests, 2, &proof, keys, XT_OUTCOME_BAD_SIGNATURE, XT_OUTCOME_BAD_SIGNATURE);
    proof.nonce[15] ^= 1;
    xt_verdict verdicts[2];
    proof.spare[2] = 1;
    CHECK(xt_verify_agency(people, requests, 2, &proof, keys, NULL, verdicts, NULL) == XT_ARGUMENT_RANGE);
    proof.spare[2] = 0;
    xt_proof_options options = {.struct_size = XT_PROOF_OPTIONS_BYTES, .now_unix_ms = issued};
    CHECK(xt_verify_agency(people, requests, 2, &proof, keys, &options, verdicts, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdicts[0]) == XT_OUTCOME_VERIFIED);
    options.now_unix_ms = issued + 300001;
    CHECK(xt_verify_agency(people, requests, 2, &proof, keys, &options, verdicts, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdicts[0]) == XT_OUTCOME_PROOF_EXPIRED);
    CHECK(xt_verdict_outcome(verdicts[1]) == XT_OUTCOME_PROOF_EXPIRED);
    options.max_age_ms = -1;
    CHECK(xt_verify_agency(people, requests, 2, &proof, keys, &options, verdicts, NULL) == XT_ARGUMENT_RANGE);
    CHECK(xt_verify_agency(NULL, requests, 2, &proof, keys, NULL, verdicts, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_verify_agency(people, NULL, 2, &proof, keys, NULL, verdicts, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_verify_agency(people, requests, 2, NULL, keys, NULL, verdicts, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_verify_agency(people, requests, 2, &proof, NULL, NULL, verdicts, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_verify_agency(people, requests, 2, &proof, keys, NULL, NULL, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_verify_agency(people, NULL, 0, &proof, keys, NULL, NULL, NULL) == XT_OK);

    const uint8_t identity[XT_PUBLIC_KEY_BYTES] = {1};
    CHECK(xt_agency_keys_set(keys, 5, identity) == XT_KEY_SMALL_ORDER);
    CHECK(xt_agency_keys_revoke(keys, 5) == XT_OK);
    check_agency(people, requests, 2, &proof, keys, XT_OUTCOME_KEY_REVOKED, XT_OUTCOME_KEY_REVOKED);
    CHECK(xt_agency_keys_revoke(keys, 77) == XT_AGENCY_UNKNOWN);
    CHECK(strstr(xt_message(XT_AGENCY_UNKNOWN), "agency") != NULL);
    CHECK(xt_agency_keys_set(keys, 5, public_key) == XT_AGENCY_REVOKED);
    check_agency(people, requests, 2, &proof, keys, XT_OUTCOME_KEY_REVOKED, XT_OUTCOME_KEY_REVOKED);
    CHECK(xt_agency_keys_reinstate(keys, 77, public_key) == XT_AGENCY_UNKNOWN);
    CHECK(xt_agency_keys_reinstate(keys, 5, public_key) == XT_OK);
    check_agency(people, requests, 2, &proof, keys, XT_OUTCOME_VERIFIED, XT_OUTCOME_BAD_SIGNATURE);
    CHECK(xt_agency_keys_reinstate(keys, 5, public_key) == XT_AGENCY_UNKNOWN);
    CHECK(xt_agency_keys_reinstate(keys, 5, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_agency_keys_set(keys, 5, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_agency_keys_set(NULL, 5, public_key) == XT_NULL_ARGUMENT);
    CHECK(xt_agency_keys_revoke(NULL, 5) == XT_NULL_ARGUMENT);
    CHECK(xt_agency_keys_create(0, NULL) == XT_NULL_ARGUMENT);
    xt_agency_keys_free(keys);
    xt_agency_keys_free(NULL);
}

static void messages_need_all_they_are_made_of(void) {
    const xt_request request = {{1, 0, 0, 0}};
    uint8_t message[XT_AGENCY_MESSAGE_BYTES];
    CHECK(xt_holder_message(NULL, 0, 0, nonce, message) == XT_NULL_ARGUMENT);
    CHECK(xt_holder_message(&request, 0, 0, NULL, message) == XT_NULL_ARGUMENT);
    CHECK(xt_holder_message(&request, 0, 0, nonce, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_agency_message(NULL, 1, 0, 0, nonce, message) == XT_NULL_ARGUMENT);
    CHECK(xt_agency_message(&request, 1, 0, 0, NULL, message) == XT_NULL_ARGUMENT);
    CHECK(xt_agency_message(&request, 1, 0, 0, nonce, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_agency_message(NULL, 0, 0, 0, nonce, message) == XT_OK);
    CHECK(memcmp(message, "xt-agcy1", 8) == 0);
}

void test_proofs(void) {
    CHECK(sodium_init() >= 0);
    xt_digest_key* key = load_digests();
    xt_register* people = open_people(NULL);
    xt_register_facts facts = {.struct_size = XT_REGISTER_FACTS_BYTES};
    CHECK(xt_register_look(people, &facts) == XT_OK);
    register_is = facts.digest_key_fingerprint;
    CHECK(register_is == xt_digest_key_fingerprint(key) && register_is != 0);
    CHECK(xt_holder_message_bytes() == XT_HOLDER_MESSAGE_BYTES && xt_agency_message_bytes() == XT_AGENCY_MESSAGE_BYTES);
    holders_prove_themselves(people, key);
    proofs_go_with_their_requests(people, key);
    an_agency_proves_itself(people, key, 0);
    an_agency_proves_itself(people, key, 8);
    messages_need_all_they_are_made_of();
    xt_register_free(people);
    xt_digest_key_free(key);
}
