// SPDX-License-Identifier: Apache-2.0
#include "cluster.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "errors.hpp"
#include "interpreter.hpp"

namespace xacthuc::python {
namespace {

// What a thread asks at once: some thousands for each of several nodes.
constexpr std::uint64_t questions_a_call = 16'384;

}  // namespace

open_cluster::open_cluster(std::string nodes, const std::filesystem::path& digest_key_file,
                           cluster::cluster_options how)
    : nodes_{std::move(nodes)}, digests_{take(digest_key::load(digest_key_file))}, how_{std::move(how)} {
    const lock_released others_may_run;
    give_back(connect());
}

std::shared_ptr<const answer_data> open_cluster::verify(nb::handle people, const request_arguments& fields,
                                                        working_threads& threads) const {
    return verify(*prepare_table(people, fields, digests_, 0, threads), threads);
}

std::shared_ptr<const answer_data> open_cluster::verify(const prepared_requests& from, working_threads& threads) const {
    if (from.digest_key_fingerprint != digests_.fingerprint())
        throw library_error{make_error_code(errc::foreign_digest_key),
                            "the requests were prepared for another register"};
    const auto answers = std::make_shared<answer_data>(answer_memory_);
    const auto requests = from.requests.all();
    const auto verdicts = answers->verdicts.grow(requests.size());
    {
        const std::lock_guard lock{guard_};
        failures_.clear();
    }
    std::mutex adding;
    std::size_t partitions = 0;
    threads.share_out(requests.size(), questions_a_call, [&](std::uint64_t first, std::uint64_t end) {
        const auto report = ask(requests.subspan(first, end - first), verdicts.subspan(first, end - first));
        const std::lock_guard lock{adding};
        if (report.partitions != 0 && (partitions == 0 || report.oldest.sequence < answers->as_of.sequence))
            answers->as_of = report.oldest;
        partitions += report.partitions;
    });
    threads.finish();
    answers->problems = from.problems;
    answers->claims = from.claims;
    return answers;
}

std::vector<std::string> open_cluster::failures() const {
    const std::lock_guard lock{guard_};
    return failures_;
}

open_cluster::client open_cluster::take_client() const {
    {
        const std::lock_guard lock{guard_};
        if (!unused_.empty()) {
            auto one = std::move(unused_.back());
            unused_.pop_back();
            return one;
        }
    }
    return connect();
}

void open_cluster::give_back(client one) const {
    const std::lock_guard lock{guard_};
    unused_.push_back(std::move(one));
}

open_cluster::client open_cluster::connect() const {
    auto opened = cluster::cluster_client::open(nodes_, how_);
    if (!opened) throw library_error{opened.error()};
    const auto identity = opened->identity();
    if (identity && identity->digest_key_fingerprint != digests_.fingerprint())
        throw library_error{make_error_code(errc::foreign_digest_key), "the cluster's register is of another key"};
    return std::make_unique<cluster::cluster_client>(*std::move(opened));
}

cluster::answers_report open_cluster::ask(std::span<const request> requests, std::span<verdict> verdicts) const {
    auto by = take_client();
    auto report = by->verify(requests, verdicts);
    if (!report) throw library_error{report.error()};
    // A cluster that had no register when it was opened may have another now.
    const auto identity = by->identity();
    if (identity && identity->digest_key_fingerprint != digests_.fingerprint())
        throw library_error{make_error_code(errc::foreign_digest_key), "the cluster's register is of another key"};
    give_back(std::move(by));
    const std::lock_guard lock{guard_};
    for (const auto& one : report->failures)
        if (auto text = one.message(); std::ranges::find(failures_, text) == failures_.end())
            failures_.push_back(std::move(text));
    return *std::move(report);
}

}  // namespace xacthuc::python
