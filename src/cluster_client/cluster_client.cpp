// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/system/errc.hpp>
#include <cstring>
#include <string>
#include <utility>
#include <xacthuc/cluster_client/cluster_client.hpp>

#include "cluster_client/node_links.hpp"
#include "cluster_client/partition_loading.hpp"
#include "cluster_client/question_rounds.hpp"
#include "cluster_client/server_errors.hpp"
#include "domain/contract.hpp"

namespace xacthuc::inline v0_1::cluster {
namespace {

[[nodiscard]] failure wrong_argument(std::string why) {
    return {boost::system::errc::make_error_code(boost::system::errc::invalid_argument), std::move(why)};
}

[[nodiscard]] failure failure_of(const node_failure& why) {
    return {why.code, why.message()};
}

[[nodiscard]] detailed_result<std::vector<node_address>> addresses(std::string_view list) {
    std::vector<node_address> all;
    while (true) {
        const auto comma = std::min(list.find(','), list.size());
        auto one = node_address::parse(list.substr(0, comma));
        if (!one || one->host.empty())
            return wrong_argument("not HOST:PORT, or several with commas between: " + std::string{list});
        all.push_back(*std::move(one));
        if (comma == list.size()) return all;
        list.remove_prefix(comma + 1);
    }
}

// A member of XT.INFO.
[[nodiscard]] std::optional<std::int64_t> number_in(const reply& info, std::string_view name) {
    for (std::size_t i = 0; i + 1 < info.items.size(); i += 2)
        if (info.items[i].text == name && info.items[i + 1].is(reply::kind::integer)) return info.items[i + 1].integer;
    return std::nullopt;
}

}  // namespace

class cluster_client::state {
  public:
    state(std::vector<node_address> first, const cluster_options& how) : links_{std::move(first), how} {}

    [[nodiscard]] const std::optional<register_identity>& identity() const noexcept { return identity_; }

    [[nodiscard]] detailed_result<void> open() {
        links_.begin_call();
        if (const auto read = links_.read_map(); !read) return read;
        return learn(true);
    }

    [[nodiscard]] detailed_result<answers_report> verify(std::span<const request> requests,
                                                         std::span<verdict> verdicts) {
        links_.begin_call();
        while (!identity_) {
            if (const auto learnt = learn(false); !learnt) return learnt.error();
            if (identity_ || !links_.pause(false)) break;
            static_cast<void>(links_.read_map());
        }
        if (identity_) return rounds_.run(links_, *identity_, requests, verdicts);
        std::ranges::fill(verdicts, verdict{outcome::elsewhere, 0, 0, 0});
        answers_report report;
        report.unanswered = requests.size();
        report.failures = links_.failures();
        return report;
    }

    [[nodiscard]] load_report load(std::span<const partition_copy> copies, bool replace) {
        links_.begin_call();
        return partition_loading{links_, copies, replace}.run();
    }

    [[nodiscard]] detailed_result<held_partitions> held() {
        links_.begin_call();
        while (true) {
            std::optional<node_failure> wrong;
            auto all = held_now(wrong);
            if (!wrong) return all;
            if (is_final(wrong->code) || !links_.pause(false)) return failure_of(*wrong);
            static_cast<void>(links_.read_map());
        }
    }

  private:
    // Asks all who own slots of which register they are. `all_of_it` says that what is wrong with one of them for good
    // is an error, or that nobody could be asked.
    [[nodiscard]] detailed_result<void> learn(bool all_of_it) {
        std::string command;
        append_command(command, {"XT.INFO"});
        auto jobs = links_.for_owners(command);
        links_.run(jobs);
        std::size_t said = 0;
        for (const auto& job : jobs) {
            if (job.failure) continue;
            const auto& info = job.replies[0];
            if (info.is(reply::kind::error)) links_.note_error(job.to, info.text);
            if (!info.is(reply::kind::list)) continue;
            ++said;
            if (const auto fits = take_identity(info, job.to); !fits) return fits;
        }
        if (!all_of_it) return {};
        const auto failures = links_.failures();
        for (const auto& why : failures)
            if (is_final(why.code) || said == 0) return failure_of(why);
        return {};
    }

