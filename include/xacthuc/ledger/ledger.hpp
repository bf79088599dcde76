// SPDX-License-Identifier: Apache-2.0
// The ledger of what was answered to whom: a private row for each answer, and in public one entry for each group of
// them, in a log that others can check and nobody can rewrite.
//
//   verifying threads   reserve rows before they look anything up, fill them, commit     queue()
//   the owner's thread  gather()    takes what came, hashes it, puts it into columns
//                       publish()   rows written and synced | the entry into the log, its tiles synced | checkpoint
//   any thread          wait()      until a call's rows are on the disk and in the published log
//
//   <directory>/log                                public: C2SP tlog-tiles
//   <directory>/rows, day-keys, ids.key            private: only the owner may read them
//
// What is not guaranteed: that nobody but the owner reads what the owner can read. See docs/ledger.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/ledger/checkpoint.hpp>
#include <xacthuc/ledger/receipt.hpp>
#include <xacthuc/ledger/row_queue.hpp>
#include <xacthuc/ledger/witness.hpp>
#include <xacthuc/note/signed_note.hpp>

namespace xacthuc::inline v0_1 {

// What a ledger is opened with.
struct ledger_options {
    std::string origin;      // what tells this log from all others: a host name and a path, without "https://"
    note_verifier verifier;  // the ledger's key; its name is best the origin
    note_signer signer;      // with that key
    std::size_t queue_slots = std::size_t{1} << 20;
    // So many threads hash beside the owner's, while rows are gathered and published: one, where millions a second
    // come.
    unsigned hashing_threads = 0;
    // Groups of fewer rows are filled up to so many, so that one that answers a single question shows no less.
    std::uint64_t group_rows_min = 64;
    // A group of so many rows is closed before it is published: what bounds the memory.
    std::uint64_t group_rows_max = std::uint64_t{1} << 22;
    // So many rows of published groups stay in memory, whose receipts are made from there.
    std::uint64_t rows_kept = std::uint64_t{1} << 22;
    // Whose cosignatures are asked for. Where a quorum is wanted and is missing or too old, no rows are taken.
    witness_policy witnesses{};
};

// Where a row is for good: the entry in the log and the row in its group.
struct ledger_place {
    std::uint64_t entry = 0;
    std::uint64_t row = 0;
    friend bool operator==(const ledger_place&, const ledger_place&) = default;
};

class ledger {
  public:
    // Opens the ledger in a directory, or begins one where there is none. What was written and not published when it
    // was last open is published now.
    // Errors: not_found (what the directory would stand in); io; disk_full; log_locked; damaged_log; ledger_damaged;
    // bad_signature; file_permissions; damaged_header; checkpoint_syntax.
    // Exceptions: std::bad_alloc.
    [[nodiscard]] XACTHUC_API static detailed_result<ledger> open(const std::filesystem::path& directory,
                                                                  ledger_options options);
    XACTHUC_API ledger(ledger&&) noexcept;
    XACTHUC_API ledger& operator=(ledger&&) noexcept;
    // What was not published is lost, and was never acknowledged by wait().
    XACTHUC_API ~ledger();

    // For verifying threads, as long as the ledger lives.
    // Concurrency: wait-free.
    [[nodiscard]] XACTHUC_API row_queue& queue() noexcept;
    // Records a call by hand: what engines do by themselves. The agency of each row is that which its request names.
    // Requires: as many verdicts as requests.
    // Concurrency: any thread; lock-free.
    // Errors: ledger_full; ledger_stopped.
    // Exceptions: std::invalid_argument for another number of verdicts.
    [[nodiscard]] XACTHUC_API result<ledger_ticket> append(const ledger_call& call, std::span<const request> requests,
                                                           std::span<const verdict> verdicts);

