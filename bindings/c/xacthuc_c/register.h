// SPDX-License-Identifier: Apache-2.0
// Opening, asking and saving a register. A part of xacthuc.h, which has the conventions.
#pragma once

#include "interface.h"
#include "keys.h"
#include "requests.h"
#include "verdicts.h"

XT_BEGIN

typedef struct xt_register xt_register;
// Who may ask what: policy.h.
typedef struct xt_policy xt_policy;
typedef struct xt_snapshot_options {
    size_t struct_size;  // XT_SNAPSHOT_OPTIONS_BYTES
    uint32_t threads;    // that read and check, the caller's among them; 0 is 1
    uint32_t map;        // 1: read in place instead of loading; slower answers, and the register is read-only
    uint32_t check;      // XT_CHECK_…; less than everything only with map
    uint32_t spare;      // 0
    xt_progress progress;
    const xt_policy* policy;  // that calls are judged by; NULL: everybody may ask everything
    uint32_t agency;          // that the host asks for, which counts as its proof; 0: requests say who asks
    uint32_t spare_too;       // 0
} xt_snapshot_options;
#define XT_SNAPSHOT_OPTIONS_BYTES 56
enum { XT_CHECK_EVERYTHING = 0, XT_CHECK_DAMAGE = 1, XT_CHECK_DIRECTORY = 2 };

// Opens a snapshot that the authority has signed. `key` may be NULL; else a snapshot whose names were digested under
// another key is refused. `options` may be NULL.
// Errors: each with the file and the place. XT_NOT_FOUND; XT_IO; XT_NOT_A_SNAPSHOT; XT_NEWER_VERSION; XT_OLDER_VERSION;
// XT_TRUNCATED; XT_TRAILING_BYTES; XT_DAMAGED_HEADER; XT_FOREIGN_AUTHORITY; XT_BAD_SIGNATURE; XT_CHECKSUM_MISMATCH;
// XT_FOREIGN_DIGEST_KEY; XT_OUT_OF_MEMORY; XT_STRUCT_SIZE; XT_ARGUMENT_RANGE.
XT_CHECKED xt_status xt_register_open_snapshot(const char* path, const xt_authority* trusted, const xt_digest_key* key,
                                               const xt_snapshot_options* options, xt_register** opened,
                                               xt_detail* detail);

typedef struct xt_registry_options {
    size_t struct_size;                 // XT_REGISTRY_OPTIONS_BYTES
    const xt_authority_key* authority;  // signs the snapshots of xt_register_checkpoint(); NULL: there are none
    const char* digest_key_file;        // NULL: digest.key in the directory
    uint32_t threads;                   // that load and check, the caller's among them; 0 is 1
    uint32_t read_only;                 // 1: some other process writes; xt_register_refresh() catches up with it
    uint64_t at_least_sequence;         // refuse a log that ends before this change; with it a lost mark is made anew
    const char* mark_file;              // where the high-water mark was made; NULL: registry.mark in the directory
    const xt_digest_key* digest_key;    // where it is in no file; NULL: digest_key_file has it
    xt_progress progress;               // of loading the snapshot
    const xt_policy* policy;            // as xt_snapshot_options has it
    uint32_t agency;                    // likewise
    uint32_t spare;                     // 0
} xt_registry_options;
#define XT_REGISTRY_OPTIONS_BYTES 88

// Opens a registry: a directory that holds a snapshot and the changes since. `options` may be NULL.
// Errors: XT_NOT_A_REGISTRY; XT_REGISTRY_LOCKED (another process writes); XT_SEQUENCE_GAP (also when its end is
// missing); XT_CHANGES_TRIMMED; XT_DAMAGED_CHANGES (also when its high-water mark is lost and at_least_sequence is not
// given); XT_MISPLACED_SNAPSHOT; XT_UNSUITABLE_SQLITE; XT_FORKED, as every call on a registry in a child of its
// process; those of xt_register_open_snapshot() and xt_digest_key_load().
XT_CHECKED xt_status xt_register_open_directory(const char* path, const xt_authority* trusted,
                                                const xt_registry_options* options, xt_register** opened,
                                                xt_detail* detail);

// Makes a registry of what a register holds, in a directory that is new or has no registry in it. `key` is what its
// names were digested under.
// Requires: no change is made meanwhile.
// Errors: XT_ALREADY_EXISTS; XT_FOREIGN_DIGEST_KEY; those of xt_register_save().
XT_CHECKED xt_status xt_register_create_directory(const char* path, const xt_register* from, const xt_digest_key* key,
                                                  const xt_authority_key* authority, uint32_t threads,
                                                  xt_detail* detail);

