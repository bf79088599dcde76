// SPDX-License-Identifier: Apache-2.0
// The native threads of one Python call: started by it, ended before it returns, with the interpreter lock released for
// as long as they work. The calling thread is one of them; several times a second it stops for the lock, to tell how
// far they are and to let Ctrl-C through.
#pragma once

#include <nanobind/nanobind.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace xacthuc::python {

namespace nb = nanobind;

class working_threads {
  public:
    static constexpr unsigned count_max = 1024;

    // `threads`: how many, or None for as many as the process may run on. `progress`: a callable that takes the units
    // done and is told about four times a second, True for a bar (whose label is `what`, and whose end is the length of
    // `over` where that is known), or None.
    // Throws argument_error when threads is not 1 to count_max.
    working_threads(nb::handle threads, nb::handle progress, const char* what, nb::handle over = {});

    // Calls work(first, end) for pieces of [0, units), from any of the threads, until all are done. What a call throws
    // is thrown on, when all threads have stopped at the end of their pieces; so is KeyboardInterrupt. Requires: the
    // interpreter lock is held; work does not need it, and may be called for pieces at the same time.
    void share_out(std::uint64_t units, std::uint64_t piece,
                   const std::function<void(std::uint64_t, std::uint64_t)>& work);

    // For long functions of the library that report themselves: tells progress, lets Ctrl-C through by throwing.
    // Requires: the lock is not held; the calling thread.
    void report(std::uint64_t done_now);
    // Tells the last state of things, and ends the bar. Requires: the lock is held.
    void finish();

    [[nodiscard]] unsigned count() const noexcept;

  private:
    using clock = std::chrono::steady_clock;

    unsigned wanted_ = 0;  // 0: as many as there are processors
    nb::object progress_;
    std::uint64_t done_before_ = 0;  // in share_out() calls that have ended
    std::uint64_t done_ = 0;
    clock::time_point next_report_;
};

}  // namespace xacthuc::python
