// SPDX-License-Identifier: Apache-2.0
// The interface itself: its version, the sizes of its structs, the words of its codes.
#include "check.h"

static void sizes_are_those_of_the_header(void) {
    CHECK(xt_detail_bytes() == XT_DETAIL_BYTES);
    CHECK(xt_text_bytes() == XT_TEXT_BYTES);
    CHECK(xt_column_bytes() == XT_COLUMN_BYTES);
    CHECK(xt_table_options_bytes() == XT_TABLE_OPTIONS_BYTES);
    CHECK(xt_progress_bytes() == XT_PROGRESS_BYTES);
    CHECK(xt_write_options_bytes() == XT_WRITE_OPTIONS_BYTES);
    CHECK(xt_scrub_facts_bytes() == XT_SCRUB_FACTS_BYTES);
    CHECK(xt_partition_facts_bytes() == XT_PARTITION_FACTS_BYTES);
    CHECK(xt_feed_options_bytes() == XT_FEED_OPTIONS_BYTES);
    CHECK(xt_verdict_counts_bytes() == XT_VERDICT_COUNTS_BYTES);
    CHECK(xt_count_options_bytes() == XT_COUNT_OPTIONS_BYTES);
    CHECK(xt_request_bytes() == XT_REQUEST_BYTES);
    CHECK(xt_claims_bytes() == XT_CLAIMS_BYTES);
    CHECK(xt_claim_columns_bytes() == XT_CLAIM_COLUMNS_BYTES);
    CHECK(xt_verdict_bytes() == XT_VERDICT_BYTES);
    CHECK(xt_verdict_columns_bytes() == XT_VERDICT_COLUMNS_BYTES);
    CHECK(xt_field_bytes() == XT_FIELD_BYTES);
    CHECK(xt_text_rows_bytes() == XT_TEXT_ROWS_BYTES);
    CHECK(xt_snapshot_options_bytes() == XT_SNAPSHOT_OPTIONS_BYTES);
    CHECK(xt_registry_options_bytes() == XT_REGISTRY_OPTIONS_BYTES);
    CHECK(xt_checkpoint_facts_bytes() == XT_CHECKPOINT_FACTS_BYTES);
    CHECK(xt_freshness_bytes() == XT_FRESHNESS_BYTES);
    CHECK(xt_register_facts_bytes() == XT_REGISTER_FACTS_BYTES);
    CHECK(xt_holder_proof_bytes() == XT_HOLDER_PROOF_BYTES);
    CHECK(xt_agency_proof_bytes() == XT_AGENCY_PROOF_BYTES);
    CHECK(xt_proof_options_bytes() == XT_PROOF_OPTIONS_BYTES);
    CHECK(xt_citizen_bytes() == XT_CITIZEN_BYTES);
    CHECK(xt_change_bytes() == XT_CHANGE_BYTES);
    CHECK(xt_policy_options_bytes() == XT_POLICY_OPTIONS_BYTES);
    CHECK(xt_policy_facts_bytes() == XT_POLICY_FACTS_BYTES);
    CHECK(xt_policy_question_bytes() == XT_POLICY_QUESTION_BYTES);
    CHECK(xt_alarm_bytes() == XT_ALARM_BYTES);
    CHECK(xt_ledger_options_bytes() == XT_LEDGER_OPTIONS_BYTES);
    CHECK(xt_ledger_facts_bytes() == XT_LEDGER_FACTS_BYTES);
    CHECK(xt_ticket_bytes() == XT_TICKET_BYTES);
    CHECK(xt_call_bytes() == XT_CALL_BYTES);
    CHECK(xt_place_bytes() == XT_PLACE_BYTES);
    CHECK(xt_receipt_facts_bytes() == XT_RECEIPT_FACTS_BYTES);
    CHECK(xt_access_bytes() == XT_ACCESS_BYTES);
    CHECK(xt_signed_message_bytes() == XT_SIGNED_MESSAGE_BYTES);
}

