// SPDX-License-Identifier: Apache-2.0
// All guards together, as the engine takes them: what an asker has used up, and what looks like an attack.
//
// The engine asks before it looks anything up (take_batch, admit), when a holder's proof is valid (take_proof), and
// tells what it answered (settle). None of these allocates, locks or calls the system, but for take_batch where a step
// of an agency's counter has to be made durable first. Time is always the caller's, in milliseconds of Unix time; days
// are Vietnam's. Memory is taken when the guards are made and never grows: see memory_bytes(). docs/guards.md says what
// each of them promises, what the thresholds mean and what an honest agency sees of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/guard/alarm.hpp>
#include <xacthuc/guard/guard_key.hpp>
#include <xacthuc/guard/guard_store.hpp>
#include <xacthuc/guard/heavy_subjects.hpp>
#include <xacthuc/guard/miss_budget.hpp>
#include <xacthuc/guard/proof_window.hpp>
#include <xacthuc/guard/quota.hpp>
#include <xacthuc/policy/rule.hpp>

namespace xacthuc::inline v0_1 {

// How much an agency asks when nothing is wrong: what alarms about it are measured by.
struct agency_volume {
    std::uint16_t agency = 0;
    std::uint32_t subjects_a_day = 0;   // different citizens on a busy day; 0: not known, and no alarm goes by it
    std::uint32_t subjects_a_year = 0;  // in thirteen months; 0: as above
};

enum class alarm_action : std::uint8_t {
    none = 0,     // it is not raised
    log = 1,      // the host gets it
    suspend = 2,  // and the agency is suspended until it is reinstated
};

// When an alarm is raised. docs/guards.md says what each of them costs an honest agency.
struct alarm_thresholds {
    // Surge: faster than so many times the usual day spread over 24 hours, for longer than a burst of this part of the
    // usual day, or of the least one.
    std::uint32_t surge_times = 8;
    std::uint32_t surge_burst_per_mille = 50;
    std::uint32_t surge_burst_min = 250;
    // Different citizens, in per cent of the usual number.
    std::uint32_t subjects_a_day_percent = 200;
    std::uint32_t subjects_a_year_percent = 125;
    std::uint32_t officer_subjects_a_day = 500;
    // Failed questions: of the last 512 or so, more than so many times the usual share (and that is never taken for
    // less than 1 %) and so many per mille more.
    std::uint32_t misses_times = 3;
    std::uint32_t misses_over_per_mille = 100;
    std::uint32_t misses_min = 64;
    std::uint32_t budgets_used_up_a_day = 50;
    std::uint32_t heavy_subject_a_day = 500;
};

// What guards are made with.
struct guards_options {
    // Without one: the store's, or a random one.
    std::optional<guard_key> key;
    std::size_t agencies_max = 1024;  // 60 KiB each
    std::size_t threads_max = 64;     // that are answered at once without waiting; 48 KiB each
    quota_options quotas;
    proof_window_options proofs;
    miss_budget_options misses;
    std::vector<agency_volume> volumes;
    agency_volume volume_of_others;
    std::vector<std::uint64_t> decoys;  // ids that nobody has reason to ask about
    alarm_thresholds thresholds;
    // By alarm_reason, from 1. Nobody is suspended unless the operator has said so.
    std::array<alarm_action, alarm_reason_count> actions{alarm_action::log, alarm_action::log, alarm_action::log,
                                                         alarm_action::log, alarm_action::log, alarm_action::log,
                                                         alarm_action::log, alarm_action::log, alarm_action::log};
    alarm_action& action(alarm_reason reason) noexcept { return actions[static_cast<std::size_t>(reason) - 1]; }
    // By how much more than what is needed the durable counter of an agency is raised at a time. With counters that are
    // microseconds of Unix time: 17 seconds.
    std::uint64_t counter_step = std::uint64_t{1} << 24;
    // When the process began: holder proofs that were issued up to then may have been used before, and are refused.
    // Only for guards without a store.
    std::optional<std::int64_t> started_at_unix_ms;
};

// Who asks, of a block of requests.
struct guard_asker {
    std::uint16_t agency = 0;
    std::uint64_t officer = 0;  // 0: not told
    std::int64_t now_unix_ms = 0;
    proof_mask proofs = 0;  // that came with each of the requests
};

// What admit() found out about a block and settle() would have to find out again.
struct guard_block {
    std::array<std::uint64_t, 512> places;
    bool is_of_one_agency = false;
};

// What has been used up, for the operator.
struct agency_report {
    std::uint16_t agency = 0;
    bool suspended = false;
    std::uint64_t subjects_today = 0;    // ± 1.6 %
    std::uint64_t subjects_a_year = 0;   // this month and the twelve before it, ± 1.6 %
    std::uint32_t misses_per_mille = 0;  // lately
    std::uint32_t misses_usual_per_mille = 0;
    std::uint64_t budgets_used_up_today = 0;
    std::uint64_t highest_counter = 0;
};
// For the command `guards`.
struct guards_report {
    std::vector<agency_report> agencies;
    std::vector<quota::use> quotas;
    std::vector<heavy_subject> subjects;  // at most 20
    std::uint64_t alarms_dropped = 0;
};

class guards {
  public:
    static constexpr std::size_t block_max = 512;

