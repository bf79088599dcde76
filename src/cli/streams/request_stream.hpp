// SPDX-License-Identifier: Apache-2.0
// From a stream of requests to a stream of verdicts: what the verify subcommand does between its options and its
// report.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/verdict_counts.hpp>
#include <xacthuc/engine/engine.hpp>

#include "cli/input/row_table.hpp"
#include "cli/output/output_file.hpp"
#include "cli/output/verdict_format.hpp"
#include "cli/streams/answer_recorder.hpp"
#include "columns/csv/request_columns.hpp"

namespace xacthuc::cli {

// A verdict that is not the one expected, for messages.
struct wrong_answer {
    std::uint64_t line = 0;
    std::string answer;  // the verdict, without what it was about
};

struct request_totals {
    static constexpr std::size_t wrong_answers_kept = 10;

    std::uint64_t requests = 0;  // rows or lines that are not blank
    std::uint64_t malformed = 0;
    std::uint64_t compared = 0;  // had an expected verdict
    std::uint64_t wrong = 0;
    verdict_counts counts;
    std::vector<wrong_answer> first_wrong;  // the lowest lines
    freshness as_of;                        // of the oldest answer

    void add(const request_totals& part);
};

// Answers requests of one thread. Returns how fresh the oldest answer is, and tells where the answers stand in a
// ledger.
using answer_requests = std::function<freshness(const request_batch& asked, std::span<verdict> verdicts,
                                                std::optional<ledger_place>& place)>;

struct request_stream {
    row_table& table;
    char delimiter = ',';
    const csv::request_parser* parser = nullptr;  // none: every line is the text of a card's QR code
    const digest_key& key;
    // For each thread one, made by it. Throws command_error.
    std::function<answer_requests()> answers;
    verdict_format format = verdict_format::csv;
    unsigned threads = 1;
    claim_mask required = 0;  // a row without one of these claims is malformed
    // Who asks, for rows that name no agency or procedure, and what is held against policy.
    std::optional<std::uint16_t> asker{};
    std::uint16_t procedure = 0;
    std::uint64_t officer = 0;
    bool with_places = false;  // in a ledger, in which answers leave rows before they are given
};

// Answers every row, in order. advance is called with rows done, from any thread. Throws command_error.
[[nodiscard]] request_totals verify_requests(
    const request_stream& stream, output_file& out,
    const std::function<void(std::uint64_t rows, std::uint64_t bytes)>& advance);

}  // namespace xacthuc::cli
