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

#include "arguments.hpp"
#include "interpreter.hpp"

namespace xacthuc::python {
namespace {

constexpr auto report_every = std::chrono::milliseconds{250};
constexpr auto first_report_after = std::chrono::milliseconds{50};
constexpr std::uint64_t few_units = 64;
constexpr const char* bars = "xacthuc.progress";

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
        const auto rows = over.is_valid() ? call_python(from_module(bars, "rows_of"), over) : nb::none();
        progress_ = call_python(from_module(bars, "start"), progress, what, rows);
    }
    if (threads.is_none()) return;
    wanted_ = static_cast<unsigned>(whole_number(threads, "threads", 1, count_max));
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
    const lock_released others_may_run;
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
    const lock_held lock;
    next_report_ = clock::now() + report_every;
    done_ = done_now;
    if (or_stay([] { return PyErr_CheckSignals(); }) != 0) throw nb::python_error();
    if (!progress_.is_none()) call_python(progress_, done_now);
}

void working_threads::finish() {
    if (progress_.is_none()) return;
    call_python(progress_, done_);
    if (has_attribute(progress_, "close")) call_python(attribute(progress_, "close"));
}

}  // namespace xacthuc::python
