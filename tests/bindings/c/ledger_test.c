// SPDX-License-Identifier: Apache-2.0
// Ledgers: every call that verifies leaves its rows, receipts need nothing but the key, histories and ends of days.
#include <stdlib.h>
#include <time.h>

#include "tables.h"

enum { JUSTICE = 5, BIRTH_REGISTRATION = 101, OFFICER = 42, AS_MANY = 700 };
static const char* const origin = "example.vn/of-c";
static char place_of_ledger[1024];
static char words[4096];
static xt_detail detail = {words, sizeof words, 0};
static xt_digest_key* digests;

// A folder that no earlier run has used.
static const char* new_folder(const char* name) {
    static char path[1024];
    snprintf(path, sizeof path, "%s-%lld-%d", path_of(name), (long long)time(NULL), rand());
    return path;
}

static xt_ledger* open_ledger(const char* at, uint32_t durability, uint64_t queue_rows) {
    const xt_ledger_options options = {
        .struct_size = XT_LEDGER_OPTIONS_BYTES, .origin = origin, .durability = durability, .queue_rows = queue_rows};
    xt_ledger* ledger = NULL;
    CHECK(xt_ledger_open(at, &options, &ledger, &detail) == XT_OK);
    CHECK_TEXT(words, "");
    return ledger;
}

static xt_request question(const char* id) {
    const xt_claims claims = {.struct_size = XT_CLAIMS_BYTES,
                              .id = xt_text_of(id),
                              .name = xt_text_of("Nguyễn Thị Hòa"),
                              .birth_date = xt_text_of("1999-03-08"),
                              .agency = JUSTICE,
                              .procedure = BIRTH_REGISTRATION};
    xt_request request = {{0, 0, 0, 0}};
    CHECK(xt_prepare(digests, &claims, &request, NULL) == XT_OK);
    return request;
}

static uint64_t entries_of(xt_ledger* ledger) {
    xt_ledger_facts facts = {.struct_size = XT_LEDGER_FACTS_BYTES};
    CHECK(xt_ledger_look(ledger, &facts) == XT_OK && facts.is_stopped == 0 && facts.is_witnessed == 1);
    return facts.entries;
}

// How many accesses to the first citizen there are; the last of them.
static size_t accesses_of(const char* rules, uint32_t viewer, xt_access* last) {
    static xt_access accesses[4 * AS_MANY];
    xt_history* history = NULL;
    size_t count = 0;
    CHECK(xt_history_open(place_of_ledger, rules, &history, &detail) == XT_OK);
    CHECK(xt_history_of(history, xt_text_of("001199000001"), viewer, accesses, 4 * AS_MANY, &count, &detail) == XT_OK);
    xt_history_free(history);
    if (last != NULL && count > 0 && count <= 4 * AS_MANY) *last = accesses[count - 1];
    return count;
}

static void a_receipt_needs_the_key_alone(xt_ledger* ledger, const xt_ticket* ticket) {
    static char receipt[XT_RECEIPT_BYTES];
    char key[256];
    size_t size = 0;
    xt_place place = {0, 0};
    CHECK(xt_ledger_key(ledger, key, sizeof key, &size) == XT_OK && size == strlen(key));
    CHECK(strncmp(key, origin, strlen(origin)) == 0);
    CHECK(xt_ledger_place(ledger, ticket, 1, &place) == XT_OK);
    CHECK(xt_ledger_place(ledger, ticket, ticket->rows, &place) == XT_NOT_FOUND);
    CHECK(xt_ledger_receipt(ledger, &place, receipt, sizeof receipt, &size, &detail) == XT_OK);
    CHECK(size == strlen(receipt) && size < 4096);
    xt_receipt_facts facts = {.struct_size = XT_RECEIPT_FACTS_BYTES};
    CHECK(xt_receipt_verify(receipt, size, key, &facts, &detail) == XT_OK);
    CHECK(facts.id == 1199000002 && facts.agency == JUSTICE && facts.procedure == BIRTH_REGISTRATION);
    CHECK(facts.claims == (1u << XT_CLAIM_NAME | 1u << XT_CLAIM_BIRTH_DATE) && facts.officer == OFFICER);
    CHECK(xt_verdict_outcome(facts.verdict) == XT_OUTCOME_NOT_FOUND && facts.register_sequence == 7);
    CHECK(facts.place.entry == place.entry && facts.place.row == place.row && facts.entries > place.entry);
    CHECK(facts.time_unix_ms / 1000 + 60 > (int64_t)time(NULL));
    size_t believed = 0;
    for (size_t k = 0; k < size; k += 7) {
        const char was = receipt[k];
        receipt[k] = (char)(was == 'A' ? 'B' : 'A');
        believed += xt_receipt_verify(receipt, XT_ZERO_TERMINATED, key, &facts, &detail) == XT_OK;
        receipt[k] = was;
    }
    CHECK(believed == 0);
}