// How the long calls that write are to go.
typedef struct xt_write_options {
    size_t struct_size;       // XT_WRITE_OPTIONS_BYTES
    uint32_t threads;         // that write, the caller's among them; 0 is 1
    uint32_t snapshots_kept;  // of a checkpoint; 0 is 2
    xt_progress progress;
    const uint8_t* source_position;  // of a registry that is made: how far the source of its changes has come, as
    size_t source_position_bytes;    // xt_register_apply_from() takes it; none where there are no bytes
} xt_write_options;
#define XT_WRITE_OPTIONS_BYTES 48
// The same with options, which may be NULL.
// Errors: those of xt_register_create_directory(); XT_STRUCT_SIZE; XT_CANCELLED: the directory is no registry yet, and
// may be made one by another call.
XT_CHECKED xt_status xt_register_create_directory_with(const char* path, const xt_register* from,
                                                       const xt_digest_key* key, const xt_authority_key* authority,
                                                       const xt_write_options* options, xt_detail* detail);

// Puts a newer snapshot in the place of the one that the register was opened from, while others verify: calls that have
// begun answer from the old one, calls that begin after the return from the new one, and the old one is freed when the
// last of the former has ended, for which this waits. Changes that were made in memory alone go with it. The arguments
// are those of xt_register_open_snapshot(); without a key the new one still has to be of the old one's. The policy and
// the agency stay: the options have to name none.
// Concurrency: verification goes on and is never held back; no other call on the register runs.
// Errors: those of xt_register_open_snapshot(); XT_NOT_A_SNAPSHOT (the register was opened from a directory, which
// xt_register_refresh() keeps up); XT_CHANGE_IS_OLDER (it ends before the change that the register is at). After one
// the register is as it was.
XT_CHECKED xt_status xt_register_replace(xt_register* opened, const char* path, const xt_authority* trusted,
                                         const xt_digest_key* key, const xt_snapshot_options* options,
                                         xt_detail* detail);

// Closes the registry's log and lock, too.
// Requires: no other call on the register runs.
void xt_register_free(xt_register* opened);
// The same, and says how it went; the register is freed in any case.
// Errors: XT_REGISTRY_STOPPED when the log had failed and was not opened anew since; XT_FORKED; XT_NULL_ARGUMENT.
XT_CHECKED xt_status xt_register_close(xt_register* opened, xt_detail* detail);

// The register state that answers come from: the sequence number of the last change in it, and when that was.
typedef struct xt_freshness {
    uint64_t sequence;
    int64_t as_of_unix_ms;
} xt_freshness;
#define XT_FRESHNESS_BYTES 16

typedef struct xt_register_facts {
    size_t struct_size;  // XT_REGISTER_FACTS_BYTES, set by the caller
    xt_freshness as_of;
    uint64_t citizens;
    uint64_t memory_bytes;
    uint64_t digest_key_fingerprint;
    uint64_t changes_replayed;    // from the registry's log, when it was opened
    uint32_t unusable_snapshots;  // that the log made up for when it was opened: somebody should look at the disk
    uint32_t is_directory;        // 1 for a registry, 0 for a snapshot
    uint32_t with_keys;           // 1 when citizens' public keys can be registered
    uint32_t read_only;
} xt_register_facts;
#define XT_REGISTER_FACTS_BYTES 72

// Concurrency: wait-free.
// Errors: XT_STRUCT_SIZE.
XT_CHECKED xt_status xt_register_look(const xt_register* opened, xt_register_facts* facts);

// Answers requests[i] into verdicts[i]. `freshness` may be NULL; every verdict is at least as fresh as it says. Where
// the register has a policy, it is asked first, for the time that the clock shows; what it refuses is not looked up.
// Where the host asks for an agency, a request that names another one is XT_OUTCOME_NOT_PERMITTED; prepared requests
// have to name it.
// Complexity: one cache line of the register a request in most cases; no allocation.
// Concurrency: wait-free.
// Errors: XT_NULL_ARGUMENT.
XT_CHECKED xt_status xt_verify(const xt_register* opened, const xt_request* requests, size_t count,
                               xt_verdict* verdicts, xt_freshness* freshness);

XT_END
