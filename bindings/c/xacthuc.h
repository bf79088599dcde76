// SPDX-License-Identifier: Apache-2.0
// xacthuc for C, and for every language that can call C: verification of requests against a population register.
//
// Conventions, for all that follows.
// * Every function that can fail returns an xt_status: XT_OK, which is 0, or a positive code that xt_message() has a
//   text for. Where it takes an xt_detail, the text says more: which field, which file, which byte.
// * Handles are opaque. Who gets one frees it, with its own function, which takes NULL too. Nothing else is allocated
//   on one side and freed on the other: texts are borrowed for the length of a call, results lie in the caller's
//   memory.
// * Structs have one layout on every 64-bit little-endian machine. Their sizes are macros here and functions in the
//   library. Those that may grow begin with their own size, which the caller sets; a field of 0 is always the default.
// * No exception leaves the library, nothing needs to be initialised, there are no hidden threads and no globals.
// * A NULL where something is required is XT_NULL_ARGUMENT. After an error nothing has happened, unless the call says
//   otherwise, and the variable for a handle is as it was. Arrays may be NULL when their count is 0.
// * Values and symbols are added, never renumbered or removed, within one XT_ABI_VERSION's upper half.
// * "Concurrency" uses the words that the README defines. Where it is not mentioned: any number of threads at once on
//   const handles, one at a time on others.
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__cplusplus)
#define XT_STATIC_ASSERT(condition, words) static_assert(condition, words)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define XT_STATIC_ASSERT(condition, words) _Static_assert(condition, words)
#else
#define XT_STATIC_ASSERT(condition, words) extern char(*xt_asserted(void))[(condition) ? 1 : -1]
#endif
#if defined(__GNUC__)
#define XT_CHECKED __attribute__((warn_unused_result))
#pragma GCC visibility push(default)
#else
#define XT_CHECKED
#endif

