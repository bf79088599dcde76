// SPDX-License-Identifier: Apache-2.0
// A process that saves snapshots without end, killed at random moments, on the real file system: the name always stands
// for a whole snapshot, and what the dead left behind is removed by the next save.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <random>
#include <thread>

#include "registry/snapshot_reader.hpp"
#include "registry/snapshot_writer.hpp"
#include "unit/registry/outcome.hpp"
#include "unit/registry/sample_blocks.hpp"
#include "unit/registry/scratch_directory.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::size_t partitions = 150;

[[nodiscard]] std::size_t files_in(const std::filesystem::path& directory) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{directory}, {}));
}

struct register_of_two_states {
    scratch_directory directory;
    std::filesystem::path path = directory / "snapshot-1.xts";
    sample_blocks first = make_sample_blocks(partitions, 300, true, 1);
    sample_blocks second = make_sample_blocks(partitions, 300, true, 2);
    authority_key authority = authority_key::generate();

    [[nodiscard]] detailed_result<snapshot_facts> save(const sample_blocks& sample, unsigned threads) const {
        return write_snapshot(system_file_calls(), path, sample.facts, sample.views(), authority, {.threads = threads});
    }
    // The number of the state that is there, 0 when it is none.
    [[nodiscard]] std::uint64_t state() const {
        const auto loaded = read_blocks(system_file_calls(), path, authority.public_key(), partitions, {.threads = 2});
        if (!loaded) {
            MESSAGE(loaded.error().message());
            return 0;
        }
        const auto& sample = loaded->header.sequence == 1 ? first : second;
        for (std::size_t p = 0; p < partitions; ++p)
            if (std::memcmp(loaded->memory.data() + loaded->offsets[p], sample.blocks[p].data(),
                            sample.blocks[p].size()) != 0)
                return 0;
        return loaded->header.sequence;
    }
    // Leaves the child stopped when there is a file beside the snapshot.
    void stop_while_saving(pid_t child) const;
    [[noreturn]] void save_without_end() const {
        for (;;)
            if (!ok(save(second, 2)) || !ok(save(first, 1))) ::_exit(1);
    }
};

void register_of_two_states::stop_while_saving(pid_t child) const {
    do {
        REQUIRE(::kill(child, SIGCONT) == 0);
        while (files_in(directory.path()) < 2) std::this_thread::yield();
        REQUIRE(::kill(child, SIGSTOP) == 0);
        int status = 0;
        REQUIRE(::waitpid(child, &status, WUNTRACED) == child);
        REQUIRE(WIFSTOPPED(status));
    } while (files_in(directory.path()) < 2);
}

void kill_savers(int rounds, unsigned seed) {
    const register_of_two_states store;
    REQUIRE(ok(store.save(store.first, 2)));
    std::mt19937 random{seed};
    std::size_t left_behind = 0;
    for (int round = 0; round < rounds; ++round) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) store.save_without_end();
        // The first is killed with its file half made for certain, however busy the machine is; the others wherever
        // they have come to.
        if (round == 0) store.stop_while_saving(child);
        std::this_thread::sleep_for(std::chrono::microseconds{random() % 30'000});
        REQUIRE(::kill(child, SIGKILL) == 0);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status));
        const auto state = store.state();
        CHECK((state == 1 || state == 2));
        if (files_in(store.directory.path()) > 1) ++left_behind;
    }
    MESSAGE(left_behind << " of " << rounds << " kills left a temporary file behind");
    CHECK(left_behind > 0);
    REQUIRE(ok(store.save(store.second, 1)));
    CHECK(files_in(store.directory.path()) == 1);
    CHECK(store.state() == 2);
}

}  // namespace

TEST_CASE("a saver killed at any moment leaves a whole snapshot") {
    kill_savers(15, 1);
}

TEST_CASE("a saver killed at any moment leaves a whole snapshot, many times" * doctest::test_suite("slow")) {
    kill_savers(600, 2);
}

TEST_CASE("saves to one path from several processes and threads: one of them is there, whole, and nothing beside it") {
    const register_of_two_states store;
    for (int round = 0; round < 4; ++round) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            for (int i = 0; i < 4; ++i)
                if (!ok(store.save(store.first, 1))) ::_exit(1);
            ::_exit(0);
        }
        bool saved = true;
        {
            const std::jthread other{[&] { saved = ok(store.save(store.first, 1)); }};
            for (int i = 0; i < 4; ++i) CHECK(ok(store.save(store.second, 2)));
        }
        CHECK(saved);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
        const auto state = store.state();
        CHECK((state == 1 || state == 2));
        CHECK(files_in(store.directory.path()) == 1);
    }
}
