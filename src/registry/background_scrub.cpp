// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <new>
#include <thread>
#include <utility>
#include <xacthuc/registry/background_scrub.hpp>

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::size_t damaged_listed_max = 100;

void add(registry_scrub_report& to, const registry_scrub_report& part) {
    to.partitions += part.partitions;
    to.live += part.live;
    to.damaged_slots += part.damaged_slots;
    to.partitions_repaired += part.partitions_repaired;
    for (const auto partition : part.damaged_partitions)
        if (to.damaged_partitions.size() < damaged_listed_max) to.damaged_partitions.push_back(partition);
}

}  // namespace

struct background_scrub::state {
    registry& of;
    std::chrono::duration<double> pause;
    mutable std::mutex guard{};
    std::condition_variable_any wakes{};
    progress so_far{};
    std::jthread thread{};  // last: it uses the others

    // A scrub for which there is no memory now is one that failed; what is thrown must not leave the thread.
    [[nodiscard]] detailed_result<registry_scrub_report> scrub(std::size_t partition) const noexcept {
        try {
            return of.scrub(partition, 1);
        } catch (const std::exception&) {
            return failure{errc::out_of_memory, {}};
        }
    }
    void note(detailed_result<registry_scrub_report> found) noexcept {
        try {
            if (found)
                add(so_far.found, *found);
            else
                so_far.last_failure = found.error();
        } catch (const std::bad_alloc&) {
            so_far.last_failure = failure{errc::out_of_memory, {}};
        }
    }
    void work(const std::stop_token& stop) {
        for (std::size_t partition = 0; !stop.stop_requested(); partition = (partition + 1) % partition_count) {
            auto found = scrub(partition);
            std::unique_lock lock{guard};
            note(std::move(found));
            if (partition + 1 == partition_count) ++so_far.passes;
            wakes.wait_for(lock, stop, pause, [] { return false; });
        }
    }
};

background_scrub::background_scrub(registry& of, const background_scrub_options& how)
    : state_{new state{of, std::chrono::duration<double>{1 / std::max(how.partitions_per_second, 1e-3)}}} {
    state_->thread = std::jthread{[s = state_.get()](const std::stop_token& stop) { s->work(stop); }};
}

background_scrub::~background_scrub() = default;

background_scrub::progress background_scrub::so_far() const {
    const std::lock_guard lock{state_->guard};
    return state_->so_far;
}

}  // namespace xacthuc::inline v0_1
