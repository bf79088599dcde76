// SPDX-License-Identifier: Apache-2.0
#include "register.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <mutex>
#include <utility>

#include "errors.hpp"
#include "interpreter.hpp"
#include "row_group.hpp"

namespace xacthuc::python {
namespace {

// Requests that are prepared and answered in one go: their 32 KiB stay in the first-level cache.
constexpr std::uint64_t rows_a_piece = 1024;
constexpr std::uint64_t requests_a_piece = 65'536;
// Prepares rows [first, end) of a group that comes after so many others of its table.
void prepare_group(const row_group<request_columns>& group, std::uint64_t first, std::uint64_t end,
                   std::uint64_t rows_before, const preparing& how, std::span<request> requests,
                   problem_list& problems) {
    std::vector<row_problem> found;
    group.for_each_part(first, end, [&](const auto& rows, std::int64_t row, std::uint64_t done, std::uint64_t count) {
        const auto known = found.size();
        prepare_rows(rows, row, how, requests.subspan(done, count), found);
        const auto before_batch = rows_before + first + done - static_cast<std::uint64_t>(row);
        for (auto i = known; i < found.size(); ++i) found[i].row += before_batch;
    });
    problems.add(std::move(found));
}

// The oldest state of the register that any piece was answered from.
class oldest_freshness {
  public:
    void add(const freshness& one) {
        const std::lock_guard lock{guard_};
        if (!is_set_ || one.sequence < oldest_.sequence) oldest_ = one;
        is_set_ = true;
    }
    [[nodiscard]] freshness value_or(const freshness& otherwise) const { return is_set_ ? oldest_ : otherwise; }