// Hosts that do not read the header lay structs out by these numbers.
static void fields_are_where_they_always_were(void) {
    CHECK(offsetof(xt_claims, id) == 8 && offsetof(xt_claims, name_exact) == 40);
    CHECK(offsetof(xt_claims, account_level_at_least) == 232);
    CHECK(offsetof(xt_claims, agency) == 248 && offsetof(xt_claims, procedure) == 250);
    CHECK(offsetof(xt_claim_columns, id) == 8 && offsetof(xt_claim_columns, agencies) == 248);
    CHECK(offsetof(xt_claim_columns, procedures) == 256 && offsetof(xt_claim_columns, agency) == 264);
    CHECK(offsetof(xt_verdict, matched) == 2 && offsetof(xt_verdict, mismatched) == 4);
    CHECK(offsetof(xt_verdict, unavailable) == 6);
    CHECK(offsetof(xt_verdict_columns, outcomes) == 8 && offsetof(xt_verdict_columns, claims) == 40);
    CHECK(offsetof(xt_field, size) == 8 && offsetof(xt_field, number) == 16 && offsetof(xt_field, spare) == 20);
    CHECK(offsetof(xt_table_options, required) == 24 && offsetof(xt_table_options, ignore_unknown) == 28);
    CHECK(offsetof(xt_text_rows, texts) == 24 && offsetof(xt_text_rows, required) == 40);
    CHECK(offsetof(xt_holder_proof, nonce) == 8 && offsetof(xt_holder_proof, signature) == 24);
    CHECK(offsetof(xt_agency_proof, signature) == 24 && offsetof(xt_agency_proof, agency) == 88);
    CHECK(offsetof(xt_register_facts, as_of) == 8 && offsetof(xt_register_facts, citizens) == 24);
    CHECK(offsetof(xt_register_facts, unusable_snapshots) == 56 && offsetof(xt_register_facts, read_only) == 68);
    CHECK(offsetof(xt_registry_options, digest_key_file) == 16 && offsetof(xt_registry_options, read_only) == 28);
    CHECK(offsetof(xt_checkpoint_facts, citizens) == 24 && offsetof(xt_checkpoint_facts, written) == 48);
    CHECK(offsetof(xt_snapshot_options, threads) == 8 && offsetof(xt_snapshot_options, check) == 16);
    CHECK(offsetof(xt_citizen, superseded) == 200);
    CHECK(offsetof(xt_snapshot_options, progress) == 24 && offsetof(xt_progress, context) == 8);
    CHECK(offsetof(xt_snapshot_options, policy) == 40 && offsetof(xt_snapshot_options, agency) == 48);
    CHECK(offsetof(xt_registry_options, policy) == 72 && offsetof(xt_registry_options, agency) == 80);
    CHECK(offsetof(xt_policy_options, is_unsigned) == 16 && offsetof(xt_policy_options, today_unix_ms) == 24);
    CHECK(offsetof(xt_policy_facts, sha256) == 40 && offsetof(xt_policy_facts, is_compiled) == 72);
    CHECK(offsetof(xt_ledger_options, witnesses) == 24 && offsetof(xt_ledger_options, queue_rows) == 40);
    CHECK(offsetof(xt_call, holders) == 16 && offsetof(xt_call, ticket) == 48);
    CHECK(offsetof(xt_receipt_facts, verdict) == 32 && offsetof(xt_receipt_facts, place) == 48);
    CHECK(offsetof(xt_access, verdict) == 16 && offsetof(xt_access, withheld) == 30);
    CHECK(offsetof(xt_alarm, agency) == 32 && offsetof(xt_alarm, reason) == 34);
    CHECK(offsetof(xt_policy_question, agency) == 8 && offsetof(xt_policy_question, proofs) == 14);
    CHECK(offsetof(xt_registry_options, digest_key) == 48 && offsetof(xt_registry_options, progress) == 56);
    CHECK(offsetof(xt_write_options, snapshots_kept) == 12 && offsetof(xt_write_options, progress) == 16);
    CHECK(offsetof(xt_partition_facts, partition) == 32 && offsetof(xt_partition_facts, with_keys) == 36);
    CHECK(offsetof(xt_scrub_facts, partitions_repaired) == 32 && offsetof(xt_scrub_facts, spare) == 44);
    CHECK(offsetof(xt_feed_options, mark_file) == 24 && offsetof(xt_count_options, progress) == 32);
    CHECK(offsetof(xt_verdict_counts, by_name_grade) == 8216 && offsetof(xt_verdict_counts, by_claim) == 8264);
    CHECK(offsetof(xt_change, record) == 8 && offsetof(xt_change, public_key) == 40);
    CHECK(offsetof(xt_change, sequence) == 72 && offsetof(xt_change, time_unix_ms) == 80);
    CHECK(offsetof(xt_signed_message, signature) == 16 && offsetof(xt_signed_message, key) == 32);
    CHECK(offsetof(xt_detail, capacity) == 8 && offsetof(xt_detail, size) == 16);
}

