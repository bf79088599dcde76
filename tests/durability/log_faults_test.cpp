// SPDX-License-Identifier: Apache-2.0
// A log whose every system call fails once or for good, moves half, or is the last before the power goes: it never
// signs two roots for one size, loses nothing that it has acknowledged, and goes on afterwards.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "ledger/tile_log.hpp"
#include "unit/ledger/log_signer.hpp"
#include "unit/registry/model_files.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::string_view directory = "/logs/ledger";
// Up to, over and exactly to the edge of a tile, and to where a second level begins.
constexpr std::array<std::size_t, 6> steps{3, 250, 10, 249, 1, 7};

// Salts differ from life to life, so that what was never acknowledged comes back as something else.
class unlucky_log {
  public:
    explicit unlucky_log(model_files& files) : calls_{files.calls()} {}

    // Opens the log and puts in what is missing of the steps; true when all went well.
    [[nodiscard]] bool live() {
        ++salt_;
        auto log = tile_log::open(calls_, directory, signer_.identity());
        if (!log) {
            CHECK(log.error().code != errc::damaged_log);
            return false;
        }
        adopt(*log);
        std::size_t target = 0;
        for (const auto step : steps) {
            target += step;
            if (log->size() >= target) continue;
            const auto count = target - log->size();
            const auto first = log->append(spans_of(log->size(), count));
            if (!first) return false;
            if (!log->integrate()) {
                CHECK(log->is_stopped());
                CHECK(log->integrate().has_error());
                return false;
            }
            for (std::uint64_t i = *first; i < log->size(); ++i) acknowledged_.push_back(made_entry(i, salt_));
            CHECK(log->head().size == acknowledged_.size());
        }
        return true;
    }

    // Everything that was acknowledged is there, and the tree is over it.
    void check_whole() {
        auto log = tile_log::open(calls_, directory, signer_.identity());
        REQUIRE(log.has_value());
        adopt(*log);
        std::vector<tree_hash> leaves;
        for (const auto& entry : acknowledged_) leaves.push_back(tree_leaf(entry));
        REQUIRE(tree_root(leaves) == log->head().root);
        for (const auto& [size, root] : signer_.signed_roots()) {
            REQUIRE(size <= leaves.size());
            REQUIRE(tree_root({leaves.data(), size}) == root);
        }
    }

  private:
    // A log may hold more than was acknowledged: it was about to be.
    void adopt(tile_log& log) {
        REQUIRE(log.size() >= acknowledged_.size());
        bool is_same = true;
        for (std::uint64_t i = 0; i < log.size(); i += i + 29 < acknowledged_.size() ? 29 : 1) {
            const auto entry = log.read_entry(i);
            if (!entry) break;  // a fault of this life
            if (i < acknowledged_.size())
                is_same = is_same && *entry == acknowledged_[i];
            else
                acknowledged_.push_back(*entry);
        }
        REQUIRE(is_same);
    }
    [[nodiscard]] std::span<const std::span<const std::byte>> spans_of(std::uint64_t first, std::size_t count) {
        entries_.clear();
        spans_.clear();
        for (std::size_t i = 0; i < count; ++i) entries_.push_back(made_entry(first + i, salt_));
        for (const auto& entry : entries_) spans_.emplace_back(entry);
        return spans_;
    }

    file_calls calls_;
    log_signer signer_;
    std::uint64_t salt_ = 0;
    std::vector<std::vector<std::byte>> acknowledged_;
    std::vector<std::vector<std::byte>> entries_;
    std::vector<std::span<const std::byte>> spans_;
};

[[nodiscard]] std::size_t calls_of_a_life() {
    model_files files;
    files.set_fault({});
    unlucky_log log{files};
    REQUIRE(log.live());
    return files.calls_made();
}

// A fault at every so manieth call; 1 for all of them. The slow suite has them all.
void fail_calls(std::size_t every) {
    const auto calls = calls_of_a_life();
    CHECK(calls > 150);
    std::size_t lives = 0;
    std::size_t stopped = 0;
    for (const auto& [error, sticky] : {std::pair{EIO, false}, std::pair{ENOSPC, true}})
        for (std::size_t at = lives % every; at < calls; at += every) {
            CAPTURE(at);
            model_files files;
            unlucky_log log{files};
            files.set_fault({at, error, sticky, false});
            stopped += log.live() ? 0 : 1;
            files.set_fault({});
            REQUIRE(log.live());
            log.check_whole();
            CHECK(files.open_count() == 0);
            ++lives;
        }
    CHECK(lives >= 2 * (calls / every));
    CHECK(stopped > lives / 2);
}

void move_half(std::size_t every) {
    const auto calls = calls_of_a_life();
    for (std::size_t at = 0; at < calls; at += every) {
        model_files files;
        unlucky_log log{files};
        files.set_fault({at, 0, true, false});
        REQUIRE(log.live());
        files.set_fault({});
        log.check_whole();
    }
}

void cut_power(std::size_t every) {
    const auto calls = calls_of_a_life();
    std::size_t lives = 0;
    std::size_t ended = 0;
    for (const model_files::loss lost : {model_files::loss{false, false}, model_files::loss{true, false},
                                         model_files::loss{false, true}, model_files::loss{true, true}})
        for (std::size_t at = lives % every; at <= calls; at += every) {
            CAPTURE(at);
            model_files files;
            unlucky_log log{files};
            files.set_fault({at, EIO, true, true});
            ended += log.live() ? 0 : 1;
            files.restart(lost);
            REQUIRE(log.live());
            log.check_whole();
            files.restart({true, true});
            log.check_whole();
            ++lives;
        }
    CHECK(lives >= 4 * (calls / every));
    CHECK(ended > lives / 2);
}

void die_twice(std::size_t every) {
    const auto calls = calls_of_a_life();
    std::size_t ended = 0;
    for (std::size_t at = 0; at <= calls; at += 4 * every)
        for (std::size_t again = at / every % 9; again < 60; again += 9)
            for (const bool names : {false, true}) {
                CAPTURE(at);
                CAPTURE(again);
                model_files files;
                unlucky_log log{files};
                files.set_fault({at, EIO, true, true});
                static_cast<void>(log.live());
                files.end_process();
                files.set_fault({again, EIO, true, true});
                ended += log.live() ? 0 : 1;
                files.restart({true, names});
                REQUIRE(log.live());
                log.check_whole();
            }
    CHECK(ended > 0);
}

constexpr std::size_t some = 11;

}  // namespace

TEST_CASE("a call that fails, once or for good, stops the log or does not matter") {
    fail_calls(some);
}

TEST_CASE("a call that moves half of what it was asked for loses nothing") {
    move_half(some);
}

TEST_CASE("when the power goes, whatever it takes, the log goes on from what it has acknowledged or intended") {
    cut_power(some);
}

TEST_CASE("a process may die, and the power go while the log recovers") {
    die_twice(some);
}

TEST_SUITE("slow") {
    TEST_CASE("any call that fails, once or for good, stops the log or does not matter") {
        fail_calls(1);
    }

    TEST_CASE("calls that move half of what they were asked for lose nothing") {
        move_half(1);
    }

    TEST_CASE("whenever the power goes, whatever it takes, the log goes on from what it has acknowledged or intended") {
        cut_power(1);
    }

    TEST_CASE("a process may die at any call, and the power go while the log recovers") {
        die_twice(1);
    }
}
