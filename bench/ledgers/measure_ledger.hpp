// SPDX-License-Identifier: Apache-2.0
// How many answers a ledger takes and makes durable, how large they are on the disk, and what receipts cost.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/index/citizen_index.hpp>

namespace xacthuc::bench {

struct ledger_options_of_bench {
    std::uint64_t rows = 20'000'000;
    std::uint64_t hour_rows = 240'000;  // of an hour of the made-up year
    std::size_t batch_rows = 512;
    std::filesystem::path folder;  // where the ledger is made
};

struct ledger_speed {
    double rows_per_second = 0;    // taken out of the queue and hashed, on the owner's core alone
    double synced_per_second = 0;  // entered by one thread while another hashes and syncs, to the last one's durability
    double sync_seconds_max = 0;   // the longest publish()
    double bytes_per_row = 0;      // sealed, of calls of one row mostly
    double receipt_bytes = 0;      // of a log of 2^30 entries
    double receipt_make_us = 0;
    double receipt_check_us = 0;
    std::uint64_t wrong_answers = 0;  // rows that are not as they were entered, and receipts that are not believed
};
// Throws std::runtime_error when the ledger fails.
[[nodiscard]] ledger_speed measure_ledger(const ledger_options_of_bench& how);

struct history_options_of_bench {
    std::uint64_t months = 60;
    std::uint64_t rows_a_month = 1'000'000;
    std::uint64_t citizens = 500'000;  // so that each was asked about 120 times
    std::size_t questions = 200;
    std::filesystem::path folder;
};

struct history_speed {
    double warm_us = 0;
    double cold_us = 0;  // the segments' blocks were dropped from the page cache before
    double bytes_per_access = 0;
    double accesses_found = 0;  // in the median
    std::uint64_t wrong_answers = 0;
};
[[nodiscard]] history_speed measure_history(const history_options_of_bench& how);

struct verifying_options {
    unsigned rounds = 7;
    std::size_t batch_items = 4096;
    std::filesystem::path folder;
};

struct verifying_speed {
    double without_per_second = 0;
    double with_per_second = 0;
    double ratio = 0;  // of the second to the first, the median of the rounds'
    std::uint64_t wrong_answers = 0;
};
// Requests and the verdicts that they must get.
[[nodiscard]] verifying_speed measure_verifying(const citizen_index& index, std::span<const request> requests,
                                                std::span<const verdict> expected, const verifying_options& how);

}  // namespace xacthuc::bench
