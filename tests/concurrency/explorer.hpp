// SPDX-License-Identifier: Apache-2.0
// Runs a few threads of ours in every order their shared accesses can have, one after the other on fibers.
//
// A run is decided by a row of choices: before each access to a word that more than one thread uses, which thread goes
// on; and, when stale reads are asked for, which of the values that the memory model allows a load returns. The
// explorer takes the rows in order, depth first. A state that was seen before, by what memory holds and what every
// thread has read so far, is not branched from again: each thread's code is a function of what it has read. States are
// told apart by 64 bits.
//
// Memory model: each word keeps the values it had, in the order of execution; each thread and each value knows which
// values of other words are known to whom reads it (release and acquire, release sequences); a load may return any
// value not older than what its thread knows, a sequentially consistent one none older than the last sequentially
// consistent store. A store to a word whose last value its thread does not know of is a failure: nothing says which of
// the two comes last. Not modelled: loads that take effect later than they stand, and compare-and-swaps that fail for a
// stale value.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace xacthuc::tests {

// What decides a run: the choices taken, and the words before whose accesses there were any.
struct run_seed {
    std::vector<std::uint8_t> choices;
    std::vector<std::uint32_t> words;
};

// What an exploration is asked to do.
struct exploration {
    std::uint64_t runs_max = 50'000'000;                // never reached in a passing test
    std::uint32_t preemptions_max = ~std::uint32_t{0};  // in one run: changes away from a thread that could go on
    std::uint32_t stale_reads_max = 0;                  // in one run
    std::uint32_t steps_max = 20'000;                   // accesses in one run: beyond that there is no progress
    run_seed replay;                                    // when it has choices: that run and no other
};

struct explored {
    std::uint64_t runs = 0;
    std::uint64_t states = 0;
    bool is_complete = false;
    std::string failure;  // of the first run that failed; empty when none did
    run_seed seed;        // of that run
    std::string trace;    // what happened in it, when replayed
};

// The explored program.
struct program {
    std::function<void()> set_up;  // before the threads, once a run
    std::vector<std::function<void()>> threads;
    std::function<void()> check;  // after they ended
};

[[nodiscard]] explored explore(const program& what, const exploration& how = {});
// Explores, prints what it found, and on a failure the row of choices and what happened.
[[nodiscard]] explored explore_and_report(const char* name, const program& what, const exploration& how = {});

// For the program itself.
namespace model {

// Memory that every run finds the same: 64-byte aligned zeros, or null. Freed memory is never given out again, and
// an access to it is a failure.
[[nodiscard]] std::byte* allocate(std::size_t size_bytes);
void free(std::byte* block, std::size_t size_bytes);
[[nodiscard]] std::size_t blocks_allocated();

void fail(const std::string& why);
// Lets others go first; then calls what follows a new operation.
void yield();
// The running thread's number.
[[nodiscard]] std::size_t thread();
// How many operations each thread is known to have completed; complete() adds one to the running thread's. Where reads
// may be stale it is also explored that the running thread has not heard of others' operations yet; hearing of them
// means to know what they knew.
[[nodiscard]] std::vector<std::uint32_t> completed();
void complete();

// An atomic word under the explorer. Lies in memory from allocate(); outside of a run it is a plain number.
class word {
  public:
    constexpr word(std::uint64_t value = 0) noexcept : value_{value} {}  // as std::atomic's
    word(const word&) = delete;
    word& operator=(const word&) = delete;

    [[nodiscard]] std::uint64_t load(std::memory_order order = std::memory_order_seq_cst) const;
    void store(std::uint64_t value, std::memory_order order = std::memory_order_seq_cst);
    [[nodiscard]] std::uint64_t exchange(std::uint64_t value, std::memory_order order = std::memory_order_seq_cst);
    std::uint64_t fetch_add(std::uint64_t value, std::memory_order order = std::memory_order_seq_cst);
    bool compare_exchange_strong(std::uint64_t& expected, std::uint64_t desired,
                                 std::memory_order success = std::memory_order_seq_cst,
                                 std::memory_order failure = std::memory_order_seq_cst);

  private:
    std::uint64_t value_;
};
static_assert(sizeof(word) == 8);

}  // namespace model

}  // namespace xacthuc::tests
