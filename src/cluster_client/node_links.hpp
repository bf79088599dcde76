// SPDX-License-Identifier: Apache-2.0
// The connections to all nodes, the slot map, and the calls that every operation is made of.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/error.hpp>

#include "cluster_client/node_link.hpp"

namespace xacthuc::inline v0_1::cluster {

// Concurrency: single thread.
class node_links {
  public:
    node_links(std::vector<node_address> first, const cluster_options& how)
        : how_{how}, end_timer_{context_}, first_{std::move(first)}, random_{std::random_device{}()} {}

    [[nodiscard]] const cluster_options& how() const noexcept { return how_; }
    [[nodiscard]] const slot_map& map() const noexcept { return map_; }

    // Begins a call: its time, its failures.
    void begin_call();
    [[nodiscard]] bool is_in_time() const noexcept { return std::chrono::steady_clock::now() < end_; }
    void note(const node_failure& why);
    void note_error(const node_address& of, std::string_view error);
    [[nodiscard]] std::vector<node_failure> failures() const;

    // Runs all jobs, at once, until each has its replies or a failure; those are noted.
    void run(std::span<node_job> jobs);

    // Reads the slot map, from the first node that has one; each time another is asked first.
    // Errors: of the last node that was asked.
    [[nodiscard]] detailed_result<void> read_map();

    // Waits before another round, longer from time to time, as long as `got_better` is false. Returns whether there is
    // time left.
    [[nodiscard]] bool pause(bool got_better);

    // A job for each node that owns slots: the same command.
    [[nodiscard]] std::vector<node_job> for_owners(const std::string& command) const;

  private:
    [[nodiscard]] std::shared_ptr<node_link> link_to(const node_address& node);
    void forget_others();

    cluster_options how_;
    boost::asio::io_context context_{1};
    boost::asio::steady_timer end_timer_;
    std::vector<node_address> first_;  // that the user named
    slot_map map_;
    std::map<std::string, std::shared_ptr<node_link>> links_;
    std::chrono::steady_clock::time_point end_;
    std::chrono::milliseconds pause_{};
    std::map<std::string, node_failure> failures_;
    std::size_t next_asked_ = 0;
    std::minstd_rand random_;
};

}  // namespace xacthuc::inline v0_1::cluster
