// SPDX-License-Identifier: Apache-2.0
// Rows on their way from many verifying threads to the one thread that owns a ledger.
//
//   slots     32 B each: a call has four for what holds for all of it, then one a row, rounded up to four
//   commits   8 B for four slots: the number of a call's first slot, plus one, once all of the call is there
//   tail      the first slot that nobody has      taken by compare-and-swap
//   head      the first slot that is not free     moved by the owner alone
//
// Slots are numbered from 0 and never again; slot n lies at n modulo the capacity. A call takes its slots before
// anything of it is looked up, so that no answer is given for whose row there is no room; then it fills them, and
// commits. The owner takes calls in the order of their slots, and waits for one that is not committed yet: a thread
// that stops in between holds back those behind it, which their wait for durability notices and their answers do not.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// The orders of the accesses that go together, in one place so that a test can take them away.
struct row_queue_steps {
    static constexpr bool reserves_by_swap = true;
    static constexpr bool looks_for_room = true;
    static constexpr std::memory_order committing = std::memory_order_release;  // with taking
    static constexpr std::memory_order taking = std::memory_order_acquire;
    static constexpr std::memory_order freeing = std::memory_order_release;  // with seeing_room
    static constexpr std::memory_order seeing_room = std::memory_order_acquire;
};

// Who may write to which slots, over words that are kept elsewhere.
template <class Word, class Steps = row_queue_steps>
class basic_row_ring {
  public:
    static constexpr std::uint64_t slots_a_commit = 4;

    // Requires: a capacity of a power of two, in slots, and a quarter as many commits, which begin as zeros.
    basic_row_ring(Word& tail, Word& head, std::span<Word> commits) noexcept
        : tail_{tail}, head_{head}, commits_{commits} {}

    // Takes slots; none where there is no room now.
    // Requires: a multiple of four.
    // Concurrency: any thread; lock-free.
    [[nodiscard]] std::optional<std::uint64_t> reserve(std::uint64_t slots) noexcept {
        auto from = tail_.load(std::memory_order_relaxed);
        for (;;) {
            // What is known of the head may be older than it is, or newer than what is known of the tail: then the swap
            // fails, and tells.
            const auto used = static_cast<std::int64_t>(from + slots - head_.load(Steps::seeing_room));
            if (Steps::looks_for_room && used > static_cast<std::int64_t>(capacity())) return std::nullopt;
            if (!Steps::reserves_by_swap) {
                tail_.store(from + slots, std::memory_order_relaxed);
                return from;
            }
            if (tail_.compare_exchange_strong(from, from + slots, std::memory_order_relaxed)) return from;
        }
    }
    // Hands them to the owner.
    // Requires: all that belongs into them is there.
    // Concurrency: wait-free.
    void commit(std::uint64_t from) noexcept { commit_of(from).store(from + 1, Steps::committing); }

    // Whether the call that begins at this slot is there.
    // Concurrency: the owner; wait-free.
    [[nodiscard]] bool is_there(std::uint64_t from) const noexcept {
        return commit_of(from).load(Steps::taking) == from + 1;
    }
    // All slots before this one can be used again.
    // Concurrency: the owner; wait-free.
    void free_before(std::uint64_t end) noexcept { head_.store(end, Steps::freeing); }

    [[nodiscard]] std::uint64_t capacity() const noexcept { return commits_.size() * slots_a_commit; }

  private:
    [[nodiscard]] Word& commit_of(std::uint64_t number) const noexcept {
        return commits_[number / slots_a_commit & (commits_.size() - 1)];
    }

    Word& tail_;
    Word& head_;
    std::span<Word> commits_;
};

// Where the rows of one call are among all that a ledger was given since it was opened.
struct ledger_ticket {
    std::uint64_t first_slot = 0;
    std::uint64_t rows = 0;

    // The slot behind the call's last: once all slots before it are durable, the call is.
    [[nodiscard]] constexpr std::uint64_t end_slot() const noexcept { return first_slot + slots_for(rows); }
    [[nodiscard]] static constexpr std::uint64_t slots_for(std::uint64_t rows) noexcept {
        return (4 + rows + 3) / 4 * 4;
    }
    friend bool operator==(const ledger_ticket&, const ledger_ticket&) = default;
};

// What holds for all rows of a call.
struct ledger_call {
    std::int64_t time_unix_ms = 0;
    std::uint64_t officer = 0;
    std::uint64_t register_sequence = 0;
    std::array<std::byte, 32> policy{};            // policy_table::hash(), zeros without one
    std::array<std::byte, 64> agency_signature{};  // zeros where the agency did not sign

    friend bool operator==(const ledger_call&, const ledger_call&) = default;
};

// A bounded queue of rows. Takes all its memory when it is made.
class row_queue {
  public:
    static constexpr std::size_t slots_min = 64;