  private:
    std::mutex guard_;
    bool is_set_ = false;
    freshness oldest_;
};

[[nodiscard]] snapshot_check check_of(const std::string& word) {
    if (word == "everything") return snapshot_check::everything;
    if (word == "damage") return snapshot_check::damage;
    if (word == "directory") return snapshot_check::directory;
    throw argument_error{"check: wanted 'everything', 'damage' or 'directory'"};
}

}  // namespace

std::unique_ptr<open_register> open_register::open(const opening& from, working_threads& threads) {
    const auto check = check_of(from.check);
    if (!from.map && check != snapshot_check::everything)
        throw argument_error{"check: only what is read in place (map=True) may be checked in part"};
    const auto trusted = take(authority_public_key::load(from.authority));
    std::error_code error;
    const bool is_directory = std::filesystem::is_directory(from.path, error);
    if (is_directory && from.map)
        throw argument_error{"map: only a snapshot can be read in place, not a registry's directory"};
    if (!is_directory && !from.mark.empty())
        throw argument_error{"mark: only a registry's directory has one, not a snapshot"};
    open_registry_options how;
    how.how = open_registry_options::access::read;
    how.threads = threads.count();
    how.digest_key_file = from.digest_key;
    how.mark_file = from.mark;
    how.at_least_sequence = from.at_least;
    how.report = [&threads](std::size_t done) { threads.report(done); };
    const lock_released others_may_run;
    return std::unique_ptr<open_register>{
        new open_register{from, take(opened_register::open(from.path, trusted, how, {from.map, check}))}};
}

void open_register::set_policy(const open_policy& with) {
    const std::lock_guard lock{asking_guard_};
    opened_from_.asking.table = with.value.table;
    opened_from_.asking.from = with.from;
}

void open_register::set_guards(const open_guards& with) {
    const std::lock_guard lock{asking_guard_};
    auto& watch = opened_from_.asking.watch;
    if (watch && watch != with.value) throw argument_error{"guards: others watch this register"};
    watch = with.value;
}

void open_register::set_ledger(std::shared_ptr<open_ledger> with) {
    const std::lock_guard lock{asking_guard_};
    auto& rows = opened_from_.asking.rows;
    if (rows && rows != with) throw argument_error{"ledger: the register's answers leave rows in another"};
    rows = std::move(with);
}

asking_side open_register::asking() const {
    const std::lock_guard lock{asking_guard_};
    return opened_from_.asking;
}

void open_register::refresh() {
    const std::lock_guard one_at_a_time{refreshing_};
    if (auto* const live = opened_.on_disk()) (void)take(live->refresh());
}

std::shared_ptr<const answer_data> open_register::verify(nb::handle people, const request_arguments& fields,
                                                         const call_record& how_recorded,
                                                         working_threads& threads) const {
    arrow_table table{people};
    const request_columns plan{table, fields.columns()};
    judged_call call{asking(), how_recorded};
    const auto answers = std::make_shared<answer_data>(answer_memory_);
    answers->claims = claims_of(plan);
    const preparing how{digests(), required_claims(fields.require, answers->claims), call.agency()};
    problem_list problems;
    oldest_freshness as_of;
    for_each_group(table, plan, [&](const auto& group, std::uint64_t rows_before) {
        const auto verdicts = answers->verdicts.grow(group.rows());
        threads.share_out(group.rows(), rows_a_piece, [&](std::uint64_t first, std::uint64_t end) {
            std::array<request, rows_a_piece> room;
            const auto requests = std::span{room}.first(end - first);
            prepare_group(group, first, end, rows_before, how, requests, problems);
            as_of.add(call.answer(index(), requests, verdicts.subspan(first), rows_before + first));
        });
        const auto recorded = call.settle();
        answers->recorded.insert(answers->recorded.end(), recorded.begin(), recorded.end());
    });
    threads.finish();
    answers->problems = std::move(problems).in_order();
    answers->as_of = as_of.value_or(index().as_of());
    return answers;
}

std::shared_ptr<const answer_data> open_register::verify(const prepared_requests& from, const call_record& how,
                                                         working_threads& threads) const {
    if (from.digest_key_fingerprint != digests().fingerprint())
        throw library_error{make_error_code(errc::foreign_digest_key),
                            "the requests were prepared for another register"};
    judged_call call{asking(), how};
    const auto answers = std::make_shared<answer_data>(answer_memory_);
    const auto requests = from.requests.all();
    const auto verdicts = answers->verdicts.grow(requests.size());
    oldest_freshness as_of;
    threads.share_out(requests.size(), requests_a_piece, [&](std::uint64_t first, std::uint64_t end) {
        as_of.add(call.answer(index(), requests.subspan(first, end - first), verdicts.subspan(first), first));
    });
    answers->recorded = call.settle();
    threads.finish();
    answers->problems = from.problems;
    answers->claims = from.claims;
    answers->as_of = as_of.value_or(index().as_of());
    return answers;
}

std::unique_ptr<prepared_requests> open_register::prepare(nb::handle people, const request_arguments& fields,
                                                          working_threads& threads) const {
    return prepare_table(people, fields, digests(), asking().agency, threads);
}

std::unique_ptr<prepared_requests> prepare_table(nb::handle people, const request_arguments& fields,
                                                 const digest_key& digests, std::uint16_t agency,
                                                 working_threads& threads) {
    arrow_table table{people};
    const request_columns plan{table, fields.columns()};
    auto made = std::make_unique<prepared_requests>();
    made->claims = claims_of(plan);
    const preparing how{digests, required_claims(fields.require, made->claims), agency};
    problem_list problems;
    for_each_group(table, plan, [&](const auto& group, std::uint64_t rows_before) {
        const auto requests = made->requests.grow(group.rows());
        threads.share_out(group.rows(), rows_a_piece, [&](std::uint64_t first, std::uint64_t end) {
            prepare_group(group, first, end, rows_before, how, requests.subspan(first), problems);
        });
    });
    threads.finish();
    made->problems = std::move(problems).in_order();
    made->digest_key_fingerprint = digests.fingerprint();
    return made;
}

}  // namespace xacthuc::python
