// SPDX-License-Identifier: Apache-2.0
// The ledger: a row for each answer, which its owner cannot rewrite or drop unnoticed, and receipts for askers. A part
// of xacthuc.h, which has the conventions.
#pragma once

#include "interface.h"
#include "keys.h"
#include "proofs.h"
#include "register.h"
#include "requests.h"
#include "verdicts.h"

XT_BEGIN

// Concurrency, unless a call says otherwise: any number of threads at once on one ledger, blocking on each other and on
// the disk.
typedef struct xt_ledger xt_ledger;

// When a call that verifies comes back.
enum {
    XT_LEDGER_REQUIRED = 0,  // when its rows are on the disk and published; where they cannot be, it tells no answer
    XT_LEDGER_LATER = 1      // at once. The host calls xt_ledger_publish(), and xt_ledger_wait() before it answers
};
typedef struct xt_ledger_options {
    size_t struct_size;           // XT_LEDGER_OPTIONS_BYTES
    const char* origin;           // the name of a ledger that is begun, such as "example.vn/ledger"; NULL: it is there
    const xt_authority_key* key;  // that signs; NULL: ledger.key in the folder, which is made for a new ledger
    const char* witnesses;        // a file of witnesses; NULL: witnesses.toml in the folder, where there is one
    uint32_t durability;          // XT_LEDGER_…
    uint32_t hashing_threads;     // beside the one that publishes; 0: none
    uint64_t queue_rows;          // room for so many at once; 0 is 1,048,576
} xt_ledger_options;
#define XT_LEDGER_OPTIONS_BYTES 48

// Opens the ledger in a folder, or begins one there. It is of one process at a time. `options` may be NULL.
// Errors: XT_NOTE_NAME (a new ledger has no origin, or one that is no name); XT_LEDGER_MISMATCH (it has another origin
// or key); XT_LOG_LOCKED (another process has it); XT_LEDGER_DAMAGED; XT_DAMAGED_LOG; XT_BAD_SIGNATURE;
// XT_SETTINGS_FAULTS (of the file of witnesses, a line each); XT_NOT_FOUND; XT_FILE_PERMISSIONS (others may read a
// secret); XT_DAMAGED_HEADER; XT_NOTE_KEY; XT_IO; XT_DISK_FULL; XT_STRUCT_SIZE; XT_ARGUMENT_RANGE; XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_ledger_open(const char* folder, const xt_ledger_options* options, xt_ledger** ledger,
                                    xt_detail* detail);
// Publishes what there is, and ends it: registers that leave rows in it answer XT_OUTCOME_LEDGER_STOPPED from now on.
// The handle is still there, for xt_ledger_free() and for receipts.
// Errors: XT_LEDGER_STOPPED; XT_IO; XT_DISK_FULL; XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_ledger_close(xt_ledger* ledger, xt_detail* detail);
// Without xt_ledger_close() it is as after a crash: what was not published is lost. Registers that leave rows in it
// keep what they need, and the folder, until they are freed as well.
void xt_ledger_free(xt_ledger* ledger);

// From now on every answer of the register leaves a row. A call that finds no room gets XT_OUTCOME_LEDGER_FULL in every
// verdict, and nothing is looked up: with XT_LEDGER_REQUIRED only where rows that have to be together are more than the
// queue has places. When the ledger has failed, or witnesses are late, calls get XT_OUTCOME_LEDGER_STOPPED.
// Concurrency: any thread.
// Errors: XT_NULL_ARGUMENT; XT_ARGUMENT_RANGE (rows are left in another ledger).
XT_CHECKED xt_status xt_register_set_ledger(xt_register* opened, xt_ledger* ledger);

// Where the rows of one call are, until the ledger is closed.
typedef struct xt_ticket {
    uint64_t first_slot;
    uint64_t rows;  // 0: the call left none
} xt_ticket;
#define XT_TICKET_BYTES 16
// All that may come with requests.
typedef struct xt_call {
    size_t struct_size;              // XT_CALL_BYTES
    uint64_t officer;                // who at the agency asks, by a number of the agency's own; 0: nobody says
    const xt_holder_proof* holders;  // as xt_verify_holders() takes them; NULL: none
    const xt_agency_proof* proof;    // as xt_verify_agency() takes it; NULL: none
    const xt_agency_keys* keys;      // for it
    const xt_proof_options* times;   // may be NULL
    xt_ticket* ticket;               // told where the rows are; NULL: nobody wants to know
} xt_call;
#define XT_CALL_BYTES 56
// As xt_verify(), with what `call` has; the call's rows are together, and have one ticket. `call` may be NULL.
// Concurrency: as xt_verify_agency(); blocking on the disk where the ledger is required.
// Errors: those of xt_verify_holders() and xt_verify_agency().
XT_CHECKED xt_status xt_verify_call(const xt_register* opened, const xt_request* requests, size_t count,
                                    const xt_call* call, xt_verdict* verdicts, xt_freshness* freshness);

// Makes all that was answered durable and public. Calls that verify do it themselves where the ledger is required.
// Errors: XT_LEDGER_STOPPED; XT_IO; XT_DISK_FULL; XT_OUT_OF_MEMORY. After one the ledger takes no more rows, and every
// call says the same.
XT_CHECKED xt_status xt_ledger_publish(xt_ledger* ledger, xt_detail* detail);
// Comes back when the rows of a call are published, by another thread.
// Concurrency: any thread; blocking on xt_ledger_publish().
// Errors: XT_LEDGER_STOPPED, before they were: what was answered must not be told.
XT_CHECKED xt_status xt_ledger_wait(const xt_ledger* ledger, const xt_ticket* ticket);
// Asks the witnesses to cosign what is published. To be called at least as often as their limit of staleness says.
// Concurrency: also blocking on the network, for some seconds at most.
// Errors: XT_WITNESS_REFUSED (fewer have cosigned lately than are needed; the detail has a line for each that has not);
// XT_LEDGER_STOPPED; XT_IO; XT_DISK_FULL.
XT_CHECKED xt_status xt_ledger_ask_witnesses(xt_ledger* ledger, xt_detail* detail);

