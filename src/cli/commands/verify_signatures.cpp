// SPDX-License-Identifier: Apache-2.0
// xacthuc verify-signatures: a stream of triples becomes a stream of verdicts.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <string_view>
#include <xacthuc/ed25519/verify.hpp>

#include "cli/commands/commands.hpp"
#include "cli/output/figures.hpp"
#include "cli/output/progress.hpp"
#include "cli/registers/register_file.hpp"
#include "cli/shared_options.hpp"
#include "cli/streams/signature_stream.hpp"

namespace xacthuc::cli {
namespace {

constexpr std::size_t triples_chunk_bytes = std::size_t{512} << 10;

struct verify_signatures_options {
    shared_options shared;
    std::string input;
    verdict_output out;
    char delimiter = ',';
    bool binary = false;
    bool require_valid = false;
};

[[nodiscard]] boost::json::array words_of(std::string_view text) {
    boost::json::array words;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

[[nodiscard]] boost::json::object json_of(const signature_totals& totals, const verify_signatures_options& options,
                                          double seconds) {
    boost::json::object all{{"command", "verify-signatures"},
                            {"signatures", totals.signatures},
                            {"valid", totals.valid},
                            {"invalid", totals.signatures - totals.valid - totals.malformed},
                            {"malformed", totals.malformed},
                            {"seconds", seconds},
                            {"signatures_per_second", static_cast<double>(totals.signatures) / seconds},
                            {"threads", options.shared.threads},
                            {"isa", ed25519::kernel_name()},
                            {"rejected_kernels", words_of(ed25519::rejected_kernels())}};
    if (totals.compared != 0) {
        all["compared"] = totals.compared;
        all["wrong_answers"] = totals.wrong;
    }
    return all;
}

void print(const signature_totals& totals, const verify_signatures_options& options, double seconds) {
    say("{} signatures in {} ({} signatures/s, {} threads, {})", grouped(totals.signatures), clock_text(seconds),
        rounded(static_cast<double>(totals.signatures) / seconds), options.shared.threads, ed25519::kernel_name());
    say("  valid {}, invalid {}, malformed {}", grouped(totals.valid),
        grouped(totals.signatures - totals.valid - totals.malformed), grouped(totals.malformed));
    if (const auto wrong = ed25519::rejected_kernels(); !wrong.empty())
        say("not used, for they give wrong answers on this machine: {}", wrong);
    if (totals.compared == 0) return;
    say("wrong answers: {} of {} compared", grouped(totals.wrong), grouped(totals.compared));
    for (const auto line : totals.first_wrong) say("  line {}", line);
}

[[nodiscard]] exit_code run_verify_signatures(const verify_signatures_options& options) {
    std::unique_ptr<row_table> rows;
    std::unique_ptr<binary_triples> records;
    std::optional<triple_parser> parser;
    if (options.binary) {
        records = std::make_unique<binary_triples>(options.input, triples_chunk_bytes);
    } else {
        rows = std::make_unique<row_table>(options.input, options.delimiter, triples_chunk_bytes);
        parser.emplace(rows->header(), rows->name());
    }
    output_file out{options.out.path};
    ed25519::prepare();
    ed25519::key_ring ring{{.promote_after_uses = 512}};
    const signature_stream stream{
        .rows = rows.get(),
        .parser = parser ? &*parser : nullptr,
        .delimiter = options.delimiter,
        .records = records.get(),
        .ring = ring,
        .format = options.out.format_for(options.shared),
        .threads = options.shared.threads,
    };
    progress bar{"verify", "signatures", rows ? rows->rows_estimated() : 0};
    const auto totals = verify_signatures(stream, out, [&](std::uint64_t triples) { bar.add(triples); });
    const auto seconds = bar.seconds();
    bar.clear();
    out.commit();
    print(totals, options, seconds);
    if (options.shared.json) print_json(json_of(totals, options, seconds));
    if (totals.wrong != 0) return exit_code::wrong_answers;
    if (options.require_valid && totals.valid != totals.signatures) return exit_code::wrong_answers;
    return totals.malformed == 0 ? exit_code::done : exit_code::rows_left_out;
}

}  // namespace

void add_verify_signatures(CLI::App& app, exit_code& status) {
    const auto [verify, options] = add_command<verify_signatures_options>(
        app, status, "verify-signatures", "Verify a file or stream of Ed25519 signatures", run_verify_signatures);
    verify->add_option("FILE", options->input, "Triples of key, signature and message, or - for standard input")
        ->required();
    add_verdict_output(*verify, options->out);
    verify->add_flag("--binary", options->binary, "FILE holds binary records in place of CSV");
    verify->add_flag("--require-valid", options->require_valid, "Exit code 4 unless every signature is valid");
    add_delimiter(*verify, options->delimiter);
    add_shared(*verify, options->shared);
    verify->footer(
        "Columns, by header name in any case:\n" + csv::describe_columns(triple_columns()) +
        "\nA binary record is the public key (32 bytes), the signature (64), the length of the message (4 bytes,\n"
        "little-endian, at most 64 MiB) and the message; nothing stands between records.\n"
        "\nVerdicts come in the order of the triples: line (of a binary file: number of the record), reference, "
        "verdict\n"
        "(valid, invalid or malformed), column, reason. They are those of libsodium. Where there is a column "
        "expected,\n"
        "verdicts are compared with it; exit code 4 says that some differ.\n"
        "\nExamples:\n"
        "  xacthuc verify-signatures triples.csv > verdicts.csv\n"
        "  xacthuc sign --key an.key --lines messages.txt | xacthuc verify-signatures - --require-valid\n"
        "  xacthuc verify-signatures triples.bin --binary --format jsonl --threads 8\n");
}

}  // namespace xacthuc::cli