// What is asked by fields, in rows, by tables and in any number leaves as many rows.
static void every_way_leaves_rows(const xt_register* people, xt_ledger* ledger) {
    static _Alignas(32) xt_request room[AS_MANY + 1];
    static xt_verdict verdicts[AS_MANY];
    const size_t before = accesses_of(NULL, XT_VIEWER_INSPECTOR, NULL);
    const uint64_t entries = entries_of(ledger);
    for (size_t i = 0; i != AS_MANY; ++i) room[i] = question("001199000001");
    CHECK(xt_verify(people, room, AS_MANY, verdicts, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdicts[AS_MANY - 1]) == XT_OUTCOME_VERIFIED);
    xt_request* shifted = (xt_request*)(void*)((char*)room + 8);
    memmove(shifted, room, sizeof *room * AS_MANY);
    CHECK(xt_verify(people, shifted, AS_MANY, verdicts, NULL) == XT_OK);
    CHECK(accesses_of(NULL, XT_VIEWER_INSPECTOR, NULL) == before + (size_t)2 * AS_MANY);
    CHECK(entries_of(ledger) == entries + 2);

    const xt_field fields[] = {{"001199000001", XT_ZERO_TERMINATED, XT_FIELD_ID, 0},
                               {"NGUYEN THI HOA", XT_ZERO_TERMINATED, XT_FIELD_NAME, 0},
                               {"5", XT_ZERO_TERMINATED, XT_FIELD_AGENCY, 0}};
    CHECK(xt_verify_fields(people, digests, fields, 3, 0, verdicts, NULL, NULL) == XT_OK);
    const uint32_t numbers[] = {XT_FIELD_ID, XT_FIELD_NAME};
    const xt_text texts[] = {xt_text_of("001199000001"), xt_text_of("NGUYEN THI HOA"), xt_text_of("12"),
                             xt_text_of("X")};
    const xt_text_rows rows = {
        .struct_size = XT_TEXT_ROWS_BYTES, .field_numbers = numbers, .field_count = 2, .texts = texts, .row_count = 2};
    CHECK(xt_verify_rows(people, digests, &rows, verdicts, NULL, NULL, NULL) == XT_OK);
    made_table table;
    make_table(&table);
    CHECK(xt_verify_arrow(people, digests, &table.schema, &table.array, NULL, verdicts, NULL, NULL, NULL, &detail) ==
          XT_OK);
    CHECK(entries_of(ledger) == entries + 5);
    xt_access last;
    CHECK(accesses_of(NULL, XT_VIEWER_INSPECTOR, &last) > before + (size_t)2 * AS_MANY + 1);
}

static void the_citizen_sees_who_asked(void) {
    xt_access last;
    CHECK(accesses_of(NULL, XT_VIEWER_HOLDER, &last) > 0);
    CHECK(last.officer == 0 && last.withheld == 0 && last.spare == 0);
    CHECK(last.time_unix_s + 60 > (int64_t)time(NULL));
    char path[1024];
    snprintf(path, sizeof path, "%s", path_of("later.toml"));
    FILE* file = fopen(path, "wb");
    CHECK(file != NULL && fputs("from = 2020-01-01\nvisible_after_days = 90\n", file) >= 0 && fclose(file) == 0);
    CHECK(accesses_of(path, XT_VIEWER_HOLDER, NULL) == 0);
    CHECK(accesses_of(path, XT_VIEWER_INSPECTOR, NULL) > 0);
}

// A call that cannot have its rows is told so in every verdict, and nothing is looked up.
static void a_host_that_publishes_itself_is_held_back(xt_register* people) {
    xt_ledger* ledger = open_ledger(new_folder("small"), XT_LEDGER_LATER, 64);
    CHECK(xt_register_set_ledger(people, ledger) == XT_OK && xt_register_set_ledger(people, ledger) == XT_OK);
    xt_request asked[40];
    xt_verdict verdicts[40];
    for (size_t i = 0; i != 40; ++i) asked[i] = question("001199000001");
    xt_ticket tickets[3] = {{7, 7}, {7, 7}, {7, 7}};
    const unsigned wanted[3] = {XT_OUTCOME_VERIFIED, XT_OUTCOME_VERIFIED, XT_OUTCOME_LEDGER_FULL};
    for (size_t k = 0; k != 3; ++k) {
        const xt_call call = {.struct_size = XT_CALL_BYTES, .ticket = tickets + k};
        CHECK(xt_verify_call(people, asked, 40, &call, verdicts, NULL) == XT_OK);
        for (size_t i = 0; i != 40; ++i) CHECK(xt_verdict_outcome(verdicts[i]) == wanted[k]);
    }
    CHECK(tickets[1].rows == 40 && tickets[2].rows == 0 && entries_of(ledger) == 0);
    xt_place place;
    CHECK(xt_ledger_place(ledger, tickets, 0, &place) == XT_NOT_FOUND);
    CHECK(xt_ledger_publish(ledger, &detail) == XT_OK && xt_ledger_wait(ledger, tickets + 1) == XT_OK);
    CHECK(xt_ledger_wait(ledger, tickets + 2) == XT_OK && entries_of(ledger) == 1);
    CHECK(xt_ledger_place(ledger, tickets, 0, &place) == XT_OK && place.entry == 0);
    CHECK(xt_verify(people, asked, 40, verdicts, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdicts[0]) == XT_OUTCOME_VERIFIED);
    CHECK(xt_ledger_close(ledger, &detail) == XT_OK && xt_ledger_close(ledger, &detail) == XT_OK);
    CHECK(xt_verify(people, asked, 40, verdicts, NULL) == XT_OK);
    for (size_t i = 0; i != 40; ++i) CHECK(xt_verdict_outcome(verdicts[i]) == XT_OUTCOME_LEDGER_STOPPED);
    CHECK(xt_ledger_publish(ledger, &detail) == XT_LEDGER_STOPPED && strstr(words, "closed") != NULL);
    xt_ledger_free(ledger);
    xt_ledger_free(NULL);
}