static void every_code_has_words(void) {
    for (xt_status code = -2000; code <= 2000; ++code) CHECK(xt_message(code) != NULL && xt_message(code)[0] != '\0');
    CHECK(xt_message(INT32_MIN) != NULL && xt_message(INT32_MAX) != NULL);
    const xt_status codes[] = {XT_OK,
                               XT_PERSONAL_ID_LENGTH,
                               XT_PERSONAL_ID_DIGIT,
                               XT_DATE_SYNTAX,
                               XT_DATE_RANGE,
                               XT_NAME_EMPTY,
                               XT_NAME_TOO_LONG,
                               XT_NAME_NOT_UTF8,
                               XT_NAME_CONTROL_CHARACTER,
                               XT_SEX_WORD,
                               XT_STATUS_WORD,
                               XT_PROVINCE_UNKNOWN,
                               XT_WARD_RANGE,
                               XT_QR_FIELDS,
                               XT_CLAIMS_MISSING,
                               XT_CLAIMS_CONTRADICT,
                               XT_PERSONAL_ID_RESERVED,
                               XT_CODE_RANGE,
                               XT_NAME_UNASSIGNED_CHARACTER,
                               XT_IO,
                               XT_DISK_FULL,
                               XT_NOT_A_SNAPSHOT,
                               XT_NEWER_VERSION,
                               XT_TRUNCATED,
                               XT_CHECKSUM_MISMATCH,
                               XT_BAD_SIGNATURE,
                               XT_FOREIGN_AUTHORITY,
                               XT_FOREIGN_DIGEST_KEY,
                               XT_OUT_OF_MEMORY,
                               XT_FILE_PERMISSIONS,
                               XT_DAMAGED_HEADER,
                               XT_NOT_FOUND,
                               XT_ALREADY_EXISTS,
                               XT_DAMAGED_RECORD,
                               XT_TRAILING_BYTES,
                               XT_INDEX_FULL,
                               XT_CHANGE_IS_OLDER,
                               XT_CITIZEN_UNKNOWN,
                               XT_READ_ONLY,
                               XT_RECLAMATION_STALLED,
                               XT_NO_KEY_COLUMN,
                               XT_PATH_TOO_LONG,
                               XT_KEY_LENGTH,
                               XT_KEY_NOT_CANONICAL,
                               XT_KEY_SMALL_ORDER,
                               XT_KEY_NOT_ON_CURVE,
                               XT_MEMORY_BUDGET,
                               XT_NOT_OF_A_LEDGER,
                               XT_LEDGER_STOPPED,
                               XT_LEDGER_DAMAGED,
                               XT_LEDGER_FULL,
                               XT_NULL_ARGUMENT,
                               XT_CANCELLED,
                               XT_TIMED_OUT,
                               XT_TABLE,
                               XT_COLUMN,
                               XT_STRUCT_SIZE,
                               XT_ARGUMENT_RANGE,
                               XT_CHANGES_REFUSED,
                               XT_RECORD_NOT_VALID,
                               XT_NOT_A_REGISTRY,
                               XT_REGISTRY_LOCKED,
                               XT_REGISTRY_STOPPED,
                               XT_CLAIM_REQUIRED,
                               XT_DAMAGED_CHANGES,
                               XT_SEQUENCE_GAP,
                               XT_CHANGES_TRIMMED,
                               XT_CHANGES_PENDING,
                               XT_CHANGES_IN_DOUBT,
                               XT_OLDER_VERSION,
                               XT_UNSUITABLE_SQLITE,
                               XT_FORKED,
                               XT_MISPLACED_SNAPSHOT,
                               XT_NOTE_NAME,
                               XT_NOTE_KEY,
                               XT_NOTE_SYNTAX,
                               XT_FRAMEWORK_FAULTS,
                               XT_NOT_IN_POLICY,
                               XT_NOT_A_POLICY,
                               XT_CHECKPOINT_SYNTAX,
                               XT_LOG_PROOF_SYNTAX,
                               XT_DAMAGED_LOG,
                               XT_LOG_LOCKED,
                               XT_LOG_STOPPED,
                               XT_WITNESS_REFUSED,
                               XT_NOT_A_PARTITION,
                               XT_FOREIGN_PARTITION,
                               XT_PARTITION_ELSEWHERE,
                               XT_UNEXPECTED};
    const char* nobodys = xt_message(899);
    for (size_t i = 0; i != sizeof codes / sizeof *codes; ++i) {
        CHECK(strcmp(xt_message(codes[i]), nobodys) != 0);
        for (size_t j = 0; j != i; ++j) CHECK(strcmp(xt_message(codes[i]), xt_message(codes[j])) != 0);
    }
}

