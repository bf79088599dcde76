// SPDX-License-Identifier: Apache-2.0
// One thread of the service with its event loop, its connections and its doors. Nothing on the way of a request is
// shared with other threads but the register.
//
//   tick    wait for the kernel, then run all that it brought: reads, parses, joins the batch
//   end     verify the batch, write every answer
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "service/listener.hpp"
#include "service/metrics.hpp"
#include "service/routes.hpp"
#include "service/served_register.hpp"
#include "service/signature_keys.hpp"
#include "service/tick_batch.hpp"
#include "service/tls.hpp"

namespace xacthuc::inline v0_1::service {

class connection;

// What the threads share.
struct shared_state {
    served_register* source = nullptr;
    bool has_desk = true;
    std::atomic<bool> drains{false};
    std::atomic<std::size_t> connections{0};
    std::atomic<std::size_t> buffered_bytes{0};
    std::vector<const thread_metrics*> metrics;  // of every worker, before any runs
};

// What may be taken anew while the service runs.
struct reloadable {
    std::shared_ptr<const tls_identity> identity;  // null where there is no TLS
    std::shared_ptr<const signature_keys> signatures;
};

class worker {
  public:
    worker(shared_state& all, const limits& most, const reloadable& with);
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;
    ~worker();

    void open_door(open_socket listening, const listener_settings& as);
    // Runs until stop().
    void run();

    // From any thread: done between two ticks.
    template <class What>
    void post(What&& what) {
        boost::asio::post(context_, std::forward<What>(what));
    }
    void stop();
    // Within the thread.
    void use(const limits& most, const reloadable& with);
    void close_doors();
    void drain();
    void look_at_holds();
    // From any thread: whether answers wait for the ledger.
    [[nodiscard]] bool has_holds() const noexcept { return has_holds_.load(std::memory_order_relaxed); }

    // For connections and routes.
    [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }
    [[nodiscard]] const limits& most() const noexcept { return most_; }
    [[nodiscard]] shared_state& all() noexcept { return all_; }
    [[nodiscard]] thread_metrics& metrics() noexcept { return metrics_; }
    [[nodiscard]] const thread_metrics& metrics() const noexcept { return metrics_; }
    [[nodiscard]] class routes& routes() noexcept { return routes_; }
    [[nodiscard]] tick_batch& batch() noexcept { return batch_; }
    void answer_batch();
    [[nodiscard]] const signature_keys& signatures() const noexcept { return *with_.signatures; }
    [[nodiscard]] used_nonces& nonces() noexcept { return all_.source->nonces(); }
    [[nodiscard]] const register_in_use* in_use();
    [[nodiscard]] std::int64_t now_unix_ms() const noexcept { return now_unix_ms_; }
    [[nodiscard]] std::chrono::steady_clock::time_point now() const noexcept { return now_; }
    [[nodiscard]] const std::string& date() const noexcept { return date_; }
    [[nodiscard]] std::int64_t age_ms() const noexcept { return all_.source->age_ms(now_unix_ms_); }
    [[nodiscard]] readiness look() const noexcept;
    [[nodiscard]] std::string metrics_of_all() const;
    [[nodiscard]] std::string& read_buffer() noexcept { return read_buffer_; }
    [[nodiscard]] std::string& plain_buffer() noexcept { return plain_buffer_; }
    // The connection has had a part in this tick.
    void touch(std::shared_ptr<connection> which) {
        // The first of a tick comes right after the wait, which no time that was told before it knows of.
        if (touched_.empty()) tell_time();
        touched_.push_back(std::move(which));
    }
    void hold(std::shared_ptr<connection> which);
    void forget(const connection* which);

  private:
    struct door;

    void await_clients(const std::shared_ptr<door>& at);
    void take_clients(const std::shared_ptr<door>& at);
    void take_client(const door& at, int socket);
    [[nodiscard]] std::vector<std::shared_ptr<connection>> open_connections() const;
    void end_tick();
    void end();
    void tell_time();
    void watch_times();

    shared_state& all_;
    limits most_;
    reloadable with_;
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    boost::asio::steady_timer watching_;
    std::vector<std::shared_ptr<door>> doors_;
    std::unordered_map<const connection*, std::shared_ptr<connection>> connections_;
    std::vector<std::shared_ptr<connection>> touched_;
    std::vector<std::shared_ptr<connection>> held_;
    std::atomic<bool> has_holds_{false};
    thread_metrics metrics_;
    class routes routes_;
    tick_batch batch_;
    std::shared_ptr<const register_in_use> in_use_;
    std::uint64_t in_use_version_ = 0;
    std::int64_t now_unix_ms_ = 0;
    std::int64_t date_second_ = -1;
    std::chrono::steady_clock::time_point now_{};
    std::string date_;
    std::string read_buffer_;
    std::string plain_buffer_;
};

}  // namespace xacthuc::inline v0_1::service
