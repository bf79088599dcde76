// SPDX-License-Identifier: Apache-2.0
#include "working_threads.hpp"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace xacthuc::python {
namespace {

constexpr auto report_every = std::chrono::milliseconds{250};
constexpr auto first_report_after = std::chrono::milliseconds{50};
constexpr std::uint64_t few_units = 64;

[[nodiscard]] unsigned processors() noexcept {
    cpu_set_t set;
    const bool known = sched_getaffinity(0, sizeof set, &set) == 0;
    const auto number = known ? static_cast<unsigned>(CPU_COUNT(&set)) : std::thread::hardware_concurrency();
    return std::clamp(number, 1U, working_threads::count_max);
}

}  // namespace

working_threads::working_threads(nb::handle threads, nb::handle progress, const char* what, nb::handle over)
    : progress_{nb::none()}, next_report_{clock::now() + first_report_after} {
    if (!progress.is_none() && !progress.is(Py_False)) {
        const auto bars = nb::module_::import_("xacthuc.progress");
        progress_ = bars.attr("start")(progress, what, over.is_valid() ? bars.attr("rows_of")(over) : nb::none());
    }
    if (threads.is_none()) return;
    if (!nb::try_cast(threads, wanted_) || wanted_ == 0 || wanted_ > count_max)
        throw nb::value_error("threads: wanted 1 to 1024, or None for as many as there are processors");
}

unsigned working_threads::count() const noexcept {
    return wanted_ == 0 ? processors() : wanted_;
}

void working_threads::share_out(std::uint64_t units, std::uint64_t piece,
                                const std::function<void(std::uint64_t, std::uint64_t)>& work) {
    if (units <= few_units) {  // not worth giving the lock away
        work(0, units);
        done_ = done_before_ += units;
        return;
    }
    const nb::gil_scoped_release others_may_run;
    std::atomic<std::uint64_t> next{0};
    std::atomic<std::uint64_t> done{0};
    std::atomic<bool> stop{false};
    std::mutex guard;
    std::exception_ptr thrown;
    const auto run = [&](bool is_caller) noexcept {
        try {
            for (auto first = next.fetch_add(piece); first < units && !stop; first = next.fetch_add(piece)) {
                const auto end = std::min(units, first + piece);
                work(first, end);
                const auto so_far = done.fetch_add(end - first) + end - first;
                if (is_caller) report(done_before_ + so_far);
            }
        } catch (...) {
            stop = true;
            const std::lock_guard lock{guard};
            thrown = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> others;
        const auto pieces = (units + piece - 1) / piece;
        const auto threads = pieces == 1 ? 1 : std::min<std::uint64_t>(count(), pieces);
        try {
            for (std::uint64_t i = 1; i < threads; ++i) others.emplace_back(run, false);
        } catch (const std::system_error&) {  // fewer, then
        }
        run(true);
    }
    if (thrown) std::rethrow_exception(thrown);
    done_ = done_before_ += units;
}

void working_threads::report(std::uint64_t done_now) {
    if (clock::now() < next_report_) return;
    const nb::gil_scoped_acquire lock;
    next_report_ = clock::now() + report_every;
    done_ = done_now;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    if (!progress_.is_none()) progress_(done_now);
}

void working_threads::finish() {
    if (progress_.is_none()) return;
    progress_(done_);
    if (nb::hasattr(progress_, "close")) progress_.attr("close")();
}

}  // namespace xacthuc::python