#ifdef __cplusplus
extern "C" {
#endif

// ---- The interface itself ----
// The upper 16 bits change when a program has to be changed, the lower ones when something was added.
#define XT_ABI_VERSION 0x00020001u
// The version that the library has: any with the same upper half, and a lower one not below the header's, fits.
uint32_t xt_abi_version(void);

typedef int32_t xt_status;
enum {
    XT_OK = 0,
    XT_PERSONAL_ID_LENGTH = 1,  // from here a value that was given
    XT_PERSONAL_ID_DIGIT = 2,
    XT_DATE_SYNTAX = 3,
    XT_DATE_RANGE = 4,
    XT_NAME_EMPTY = 5,
    XT_NAME_TOO_LONG = 6,
    XT_NAME_NOT_UTF8 = 7,
    XT_NAME_CONTROL_CHARACTER = 8,
    XT_SEX_WORD = 9,
    XT_STATUS_WORD = 10,
    XT_PROVINCE_UNKNOWN = 11,
    XT_WARD_RANGE = 12,
    XT_QR_FIELDS = 13,
    XT_CLAIMS_MISSING = 14,
    XT_CLAIMS_CONTRADICT = 15,
    XT_PERSONAL_ID_RESERVED = 16,
    XT_CODE_RANGE = 17,
    XT_NAME_UNASSIGNED_CHARACTER = 18,
    XT_CHANGES_REFUSED = 19,
    XT_RECORD_NOT_VALID = 20,
    XT_CLAIM_REQUIRED = 21,
    XT_IO = 100,  // from here a file or the machine
    XT_DISK_FULL = 101,
    XT_NOT_A_SNAPSHOT = 102,
    XT_NEWER_VERSION = 103,
    XT_TRUNCATED = 104,
    XT_CHECKSUM_MISMATCH = 105,
    XT_BAD_SIGNATURE = 106,
    XT_FOREIGN_AUTHORITY = 107,
    XT_FOREIGN_DIGEST_KEY = 108,
    XT_OUT_OF_MEMORY = 109,
    XT_FILE_PERMISSIONS = 110,
    XT_DAMAGED_HEADER = 111,
    XT_NOT_FOUND = 112,
    XT_ALREADY_EXISTS = 113,
    XT_DAMAGED_RECORD = 114,
    XT_TRAILING_BYTES = 115,
    XT_NOT_A_REGISTRY = 116,
    XT_REGISTRY_LOCKED = 117,
    XT_REGISTRY_STOPPED = 118,
    XT_DAMAGED_CHANGES = 119,
    XT_SEQUENCE_GAP = 120,
    XT_CHANGES_TRIMMED = 121,
    XT_CHANGES_PENDING = 122,
    XT_CHANGES_IN_DOUBT = 123,
    XT_OLDER_VERSION = 124,
    XT_UNSUITABLE_SQLITE = 125,
    XT_FORKED = 126,
    XT_MISPLACED_SNAPSHOT = 127,
    XT_INDEX_FULL = 200,  // from here the index
    XT_CHANGE_IS_OLDER = 201,
    XT_CITIZEN_UNKNOWN = 202,
    XT_READ_ONLY = 203,
    XT_RECLAMATION_STALLED = 204,
    XT_NO_KEY_COLUMN = 205,
    XT_PATH_TOO_LONG = 206,
    XT_KEY_LENGTH = 300,  // from here a key
    XT_KEY_NOT_CANONICAL = 301,
    XT_KEY_SMALL_ORDER = 302,
    XT_KEY_NOT_ON_CURVE = 303,
    XT_MEMORY_BUDGET = 304,
    XT_AGENCY_UNKNOWN = 305,
    XT_AGENCY_REVOKED = 306,
    XT_NULL_ARGUMENT = 900,  // from here a mistake in a call of this interface
    XT_STRUCT_SIZE = 901,    // no version of the struct has this size, or bytes that this library does not know are set
    XT_ARGUMENT_RANGE = 902,  // a number that is none of those allowed
    XT_CANCELLED = 903,       // by the caller's own xt_progress
    XT_TIMED_OUT = 904,       // what was waited for did not come
    XT_TABLE = 905,           // not put together as the Arrow specification says, or not read to its end
    XT_COLUMN = 906,          // one that is missing, there twice, unknown, or of a type that does not fit
    XT_UNEXPECTED = 999       // an exception that nobody foresaw; the detail has its text
};

// What a status means, in English. Never NULL, whatever the number; lives as long as the library is loaded.
const char* xt_message(xt_status status);

// Room for an error's words: set data and capacity, or pass NULL for the whole. Every call that takes one writes it:
// the words, cut at a character's end where they are too long, and a zero; "" after XT_OK. data may be NULL when
// capacity is 0.
typedef struct xt_detail {
    char* data;
    size_t capacity;  // of data, in bytes, the zero included
    size_t size;      // written: how long the words are in full, without the zero
} xt_detail;
#define XT_DETAIL_BYTES 24

// ---- Text ----
// UTF-8 that the caller keeps alive for the length of the call. {NULL, 0} and "" are "nothing said".
typedef struct xt_text {
    const char* data;
    size_t size;  // in bytes, or XT_ZERO_TERMINATED
} xt_text;
#define XT_TEXT_BYTES 16
#define XT_ZERO_TERMINATED SIZE_MAX

static inline xt_text xt_text_of(const char* zero_terminated) {
    xt_text text;
    text.data = zero_terminated;
    text.size = zero_terminated != NULL ? XT_ZERO_TERMINATED : 0;
    return text;
}

// A column of texts: data[i] has sizes[i] bytes, or ends with a zero where `sizes` is NULL. A NULL among data is
// "nothing said"; data NULL, that the column is not there.
typedef struct xt_column {
    const char* const* data;
    const size_t* sizes;
} xt_column;
#define XT_COLUMN_BYTES 16

// ---- Progress ----
// What a long call tells while it runs, in the thread that called: `done` of `total` parts. Where report() returns
// anything but 0 the call ends as soon as it can, and returns XT_CANCELLED. It must return, and call nothing on the
// same handle.
typedef struct xt_progress {
    int32_t (*report)(void* context, uint64_t done, uint64_t total);  // NULL: nobody wants to know
    void* context;
} xt_progress;
#define XT_PROGRESS_BYTES 16

// ---- Keys ----
// The secret under which the register's names are digested.
typedef struct xt_digest_key xt_digest_key;
#define XT_DIGEST_KEY_RAW_BYTES 16

// Errors: XT_NOT_FOUND; XT_IO; XT_FILE_PERMISSIONS when anybody but the owner has any right to the file;
// XT_DAMAGED_HEADER; XT_CHECKSUM_MISMATCH.
XT_CHECKED xt_status xt_digest_key_load(const char* path, xt_digest_key** key, xt_detail* detail);
XT_CHECKED xt_status xt_digest_key_from_bytes(const uint8_t* raw_16, xt_digest_key** key);
// A public number by which a snapshot says what key it needs; 0 for NULL.
uint64_t xt_digest_key_fingerprint(const xt_digest_key* key);
// Wipes the key.
void xt_digest_key_free(xt_digest_key* key);

// The public half of the authority's key pair: whose snapshots to trust.
typedef struct xt_authority xt_authority;
// Errors: XT_NOT_FOUND; XT_IO; XT_DAMAGED_HEADER.
XT_CHECKED xt_status xt_authority_load(const char* path, xt_authority** authority, xt_detail* detail);
XT_CHECKED xt_status xt_authority_from_bytes(const uint8_t* raw_32, xt_authority** authority);
void xt_authority_free(xt_authority* authority);

// The whole pair, for those who write snapshots.
typedef struct xt_authority_key xt_authority_key;
// Errors: those of xt_digest_key_load().
XT_CHECKED xt_status xt_authority_key_load(const char* path, xt_authority_key** key, xt_detail* detail);
// The pair that belongs to a seed of 32 bytes, as RFC 8032 has it.
// Errors: XT_NULL_ARGUMENT; XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_authority_key_from_seed(const uint8_t* seed_32, xt_authority_key** key);
// Its public half, 32 bytes.
// Errors: XT_NULL_ARGUMENT.
XT_CHECKED xt_status xt_authority_key_public(const xt_authority_key* key, uint8_t* raw_32);
// Wipes the key.
void xt_authority_key_free(xt_authority_key* key);

// ---- Requests ----
// A prepared question. What is in it is the library's; it may be copied and kept for as long as the digest key is.
// Fastest when arrays of it begin at a multiple of 32 bytes (aligned_alloc); at any other place it works too.
typedef struct xt_request {
    uint64_t words[4];
} xt_request;
#define XT_REQUEST_BYTES 32

// One request in text. What is empty is not claimed; docs/c-abi.md says what each field may hold.
typedef struct xt_claims {
    size_t struct_size;  // XT_CLAIMS_BYTES
    xt_text id;          // 12 digits
    xt_text name;
    xt_text name_exact;  // a name of which every diacritic has to be right; excludes name
    xt_text birth_date;  // YYYY, YYYY-MM, YYYY-MM-DD, MM/YYYY, DD/MM/YYYY, DDMMYYYY
    xt_text sex;
    xt_text life;
    xt_text registration;
    xt_text account_level;
    xt_text account;
    xt_text document;
    xt_text province;
    xt_text ward;
    xt_text document_valid_on;       // a day
    xt_text born_on_or_before;       // a day; excludes birth_date
    xt_text account_level_at_least;  // excludes account_level
    uint16_t agency;                 // who asks
    uint16_t procedure;              // and what for
    uint16_t required;               // claims that have to be made, 1 << XT_CLAIM_NAME and so on; 0: any will do
    uint16_t spare;                  // 0
} xt_claims;
#define XT_CLAIMS_BYTES 256

// What is not claimed is not looked at: a verdict of XT_OUTCOME_VERIFIED says nothing of it. Who needs a claim requires
// it.
// Complexity: one name digest, about 0.3 µs.
// Concurrency: wait-free.
// Errors: XT_CLAIM_REQUIRED; XT_STRUCT_SIZE; any of a value that was given, with the field's name in the detail.
XT_CHECKED xt_status xt_prepare(const xt_digest_key* key, const xt_claims* claims, xt_request* request,
                                xt_detail* detail);

// The text that an identity card's QR code holds, as a request for the id, name, birth date and sex on it.
// Concurrency: wait-free.
// Errors: XT_QR_FIELDS; any of a value that was given.
XT_CHECKED xt_status xt_prepare_card(const xt_digest_key* key, xt_text card, uint16_t agency, uint16_t procedure,
                                     xt_request* request, xt_detail* detail);

// Whether a prepared request makes all of these claims, 1 << XT_CLAIM_NAME and so on; a name of which every diacritic
// has to be right is a name. For cards: one may have no birth date on it, or no sex.
// Concurrency: wait-free.
// Errors: XT_CLAIM_REQUIRED, with the first claim that is not made in the detail; XT_ARGUMENT_RANGE (none that there
// is).
XT_CHECKED xt_status xt_request_requires(const xt_request* request, uint16_t required, xt_detail* detail);

// Many requests in text, a column a field, as xt_claims has them.
typedef struct xt_claim_columns {
    size_t struct_size;  // XT_CLAIM_COLUMNS_BYTES
    xt_column id;
    xt_column name;
    xt_column name_exact;
    xt_column birth_date;
    xt_column sex;
    xt_column life;
    xt_column registration;
    xt_column account_level;
    xt_column account;
    xt_column document;
    xt_column province;
    xt_column ward;
    xt_column document_valid_on;
    xt_column born_on_or_before;
    xt_column account_level_at_least;
    const uint16_t* agencies;    // one a row, or NULL: `agency` for all
    const uint16_t* procedures;  // likewise
    uint16_t agency;
    uint16_t procedure;
    uint16_t required;  // of every row, as in xt_claims
    uint16_t spare;     // 0
} xt_claim_columns;
#define XT_CLAIM_COLUMNS_BYTES 272

// Prepares row i into requests[i]. A row that cannot be prepared is no error of the call: statuses[i] says why, and its
// request is all zeros, which every verification answers with XT_OUTCOME_MALFORMED. `statuses` and `prepared`, the
// number of rows that were prepared, may be NULL.
// Complexity: a name digest a row; no allocation.
// Concurrency: wait-free.
// Errors: XT_STRUCT_SIZE; XT_NULL_ARGUMENT (no column of ids); XT_ARGUMENT_RANGE (`required` has what is no claim).
XT_CHECKED xt_status xt_prepare_columns(const xt_digest_key* key, const xt_claim_columns* columns, size_t count,
                                        xt_request* requests, xt_status* statuses, size_t* prepared);

// ---- Verdicts ----
// Kinds of claim: bit numbers in masks.
enum {
    XT_CLAIM_NAME = 0,
    XT_CLAIM_NAME_EXACT = 1,
    XT_CLAIM_BIRTH_DATE = 2,
    XT_CLAIM_SEX = 3,
    XT_CLAIM_LIFE = 4,
    XT_CLAIM_REGISTRATION = 5,
    XT_CLAIM_ACCOUNT_LEVEL = 6,
    XT_CLAIM_ACCOUNT = 7,
    XT_CLAIM_DOCUMENT = 8,
    XT_CLAIM_PROVINCE = 9,
    XT_CLAIM_WARD = 10,
    XT_CLAIM_DOCUMENT_VALID_ON = 11,
    XT_CLAIM_BORN_ON_OR_BEFORE = 12,
    XT_CLAIM_ACCOUNT_LEVEL_AT_LEAST = 13
};
#define XT_CLAIM_COUNT 14
// Outcomes; the hundreds say who must act.
enum {
    XT_OUTCOME_VERIFIED = 0,
    XT_OUTCOME_CLAIM_MISMATCH = 100,  // 100 + the number of the lowest claim that does not match
    XT_OUTCOME_NOT_FOUND = 200,
    XT_OUTCOME_SUPERSEDED = 201,
    XT_OUTCOME_DECEASED = 210,
    XT_OUTCOME_MISSING = 211,
    XT_OUTCOME_REGISTRATION_NOT_ACTIVE = 220,
    XT_OUTCOME_LOCKED_BY_HOLDER = 230,
    XT_OUTCOME_INCOMPLETE = 240,           // nothing mismatched, but the register has no data for a claim
    XT_OUTCOME_PROOF_EXPIRED = 400,        // issued too long ago
    XT_OUTCOME_PROOF_NOT_YET_VALID = 401,  // issued too far in the future
    XT_OUTCOME_PROOF_REPEATED = 402,       // another request of the call came with the same proof
    XT_OUTCOME_BAD_SIGNATURE = 500,
    XT_OUTCOME_NO_KEY_REGISTERED = 501,
    XT_OUTCOME_KEY_REVOKED = 502,
    XT_OUTCOME_MALFORMED = 600,
    XT_OUTCOME_DAMAGED_RECORD = 900
};
// How the names compare: the same but for marks, of which one of the two has none; the same; the same but for marks,
// and both have some, which is another name.
enum { XT_NAME_GRADE_NONE = 0, XT_NAME_GRADE_FOLDED = 1, XT_NAME_GRADE_EXACT = 2, XT_NAME_GRADE_MARKS_DIFFER = 3 };

// The answer to a request. The masks have a bit a claim: 1 << XT_CLAIM_NAME and so on.
typedef struct xt_verdict {
    uint16_t head;  // outcome and flags: for the functions below
    uint16_t matched;
    uint16_t mismatched;
    uint16_t unavailable;
} xt_verdict;
#define XT_VERDICT_BYTES 8

uint16_t xt_verdict_outcome(xt_verdict verdict);
// How the name compares, XT_NAME_GRADE_….
uint8_t xt_verdict_name_grade(xt_verdict verdict);
// 1 when the birth date claimed was finer than the register's and was compared at the register's precision.
uint8_t xt_verdict_coarse(xt_verdict verdict);
// 1 when it left out a month or a day that the register knows.
uint8_t xt_verdict_claim_coarse(xt_verdict verdict);

// The same, of verdicts[place]: for hosts that cannot hand a struct over by value.
// Requires: verdicts is not NULL, and there are more than `place`.
uint16_t xt_verdict_outcome_at(const xt_verdict* verdicts, size_t place);
uint8_t xt_verdict_name_grade_at(const xt_verdict* verdicts, size_t place);
uint8_t xt_verdict_coarse_at(const xt_verdict* verdicts, size_t place);
uint8_t xt_verdict_claim_coarse_at(const xt_verdict* verdicts, size_t place);
// What became of one claim, XT_CLAIM_IS_…; XT_CLAIM_IS_SILENT where there is no such claim.
uint8_t xt_verdict_claim_at(const xt_verdict* verdicts, size_t place, unsigned claim);
enum {
    XT_CLAIM_IS_SILENT = 0,  // not claimed, or the verdict says nothing of it: malformed, not found, a refused proof
    XT_CLAIM_IS_MATCHED = 1,
    XT_CLAIM_IS_MISMATCHED = 2,
    XT_CLAIM_IS_UNAVAILABLE = 3
};

// Where verdicts go as columns, an element a verdict; NULL for what is not wanted.
typedef struct xt_verdict_columns {
    size_t struct_size;  // XT_VERDICT_COLUMNS_BYTES
    uint16_t* outcomes;
    uint8_t* name_grades;             // XT_NAME_GRADE_…
    uint8_t* coarse;                  // 0 or 1, as xt_verdict_coarse()
    uint8_t* claim_coarse;            // 0 or 1
    uint8_t* claims[XT_CLAIM_COUNT];  // [XT_CLAIM_NAME] and so on: XT_CLAIM_IS_…
} xt_verdict_columns;
#define XT_VERDICT_COLUMNS_BYTES 152

// Complexity: once over the verdicts for each column.
// Concurrency: wait-free.
// Errors: XT_STRUCT_SIZE.
XT_CHECKED xt_status xt_verdicts_unpack(const xt_verdict* verdicts, size_t count, const xt_verdict_columns* columns);

// "verified", "name_mismatch", …; "birth_date", …; "exact", "folded",
// "marks_differ", "". Stable. Never NULL: "unknown_outcome" or ""
// for other numbers. They live as long as the library is loaded.
const char* xt_outcome_text(uint16_t outcome);
const char* xt_claim_text(unsigned claim);
const char* xt_name_grade_text(uint8_t grade);

// ---- The register ----
typedef struct xt_register xt_register;
typedef struct xt_snapshot_options {
    size_t struct_size;  // XT_SNAPSHOT_OPTIONS_BYTES
    uint32_t threads;    // that read and check, the caller's among them; 0 is 1
    uint32_t map;        // 1: read in place instead of loading; slower answers, and the register is read-only
    uint32_t check;      // XT_CHECK_…; less than everything only with map
    uint32_t spare;      // 0
    xt_progress progress;
} xt_snapshot_options;
#define XT_SNAPSHOT_OPTIONS_BYTES 40
enum { XT_CHECK_EVERYTHING = 0, XT_CHECK_DAMAGE = 1, XT_CHECK_DIRECTORY = 2 };

// Opens a snapshot that the authority has signed. `key` may be NULL; else a snapshot whose names were digested under
// another key is refused. `options` may be NULL.
// Errors: each with the file and the place. XT_NOT_FOUND; XT_IO; XT_NOT_A_SNAPSHOT; XT_NEWER_VERSION; XT_OLDER_VERSION;
// XT_TRUNCATED; XT_TRAILING_BYTES; XT_DAMAGED_HEADER; XT_FOREIGN_AUTHORITY; XT_BAD_SIGNATURE; XT_CHECKSUM_MISMATCH;
// XT_FOREIGN_DIGEST_KEY; XT_OUT_OF_MEMORY; XT_STRUCT_SIZE; XT_ARGUMENT_RANGE.
XT_CHECKED xt_status xt_register_open_snapshot(const char* path, const xt_authority* trusted, const xt_digest_key* key,
                                               const xt_snapshot_options* options, xt_register** opened,
                                               xt_detail* detail);

typedef struct xt_registry_options {
    size_t struct_size;                 // XT_REGISTRY_OPTIONS_BYTES
    const xt_authority_key* authority;  // signs the snapshots of xt_register_checkpoint(); NULL: there are none
    const char* digest_key_file;        // NULL: digest.key in the directory
    uint32_t threads;                   // that load and check, the caller's among them; 0 is 1
    uint32_t read_only;                 // 1: some other process writes; xt_register_refresh() catches up with it
    uint64_t at_least_sequence;         // refuse a log that ends before this change; with it a lost mark is made anew
    const char* mark_file;              // where the high-water mark was made; NULL: registry.mark in the directory
    const xt_digest_key* digest_key;    // where it is in no file; NULL: digest_key_file has it
    xt_progress progress;               // of loading the snapshot
} xt_registry_options;
#define XT_REGISTRY_OPTIONS_BYTES 72

// Opens a registry: a directory that holds a snapshot and the changes since. `options` may be NULL.
// Errors: XT_NOT_A_REGISTRY; XT_REGISTRY_LOCKED (another process writes); XT_SEQUENCE_GAP (also when its end is
// missing); XT_CHANGES_TRIMMED; XT_DAMAGED_CHANGES (also when its high-water mark is lost and at_least_sequence is not
// given); XT_MISPLACED_SNAPSHOT; XT_UNSUITABLE_SQLITE; XT_FORKED, as every call on a registry in a child of its
// process; those of xt_register_open_snapshot() and xt_digest_key_load().
XT_CHECKED xt_status xt_register_open_directory(const char* path, const xt_authority* trusted,
                                                const xt_registry_options* options, xt_register** opened,
                                                xt_detail* detail);

// Makes a registry of what a register holds, in a directory that is new or has no registry in it. `key` is what its
// names were digested under.
// Requires: no change is made meanwhile.
// Errors: XT_ALREADY_EXISTS; XT_FOREIGN_DIGEST_KEY; those of xt_register_save().
XT_CHECKED xt_status xt_register_create_directory(const char* path, const xt_register* from, const xt_digest_key* key,
                                                  const xt_authority_key* authority, uint32_t threads,
                                                  xt_detail* detail);

// How the long calls that write are to go.
typedef struct xt_write_options {
    size_t struct_size;       // XT_WRITE_OPTIONS_BYTES
    uint32_t threads;         // that write, the caller's among them; 0 is 1
    uint32_t snapshots_kept;  // of a checkpoint; 0 is 2
    xt_progress progress;
} xt_write_options;
#define XT_WRITE_OPTIONS_BYTES 32
// The same with options, which may be NULL.
// Errors: those of xt_register_create_directory(); XT_STRUCT_SIZE; XT_CANCELLED: the directory is no registry yet, and
// may be made one by another call.
XT_CHECKED xt_status xt_register_create_directory_with(const char* path, const xt_register* from,
                                                       const xt_digest_key* key, const xt_authority_key* authority,
                                                       const xt_write_options* options, xt_detail* detail);

// Puts a newer snapshot in the place of the one that the register was opened from, while others verify: calls that have
// begun answer from the old one, calls that begin after the return from the new one, and the old one is freed when the
// last of the former has ended, for which this waits. Changes that were made in memory alone go with it. The arguments
// are those of xt_register_open_snapshot(); without a key the new one still has to be of the old one's.
// Concurrency: verification goes on and is never held back; no other call on the register runs.
// Errors: those of xt_register_open_snapshot(); XT_NOT_A_SNAPSHOT (the register was opened from a directory, which
// xt_register_refresh() keeps up); XT_CHANGE_IS_OLDER (it ends before the change that the register is at). After one
// the register is as it was.
XT_CHECKED xt_status xt_register_replace(xt_register* opened, const char* path, const xt_authority* trusted,
                                         const xt_digest_key* key, const xt_snapshot_options* options,
                                         xt_detail* detail);

// Closes the registry's log and lock, too.
// Requires: no other call on the register runs.
void xt_register_free(xt_register* opened);
// The same, and says how it went; the register is freed in any case.
// Errors: XT_REGISTRY_STOPPED when the log had failed and was not opened anew since; XT_FORKED; XT_NULL_ARGUMENT.
XT_CHECKED xt_status xt_register_close(xt_register* opened, xt_detail* detail);

// The register state that answers come from: the sequence number of the last change in it, and when that was.
typedef struct xt_freshness {
    uint64_t sequence;
    int64_t as_of_unix_ms;
} xt_freshness;
#define XT_FRESHNESS_BYTES 16

typedef struct xt_register_facts {
    size_t struct_size;  // XT_REGISTER_FACTS_BYTES, set by the caller
    xt_freshness as_of;
    uint64_t citizens;
    uint64_t memory_bytes;
    uint64_t digest_key_fingerprint;
    uint64_t changes_replayed;    // from the registry's log, when it was opened
    uint32_t unusable_snapshots;  // that the log made up for when it was opened: somebody should look at the disk
    uint32_t is_directory;        // 1 for a registry, 0 for a snapshot
    uint32_t with_keys;           // 1 when citizens' public keys can be registered
    uint32_t read_only;
} xt_register_facts;
#define XT_REGISTER_FACTS_BYTES 72

// Concurrency: wait-free.
// Errors: XT_STRUCT_SIZE.
XT_CHECKED xt_status xt_register_look(const xt_register* opened, xt_register_facts* facts);

// Answers requests[i] into verdicts[i]. `freshness` may be NULL; every verdict is at least as fresh as it says.
// Complexity: one cache line of the register a request in most cases; no allocation.
// Concurrency: wait-free.
// Errors: XT_NULL_ARGUMENT.
XT_CHECKED xt_status xt_verify(const xt_register* opened, const xt_request* requests, size_t count,
                               xt_verdict* verdicts, xt_freshness* freshness);

// ---- From text to verdict ----
// The fields of a request: the claims come after the id, 1 + XT_CLAIM_NAME and so on.
enum {
    XT_FIELD_ID = 0,
    XT_FIELD_NAME = 1,
    XT_FIELD_NAME_EXACT = 2,
    XT_FIELD_BIRTH_DATE = 3,
    XT_FIELD_SEX = 4,
    XT_FIELD_LIFE = 5,
    XT_FIELD_REGISTRATION = 6,
    XT_FIELD_ACCOUNT_LEVEL = 7,
    XT_FIELD_ACCOUNT = 8,
    XT_FIELD_DOCUMENT = 9,
    XT_FIELD_PROVINCE = 10,
    XT_FIELD_WARD = 11,
    XT_FIELD_DOCUMENT_VALID_ON = 12,
    XT_FIELD_BORN_ON_OR_BEFORE = 13,
    XT_FIELD_ACCOUNT_LEVEL_AT_LEAST = 14,
    XT_FIELD_AGENCY = 15,     // 0 to 65535 in decimal digits
    XT_FIELD_PROCEDURE = 16,  // likewise
    XT_FIELD_NONE = 255       // none of them: the request as a whole
};
#define XT_FIELD_COUNT 17

// One field of one request. Texts may hold what docs/c-abi.md says; an empty one states nothing.
typedef struct xt_field {
    const char* data;
    size_t size;      // in bytes, or XT_ZERO_TERMINATED
    uint32_t number;  // XT_FIELD_…
    uint32_t spare;   // 0
} xt_field;
#define XT_FIELD_BYTES 24

// "id", "name", "birth_date", …; "" for other numbers. Stable.
const char* xt_field_text(uint32_t number);

// As xt_prepare(), from fields in any order, each once at most. After an error of a field `failed`, which may be NULL,
// is its number, and XT_FIELD_NONE after any other.
// Concurrency: wait-free.
// Errors: those of xt_prepare(); XT_ARGUMENT_RANGE (no such field, one that comes twice, spare is not 0, `required` has
// what is no claim).
XT_CHECKED xt_status xt_prepare_fields(const xt_digest_key* key, const xt_field* fields, size_t count,
                                       uint16_t required, xt_request* request, uint32_t* failed);

// Prepares one request and answers it. `key` NULL is the digest key that the register was opened with. `freshness` and
// `failed` may be NULL; `failed` is as in xt_prepare_fields().
// Complexity: one name digest and one cache line of the register; no allocation.
// Concurrency: wait-free.
// Errors: those of xt_prepare_fields(); XT_NULL_ARGUMENT (also no key, and the register was opened without);
// XT_FOREIGN_DIGEST_KEY. The verdict is written only where there is none.
XT_CHECKED xt_status xt_verify_fields(const xt_register* opened, const xt_digest_key* key, const xt_field* fields,
                                      size_t count, uint16_t required, xt_verdict* verdict, xt_freshness* freshness,
                                      uint32_t* failed);

// Rows of texts that all have the same fields: texts[row * field_count + i] is field field_numbers[i] of a row.
typedef struct xt_text_rows {
    size_t struct_size;             // XT_TEXT_ROWS_BYTES
    const uint32_t* field_numbers;  // each once at most
    size_t field_count;
    const xt_text* texts;
    size_t row_count;
    uint16_t required;  // claims that every row has to make, as in xt_claims
    uint16_t spare[3];  // 0
} xt_text_rows;
#define XT_TEXT_ROWS_BYTES 48

// The same for many. A row of which no request could be made is no error of the call: its verdict is
// XT_OUTCOME_MALFORMED, statuses[row] says why and failed[row] which field; both arrays may be NULL.
// Concurrency: wait-free; no allocation.
// Errors: XT_STRUCT_SIZE; XT_NULL_ARGUMENT; XT_ARGUMENT_RANGE (no such field, one that comes twice, spare, `required`);
// XT_FOREIGN_DIGEST_KEY.
XT_CHECKED xt_status xt_verify_rows(const xt_register* opened, const xt_digest_key* key, const xt_text_rows* rows,
                                    xt_verdict* verdicts, xt_freshness* freshness, xt_status* statuses,
                                    uint32_t* failed);

// ---- From tables to verdicts ----
// Tables of the Arrow C data interface, as every library that knows Arrow hands them out; with its own guards, so that
// other headers with these structs go beside this one.
// Source: arrow.apache.org, Arrow C data interface and C stream interface.
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4
struct ArrowSchema {
    const char* format;
    const char* name;
    const char* metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema** children;
    struct ArrowSchema* dictionary;
    void (*release)(struct ArrowSchema*);
    void* private_data;
};
struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void** buffers;
    struct ArrowArray** children;
    struct ArrowArray* dictionary;
    void (*release)(struct ArrowArray*);
    void* private_data;
};
#endif
#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
    int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
    const char* (*get_last_error)(struct ArrowArrayStream*);
    void (*release)(struct ArrowArrayStream*);
    void* private_data;
};
#endif

