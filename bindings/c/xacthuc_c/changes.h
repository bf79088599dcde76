// SPDX-License-Identifier: Apache-2.0
// Changing a register, and keeping it up. A part of xacthuc.h, which has the conventions.
#pragma once

#include "interface.h"
#include "keys.h"
#include "proofs.h"
#include "register.h"

XT_BEGIN

// A citizen in text; what is empty is unknown. docs/c-abi.md says what each field may hold.
typedef struct xt_citizen {
    size_t struct_size;  // XT_CITIZEN_BYTES
    xt_text id;
    xt_text name;
    xt_text birth_date;
    xt_text sex;
    xt_text life;
    xt_text registration;
    xt_text account_level;
    xt_text account;
    xt_text document;
    xt_text document_expiry;
    xt_text province;
    xt_text ward;
    xt_text superseded;
} xt_citizen;
#define XT_CITIZEN_BYTES 216

// One change of the register, made by the functions below; only the last two fields are anybody else's.
typedef struct xt_change {
    uint32_t kind;
    uint32_t spare;
    uint64_t record[4];
    uint8_t public_key[XT_PUBLIC_KEY_BYTES];
    uint64_t sequence;     // 0: the change has none
    int64_t time_unix_ms;  // 0: it has none
} xt_change;
#define XT_CHANGE_BYTES 88

// Inserts the citizen or replaces what the register knows of her. `public_key_32` is the key of her digital account, 32
// zeros for none; NULL leaves a key that is registered as it is.
// Errors: XT_STRUCT_SIZE; any of a value that was given, with the field's name in the detail.
XT_CHECKED xt_status xt_change_upsert(const xt_digest_key* key, const xt_citizen* who, const uint8_t* public_key_32,
                                      xt_change* change, xt_detail* detail);
// Errors: XT_PERSONAL_ID_LENGTH; XT_PERSONAL_ID_DIGIT; XT_PERSONAL_ID_RESERVED.
XT_CHECKED xt_status xt_change_erase(xt_text id, xt_change* change);
// Registers a key for a citizen who is in the register; NULL takes it away.
// Errors: those of xt_change_erase().
XT_CHECKED xt_status xt_change_set_key(xt_text id, const uint8_t* public_key_32, xt_change* change);

// Makes the changes, one after the other. Every verification that begins after the return sees them.
// In a registry: all or none, and on the disk before anything is seen of them; they are numbered there, and their own
// sequence numbers and times are ignored. 100,000 at most.
// In a snapshot's register: in memory alone. Where a change has a sequence number, the register is as of that and its
// time from then on. Those before one that is refused stay.
// Where a change is refused, `place`, which may be NULL, is where it is, or `count` when none was. `freshness`, which
// may be NULL, is that of the register afterwards.
// Concurrency: any thread, verification goes on; of a registry blocking on the disk and on other calls of this.
// Errors: XT_READ_ONLY; XT_CITIZEN_UNKNOWN (to be removed or given a key); XT_NO_KEY_COLUMN; XT_ARGUMENT_RANGE (not a
// change that was made above); XT_OUT_OF_MEMORY; XT_DAMAGED_RECORD; XT_INDEX_FULL; XT_RECLAMATION_STALLED. Of a
// registry also XT_CODE_RANGE (too many), XT_DISK_FULL, XT_IO, XT_REGISTRY_STOPPED: nothing was taken, and the next
// call may succeed; XT_CHANGES_PENDING: they are durable, not to be sent again, and made in memory by the next call
// that can; XT_CHANGES_IN_DOUBT: they are in the log or not, and the next call that can open it finds out.
XT_CHECKED xt_status xt_register_apply(xt_register* opened, const xt_change* changes, size_t count, size_t* place,
                                       xt_freshness* freshness, xt_detail* detail);

// The same in a registry, and keeps with the changes how far their source has come, a log's number or an offset in
// bytes that only the caller understands. Both become durable in one transaction, or neither does. A position may come
// without changes; one of no bytes leaves what is kept as it is.
// Errors: those of xt_register_apply(); XT_NOT_A_REGISTRY; XT_CODE_RANGE (more than XT_SOURCE_POSITION_BYTES_MAX).
#define XT_SOURCE_POSITION_BYTES_MAX 256
XT_CHECKED xt_status xt_register_apply_from(xt_register* opened, const xt_change* changes, size_t count,
                                            const uint8_t* source_position, size_t source_position_bytes, size_t* place,
                                            xt_freshness* freshness, xt_detail* detail);
// How far the source had come with the last durable call above, or when the registry was made. Of a registry opened
// read_only: as of the opening or the last xt_register_refresh(). Writes as much as fits; `size` is how many bytes it
// has, 0 where nobody has said.
// Concurrency: any thread; blocking on xt_register_apply().
// Errors: XT_NOT_A_REGISTRY; XT_REGISTRY_STOPPED; XT_DAMAGED_CHANGES; XT_SEQUENCE_GAP; XT_IO.
XT_CHECKED xt_status xt_register_source_position(const xt_register* opened, uint8_t* into, size_t capacity,
                                                 size_t* size, xt_detail* detail);

