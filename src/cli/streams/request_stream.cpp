// SPDX-License-Identifier: Apache-2.0
#include "cli/streams/request_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>

#include "cli/exit_code.hpp"
#include "cli/output/verdict_writer.hpp"
#include "cli/policy/asker_options.hpp"
#include "cli/wall_clock.hpp"
#include "columns/csv/row_extent.hpp"
#include "columns/csv/row_reader.hpp"
#include "columns/table_error.hpp"

namespace xacthuc::cli {
namespace {

// What is kept of a row until its chunk has been verified. Texts are views into the worker's store.
struct pending_row {
    std::uint64_t line = 0;
    std::size_t reference_begin = 0;
    std::size_t reference_size = 0;
    std::size_t request = 0;             // its place among the requests; unused when there is a problem
    std::optional<std::size_t> problem;  // its place among the problems
    csv::expected_verdict expected;
    bool has_expectation = false;
};

// One thread's part: a chunk's rows become requests, the engine answers them all at once, and the answers text.
class chunk_verifier {
  public:
    explicit chunk_verifier(const request_stream& stream)
        : stream_{stream}, answer_{stream.answers()}, reader_{stream.delimiter} {}

    [[nodiscard]] request_totals run(const csv::chunk& rows, std::string& text) {
        pending_.clear();
        requests_.clear();
        problems_.clear();
        references_.clear();
        if (stream_.parser != nullptr) {
            take_rows(rows);
        } else {
            take_cards(rows);
        }
        verdicts_.resize(requests_.size());
        totals_ = {};
        request_batch asked{.requests = requests_, .asker = stream_.asker, .officer = stream_.officer};
        asked.proofs.now_unix_ms = unix_ms_now();
        totals_.as_of = answer_(asked, verdicts_, place_);
        for (const auto& row : pending_) write(row, text);
        return std::move(totals_);
    }

  private:
    void take_rows(const csv::chunk& rows) {
        csv::row row;
        reader_.open(rows);
        while (reader_.next(row)) {
            csv::request_row parsed;
            std::optional<csv::row_problem> problem;
            if (!row.problem.empty()) {
                problem = csv::row_problem{"", std::string{row.problem}};
            } else {
                problem = parse(row, parsed);
            }
            take(row.line, parsed, std::move(problem));
        }
    }

    [[nodiscard]] std::optional<csv::row_problem> parse(const csv::row& row, csv::request_row& into) {
        try {
            return stream_.parser->parse(row.fields, into);
        } catch (const columns::column_error& error) {
            throw command_error{exit_code::usage,
                                fmt::format("{}: {}, line {}", error.what(), stream_.table.name(), row.line)};
        }
    }

    void take_cards(const csv::chunk& rows) {
        auto rest = rows.rows();
        for (auto line = rows.first_line; !rest.empty(); ++line) {
            auto card = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(card.size() + 1);
            if (card.ends_with('\r')) card.remove_suffix(1);
            if (card.empty()) continue;
            csv::request_row parsed;
            std::optional<csv::row_problem> problem;
            const auto text = parse_card_text(card);
            if (card.size() > csv::row_bytes_max) {
                problem = csv::row_problem{"", "the line is longer than 65536 bytes"};
            } else if (!text) {
                problem = csv::row_problem{"", text.error().message()};
            } else {
                parsed.claims = text->claims;
            }
            take(line, parsed, std::move(problem));
        }
    }

    void take(std::uint64_t line, const csv::request_row& parsed, std::optional<csv::row_problem> problem) {
        auto& row = pending_.emplace_back();
        row.line = line;
        row.reference_begin = references_.size();
        row.reference_size = parsed.reference.size();
        references_ += parsed.reference;
        row.expected = parsed.expected;
        row.has_expectation = stream_.parser != nullptr && stream_.parser->has_expectations();
        request made;
        auto claims = parsed.claims;
        if (claims.agency == 0) claims.agency = stream_.asker.value_or(0);
        if (claims.procedure == 0) claims.procedure = stream_.procedure;
        if (!problem) problem = csv::prepare_row(claims, stream_.key, stream_.required, made);
        if (problem) {
            row.problem = problems_.size();
            problems_.push_back(std::move(*problem));
        } else {
            row.request = requests_.size();
            requests_.push_back(made);
        }
    }

    // A verdict for people: without the reference, which may be somebody's number.
    [[nodiscard]] static std::string told(const verdict& answer) {
        auto text = fmt::format("{} {}", static_cast<unsigned>(answer.outcome()), to_string(answer.outcome()));
        const auto add = [&](std::string_view what, claim_mask claims) {
            if (claims == 0) return;
            text += fmt::format(", {} ", what);
            csv::append_claims(text, claims);
        };
        add("matched", answer.matched());
        add("mismatched", answer.mismatched());
        add("unavailable", answer.unavailable());
        if (answer.name_grade() != name_grade::none) text += fmt::format(", name {}", to_string(answer.name_grade()));
        return text;
    }

    void write(const pending_row& row, std::string& text) {
        answered_row out;
        out.line = row.line;
        out.reference = std::string_view{references_}.substr(row.reference_begin, row.reference_size);
        if (row.problem) {
            out.problem = &problems_[*row.problem];
            ++totals_.malformed;
        } else {
            out.answer = verdicts_[row.request];
            if (place_) out.place = ledger_place{place_->entry, place_->row + row.request};
        }
        if (stream_.format == verdict_format::csv) {
            append_csv_verdict(text, out, stream_.with_places);
        } else {
            append_json_verdict(text, out);
        }
        ++totals_.requests;
        totals_.counts.add({&out.answer, 1});
        if (!row.has_expectation) return;
        ++totals_.compared;
        if (row.expected.allows(out.answer)) return;
        ++totals_.wrong;
        if (totals_.first_wrong.size() < request_totals::wrong_answers_kept)
            totals_.first_wrong.push_back({row.line, told(out.answer)});
    }

    const request_stream& stream_;
    answer_requests answer_;
    csv::row_reader reader_;
    std::vector<pending_row> pending_;
    std::vector<request> requests_;
    std::vector<verdict> verdicts_;
    std::vector<csv::row_problem> problems_;
    std::string references_;
    std::optional<ledger_place> place_;  // of the first request
    request_totals totals_;
};

}  // namespace

void request_totals::add(const request_totals& part) {
    if (requests == 0 || part.as_of.sequence < as_of.sequence) as_of = part.as_of;
    requests += part.requests;
    malformed += part.malformed;
    compared += part.compared;
    wrong += part.wrong;
    counts.add(part.counts);
    first_wrong.insert(first_wrong.end(), part.first_wrong.begin(), part.first_wrong.end());
    std::ranges::sort(first_wrong, {}, &wrong_answer::line);
    if (first_wrong.size() > wrong_answers_kept) first_wrong.resize(wrong_answers_kept);
}

request_totals verify_requests(const request_stream& stream, output_file& out,
                               const std::function<void(std::uint64_t, std::uint64_t)>& advance) {
    request_totals totals;
    std::mutex adding;
    if (stream.format == verdict_format::csv) {
        std::string header;
        append_verdict_header(header, stream.with_places);
        out.write(header);
    }
    for_each_chunk(stream.table, stream.threads, out, [&]() -> chunk_work {
        return [&, verifier = std::make_shared<chunk_verifier>(stream)](const csv::chunk& rows, std::string& text) {
            const auto part = verifier->run(rows, text);
            {
                const std::scoped_lock lock{adding};
                totals.add(part);
            }
            advance(part.requests, rows.rows().size());
        };
    });
    return totals;
}

}  // namespace xacthuc::cli