typedef struct xt_table_options {
    size_t struct_size;      // XT_TABLE_OPTIONS_BYTES
    const uint32_t* fields;  // of each column: XT_FIELD_…, XT_FIELD_NONE for one that is left out; NULL: by its heading
    size_t field_count;      // as many as there are columns
    uint16_t required;       // as in xt_claims, of every row
    uint16_t spare;          // 0
    uint32_t ignore_unknown;  // 1: columns whose headings are unknown are left out instead of refused
} xt_table_options;
#define XT_TABLE_OPTIONS_BYTES 32

// Answers the rows of one batch, a struct array and its schema. Headings are known in English and Vietnamese, in any
// case and with or without marks. Columns may be text (also large, views, dictionaries); dates and timestamps without a
// zone for days; integers for ids and codes. Both structures stay the caller's, who releases them. Rows are as those of
// xt_verify_rows(): verdicts, statuses and failed have array->length elements, the latter two may be NULL, and so may
// `key` and `options`. Structures are a stranger's and checked where that can be done; buffers come without their
// sizes.
// Complexity: as xt_verify_rows().
// Concurrency: wait-free but for the allocator.
// Errors: XT_TABLE; XT_COLUMN; XT_STRUCT_SIZE; XT_ARGUMENT_RANGE; XT_NULL_ARGUMENT; XT_FOREIGN_DIGEST_KEY;
// XT_OUT_OF_MEMORY. After XT_TABLE some verdicts may be written.
XT_CHECKED xt_status xt_verify_arrow(const xt_register* opened, const xt_digest_key* key,
                                     const struct ArrowSchema* schema, const struct ArrowArray* array,
                                     const xt_table_options* options, xt_verdict* verdicts, xt_freshness* freshness,
                                     xt_status* statuses, uint32_t* failed, xt_detail* detail);

