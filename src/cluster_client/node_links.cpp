// SPDX-License-Identifier: Apache-2.0
#include "cluster_client/node_links.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <set>
#include <thread>
#include <utility>

#include "cluster_client/server_errors.hpp"

namespace xacthuc::inline v0_1::cluster {
namespace {

[[nodiscard]] node_failure failure_of(const node_address& of, std::string_view error) {
    return {of.text(), code_of_error(error), std::string{error}};
}

// The map that a node's reply is, or why it is none.
[[nodiscard]] detailed_result<slot_map> map_of(const node_job& job) {
    if (job.failure) return failure{job.failure->code, job.failure->message()};
    const auto& said = job.replies[0];
    if (said.is(reply::kind::error)) {
        if (said.text.find("cluster support disabled") != std::string::npos) return slot_map::of_one(job.to);
        const auto why = failure_of(job.to, said.text);
        return failure{why.code, why.message()};
    }
    auto map = slot_map::parse(said, job.to);
    if (!map || map->nodes.empty())
        return failure{boost::system::errc::make_error_code(boost::system::errc::protocol_error),
                       job.to.text() + (map ? ": knows nobody who owns slots" : ": no slot map")};
    return *std::move(map);
}

}  // namespace

void node_links::begin_call() {
    end_ = std::chrono::steady_clock::now() + how_.timeout;
    pause_ = how_.pause_min;
    failures_.clear();
}

void node_links::note(const node_failure& why) {
    failures_.insert_or_assign(why.node, why);
}

void node_links::note_error(const node_address& of, std::string_view error) {
    note(failure_of(of, error));
}

std::vector<node_failure> node_links::failures() const {
    std::vector<node_failure> all;
    for (const auto& [node, why] : failures_) all.push_back(why);
    return all;
}

void node_links::run(std::span<node_job> jobs) {
    auto left = jobs.size();
    end_timer_.expires_at(end_);
    end_timer_.async_wait([this](boost::system::error_code error) {
        // It may have been on its way when the call before ended.
        if (error || is_in_time()) return;
        for (const auto& [node, link] : links_) link->stop(boost::asio::error::timed_out);
    });
    for (auto& job : jobs) link_to(job.to)->start(job, [&left] { --left; });
    context_.restart();
    while (left != 0 && context_.run_one() != 0) continue;
    end_timer_.cancel();
    for (const auto& job : jobs)
        if (job.failure) note(*job.failure);
}

detailed_result<void> node_links::read_map() {
    auto all = map_.nodes;
    for (const auto& one : first_)
        if (std::ranges::find(all, one) == all.end()) all.push_back(one);
    std::string command;
    append_command(command, {"CLUSTER", "SLOTS"});
    failure last{boost::asio::error::timed_out, "no time to read the slot map"};
    for (std::size_t k = 0; k < all.size() && is_in_time(); ++k) {
        node_job job{.to = all[next_asked_++ % all.size()], .bytes = {boost::asio::buffer(command)}, .commands = 1};
        run({&job, 1});
        auto map = map_of(job);
        if (map) {
            map_ = *std::move(map);
            forget_others();
            return {};
        }
        last = std::move(map).error();
    }
    return last;
}

bool node_links::pause(bool got_better) {
    pause_ = got_better ? how_.pause_min : std::min(pause_ * 2, how_.pause_max);
    const auto half = pause_ / 2;
    const auto wanted = half + std::chrono::milliseconds{std::uniform_int_distribution<std::chrono::milliseconds::rep>{
                                   0, (pause_ - half).count()}(random_)};
    std::this_thread::sleep_until(std::min(std::chrono::steady_clock::now() + wanted, end_));
    return is_in_time();
}

std::vector<node_job> node_links::for_owners(const std::string& command) const {
    std::set<std::uint16_t> owners{map_.owner.begin(), map_.owner.end()};
    owners.erase(slot_map::nobody);
    std::vector<node_job> jobs;
    for (const auto one : owners)
        jobs.push_back({.to = map_.nodes[one], .bytes = {boost::asio::buffer(command)}, .commands = 1});
    return jobs;
}

std::shared_ptr<node_link> node_links::link_to(const node_address& node) {
    auto& link = links_[node.text()];
    if (link == nullptr) link = std::make_shared<node_link>(context_, node, how_);
    return link;
}

// Connections to nodes that are of the cluster no more.
void node_links::forget_others() {
    std::erase_if(links_, [&](const auto& one) {
        const auto is_it = [&](const node_address& node) { return node.text() == one.first; };
        return std::ranges::none_of(map_.nodes, is_it) && std::ranges::none_of(first_, is_it);
    });
}

}  // namespace xacthuc::inline v0_1::cluster
