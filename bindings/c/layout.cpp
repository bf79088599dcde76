// SPDX-License-Identifier: Apache-2.0
// The sizes of the structs, for hosts that do not read the header.
#include <xacthuc.h>

// clang-format off
size_t xt_detail_bytes(void) { return sizeof(xt_detail); }
size_t xt_text_bytes(void) { return sizeof(xt_text); }
size_t xt_column_bytes(void) { return sizeof(xt_column); }
size_t xt_progress_bytes(void) { return sizeof(xt_progress); }
size_t xt_request_bytes(void) { return sizeof(xt_request); }
size_t xt_claims_bytes(void) { return sizeof(xt_claims); }
size_t xt_claim_columns_bytes(void) { return sizeof(xt_claim_columns); }
size_t xt_verdict_bytes(void) { return sizeof(xt_verdict); }
size_t xt_verdict_columns_bytes(void) { return sizeof(xt_verdict_columns); }
size_t xt_field_bytes(void) { return sizeof(xt_field); }
size_t xt_table_options_bytes(void) { return sizeof(xt_table_options); }
size_t xt_text_rows_bytes(void) { return sizeof(xt_text_rows); }
size_t xt_snapshot_options_bytes(void) { return sizeof(xt_snapshot_options); }
size_t xt_registry_options_bytes(void) { return sizeof(xt_registry_options); }
size_t xt_freshness_bytes(void) { return sizeof(xt_freshness); }
size_t xt_register_facts_bytes(void) { return sizeof(xt_register_facts); }
size_t xt_holder_proof_bytes(void) { return sizeof(xt_holder_proof); }
size_t xt_agency_proof_bytes(void) { return sizeof(xt_agency_proof); }
size_t xt_proof_options_bytes(void) { return sizeof(xt_proof_options); }
size_t xt_holder_message_bytes(void) { return XT_HOLDER_MESSAGE_BYTES; }
size_t xt_agency_message_bytes(void) { return XT_AGENCY_MESSAGE_BYTES; }
size_t xt_citizen_bytes(void) { return sizeof(xt_citizen); }
size_t xt_change_bytes(void) { return sizeof(xt_change); }
size_t xt_checkpoint_facts_bytes(void) { return sizeof(xt_checkpoint_facts); }
size_t xt_write_options_bytes(void) { return sizeof(xt_write_options); }
size_t xt_scrub_facts_bytes(void) { return sizeof(xt_scrub_facts); }
size_t xt_partition_facts_bytes(void) { return sizeof(xt_partition_facts); }
size_t xt_feed_options_bytes(void) { return sizeof(xt_feed_options); }
size_t xt_verdict_counts_bytes(void) { return sizeof(xt_verdict_counts); }
size_t xt_count_options_bytes(void) { return sizeof(xt_count_options); }
size_t xt_signed_message_bytes(void) { return sizeof(xt_signed_message); }
size_t xt_policy_options_bytes(void) { return sizeof(xt_policy_options); }
size_t xt_policy_facts_bytes(void) { return sizeof(xt_policy_facts); }
size_t xt_policy_question_bytes(void) { return sizeof(xt_policy_question); }
size_t xt_alarm_bytes(void) { return sizeof(xt_alarm); }
size_t xt_ledger_options_bytes(void) { return sizeof(xt_ledger_options); }
size_t xt_ledger_facts_bytes(void) { return sizeof(xt_ledger_facts); }
size_t xt_ticket_bytes(void) { return sizeof(xt_ticket); }
size_t xt_call_bytes(void) { return sizeof(xt_call); }
size_t xt_place_bytes(void) { return sizeof(xt_place); }
size_t xt_receipt_facts_bytes(void) { return sizeof(xt_receipt_facts); }
size_t xt_access_bytes(void) { return sizeof(xt_access); }
// clang-format on