// The answers of one batch of a stream: rows `first_row` to first_row + count, lent for the length of the call.
// Anything but 0 ends it all with XT_CANCELLED.
typedef int32_t (*xt_take_verdicts)(void* context, uint64_t first_row, size_t count, const xt_verdict* verdicts,
                                    const xt_status* statuses, const uint32_t* failed);
// The same for a stream, read to its end, a batch after the other. The stream stays the caller's, who releases it; its
// batches are released here. `freshness` is the oldest of those that batches were answered from.
// Errors: those of xt_verify_arrow(), XT_TABLE also where the stream fails; XT_CANCELLED. What was handed to take() by
// then stands.
XT_CHECKED xt_status xt_verify_arrow_stream(const xt_register* opened, const xt_digest_key* key,
                                            struct ArrowArrayStream* stream, const xt_table_options* options,
                                            xt_take_verdicts take, void* context, xt_freshness* freshness,
                                            xt_detail* detail);

// ---- Proofs ----
#define XT_NONCE_BYTES 16
#define XT_PUBLIC_KEY_BYTES 32
#define XT_SIGNATURE_BYTES 64
#define XT_HOLDER_MESSAGE_BYTES 72
#define XT_AGENCY_MESSAGE_BYTES 74
size_t xt_holder_message_bytes(void);
size_t xt_agency_message_bytes(void);

