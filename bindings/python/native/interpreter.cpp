// SPDX-License-Identifier: Apache-2.0
#include "interpreter.hpp"

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace xacthuc::python {
namespace {

using namespace std::chrono_literals;

// Who is still inside by then is waiting for something that may never come.
constexpr auto waited_for_others_max = 2s;
// Nobody is held back for ever: what ends after this module does, in Python's own order, may be waiting for the thread.
constexpr auto held_back_max = 5s;
constexpr auto looked_every = 1ms;

std::atomic<int> threads_among_others{0};
std::atomic<bool> is_ending{false};
std::atomic<std::thread::id> ending_thread{};

}  // namespace

// The flag is set, and looked at here, with the lock held: a thread is either counted before, or sees it.
among_others::among_others() {
    if (is_late()) {
        const lock_released others_may_run;
        std::this_thread::sleep_for(held_back_max);
    }
    threads_among_others.fetch_add(1);
}

among_others::~among_others() {
    threads_among_others.fetch_sub(1);
}

bool among_others::is_late() noexcept {
    return is_ending.load() && ending_thread.load() != std::this_thread::get_id();
}

void ending_begins() {
    ending_thread = std::this_thread::get_id();
    is_ending = true;
    const lock_released others_may_run;
    const auto end = std::chrono::steady_clock::now() + waited_for_others_max;
    while (threads_among_others.load() > 0 && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(looked_every);
}

void count_no_threads_in_children() {
    (void)pthread_atfork(nullptr, nullptr, [] { threads_among_others = 0; });
}

void stay() noexcept {
    for (;;) pause();
}

nb::object taken(PyObject* made) {
    if (made == nullptr) throw nb::python_error();
    return nb::steal(made);
}

nb::object called_with(nb::handle what, const nb::tuple& arguments) {
    return taken(or_stay([&] { return PyObject_CallObject(what.ptr(), arguments.ptr()); }));
}

nb::object attribute(nb::handle of, const char* name) {
    return taken(or_stay([&] { return PyObject_GetAttrString(of.ptr(), name); }));
}

bool has_attribute(nb::handle of, const char* name) noexcept {
    return or_stay([&] { return PyObject_HasAttrString(of.ptr(), name); }) != 0;
}

nb::object from_module(const char* module, const char* name) {
    const auto imported = taken(or_stay([&] { return PyImport_ImportModule(module); }));
    return attribute(imported, name);
}

}  // namespace xacthuc::python
