// SPDX-License-Identifier: Apache-2.0
// Histories: who asked about a citizen, and what of it she is shown. A part of xacthuc.h, which has the conventions.
#pragma once

#include "interface.h"
#include "verdicts.h"

XT_BEGIN

typedef struct xt_history xt_history;

// Reads the histories of the ledger in a folder, also while it is written. `rules`, a file of TOML, says what is shown
// of which procedures, and when; NULL: all, at once. Days that were sorted since are read by a new handle.
// Errors: XT_NOT_FOUND; XT_SETTINGS_FAULTS (of the rules, a line each); XT_IO; XT_FILE_PERMISSIONS; XT_DAMAGED_HEADER;
// XT_CHECKSUM_MISMATCH; XT_TRUNCATED; XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_history_open(const char* folder, const char* rules, xt_history** history, xt_detail* detail);
void xt_history_free(xt_history* history);

enum {
    XT_VIEWER_HOLDER = 0,    // the citizen herself: what the rules let her see, and never the officer
    XT_VIEWER_INSPECTOR = 1  // who may see all
};
typedef struct xt_access {
    int64_t time_unix_s;
    uint64_t officer;    // 0 where it is withheld
    xt_verdict verdict;  // all zeros where it is withheld
    uint16_t agency;
    uint16_t procedure;  // 0 where it is withheld
    uint16_t claims;     // likewise
    uint8_t withheld;    // 1: something is
    uint8_t spare;       // 0
} xt_access;
#define XT_ACCESS_BYTES 32
// The accesses to this citizen, in the order of time, as many as there is room for; `count` is told how many there are.
// That the viewer is whom the host says is for the host to know. A handle is of one thread at a time.
// Complexity: a read a month; days that are not sorted yet are read whole.
// Errors: XT_PERSONAL_ID_LENGTH and the others of ids; XT_ARGUMENT_RANGE (no such viewer); XT_IO; XT_TRUNCATED;
// XT_CHECKSUM_MISMATCH; XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_history_of(xt_history* history, xt_text id, uint32_t viewer, xt_access* accesses,
                                   size_t capacity, size_t* count, xt_detail* detail);

XT_END