static void words_of_verdicts_are_the_stable_ones(void) {
    CHECK_TEXT(xt_outcome_text(XT_OUTCOME_VERIFIED), "verified");
    CHECK_TEXT(xt_outcome_text(XT_OUTCOME_CLAIM_MISMATCH + XT_CLAIM_BIRTH_DATE), "birth_date_mismatch");
    CHECK_TEXT(xt_outcome_text(XT_OUTCOME_NOT_FOUND), "not_found");
    CHECK_TEXT(xt_outcome_text(XT_OUTCOME_SUPERSEDED), "superseded");
    CHECK_TEXT(xt_outcome_text(XT_OUTCOME_DECEASED), "deceased");
    CHECK_TEXT(xt_outcome_text(XT_OUTCOME_MISSING), "missing");
    CHECK_TEXT(xt_outcome_text(XT_OUTCOME_REGISTRATION_NOT_ACTIVE), "registration_not_active");
    CHECK_TEXT(xt_outcome_text(XT_OUTCOME_LOCKED_BY_HOLDER), "locked_by_holder");
    CHECK_TEXT(xt_outcome_text(XT_OUTCOME_INCOMPLETE), "incomplete");
    CHECK_TEXT(xt_outcome_text(XT_OUTCOME_BAD_SIGNATURE), "bad_signature");
    CHECK_TEXT(xt_outcome_text(XT_OUTCOME_NO_KEY_REGISTERED), "no_key_registered");
    CHECK_TEXT(xt_outcome_text(XT_OUTCOME_KEY_REVOKED), "key_revoked");
    CHECK_TEXT(xt_outcome_text(XT_OUTCOME_MALFORMED), "malformed");
    CHECK_TEXT(xt_outcome_text(XT_OUTCOME_DAMAGED_RECORD), "damaged_record");
    CHECK_TEXT(xt_outcome_text(XT_OUTCOME_LEDGER_FULL), "ledger_full");
    CHECK_TEXT(xt_outcome_text(XT_OUTCOME_LEDGER_STOPPED), "ledger_stopped");
    CHECK_TEXT(xt_outcome_text(XT_OUTCOME_ELSEWHERE), "elsewhere");
    for (unsigned outcome = 0; outcome <= UINT16_MAX; ++outcome) CHECK(xt_outcome_text((uint16_t)outcome)[0] != '\0');
    CHECK_TEXT(xt_outcome_text(999), "unknown_outcome");
    CHECK_TEXT(xt_claim_text(XT_CLAIM_NAME), "name");
    CHECK_TEXT(xt_field_text(XT_FIELD_ID), "id");
    CHECK_TEXT(xt_field_text(XT_FIELD_PROCEDURE), "procedure");
    CHECK_TEXT(xt_field_text(XT_FIELD_COUNT), "");
    CHECK_TEXT(xt_field_text(XT_FIELD_NONE), "");
    for (unsigned claim = 0; claim != XT_CLAIM_COUNT; ++claim)
        CHECK_TEXT(xt_field_text(1 + claim), xt_claim_text(claim));
    CHECK_TEXT(xt_claim_text(XT_CLAIM_ACCOUNT_LEVEL_AT_LEAST), "account_level_at_least");
    CHECK_TEXT(xt_claim_text(XT_CLAIM_COUNT), "");
    CHECK_TEXT(xt_claim_text(XT_CLAIM_NAME + 256), "");
    CHECK_TEXT(xt_name_grade_text(XT_NAME_GRADE_EXACT), "exact");
    CHECK_TEXT(xt_name_grade_text(XT_NAME_GRADE_FOLDED), "folded");
    CHECK_TEXT(xt_name_grade_text(XT_NAME_GRADE_MARKS_DIFFER), "marks_differ");
    CHECK_TEXT(xt_name_grade_text(XT_NAME_GRADE_NONE), "");
    CHECK_TEXT(xt_name_grade_text(255), "");
}

void test_interface(void) {
    CHECK(xt_abi_version() == XT_ABI_VERSION);
    sizes_are_those_of_the_header();
    fields_are_where_they_always_were();
    every_code_has_words();
    words_of_verdicts_are_the_stable_ones();
}
