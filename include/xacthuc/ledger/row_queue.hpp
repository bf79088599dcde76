// SPDX-License-Identifier: Apache-2.0
// Rows on their way from many verifying threads to the one thread that owns a ledger.
//
//   slots     32 B each: a call has four for what holds for all of it, then its rows, 16 B each, then room for their
//             agencies and procedures, 4 B each, which are there where not all are the same; rounded up to four
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
#include <optional>
#include <span>
#include <utility>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/index/huge_pages.hpp>

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
        return (4 + (rows * 5 + 7) / 8 + 3) / 4 * 4;
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

    // Room for as many rows at once, calls of four slots more each, and for half as many again where calls have many:
    // rounded up to a power of two.
    // Requires: slots below 2^30.
    // Exceptions: std::bad_alloc; std::invalid_argument for more.
    XACTHUC_API explicit row_queue(std::size_t slots = std::size_t{1} << 20);
    XACTHUC_API ~row_queue();
    row_queue(const row_queue&) = delete;
    row_queue& operator=(const row_queue&) = delete;

  private:
    enum class pairs_are : std::uint8_t { none, one, many };
    // What is known of a call while it is filled. A pair is an agency 16 and a procedure 16.
    struct filling {
        ledger_ticket ticket;
        std::uint32_t pair = 0;  // of the row that was put first
        pairs_are pairs = pairs_are::none;
        bool streams = false;  // rows were written past the caches
        bool is_given_up = false;
    };

  public:
    // The slots of one call. Destroyed without commit(), they come to the owner as empty.
    class reservation {
      public:
        reservation() = default;
        reservation(reservation&& other) noexcept : queue_{std::exchange(other.queue_, nullptr)}, of_{other.of_} {}
        reservation& operator=(reservation&& other) noexcept {
            std::swap(queue_, other.queue_);
            std::swap(of_, other.of_);
            return *this;
        }
        ~reservation() {
            if (queue_ == nullptr) return;
            of_.is_given_up = true;
            finish({});
        }

        // Whether there was room.
        explicit operator bool() const noexcept { return queue_ != nullptr; }
        [[nodiscard]] const ledger_ticket& ticket() const noexcept { return of_.ticket; }

        // Writes row `k` of the call: what was asked, by which agency, and what the asker was shown.
        // Requires: room was there; k below the number of rows. Anything else ends the process.
        // Concurrency: wait-free.
        void put(std::size_t k, const request& asked, std::uint16_t agency, const verdict& shown) noexcept {
            if (queue_ == nullptr || k >= of_.ticket.rows) [[unlikely]]
                refuse_row(k);
            queue_->row_at(of_.ticket, k) = {asked.words[0], shown.bits()};
            note_pair(k, std::uint32_t{agency} | std::uint32_t{asked.procedure()} << 16);
        }
        // Writes rows `first` and on of the call, by an agency that is known to have asked or by those that are named.
        // Requires: room was there for them; as many verdicts as requests. Anything else ends the process.
        // Complexity: linear. Many go past the caches: they are read by another core, and later.
        // Concurrency: wait-free.
        XACTHUC_API void put(std::size_t first, std::span<const request> asked, std::optional<std::uint16_t> agency,
                             std::span<const verdict> shown) noexcept;
        // Hands the call to the owner.
        // Requires: room was there; every row was put.
        // Returns: where the rows are.
        // Concurrency: wait-free.
        ledger_ticket commit(const ledger_call& call) noexcept {
            finish(call);
            return of_.ticket;
        }

      private:
        friend class row_queue;
        [[gnu::cold]] XACTHUC_API void refuse_row(std::size_t k) const noexcept;
        reservation(row_queue& queue, const ledger_ticket& ticket) noexcept : queue_{&queue}, of_{.ticket = ticket} {}
        void note_pair(std::size_t k, std::uint32_t pair) noexcept {
            if (of_.pairs == pairs_are::none) {
                of_.pairs = pairs_are::one;
                of_.pair = pair;
            }
            if (of_.pairs == pairs_are::one) {
                if (pair == of_.pair) return;
                // Which rows had the first pair nobody remembers: all that were put until now.
                for (std::size_t each = 0; each < of_.ticket.rows; ++each) queue_->pair_at(of_.ticket, each) = of_.pair;
                of_.pairs = pairs_are::many;
            }
            queue_->pair_at(of_.ticket, k) = pair;
        }
        template <class Pairs>
        void put_pairs(std::size_t first, std::span<const request> asked, const Pairs& pair, bool streams) noexcept;
        void finish(const ledger_call& call) noexcept { std::exchange(queue_, nullptr)->write_call(of_, call); }

        row_queue* queue_ = nullptr;
        filling of_{};
    };

    // Takes the slots of a call of so many rows, or none: where there is no room now, or there never will be because
    // the call is too large for the queue, or the queue is stopped.
    // Concurrency: any thread; lock-free.
    [[nodiscard]] reservation reserve(std::size_t rows) noexcept {
        if (is_stopped() || rows >= rows_end) return {};
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
        bool are_of_one_pair = true;
        std::uint32_t pair = 0;  // then agency and procedure of all
    };
    struct row {
        std::uint64_t asked = 0;  // word 0 of the request
        std::uint64_t shown = 0;  // the verdict's bits
        std::uint16_t agency = 0;
        std::uint16_t procedure = 0;
    };
    // The next call, if it is there: it stays where it is until free_before(). The next call of take() looks behind it.
    // Concurrency: the owner.
    [[nodiscard]] XACTHUC_API std::optional<taken> take() noexcept;
    // Row `k` of a call.
    // Requires: it was taken, and not freed since; k below its rows.
    // Concurrency: the owner; wait-free.
    [[nodiscard]] row row_of(const taken& call, std::size_t k) const noexcept {
        const auto& words = row_at(call.ticket, k);
        const auto pair = call.are_of_one_pair ? call.pair : pair_at(call.ticket, k);
        return {words.asked, words.shown, static_cast<std::uint16_t>(pair), static_cast<std::uint16_t>(pair >> 16)};
    }
    // Gives the slots before this one back.
    // Requires: all of them were taken.
    // Concurrency: the owner; wait-free.
    void free_before(std::uint64_t end) noexcept { ring().free_before(end); }

  private:
    using word = std::atomic<std::uint64_t>;
    static constexpr std::size_t slot_bytes = 32;
    static constexpr std::uint64_t rows_end = std::uint64_t{1} << 30;
    // A row as it lies in the queue. Four fill a line.
    struct row_words {
        std::uint64_t asked;
        std::uint64_t shown;
    };
    static_assert(sizeof(row_words) == 16);

    [[nodiscard]] static constexpr std::uint64_t rows_from(const ledger_ticket& of) noexcept {
        return (of.first_slot + basic_row_ring<word>::slots_a_commit) * slot_bytes;
    }
    // Slots lie one after the other for ever, at their bytes modulo the size.
    [[nodiscard]] std::byte* at(std::uint64_t byte) const noexcept {
        return memory_.data() + (byte & ((mask_ + 1) * slot_bytes - 1));
    }
    [[nodiscard]] const std::byte* end() const noexcept { return memory_.data() + (mask_ + 1) * slot_bytes; }
    [[nodiscard]] row_words& row_at(const ledger_ticket& of, std::uint64_t k) const noexcept {
        return *reinterpret_cast<row_words*>(at(rows_from(of) + k * sizeof(row_words)));
    }
    [[nodiscard]] std::uint32_t& pair_at(const ledger_ticket& of, std::uint64_t k) const noexcept {
        return *reinterpret_cast<std::uint32_t*>(
            at(rows_from(of) + of.rows * sizeof(row_words) + k * sizeof(std::uint32_t)));
    }
    [[nodiscard]] basic_row_ring<word> ring() noexcept { return {tail_, head_, {commits_, (mask_ + 1) / 4}}; }
    XACTHUC_API void write_call(const filling& of, const ledger_call& call) noexcept;

    std::size_t mask_;
    huge_pages memory_;
    word* commits_;           // behind the slots
    std::uint64_t next_ = 0;  // of the owner
    alignas(64) word tail_{0};
    alignas(64) word head_{0};
    alignas(64) std::atomic<bool> is_stopped_{false};
};

}  // namespace xacthuc::inline v0_1
