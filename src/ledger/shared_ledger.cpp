// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <new>
#include <thread>
#include <xacthuc/ledger/shared_ledger.hpp>

namespace xacthuc::inline v0_1 {

detailed_result<void> shared_ledger::publish_alone(std::int64_t now_unix_ms) {
    if (failed_) return *failed_;
    if (is_closed_) return failure{errc::ledger_stopped, "it was closed"};
    // Without memory the ledger has stopped as well, and only this call knows why.
    failed_.emplace(failure{errc::ledger_stopped, {}});
    auto done = ledger_.publish(now_unix_ms);
    if (done) {
        failed_.reset();
        return done;
    }
    *failed_ = done.error();
    return done;
}

detailed_result<void> shared_ledger::publish(std::int64_t now_unix_ms) {
    const std::lock_guard alone{owning_};
    return publish_alone(now_unix_ms);
}

detailed_result<void> shared_ledger::settle(const ledger_ticket& ticket, std::int64_t now_unix_ms) {
    // A call that came before may not be there whole yet, and holds back those behind it.
    constexpr std::chrono::microseconds until_it_is_there{50};
    while (!ledger_.is_published(ticket)) {
        {
            const std::lock_guard alone{owning_};
            if (ledger_.is_published(ticket)) return {};
            if (auto done = publish_alone(now_unix_ms); !done) return done;
            if (ledger_.is_published(ticket)) return {};
        }
        std::this_thread::sleep_for(until_it_is_there);
    }
    return {};
}

detailed_result<void> shared_ledger::gather(std::int64_t now_unix_ms) {
    const std::lock_guard alone{owning_};
    if (failed_) return *failed_;
    if (is_closed_) return failure{errc::ledger_stopped, "it was closed"};
    if (auto done = ledger_.gather(now_unix_ms); !done) {
        failed_ = done.error();
        return done.error();
    }
    return {};
}

detailed_result<void> shared_ledger::close(std::int64_t now_unix_ms) {
    const std::lock_guard alone{owning_};
    if (is_closed_) return {};
    // First of all, so that nothing comes after what is published last.
    ledger_.queue().stop();
    auto done = publish_alone(now_unix_ms);
    ledger_.queue().stop();  // which witnesses may have let go on
    is_closed_ = done.has_value();
    return done;
}

}  // namespace xacthuc::inline v0_1
