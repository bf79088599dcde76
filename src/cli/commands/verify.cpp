// SPDX-License-Identifier: Apache-2.0
// xacthuc verify: a stream of requests becomes a stream of verdicts.
#include <fmt/chrono.h>

#include <array>
#include <boost/json/object.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "cli/commands/commands.hpp"
#include "cli/output/figures.hpp"
#include "cli/output/progress.hpp"
#include "cli/policy/asker_options.hpp"
#include "cli/registers/register_file.hpp"
#include "cli/shared_options.hpp"
#include "cli/streams/request_stream.hpp"

namespace xacthuc::cli {
namespace {

// Small enough that what a chunk's requests need stays in the second-level cache or near it.
constexpr std::size_t verify_chunk_bytes = std::size_t{256} << 10;
// With a ledger the disk is waited for after each.
constexpr std::size_t recorded_chunk_bytes = std::size_t{2} << 20;

struct verify_options {
    shared_options shared;
    register_input from;
    std::string input;
    verdict_output out;
    char delimiter = ',';
    bool ignore_unknown = false;
    bool cards = false;
    std::string required;
    asker_options asker;
    recorder_options ledger;
};

constexpr claim_mask card_claims = mask_of(claim::name, claim::birth_date, claim::sex);

// Throws command_error for what is no claim, and for one that no row of the file can make.
[[nodiscard]] claim_mask required_claims(const verify_options& options, claim_mask of_file) {
    const auto required = parse_claims(options.required);
    if (!required)
        throw command_error{exit_code::usage, "--require: not claims separated by commas: " + options.required};
    const auto missing = missing_claims(of_file, *required);
    if (missing == 0) return *required;
    std::string names;
    append_claims(names, missing, ", ");
    throw command_error{exit_code::usage, "--require: the file has no column " + names + ": " + options.input};
}

// How the claims fared that the file has columns for.
[[nodiscard]] boost::json::object json_of_claims(const verdict_counts& counts, claim_mask claims) {
    boost::json::object all;
    for (unsigned kind = 0; kind < claim_count; ++kind) {
        if ((claims >> kind & 1U) == 0) continue;
        const auto& one = counts.by_claim[kind];
        all[to_string(static_cast<claim>(kind))] = {{"matched", one.matched},
                                                    {"mismatched", one.mismatched},
                                                    {"unavailable", one.unavailable},
                                                    {"not_claimed", counts.not_claimed(static_cast<claim>(kind))}};
    }
    return all;
}

constexpr std::array<name_grade, 3> told_grades{name_grade::exact, name_grade::folded, name_grade::marks_differ};

void print_claims(const verdict_counts& counts, claim_mask claims) {
    say("  {:<28}{:>16}{:>16}{:>16}{:>16}", "claim", "matched", "mismatched", "unavailable", "not claimed");
    for (unsigned kind = 0; kind < claim_count; ++kind) {
        if ((claims >> kind & 1U) == 0) continue;
        const auto& one = counts.by_claim[kind];
        say("  {:<28}{:>16}{:>16}{:>16}{:>16}", to_string(static_cast<claim>(kind)), grouped(one.matched),
            grouped(one.mismatched), grouped(one.unavailable), grouped(counts.not_claimed(static_cast<claim>(kind))));
    }
    for (const auto grade : told_grades)
        say("  name {:<23}{:>16}", to_string(grade), grouped(counts.by_name_grade[static_cast<std::size_t>(grade)]));
    say("  {:<28}{:>16}", "birth date coarse", grouped(counts.coarse));
    say("  {:<28}{:>16}", "birth date claim_coarse", grouped(counts.claim_coarse));
}

[[nodiscard]] boost::json::object json_of(const request_totals& totals, claim_mask claims,
                                          const verify_options& options, double seconds) {
    const auto& counts = totals.counts;
    boost::json::object outcomes;
    for (std::size_t code = 0; code < counts.by_outcome.size(); ++code)
        if (counts.by_outcome[code] != 0) outcomes[to_string(static_cast<outcome>(code))] = counts.by_outcome[code];
    boost::json::object grades;
    for (const auto grade : told_grades)
        grades[to_string(grade)] = counts.by_name_grade[static_cast<std::size_t>(grade)];
    boost::json::object all{{"command", "verify"},
                            {"requests", totals.requests},
                            {"malformed", totals.malformed},
                            {"outcomes", outcomes},
                            {"claims", json_of_claims(counts, claims)},
                            {"name_grades", grades},
                            {"coarse", counts.coarse},
                            {"claim_coarse", counts.claim_coarse},
                            {"seconds", seconds},
                            {"requests_per_second", static_cast<double>(totals.requests) / seconds},
                            {"threads", options.shared.threads},
                            {"sequence", totals.as_of.sequence},
                            {"as_of_unix_ms", totals.as_of.as_of_unix_ms}};
    if (totals.compared != 0) {
        all["compared"] = totals.compared;
        all["wrong_answers"] = totals.wrong;
    }
    return all;
}

void print(const request_totals& totals, claim_mask claims, const verify_options& options, double seconds) {
    say("{} requests in {} ({} requests/s, {} threads)", grouped(totals.requests), clock_text(seconds),
        rounded(static_cast<double>(totals.requests) / seconds), options.shared.threads);
    const auto& outcomes = totals.counts.by_outcome;
    for (std::size_t code = 0; code < outcomes.size(); ++code)
        if (outcomes[code] != 0)
            say("  {:>3} {:<28}{:>16}", code, to_string(static_cast<outcome>(code)), grouped(outcomes[code]));
    print_claims(totals.counts, claims);
    say("register as of {:%Y-%m-%d %H:%M:%S} UTC, sequence {}",
        fmt::gmtime(static_cast<std::time_t>(totals.as_of.as_of_unix_ms / 1000)), totals.as_of.sequence);
    if (totals.compared == 0) return;
    say("wrong answers: {} of {} compared", grouped(totals.wrong), grouped(totals.compared));
    for (const auto& one : totals.first_wrong) say("  line {}: answered {}", one.line, one.answer);
}

[[nodiscard]] exit_code run_verify(const verify_options& options) {
    const auto chunk_bytes = options.ledger.folder.empty() ? verify_chunk_bytes : recorded_chunk_bytes;
    auto table = options.cards ? std::make_unique<row_table>(options.input, chunk_bytes)
                               : std::make_unique<row_table>(options.input, options.delimiter, chunk_bytes);
    std::optional<request_parser> parser;
    if (!options.cards) parser.emplace(table->header(), options.ignore_unknown, table->name());
    const auto claims = parser ? parser->claims() : card_claims;
    const auto required = required_claims(options, claims);
    output_file out{options.out.path};
    const auto opened = open_register(options.from, options.shared.threads);
    asker_parts with{options.asker};
    std::optional<answer_recorder> recorder;
    if (!options.ledger.folder.empty()) {
        recorder.emplace(options.ledger);
        if (recorder->is_new())
            say("began the ledger {}: {} (keep it secret) and {} (give it to those who check receipts and the log)",
                recorder->origin(), options.ledger.folder + "/ledger.key", options.ledger.folder + "/ledger.vkey");
    }
    auto parts = with.parts();
    if (recorder) parts.rows = &recorder->rows();
    const engine answers{opened.index(), parts};
    const request_stream stream{
        .table = *table,
        .delimiter = options.delimiter,
        .parser = parser ? &*parser : nullptr,
        .key = *opened.digests(),
        .answers = answers,
        .format = options.out.format_for(options.shared),
        .threads = options.shared.threads,
        .required = required,
        .asker = options.asker.agency,
        .procedure = options.asker.procedure,
        .officer = options.asker.officer,
        .recorder = recorder ? &*recorder : nullptr,
    };
    progress bar{"verify", "requests", table->rows_estimated()};
    auto totals = verify_requests(stream, out, [&](std::uint64_t rows, std::uint64_t) { bar.add(rows); });
    const auto seconds = bar.seconds();
    bar.clear();
    if (totals.requests == 0) totals.as_of = opened.index().as_of();
    if (recorder) recorder->end();
    out.commit();
    with.end();
    print(totals, claims, options, seconds);
    if (recorder) say("ledger: {} in its log", counted(recorder->entries(), "entry", "entries"));
    if (options.shared.json) print_json(json_of(totals, claims, options, seconds));
    if (totals.wrong != 0) return exit_code::wrong_answers;
    return totals.malformed == 0 ? exit_code::done : exit_code::rows_left_out;
}

}  // namespace

void add_verify(CLI::App& app, exit_code& status) {
    const auto [verify, options] =
        add_command<verify_options>(app, status, "verify", "Answer a file or stream of requests", run_verify);
    verify->add_option("FILE", options->input, "Requests: CSV, UTF-8, or - for standard input")->required();
    add_register_input(*verify, options->from)->required();
    add_verdict_output(*verify, options->out);
    verify
        ->add_option("--require", options->required,
                     "Claims without which a row is malformed, separated by commas, such as name,birth_date")
        ->type_name("CLAIMS");
    verify->add_flag("--qr", options->cards, "Each line is the text of an identity card's QR code");
    add_delimiter(*verify, options->delimiter);
    verify->add_flag("--ignore-unknown", options->ignore_unknown, "Leave out columns of unknown names");
    add_asker(*verify, options->asker);
    verify
        ->add_option("--ledger", options->ledger.folder,
                     "Folder of a ledger in which each answer leaves a row before it is given")
        ->type_name("FOLDER");
    verify
        ->add_option("--ledger-origin", options->ledger.origin,
                     "Name of a ledger that is begun, such as example.vn/ledger")
        ->type_name("NAME");
    verify
        ->add_option("--ledger-witnesses", options->ledger.witnesses,
                     "File of TOML that says who has to cosign the ledger [witnesses.toml in its folder]")
        ->type_name("FILE");
    add_shared(*verify, options->shared);
    verify->footer(
        "Columns, by header name in any case, with or without diacritics; an empty cell is not claimed:\n" +
        csv::describe_columns(request_columns()) +
        "\nWhat is not claimed is not looked at; --require refuses a row that leaves a claim out.\n"
        "Where there are expected_ columns, verdicts are compared with them; exit code 4 says that some\n"
        "differ. Verdicts come in the order of the requests, with their line numbers.\n"
        "\nExamples:\n"
        "  xacthuc verify requests.csv --register register/snapshot.xts > verdicts.csv\n"
        "  xacthuc verify - --register snapshot.xts --format jsonl < requests.csv\n"
        "  xacthuc verify cards.txt --qr --register snapshot.xts --out verdicts.csv --json\n"
        "  xacthuc verify requests.csv --register register --policy policy.xtp --agency 12 --procedure 4964\n"
        "  xacthuc verify requests.csv --register register --ledger ledger --ledger-origin example.vn/ledger\n");
}

}  // namespace xacthuc::cli
