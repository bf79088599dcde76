// SPDX-License-Identifier: Apache-2.0
// What all calls share: codes, details, texts, progress. A part of xacthuc.h, which has the conventions.
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
#define XT_SHOWN_BEGIN _Pragma("GCC visibility push(default)")
#define XT_SHOWN_END _Pragma("GCC visibility pop")
#else
#define XT_CHECKED
#define XT_SHOWN_BEGIN
#define XT_SHOWN_END
#endif
// Around the declarations of each part.
#if defined(__cplusplus)
#define XT_BEGIN \
    extern "C" { \
    XT_SHOWN_BEGIN
#define XT_END   \
    XT_SHOWN_END \
    }
#else
#define XT_BEGIN XT_SHOWN_BEGIN
#define XT_END XT_SHOWN_END
#endif

XT_BEGIN

// ---- The interface itself ----
// The upper 16 bits change when a program has to be changed, the lower ones when something was added.
#define XT_ABI_VERSION 0x00020005u
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
    XT_NOTE_NAME = 22,
    XT_NOTE_KEY = 23,
    XT_NOTE_SYNTAX = 24,
    XT_FRAMEWORK_FAULTS = 25,
    XT_NOT_IN_POLICY = 26,
    XT_CHECKPOINT_SYNTAX = 27,
    XT_LOG_PROOF_SYNTAX = 28,
    XT_SETTINGS_FAULTS = 29,
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
    XT_NOT_A_POLICY = 128,
    XT_DAMAGED_LOG = 129,
    XT_LOG_LOCKED = 130,
    XT_LOG_STOPPED = 131,
    XT_WITNESS_REFUSED = 132,
    XT_NOT_A_PARTITION = 133,
    XT_FOREIGN_PARTITION = 134,
    XT_INDEX_FULL = 200,  // from here the index
    XT_CHANGE_IS_OLDER = 201,
    XT_CITIZEN_UNKNOWN = 202,
    XT_READ_ONLY = 203,
    XT_RECLAMATION_STALLED = 204,
    XT_NO_KEY_COLUMN = 205,
    XT_PATH_TOO_LONG = 206,
    XT_PARTITION_ELSEWHERE = 207,
    XT_KEY_LENGTH = 300,  // from here a key
    XT_KEY_NOT_CANONICAL = 301,
    XT_KEY_SMALL_ORDER = 302,
    XT_KEY_NOT_ON_CURVE = 303,
    XT_MEMORY_BUDGET = 304,
    XT_AGENCY_UNKNOWN = 305,
    XT_AGENCY_REVOKED = 306,
    XT_NOT_OF_A_LEDGER = 400,  // from here a ledger
    XT_LEDGER_STOPPED = 401,
    XT_LEDGER_DAMAGED = 402,
    XT_LEDGER_FULL = 403,
    XT_LEDGER_MISMATCH = 404,
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

XT_END
