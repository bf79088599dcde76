// SPDX-License-Identifier: Apache-2.0
#include "service/server.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "service/listener.hpp"
#include "service/wall_clock.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

constexpr std::chrono::milliseconds between_drains{10};

[[nodiscard]] detailed_result<reloadable> load_reloadable(const settings& of) {
    reloadable made;
    if (of.tls) {
        auto identity = tls_identity::load(*of.tls);
        if (!identity) return identity.error();
        made.identity = *std::move(identity);
    }
    auto keys = signature_keys::load(of.signatures);
    if (!keys) return keys.error();
    made.signatures = *std::move(keys);
    return made;
}

}  // namespace

server::server(const settings& of, tell_line tell) : settings_{of}, tell_{std::move(tell)} {
    if (settings_.threads == 0) settings_.threads = std::max(1U, std::thread::hardware_concurrency());
}

detailed_result<void> server::check(const settings& of) {
    if (const auto with = load_reloadable(of); !with) return with.error();
    return served_register::check(of);
}

detailed_result<std::unique_ptr<server>> server::start(const settings& of, tell_line tell,
                                                       std::function<void(const failure&)> failed) {
    const auto with = load_reloadable(of);
    if (!with) return with.error();
    std::unique_ptr<server> made{new server{of, std::move(tell)}};
    auto source = served_register::open(made->settings_, made->tell_);
    if (!source) return source.error();
    made->source_ = *std::move(source);
    made->all_.source = made->source_.get();
    made->all_.has_desk = of.has_desk;
    if (const auto opened = made->open_doors(*with); !opened) return opened.error();
    auto& workers = made->workers_;
    made->source_->start(std::move(failed), [&workers] {
        for (const auto& each : workers)
            if (each->has_holds()) each->post([to = each.get()] { to->look_at_holds(); });
    });
    for (const auto& each : workers) made->threads_.emplace_back([to = each.get()] { to->run(); });
    return made;
}

detailed_result<void> server::open_doors(const reloadable& with) {
    for (unsigned k = 0; k < settings_.threads; ++k) {
        workers_.push_back(std::make_unique<worker>(all_, settings_.most, with));
        all_.metrics.push_back(&std::as_const(*workers_.back()).metrics());
    }
    for (auto& each : settings_.listeners) {
        auto sockets = listen_at(each, settings_.threads);
        if (!sockets) return sockets.error();
        for (unsigned k = 0; k < settings_.threads; ++k) workers_[k]->open_door(std::move((*sockets)[k]), each);
    }
    return {};
}

server::~server() {
    end();
}

bool server::is_ready() const noexcept {
    return !all_.drains.load(std::memory_order_relaxed) &&
           source_->look(unix_ms_now(), settings_.most.stale.count()).is_ready();
}

void server::each_worker(const std::function<void(worker&)>& what) {
    for (const auto& each : workers_) each->post([to = each.get(), what] { what(*to); });
}

detailed_result<void> server::reload(const settings& of) {
    const auto with = load_reloadable(of);
    if (!with) return with.error();
    if (const auto done = source_->reload_policy(of); !done) return done.error();
    // Before a thread knows of a key.
    if (!of.signatures.agencies.empty()) source_->open_nonces(of.signatures.max_ahead);
    settings_.most = of.most;
    each_worker([most = of.most, with = *with](worker& each) { each.use(most, with); });
    return {};
}

void server::end() {
    if (std::exchange(has_ended_, true)) return;
    using clock = std::chrono::steady_clock;
    if (!threads_.empty()) {
        all_.drains = true;
        std::this_thread::sleep_for(settings_.most.drain_notice);
        each_worker([](worker& each) { each.close_doors(); });
        const auto until = clock::now() + settings_.most.drain;
        while (all_.connections.load() != 0 && clock::now() < until) {
            each_worker([](worker& each) { each.drain(); });
            std::this_thread::sleep_for(between_drains);
        }
    }
    for (const auto& each : workers_) each->stop();
    for (auto& each : threads_) each.join();
    if (source_) source_->stop();
    for (const auto& each : settings_.listeners)
        if (!each.socket.empty() && !threads_.empty()) ::unlink(each.socket.c_str());
}

}  // namespace xacthuc::inline v0_1::service
