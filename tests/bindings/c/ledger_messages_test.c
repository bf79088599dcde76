// SPDX-License-Identifier: Apache-2.0
// What the calls about ledgers and histories say when they refuse.
#include <stdlib.h>
#include <time.h>

#include "refusals.h"

static char at[1024];

static void write_file(const char* path, const char* text) {
    FILE* file = fopen(path, "wb");
    CHECK(file != NULL && fputs(text, file) >= 0);
    CHECK(fclose(file) == 0);
}

static void refuse_opening(const xt_authority_key* secret) {
    xt_ledger_options how = {.struct_size = XT_LEDGER_OPTIONS_BYTES};
    REFUSES(xt_ledger_open(NULL, &how, &out.ledger, &detail), XT_NULL_ARGUMENT, "NULL|folder", ARGUMENTS | FILES);
    REFUSES(xt_ledger_open(at, &how, NULL, &detail), XT_NULL_ARGUMENT, "NULL|handle", ARGUMENTS);
    REFUSES(xt_ledger_open(at, NULL, &out.ledger, &detail), XT_NOTE_NAME, "new ledger|such as", KEYS | NAMES);
    how.origin = "a name";
    REFUSES(xt_ledger_open(at, &how, &out.ledger, &detail), XT_NOTE_NAME, "a name", KEYS | NAMES);
    how.durability = 2;
    REFUSES(xt_ledger_open(at, &how, &out.ledger, &detail), XT_ARGUMENT_RANGE, "durability", ARGUMENTS);
    how.struct_size = 1;
    REFUSES(xt_ledger_open(at, &how, &out.ledger, &detail), XT_STRUCT_SIZE, "xt_ledger_options", ARGUMENTS);
    const xt_ledger_options other = {.struct_size = XT_LEDGER_OPTIONS_BYTES, .origin = "b.example"};
    const xt_ledger_options right = {.struct_size = XT_LEDGER_OPTIONS_BYTES, .origin = "a.example"};
    const xt_ledger_options keyed = {.struct_size = XT_LEDGER_OPTIONS_BYTES, .key = secret};
    xt_ledger* first = NULL;
    CHECK(xt_ledger_open(at, &right, &first, NULL) == XT_OK);
    REFUSES(xt_ledger_open(at, &other, &out.ledger, &detail), XT_LEDGER_MISMATCH, "a.example", KEYS | NAMES | FILES);
    REFUSES(xt_ledger_open(at, &keyed, &out.ledger, &detail), XT_LEDGER_MISMATCH, "key|ledger.vkey",
            KEYS | NAMES | FILES);
    REFUSES(xt_ledger_open(at, &right, &out.ledger, &detail), XT_LOG_LOCKED, "log", LOGS | FILES);
    xt_ledger_free(first);
    xt_ledger_options watched = right;
    char path[1024];
    snprintf(path, sizeof path, "%s", path_of("witnesses.toml"));
    watched.witnesses = path;
    write_file(path, "quorum = 2\nnonsense = 1\n");
    REFUSES(xt_ledger_open(at, &watched, &out.ledger, &detail), XT_SETTINGS_FAULTS, "witnesses.toml:2: |nonsense",
            FILES | KEYS);
}

// A ledger whose witnesses have not cosigned says so, and takes no rows.
static void refuse_without_witnesses(void) {
    char path[1024];
    snprintf(path, sizeof path, "%s", path_of("witnesses.toml"));
    write_file(path,
               "quorum = 1\ntimeout_ms = 300\n[[witness]]\n"
               "key = \"w.example+4a98ebc3+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea\"\n"
               "url = \"http://127.0.0.1:9/\"\n");
    const xt_ledger_options how = {.struct_size = XT_LEDGER_OPTIONS_BYTES, .witnesses = path};
    xt_ledger* ledger = NULL;
    CHECK(xt_ledger_open(at, &how, &ledger, &detail) == XT_OK);
    CHECK_TEXT(words, "");
    REFUSES(xt_ledger_ask_witnesses(ledger, &detail), XT_WITNESS_REFUSED, "w.example: ", SIGNATURES | NAMES | FILES);
    xt_ledger_facts facts = {.struct_size = XT_LEDGER_FACTS_BYTES};
    CHECK(xt_ledger_look(ledger, &facts) == XT_OK && facts.is_witnessed == 0 && facts.is_stopped == 0);
    xt_register* people = open_people(NULL);
    CHECK(xt_register_set_ledger(people, ledger) == XT_OK);
    const xt_request asked = {{1199000001, 0, 0, 0}};
    xt_verdict verdict;
    CHECK(xt_verify(people, &asked, 1, &verdict, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdict) == XT_OUTCOME_LEDGER_STOPPED);
    xt_register_free(people);
    xt_ledger_free(ledger);
}

