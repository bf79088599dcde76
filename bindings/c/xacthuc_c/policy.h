// SPDX-License-Identifier: Apache-2.0
// Policy: who may ask what. A part of xacthuc.h, which has the conventions.
#pragma once

#include "interface.h"
#include "register.h"

XT_BEGIN

// How a policy is to be trusted. One of `root` and `is_unsigned` has to be given, but for a compiled policy.
typedef struct xt_policy_options {
    size_t struct_size;     // XT_POLICY_OPTIONS_BYTES
    const char* root;       // verifier key that the national framework has to be signed by
    uint32_t is_unsigned;   // 1: frameworks need not be signed
    uint32_t spare;         // 0
    int64_t today_unix_ms;  // nothing may be built on a framework that has ended by then; 0 is now
} xt_policy_options;
#define XT_POLICY_OPTIONS_BYTES 32

// Reads a policy: a file that `xacthuc policy compile` made, which ends in .xtp, or a folder of frameworks. Nobody's
// signature is looked at in the former. `options` may be NULL for it.
// Errors: XT_FRAMEWORK_FAULTS, with every fault on a line: file, line, what; XT_NOTE_KEY (root is none);
// XT_ARGUMENT_RANGE (neither root nor is_unsigned, or both); XT_STRUCT_SIZE; XT_NOT_FOUND; XT_IO; XT_NOT_A_POLICY;
// XT_NEWER_VERSION; XT_CHECKSUM_MISMATCH; XT_TRUNCATED; XT_TRAILING_BYTES; XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_policy_load(const char* path, const xt_policy_options* options, xt_policy** policy,
                                    xt_detail* detail);
// Registers that are judged by it keep what they need.
void xt_policy_free(xt_policy* policy);

typedef struct xt_policy_facts {
    size_t struct_size;  // XT_POLICY_FACTS_BYTES, set by the caller
    uint64_t agencies;
    uint64_t procedures;
    uint64_t rules;  // different ones
    uint64_t memory_bytes;
    uint8_t sha256[32];    // of the compiled policy: the same frameworks always have the same
    uint32_t is_compiled;  // 1: it has forgotten who decided what, and cannot explain
    uint32_t spare;        // 0
} xt_policy_facts;
#define XT_POLICY_FACTS_BYTES 80
// Concurrency: wait-free.
// Errors: XT_STRUCT_SIZE.
XT_CHECKED xt_status xt_policy_look(const xt_policy* policy, xt_policy_facts* facts);

// What an agency may ask by a procedure, and which line of which framework decided it, for people to read. Agency and
// procedure by name or number; `language` is "vi" or "en". As much as `capacity` has room for, with a zero at its end;
// `size`, which may be NULL, is how long it is in full.
// Errors: XT_NOT_IN_POLICY (no such agency or procedure; a compiled policy); XT_ARGUMENT_RANGE (the language);
// XT_NULL_ARGUMENT; XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_policy_explain(const xt_policy* policy, const char* agency, const char* procedure,
                                       const char* language, char* text, size_t capacity, size_t* size,
                                       xt_detail* detail);

// A question without the citizen.
typedef struct xt_policy_question {
    int64_t now_unix_ms;
    uint16_t agency;
    uint16_t procedure;
    uint16_t claims;        // 1 << XT_CLAIM_NAME and so on
    uint8_t proofs;         // XT_PROOF_…
    uint8_t account_level;  // of the holder: XT_ACCOUNT_LEVEL_…
} xt_policy_question;
#define XT_POLICY_QUESTION_BYTES 16
enum { XT_PROOF_AGENCY = 1, XT_PROOF_HOLDER = 2 };
enum { XT_ACCOUNT_LEVEL_UNKNOWN = 0, XT_ACCOUNT_LEVEL_NONE = 1, XT_ACCOUNT_LEVEL_1 = 2, XT_ACCOUNT_LEVEL_2 = 3 };
// Whether it may be asked: XT_OUTCOME_VERIFIED, or the first reason against it, 3xx.
// Complexity: constant for each; no allocation.
// Concurrency: wait-free.
// Errors: XT_NULL_ARGUMENT; XT_ARGUMENT_RANGE (what is no claim, proof or level).
XT_CHECKED xt_status xt_policy_decide(const xt_policy* policy, const xt_policy_question* questions, size_t count,
                                      uint16_t* outcomes);

// From now on the register's calls are judged by this policy, and never again by none: calls that have begun end with
// the policy that they began with. Every call is judged by one policy from its first request to its last; of a stream
// of tables, each batch.
// Concurrency: any thread; verification goes on and is never held back.
// Errors: XT_NULL_ARGUMENT; XT_OUT_OF_MEMORY, before anything has changed.
XT_CHECKED xt_status xt_register_set_policy(xt_register* opened, const xt_policy* policy);

XT_END
