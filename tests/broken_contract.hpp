// SPDX-License-Identifier: Apache-2.0
// What a call says that was given sizes which do not fit: by an exception, or as the last words of its process.
#pragma once

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <string>

namespace xacthuc::tests {

// The words of the std::invalid_argument that the call throws; "" where it returns.
template <class Call>
[[nodiscard]] std::string refusal_of(const Call& call) {
    try {
        call();
    } catch (const std::invalid_argument& refused) {
        return refused.what();
    }
    return "";
}

// What a process says on stderr that ends, by SIGABRT, in the call; "" where it returns or ends otherwise.
template <class Call>
[[nodiscard]] std::string last_words_of(const Call& call) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        std::signal(SIGABRT, SIG_DFL);  // not doctest's
        ::dup2(ends[1], STDERR_FILENO);
        call();
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string words;
    char some[512];
    for (auto got = ::read(ends[0], some, sizeof some); got > 0; got = ::read(ends[0], some, sizeof some))
        words.append(some, static_cast<std::size_t>(got));
    ::close(ends[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT ? words : "";
}

// A macro, so that a failure names its line. A call that is noexcept ends the process.
#define CHECK_ENDS_PROCESS(words, call)                                                      \
    do {                                                                                     \
        const auto said = ::xacthuc::tests::last_words_of([&] { static_cast<void>(call); }); \
        INFO(said);                                                                          \
        CHECK(said.find(words) != std::string::npos);                                        \
    } while (false)
#define CHECK_REFUSED(words, call) CHECK(::xacthuc::tests::refusal_of([&] { static_cast<void>(call); }) == (words))

}  // namespace xacthuc::tests