static void refuse_nothing_there(void) {
    xt_ledger_facts facts = {.struct_size = XT_LEDGER_FACTS_BYTES};
    const xt_place place = {0, 0};
    const xt_ticket ticket = {0, 1};
    xt_place found = {0, 0};
    REFUSES(xt_ledger_close(NULL, &detail), XT_NULL_ARGUMENT, "NULL|ledger", ARGUMENTS);
    REFUSES(xt_ledger_publish(NULL, &detail), XT_NULL_ARGUMENT, "NULL|ledger", ARGUMENTS);
    REFUSES(xt_ledger_ask_witnesses(NULL, &detail), XT_NULL_ARGUMENT, "NULL|ledger", ARGUMENTS);
    REFUSES(xt_ledger_update_histories(NULL, &detail), XT_NULL_ARGUMENT, "NULL|ledger", ARGUMENTS);
    REFUSES(xt_ledger_forget(NULL, "2026-11-28", &detail), XT_NULL_ARGUMENT, "NULL|ledger", ARGUMENTS | DAYS);
    REFUSES(xt_ledger_prune(NULL, "2026-11-28", NULL, &detail), XT_NULL_ARGUMENT, "NULL|ledger", ARGUMENTS | DAYS);
    REFUSES(xt_ledger_look(NULL, &facts), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_ledger_key(NULL, NULL, 0, NULL), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_ledger_checkpoint(NULL, NULL, 0, NULL), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_ledger_wait(NULL, &ticket), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_ledger_place(NULL, &ticket, 0, &found), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_ledger_receipt(NULL, &place, NULL, 0, NULL, &detail), XT_NULL_ARGUMENT, "NULL|ledger", ARGUMENTS);
    REFUSES(xt_register_set_ledger(NULL, NULL), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_verify_call(NULL, NULL, 0, NULL, NULL, NULL), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_history_open(NULL, NULL, &out.history, &detail), XT_NULL_ARGUMENT, "NULL|folder", ARGUMENTS | FILES);
    REFUSES(xt_history_open(path_of("no-ledger"), NULL, &out.history, &detail), XT_NOT_FOUND, "no-ledger",
            FILES | LOGS);
    size_t count = 0;
    REFUSES(xt_history_of(NULL, xt_text_of("001199000001"), 0, NULL, 0, &count, &detail), XT_NULL_ARGUMENT,
            "NULL|history", ARGUMENTS);
}

static void refuse_asking(void) {
    xt_ledger* ledger = NULL;
    xt_ledger* other = NULL;
    const xt_ledger_options how = {.struct_size = XT_LEDGER_OPTIONS_BYTES, .origin = "a.example"};
    char elsewhere[1100];
    snprintf(elsewhere, sizeof elsewhere, "%s-too", at);
    CHECK(xt_ledger_open(at, &how, &ledger, NULL) == XT_OK && xt_ledger_open(elsewhere, &how, &other, NULL) == XT_OK);
    xt_register* people = open_people(NULL);
    CHECK(xt_register_set_ledger(people, ledger) == XT_OK);
    REFUSES(xt_register_set_ledger(people, other), XT_ARGUMENT_RANGE, "argument", ARGUMENTS);
    xt_call call = {.struct_size = 1};
    REFUSES(xt_verify_call(people, NULL, 0, &call, NULL, NULL), XT_STRUCT_SIZE, "struct", ARGUMENTS);
    xt_agency_proof proof = {.agency = 5, .spare = {1, 0, 0}};
    call = (xt_call){.struct_size = XT_CALL_BYTES, .proof = &proof};
    REFUSES(xt_verify_call(people, NULL, 0, &call, NULL, NULL), XT_NULL_ARGUMENT, "NULL", ARGUMENTS);
    REFUSES(xt_ledger_forget(ledger, "today", &detail), XT_DATE_SYNTAX, "today", DAYS);
    REFUSES(xt_ledger_forget(ledger, NULL, &detail), XT_NULL_ARGUMENT, "NULL|day", ARGUMENTS | DAYS);
    REFUSES(xt_ledger_prune(ledger, NULL, NULL, &detail), XT_NULL_ARGUMENT, "NULL|day", ARGUMENTS | DAYS);
    REFUSES(xt_ledger_prune(ledger, "28/11/2026", NULL, &detail), XT_DATE_SYNTAX, "28/11/2026", DAYS);
    const xt_place place = {1000, 0};
    REFUSES(xt_ledger_receipt(ledger, &place, NULL, 0, NULL, &detail), XT_NOT_FOUND, "entry 1000", FILES | LOGS);
    xt_receipt_facts facts = {.struct_size = XT_RECEIPT_FACTS_BYTES};
    char key[256];
    CHECK(xt_ledger_key(ledger, key, sizeof key, NULL) == XT_OK);
    REFUSES(xt_receipt_verify("nothing", 7, key, &facts, &detail), XT_LOG_PROOF_SYNTAX, "the receipt",
            LOGS | SIGNATURES);
    REFUSES(xt_receipt_verify("nothing", 7, "a.example", &facts, &detail), XT_NOTE_KEY, "key", KEYS | NAMES);
    REFUSES(xt_receipt_verify(NULL, 7, key, &facts, &detail), XT_NULL_ARGUMENT, "NULL|text", ARGUMENTS);
    facts.struct_size = 1;
    REFUSES(xt_receipt_verify("nothing", 7, key, &facts, &detail), XT_STRUCT_SIZE, "xt_receipt_facts", ARGUMENTS);
    xt_history* history = NULL;
    size_t count = 0;
    CHECK(xt_history_open(at, NULL, &history, NULL) == XT_OK);
    REFUSES(xt_history_of(history, xt_text_of("1"), 0, NULL, 0, &count, &detail), XT_PERSONAL_ID_LENGTH, "12 digits",
            PERSONAL_IDS);
    REFUSES(xt_history_of(history, xt_text_of("001199000001"), 2, NULL, 0, &count, &detail), XT_ARGUMENT_RANGE,
            "viewer", ARGUMENTS);
    xt_history_free(history);
    xt_register_free(people);
    xt_ledger_free(other);
    xt_ledger_free(ledger);
}

void refuse_ledgers(const xt_authority_key* secret) {
    snprintf(at, sizeof at, "%s-%lld-%d", path_of("refusing"), (long long)time(NULL), rand());
    refuse_opening(secret);
    refuse_without_witnesses();
    refuse_nothing_there();
    refuse_asking();
}
