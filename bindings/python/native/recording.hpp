// SPDX-License-Identifier: Apache-2.0
// The rows that calls leave in a ledger: room is made where there is none, and answers are handed out when their rows
// are on the disk and published.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/ledger/shared_ledger.hpp>

namespace xacthuc::python {

// Shared with the registers that leave rows in it.
struct open_ledger {
    explicit open_ledger(ledger&& of) noexcept : value{std::move(of)} {}

    shared_ledger value;
    std::filesystem::path folder;
    std::string key;     // that is given away
    std::mutex sorting;  // taken before the ledger is
};

// Of a call, rows that lie together in the ledger.
struct recorded_rows {
    std::uint64_t first = 0;  // in the call
    std::uint64_t rows = 0;
    ledger_place place{};  // of the first
};

// One call's rows. Where there is no ledger nothing is left.
class row_recorder {
  public:
    explicit row_recorder(std::shared_ptr<open_ledger> into) noexcept : into_{std::move(into)} {}

    [[nodiscard]] bool records() const noexcept { return into_ != nullptr; }
    // Answers requests that are rows [first, …) of the call.
    // Concurrency: any number of threads at once. Throws library_error when the ledger takes no rows.
    freshness answer(const citizen_index& index, engine_parts parts, request_batch asked, std::span<verdict> verdicts,
                     std::uint64_t first);
    // After them: where their rows are, once they are published.
    // Requires: the interpreter lock is held. Throws library_error when they cannot be.
    [[nodiscard]] std::vector<recorded_rows> settle();

  private:
    struct given {
        std::uint64_t first;
        ledger_ticket ticket;
    };

    std::shared_ptr<open_ledger> into_;
    std::mutex guard_;
    std::vector<given> tickets_;
};

}  // namespace xacthuc::python
