// SPDX-License-Identifier: Apache-2.0
#include "cluster_client/question_rounds.hpp"

#include <algorithm>
#include <boost/system/errc.hpp>
#include <cstring>
#include <numeric>
#include <utility>

#include "cluster_client/server_errors.hpp"

namespace xacthuc::inline v0_1::cluster {
namespace {

constexpr verdict unanswered_verdict{outcome::elsewhere, 0, 0, 0};
// After so many rounds in which all that is left was refused for good, nobody will say otherwise.
constexpr unsigned final_rounds_max = 2;

[[nodiscard]] std::string_view bytes_of(const register_identity& of) noexcept {
    return {reinterpret_cast<const char*>(&of), sizeof of};
}

[[nodiscard]] verdict verdict_at(std::string_view answers, std::size_t i) noexcept {
    std::uint64_t bits = 0;
    std::memcpy(&bits, answers.data() + i * sizeof bits, sizeof bits);
    return verdict::from_bits(bits);
}

void widen(answers_report& report, const partition_freshness& by) noexcept {
    const freshness one{by.sequence, by.as_of_unix_ms};
    if (report.partitions == 0 || one.sequence < report.oldest.sequence) report.oldest = one;
    if (report.partitions == 0 || one.sequence > report.newest.sequence) report.newest = one;
    ++report.partitions;
}

}  // namespace

detailed_result<answers_report> question_rounds::run(node_links& by, const register_identity& of,
                                                     std::span<const request> requests, std::span<verdict> verdicts) {
    requests_ = requests;
    verdicts_ = verdicts;
    report_ = {};
    std::ranges::fill(verdicts, unanswered_verdict);
    place(of.placement_seed);
    left_.resize(requests.size());
    std::iota(left_.begin(), left_.end(), 0U);
    unsigned final_rounds = 0;
    while (!left_.empty()) {
        const auto before = left_.size();
        put_together(by.map(), of, by.how().questions_a_command);
        const auto came_of_it = ask(by);
        ++report_.rounds;
        if (came_of_it.is_other_register)
            return failure{make_error_code(errc::foreign_partition),
                           "a node has another register than the others: " + by.failures().front().message()};
        if (left_.empty()) break;
        final_rounds = came_of_it.is_final ? final_rounds + 1 : 0;
        const bool got_better = left_.size() != before;
        if (final_rounds == final_rounds_max || report_.rounds == by.how().rounds_max || !by.pause(got_better)) break;
        // Who does not have a map now may have one later.
        static_cast<void>(by.read_map());
    }
    for (const auto question : left_) verdicts_[question] = unanswered_verdict;
    report_.unanswered = left_.size();
    report_.failures = by.failures();
    return report_;
}

void question_rounds::place(std::uint64_t seed) {
    slots_.resize(requests_.size());
    for (std::size_t i = 0; i < requests_.size(); ++i)
        slots_[i] = static_cast<std::uint16_t>(partition_of(placement_hash(requests_[i].id(), seed)));
}

// By counting: those of a slot that nobody owns come last.
void question_rounds::order_by_node(const slot_map& map) {
    const auto count = map.nodes.size();
    const auto place_of = [&](std::uint32_t question) {
        return std::min<std::size_t>(map.owner[slots_[question]], count);
    };
    ends_.assign(count + 2, 0);
    for (const auto question : left_) ++ends_[place_of(question) + 1];
    std::partial_sum(ends_.begin(), ends_.end(), ends_.begin());
    order_.resize(left_.size());
    for (const auto question : left_) order_[ends_[place_of(question)]++] = question;
}

void question_rounds::put_together(const slot_map& map, const register_identity& of, std::size_t questions_a_command) {
    order_by_node(map);
    nodes_.clear();
    std::size_t begin = 0;
    for (std::size_t node = 0; node < map.nodes.size(); ++node) {
        const auto end = ends_[node];
        if (begin == end) continue;
        auto& one = nodes_.emplace_back();
        one.node = static_cast<std::uint16_t>(node);
        one.bytes.reserve((end - begin) * sizeof(request) + ((end - begin) / questions_a_command + 1) * 80);
        for (; begin != end; begin = one.messages.back().end) {
            const message part{begin, begin + std::min(questions_a_command, end - begin)};
            one.messages.push_back(part);
            append_word_count(one.bytes, 3);
            append_word(one.bytes, "XT.VERIFY");
            append_word_size(one.bytes, (part.end - part.begin) * sizeof(request));
            const auto at = one.bytes.size();
            one.bytes.resize(at + (part.end - part.begin) * sizeof(request));
            for (auto k = part.begin; k != part.end; ++k)
                std::memcpy(one.bytes.data() + at + (k - part.begin) * sizeof(request), &requests_[order_[k]],
                            sizeof(request));
            one.bytes += "\r\n";
            append_word(one.bytes, bytes_of(of));
        }
    }
}

question_rounds::round_result question_rounds::ask(node_links& by) {
    std::vector<node_job> jobs;
    for (const auto& one : nodes_)
        jobs.push_back({.to = by.map().nodes[one.node],
                        .bytes = {boost::asio::buffer(one.bytes)},
                        .commands = one.messages.size()});
    by.run(jobs);
    round_result result;
    for (std::size_t n = 0; n < jobs.size(); ++n) {
        const auto& job = jobs[n];
        if (job.failure && !is_final(job.failure->code)) result.is_final = false;
        for (std::size_t k = 0; k < job.replies.size(); ++k) {
            const auto& said = job.replies[k];
            if (said.is(reply::kind::error)) {
                by.note_error(job.to, said.text);
                const auto code = code_of_error(said.text);
                if (code == errc::foreign_partition) result.is_other_register = true;
                if (!is_final(code)) result.is_final = false;
            } else if (!take(said, nodes_[n].messages[k])) {
                by.note({job.to.text(), boost::system::errc::make_error_code(boost::system::errc::protocol_error),
                         "no answer to what was asked"});
            } else {
                // What is elsewhere now may be here soon.
                result.is_final = false;
            }
        }
    }
    if (jobs.empty()) result.is_final = false;
    std::erase_if(left_, [&](std::uint32_t question) { return verdicts_[question].outcome() != outcome::elsewhere; });
    return result;
}

bool question_rounds::take(const reply& said, const message& to) {
    if (!said.is(reply::kind::list) || said.items.size() != 2) return false;
    const auto& answers = said.items[0];
    const auto& rows = said.items[1];
    if (!answers.is(reply::kind::text) || answers.text.size() != (to.end - to.begin) * sizeof(verdict)) return false;
    if (!rows.is(reply::kind::text) || rows.text.size() % sizeof(partition_freshness) != 0) return false;
    std::vector<partition_freshness> fresh(rows.text.size() / sizeof(partition_freshness));
    if (!fresh.empty()) std::memcpy(fresh.data(), rows.text.data(), rows.text.size());
    if (!are_partitions_right(fresh, to, answers.text)) return false;
    for (auto k = to.begin; k != to.end; ++k) verdicts_[order_[k]] = verdict_at(answers.text, k - to.begin);
    for (const auto& one : fresh) widen(report_, one);
    return true;
}

// A verdict counts only from a node that says that it answers for the citizen's partition.
bool question_rounds::are_partitions_right(std::span<const partition_freshness> fresh, const message& to,
                                           std::string_view answers) {
    const bool are_slots =
        std::ranges::all_of(fresh, [](const partition_freshness& one) { return one.partition < slot_count; });
    if (!are_slots) return false;
    for (const auto& one : fresh) seen_.set(one.partition);
    bool are_right = true;
    for (auto k = to.begin; k != to.end; ++k) {
        const auto what = verdict_at(answers, k - to.begin).outcome();
        const bool needs_partition = what != outcome::elsewhere && what != outcome::malformed;
        if (needs_partition && !seen_.test(slots_[order_[k]])) are_right = false;
    }
    for (const auto& one : fresh) seen_.reset(one.partition);
    return are_right;
}

}  // namespace xacthuc::inline v0_1::cluster
