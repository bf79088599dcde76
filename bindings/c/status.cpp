// SPDX-License-Identifier: Apache-2.0
// Status codes and their words.
#include <string>

#include "boundary.hpp"

namespace xacthuc::c {
namespace {

#define XT_IS(code, cpp) static_assert((code) == static_cast<int>(errc::cpp))
XT_IS(XT_PERSONAL_ID_LENGTH, personal_id_length);
XT_IS(XT_PERSONAL_ID_DIGIT, personal_id_digit);
XT_IS(XT_DATE_SYNTAX, date_syntax);
XT_IS(XT_DATE_RANGE, date_range);
XT_IS(XT_NAME_EMPTY, name_empty);
XT_IS(XT_NAME_TOO_LONG, name_too_long);
XT_IS(XT_NAME_NOT_UTF8, name_not_utf8);
XT_IS(XT_NAME_CONTROL_CHARACTER, name_control_character);
XT_IS(XT_SEX_WORD, sex_word);
XT_IS(XT_STATUS_WORD, status_word);
XT_IS(XT_PROVINCE_UNKNOWN, province_unknown);
XT_IS(XT_WARD_RANGE, ward_range);
XT_IS(XT_QR_FIELDS, qr_fields);
XT_IS(XT_CLAIMS_MISSING, claims_missing);
XT_IS(XT_CLAIMS_CONTRADICT, claims_contradict);
XT_IS(XT_PERSONAL_ID_RESERVED, personal_id_reserved);
XT_IS(XT_CODE_RANGE, code_range);
XT_IS(XT_NAME_UNASSIGNED_CHARACTER, name_unassigned_character);
XT_IS(XT_CHANGES_REFUSED, changes_refused);
XT_IS(XT_RECORD_NOT_VALID, record_not_valid);
XT_IS(XT_CLAIM_REQUIRED, claim_required);
XT_IS(XT_NOTE_NAME, note_name);
XT_IS(XT_NOTE_KEY, note_key);
XT_IS(XT_NOTE_SYNTAX, note_syntax);
XT_IS(XT_FRAMEWORK_FAULTS, framework_faults);
XT_IS(XT_NOT_IN_POLICY, not_in_policy);
XT_IS(XT_CHECKPOINT_SYNTAX, checkpoint_syntax);
XT_IS(XT_LOG_PROOF_SYNTAX, log_proof_syntax);
XT_IS(XT_SETTINGS_FAULTS, settings_faults);
XT_IS(XT_IO, io);
XT_IS(XT_DISK_FULL, disk_full);
XT_IS(XT_NOT_A_SNAPSHOT, not_a_snapshot);
XT_IS(XT_NEWER_VERSION, newer_version);
XT_IS(XT_TRUNCATED, truncated);
XT_IS(XT_CHECKSUM_MISMATCH, checksum_mismatch);
XT_IS(XT_BAD_SIGNATURE, bad_signature);
XT_IS(XT_FOREIGN_AUTHORITY, foreign_authority);
XT_IS(XT_FOREIGN_DIGEST_KEY, foreign_digest_key);
XT_IS(XT_OUT_OF_MEMORY, out_of_memory);
XT_IS(XT_FILE_PERMISSIONS, file_permissions);
XT_IS(XT_DAMAGED_HEADER, damaged_header);
XT_IS(XT_NOT_FOUND, not_found);
XT_IS(XT_ALREADY_EXISTS, already_exists);
XT_IS(XT_DAMAGED_RECORD, damaged_record);
XT_IS(XT_TRAILING_BYTES, trailing_bytes);
XT_IS(XT_NOT_A_REGISTRY, not_a_registry);
XT_IS(XT_REGISTRY_LOCKED, registry_locked);
XT_IS(XT_REGISTRY_STOPPED, registry_stopped);
XT_IS(XT_DAMAGED_CHANGES, damaged_changes);
XT_IS(XT_SEQUENCE_GAP, sequence_gap);
XT_IS(XT_CHANGES_TRIMMED, changes_trimmed);
XT_IS(XT_CHANGES_PENDING, changes_pending);
XT_IS(XT_CHANGES_IN_DOUBT, changes_in_doubt);
XT_IS(XT_OLDER_VERSION, older_version);
XT_IS(XT_UNSUITABLE_SQLITE, unsuitable_sqlite);
XT_IS(XT_FORKED, forked);
XT_IS(XT_MISPLACED_SNAPSHOT, misplaced_snapshot);
XT_IS(XT_NOT_A_POLICY, not_a_policy);
XT_IS(XT_DAMAGED_LOG, damaged_log);
XT_IS(XT_LOG_LOCKED, log_locked);
XT_IS(XT_LOG_STOPPED, log_stopped);
XT_IS(XT_WITNESS_REFUSED, witness_refused);
XT_IS(XT_NOT_A_PARTITION, not_a_partition);
XT_IS(XT_FOREIGN_PARTITION, foreign_partition);
XT_IS(XT_INDEX_FULL, index_full);
XT_IS(XT_CHANGE_IS_OLDER, change_is_older);
XT_IS(XT_CITIZEN_UNKNOWN, citizen_unknown);
XT_IS(XT_READ_ONLY, read_only);
XT_IS(XT_RECLAMATION_STALLED, reclamation_stalled);
XT_IS(XT_NO_KEY_COLUMN, no_key_column);
XT_IS(XT_PATH_TOO_LONG, path_too_long);
XT_IS(XT_PARTITION_ELSEWHERE, partition_elsewhere);
XT_IS(XT_KEY_LENGTH, key_length);
XT_IS(XT_KEY_NOT_CANONICAL, key_not_canonical);
XT_IS(XT_KEY_SMALL_ORDER, key_small_order);
XT_IS(XT_KEY_NOT_ON_CURVE, key_not_on_curve);
XT_IS(XT_MEMORY_BUDGET, memory_budget);
XT_IS(XT_AGENCY_UNKNOWN, agency_unknown);
XT_IS(XT_AGENCY_REVOKED, agency_revoked);
XT_IS(XT_NOT_OF_A_LEDGER, not_of_a_ledger);
XT_IS(XT_LEDGER_STOPPED, ledger_stopped);
XT_IS(XT_LEDGER_DAMAGED, ledger_damaged);
XT_IS(XT_LEDGER_FULL, ledger_full);
XT_IS(XT_LEDGER_MISMATCH, ledger_mismatch);
#undef XT_IS

// The longest beginning of `words` that fits and does not end inside a character.
[[nodiscard]] std::string_view shortened(std::string_view words, std::size_t size) noexcept {
    if (words.size() <= size) return words;
    while (size > 0 && (static_cast<unsigned char>(words[size]) & 0xc0U) == 0x80U) --size;
    return words.substr(0, size);
}

}  // namespace

xt_status status_of(boost::system::error_code error) noexcept {
    if (!error) return XT_OK;
    if (error.category() == error_category()) return error.value();
    return error == boost::system::errc::not_enough_memory ? XT_OUT_OF_MEMORY : XT_IO;
}

void clear(xt_detail* detail) noexcept {
    if (detail == nullptr) return;
    detail->size = 0;
    if (detail->data != nullptr && detail->capacity != 0) detail->data[0] = '\0';
}

void put_text(std::string_view text, char* into, std::size_t capacity, std::size_t* size) noexcept {
    if (size != nullptr) *size = text.size();
    if (capacity == 0) return;
    const auto fits = shortened(text, capacity - 1);
    std::copy(fits.begin(), fits.end(), into);
    into[fits.size()] = '\0';
}

xt_status refuse(xt_detail* detail, xt_status status, std::string_view context) noexcept {
    if (detail == nullptr) return status;
    clear(detail);
    const bool has_room = detail->data != nullptr && detail->capacity != 0;
    // Piece by piece, and not through a string: there may be no memory left.
    const auto append = [&](std::string_view words) {
        const auto used = has_room ? std::min(detail->size, detail->capacity - 1) : 0;
        if (has_room && used == detail->size) {
            const auto fits = shortened(words, detail->capacity - 1 - used);
            if (!fits.empty()) std::memcpy(detail->data + used, fits.data(), fits.size());
            detail->data[used + fits.size()] = '\0';
        }
        detail->size += words.size();
    };
    append(xt_message(status));
    if (!context.empty()) {
        append(": ");
        append(context);
    }
    return status;
}

}  // namespace xacthuc::c

uint32_t xt_abi_version(void) {
    return XT_ABI_VERSION;
}

const char* xt_message(xt_status status) {
    switch (status) {
        case XT_OK:
            return "no error";
        case XT_NULL_ARGUMENT:
            return "an argument is NULL that must not be";
        case XT_STRUCT_SIZE:
            return "the size in a struct is that of no version of it, or what is beyond this version's end is not 0";
        case XT_ARGUMENT_RANGE:
            return "an argument is none of the values that it may have";
        case XT_CANCELLED:
            return "the caller's own function ended the call, of its progress or of what it hands over";
        case XT_TIMED_OUT:
            return "what was waited for did not come in the time given";
        case XT_TABLE:
            return "the table is not put together as Arrow says";
        case XT_COLUMN:
            return "a column of the table is none that could be read";
        case XT_UNEXPECTED:
            return "an exception that nobody foresaw";
        default:
            // The category's texts are literals, and this one's overload needs no room for them.
            return xacthuc::error_category().message(status, nullptr, 0);
    }
}
