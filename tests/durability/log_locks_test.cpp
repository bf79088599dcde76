// SPDX-License-Identifier: Apache-2.0
// SQLite's locks on the log's files. By POSIX's rules a process loses all of them with the first close() of any
// descriptor of the file, whoever opened it: whatever looks at the log beside SQLite takes the writer's locks away, and
// the next reader with SQLite then deletes the write-ahead log under the writer.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <string>
#include <xacthuc/registry/change_feed.hpp>

#include "durability/numbered_batches.hpp"
#include "unit/registry/outcome.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// Runs in a child and returns what it returns: 0 to 255, or 256 and more when it did not come to that.
[[nodiscard]] int in_a_child(const std::function<int()>& what) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) ::_exit(what());
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + status;
}

// Whether this process holds any lock on the file: asked by another, for whom alone they are in the way.
[[nodiscard]] bool holds_a_lock_on(const std::filesystem::path& file) {
    return in_a_child([&] {
               const int opened = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
               if (opened < 0) return 2;
               struct flock wanted {};
               wanted.l_type = F_WRLCK;
               wanted.l_whence = SEEK_SET;
               if (::fcntl(opened, F_GETLK, &wanted) != 0) return 3;
               return wanted.l_type != F_UNLCK && wanted.l_pid == ::getppid() ? 1 : 0;
           }) == 1;
}

// What any tool does that looks into an SQLite database: opens it, asks, and closes it.
[[nodiscard]] int look_with_sqlite(const std::filesystem::path& log) {
    sqlite3* handle = nullptr;
    if (sqlite3_open(log.c_str(), &handle) != SQLITE_OK) return 1;
    const int asked = sqlite3_exec(handle, "SELECT count(*) FROM batch", nullptr, nullptr, nullptr);
    return sqlite3_close(handle) == SQLITE_OK && asked == SQLITE_OK ? 0 : 2;
}

}  // namespace

TEST_CASE("nothing that a process does with its registry takes SQLite's locks on the log away") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    auto writer = at.open();
    REQUIRE(succeeded(writer));
    REQUIRE(succeeded(writer->apply(at.next_changes(10))));
    const auto log = at.directory / "changes.sqlite";
    auto shared = log;
    shared += "-shm";
    REQUIRE(holds_a_lock_on(log));
    REQUIRE(holds_a_lock_on(shared));

    const auto stranger = authority_key::generate().public_key();
    const std::vector<std::pair<std::string, std::function<void()>>> doings{
        {"a second writer", [&] { CHECK(code_of(at.open()) == errc::registry_locked); }},
        {"a second creation", [&] { CHECK(!at.create()); }},
        {"a reader", [&] { CHECK(succeeded(at.open_to_read())); }},
        {"a reader that trusts another authority",
         [&] {
             const auto opened = registry::open(at.directory, stranger, {.how = open_registry_options::access::read});
             CHECK(!opened);
         }},
        {"a reader that catches up",
         [&] {
             auto reader = at.open_to_read();
             REQUIRE(succeeded(reader));
             CHECK(succeeded(reader->refresh()));
         }},
        {"following", [&] { CHECK(succeeded(writer->follow())); }},
        {"following from where nothing is", [&] { CHECK(!writer->follow(1'000'000)); }},
        {"a checkpoint", [&] { CHECK(succeeded(writer->checkpoint())); }},
        {"a scrub", [&] { CHECK(succeeded(writer->scrub())); }},
        {"applying", [&] { CHECK(succeeded(writer->apply(at.next_changes(10)))); }},
    };
    for (const auto& each : doings) {
        CAPTURE(each.first);
        each.second();
        CHECK(holds_a_lock_on(log));
        CHECK(holds_a_lock_on(shared));
    }
}

TEST_CASE("a second opening in the writer's process, a look with SQLite, a kill: every acknowledged change is there") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    constexpr std::uint64_t batches = 50;
    constexpr auto look_now = ~std::uint64_t{0};
    std::array<int, 2> acknowledged{};
    std::array<int, 2> looked{};
    REQUIRE(::pipe(acknowledged.data()) == 0);
    REQUIRE(::pipe(looked.data()) == 0);
    const pid_t writer = ::fork();
    REQUIRE(writer >= 0);
    if (writer == 0) {
        auto opened = at.open();
        if (!opened) ::_exit(1);
        const auto make = [&](std::uint64_t number) {
            if (!opened->apply(numbered_batch(number, at.digests))) ::_exit(2);
            if (::write(acknowledged[1], &number, sizeof number) != sizeof number) ::_exit(3);
        };
        for (std::uint64_t number = 0; number < batches / 2; ++number) make(number);
        if (code_of(at.open()) != errc::registry_locked) ::_exit(4);
        if (!at.open_to_read()) ::_exit(5);
        std::uint64_t word = look_now;
        if (::write(acknowledged[1], &word, sizeof word) != sizeof word) ::_exit(3);
        if (::read(looked[0], &word, sizeof word) != sizeof word) ::_exit(6);
        for (auto number = batches / 2; number < batches; ++number) make(number);
        ::kill(::getpid(), SIGKILL);
    }
    ::close(acknowledged[1]);
    std::uint64_t told = 0;
    for (std::uint64_t number = 0; ::read(acknowledged[0], &number, sizeof number) == sizeof number;) {
        if (number != look_now) {
            ++told;
            continue;
        }
        CHECK(look_with_sqlite(at.directory / "changes.sqlite") == 0);
        REQUIRE(::write(looked[1], &number, sizeof number) == sizeof number);
    }
    ::close(acknowledged[0]);
    int status = 0;
    REQUIRE(::waitpid(writer, &status, 0) == writer);
    REQUIRE(WIFSIGNALED(status));
    REQUIRE(told == batches);
    const auto opened = at.open();
    REQUIRE(succeeded(opened));
    CHECK(opened->index().as_of().sequence == 7 + batches * numbered_batch_size);
}
