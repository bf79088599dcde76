// SPDX-License-Identifier: Apache-2.0
// Guards: what askers have used up, and what looks like an attack. A part of xacthuc.h, which has the conventions.
#pragma once

#include "interface.h"
#include "register.h"

XT_BEGIN

typedef struct xt_guards xt_guards;

// Guards whose state is kept in a folder, usually `guards` in the directory of the registry. The folder is made where
// it is missing, and is locked: it is of one process at a time.
// Errors: XT_REGISTRY_LOCKED (another process has the folder); XT_IO; XT_DISK_FULL; XT_FILE_PERMISSIONS (others may
// read it); XT_DAMAGED_HEADER; XT_FOREIGN_DIGEST_KEY (it was saved under another key); XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_guards_open(const char* folder, xt_guards** guards, xt_detail* detail);
// Saves what a crash would lose (quotas, misses, estimates). To be called every few seconds to minutes; no batch and no
// proof is taken twice, saved or not.
// Complexity: about 0.1 s.
// Concurrency: beside all else; blocking on others that save.
// Errors: XT_IO; XT_DISK_FULL.
XT_CHECKED xt_status xt_guards_save(xt_guards* guards, xt_detail* detail);
// Saves everything, for an end: registers that are watched by these guards take no signed batch and no proof
// afterwards. The handle is still there, for xt_guards_free().
// Errors: XT_IO; XT_DISK_FULL.
XT_CHECKED xt_status xt_guards_close(xt_guards* guards, xt_detail* detail);
// Without xt_guards_close() it is as after a crash. Registers that are watched by them keep what they need.
void xt_guards_free(xt_guards* guards);

// From now on what the register answers is watched: quotas of its policy are charged, misses are counted, signed
// batches and holders' proofs are taken once. Calls that have begun go on as they were.
// Concurrency: any thread.
// Errors: XT_NULL_ARGUMENT; XT_ARGUMENT_RANGE (other guards watch it); XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_register_set_guards(xt_register* opened, const xt_guards* guards);

// The reasons of an alarm; what `number` and `limit` count.
enum {
    XT_ALARM_SURGE = 1,             // questions of an agency far faster than its usual day; how many of them beyond
    XT_ALARM_SUBJECTS_A_DAY = 2,    // different citizens that an agency asked about today
    XT_ALARM_SUBJECTS_A_YEAR = 3,   // and in thirteen months
    XT_ALARM_OFFICER_SUBJECTS = 4,  // different citizens that one officer asked about today
    XT_ALARM_MISSES = 5,            // failed questions of an agency lately, per mille
    XT_ALARM_BUDGETS_USED_UP = 6,   // questions that came after the citizen's misses were used up
    XT_ALARM_HEAVY_SUBJECT = 7,     // questions about one citizen today
    XT_ALARM_DECOY = 8,             // a question about a citizen that nobody has reason to ask about
    XT_ALARM_TABLE_FULL = 9         // what was refused because a table of the guards is full
};
typedef struct xt_alarm {
    int64_t at_unix_ms;
    uint64_t number;
    uint64_t limit;    // that it went beyond
    uint64_t subject;  // the citizen's number as a whole number, or the officer's, where the reason is about one
    uint16_t agency;
    uint8_t reason;     // XT_ALARM_…
    uint8_t suspended;  // 1: the agency, by this alarm
    uint32_t spare;     // 0
} xt_alarm;
#define XT_ALARM_BYTES 40
// The next alarms that were raised, oldest first, as many as there is room for; the others wait for the next call.
// Errors: XT_NULL_ARGUMENT; XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_guards_take_alarms(xt_guards* guards, xt_alarm* alarms, size_t capacity, size_t* count);

// Whatever the agency asks is refused with XT_OUTCOME_ALARM_SUSPENDED, until it is reinstated.
// Concurrency: wait-free.
// Errors: XT_NULL_ARGUMENT.
XT_CHECKED xt_status xt_guards_suspend(xt_guards* guards, uint16_t agency);
XT_CHECKED xt_status xt_guards_reinstate(xt_guards* guards, uint16_t agency);

XT_END
