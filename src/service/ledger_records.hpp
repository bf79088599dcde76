// SPDX-License-Identifier: Apache-2.0
// What is read of the ledger's folder while it is written: who asked about a citizen, receipts, and the files of the
// public log. None of it is read by an event loop.
//
//   slow lane      histories: rows of days that are not sorted yet are read whole
//   quick lane     receipts, the log's files
//   sorting thread accesses of days that are over, by citizen: soon after one in the morning in Vietnam, so that the
//                  hours are sealed
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/ledger/history.hpp>
#include <xacthuc/ledger/ledger.hpp>
#include <xacthuc/ledger/receipt_reader.hpp>
#include <xacthuc/note/signed_note.hpp>

#include "service/accesses_reader.hpp"
#include "service/log_file_path.hpp"
#include "service/work_lane.hpp"

namespace xacthuc::inline v0_1::service {

class ledger_records {
  public:
    using tell_line = std::function<void(const std::string&)>;

    ledger_records(std::filesystem::path folder, note_verifier log, history_rules rules, tell_line tell);
    ledger_records(const ledger_records&) = delete;
    ledger_records& operator=(const ledger_records&) = delete;
    ~ledger_records() { stop(); }

    void start();
    void stop();

    // Each is false where too many wait already; then nothing is given.
    // Concurrency: any thread.
    [[nodiscard]] bool tell_accesses(const accesses_question& to, std::int64_t now_unix_ms, give_late give);
    // The receipt of a row that this agency asked for; what is another's is told to be none.
    [[nodiscard]] bool tell_receipt(const ledger_place& of, std::uint16_t agency, give_late give);
    [[nodiscard]] bool tell_file(log_file of, give_late give);

  private:
    [[nodiscard]] late_answer accesses_of(const accesses_question& to, std::int64_t now_unix_ms);
    [[nodiscard]] late_answer receipt_of(const ledger_place& of, std::uint16_t agency);
    [[nodiscard]] detailed_result<receipt> read_receipt(const ledger_place& of);
    [[nodiscard]] late_answer file_of(const log_file& of) const;
    void sort();
    void sort_once();

    std::filesystem::path folder_;
    note_verifier log_;
    history_rules rules_;
    tell_line tell_;
    work_lane slow_{64};
    work_lane quick_{1024};
    std::optional<ledger_history> histories_;  // of the slow lane, as the next
    std::uint64_t histories_of_ = 0;
    std::optional<receipt_reader> receipts_;  // of the quick lane
    std::atomic<std::uint64_t> sorted_{1};    // how often something was

    std::mutex guard_;
    std::condition_variable ending_;
    bool is_ending_ = false;
    std::thread sorting_;
};

// "<entry>-<row>", as the answer to a question has it.
[[nodiscard]] std::optional<ledger_place> parse_receipt_id(std::string_view text) noexcept;
[[nodiscard]] std::string receipt_id(const ledger_place& of);

}  // namespace xacthuc::inline v0_1::service
