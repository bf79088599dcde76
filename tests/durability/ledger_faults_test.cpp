// SPDX-License-Identifier: Apache-2.0
// A ledger whose every system call fails once or for good, moves half, or is the last before the power goes: what it
// has acknowledged has its rows, it never signs two roots for one size, and it goes on afterwards.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "ledger/ledger_impl.hpp"
#include "unit/ledger/log_signer.hpp"
#include "unit/registry/model_files.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::int64_t begin_unix_ms = 1'795'878'000'000;
constexpr std::int64_t hour_ms = 3'600'000;

class unlucky_ledger {
  public:
    explicit unlucky_ledger(model_files& files) : calls_{files.calls()} {}

    // Opens the ledger, answers, publishes over an hour's end, and packs the first; true when all went well.
    [[nodiscard]] bool live() {
        auto made = ledger::impl::open(calls_, "/data/ledger", options());
        if (!made) {
            CHECK(made.error().code != errc::ledger_damaged);
            CHECK(made.error().code != errc::damaged_log);
            return false;
        }
        for (int step = 0; step < 4; ++step) {
            const auto now = begin_unix_ms + step * hour_ms / 2;
            const auto id = next_id_++;
            request asked;
            asked.words[0] = id;
            const verdict shown{outcome::verified, 0, 0, 0};
            const auto ticket = made->append({.time_unix_ms = now}, {&asked, 1}, {&shown, 1});
            if (!ticket) return false;
            const auto done = made->publish(now);
            CHECK(made->is_published(*ticket) == done.has_value());
            CHECK(made->wait(*ticket).has_value() == done.has_value());
            if (!done) {
                CHECK(made->is_stopped());
                CHECK(made->append({}, {&asked, 1}, {&shown, 1}).error() == errc::ledger_stopped);
                return false;
            }
            acknowledged_.push_back({made->place(*ticket, 0).value(), id});
        }
        return made->seal(begin_unix_ms + 2 * hour_ms).has_value();
    }

    // Everything that was acknowledged has its row, and all rows are what the log says.
    void check_whole() {
        auto made = ledger::impl::open(calls_, "/data/ledger", options());
        REQUIRE_MESSAGE(made.has_value(), made.error().message());
        const auto checked = made->check();
        REQUIRE_MESSAGE(checked.has_value(), checked.error().message());
        REQUIRE(checked->entries == made->head().size);
        for (const auto& [place, id] : acknowledged_) {
            const auto shown = made->receipt_for(place);
            REQUIRE_MESSAGE(shown.has_value(), shown.error().message());
            REQUIRE(shown->row.id == id);
        }
    }

  private:
    [[nodiscard]] ledger_options options() const {
        const auto identity = signer_.identity();
        ledger_options with{.origin = identity.origin, .verifier = identity.verifier, .signer = identity.signer};
        with.queue_slots = 64;
        with.group_rows_min = 4;
        return with;
    }

    file_calls calls_;
    log_signer signer_;
    std::uint64_t next_id_ = 1;
    std::vector<std::pair<ledger_place, std::uint64_t>> acknowledged_;
};

[[nodiscard]] std::size_t calls_of_a_life() {
    model_files files;
    files.set_fault({});
    unlucky_ledger made{files};
    REQUIRE(made.live());
    return files.calls_made();
}

// A fault at every so manieth call; 1 for all of them. The slow suite has them all.
void fail_calls(std::size_t every) {
    const auto calls = calls_of_a_life();
    CHECK(calls > 200);
    std::size_t lives = 0;
    std::size_t ended = 0;
    for (const int error : {EIO, ENOSPC, 0})
        for (const bool sticky : {false, true})
            for (std::size_t at = lives % every; at < calls; at += every) {
                CAPTURE(error);
                CAPTURE(at);
                CAPTURE(sticky);
                model_files files;
                unlucky_ledger made{files};
                files.set_fault({at, error, sticky, false});
                ended += made.live() ? 0 : 1;
                files.set_fault({});
                made.check_whole();
                REQUIRE(made.live());
                made.check_whole();
                ++lives;
            }
    CHECK(lives >= 6 * (calls / every));
    // Where calls move half of what they were asked for, nothing ends.
    CHECK(ended > lives / 2);
}

void cut_power(std::size_t every) {
    const auto calls = calls_of_a_life();
    std::size_t lives = 0;
    std::size_t ended = 0;
    for (const bool unsynced_contents : {false, true})
        for (const bool unsynced_names : {false, true})
            for (std::size_t at = lives % every; at <= calls; at += every) {
                CAPTURE(at);
                CAPTURE(unsynced_contents);
                CAPTURE(unsynced_names);
                model_files files;
                unlucky_ledger made{files};
                files.set_fault({at, EIO, false, true});
                ended += made.live() ? 0 : 1;
                files.restart({unsynced_contents, unsynced_names});
                made.check_whole();
                REQUIRE(made.live());
                made.check_whole();
                ++lives;
            }
    CHECK(lives >= 4 * (calls / every));
    CHECK(ended > lives * 9 / 10);
}

constexpr std::size_t some = 13;

}  // namespace

TEST_CASE("a call that fails, once or for good, stops the ledger or does not matter") {
    fail_calls(some);
}

TEST_CASE("when the power goes, what was acknowledged is there when it comes back") {
    cut_power(some);
}

TEST_SUITE("slow") {
    TEST_CASE("any call that fails, once or for good, stops the ledger or does not matter") {
        fail_calls(1);
    }

    TEST_CASE("whenever the power goes, what was acknowledged is there when it comes back") {
        cut_power(1);
    }
}