typedef struct xt_ledger_facts {
    size_t struct_size;     // XT_LEDGER_FACTS_BYTES, set by the caller
    uint64_t entries;       // that are published
    uint32_t is_stopped;    // 1: it takes no more rows until it is opened again
    uint32_t is_witnessed;  // 1: as many witnesses as are needed have cosigned lately
} xt_ledger_facts;
#define XT_LEDGER_FACTS_BYTES 24
// Errors: XT_STRUCT_SIZE.
XT_CHECKED xt_status xt_ledger_look(xt_ledger* ledger, xt_ledger_facts* facts);
// The key that is given away, "example.vn/ledger+1a2b3c4d+AT…", and the published checkpoint with its signatures; as
// much as there is room for, with a zero at the end. `size` may be NULL: how long it is in full.
// Errors: XT_NULL_ARGUMENT; XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_ledger_key(xt_ledger* ledger, char* text, size_t capacity, size_t* size);
XT_CHECKED xt_status xt_ledger_checkpoint(xt_ledger* ledger, char* text, size_t capacity, size_t* size);

// Where a row is for good: the entry of the log, and the row in it.
typedef struct xt_place {
    uint64_t entry;
    uint64_t row;
} xt_place;
#define XT_PLACE_BYTES 16
// Where row `row` of a call is, once it is published. To be asked soon: tickets are known for some millions of rows.
// Errors: XT_NOT_FOUND (not published yet, no such row, or too long ago).
XT_CHECKED xt_status xt_ledger_place(xt_ledger* ledger, const xt_ticket* ticket, uint64_t row, xt_place* place);
// The receipt for a row: text that shows by itself, to whoever has the ledger's key, that the row stands in the log. As
// xt_ledger_key() gives text; XT_RECEIPT_BYTES are enough for one.
// Complexity: some microseconds; of old rows it reads their hour.
// Errors: XT_NOT_FOUND (also: pruned or forgotten); XT_IO; XT_LEDGER_DAMAGED; XT_DAMAGED_LOG; XT_CHECKSUM_MISMATCH.
XT_CHECKED xt_status xt_ledger_receipt(xt_ledger* ledger, const xt_place* place, char* text, size_t capacity,
                                       size_t* size, xt_detail* detail);
#define XT_RECEIPT_BYTES 8192

// What a receipt shows.
typedef struct xt_receipt_facts {
    size_t struct_size;    // XT_RECEIPT_FACTS_BYTES, set by the caller
    uint64_t id;           // of the citizen, as a whole number
    int64_t time_unix_ms;  // of the call
    uint64_t officer;      // 0 where nobody said
    xt_verdict verdict;    // as the asker was shown it
    uint16_t agency;       // that asked
    uint16_t procedure;
    uint16_t claims;  // that were made: 1 << XT_CLAIM_NAME and so on
    uint16_t spare;   // 0
    xt_place place;
    uint64_t register_sequence;  // the change that the register was at, or a later one
    uint64_t entries;            // of the checkpoint that the receipt names
} xt_receipt_facts;
#define XT_RECEIPT_FACTS_BYTES 80
// Believes a receipt by the ledger's key alone: what xt_ledger_key() tells, and ledger.vkey in the ledger's folder has.
// `size` may be XT_ZERO_TERMINATED. Whether witnesses have cosigned the checkpoint in it is another matter.
// Concurrency: any thread; wait-free but for the allocator.
// Errors: XT_NOTE_KEY; XT_LOG_PROOF_SYNTAX, XT_NOTE_SYNTAX, XT_CHECKPOINT_SYNTAX, XT_NOT_OF_A_LEDGER (it is no
// receipt); XT_BAD_SIGNATURE; XT_LEDGER_DAMAGED (the row does not stand in the entry); XT_STRUCT_SIZE;
// XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_receipt_verify(const char* text, size_t size, const char* key, xt_receipt_facts* facts,
                                       xt_detail* detail);

// Packs the hours that are over and sorts the days that are, so that histories are found quickly: once a day, after
// midnight in Vietnam.
// Errors: XT_IO; XT_DISK_FULL; those of rows that cannot be read.
XT_CHECKED xt_status xt_ledger_update_histories(xt_ledger* ledger, xt_detail* detail);
// Destroys the key of a day, "2026-11-28" in Vietnam: nobody can open its rows again. Receipts that were given and the
// public log stay good.
// Errors: XT_DATE_SYNTAX; XT_NOT_FOUND; XT_IO; XT_DISK_FULL.
XT_CHECKED xt_status xt_ledger_forget(xt_ledger* ledger, const char* day, xt_detail* detail);
// The same for all days before this one, whose rows and histories are removed. The day of the newest row stays. `hours`
// may be NULL: told how many files of an hour there were.
// Errors: XT_DATE_SYNTAX; XT_IO; XT_DISK_FULL.
XT_CHECKED xt_status xt_ledger_prune(xt_ledger* ledger, const char* before_day, uint64_t* hours, xt_detail* detail);

XT_END
