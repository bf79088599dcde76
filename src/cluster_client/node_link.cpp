// SPDX-License-Identifier: Apache-2.0
#include "cluster_client/node_link.hpp"

#include <sys/socket.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <utility>

#include "cluster_client/server_errors.hpp"

namespace xacthuc::inline v0_1::cluster {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// Whether a connection that nobody reads has neither ended nor brought what nobody asked for.
[[nodiscard]] bool is_quiet(asio::ip::tcp::socket& socket) noexcept {
    char one = 0;
    const auto size = ::recv(socket.native_handle(), &one, 1, MSG_PEEK | MSG_DONTWAIT);
    return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

// Commands that say who we are.
[[nodiscard]] std::string greeting_of(const cluster_options& how) {
    std::string text;
    if (how.password.empty()) return text;
    if (how.user.empty()) {
        append_command(text, {"AUTH", how.password});
    } else {
        append_command(text, {"AUTH", how.user, how.password});
    }
    return text;
}

}  // namespace

void node_link::start(node_job& job, std::function<void()> done) {
    job_ = &job;
    done_ = std::move(done);
    // Bytes that nobody asked for would be taken for the answer to what is asked next.
    if (connection_ != nullptr && connection_->reader.is_empty() && is_quiet(connection_->socket)) {
        const auto by = connection_;
        wait_again(by);
        write(by);
        read(by);
        return;
    }
    if (connection_ != nullptr) {
        error_code ignored;
        connection_->socket.close(ignored);
    }
    connection_ = std::make_shared<connection>(*by_);
    connection_->greeting = greeting_of(*how_);
    connection_->greetings_wanted = connection_->greeting.empty() ? 0 : 1;
    wait_again(connection_);
    connect(connection_);
}

void node_link::stop(error_code why) {
    if (job_ != nullptr) fail(why, why.message());
}

void node_link::connect(const kept& by) {
    error_code is_name;
    const auto address = asio::ip::make_address(to_.host, is_name);
    if (!is_name) return connect_to(by, {tcp::endpoint{address, to_.port}});
    by->resolver.async_resolve(to_.host, std::to_string(to_.port),
                               [me = shared_from_this(), by](error_code error, const auto& found) {
                                   if (!me->is_at_work(by)) return;
                                   if (error) return me->fail(error, error.message());
                                   std::vector<tcp::endpoint> all;
                                   for (const auto& each : found) all.push_back(each.endpoint());
                                   me->connect_to(by, all);
                               });
}

void node_link::connect_to(const kept& by, const std::vector<tcp::endpoint>& all) {
    asio::async_connect(by->socket, all, [me = shared_from_this(), by](error_code error, const tcp::endpoint&) {
        if (!me->is_at_work(by)) return;
        if (error) return me->fail(error, error.message());
        by->socket.set_option(tcp::no_delay{true}, error);
        me->wait_again(by);
        me->write(by);
        me->read(by);
    });
}

void node_link::write(const kept& by) {
    auto bytes = job_->bytes;
    by->is_writing = true;
    if (!by->greeting.empty()) bytes.insert(bytes.begin(), asio::buffer(by->greeting));
    asio::async_write(by->socket, bytes, [me = shared_from_this(), by](error_code error, std::size_t) {
        if (!me->is_at_work(by)) return;
        by->is_writing = false;
        // Why a connection ended is in what can still be read.
        if (error) return;
        by->greeting.clear();
        if (me->job_->replies.size() == me->job_->commands) me->finish();
    });
}

void node_link::read(const kept& by) {
    by->socket.async_read_some(asio::buffer(by->came),
                               [me = shared_from_this(), by](error_code error, std::size_t bytes) {
                                   if (!me->is_at_work(by)) return;
                                   if (error) return me->fail(error, error.message());
                                   me->wait_again(by);
                                   by->reader.feed({by->came.data(), bytes});
                                   me->take(by);
                               });
}

void node_link::take(const kept& by) {
    while (job_->replies.size() < job_->commands) {
        auto one = by->reader.next();
        if (!one) break;
        if (by->greetings_wanted != 0) {
            --by->greetings_wanted;
            if (one->is(reply::kind::error)) return fail(code_of_error(one->text), one->text);
            continue;
        }
        job_->replies.push_back(*std::move(one));
    }
    if (!by->reader.problem().empty())
        return fail(boost::system::errc::make_error_code(boost::system::errc::protocol_error),
                    "no reply of a server: " + std::string{by->reader.problem()});
    if (job_->replies.size() < job_->commands) return read(by);
    // Whoever answers what has not been asked is no server, and the bytes have to stay until they are sent.
    if (!by->is_writing) finish();
}

void node_link::wait_again(const kept& by) {
    by->silence.expires_after(how_->silence_max);
    by->silence.async_wait([me = shared_from_this(), by](error_code error) {
        if (!error && me->is_at_work(by) && by->silence.expiry() <= std::chrono::steady_clock::now())
            me->fail(asio::error::timed_out,
                     "said nothing for " + std::to_string(me->how_->silence_max.count()) + " ms");
    });
}

void node_link::fail(error_code code, std::string what) {
    if (connection_ != nullptr) {
        error_code ignored;
        connection_->resolver.cancel();
        connection_->silence.cancel();
        connection_->socket.close(ignored);
        connection_ = nullptr;
    }
    job_->failure = node_failure{to_.text(), code, std::move(what)};
    finish();
}

void node_link::finish() {
    if (connection_ != nullptr) connection_->silence.cancel();
    job_ = nullptr;
    const auto done = std::exchange(done_, nullptr);
    if (done) done();
}

}  // namespace xacthuc::inline v0_1::cluster
