// SPDX-License-Identifier: Apache-2.0
// From a stream of triples (public key, signature, message) to a stream of verdicts: what the verify-signatures
// subcommand does between its options and its report.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>
#include <xacthuc/ed25519/key_ring.hpp>

#include "cli/input/binary_triples.hpp"
#include "cli/input/row_table.hpp"
#include "cli/input/triple_columns.hpp"
#include "cli/output/output_file.hpp"
#include "cli/streams/request_stream.hpp"

namespace xacthuc::cli {

struct signature_totals {
    static constexpr std::size_t wrong_lines_kept = 10;

    std::uint64_t signatures = 0;  // valid, invalid and malformed
    std::uint64_t valid = 0;
    std::uint64_t malformed = 0;
    std::uint64_t compared = 0;  // had an expected verdict
    std::uint64_t wrong = 0;
    std::vector<std::uint64_t> first_wrong;  // the lowest lines

    void add(const signature_totals& part);
};

// Exactly one of `rows`, with `parser`, and `records` is set.
struct signature_stream {
    row_table* rows = nullptr;
    const triple_parser* parser = nullptr;
    char delimiter = ',';
    binary_triples* records = nullptr;
    // Keys that come often get combs here.
    ed25519::key_ring& ring;
    verdict_format format = verdict_format::csv;
    unsigned threads = 1;
};

// Answers every triple, in order. advance is called with triples done, from any thread. Throws command_error.
[[nodiscard]] signature_totals verify_signatures(const signature_stream& stream, output_file& out,
                                                 const std::function<void(std::uint64_t triples)>& advance);

}  // namespace xacthuc::cli