// By the key of the digital account of the citizen that the request is about.
typedef struct xt_holder_proof {
    int64_t issued_at_unix_ms;
    uint8_t nonce[XT_NONCE_BYTES];
    uint8_t signature[XT_SIGNATURE_BYTES];
} xt_holder_proof;
#define XT_HOLDER_PROOF_BYTES 88

// By the key of an agency, over a batch of requests that all name it.
typedef struct xt_agency_proof {
    int64_t issued_at_unix_ms;
    uint8_t nonce[XT_NONCE_BYTES];
    uint8_t signature[XT_SIGNATURE_BYTES];
    uint16_t agency;
    uint16_t spare[3];  // 0
} xt_agency_proof;
#define XT_AGENCY_PROOF_BYTES 96

// What the holder and the agency sign, by crypto_sign_detached() of libsodium or any other Ed25519. Nonces are 16
// bytes. A holder signs every bit of the request, for the register whose digest key has this fingerprint
// (xt_digest_key_fingerprint() and xt_register_look() tell it).
// Errors: XT_NULL_ARGUMENT; of xt_agency_message() also XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_holder_message(const xt_request* request, uint64_t digest_key_fingerprint,
                                       int64_t issued_at_unix_ms, const uint8_t* nonce_16, uint8_t* message_72);