    // Takes what is in the queue, so that there is room again and publish() has less to do.
    // Returns the number of rows taken.
    // Complexity: about three blocks of SHA-256 a row.
    // Concurrency: the owner.
    // Errors: ledger_stopped; io; disk_full; those of a day's key.
    // Exceptions: std::bad_alloc; then the ledger is stopped.
    [[nodiscard]] XACTHUC_API detailed_result<std::uint64_t> gather(std::int64_t now_unix_ms);
    // Gathers, and makes all that was gathered durable and public. Does nothing where there is nothing. After an error
    // nothing is known of what the disk holds, so the ledger stops: the queue takes no rows, and waiting fails.
    // Concurrency: the owner.
    // Errors: as gather().
    [[nodiscard]] XACTHUC_API detailed_result<void> publish(std::int64_t now_unix_ms);
    // Waits until the rows of a call are published.
    // Concurrency: any thread; blocking on publish().
    // Errors: ledger_stopped, before they were.
    [[nodiscard]] XACTHUC_API result<void> wait(const ledger_ticket& ticket) const;
    // Whether they are.
    // Concurrency: any thread; wait-free.
    [[nodiscard]] XACTHUC_API bool is_published(const ledger_ticket& ticket) const noexcept;
    // Whether it takes no more rows until it is opened again.
    [[nodiscard]] XACTHUC_API bool is_stopped() const noexcept;

    // Asks the witnesses to cosign what is published, and adds their cosignatures. Where the quorum is fresh
    // afterwards, rows are taken again.
    // Returns what was wrong with the others.
    // Concurrency: the owner; blocking on the network, for the policy's timeout at most.
    // Errors: io; disk_full; ledger_stopped.
    [[nodiscard]] XACTHUC_API detailed_result<std::vector<failure>> ask_witnesses(std::int64_t now_unix_ms);
    // Whether as many witnesses as the policy wants have cosigned a checkpoint lately. publish() looks as well.
    // Concurrency: the owner.
    [[nodiscard]] XACTHUC_API bool is_witnessed(std::int64_t now_unix_ms) const;

    // The published checkpoint, with the cosignatures that it has.
    // Concurrency: the owner, as for all that follow.
    [[nodiscard]] XACTHUC_API const signed_note& published() const noexcept;
    [[nodiscard]] XACTHUC_API const checkpoint& head() const noexcept;
    // Where a row of a call is.
    // Errors: not_found (not published yet, no such row, or so long ago that it is no longer in memory).
    [[nodiscard]] XACTHUC_API result<ledger_place> place(const ledger_ticket& ticket, std::uint64_t row) const;
    // The receipt for a row.
    // Complexity: from memory some microseconds; else it reads the row's hour.
    // Errors: not_found (also: pruned or forgotten); io; damaged_log; ledger_damaged; checksum_mismatch.
    [[nodiscard]] XACTHUC_API detailed_result<receipt> receipt_for(const ledger_ticket& ticket, std::uint64_t row);
    [[nodiscard]] XACTHUC_API detailed_result<receipt> receipt_for(const ledger_place& place);

    // Packs the hours that are over.
    // Returns how many.
    // Errors: io; disk_full; those of rows that cannot be read.
    [[nodiscard]] XACTHUC_API detailed_result<std::size_t> seal(std::int64_t now_unix_ms);
    // Destroys the key of a day, "2026-11-28" in UTC+7, and writes the sorted accesses again without it: nothing of the
    // day can be opened any more, and the public log stays what it is.
    // Errors: date_syntax; not_found (there is no key: a second time, or no rows); io; disk_full; those of rows.
    [[nodiscard]] XACTHUC_API detailed_result<void> forget(std::string_view day);
    // Destroys the keys of all days before this one, and removes their rows and sorted accesses. The day of the last
    // group stays.
    // Returns the number of hours removed.
    // Errors: date_syntax; io; disk_full; those of rows that stay.
    [[nodiscard]] XACTHUC_API detailed_result<std::size_t> prune(std::string_view before_day);

    // What the rows come to, held against the log.
    struct checked {
        std::uint64_t entries = 0;
        std::uint64_t rows = 0;
        std::uint64_t forgotten = 0;  // entries of days whose key is destroyed
        std::uint64_t pruned = 0;     // entries before the first that has rows
    };
    // Hashes every row again, and compares with the entries of the log.
    // Errors: ledger_damaged; damaged_log; checksum_mismatch; those of files.
    [[nodiscard]] XACTHUC_API detailed_result<checked> check(const std::function<void(std::uint64_t)>& report = {});

    struct impl;

  private:
    explicit ledger(std::unique_ptr<impl> of) noexcept;

    std::unique_ptr<impl> impl_;
};

}  // namespace xacthuc::inline v0_1
