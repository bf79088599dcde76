// SPDX-License-Identifier: Apache-2.0
// The ledger that verify writes while it answers.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/ledger/shared_ledger.hpp>

namespace xacthuc::cli {

// What a ledger is opened with, as the command line has it.
struct recorder_options {
    std::string folder;
    std::string origin;     // of one that is begun
    std::string witnesses;  // a file; none: that of the folder, if there is one
};

// The ledger that is in a folder, opened by its owner. Throws command_error.
[[nodiscard]] ledger open_ledger(const std::string& folder);

class answer_recorder {
  public:
    // Opens the ledger, or begins it. Throws command_error.
    explicit answer_recorder(const recorder_options& from);

    [[nodiscard]] row_queue& rows() noexcept { return ledger_.queue(); }
    // Answers, and comes back when the rows are on the disk and published. Where they are is told by `place`: none
    // where the call left none. Concurrency: any thread. Throws command_error when the ledger takes no rows.
    [[nodiscard]] freshness answer(const engine& answers, request_batch asked, std::span<verdict> verdicts,
                                   std::optional<ledger_place>& place);
    // Publishes what is left, packs the hours that are over and sorts the days that are. Throws command_error.
    void end();
    [[nodiscard]] std::uint64_t entries();
    // The ledger's name, and whether it was begun just now.
    [[nodiscard]] std::string origin();
    [[nodiscard]] bool is_new() const noexcept { return is_new_; }

  private:
    answer_recorder(const std::filesystem::path& folder, bool is_new, ledger_options with);
    // Asks the witnesses, where it is time.
    void ask_witnesses(bool is_urgent);
    [[noreturn]] void fail();

    std::filesystem::path folder_;
    bool is_new_;
    witness_policy policy_;
    shared_ledger ledger_;
    std::atomic<std::int64_t> ask_at_unix_ms_{0};
    std::string refusals_;  // of the witnesses asked last; of the ledger's owner
};

}  // namespace xacthuc::cli