XT_CHECKED xt_status xt_agency_message(const xt_request* requests, size_t count, uint16_t agency,
                                       int64_t issued_at_unix_ms, const uint8_t* nonce_16, uint8_t* message_74);

// When a proof may be used. The library reads no clock here: without the time of the call, proofs are good for ever.
typedef struct xt_proof_options {
    size_t struct_size;    // XT_PROOF_OPTIONS_BYTES
    int64_t now_unix_ms;   // 0: not told, and no proof is too old or too new
    int64_t max_age_ms;    // after it was issued; 0 is 300,000
    int64_t max_ahead_ms;  // that the signer's clock may be ahead of now_unix_ms; 0 is 30,000
} xt_proof_options;
#define XT_PROOF_OPTIONS_BYTES 32

// As xt_verify(), for requests that their citizens have signed: proofs[i] is for requests[i]. The proof comes first:
// where it is refused the verdict has that outcome and nothing else, whatever is claimed. One call takes no proof
// twice; to remember nonces from call to call is for the caller. `options` may be NULL.
// Complexity: one signature for each citizen found; memory for 80 KiB and 32 to 64 bytes a request.
// Concurrency: wait-free but for the allocator, after xt_ed25519_prepare().
// Errors: XT_STRUCT_SIZE; XT_ARGUMENT_RANGE (an option below 0); XT_OUT_OF_MEMORY, before anything is answered.
XT_CHECKED xt_status xt_verify_holders(const xt_register* opened, const xt_request* requests,
                                       const xt_holder_proof* proofs, size_t count, const xt_proof_options* options,
                                       xt_verdict* verdicts, xt_freshness* freshness);

// The public keys of agencies by their numbers.
// Concurrency: of every call but free, any number of threads at once, blocking on a lock for the length of a lookup.
typedef struct xt_agency_keys xt_agency_keys;
// `table_bytes_max` is for tables that make the keys used most several times as fast; 0 is 64 MiB.
// Errors: XT_NULL_ARGUMENT; XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_agency_keys_create(size_t table_bytes_max, xt_agency_keys** keys);
void xt_agency_keys_free(xt_agency_keys* keys);
// Gives an agency its key, in place of the one that it had.
// Errors: XT_AGENCY_REVOKED, see xt_agency_keys_reinstate(); XT_KEY_NOT_CANONICAL, XT_KEY_SMALL_ORDER,
// XT_KEY_NOT_ON_CURVE.
XT_CHECKED xt_status xt_agency_keys_set(xt_agency_keys* keys, uint16_t agency, const uint8_t* public_key_32);
// From now on the agency's proofs get XT_OUTCOME_KEY_REVOKED, until it is reinstated.
// Errors: XT_AGENCY_UNKNOWN when it had no key.
XT_CHECKED xt_status xt_agency_keys_revoke(xt_agency_keys* keys, uint16_t agency);
// Gives a key to an agency whose key was revoked.
// Errors: XT_AGENCY_UNKNOWN when none was; those of a key.
XT_CHECKED xt_status xt_agency_keys_reinstate(xt_agency_keys* keys, uint16_t agency, const uint8_t* public_key_32);

// As xt_verify(), for a batch that one agency has signed. Where its proof is refused nothing is looked up, and every
// verdict says so. `options` may be NULL.
// Complexity: one hash of the batch and one signature; memory for 32 to 64 bytes a request.
// Errors: XT_STRUCT_SIZE; XT_ARGUMENT_RANGE (spare is not 0, an option is below 0); XT_OUT_OF_MEMORY, before anything
// is answered.
XT_CHECKED xt_status xt_verify_agency(const xt_register* opened, const xt_request* requests, size_t count,
                                      const xt_agency_proof* proof, const xt_agency_keys* keys,
                                      const xt_proof_options* options, xt_verdict* verdicts, xt_freshness* freshness);

// ---- Changes ----
// A citizen in text; what is empty is unknown. docs/c-abi.md says what each field may hold.
typedef struct xt_citizen {
    size_t struct_size;  // XT_CITIZEN_BYTES
    xt_text id;
    xt_text name;
    xt_text birth_date;
    xt_text sex;
    xt_text life;
    xt_text registration;
    xt_text account_level;
    xt_text account;
    xt_text document;
    xt_text document_expiry;
    xt_text province;
    xt_text ward;
    xt_text superseded;
} xt_citizen;
#define XT_CITIZEN_BYTES 216

// One change of the register, made by the functions below; only the last two fields are anybody else's.
typedef struct xt_change {
    uint32_t kind;
    uint32_t spare;
    uint64_t record[4];
    uint8_t public_key[XT_PUBLIC_KEY_BYTES];
    uint64_t sequence;     // 0: the change has none
    int64_t time_unix_ms;  // 0: it has none
} xt_change;
#define XT_CHANGE_BYTES 88

// Inserts the citizen or replaces what the register knows of her. `public_key_32` is the key of her digital account, 32
// zeros for none; NULL leaves a key that is registered as it is.
// Errors: XT_STRUCT_SIZE; any of a value that was given, with the field's name in the detail.
XT_CHECKED xt_status xt_change_upsert(const xt_digest_key* key, const xt_citizen* who, const uint8_t* public_key_32,
                                      xt_change* change, xt_detail* detail);
// Errors: XT_PERSONAL_ID_LENGTH; XT_PERSONAL_ID_DIGIT; XT_PERSONAL_ID_RESERVED.
XT_CHECKED xt_status xt_change_erase(xt_text id, xt_change* change);
// Registers a key for a citizen who is in the register; NULL takes it away.
// Errors: those of xt_change_erase().
XT_CHECKED xt_status xt_change_set_key(xt_text id, const uint8_t* public_key_32, xt_change* change);

// Makes the changes, one after the other. Every verification that begins after the return sees them.
// In a registry: all or none, and on the disk before anything is seen of them; they are numbered there, and their own
// sequence numbers and times are ignored. 100,000 at most.
// In a snapshot's register: in memory alone. Where a change has a sequence number, the register is as of that and its
// time from then on. Those before one that is refused stay.
// Where a change is refused, `place`, which may be NULL, is where it is, or `count` when none was. `freshness`, which
// may be NULL, is that of the register afterwards.
// Concurrency: any thread, verification goes on; of a registry blocking on the disk and on other calls of this.
// Errors: XT_READ_ONLY; XT_CITIZEN_UNKNOWN (to be removed or given a key); XT_NO_KEY_COLUMN; XT_ARGUMENT_RANGE (not a
// change that was made above); XT_OUT_OF_MEMORY; XT_DAMAGED_RECORD; XT_INDEX_FULL; XT_RECLAMATION_STALLED. Of a
// registry also XT_CODE_RANGE (too many), XT_DISK_FULL, XT_IO, XT_REGISTRY_STOPPED: nothing was taken, and the next
// call may succeed; XT_CHANGES_PENDING: they are durable, not to be sent again, and made in memory by the next call
// that can; XT_CHANGES_IN_DOUBT: they are in the log or not, and the next call that can open it finds out.
XT_CHECKED xt_status xt_register_apply(xt_register* opened, const xt_change* changes, size_t count, size_t* place,
                                       xt_freshness* freshness, xt_detail* detail);