// Where the ledger is required, whoever needs room makes it: only a call larger than the queue has none.
static void a_required_ledger_makes_room(xt_register* people) {
    xt_ledger* ledger = open_ledger(new_folder("required"), XT_LEDGER_REQUIRED, 64);
    CHECK(xt_register_set_ledger(people, ledger) == XT_OK);
    static xt_request asked[AS_MANY];
    static xt_verdict verdicts[AS_MANY];
    for (size_t i = 0; i != AS_MANY; ++i) asked[i] = question("001199000001");
    CHECK(xt_verify(people, asked, AS_MANY, verdicts, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdicts[0]) == XT_OUTCOME_VERIFIED);
    CHECK(xt_verdict_outcome(verdicts[AS_MANY - 1]) == XT_OUTCOME_VERIFIED && entries_of(ledger) == 1);
    CHECK(xt_verify_call(people, asked, AS_MANY, NULL, verdicts, NULL) == XT_OK);
    CHECK(xt_verdict_outcome(verdicts[0]) == XT_OUTCOME_LEDGER_FULL);
    CHECK(xt_verify(people, NULL, 0, NULL, NULL) == XT_OK);
    xt_ledger_free(ledger);
}

static void days_end(xt_ledger* ledger) {
    CHECK(xt_ledger_update_histories(ledger, &detail) == XT_OK);
    uint64_t hours = 7;
    CHECK(xt_ledger_prune(ledger, "2020-01-01", &hours, &detail) == XT_OK && hours == 0);
    CHECK(xt_ledger_forget(ledger, "2020-01-01", &detail) == XT_NOT_FOUND);
    CHECK(accesses_of(NULL, XT_VIEWER_INSPECTOR, NULL) > 0);
    const time_t now = time(NULL) + 7 * 3600;
    char day[32];
    CHECK(strftime(day, sizeof day, "%Y-%m-%d", gmtime(&now)) > 0);
    CHECK(xt_ledger_forget(ledger, day, &detail) == XT_OK);
    CHECK(accesses_of(NULL, XT_VIEWER_INSPECTOR, NULL) == 0);
}

static void it_goes_on(void) {
    xt_ledger* ledger = NULL;
    CHECK(xt_ledger_open(place_of_ledger, NULL, &ledger, &detail) == XT_OK);
    CHECK(entries_of(ledger) > 4);
    char note[1024];
    size_t size = 0;
    CHECK(xt_ledger_checkpoint(ledger, note, sizeof note, &size) == XT_OK && size == strlen(note));
    CHECK(strncmp(note, origin, strlen(origin)) == 0);
    days_end(ledger);
    CHECK(xt_ledger_close(ledger, &detail) == XT_OK);
    xt_ledger_free(ledger);
}

void test_ledger(void) {
    digests = load_digests();
    xt_register* people = open_people(NULL);
    snprintf(place_of_ledger, sizeof place_of_ledger, "%s", new_folder("ledger"));
    xt_ledger* ledger = open_ledger(place_of_ledger, XT_LEDGER_REQUIRED, 0);
    CHECK(xt_register_set_ledger(people, ledger) == XT_OK);
    xt_request asked[2] = {question("001199000001"), question("001199000002")};
    xt_verdict verdicts[2];
    xt_ticket ticket = {0, 0};
    const xt_call call = {.struct_size = XT_CALL_BYTES, .officer = OFFICER, .ticket = &ticket};
    xt_freshness freshness = {0, 0};
    CHECK(xt_verify_call(people, asked, 2, &call, verdicts, &freshness) == XT_OK && freshness.sequence == 7);
    CHECK(xt_verdict_outcome(verdicts[0]) == XT_OUTCOME_VERIFIED && ticket.rows == 2);
    a_receipt_needs_the_key_alone(ledger, &ticket);
    every_way_leaves_rows(people, ledger);
    the_citizen_sees_who_asked();
    CHECK(xt_ledger_close(ledger, &detail) == XT_OK);
    xt_ledger_free(ledger);
    xt_register_free(people);
    it_goes_on();
    people = open_people(NULL);
    a_host_that_publishes_itself_is_held_back(people);
    xt_register_free(people);
    people = open_people(NULL);
    a_required_ledger_makes_room(people);
    xt_register_free(people);
    xt_digest_key_free(digests);
}
