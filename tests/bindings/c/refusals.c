// SPDX-License-Identifier: Apache-2.0
// Whether a call that is refused says so in the right words and leaves its results alone.
#include "refusals.h"

char words[1024];
xt_detail detail = {words, sizeof words, 0};
results out, out_before;

static const struct {
    const char* word;
    unsigned about;
} topics[] = {
    {"file", FILES},
    {"folder", FILES},
    {"disk", FILES},
    {"key", KEYS},
    {"authority", AUTHORITIES},
    {"agency", AGENCIES},
    {"citizen", CITIZENS},
    {"signature", SIGNATURES},
    {"signed", SIGNATURES},
    {"registry", REGISTRIES},
    {"snapshot", SNAPSHOTS},
    {"change", CHANGES},
    {"name", NAMES},
    {"personal id", PERSONAL_IDS},
    {"claim", CLAIMS},
    {"day", DAYS},
    {"year", DAYS},
    {"code", CODES},
    {"record", RECORDS},
    {"log", LOGS},
    {"argument", ARGUMENTS},
    {"struct", ARGUMENTS},
    {"reading", NOTHING_ELSE},
    {"read-only", NOTHING_ELSE},
    {"header", HEADERS},
};

// Paths have words of their own.
static void copy_without_paths(const char* text, char* to, size_t size) {
    size_t used = 0;
    for (; *text != '\0' && used + 1 < size; ++text) {
        if (*text == '/') text += strcspn(text, ": ,");
        if (*text == '\0') break;
        to[used++] = *text;
    }
    to[used] = '\0';
}

void check_refused(const char* file, int line, xt_status status, xt_status wanted, const char* about,
                   unsigned allowed) {
    char said[1024];
    const char* text = words[0] != '\0' ? words : xt_message(status);
    int bad = status != wanted || memcmp(&out, &out_before, sizeof out) != 0;
    char wanted_words[256];
    snprintf(wanted_words, sizeof wanted_words, "%s", about);
    for (char* word = strtok(wanted_words, "|"); word != NULL; word = strtok(NULL, "|"))
        if (strstr(text, word) == NULL) bad = 1;
    copy_without_paths(text, said, sizeof said);
    for (size_t i = 0; i != sizeof topics / sizeof topics[0]; ++i)
        if (strstr(said, topics[i].word) != NULL && (topics[i].about & allowed) == 0) bad = 1;
    ++check_count;
    check_failures += bad != 0;
    if (bad)
        fprintf(stderr, "%s:%d: status %d (wanted %d), results %s: «%s»\n", file, line, (int)status, (int)wanted,
                memcmp(&out, &out_before, sizeof out) == 0 ? "left alone" : "WRITTEN", text);
    memcpy(&out, &out_before, sizeof out);
}