// Of a registry opened read_only: makes the changes that its writer has added since; of the writer's own, those that
// are pending. `freshness` may be NULL.
// Concurrency: one thread at a time; verification goes on.
// Errors: XT_NOT_A_REGISTRY; XT_CHANGES_TRIMMED (open it anew); those of xt_register_open_directory().
XT_CHECKED xt_status xt_register_refresh(xt_register* opened, xt_freshness* freshness, xt_detail* detail);

// Waits until the register has a change later than this number, at most so long; 0 only looks. Of a registry opened
// read_only it makes the changes that the writer has added since, as xt_register_refresh() does; of any other it looks
// at what other threads of this process have made. It looks every 10 ms. `freshness` may be NULL.
// Concurrency: blocking for the time given; of a registry opened read_only one thread at a time, else any; verification
// goes on.
// Errors: XT_TIMED_OUT; those of xt_register_refresh() but for XT_NOT_A_REGISTRY.
XT_CHECKED xt_status xt_register_wait(xt_register* opened, uint64_t after_sequence, uint32_t timeout_ms,
                                      xt_freshness* freshness, xt_detail* detail);

#define XT_PARTITION_COUNT 16384
typedef struct xt_scrub_facts {
    size_t struct_size;  // XT_SCRUB_FACTS_BYTES, set by the caller
    uint64_t partitions;
    uint64_t records;
    uint64_t damaged_slots;
    uint64_t partitions_repaired;
    uint32_t first_damaged_partition;  // XT_PARTITION_COUNT when none is
    uint32_t spare;
} xt_scrub_facts;
#define XT_SCRUB_FACTS_BYTES 48

// Re-checks so many partitions of the register in memory, from the first named on; 0 is all that follow it. Of a
// registry a damaged one is rebuilt from snapshot and log; of a snapshot's register it is only told of. Until then
// damaged records answer XT_OUTCOME_DAMAGED_RECORD. For a constant watch, a few at a time.
// Concurrency: any thread, beside all other calls; xt_register_apply() waits while a partition is repaired.
// Errors: XT_ARGUMENT_RANGE; XT_STRUCT_SIZE; of a repair those of xt_register_open_directory(), and the partition stays
// as it is.
XT_CHECKED xt_status xt_register_scrub(xt_register* opened, uint32_t first_partition, uint32_t partitions,
                                       xt_scrub_facts* facts, xt_detail* detail);

typedef struct xt_checkpoint_facts {
    size_t struct_size;  // XT_CHECKPOINT_FACTS_BYTES, set by the caller
    xt_freshness as_of;
    uint64_t citizens;
    uint64_t file_bytes;
    uint64_t changes_merged;
    uint32_t written;  // 0: there were no changes since the last one, and nothing was to be done
    uint32_t spare;
} xt_checkpoint_facts;
#define XT_CHECKPOINT_FACTS_BYTES 56

// Of a registry: writes a new snapshot from the last one and the log, and drops the oldest, and the changes that only
// those needed. `threads` 0 is 1, `snapshots_kept` 0 is 2; `facts` may be NULL.
// Concurrency: one thread at a time; verification and changes go on.
// Errors: XT_NOT_A_REGISTRY; XT_READ_ONLY, also of a registry opened without an authority; those of xt_register_save().
XT_CHECKED xt_status xt_register_checkpoint(xt_register* opened, uint32_t threads, uint32_t snapshots_kept,
                                            xt_checkpoint_facts* facts, xt_detail* detail);

// The same with options, which may be NULL.
// Errors: those of xt_register_checkpoint(); XT_CANCELLED.
XT_CHECKED xt_status xt_register_checkpoint_with(xt_register* opened, const xt_write_options* options,
                                                 xt_checkpoint_facts* facts, xt_detail* detail);

// Writes the register as a snapshot, signed, over what is there: at every moment the file is the old or the new one,
// whole. `threads` that write; 0 is 1.
// Requires: no change is made meanwhile.
// Errors: XT_DISK_FULL; XT_IO; XT_NOT_FOUND (no such folder); XT_DAMAGED_RECORD.
XT_CHECKED xt_status xt_register_save(const xt_register* opened, const char* path, const xt_authority_key* authority,
                                      uint32_t threads, xt_detail* detail);
// The same with options, which may be NULL.
// Errors: those of xt_register_save(); XT_STRUCT_SIZE; XT_CANCELLED.
XT_CHECKED xt_status xt_register_save_with(const xt_register* opened, const char* path,
                                           const xt_authority_key* authority, const xt_write_options* options,
                                           xt_detail* detail);

// ---- Following changes ----
// What a change does; it is in `kind`.
enum {
    XT_CHANGE_UPSERT = 1,           // inserts a citizen, or replaces all but the key
    XT_CHANGE_UPSERT_WITH_KEY = 2,  // key and all
    XT_CHANGE_ERASE = 3,
    XT_CHANGE_SET_KEY = 4
};
// Whose it is: 12 digits and a zero.
// Errors: XT_NULL_ARGUMENT; XT_ARGUMENT_RANGE (no change that this library made).
XT_CHECKED xt_status xt_change_id(const xt_change* change, char* digits_13);
// The change as `xacthuc follow` prints it: a JSON object and a line feed, which `xacthuc apply` reads. Writes as much
// as fits and a zero; `size` is how long it is in full, at most XT_CHANGE_JSON_BYTES - 1. Names are in it as digests
// only.
// Errors: those of xt_change_id().
#define XT_CHANGE_JSON_BYTES 320
XT_CHECKED xt_status xt_change_json(const xt_change* change, char* into, size_t capacity, size_t* size);

// A registry's changes, from another process or this one: each once, in order, soon after it is durable.
typedef struct xt_feed xt_feed;
typedef struct xt_feed_options {
    size_t struct_size;          // XT_FEED_OPTIONS_BYTES
    uint64_t from_sequence;      // to begin with; 0: the first that is still there
    uint64_t at_least_sequence;  // as xt_registry_options has them
    const char* mark_file;
} xt_feed_options;
#define XT_FEED_OPTIONS_BYTES 32
// `key` is the registry's digest key, which its log is sealed with. `options` may be NULL.
// Errors: XT_NOT_A_REGISTRY; XT_CHANGES_TRIMMED (the change is no longer there); XT_SEQUENCE_GAP (the log ends before
// it); XT_DAMAGED_CHANGES; XT_NEWER_VERSION; XT_OLDER_VERSION; XT_UNSUITABLE_SQLITE; XT_FORKED; XT_IO; XT_STRUCT_SIZE.
XT_CHECKED xt_status xt_feed_open(const char* directory, const xt_digest_key* key, const xt_feed_options* options,
                                  xt_feed** feed, xt_detail* detail);
void xt_feed_free(xt_feed* feed);
// The next changes, `capacity` at most; where there are none it waits for so long, and then `count` is 0, which is no
// error. 0 only looks. Applied to a register one after the other, they make it what the registry is.
// Concurrency: one thread at a time; blocking for the time given.
// Errors: XT_ARGUMENT_RANGE (no capacity); XT_CHANGES_TRIMMED (a checkpoint has overtaken the feed: begin anew from a
// snapshot); XT_SEQUENCE_GAP; XT_DAMAGED_CHANGES; XT_IO.
XT_CHECKED xt_status xt_feed_next(xt_feed* feed, xt_change* changes, size_t capacity, uint32_t timeout_ms,
                                  size_t* count, xt_detail* detail);
// The number that the next change of the feed has; 0 for NULL.
uint64_t xt_feed_position(const xt_feed* feed);

