// SPDX-License-Identifier: Apache-2.0
// xacthuc verify: a stream of requests becomes a stream of verdicts.
#include <fmt/chrono.h>

#include <array>
#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "cli/commands/commands.hpp"
#include "cli/output/figures.hpp"
#include "cli/output/progress.hpp"
#include "cli/policy/asker_options.hpp"
#include "cli/registers/cluster_nodes.hpp"
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
    cluster_input cluster;
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
    const auto required = csv::parse_claims(options.required);
    if (!required)
        throw command_error{exit_code::usage, "--require: not claims separated by commas: " + options.required};
    const auto missing = missing_claims(of_file, *required);
    if (missing == 0) return *required;
    std::string names;
    csv::append_claims(names, missing, ", ");
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

// What answers, and what is to be said and kept when all is answered.
class answerer {
  public:
    explicit answerer(const verify_options& options) : options_{options} {
        if (options.cluster.nodes.empty()) {
            open_here();
        } else {
            join_cluster();
        }
    }

    [[nodiscard]] const digest_key& digests() const { return opened_ ? *opened_->digests() : *digests_; }
    [[nodiscard]] std::function<answer_requests()> for_threads() {
        if (recorder_)
            return [this]() -> answer_requests {
                return [this](const auto& asked, auto verdicts, auto& place) {
                    return recorder_->answer(*engine_, asked, verdicts, place);
                };
            };
        if (engine_)
            return [this]() -> answer_requests {
                return [this](const auto& asked, auto verdicts, auto&) { return engine_->answer(asked, verdicts); };
            };
        return [this]() -> answer_requests {
            return [this, by = std::make_shared<cluster::cluster_client>(open_cluster(options_.cluster))](
                       const auto& asked, auto verdicts, auto&) { return ask(*by, asked.requests, verdicts); };
        };
    }
    [[nodiscard]] freshness as_of() const { return opened_ ? opened_->index().as_of() : freshness{}; }
    [[nodiscard]] bool has_ledger() const noexcept { return recorder_.has_value(); }
    // Throws command_error.
    void end() {
        if (recorder_) recorder_->end();
    }
    void end_of_asking() {
        if (parts_) parts_->end();
    }
    void say_what_else() {
        if (recorder_) say("ledger: {} in its log", counted(recorder_->entries(), "entry", "entries"));
        if (!failures_.empty()) say("nodes that failed meanwhile: {}", failures_text(failures_));
    }

  private:
    void open_here() {
        opened_.emplace(open_register(options_.from, options_.shared.threads));
        parts_.emplace(options_.asker);
        if (!options_.ledger.folder.empty()) {
            recorder_.emplace(options_.ledger);
            if (recorder_->is_new())
                say("began the ledger {}: {} (keep it secret) and {} (give it to those who check receipts and the log)",
                    recorder_->origin(), options_.ledger.folder + "/ledger.key",
                    options_.ledger.folder + "/ledger.vkey");
        }
        auto parts = parts_->parts();
        if (recorder_) parts.rows = &recorder_->rows();
        engine_.emplace(opened_->index(), parts);
    }

    void join_cluster() {
        if (options_.from.keys.digest_key.empty())
            throw command_error{exit_code::usage, "--cluster needs --digest-key: a cluster does not have the key"};
        digests_.emplace(load_digest_key(options_.from.keys.digest_key));
        const auto identity = open_cluster(options_.cluster).identity();
        if (!identity) throw command_error{exit_code::failed, "no node of the cluster has a partition"};
        if (identity->digest_key_fingerprint != digests_->fingerprint())
            throw command_error{exit_code::not_trusted, "the cluster's register is of another digest key"};
    }

    [[nodiscard]] freshness ask(cluster::cluster_client& by, std::span<const request> requests,
                                std::span<verdict> verdicts) {
        auto report = take(by.verify(requests, verdicts));
        if (!requests.empty() && report.unanswered == requests.size())
            throw command_error{exit_code::failed, "nobody answers: " + failures_text(report.failures)};
        const std::scoped_lock lock{noting_};
        if (!report.failures.empty()) failures_ = std::move(report.failures);
        if (report.partitions != 0) last_ = report.oldest;
        return last_;
    }

