// SPDX-License-Identifier: Apache-2.0
// Verifying Ed25519 signatures by themselves. A part of xacthuc.h, which has the conventions.
#pragma once

#include "interface.h"

XT_BEGIN

// The verdict is that of crypto_sign_verify_detached() of libsodium 1.0.18, on every input. Making keys and signing are
// libsodium's too.

// A public key that has been checked, and may carry a table that makes it several times as fast.
typedef struct xt_verifying_key xt_verifying_key;
// `table_bits` 5 to 8 for a table of 104,448 · 176,128 · 303,104 · 524,288 bytes, built in 0.5 to 2 ms; 0 for none.
// Errors: XT_KEY_NOT_CANONICAL; XT_KEY_SMALL_ORDER; XT_KEY_NOT_ON_CURVE; XT_ARGUMENT_RANGE.
XT_CHECKED xt_status xt_verifying_key_make(const uint8_t* public_key_32, uint32_t table_bits, xt_verifying_key** key);
void xt_verifying_key_free(xt_verifying_key* key);

// A signature to verify: with exactly one of the two keys.
typedef struct xt_signed_message {
    const uint8_t* message;
    size_t message_size;        // at most 2^32
    const uint8_t* signature;   // 64 bytes
    const uint8_t* public_key;  // 32 bytes
    const xt_verifying_key* key;
} xt_signed_message;
#define XT_SIGNED_MESSAGE_BYTES 40

// Sets valid[i] to 1 or 0. `valid_count` may be NULL.
// Complexity: linear; best in batches of 64 and more. No allocation; for the stack see xt_ed25519_prepare().
// Concurrency: any number of threads at once.
// Errors: XT_NULL_ARGUMENT or XT_ARGUMENT_RANGE when an item is not whole, and nothing has been verified then; those of
// xt_ed25519_prepare(), where that was not called before.
XT_CHECKED xt_status xt_ed25519_verify_batch(const xt_signed_message* items, size_t count, uint8_t* valid,
                                             size_t* valid_count);
// One signature: XT_OK or XT_BAD_SIGNATURE.
// Errors: XT_BAD_SIGNATURE; those of xt_ed25519_verify_batch().
XT_CHECKED xt_status xt_ed25519_verify(const uint8_t* public_key_32, const uint8_t* message, size_t message_size,
                                       const uint8_t* signature_64);
// Checks the machine by known signatures and builds the table of the base point now rather than in the first
// verification: about 10 ms, and 192 KiB of stack. Afterwards one signature needs 32 KiB and a batch 256 KiB.
// Errors: XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_ed25519_prepare(void);
// "portable", "avx2" or "avx512ifma"; "none" where none gives the right answers, and all signatures are refused; ""
// when there is no memory.
const char* xt_ed25519_kernel(void);
// Those that gave wrong answers to known signatures, and so are not used, a blank between them; "" on a sound machine.
const char* xt_ed25519_rejected_kernels(void);

XT_END
