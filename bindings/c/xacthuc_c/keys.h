// SPDX-License-Identifier: Apache-2.0
// Keys, from memory and from files. A part of xacthuc.h, which has the conventions.
#pragma once

#include "interface.h"

XT_BEGIN

// The secret under which the register's names are digested.
typedef struct xt_digest_key xt_digest_key;
#define XT_DIGEST_KEY_RAW_BYTES 16

// Errors: XT_NOT_FOUND; XT_IO; XT_FILE_PERMISSIONS when anybody but the owner has any right to the file;
// XT_DAMAGED_HEADER; XT_CHECKSUM_MISMATCH.
XT_CHECKED xt_status xt_digest_key_load(const char* path, xt_digest_key** key, xt_detail* detail);
XT_CHECKED xt_status xt_digest_key_from_bytes(const uint8_t* raw_16, xt_digest_key** key);
// A public number by which a snapshot says what key it needs; 0 for NULL.
uint64_t xt_digest_key_fingerprint(const xt_digest_key* key);
// Wipes the key.
void xt_digest_key_free(xt_digest_key* key);

// The public half of the authority's key pair: whose snapshots to trust.
typedef struct xt_authority xt_authority;
// Errors: XT_NOT_FOUND; XT_IO; XT_DAMAGED_HEADER.
XT_CHECKED xt_status xt_authority_load(const char* path, xt_authority** authority, xt_detail* detail);
XT_CHECKED xt_status xt_authority_from_bytes(const uint8_t* raw_32, xt_authority** authority);
void xt_authority_free(xt_authority* authority);

// The whole pair, for those who write snapshots.
typedef struct xt_authority_key xt_authority_key;
// Errors: those of xt_digest_key_load().
XT_CHECKED xt_status xt_authority_key_load(const char* path, xt_authority_key** key, xt_detail* detail);
// The pair that belongs to a seed of 32 bytes, as RFC 8032 has it.
// Errors: XT_NULL_ARGUMENT; XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_authority_key_from_seed(const uint8_t* seed_32, xt_authority_key** key);
// Its public half, 32 bytes.
// Errors: XT_NULL_ARGUMENT.
XT_CHECKED xt_status xt_authority_key_public(const xt_authority_key* key, uint8_t* raw_32);
// Wipes the key.
void xt_authority_key_free(xt_authority_key* key);

XT_END
