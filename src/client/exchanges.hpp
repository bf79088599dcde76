// SPDX-License-Identifier: Apache-2.0
// What the calls of one client share: where the service is, who asks, and the connections. One that is free is used
// again, the youngest first; beyond the most there may be, calls wait for one in their order.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>
#include <xacthuc/client/client_options.hpp>
#include <xacthuc/domain/error.hpp>

#include "client/service_url.hpp"
#include "client/wire.hpp"

namespace xacthuc::inline v0_1::client {

class exchange;

// Concurrency: the strand, but for what never changes.
class exchanges : public std::enable_shared_from_this<exchanges> {
  public:
    [[nodiscard]] static detailed_result<std::shared_ptr<exchanges>> open(const boost::asio::any_io_executor& by,
                                                                          std::string_view url,
                                                                          const client_options& how);

    [[nodiscard]] const strand& on() const noexcept { return on_; }
    [[nodiscard]] const service_url& to() const noexcept { return to_; }
    [[nodiscard]] const client_options& as() const noexcept { return as_; }

    // Gives it a connection, now or when one is free.
    void hand_out(std::shared_ptr<exchange> to);
    // Takes one back that can be used again, or only the place of one that cannot.
    void take_back(std::shared_ptr<wire> free);

  private:
    struct idle_wire {
        std::shared_ptr<wire> one;
        std::chrono::steady_clock::time_point since;
    };

    exchanges(const boost::asio::any_io_executor& by, service_url to, client_options how)
        : on_{by}, to_{std::move(to)}, as_{std::move(how)} {}
    [[nodiscard]] detailed_result<void> load_tls();
    [[nodiscard]] std::shared_ptr<wire> idle_one();

    strand on_;
    service_url to_;
    client_options as_;
    std::optional<boost::asio::ssl::context> tls_;
    std::vector<idle_wire> idle_;
    std::deque<std::shared_ptr<exchange>> waiting_;
    std::size_t busy_ = 0;
};

}  // namespace xacthuc::inline v0_1::client