// ---- Counting ----
// What verdicts came to. Claims are those of the verdicts that say of any claim whether it was made.
typedef struct xt_claim_counts {
    uint64_t matched;
    uint64_t mismatched;
    uint64_t unavailable;
    uint64_t not_claimed;
} xt_claim_counts;
typedef struct xt_verdict_counts {
    size_t struct_size;  // XT_VERDICT_COUNTS_BYTES, set by the caller
    uint64_t verdicts;
    uint64_t silent;            // say of no claim whether it was made, as malformed ones
    uint64_t by_outcome[1024];  // [XT_OUTCOME_VERIFIED] and so on
    uint64_t by_name_grade[4];  // [XT_NAME_GRADE_EXACT]; none is also where there was no name
    uint64_t coarse;
    uint64_t claim_coarse;
    xt_claim_counts by_claim[XT_CLAIM_COUNT];
} xt_verdict_counts;
#define XT_VERDICT_COUNTS_BYTES 8712
// Counts these verdicts.
// Concurrency: wait-free.
// Errors: XT_NULL_ARGUMENT; XT_STRUCT_SIZE.
XT_CHECKED xt_status xt_verdicts_count(const xt_verdict* verdicts, size_t count, xt_verdict_counts* counts);

// By what citizens can be told apart: codes of residence; ages 0 to 9, 10 to 19, …; the others as xt_citizen has them.
enum {
    XT_DIMENSION_PROVINCE = 0,
    XT_DIMENSION_WARD = 1,
    XT_DIMENSION_SEX = 2,
    XT_DIMENSION_AGE_BAND = 3,
    XT_DIMENSION_LIFE = 4,
    XT_DIMENSION_REGISTRATION = 5,
    XT_DIMENSION_ACCOUNT_LEVEL = 6,
    XT_DIMENSION_ACCOUNT = 7,
    XT_DIMENSION_DOCUMENT = 8
};
#define XT_DIMENSION_COUNT 9
// "province", "ward", …; "" for other numbers. Stable.
const char* xt_dimension_text(uint32_t dimension);
// A value as people have it: "01", "female", "30-39"; "" for 0, which the register does not know. Writes as much as
// fits and a zero; `size` is how long it is in full.
// Errors: XT_ARGUMENT_RANGE (no such dimension); XT_NULL_ARGUMENT.
XT_CHECKED xt_status xt_dimension_value_text(uint32_t dimension, uint32_t value, char* into, size_t capacity,
                                             size_t* size);

typedef struct xt_count_options {
    size_t struct_size;  // XT_COUNT_OPTIONS_BYTES
    uint64_t count_min;  // counts below it are not told; 0 is 10
    uint64_t round_to;   // all others are rounded to multiples of this; 0 is 5
    uint32_t threads;    // the caller's among them; 0 is 1
    uint32_t spare;      // 0
    xt_progress progress;
} xt_count_options;
#define XT_COUNT_OPTIONS_BYTES 48
// A table of counts.
typedef struct xt_counts xt_counts;
// Counts the register's citizens by these dimensions, each once at most; of numbers that another replaced, only that
// one. tally.hpp says what small and rounded counts keep from being told. `options` may be NULL.
// Complexity: reads the whole register once.
// Concurrency: any thread; readers and writers may run.
// Errors: XT_ARGUMENT_RANGE (none, one twice or no dimension; spare; threads); XT_CODE_RANGE (more than 4,000,000
// cells); XT_DAMAGED_RECORD; XT_STRUCT_SIZE; XT_CANCELLED; XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_count_by(const xt_register* opened, const uint32_t* dimensions, size_t dimension_count,
                                 const xt_count_options* options, xt_counts** counts, xt_detail* detail);
void xt_counts_free(xt_counts* counts);
// How many cells it has, in the order of their values; 0 for NULL.
size_t xt_counts_cells(const xt_counts* counts);
// Cells [first, first + count): values[i * dimensions + d], and counts[i], which is -1 where it is not told. Either may
// be NULL.
// Errors: XT_ARGUMENT_RANGE (there are not so many); XT_NULL_ARGUMENT.
XT_CHECKED xt_status xt_counts_read(const xt_counts* counts, size_t first, size_t count, uint32_t* values,
                                    int64_t* told);

// ---- Ed25519 ----
// The verdict is that of crypto_sign_verify_detached() of libsodium 1.0.18, on every input. Making keys and signing are
// libsodium's too.

// A public key that has been checked, and may carry a table that makes it several times as fast.
typedef struct xt_verifying_key xt_verifying_key;
// `table_bits` 5 to 8 for a table of 104,448 · 176,128 · 303,104 · 524,288 bytes, built in 0.5 to 2 ms; 0 for none.
// Errors: XT_KEY_NOT_CANONICAL; XT_KEY_SMALL_ORDER; XT_KEY_NOT_ON_CURVE; XT_ARGUMENT_RANGE.
XT_CHECKED xt_status xt_verifying_key_make(const uint8_t* public_key_32, uint32_t table_bits, xt_verifying_key** key);
void xt_verifying_key_free(xt_verifying_key* key);

// A signature to verify: with exactly one of the two keys.
typedef struct xt_signed_message {
    const uint8_t* message;
    size_t message_size;        // at most 2^32
    const uint8_t* signature;   // 64 bytes
    const uint8_t* public_key;  // 32 bytes
    const xt_verifying_key* key;
} xt_signed_message;
#define XT_SIGNED_MESSAGE_BYTES 40

// Sets valid[i] to 1 or 0. `valid_count` may be NULL.
// Complexity: linear; best in batches of 64 and more. No allocation; for the stack see xt_ed25519_prepare().
// Concurrency: any number of threads at once.
// Errors: XT_NULL_ARGUMENT or XT_ARGUMENT_RANGE when an item is not whole, and nothing has been verified then; those of
// xt_ed25519_prepare(), where that was not called before.
XT_CHECKED xt_status xt_ed25519_verify_batch(const xt_signed_message* items, size_t count, uint8_t* valid,
                                             size_t* valid_count);
// One signature: XT_OK or XT_BAD_SIGNATURE.
// Errors: XT_BAD_SIGNATURE; those of xt_ed25519_verify_batch().
XT_CHECKED xt_status xt_ed25519_verify(const uint8_t* public_key_32, const uint8_t* message, size_t message_size,
                                       const uint8_t* signature_64);
// Checks the machine by known signatures and builds the table of the base point now rather than in the first
// verification: about 10 ms, and 192 KiB of stack. Afterwards one signature needs 32 KiB and a batch 256 KiB.
// Errors: XT_OUT_OF_MEMORY.
XT_CHECKED xt_status xt_ed25519_prepare(void);
// "portable", "avx2" or "avx512ifma"; "none" where none gives the right answers, and all signatures are refused; ""
// when there is no memory.
const char* xt_ed25519_kernel(void);
// Those that gave wrong answers to known signatures, and so are not used, a blank between them; "" on a sound machine.
const char* xt_ed25519_rejected_kernels(void);

// ---- Sizes ----
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
XT_SIZED(xt_feed_options, XT_FEED_OPTIONS_BYTES);
XT_SIZED(xt_verdict_counts, XT_VERDICT_COUNTS_BYTES);
XT_SIZED(xt_count_options, XT_COUNT_OPTIONS_BYTES);
XT_SIZED(xt_signed_message, XT_SIGNED_MESSAGE_BYTES);
#undef XT_SIZED

#ifdef __cplusplus
}
#endif
#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
