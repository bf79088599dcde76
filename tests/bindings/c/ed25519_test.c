// SPDX-License-Identifier: Apache-2.0
// Batches of signatures, against what was signed and what was spoilt.
#include <sodium.h>
#include <stdlib.h>

#include "check.h"

enum { count = 2100, size_max = 200 };

struct signed_one {
    uint8_t message[size_max];
    uint8_t signature[XT_SIGNATURE_BYTES];
};

static void batches_are_verified(const uint8_t* public_key, const uint8_t* secret_key, uint32_t table_bits) {
    struct signed_one* all = calloc(count, sizeof *all);
    xt_signed_message* items = calloc(count, sizeof *items);
    uint8_t* valid = malloc(count);
    xt_verifying_key* key = NULL;
    if (all == NULL || items == NULL || valid == NULL) abort();
    CHECK(xt_verifying_key_make(public_key, table_bits, &key) == XT_OK && key != NULL);
    for (size_t i = 0; i != count; ++i) {
        const size_t size = i % size_max;
        all[i].message[0] = (uint8_t)i;
        crypto_sign_detached(all[i].signature, NULL, all[i].message, size, secret_key);
        if (i % 3 == 2) all[i].signature[i % XT_SIGNATURE_BYTES] ^= 0x10;
        items[i].message = size == 0 ? NULL : all[i].message;
        items[i].message_size = size;
        items[i].signature = all[i].signature;
        if (i % 2 == 0) {
            items[i].key = key;
        } else {
            items[i].public_key = public_key;
        }
    }
    memset(valid, 0xff, count);
    size_t valid_count = 0;
    CHECK(xt_ed25519_verify_batch(items, count, valid, &valid_count) == XT_OK);
    size_t wrong = 0;
    for (size_t i = 0; i != count; ++i) {
        wrong += valid[i] != (i % 3 == 2 ? 0 : 1);
        const int theirs =
            crypto_sign_verify_detached(all[i].signature, all[i].message, items[i].message_size, public_key);
        wrong += (theirs == 0) != (valid[i] == 1);
    }
    CHECK(wrong == 0 && valid_count == count - count / 3);
    CHECK(xt_ed25519_verify_batch(items, 2, valid, NULL) == XT_OK);

    // An item that is not whole stops all before anything is verified.
    memset(valid, 0xff, count);
    const xt_signed_message right = items[1];
    items[1].signature = NULL;
    CHECK(xt_ed25519_verify_batch(items, count, valid, NULL) == XT_NULL_ARGUMENT && valid[0] == 0xff);
    items[1] = right;
    items[1].public_key = NULL;
    CHECK(xt_ed25519_verify_batch(items, count, valid, NULL) == XT_NULL_ARGUMENT);
    items[1] = right;
    items[1].message = NULL;
    CHECK(xt_ed25519_verify_batch(items, count, valid, NULL) == XT_NULL_ARGUMENT);
    items[1] = right;
    items[1].key = key;
    CHECK(xt_ed25519_verify_batch(items, count, valid, NULL) == XT_ARGUMENT_RANGE);
    items[1] = right;
    items[1].message_size = SIZE_MAX;
    CHECK(xt_ed25519_verify_batch(items, count, valid, NULL) == XT_ARGUMENT_RANGE && valid[0] == 0xff);
    CHECK(xt_ed25519_verify_batch(NULL, 1, valid, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_ed25519_verify_batch(items, 1, NULL, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_ed25519_verify_batch(NULL, 0, NULL, &valid_count) == XT_OK && valid_count == 0);
    xt_verifying_key_free(key);
    free(valid);
    free(items);
    free(all);
}

static void one_is_verified(const uint8_t* public_key, const uint8_t* secret_key) {
    uint8_t signature[XT_SIGNATURE_BYTES];
    const uint8_t message[3] = {1, 2, 3};
    crypto_sign_detached(signature, NULL, message, sizeof message, secret_key);
    CHECK(xt_ed25519_verify(public_key, message, sizeof message, signature) == XT_OK);
    CHECK(xt_ed25519_verify(public_key, message, sizeof message - 1, signature) == XT_BAD_SIGNATURE);
    CHECK(xt_ed25519_verify(public_key, NULL, 0, signature) == XT_BAD_SIGNATURE);
    CHECK(xt_ed25519_verify(public_key, NULL, 1, signature) == XT_NULL_ARGUMENT);
    CHECK(xt_ed25519_verify(NULL, message, 3, signature) == XT_NULL_ARGUMENT);
    CHECK(xt_ed25519_verify(public_key, message, 3, NULL) == XT_NULL_ARGUMENT);
}

static void keys_are_checked(const uint8_t* public_key) {
    xt_verifying_key* key = NULL;
    const uint8_t small_order[XT_PUBLIC_KEY_BYTES] = {1};
    uint8_t not_canonical[XT_PUBLIC_KEY_BYTES];
    memset(not_canonical, 0xff, sizeof not_canonical);
    CHECK(xt_verifying_key_make(small_order, 0, &key) == XT_KEY_SMALL_ORDER && key == NULL);
    CHECK(xt_verifying_key_make(not_canonical, 0, &key) == XT_KEY_NOT_CANONICAL && key == NULL);
    CHECK(xt_verifying_key_make(NULL, 0, &key) == XT_NULL_ARGUMENT);
    CHECK(xt_verifying_key_make(public_key, 0, NULL) == XT_NULL_ARGUMENT);
    CHECK(xt_verifying_key_make(public_key, 4, &key) == XT_ARGUMENT_RANGE && key == NULL);
    CHECK(xt_verifying_key_make(public_key, 9, &key) == XT_ARGUMENT_RANGE && key == NULL);
    xt_verifying_key_free(NULL);
    CHECK(strstr(xt_message(XT_BAD_SIGNATURE), "authority") == NULL);
}

void test_ed25519(void) {
    CHECK(sodium_init() >= 0);
    CHECK(xt_ed25519_prepare() == XT_OK);
    const char* kernel = xt_ed25519_kernel();
    CHECK(strcmp(xt_ed25519_rejected_kernels(), "") == 0);
    CHECK(strcmp(kernel, "portable") == 0 || strcmp(kernel, "avx2") == 0 || strcmp(kernel, "avx512ifma") == 0);
    uint8_t public_key[XT_PUBLIC_KEY_BYTES];
    uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
    crypto_sign_keypair(public_key, secret_key);
    batches_are_verified(public_key, secret_key, 0);
    batches_are_verified(public_key, secret_key, 8);
    one_is_verified(public_key, secret_key);
    keys_are_checked(public_key);
}
