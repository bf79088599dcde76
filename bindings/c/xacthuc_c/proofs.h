// SPDX-License-Identifier: Apache-2.0
// Signatures of holders and agencies that come with requests. A part of xacthuc.h, which has the conventions.
#pragma once

#include "interface.h"
#include "register.h"
#include "requests.h"
#include "verdicts.h"

XT_BEGIN

#define XT_NONCE_BYTES 16
#define XT_PUBLIC_KEY_BYTES 32
#define XT_SIGNATURE_BYTES 64
#define XT_HOLDER_MESSAGE_BYTES 72
#define XT_AGENCY_MESSAGE_BYTES 74
size_t xt_holder_message_bytes(void);
size_t xt_agency_message_bytes(void);

// By the key of the digital account of the citizen that the request is about.
typedef struct xt_holder_proof {
    int64_t issued_at_unix_ms;
    uint8_t nonce[XT_NONCE_BYTES];
    uint8_t signature[XT_SIGNATURE_BYTES];
} xt_holder_proof;
#define XT_HOLDER_PROOF_BYTES 88

// By the key of an agency, over a batch of requests that all name it.
typedef struct xt_agency_proof {
    int64_t issued_at_unix_ms;
    uint8_t nonce[XT_NONCE_BYTES];
    uint8_t signature[XT_SIGNATURE_BYTES];
    uint16_t agency;
    uint16_t spare[3];  // 0
} xt_agency_proof;
#define XT_AGENCY_PROOF_BYTES 96

// What the holder and the agency sign, by crypto_sign_detached() of libsodium or any other Ed25519. Nonces are 16
// bytes. A holder signs every bit of the request, for the register whose digest key has this fingerprint
// (xt_digest_key_fingerprint() and xt_register_look() tell it).
// Errors: XT_NULL_ARGUMENT; of xt_agency_message() also XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_holder_message(const xt_request* request, uint64_t digest_key_fingerprint,
                                       int64_t issued_at_unix_ms, const uint8_t* nonce_16, uint8_t* message_72);
XT_CHECKED xt_status xt_agency_message(const xt_request* requests, size_t count, uint16_t agency,
                                       int64_t issued_at_unix_ms, const uint8_t* nonce_16, uint8_t* message_74);

// When a proof may be used. The library reads no clock here: without the time of the call, proofs are good for ever;
// but where the register has a policy, which has to know the time, it is then the clock's.
typedef struct xt_proof_options {
    size_t struct_size;    // XT_PROOF_OPTIONS_BYTES
    int64_t now_unix_ms;   // 0: not told, and no proof is too old or too new
    int64_t max_age_ms;    // after it was issued; 0 is 300,000
    int64_t max_ahead_ms;  // that the signer's clock may be ahead of now_unix_ms; 0 is 30,000
} xt_proof_options;
#define XT_PROOF_OPTIONS_BYTES 32

// As xt_verify(), for requests that their citizens have signed: proofs[i] is for requests[i]. The proof comes first:
// where it is refused the verdict has that outcome and nothing else, whatever is claimed. One call takes no proof
// twice; to remember nonces from call to call is for the caller. `options` may be NULL.
// Complexity: one signature for each citizen found; memory for 80 KiB and 32 to 64 bytes a request.
// Concurrency: wait-free but for the allocator, after xt_ed25519_prepare().
// Errors: XT_STRUCT_SIZE; XT_ARGUMENT_RANGE (an option below 0); XT_OUT_OF_MEMORY, before anything is answered.
XT_CHECKED xt_status xt_verify_holders(const xt_register* opened, const xt_request* requests,
                                       const xt_holder_proof* proofs, size_t count, const xt_proof_options* options,
                                       xt_verdict* verdicts, xt_freshness* freshness);

// The public keys of agencies by their numbers.
// Concurrency: of every call but free, any number of threads at once, blocking on a lock for the length of a lookup.
typedef struct xt_agency_keys xt_agency_keys;
// `table_bytes_max` is for tables that make the keys used most several times as fast; 0 is 64 MiB.
// Errors: XT_NULL_ARGUMENT; XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_agency_keys_create(size_t table_bytes_max, xt_agency_keys** keys);
void xt_agency_keys_free(xt_agency_keys* keys);
// Gives an agency its key, in place of the one that it had.
// Errors: XT_AGENCY_REVOKED, see xt_agency_keys_reinstate(); XT_KEY_NOT_CANONICAL, XT_KEY_SMALL_ORDER,
// XT_KEY_NOT_ON_CURVE.
XT_CHECKED xt_status xt_agency_keys_set(xt_agency_keys* keys, uint16_t agency, const uint8_t* public_key_32);
// From now on the agency's proofs get XT_OUTCOME_KEY_REVOKED, until it is reinstated.
// Errors: XT_AGENCY_UNKNOWN when it had no key.
XT_CHECKED xt_status xt_agency_keys_revoke(xt_agency_keys* keys, uint16_t agency);
// Gives a key to an agency whose key was revoked.
// Errors: XT_AGENCY_UNKNOWN when none was; those of a key.
XT_CHECKED xt_status xt_agency_keys_reinstate(xt_agency_keys* keys, uint16_t agency, const uint8_t* public_key_32);

// As xt_verify(), for a batch that one agency has signed. Where its proof is refused nothing is looked up, and every
// verdict says so. `options` may be NULL.
// Complexity: one hash of the batch and one signature; memory for 32 to 64 bytes a request.
// Errors: XT_STRUCT_SIZE; XT_ARGUMENT_RANGE (spare is not 0, an option is below 0); XT_OUT_OF_MEMORY, before anything
// is answered.
XT_CHECKED xt_status xt_verify_agency(const xt_register* opened, const xt_request* requests, size_t count,
                                      const xt_agency_proof* proof, const xt_agency_keys* keys,
                                      const xt_proof_options* options, xt_verdict* verdicts, xt_freshness* freshness);

XT_END