    // Exceptions: std::bad_alloc.
    XACTHUC_API explicit guards(const guards_options& options = {});
    XACTHUC_API ~guards();
    guards(const guards&) = delete;
    guards& operator=(const guards&) = delete;

    // With the state of the last time, from this store, which has to outlive them. Where the last time did not end with
    // close(), holder proofs that were issued up to the last time's max_ahead_ms after now are refused: some may have
    // been used. Where there was no last time, this one's max_ahead_ms counts.
    // Errors: those of the store; damaged_header when a content is not what was saved, foreign_digest_key when it was
    // saved under another key; memory_budget when there are counters of more agencies than agencies_max.
    // Exceptions: std::bad_alloc.
    [[nodiscard]] XACTHUC_API static detailed_result<std::unique_ptr<guards>> open(const guards_options& options,
                                                                                   guard_store store,
                                                                                   std::int64_t now_unix_ms);

    // One batch that an agency signed, after its signature is known to be valid: verified; proof_repeated when the
    // counter was taken before or is too old; alarm_suspended; proofs_full when a counter cannot be made durable, or
    // there are more agencies than agencies_max. The counter is the first 8 bytes of the nonce, little-endian.
    // Concurrency: lock-free; blocking on a lock and on the store where a step of the counter is made durable.
    [[nodiscard]] XACTHUC_API outcome take_batch(std::uint16_t agency, std::uint64_t counter,
                                                 std::int64_t now_unix_ms) noexcept;

    // Before the look-up: requests that policy admitted, and the rule of each. Where not all are admitted, refused[i]
    // is verified or quota_used_up, misses_used_up, alarm_suspended; where all are, nothing is written. What `found` is
    // for says settle().
    // Requires: at most block_max; as many rules and places in `refused`. Other sizes end the process.
    // Returns whether all are admitted.
    // Concurrency: lock-free.
    [[nodiscard]] XACTHUC_API bool admit(std::span<const request> requests, std::span<const rule* const> rules,
                                         const guard_asker& asker, std::span<outcome> refused,
                                         guard_block* found = nullptr) noexcept;

    // A holder's proof whose signature is valid: verified, proof_repeated, proof_expired, proof_not_yet_valid or
    // proofs_full.
    // Concurrency: lock-free.
    [[nodiscard]] XACTHUC_API outcome take_proof(std::uint64_t id, const std::array<std::byte, 16>& nonce,
                                                 std::int64_t issued_at_unix_ms, std::int64_t now_unix_ms) noexcept;

    // Holder proofs that were issued up to then are refused, because they may have been used before these guards were
    // made; -1: there are none.
    // Concurrency: wait-free.
    [[nodiscard]] XACTHUC_API std::int64_t proofs_refused_until_unix_ms() const noexcept;

    // What was answered: whole verdicts, before they are reduced to what the asker may see. Those of 300 and above were
    // no answers, and count for nothing.
    // Requires: as admit(), and as many verdicts; `found` is null, or what admit() found of these requests in order.
    // Concurrency: lock-free; as heavy_subjects::add().
    XACTHUC_API void settle(std::span<const request> requests, std::span<const rule* const> rules,
                            std::span<const verdict> verdicts, const guard_asker& asker,
                            const guard_block* found = nullptr) noexcept;

    // The alarms since the last time, in about the order they were raised.
    // Exceptions: std::bad_alloc.
    [[nodiscard]] XACTHUC_API std::vector<guard_alarm> take_alarms();
    // Whatever the agency asks is refused with alarm_suspended, until it is reinstated.
    // Concurrency: wait-free.
    XACTHUC_API void suspend(std::uint16_t agency) noexcept;
    // The alarms that were raised about it today are not raised again today.
    XACTHUC_API void reinstate(std::uint16_t agency) noexcept;
    [[nodiscard]] XACTHUC_API bool is_suspended(std::uint16_t agency) const noexcept;

    // Complexity: some milliseconds.
    // Exceptions: std::bad_alloc.
    [[nodiscard]] XACTHUC_API guards_report report(std::int64_t now_unix_ms) const;

    // Saves all but the used proofs, and forgets what is of days long gone. To be called every few seconds to minutes:
    // after a crash, what was counted since is lost (quotas, misses, estimates), but no batch and no proof is taken
    // twice.
    // Complexity: a pass over all memory and some megabytes to the store, about 0.1 s.
    // Concurrency: beside all else; blocking on others that save.
    // Errors: those of the store; not_found when there is none.
    XACTHUC_API detailed_result<void> save(std::int64_t now_unix_ms);
    // Saves all, for an end: no batch and no proof is taken afterwards.
    // Concurrency: as save().
    // Errors: as save().
    XACTHUC_API detailed_result<void> close(std::int64_t now_unix_ms);

    // All that the tables take.
    [[nodiscard]] XACTHUC_API std::size_t memory_bytes() const noexcept;

  private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace xacthuc::inline v0_1
