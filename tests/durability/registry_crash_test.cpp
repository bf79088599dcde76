// SPDX-License-Identifier: Apache-2.0
// A process that applies changes and makes checkpoints, killed before every call that it makes of the system and at
// random moments: every change that it acknowledged is there, in order, and of the rest at most one batch, whole, with
// its source's position; and no file is left behind.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "durability/faulty_system.hpp"
#include "durability/numbered_batches.hpp"
#include "unit/registry/outcome.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::uint64_t is_open = ~std::uint64_t{0};

// The child's life: applies batch after batch, and tells the parent of each that was acknowledged.
[[noreturn]] void apply_without_end(const small_registry& at, std::uint64_t next, faulty_system::fault death,
                                    int told) {
    faulty_system files{at.directory, faulty_system::power::reliable};
    files.set(death);
    auto opened = at.open(files.system());
    if (!opened) ::_exit(1);
    if (::write(told, &is_open, sizeof is_open) != sizeof is_open) ::_exit(4);
    // Every third child makes a checkpoint, when it has got somewhere: one that began with it might get no further,
    // ever.
    const auto checkpoint_at = next % 3 == 0 ? next + 2 : ~std::uint64_t{0};
    for (;; ++next) {
        if (next == checkpoint_at && !opened->checkpoint()) ::_exit(2);
        if (!opened->apply(numbered_batch(next, at.digests), numbered_position(next))) ::_exit(3);
        if (next % 2 == 0 && !opened->apply({}, numbered_position(next, true))) ::_exit(5);
        if (::write(told, &next, sizeof next) != sizeof next) ::_exit(4);
    }
}

// A registry that lives on from kill to kill, and what it must hold.
class killed_often {
  public:
    killed_often() { REQUIRE(succeeded(at_.create())); }

    // Starts a child, and kills it after this time, from its start or from when it has opened and made so many batches,
    // unless it dies by its own hand.
    void live_and_die(faulty_system::fault death, std::chrono::microseconds after, std::uint64_t batches = 0) {
        std::array<int, 2> pipe{};
        REQUIRE(::pipe(pipe.data()) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            ::close(pipe[0]);
            apply_without_end(at_, made_, death, pipe[1]);
        }
        ::close(pipe[1]);
        std::uint64_t number = 0;
        std::uint64_t acknowledged = made_;
        const auto hear = [&] {
            if (::read(pipe[0], &number, sizeof number) != sizeof number) return false;
            if (number == is_open) return true;
            CHECK(number == acknowledged);
            acknowledged = number + 1;
            return true;
        };
        while (acknowledged < made_ + batches) REQUIRE(hear());
        if (death.what == faulty_system::kind::none) {
            std::this_thread::sleep_for(after);
            REQUIRE(::kill(child, SIGKILL) == 0);
        }
        while (hear()) {
        }
        ::close(pipe[0]);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status));
        look(acknowledged);
    }

    [[nodiscard]] std::uint64_t made() const { return made_; }
    [[nodiscard]] std::uint64_t unacknowledged_found() const { return unacknowledged_; }
    [[nodiscard]] std::uint64_t tails_missing() const { return tails_missing_; }

  private:
    // Files of the directory that belong to no registry that is at work.
    [[nodiscard]] std::vector<std::string> files_left_behind() const {
        std::vector<std::string> left;
        for (const auto& entry : std::filesystem::directory_iterator{at_.directory}) {
            const auto name = entry.path().filename().string();
            if (name.ends_with(".xts") || name == "digest.key" || name == "registry.mark" || name == "changes.sqlite" ||
                name == "changes.sqlite-wal" || name == "changes.sqlite-shm")
                continue;
            left.push_back(name);
        }
        return left;
    }

    // Opens what the dead left, and compares.
    void look(std::uint64_t acknowledged) {
        const auto opened = at_.open();
        REQUIRE(succeeded(opened));
        CHECK(files_left_behind() == std::vector<std::string>{});
        const auto changes = opened->index().as_of().sequence - 7;
        CHECK(changes % numbered_batch_size == 0);
        const auto found = changes / numbered_batch_size;
        CHECK((found == acknowledged || found == acknowledged + 1));
        unacknowledged_ += found - acknowledged;
        const bool acknowledged_any = acknowledged > made_;
        for (; made_ < found; ++made_)
            for (const auto& what : numbered_batch(made_, at_.digests)) make_in(at_.expected, what);
        REQUIRE(read_register(opened->index(), small_registry::number_end) == at_.expected);
        look_at_position(*opened, acknowledged_any && acknowledged == made_);
    }

    // It is that of the last batch that is there, never another's; of one that the dead acknowledged, with all that
    // came after it.
    void look_at_position(const registry& opened, bool last_was_acknowledged) {
        const auto position = opened.source_position();
        REQUIRE(succeeded(position));
        if (made_ == 0) {
            CHECK(position->empty());
            return;
        }
        const auto last = made_ - 1;
        const bool is_batchs = *position == numbered_position(last);
        const bool is_tails = last % 2 == 0 && *position == numbered_position(last, true);
        CHECK((is_tails || (is_batchs && (last % 2 == 1 || !last_was_acknowledged))));
        tails_missing_ += last % 2 == 0 && is_batchs ? 1 : 0;
    }

    small_registry at_;
    std::uint64_t made_ = 0;
    std::uint64_t unacknowledged_ = 0;
    std::uint64_t tails_missing_ = 0;
};

void kill_at_random(int rounds, unsigned seed) {
    killed_often store;
    std::mt19937 random{seed};
    for (int round = 0; round < rounds; ++round) {
        CAPTURE(round);
        store.live_and_die({}, std::chrono::microseconds{random() % 20'000}, round % 4 == 0 ? 0 : 1 + random() % 4);
    }
    MESSAGE(rounds << " kills, " << store.made() << " batches made, " << store.unacknowledged_found()
                   << " of them durable but not yet acknowledged");
    CHECK(store.made() > static_cast<std::uint64_t>(rounds));
}

// Kills before every step-th call.
void kill_at_every_call(std::size_t calls, std::size_t step) {
    killed_often store;
    for (std::size_t k = 0; k < calls; k += step) {
        CAPTURE(k);
        store.live_and_die({.what = faulty_system::kind::death, .at = k}, {});
    }
    MESSAGE((calls / step) << " kills, " << store.made() << " batches made, " << store.unacknowledged_found()
                           << " of them durable but not yet acknowledged");
    CHECK(store.made() > calls / step / 2);
    CHECK(store.unacknowledged_found() > 0);
    CHECK(store.tails_missing() > 0);
}

}  // namespace

TEST_CASE("a writer killed at random moments") {
    kill_at_random(25, 1);
}

TEST_CASE("a writer killed before calls of the system") {
    kill_at_every_call(400, 16);
}

TEST_CASE("a writer killed at random moments, many times" * doctest::test_suite("slow")) {
    kill_at_random(300, 2);
}

TEST_CASE("a writer killed before every other call of the system" * doctest::test_suite("slow")) {
    kill_at_every_call(420, 2);
}

TEST_CASE("a writer killed at random moments, a thousand times" * doctest::test_suite("nightly")) {
    kill_at_random(1000, 3);
}

TEST_CASE("a writer killed before every call of the system" * doctest::test_suite("nightly")) {
    kill_at_every_call(420, 1);
}
