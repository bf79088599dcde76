// SPDX-License-Identifier: Apache-2.0
// How native code gives the interpreter lock away and takes it back, and how it calls Python: also while Python ends.
// A thread that is a daemon may be in the middle of a call then. Until Python 3.13 the interpreter ends such a thread
// by pthread_exit(), as soon as it asks for the lock; that unwinds its stack, through functions that must not be
// unwound, which aborts the process, and through destructors that touch objects without the lock. Here it is stopped
// where it begins, and the thread sleeps until the process is gone, as later Pythons have it.
//
// All that may ask for the lock, or run Python's own code, is called by these functions and by no others.
#pragma once

#include <nanobind/nanobind.h>

#include <exception>
#include <type_traits>
#include <utility>

namespace xacthuc::python {

namespace nb = nanobind;

// Sleeps until the process ends.
[[noreturn]] void stay() noexcept;

// Sleeps where a stack is unwound with no exception of C++ to it. Not by a handler: while another exception is being
// handled, as where one is made Python's, the C++ library ends the process rather than let a second, foreign one in.
class unwinding_stops_here {
  public:
    unwinding_stops_here() noexcept = default;
    unwinding_stops_here(const unwinding_stops_here&) = delete;
    unwinding_stops_here& operator=(const unwinding_stops_here&) = delete;
    ~unwinding_stops_here() {
        if (!is_back_ && std::uncaught_exceptions() == exceptions_before_) stay();
    }

    void is_back() noexcept { is_back_ = true; }

  private:
    int exceptions_before_ = std::uncaught_exceptions();
    bool is_back_ = false;
};

// call(), from which a thread whose interpreter is gone does not come back. It has a frame of its own, for in that of a
// function that is noexcept a compiler may leave the destructor out. Requires: nothing in `call` but calls of C
// functions, for a destructor in it would run without the lock.
template <class Call>
[[gnu::noinline]] auto or_stay(Call call) {
    unwinding_stops_here guard;
    if constexpr (std::is_void_v<decltype(call())>) {
        call();
        guard.is_back();
    } else {
        const auto made = call();
        guard.is_back();
        return made;
    }
}

// While it lives, this thread is in code of another library, which may ask for the lock in frames of its own: pyarrow's
// must not be unwound either, and nothing here could stop that. So Python waits, before it ends, until such threads are
// out (ending_begins()), and who comes later is held back until the process is gone.
// Requires: the lock is held when it is made.
class among_others {
  public:
    among_others();
    among_others(const among_others&) = delete;
    among_others& operator=(const among_others&) = delete;
    ~among_others();

    // Whether Python ends. What is only tidied up is then better left.
    [[nodiscard]] static bool is_late() noexcept;
};

// For atexit: waits a moment at most, with the lock released.
void ending_begins();

// In a child of fork() only the thread that forked is left; it waits for no others. To be called once.
void count_no_threads_in_children();

// While it lives, other threads may run Python. Requires: the lock is held.
class lock_released {
  public:
    lock_released() noexcept : thread_{PyEval_SaveThread()} {}
    lock_released(const lock_released&) = delete;
    lock_released& operator=(const lock_released&) = delete;
    ~lock_released() {
        or_stay([this] { PyEval_RestoreThread(thread_); });
    }

  private:
    PyThreadState* thread_;
};

// Inside one: the lock is held again for as long as this lives.
class lock_held {
  public:
    lock_held() : before_{or_stay([] { return PyGILState_Ensure(); })} {}
    lock_held(const lock_held&) = delete;
    lock_held& operator=(const lock_held&) = delete;
    ~lock_held() { PyGILState_Release(before_); }

  private:
    PyGILState_STATE before_;
};

// What a function of the C interface returned, or the exception that it set, thrown.
[[nodiscard]] nb::object taken(PyObject* made);

[[nodiscard]] nb::object called_with(nb::handle what, const nb::tuple& arguments);

// what(arguments…). Throws python_error.
template <class... Arguments>
nb::object call_python(nb::handle what, Arguments&&... arguments) {
    return called_with(what, nb::make_tuple(std::forward<Arguments>(arguments)...));
}

// Attributes, which types may compute. has_attribute() is false where that fails.
[[nodiscard]] nb::object attribute(nb::handle of, const char* name);
[[nodiscard]] bool has_attribute(nb::handle of, const char* name) noexcept;

// A function or class of a module of ours, which is imported.
[[nodiscard]] nb::object from_module(const char* module, const char* name);

}  // namespace xacthuc::python
