// SPDX-License-Identifier: Apache-2.0
// The ledger that verify writes while it answers: opened with the key that lies beside it, and published by a thread of
// its own.
#pragma once

#include <atomic>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/ledger/ledger.hpp>

namespace xacthuc::cli {

// As ledger_options_in(). Throws command_error.
[[nodiscard]] ledger_options ledger_of(const std::filesystem::path& folder, std::string origin);

class answer_recorder {
  public:
    // Opens the ledger in a folder, as ledger_of(). Throws command_error.
    answer_recorder(const std::string& folder, const std::string& origin);
    answer_recorder(const answer_recorder&) = delete;
    answer_recorder& operator=(const answer_recorder&) = delete;
    ~answer_recorder();

    [[nodiscard]] row_queue& rows() noexcept { return ledger_->queue(); }
    // Answers as soon as there is room for the rows; with `waits` it comes back when they are on the disk and
    // published. Concurrency: any thread. Throws command_error when the ledger has failed.
    [[nodiscard]] freshness answer(const engine& answers, request_batch asked, std::span<verdict> verdicts, bool waits);
    // Publishes what is left, packs the hours that are over and sorts the days that are. Throws command_error.
    void end();
    // Requires: end().
    [[nodiscard]] std::uint64_t entries() const noexcept { return ledger_->head().size; }

  private:
    void publish_until_ended();
    [[noreturn]] void fail() const;

    std::filesystem::path folder_;
    std::optional<ledger> ledger_;
    mutable std::mutex guard_;
    std::optional<failure> failed_;
    std::atomic<bool> is_ending_{false};
    std::thread publishing_;
};

}  // namespace xacthuc::cli
