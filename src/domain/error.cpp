// SPDX-License-Identifier: Apache-2.0
// The texts of the error codes.
#include <boost/system/system_error.hpp>
#include <xacthuc/domain/error.hpp>

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] const char* text(errc code) noexcept {
    switch (code) {
        case errc::personal_id_length:
            return "a personal id has 12 digits";
        case errc::personal_id_digit:
            return "a personal id has digits only";
        case errc::date_syntax:
            return "not a date: wanted YYYY, YYYY-MM, YYYY-MM-DD, DD/MM/YYYY or DDMMYYYY";
        case errc::date_range:
            return "no such day, or a year outside 1801 to 2311";
        case errc::name_empty:
            return "the name is empty";
        case errc::name_too_long:
            return "the name is too long";
        case errc::name_not_utf8:
            return "the name is not valid UTF-8";
        case errc::name_control_character:
            return "the name has a control character";
        case errc::sex_word:
            return "not a sex: wanted male, female, other, nam, nữ, khác or empty";
        case errc::status_word:
            return "not one of this field's status words";
        case errc::province_unknown:
            return "no province has this code";
        case errc::ward_range:
            return "a ward code has at most five digits";
        case errc::qr_fields:
            return "the QR text has fewer than seven fields";
        case errc::claims_missing:
            return "the request claims nothing";
        case errc::claims_contradict:
            return "two claims of the request need the same field";
        case errc::personal_id_reserved:
            return "the personal id 000000000000 is reserved";
        case errc::code_range:
            return "a number is out of its range";
        case errc::name_unassigned_character:
            return "the name has a code point that is no character";
        case errc::changes_refused:
            return "changes were refused, and none of the batch was made";
        case errc::record_not_valid:
            return "the record is not one that make_record() makes";
        case errc::claim_required:
            return "a claim that is required is not made";
        case errc::note_name:
            return "not a name for a key: it is empty, or has a space, a plus or a control character";
        case errc::note_key:
            return "not a verifier key of the form name+id+base64 for Ed25519";
        case errc::note_syntax:
            return "not a signed note: lines of UTF-8 without tabs, an empty line, and a line a signature";
        case errc::framework_faults:
            return "the frameworks have faults";
        case errc::io:
            return "input or output failed";
        case errc::disk_full:
            return "no space left on the disk";
        case errc::not_a_snapshot:
            return "not a xacthuc snapshot";
        case errc::newer_version:
            return "the file was written by a newer version";
        case errc::truncated:
            return "the file is cut short";
        case errc::checksum_mismatch:
            return "a checksum does not match";
        case errc::bad_signature:
            return "the signature does not verify";
        case errc::foreign_authority:
            return "signed by another authority";
        case errc::foreign_digest_key:
            return "made with another digest key";
        case errc::out_of_memory:
            return "not enough memory";
        case errc::file_permissions:
            return "the file's permissions are too open";
        case errc::damaged_header:
            return "damaged, or no file of its kind";
        case errc::not_found:
            return "no such file or folder";
        case errc::already_exists:
            return "it exists already";
        case errc::damaged_record:
            return "a record's integrity check does not match";
        case errc::trailing_bytes:
            return "the file is longer than it says";
        case errc::not_a_registry:
            return "not a xacthuc registry";
        case errc::registry_locked:
            return "another process has the registry open for writing";
        case errc::registry_stopped:
            return "the registry takes no more changes until it is opened again";
        case errc::damaged_changes:
            return "the log of changes is damaged";
        case errc::sequence_gap:
            return "changes are missing";
        case errc::changes_trimmed:
            return "these changes are no longer in the log";
        case errc::changes_pending:
            return "the changes are durable, and not yet in memory";
        case errc::changes_in_doubt:
            return "the log failed: whether the changes are in it is not known yet";
        case errc::older_version:
            return "the file was written by an older version";
        case errc::unsuitable_sqlite:
            return "this process has an SQLite that will not do";
        case errc::forked:
            return "a process that was forked cannot use what its parent has open";
        case errc::misplaced_snapshot:
            return "the snapshot is not the one that its place is for";
        case errc::not_a_policy:
            return "not a compiled policy";
        case errc::index_full:
            return "the partition is full";
        case errc::change_is_older:
            return "the index holds a newer version";
        case errc::citizen_unknown:
            return "no such citizen in the register";
        case errc::read_only:
            return "not opened for writing, or without what this needs";
        case errc::reclamation_stalled:
            return "a stalled reader keeps retired slots from being reclaimed";
        case errc::no_key_column:
            return "this index has no key column";
        case errc::path_too_long:
            return "too many citizens' numbers come to one place";
        case errc::key_length:
            return "a public key has 32 bytes";
        case errc::key_not_canonical:
            return "the public key's encoding is not canonical";
        case errc::key_small_order:
            return "the public key is of small order";
        case errc::key_not_on_curve:
            return "the public key is not a point of the curve";
        case errc::memory_budget:
            return "over the memory budget";
        case errc::agency_unknown:
            return "no agency of this number has a key that this could be done to";
        case errc::agency_revoked:
            return "the agency's key was revoked, and it has to be reinstated";
    }
    return "unknown error";
}

class category final : public boost::system::error_category {
  public:
    // By a number of its own: where a process holds two copies of the library, their categories are one.
    constexpr category() noexcept : error_category{0x9d3a'71c5'e02b'846fU} {}

    [[nodiscard]] const char* name() const noexcept override { return "xacthuc"; }
    [[nodiscard]] std::string message(int value) const override { return text(static_cast<errc>(value)); }
    // The text lives as long as the library.
    [[nodiscard]] const char* message(int value, char* /*room*/, std::size_t /*size*/) const noexcept override {
        return text(static_cast<errc>(value));
    }
};

}  // namespace

const boost::system::error_category& error_category() noexcept {
    static const category instance;
    return instance;
}

boost::system::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), error_category()};
}

std::string failure::message() const {
    return context.empty() ? code.message() : code.message() + ": " + context;
}

void throw_exception_from_error(const failure& error, const boost::source_location& where) {
    boost::throw_exception(boost::system::system_error(error.code, error.context), where);
}

}  // namespace xacthuc::inline v0_1
