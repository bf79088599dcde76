// SPDX-License-Identifier: Apache-2.0
// One connection to a node, and the commands that are on their way by it.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <xacthuc/cluster_client/cluster_answers.hpp>
#include <xacthuc/cluster_client/cluster_options.hpp>

#include "cluster_client/resp.hpp"
#include "cluster_client/slot_map.hpp"

namespace xacthuc::inline v0_1::cluster {

// Commands for one node, and what it said. There are as many replies as commands, or a failure and fewer.
struct node_job {
    node_address to;
    std::vector<boost::asio::const_buffer> bytes{};  // of the commands, one behind the other
    std::size_t commands = 0;
    std::vector<reply> replies{};
    std::optional<node_failure> failure{};
};

// Kept from job to job as long as nothing goes wrong.
// Concurrency: of the thread that runs the context.
class node_link : public std::enable_shared_from_this<node_link> {
  public:
    // Requires: `by` and `how` outlive it.
    node_link(boost::asio::io_context& by, node_address to, const cluster_options& how)
        : by_{&by}, how_{&how}, to_{std::move(to)} {}

    // Calls done() when the job has its replies or a failure. Requires: the job before is done; this one and what it
    // has a view of stay until then.
    void start(node_job& job, std::function<void()> done);
    // Ends the job that is on its way, if there is one, with this failure.
    void stop(boost::system::error_code why);

  private:
    using tcp = boost::asio::ip::tcp;
    // What one connection needs. Handlers of a connection that was given up find that it is not the link's any more.
    struct connection {
        explicit connection(boost::asio::io_context& by) : resolver{by}, socket{by}, silence{by} {}
        tcp::resolver resolver;
        tcp::socket socket;
        boost::asio::steady_timer silence;
        reply_reader reader;
        std::string greeting;              // commands that come before those of the first job
        std::size_t greetings_wanted = 0;  // replies to them that have not come
        bool is_writing = false;
        std::array<char, std::size_t{64} << 10> came;
    };
    using kept = std::shared_ptr<connection>;

    void connect(const kept& by);
    void connect_to(const kept& by, const std::vector<tcp::endpoint>& all);
    void write(const kept& by);
    void read(const kept& by);
    void take(const kept& by);
    void wait_again(const kept& by);
    void fail(boost::system::error_code code, std::string what);
    void finish();
    // Whether the handler of a connection has still somebody to tell.
    [[nodiscard]] bool is_at_work(const kept& by) const noexcept { return job_ != nullptr && by == connection_; }

    boost::asio::io_context* by_;
    const cluster_options* how_;
    node_address to_;
    kept connection_;
    node_job* job_ = nullptr;
    std::function<void()> done_;
};

}  // namespace xacthuc::inline v0_1::cluster