// Of a registry opened read_only: makes the changes that its writer has added since; of the writer's own, those that
// are pending. `freshness` may be NULL.
// Concurrency: one thread at a time; verification goes on.
// Errors: XT_NOT_A_REGISTRY; XT_CHANGES_TRIMMED (open it anew); those of xt_register_open_directory().
XT_CHECKED xt_status xt_register_refresh(xt_register* opened, xt_freshness* freshness, xt_detail* detail);

// Waits until the register has a change later than this number, at most so long; 0 only looks. Of a registry opened
// read_only it makes the changes that the writer has added since, as xt_register_refresh() does; of any other it looks
// at what other threads of this process have made. It looks every 10 ms. `freshness` may be NULL.
// Concurrency: blocking for the time given; of a registry opened read_only one thread at a time, else any; verification
// goes on.
// Errors: XT_TIMED_OUT; those of xt_register_refresh() but for XT_NOT_A_REGISTRY.
XT_CHECKED xt_status xt_register_wait(xt_register* opened, uint64_t after_sequence, uint32_t timeout_ms,
                                      xt_freshness* freshness, xt_detail* detail);

#define XT_PARTITION_COUNT 16384
typedef struct xt_scrub_facts {
    size_t struct_size;  // XT_SCRUB_FACTS_BYTES, set by the caller
    uint64_t partitions;
    uint64_t records;
    uint64_t damaged_slots;
    uint64_t partitions_repaired;
    uint32_t first_damaged_partition;  // XT_PARTITION_COUNT when none is
    uint32_t spare;
} xt_scrub_facts;
#define XT_SCRUB_FACTS_BYTES 48

// Re-checks so many partitions of the register in memory, from the first named on; 0 is all that follow it. Of a
// registry a damaged one is rebuilt from snapshot and log; of a snapshot's register it is only told of. Until then
// damaged records answer XT_OUTCOME_DAMAGED_RECORD. For a constant watch, a few at a time.
// Concurrency: any thread, beside all other calls; xt_register_apply() waits while a partition is repaired.
// Errors: XT_ARGUMENT_RANGE; XT_STRUCT_SIZE; of a repair those of xt_register_open_directory(), and the partition stays
// as it is.
XT_CHECKED xt_status xt_register_scrub(xt_register* opened, uint32_t first_partition, uint32_t partitions,
                                       xt_scrub_facts* facts, xt_detail* detail);

typedef struct xt_checkpoint_facts {
    size_t struct_size;  // XT_CHECKPOINT_FACTS_BYTES, set by the caller
    xt_freshness as_of;
    uint64_t citizens;
    uint64_t file_bytes;
    uint64_t changes_merged;
    uint32_t written;  // 0: there were no changes since the last one, and nothing was to be done
    uint32_t spare;
} xt_checkpoint_facts;
#define XT_CHECKPOINT_FACTS_BYTES 56

// Of a registry: writes a new snapshot from the last one and the log, and drops the oldest, and the changes that only
// those needed. `threads` 0 is 1, `snapshots_kept` 0 is 2; `facts` may be NULL.
// Concurrency: one thread at a time; verification and changes go on.
// Errors: XT_NOT_A_REGISTRY; XT_READ_ONLY, also of a registry opened without an authority; those of xt_register_save().
XT_CHECKED xt_status xt_register_checkpoint(xt_register* opened, uint32_t threads, uint32_t snapshots_kept,
                                            xt_checkpoint_facts* facts, xt_detail* detail);

// The same with options, which may be NULL.
// Errors: those of xt_register_checkpoint(); XT_CANCELLED.
XT_CHECKED xt_status xt_register_checkpoint_with(xt_register* opened, const xt_write_options* options,
                                                 xt_checkpoint_facts* facts, xt_detail* detail);

// Writes the register as a snapshot, signed, over what is there: at every moment the file is the old or the new one,
// whole. `threads` that write; 0 is 1.
// Requires: no change is made meanwhile.
// Errors: XT_DISK_FULL; XT_IO; XT_NOT_FOUND (no such folder); XT_DAMAGED_RECORD.
XT_CHECKED xt_status xt_register_save(const xt_register* opened, const char* path, const xt_authority_key* authority,
                                      uint32_t threads, xt_detail* detail);
// The same with options, which may be NULL.
// Errors: those of xt_register_save(); XT_STRUCT_SIZE; XT_CANCELLED.
XT_CHECKED xt_status xt_register_save_with(const xt_register* opened, const char* path,
                                           const xt_authority_key* authority, const xt_write_options* options,
                                           xt_detail* detail);

XT_END