    [[nodiscard]] detailed_result<void> take_identity(const reply& info, const node_address& of) {
        const auto held = number_in(info, "partitions_held");
        const auto seed = number_in(info, "placement_seed");
        const auto key = number_in(info, "digest_key_fingerprint");
        if (!held || !seed || !key || *held == 0) return {};
        const register_identity here{static_cast<std::uint64_t>(*seed), static_cast<std::uint64_t>(*key)};
        if (!identity_) identity_ = here;
        if (here == *identity_) return {};
        const bool is_key = here.digest_key_fingerprint != identity_->digest_key_fingerprint;
        return failure{make_error_code(is_key ? errc::foreign_digest_key : errc::foreign_partition),
                       of.text() + ": another register than the other nodes"};
    }

    [[nodiscard]] held_partitions held_now(std::optional<node_failure>& wrong) {
        std::string command;
        append_command(command, {"XT.INFO", "PARTITIONS"});
        auto jobs = links_.for_owners(command);
        links_.run(jobs);
        held_partitions all(slot_count);
        for (const auto& job : jobs) {
            if (job.failure) {
                wrong = *job.failure;
                continue;
            }
            const auto& rows = job.replies[0].text;
            if (!job.replies[0].is(reply::kind::text) || rows.size() % sizeof(partition_freshness) != 0) {
                const bool is_error = job.replies[0].is(reply::kind::error);
                wrong = node_failure{job.to.text(), code_of_error(rows), is_error ? rows : "no list of partitions"};
                continue;
            }
            for (std::size_t at = 0; at < rows.size(); at += sizeof(partition_freshness)) {
                partition_freshness one{};
                std::memcpy(&one, rows.data() + at, sizeof one);
                if (one.partition < slot_count) all[one.partition] = freshness{one.sequence, one.as_of_unix_ms};
            }
        }
        return all;
    }

    node_links links_;
    std::optional<register_identity> identity_;
    question_rounds rounds_;
};

cluster_client::cluster_client(std::unique_ptr<state> made) noexcept : state_{std::move(made)} {}
cluster_client::cluster_client(cluster_client&&) noexcept = default;
cluster_client& cluster_client::operator=(cluster_client&&) noexcept = default;
cluster_client::~cluster_client() = default;

detailed_result<cluster_client> cluster_client::open(std::string_view nodes, const cluster_options& how) {
    auto first = addresses(nodes);
    if (!first) return first.error();
    if (how.rounds_max == 0 || how.timeout.count() <= 0 || how.silence_max.count() <= 0 || how.pause_min.count() <= 0 ||
        how.questions_a_command == 0 || how.questions_a_command > requests_max)
        return wrong_argument("a limit of 0, or more than 65,536 questions a command");
    auto made = std::make_unique<state>(*std::move(first), how);
    if (const auto opened = made->open(); !opened) return opened.error();
    return cluster_client{std::move(made)};
}

std::optional<register_identity> cluster_client::identity() const noexcept {
    return state_->identity();
}

detailed_result<answers_report> cluster_client::verify(std::span<const request> requests, std::span<verdict> verdicts) {
    contract::as_many("cluster_client::verify", {verdicts.size(), "verdicts"}, {requests.size(), "requests"});
    return state_->verify(requests, verdicts);
}

detailed_result<load_report> cluster_client::load(std::span<const partition_copy> copies, bool replace) {
    for (const auto& each : copies)
        contract::within("cluster_client::load", "partition", each.partition, 0, partition_count);
    return state_->load(copies, replace);
}

detailed_result<cluster_client::held_partitions> cluster_client::held() {
    return state_->held();
}

}  // namespace xacthuc::inline v0_1::cluster
