// SPDX-License-Identifier: Apache-2.0
// The texts of the error codes.
#include <array>
#include <boost/system/system_error.hpp>
#include <xacthuc/domain/error.hpp>

#include "domain/worded.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr auto texts = std::to_array<worded<errc>>({
    {errc::personal_id_length, "a personal id has 12 digits"},
    {errc::personal_id_digit, "a personal id has digits only"},
    {errc::date_syntax, "not a date: wanted YYYY, YYYY-MM, YYYY-MM-DD, DD/MM/YYYY or DDMMYYYY"},
    {errc::date_range, "no such day, or a year outside 1801 to 2311"},
    {errc::name_empty, "the name is empty"},
    {errc::name_too_long, "the name is too long"},
    {errc::name_not_utf8, "the name is not valid UTF-8"},
    {errc::name_control_character, "the name has a control character"},
    {errc::sex_word, "not a sex: wanted male, female, other, nam, nữ, khác or empty"},
    {errc::status_word, "not one of this field's status words"},
    {errc::province_unknown, "no province has this code"},
    {errc::ward_range, "a ward code has at most five digits"},
    {errc::qr_fields, "the QR text has fewer than seven fields"},
    {errc::claims_missing, "the request claims nothing"},
    {errc::claims_contradict, "two claims of the request need the same field"},
    {errc::personal_id_reserved, "the personal id 000000000000 is reserved"},
    {errc::code_range, "a number is out of its range"},
    {errc::name_unassigned_character, "the name has a code point that is no character"},
    {errc::changes_refused, "changes were refused, and none of the batch was made"},
    {errc::record_not_valid, "the record is not one that make_record() makes"},
    {errc::claim_required, "a claim that is required is not made"},
    {errc::note_name, "not a name for a key: it is empty, or has a space, a plus or a control character"},
    {errc::note_key, "not a verifier key of the form name+id+base64 for Ed25519"},
    {errc::note_syntax, "not a signed note: lines of UTF-8 without tabs, an empty line, and a line a signature"},
    {errc::framework_faults, "the frameworks have faults"},
    {errc::not_in_policy, "the policy does not have it"},
    {errc::checkpoint_syntax, "not a checkpoint: an origin, a size and the root's hash, a line each"},
    {errc::log_proof_syntax, "not a proof of a log: c2sp.org/tlog-proof@v1, an index, hashes, and a checkpoint"},
    {errc::settings_faults, "the file of settings has faults"},
    {errc::io, "input or output failed"},
    {errc::disk_full, "no space left on the disk"},
    {errc::not_a_snapshot, "not a xacthuc snapshot"},
    {errc::newer_version, "the file was written by a newer version"},
    {errc::truncated, "the file is cut short"},
    {errc::checksum_mismatch, "a checksum does not match"},
    {errc::bad_signature, "the signature does not verify"},
    {errc::foreign_authority, "signed by another authority"},
    {errc::foreign_digest_key, "made with another digest key"},
    {errc::out_of_memory, "not enough memory"},
    {errc::file_permissions, "the file's permissions are too open"},
    {errc::damaged_header, "damaged, or no file of its kind"},
    {errc::not_found, "no such file or folder"},
    {errc::already_exists, "it exists already"},
    {errc::damaged_record, "a record's integrity check does not match"},
    {errc::trailing_bytes, "the file is longer than it says"},
    {errc::not_a_registry, "not a xacthuc registry"},
    {errc::registry_locked, "another process has the registry open for writing"},
    {errc::registry_stopped, "the registry takes no more changes until it is opened again"},
    {errc::damaged_changes, "the log of changes is damaged"},
    {errc::sequence_gap, "changes are missing"},
    {errc::changes_trimmed, "these changes are no longer in the log"},
    {errc::changes_pending, "the changes are durable, and not yet in memory"},
    {errc::changes_in_doubt, "the log failed: whether the changes are in it is not known yet"},
    {errc::older_version, "the file was written by an older version"},
    {errc::unsuitable_sqlite, "this process has an SQLite that will not do"},
    {errc::forked, "a process that was forked cannot use what its parent has open"},
    {errc::misplaced_snapshot, "the snapshot is not the one that its place is for"},
    {errc::not_a_policy, "not a compiled policy"},
    {errc::damaged_log, "the log's files are not those that its checkpoint stands for"},
    {errc::log_locked, "another process has the log open"},
    {errc::log_stopped, "the log takes nothing more until it is opened again"},
    {errc::witness_refused, "the witness has not cosigned"},
    {errc::not_a_partition, "not the copy of a partition"},
    {errc::foreign_partition, "the partition's copy does not fit this index"},
    {errc::index_full, "the partition is full"},
    {errc::change_is_older, "the index holds a newer version"},
    {errc::citizen_unknown, "no such citizen in the register"},
    {errc::read_only, "not opened for writing, or without what this needs"},
    {errc::reclamation_stalled, "a stalled reader keeps retired slots from being reclaimed"},
    {errc::no_key_column, "this index has no key column"},
    {errc::path_too_long, "too many citizens' numbers come to one place"},
    {errc::partition_elsewhere, "the partition is not in this index"},
    {errc::key_length, "a public key has 32 bytes"},
    {errc::key_not_canonical, "the public key's encoding is not canonical"},
    {errc::key_small_order, "the public key is of small order"},
    {errc::key_not_on_curve, "the public key is not a point of the curve"},
    {errc::memory_budget, "over the memory budget"},
    {errc::agency_unknown, "no agency of this number has a key that this could be done to"},
    {errc::agency_revoked, "the agency's key was revoked, and it has to be reinstated"},
    {errc::not_of_a_ledger, "not the bytes of a ledger's entry, receipt or row file"},
    {errc::ledger_stopped, "the ledger takes no more rows until it is opened again"},
    {errc::ledger_damaged, "the ledger does not agree with itself"},
    {errc::ledger_full, "the ledger has no room for more rows now"},
    {errc::ledger_mismatch, "the ledger has another name or another key"},
});

[[nodiscard]] const char* text(errc code) noexcept {
    return words_of(texts, code, "unknown error").data();
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
