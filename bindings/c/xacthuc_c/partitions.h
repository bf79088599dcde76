// SPDX-License-Identifier: Apache-2.0
// Registers that have some of their 16,384 partitions, while other processes or machines have the others. A part of
// xacthuc.h, which has the conventions.
//
// A question about a citizen whose partition is not here gets XT_OUTCOME_ELSEWHERE, a change XT_PARTITION_ELSEWHERE;
// nobody is unknown whose partition is not here. All of this is for registers in memory: in one that was opened from a
// directory every partition is always here.
#pragma once

#include "changes.h"
#include "interface.h"
#include "keys.h"
#include "register.h"

XT_BEGIN

// What a copy of a partition is of.
typedef struct xt_partition_facts {
    size_t struct_size;  // XT_PARTITION_FACTS_BYTES, set by the caller
    uint64_t citizens;
    xt_freshness as_of;
    uint32_t partition;
    uint32_t with_keys;
} xt_partition_facts;
#define XT_PARTITION_FACTS_BYTES 40

// A register in memory that has no partition yet. Registers that share citizens have one placement seed, and keys all
// of them or none. `with_keys` 1: there is room for citizens' keys.
// Errors: XT_ARGUMENT_RANGE (with_keys); XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_register_open_without_partitions(const xt_digest_key* key, uint64_t placement_seed,
                                                         uint32_t with_keys, xt_register** opened, xt_detail* detail);
// What decides, with a number, which partition a citizen is in.
// Concurrency: wait-free.
// Errors: XT_NULL_ARGUMENT.
XT_CHECKED xt_status xt_register_placement_seed(const xt_register* opened, uint64_t* placement_seed);
// Which partition this person is in, whether or not anybody has her.
// Concurrency: wait-free.
// Errors: XT_PERSONAL_ID_LENGTH; XT_PERSONAL_ID_DIGIT; XT_PERSONAL_ID_RESERVED.
XT_CHECKED xt_status xt_register_partition_of(const xt_register* opened, xt_text id, uint32_t* partition);
// `has` is 1 where the partition is here, else 0.
// Concurrency: wait-free.
// Errors: XT_ARGUMENT_RANGE (no partition).
XT_CHECKED xt_status xt_register_has_partition(const xt_register* opened, uint32_t partition, uint32_t* has);

// Writes what the partition holds at one moment as bytes that check themselves, if all of them fit; `size` is how many
// there are. `facts` may be NULL.
// Concurrency: any thread; verification and changes go on.
// Errors: XT_ARGUMENT_RANGE (no partition); XT_PARTITION_ELSEWHERE; XT_DAMAGED_RECORD; XT_STRUCT_SIZE.
XT_CHECKED xt_status xt_register_export_partition(const xt_register* opened, uint32_t partition, uint8_t* into,
                                                  size_t capacity, size_t* size, xt_partition_facts* facts,
                                                  xt_detail* detail);
// Brings in a partition that is elsewhere: readers find it elsewhere, or whole. The bytes may come from anybody, but
// the check in them finds accidents and no forger. `facts` may be NULL.
// Concurrency: any thread; verification and changes go on.
// Errors: XT_READ_ONLY; XT_ALREADY_EXISTS; XT_NOT_A_PARTITION; XT_NEWER_VERSION; XT_TRUNCATED; XT_TRAILING_BYTES;
// XT_CHECKSUM_MISMATCH; XT_DAMAGED_HEADER; XT_DAMAGED_RECORD; XT_PATH_TOO_LONG; XT_FOREIGN_DIGEST_KEY;
// XT_FOREIGN_PARTITION (another seed, or keys in one of the two only); XT_INDEX_FULL; XT_RECLAMATION_STALLED;
// XT_OUT_OF_MEMORY; XT_STRUCT_SIZE.
XT_CHECKED xt_status xt_register_import_partition(xt_register* opened, const uint8_t* bytes, size_t size,
                                                  xt_partition_facts* facts, xt_detail* detail);
// From the return on the partition is elsewhere. Its memory is freed when whoever reads it has left.
// Concurrency: any thread; verification goes on; a change that is made meanwhile is lost with the partition.
// Errors: XT_READ_ONLY; XT_ARGUMENT_RANGE (no partition); XT_PARTITION_ELSEWHERE.
XT_CHECKED xt_status xt_register_drop_partition(xt_register* opened, uint32_t partition, xt_detail* detail);

XT_END
