// SPDX-License-Identifier: Apache-2.0
// The sizes of all structs. A part of xacthuc.h, which has the conventions.
#pragma once

#include "changes.h"
#include "counts.h"
#include "ed25519.h"
#include "feed.h"
#include "fields.h"
#include "guards.h"
#include "history.h"
#include "interface.h"
#include "ledger.h"
#include "partitions.h"
#include "policy.h"
#include "proofs.h"
#include "register.h"
#include "requests.h"
#include "tables.h"
#include "verdicts.h"

XT_BEGIN

// For hosts that do not read this header: size_t xt_detail_bytes(void) and so on is what the library was built with.
#define XT_SIZED(type, bytes)                         \
    XT_STATIC_ASSERT(sizeof(type) == (bytes), #type); \
    size_t type##_bytes(void)
XT_SIZED(xt_detail, XT_DETAIL_BYTES);
XT_SIZED(xt_text, XT_TEXT_BYTES);
XT_SIZED(xt_column, XT_COLUMN_BYTES);
XT_SIZED(xt_progress, XT_PROGRESS_BYTES);
XT_SIZED(xt_request, XT_REQUEST_BYTES);
XT_SIZED(xt_claims, XT_CLAIMS_BYTES);
XT_SIZED(xt_claim_columns, XT_CLAIM_COLUMNS_BYTES);
XT_SIZED(xt_verdict, XT_VERDICT_BYTES);
XT_SIZED(xt_verdict_columns, XT_VERDICT_COLUMNS_BYTES);
XT_SIZED(xt_field, XT_FIELD_BYTES);
XT_SIZED(xt_text_rows, XT_TEXT_ROWS_BYTES);
XT_SIZED(xt_table_options, XT_TABLE_OPTIONS_BYTES);
XT_SIZED(xt_snapshot_options, XT_SNAPSHOT_OPTIONS_BYTES);
XT_SIZED(xt_registry_options, XT_REGISTRY_OPTIONS_BYTES);
XT_SIZED(xt_freshness, XT_FRESHNESS_BYTES);
XT_SIZED(xt_register_facts, XT_REGISTER_FACTS_BYTES);
XT_SIZED(xt_holder_proof, XT_HOLDER_PROOF_BYTES);
XT_SIZED(xt_agency_proof, XT_AGENCY_PROOF_BYTES);
XT_SIZED(xt_proof_options, XT_PROOF_OPTIONS_BYTES);
XT_SIZED(xt_citizen, XT_CITIZEN_BYTES);
XT_SIZED(xt_change, XT_CHANGE_BYTES);
XT_SIZED(xt_checkpoint_facts, XT_CHECKPOINT_FACTS_BYTES);
XT_SIZED(xt_write_options, XT_WRITE_OPTIONS_BYTES);
XT_SIZED(xt_scrub_facts, XT_SCRUB_FACTS_BYTES);
XT_SIZED(xt_partition_facts, XT_PARTITION_FACTS_BYTES);
XT_SIZED(xt_feed_options, XT_FEED_OPTIONS_BYTES);
XT_SIZED(xt_verdict_counts, XT_VERDICT_COUNTS_BYTES);
XT_SIZED(xt_count_options, XT_COUNT_OPTIONS_BYTES);
XT_SIZED(xt_policy_options, XT_POLICY_OPTIONS_BYTES);
XT_SIZED(xt_policy_facts, XT_POLICY_FACTS_BYTES);
XT_SIZED(xt_policy_question, XT_POLICY_QUESTION_BYTES);
XT_SIZED(xt_alarm, XT_ALARM_BYTES);
XT_SIZED(xt_ledger_options, XT_LEDGER_OPTIONS_BYTES);
XT_SIZED(xt_ledger_facts, XT_LEDGER_FACTS_BYTES);
XT_SIZED(xt_ticket, XT_TICKET_BYTES);
XT_SIZED(xt_call, XT_CALL_BYTES);
XT_SIZED(xt_place, XT_PLACE_BYTES);
XT_SIZED(xt_receipt_facts, XT_RECEIPT_FACTS_BYTES);
XT_SIZED(xt_access, XT_ACCESS_BYTES);
XT_SIZED(xt_signed_message, XT_SIGNED_MESSAGE_BYTES);
#undef XT_SIZED

XT_END
