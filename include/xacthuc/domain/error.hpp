// SPDX-License-Identifier: Apache-2.0
// What can go wrong outside of a verdict: the error codes of the library, their texts, and the result types that carry
// them.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <string>
#include <type_traits>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// The values are part of the binary interface: new ones are added, and none is ever renumbered.
// 1..99 a value given to the library; 100..199 a file or the machine; 200..299 the index; 300..399 a key or a
// signature; 400..499 a ledger.
enum class errc : int {
    personal_id_length = 1,
    personal_id_digit = 2,
    date_syntax = 3,
    date_range = 4,
    name_empty = 5,
    name_too_long = 6,
    name_not_utf8 = 7,
    name_control_character = 8,
    sex_word = 9,
    status_word = 10,
    province_unknown = 11,
    ward_range = 12,
    qr_fields = 13,
    claims_missing = 14,
    claims_contradict = 15,
    personal_id_reserved = 16,
    code_range = 17,
    name_unassigned_character = 18,
    changes_refused = 19,
    record_not_valid = 20,
    claim_required = 21,
    note_name = 22,
    note_key = 23,
    note_syntax = 24,
    framework_faults = 25,
    not_in_policy = 26,
    checkpoint_syntax = 27,
    log_proof_syntax = 28,
    settings_faults = 29,

    io = 100,
    disk_full = 101,
    not_a_snapshot = 102,
    newer_version = 103,
    truncated = 104,
    checksum_mismatch = 105,
    bad_signature = 106,
    foreign_authority = 107,
    foreign_digest_key = 108,
    out_of_memory = 109,
    file_permissions = 110,
    damaged_header = 111,
    not_found = 112,
    already_exists = 113,
    damaged_record = 114,
    trailing_bytes = 115,
    not_a_registry = 116,
    registry_locked = 117,
    registry_stopped = 118,
    damaged_changes = 119,
    sequence_gap = 120,
    changes_trimmed = 121,
    changes_pending = 122,
    changes_in_doubt = 123,
    older_version = 124,
    unsuitable_sqlite = 125,
    forked = 126,
    misplaced_snapshot = 127,
    not_a_policy = 128,
    damaged_log = 129,
    log_locked = 130,
    log_stopped = 131,
    witness_refused = 132,
    not_a_partition = 133,
    foreign_partition = 134,

    index_full = 200,
    change_is_older = 201,
    citizen_unknown = 202,
    read_only = 203,
    reclamation_stalled = 204,
    no_key_column = 205,
    path_too_long = 206,
    partition_elsewhere = 207,

    key_length = 300,
    key_not_canonical = 301,
    key_small_order = 302,
    key_not_on_curve = 303,
    memory_budget = 304,
    agency_unknown = 305,
    agency_revoked = 306,

    not_of_a_ledger = 400,
    ledger_stopped = 401,
    ledger_damaged = 402,
    ledger_full = 403,
    ledger_mismatch = 404,
};

// The category of errc, and an error code of it.
[[nodiscard]] XACTHUC_API const boost::system::error_category& error_category() noexcept;
[[nodiscard]] XACTHUC_API boost::system::error_code make_error_code(errc code) noexcept;

}  // namespace xacthuc::inline v0_1

template <>
struct boost::system::is_error_code_enum<xacthuc::errc> : std::true_type {};

namespace xacthuc::inline v0_1 {

// A value, or the code of the error. For errors that need no words beyond the text of the code.
template <class T>
using result = boost::system::result<T>;

// An error that also says where and what: the file, the offset, the partition, the expected and the found value.
struct failure {
    boost::system::error_code code;
    std::string context;

    // "<text of the code>: <context>"
    [[nodiscard]] XACTHUC_API std::string message() const;
};

// What value() does when a detailed_result has none: it throws boost::system::system_error with the code and context.
[[noreturn]] XACTHUC_API void throw_exception_from_error(const failure& error, const boost::source_location& where);

// A value, or a failure. For files and everything else that an operator has to find and mend.
template <class T>
using detailed_result = boost::system::result<T, failure>;

}  // namespace xacthuc::inline v0_1