    // Room for as many rows at once, calls of four slots more each: rounded up to a power of two.
    // Requires: slots below 2^32.
    // Exceptions: std::bad_alloc.
    XACTHUC_API explicit row_queue(std::size_t slots = std::size_t{1} << 20);
    XACTHUC_API ~row_queue();
    row_queue(const row_queue&) = delete;
    row_queue& operator=(const row_queue&) = delete;

    struct slot {
        std::array<std::uint64_t, 4> words;
    };
    static_assert(sizeof(slot) == 32);

    // The slots of one call. Destroyed without commit(), they come to the owner as empty.
    class reservation {
      public:
        reservation() = default;
        reservation(reservation&& other) noexcept
            : queue_{std::exchange(other.queue_, nullptr)}, ticket_{other.ticket_} {}
        reservation& operator=(reservation&& other) noexcept {
            std::swap(queue_, other.queue_);
            std::swap(ticket_, other.ticket_);
            return *this;
        }
        ~reservation() {
            if (queue_ != nullptr) finish({}, 0);
        }

        // Whether there was room.
        explicit operator bool() const noexcept { return queue_ != nullptr; }
        [[nodiscard]] const ledger_ticket& ticket() const noexcept { return ticket_; }

        // Writes row `k` of the call: what was asked, by which agency, and what the asker was shown.
        // Requires: room was there; k below the number of rows.
        // Concurrency: wait-free.
        void put(std::size_t k, const request& asked, std::uint16_t agency, const verdict& shown) const noexcept {
            auto& to = queue_->at(ticket_.first_slot + 4 + k).words;
            to[0] = asked.words[0];
            to[1] = shown.bits();
            to[2] = std::uint64_t{agency} | std::uint64_t{asked.procedure()} << 16;
        }
        // Hands the call to the owner.
        // Requires: room was there; every row was put.
        // Returns: where the rows are.
        // Concurrency: wait-free.
        ledger_ticket commit(const ledger_call& of) noexcept {
            finish(of, ticket_.rows);
            return ticket_;
        }

      private:
        friend class row_queue;
        reservation(row_queue& queue, const ledger_ticket& ticket) noexcept : queue_{&queue}, ticket_{ticket} {}
        void finish(const ledger_call& of, std::uint64_t rows) noexcept {
            queue_->write_call(ticket_, of, rows);
            queue_ = nullptr;
        }

        row_queue* queue_ = nullptr;
        ledger_ticket ticket_{};
    };

    // Takes the slots of a call of so many rows, or none: where there is no room now, or there never will be because
    // the call is too large for the queue, or the queue is stopped.
    // Concurrency: any thread; lock-free.
    [[nodiscard]] reservation reserve(std::size_t rows) noexcept {
        if (is_stopped()) return {};
        const auto first = ring().reserve(ledger_ticket::slots_for(rows));
        if (!first) return {};
        return {*this, ledger_ticket{*first, rows}};
    }
    // Whether rows are taken no more: the ledger has failed.
    // Concurrency: wait-free.
    [[nodiscard]] bool is_stopped() const noexcept { return is_stopped_.load(std::memory_order_relaxed); }
    void stop() noexcept { is_stopped_.store(true, std::memory_order_relaxed); }
    void go_on() noexcept { is_stopped_.store(false, std::memory_order_relaxed); }

    [[nodiscard]] std::size_t capacity_slots() const noexcept { return mask_ + 1; }

    // A call that came, as it lies in the queue.
    struct taken {
        ledger_ticket ticket;    // of as many rows as were reserved
        std::uint64_t rows = 0;  // 0 where the call was given up
        ledger_call call;
    };
    // The next call, if it is there: it stays where it is until free_before(). The next call of take() looks behind it.
    // Concurrency: the owner.
    [[nodiscard]] XACTHUC_API std::optional<taken> take() noexcept;
    // Row `k` of a call: word 0 as a request's · the verdict's bits · agency 16 and procedure 16.
    // Requires: it was taken, and not freed since.
    [[nodiscard]] const slot& row_of(const taken& call, std::size_t k) const noexcept {
        return slots_[(call.ticket.first_slot + 4 + k) & mask_];
    }
    // Gives the slots before this one back.
    // Requires: all of them were taken.
    // Concurrency: the owner; wait-free.
    void free_before(std::uint64_t end) noexcept { ring().free_before(end); }

  private:
    using word = std::atomic<std::uint64_t>;

    [[nodiscard]] slot& at(std::uint64_t number) noexcept { return slots_[number & mask_]; }
    [[nodiscard]] basic_row_ring<word> ring() noexcept { return {tail_, head_, {commits_.get(), (mask_ + 1) / 4}}; }
    XACTHUC_API void write_call(const ledger_ticket& at, const ledger_call& of, std::uint64_t rows) noexcept;

    std::size_t mask_;
    std::unique_ptr<slot[]> slots_;
    std::unique_ptr<word[]> commits_;
    std::uint64_t next_ = 0;  // of the owner
    alignas(64) word tail_{0};
    alignas(64) word head_{0};
    alignas(64) std::atomic<bool> is_stopped_{false};
};

}  // namespace xacthuc::inline v0_1
