// SPDX-License-Identifier: Apache-2.0
#include "service/worker.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cerrno>
#include <utility>

#include "service/answer_text.hpp"
#include "service/connection.hpp"
#include "service/wall_clock.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t read_bytes = std::size_t{64} << 10;
constexpr milliseconds between_looks{100};  // at who has waited too long
constexpr unsigned clients_a_tick = 16;     // of one door, so that those that are there have their turn

}  // namespace

// A socket that clients connect to.
struct worker::door {
    door(boost::asio::io_context& on, int socket, const listener_settings& how)
        : descriptor{on, socket}, as{std::make_shared<const listener_settings>(how)} {}

    boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> descriptor;
    std::shared_ptr<const listener_settings> as;
};

worker::worker(shared_state& all, const limits& most, const reloadable& with)
    : all_{all},
      most_{most},
      with_{with},
      work_{context_.get_executor()},
      watching_{context_},
      routes_{*this},
      read_buffer_(read_bytes, '\0') {}

worker::~worker() = default;

void worker::open_door(open_socket listening, const listener_settings& as) {
    doors_.push_back(std::make_shared<door>(context_, listening.release(), as));
    await_clients(doors_.back());
}

void worker::run() {
    tell_time();
    watch_times();
    while (!context_.stopped()) {
        context_.run_one();
        tell_time();
        // What else the tick brought. A connection is not read again before it has its answers, so this ends.
        context_.poll();
        end_tick();
    }
    end();
}

// Whoever waits for something lets go of it, so that nothing is left that knows this.
void worker::end() {
    close_doors();
    watching_.cancel();
    held_.clear();
    for (const auto& each : open_connections()) each->close();
    context_.restart();
    context_.poll();
}

std::vector<std::shared_ptr<connection>> worker::open_connections() const {
    std::vector<std::shared_ptr<connection>> open;
    open.reserve(connections_.size());
    for (const auto& [key, each] : connections_) open.push_back(each);
    return open;
}

void worker::stop() {
    post([this] {
        work_.reset();
        context_.stop();
    });
}

void worker::use(const limits& most, const reloadable& with) {
    most_ = most;
    with_ = with;
}

void worker::close_doors() {
    for (const auto& each : doors_) {
        boost::system::error_code ignored;
        each->descriptor.close(ignored);
    }
    doors_.clear();
}

void worker::drain() {
    for (const auto& each : open_connections()) each->drain();
}

void worker::tell_time() {
    now_ = std::chrono::steady_clock::now();
    now_unix_ms_ = unix_ms_now();
    if (now_unix_ms_ / 1000 == date_second_) return;
    date_second_ = now_unix_ms_ / 1000;
    date_ = http_date(now_unix_ms_);
}

void worker::end_tick() {
    if (touched_.empty()) return;
    metrics_.ticks.add();
    answer_batch();
    auto mine = std::exchange(touched_, {});
    for (const auto& each : mine) each->end_tick();
    mine.clear();
    if (touched_.empty()) touched_ = std::move(mine);
}

void worker::answer_batch() {
    if (!batch_.is_empty())
        batch_.answer({*in_use_, *all_.source, with_.signatures, nonces(), date_, now_unix_ms_}, metrics_);
}

const register_in_use* worker::in_use() {
    // The batch is answered from the register that its names were digested for.
    if (const auto version = all_.source->version(); version != in_use_version_ && batch_.is_empty()) {
        in_use_ = all_.source->current();
        in_use_version_ = version;
    }
    return in_use_.get();
}

readiness worker::look() const noexcept {
    auto found = all_.source->look(now_unix_ms_, most_.stale.count());
    if (all_.drains.load(std::memory_order_relaxed)) found.add(not_ready::draining);
    return found;
}

std::string worker::metrics_of_all() const {
    service_gauges gauges;
    gauges.readiness = look();
    if (with_.identity) gauges.ends = with_.identity->ends();
    gauges.register_age_ms = age_ms();
    gauges.memory_bytes = all_.buffered_bytes.load(std::memory_order_relaxed);
    gauges.alarms = all_.source->alarms();
    if (const auto now = all_.source->current()) {
        const auto facts = now->opened.index().facts();
        gauges.register_sequence = facts.as_of.sequence;
        gauges.register_as_of_unix_ms = facts.as_of.as_of_unix_ms;
        gauges.register_citizens = facts.citizens;
    }
    return metrics_text(all_.metrics, gauges);
}

void worker::hold(std::shared_ptr<connection> which) {
    held_.push_back(std::move(which));
    has_holds_.store(true, std::memory_order_relaxed);
}

void worker::look_at_holds() {
    has_holds_.store(false, std::memory_order_relaxed);
    for (const auto& each : std::exchange(held_, {})) each->look_at_hold();
}

void worker::forget(const connection* which) {
    connections_.erase(which);
}

void worker::await_clients(const std::shared_ptr<door>& at) {
    at->descriptor.async_wait(boost::asio::posix::descriptor_base::wait_read,
                              [this, at](const boost::system::error_code& error) {
                                  if (!error) take_clients(at);
                              });
}

void worker::take_clients(const std::shared_ptr<door>& at) {
    for (unsigned k = 0; k < clients_a_tick; ++k) {
        const int socket = ::accept4(at->descriptor.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            take_client(*at, socket);
            continue;
        }
        if (errno == EINTR || errno == ECONNABORTED) continue;
        if (errno == EAGAIN) break;
        // No descriptors or no memory: those who wait will get theirs when others have ended.
        metrics_.count(limit_met::descriptors);
        const auto later = std::make_shared<boost::asio::steady_timer>(context_, between_looks);
        later->async_wait([this, at, later](const boost::system::error_code& error) {
            if (!error && at->descriptor.is_open()) await_clients(at);
        });
        return;
    }
    await_clients(at);
}

void worker::take_client(const door& at, int socket) {
    open_socket taken{socket};
    if (all_.connections.load(std::memory_order_relaxed) >= most_.connections)
        return metrics_.count(limit_met::connections);
    if (at.as->socket.empty()) {
        const int yes = 1;
        (void)::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
    all_.connections.fetch_add(1, std::memory_order_relaxed);
    metrics_.connections_taken.add();
    auto made = std::make_shared<connection>(*this, taken.release(), at.as,
                                             at.as->with_tls ? with_.identity : std::shared_ptr<const tls_identity>{});
    connections_.emplace(made.get(), made);
    made->start();
}

void worker::watch_times() {
    watching_.expires_after(between_looks);
    watching_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        for (const auto& each : open_connections()) each->check_time(now_);
        watch_times();
    });
}

}  // namespace xacthuc::inline v0_1::service
