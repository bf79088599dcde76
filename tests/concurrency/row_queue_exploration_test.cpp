// SPDX-License-Identifier: Apache-2.0
// The words by which verifying threads hand rows to the owner of a ledger, in every order of their accesses and with
// stale reads; and with one step left out, which the exploration must notice.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <new>
#include <span>
#include <type_traits>
#include <vector>
#include <xacthuc/ledger/row_queue.hpp>

#include "concurrency/explorer.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

using model::word;

struct queue_mutant {
    static inline bool reserves_by_swap = true;
    static inline bool looks_for_room = true;
    static inline std::memory_order committing = row_queue_steps::committing;
    static inline std::memory_order taking = row_queue_steps::taking;
    static inline std::memory_order freeing = row_queue_steps::freeing;
    static inline std::memory_order seeing_room = row_queue_steps::seeing_room;
};

template <class T>
class mutation {
  public:
    mutation(T& step, T wrong) : step_{step}, right_{step} { step_ = wrong; }
    ~mutation() { step_ = right_; }
    mutation(const mutation&) = delete;
    mutation& operator=(const mutation&) = delete;

  private:
    T& step_;
    T right_;
};

// A ring with room for so many calls of four slots, of whose slots one word each is there: what the call says.
template <std::size_t Calls>
struct scene {
    word tail;
    word head;
    std::array<word, Calls> commits{};
    std::array<word, Calls> contents{};
};

// Two threads try to hand over these calls, each once; the owner takes what it finds, and tries so often.
template <class Steps, std::size_t Calls>
class handing_over {
  public:
    using at = scene<Calls>;

    handing_over(std::vector<std::vector<std::uint64_t>> calls, std::size_t tries)
        : calls_{std::move(calls)}, tries_{tries} {}

    // Requires: it stays where it is.
    [[nodiscard]] program as_program() {
        program p;
        p.set_up = [this] {
            at_ = new (model::allocate(sizeof(at))) at;
            handed_.clear();
            taken_.clear();
            next_ = 0;
        };
        for (const auto& mine : calls_)
            p.threads.emplace_back([this, &mine] {
                for (const auto call : mine) hand_over(call);
            });
        p.threads.emplace_back([this] {
            for (std::size_t k = 0; k < tries_; ++k) take();
        });
        p.check = [this] {
            while (take()) {
            }
            std::ranges::sort(handed_);
            std::ranges::sort(taken_);
            if (handed_ != taken_) model::fail("not what was handed over was taken");
        };
        return p;
    }

  private:
    [[nodiscard]] basic_row_ring<word, Steps> ring() { return {at_->tail, at_->head, at_->commits}; }
    [[nodiscard]] word& content(std::uint64_t slot) { return at_->contents[slot / 4 & (Calls - 1)]; }

    void hand_over(std::uint64_t call) {
        const auto first = ring().reserve(4);
        if (first) {
            handed_.push_back(call);
            content(*first).store(call, std::memory_order_relaxed);
            ring().commit(*first);
        }
        model::complete();
    }
    bool take() {
        const bool is_there = ring().is_there(next_);
        if (is_there) {
            taken_.push_back(content(next_).load(std::memory_order_relaxed));
            next_ += 4;
            ring().free_before(next_);
        }
        model::complete();
        return is_there;
    }

    std::vector<std::vector<std::uint64_t>> calls_;
    std::size_t tries_;
    at* at_ = nullptr;
    std::vector<std::uint64_t> handed_;
    std::vector<std::uint64_t> taken_;
    std::uint64_t next_ = 0;
};

[[nodiscard]] exploration with_one_stale_read() {
    exploration how;
    how.stale_reads_max = 1;
    return how;
}
template <class Made>
void check_sound(const char* name, Made made) {
    const auto found = explore_and_report(name, made.as_program(), with_one_stale_read());
    CHECK(found.failure.empty());
    CHECK(found.is_complete);
}
template <class T, class Made>
void check_killed(T& step, std::type_identity_t<T> wrong, Made made) {
    CHECK(explore(made.as_program(), with_one_stale_read()).failure.empty());
    const mutation is_made{step, wrong};
    const auto found = explore(made.as_program(), with_one_stale_read());
    CHECK_FALSE(found.failure.empty());
    MESSAGE("killed in run " << found.runs << ": " << found.failure.substr(0, found.failure.find('\n')));
}

template <class Steps>
[[nodiscard]] handing_over<Steps, 2> with_room() {
    return {{{1}, {2}}, 2};
}
// The second call of a thread may find no room, or a slot that was another's.
template <class Steps>
[[nodiscard]] handing_over<Steps, 1> in_turns() {
    return {{{1, 2}, {3}}, 2};
}

}  // namespace

TEST_CASE("what is handed over is taken once, in every order") {
    check_sound("two threads and room for both", with_room<row_queue_steps>());
    check_sound("two threads and room for one", in_turns<row_queue_steps>());
    check_sound("two threads, four calls, room for two", handing_over<row_queue_steps, 2>{{{1, 2}, {3, 4}}, 2});
}

TEST_CASE("mutant: slots are taken by a store") {
    check_killed(queue_mutant::reserves_by_swap, false, with_room<queue_mutant>());
}
TEST_CASE("mutant: nobody looks whether there is room") {
    check_killed(queue_mutant::looks_for_room, false, in_turns<queue_mutant>());
}
TEST_CASE("mutant: who sees a commit does not see the rows") {
    check_killed(queue_mutant::committing, std::memory_order_relaxed, with_room<queue_mutant>());
    check_killed(queue_mutant::taking, std::memory_order_relaxed, with_room<queue_mutant>());
}
TEST_CASE("mutant: who sees room does not know that it was read") {
    check_killed(queue_mutant::freeing, std::memory_order_relaxed, in_turns<queue_mutant>());
    check_killed(queue_mutant::seeing_room, std::memory_order_relaxed, in_turns<queue_mutant>());
}
