// SPDX-License-Identifier: Apache-2.0
// What the tests of messages check refusals with.
#pragma once

#include "check.h"

extern char words[1024];
extern xt_detail detail;

// What words may be about.
enum {
    NOTHING_ELSE = 0,
    FILES = 1 << 0,
    KEYS = 1 << 1,
    AUTHORITIES = 1 << 2,
    AGENCIES = 1 << 3,
    CITIZENS = 1 << 4,
    SIGNATURES = 1 << 5,
    REGISTRIES = 1 << 6,
    SNAPSHOTS = 1 << 7,
    CHANGES = 1 << 8,
    NAMES = 1 << 9,
    PERSONAL_IDS = 1 << 10,
    CLAIMS = 1 << 11,
    DAYS = 1 << 12,
    CODES = 1 << 13,
    RECORDS = 1 << 14,
    LOGS = 1 << 15,
    ARGUMENTS = 1 << 16,
    HEADERS = 1 << 17
};
// Where results go. A refused call leaves all of it alone.
typedef struct {
    xt_digest_key* digests;
    xt_authority* authority;
    xt_authority_key* pair;
    xt_register* opened;
    xt_agency_keys* agencies;
    xt_verifying_key* verifying;
    xt_feed* feed;
    xt_counts* counts;
    xt_policy* policy;
    xt_guards* guards;
    xt_ledger* ledger;
    xt_history* history;
    xt_policy_facts policy_facts;
    uint16_t outcomes[2];
    xt_request request;
    xt_change change;
    xt_register_facts facts;
    xt_checkpoint_facts checkpoint;
    xt_scrub_facts scrub;
    xt_freshness freshness;
    xt_verdict verdicts[2];
    xt_status statuses[2];
    size_t count;
    uint8_t valid[2];
    char text[XT_CHANGE_JSON_BYTES];
    uint8_t holder_message[XT_HOLDER_MESSAGE_BYTES];
    uint8_t agency_message[XT_AGENCY_MESSAGE_BYTES];
} results;
extern results out, out_before;

// `about`: words that must be there, with bars between them. `allowed`: what else it may speak of.
void check_refused(const char* file, int line, xt_status status, xt_status wanted, const char* about, unsigned allowed);
#define REFUSES(call, wanted, about, allowed)                                    \
    do {                                                                         \
        words[0] = '\0';                                                         \
        const xt_status refused_with = (call);                                   \
        check_refused(__FILE__, __LINE__, refused_with, wanted, about, allowed); \
    } while (0)

void refuse_tables(const xt_digest_key* key);
void refuse_partitions(const xt_digest_key* key);
void refuse_policies(const xt_authority* trusted);
void refuse_ledgers(const xt_authority_key* secret);
void refuse_texts(const xt_digest_key* key);
void refuse_keeping(const xt_digest_key* key, const xt_authority* trusted, const xt_authority_key* secret);