    const verify_options& options_;
    std::optional<opened_register> opened_;
    std::optional<asker_parts> parts_;
    std::optional<answer_recorder> recorder_;
    std::optional<engine> engine_;
    std::optional<digest_key> digests_;
    std::mutex noting_;
    std::vector<cluster::node_failure> failures_;
    freshness last_{};
};

[[nodiscard]] exit_code run_verify(const verify_options& options) {
    if (options.from.path.empty() && options.cluster.nodes.empty())
        throw command_error{exit_code::usage, "--register is required, or --cluster"};
    const auto chunk_bytes = options.ledger.folder.empty() ? verify_chunk_bytes : recorded_chunk_bytes;
    auto table = options.cards ? std::make_unique<row_table>(options.input, chunk_bytes)
                               : std::make_unique<row_table>(options.input, options.delimiter, chunk_bytes);
    std::optional<csv::request_parser> parser;
    if (!options.cards) parser.emplace(table->header(), options.ignore_unknown, table->name());
    const auto claims = parser ? parser->claims() : card_claims;
    const auto required = required_claims(options, claims);
    output_file out{options.out.path};
    answerer by{options};
    const request_stream stream{
        .table = *table,
        .delimiter = options.delimiter,
        .parser = parser ? &*parser : nullptr,
        .key = by.digests(),
        .answers = by.for_threads(),
        .format = options.out.format_for(options.shared),
        .threads = options.shared.threads,
        .required = required,
        .asker = options.asker.agency,
        .procedure = options.asker.procedure,
        .officer = options.asker.officer,
        .with_places = by.has_ledger(),
    };
    progress bar{"verify", "requests", table->rows_estimated()};
    auto totals = verify_requests(stream, out, [&](std::uint64_t rows, std::uint64_t) { bar.add(rows); });
    const auto seconds = bar.seconds();
    bar.clear();
    if (totals.requests == 0) totals.as_of = by.as_of();
    by.end();
    out.commit();
    by.end_of_asking();
    print(totals, claims, options, seconds);
    by.say_what_else();
    if (options.shared.json) print_json(json_of(totals, claims, options, seconds));
    if (totals.wrong != 0) return exit_code::wrong_answers;
    const auto elsewhere = totals.counts.by_outcome[static_cast<std::size_t>(outcome::elsewhere)];
    return totals.malformed + elsewhere == 0 ? exit_code::done : exit_code::rows_left_out;
}

}  // namespace

void add_verify(CLI::App& app, exit_code& status) {
    const auto [verify, options] =
        add_command<verify_options>(app, status, "verify", "Answer a file or stream of requests", run_verify);
    verify->add_option("FILE", options->input, "Requests: CSV, UTF-8, or - for standard input")->required();
    auto* const here = add_register_input(*verify, options->from);
    auto* const there = verify
                            ->add_option("--cluster", options->cluster.nodes,
                                         "In place of --register: HOST:PORT of one node of a Redis or Valkey cluster "
                                         "or more, separated by commas")
                            ->type_name("NODES")
                            ->excludes(here);
    add_cluster_login(*verify, options->cluster);
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
    // What only a register that is here can be asked with.
    for (const auto* const name : {"--map", "--authority", "--mark", "--at-least", "--policy", "--policy-root",
                                   "--agency", "--procedure", "--officer", "--guards", "--ledger"})
        there->excludes(verify->get_option(name));
    verify->footer(
        "Columns, by header name in any case, with or without diacritics; an empty cell is not claimed:\n" +
        csv::describe_columns(csv::request_columns()) +
        "\nWhat is not claimed is not looked at; --require refuses a row that leaves a claim out.\n"
        "Where there are expected_ columns, verdicts are compared with them; exit code 4 says that some\n"
        "differ. Verdicts come in the order of the requests, with their line numbers.\n"
        "\nExamples:\n"
        "  xacthuc verify requests.csv --register register/snapshot.xts > verdicts.csv\n"
        "  xacthuc verify - --register snapshot.xts --format jsonl < requests.csv\n"
        "  xacthuc verify cards.txt --qr --register snapshot.xts --out verdicts.csv --json\n"
        "  xacthuc verify requests.csv --register register --policy policy.xtp --agency 12 --procedure 4964\n"
        "  xacthuc verify requests.csv --register register --ledger ledger --ledger-origin example.vn/ledger\n"
        "  xacthuc verify requests.csv --cluster 10.0.0.1:6379,10.0.0.2:6379 --digest-key digest.key\n");
}

}  // namespace xacthuc::cli
