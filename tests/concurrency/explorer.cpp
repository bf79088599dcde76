// SPDX-License-Identifier: Apache-2.0
#include "concurrency/explorer.hpp"

#include <ucontext.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iostream>
#include <memory>
#include <new>
#include <sstream>
#include <unordered_set>

namespace xacthuc::tests {
namespace {

constexpr std::size_t arena_bytes = std::size_t{1} << 16;
constexpr std::size_t word_count = arena_bytes / 8;
constexpr std::size_t stack_bytes = std::size_t{256} << 10;
constexpr std::size_t nobody = ~std::size_t{0};
// What a choice is about, so that two in one state are told apart.
constexpr std::uint64_t about_who = 0;
constexpr std::uint64_t about_hearing = 16;
constexpr std::uint64_t about_value = 32;

[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t hash, std::uint64_t value) noexcept {
    hash = (hash ^ value) * 0x9e37'79b9'7f4a'7c15U;
    return hash ^ hash >> 29;
}

// Which value of each word somebody knows of: only words that were written to have an entry.
class view {
  public:
    [[nodiscard]] std::uint32_t of(std::uint32_t at) const noexcept {
        const auto found = std::ranges::lower_bound(known_, at, {}, &entry::at);
        return found == known_.end() || found->at != at ? 0 : found->index;
    }
    void raise(std::uint32_t at, std::uint32_t index) {
        if (index == 0) return;
        const auto found = std::ranges::lower_bound(known_, at, {}, &entry::at);
        if (found == known_.end() || found->at != at)
            known_.insert(found, {at, index});
        else
            found->index = std::max(found->index, index);
    }
    void join(const view& other) {
        for (const auto& e : other.known_) raise(e.at, e.index);
    }
    [[nodiscard]] std::uint64_t hash() const noexcept {
        std::uint64_t made = 0;
        for (const auto& e : known_) made = mix(mix(made, e.at), e.index);
        return made;
    }
    void clear() noexcept { known_.clear(); }

  private:
    struct entry {
        std::uint32_t at;
        std::uint32_t index;
    };
    std::vector<entry> known_;
};

// One value that a word had.
struct value_of_word {
    std::uint64_t value;
    view known;  // by who acquires it
};
struct word_state {
    std::vector<value_of_word> values;  // the first is what was there before the threads
    std::uint32_t last_seq_cst = 0;
    std::uint64_t hash = 0;
};

struct thread_state {
    ucontext_t context{};
    std::unique_ptr<std::byte[]> stack{new std::byte[stack_bytes]};
    bool is_done = false;
    std::uint64_t hash = 0;
    std::uint32_t completed = 0;
    std::vector<std::uint32_t> heard_of;
    view known;
    view known_when_completed;
};

struct decision {
    std::uint8_t options;
    std::uint8_t taken;
};

[[nodiscard]] constexpr bool acquires(std::memory_order order) noexcept {
    return order == std::memory_order_acquire || order == std::memory_order_acq_rel ||
           order == std::memory_order_seq_cst;
}
[[nodiscard]] constexpr bool releases(std::memory_order order) noexcept {
    return order == std::memory_order_release || order == std::memory_order_acq_rel ||
           order == std::memory_order_seq_cst;
}

class world {
  public:
    explicit world(const program& what, const exploration& how)
        : what_{what}, how_{how}, is_traced_{!how.replay.choices.empty()} {
        arena_ = static_cast<std::byte*>(::operator new (arena_bytes, std::align_val_t{64}));
        threads_.resize(what.threads.size());
        first_user_.assign(word_count, nobody);
        uses_.assign(word_count, 0);
        is_shared_.assign(word_count, false);
        is_freed_.assign(word_count, false);
        words_.resize(word_count);
        for (const auto choice : how.replay.choices) decisions_.push_back({255, choice});
        for (const auto at : how.replay.words) is_shared_[at] = true;
    }
    ~world() { ::operator delete (arena_, std::align_val_t{64}); }
    world(const world&) = delete;
    world& operator=(const world&) = delete;

    [[nodiscard]] explored explore() {
        explored found;
        for (;;) {
            run();
            ++found.runs;
            if (found_sharing_ && !is_traced_) {
                // A word that was thought to be one thread's is not: begin again, with choices before its accesses. A
                // failure comes again, by choices that repeat it.
                failure_.clear();
                seen_.clear();
                decisions_.clear();
                continue;
            }
            if (!failure_.empty()) {
                found.failure = failure_;
                for (const auto& d : decisions_) found.seed.choices.push_back(d.taken);
                for (std::uint32_t at = 0; at < word_count; ++at)
                    if (is_shared_[at]) found.seed.words.push_back(at);
                found.trace = trace_.str();
                break;
            }
            while (!decisions_.empty() && decisions_.back().taken + 1 >= decisions_.back().options)
                decisions_.pop_back();
            found.is_complete = decisions_.empty();
            if (found.is_complete || is_traced_ || found.runs >= how_.runs_max) break;
            ++decisions_.back().taken;
        }
        found.states = seen_.size();
        return found;
    }

    // For the program.

    [[nodiscard]] std::byte* allocate(std::size_t size) {
        const auto rounded = (size + 63) / 64 * 64;
        if (arena_used_ + rounded > arena_bytes) return nullptr;
        auto* const block = arena_ + arena_used_;
        arena_used_ += rounded;
        ++blocks_allocated_;
        if (is_running_) note_read(nobody, arena_used_);
        return block;
    }
    void free(const std::byte* block, std::size_t size) {
        const auto first = static_cast<std::size_t>(block - arena_) / 8;
        if (is_freed_[first]) fail("freed twice");
        for (auto at = first; at < first + size / 8; ++at) {
            is_freed_[at] = true;
            if (is_running_) note_use(at, true);
        }
        --blocks_allocated_;
        memory_hash_ += mix(0x66, first);
        trace([&] { trace_ << "  frees block at word " << first; });
    }
    [[nodiscard]] std::size_t blocks_allocated() const noexcept { return blocks_allocated_; }
    void fail(const std::string& why) {
        if (failure_.empty()) failure_ = why;
    }
    [[nodiscard]] std::size_t running() const noexcept { return running_; }
    [[nodiscard]] std::vector<std::uint32_t> completed() {
        auto& me = threads_[running_];
        const bool hears = how_.stale_reads_max == 0 || choose(2, about_hearing + running_) == 0;
        me.heard_of.resize(threads_.size());
        for (std::size_t t = 0; t < threads_.size(); ++t) {
            const auto& other = threads_[t];
            if (t != running_ && !hears) continue;
            me.heard_of[t] = other.completed;
            if (how_.stale_reads_max != 0) me.known.join(other.known_when_completed);
            note_read(nobody, other.completed);
        }
        return me.heard_of;
    }
    void complete() {
        auto& me = threads_[running_];
        ++me.completed;
        if (how_.stale_reads_max != 0) me.known_when_completed = me.known;
    }

    // Accesses.

    void before_access(const void* address, bool writes) {
        const auto at = index_of(address);
        if (!is_running_) return;
        note_use(at, writes);
        if (is_shared_[at]) schedule();
        if (is_freed_[at]) fail("word " + std::to_string(at) + " is used after it was freed");
        if (++steps_ > how_.steps_max) abandon();
    }

    // A word that is written, or freed, and that more than one thread uses needs choices before its accesses.
    void note_use(std::size_t at, bool writes) {
        if (first_user_[at] == nobody) first_user_[at] = running_;
        if (first_user_[at] != running_) uses_[at] |= used_by_many;
        if (writes) uses_[at] |= written;
        if (uses_[at] == (used_by_many | written) && !is_shared_[at]) {
            is_shared_[at] = true;
            found_sharing_ = true;
        }
    }

    void yield() {
        note_read(nobody, 0x79);  // a step, so that the state before it is another
        schedule();
    }
    // A choice of who goes on.
    void schedule() {
        std::array<std::size_t, 8> runnable;
        std::size_t count = 0;
        runnable[count++] = running_;
        for (std::size_t t = 0; t < threads_.size(); ++t)
            if (t != running_ && !threads_[t].is_done) runnable[count++] = t;
        if (preemptions_ >= how_.preemptions_max) count = 1;
        const auto next = runnable[choose(count, about_who)];
        if (next == running_) return;
        ++preemptions_;
        switch_to(next);
    }

    [[nodiscard]] std::uint64_t load(const std::uint64_t& value, std::memory_order order) {
        before_access(&value, false);
        const auto at = index_of(&value);
        if (!is_running_) return value;
        auto& w = state_of(at, value);
        auto& me = threads_[running_];
        const auto latest = static_cast<std::uint32_t>(w.values.size() - 1);
        auto index = latest;
        if (stale_reads_ < how_.stale_reads_max && is_shared_[at]) {
            auto oldest = me.known.of(at);
            if (order == std::memory_order_seq_cst) oldest = std::max(oldest, w.last_seq_cst);
            const auto back = static_cast<std::uint32_t>(choose(latest - oldest + 1, about_value + running_));
            index = latest - back;
            stale_reads_ += back != 0;
        }
        see(me, at, w, index, order);
        trace([&] {
            trace_ << "  load  " << name(at) << " = " << std::hex << w.values[index].value << std::dec
                   << (index == latest ? "" : " (stale)");
        });
        return w.values[index].value;
    }
    void store(std::uint64_t& value, std::uint64_t to, std::memory_order order) {
        before_access(&value, true);
        if (!is_running_) {
            value = to;
            return;
        }
        const auto at = index_of(&value);
        auto& w = state_of(at, value);
        // In the language's terms either of two such stores may come to be the last.
        if (how_.stale_reads_max != 0 && threads_[running_].known.of(at) + 1 < w.values.size())
            fail("word " + std::to_string(at) + " is stored to twice, and nothing orders the stores");
        write(at, w, value, to, order, false);
    }
    // Calls change(old) -> {whether to write, what}. Returns the old value.
    template <class Change>
    std::uint64_t read_and_write(std::uint64_t& value, std::memory_order success, std::memory_order failure,
                                 const Change& change) {
        before_access(&value, true);
        const auto old = value;
        const auto [writes, to] = change(old);
        if (!is_running_) {
            if (writes) value = to;
            return old;
        }
        const auto at = index_of(&value);
        auto& w = state_of(at, value);
        auto& me = threads_[running_];
        see(me, at, w, static_cast<std::uint32_t>(w.values.size() - 1), writes ? success : failure);
        if (writes)
            write(at, w, value, to, success, true);
        else
            trace([&] { trace_ << "  fails to swap " << name(at) << " = " << std::hex << old << std::dec; });
        return old;
    }

  private:
    void run() {
        arena_used_ = 0;
        blocks_allocated_ = 0;
        std::memset(arena_, 0, arena_bytes);
        is_freed_.assign(word_count, false);
        for (const auto at : touched_) words_[at] = {};
        touched_.clear();
        memory_hash_ = steps_ = stale_reads_ = preemptions_ = 0;
        depth_ = 0;
        is_pruned_ = found_sharing_ = false;
        trace_.str({});
        what_.set_up();
        for (std::size_t t = 0; t < threads_.size(); ++t) start(t);
        is_running_ = true;
        running_ = nobody;
        for (;;) {
            schedule_from_main();
            if (is_abandoned_ || std::ranges::all_of(threads_, [](const auto& t) { return t.is_done; })) break;
        }
        is_running_ = false;
        if (is_abandoned_) fail("no progress in " + std::to_string(how_.steps_max) + " accesses");
        is_abandoned_ = false;
        if (failure_.empty()) what_.check();
    }
    void start(std::size_t t) {
        auto& me = threads_[t];
        me.is_done = false;
        me.hash = t;
        me.completed = 0;
        me.heard_of.clear();
        me.known.clear();
        me.known_when_completed.clear();
        getcontext(&me.context);
        me.context.uc_stack.ss_sp = me.stack.get();
        me.context.uc_stack.ss_size = stack_bytes;
        me.context.uc_link = &main_;
        const auto self = reinterpret_cast<std::uintptr_t>(this);
        makecontext(&me.context, reinterpret_cast<void (*)()>(&world::enter), 3, static_cast<unsigned>(self >> 32),
                    static_cast<unsigned>(self), static_cast<unsigned>(t));
    }
    static void enter(unsigned high, unsigned low, unsigned t) {
        auto* const self = reinterpret_cast<world*>(std::uintptr_t{high} << 32 | low);
        self->note_read(nobody, 0x65);
        self->what_.threads[t]();
        self->threads_[t].is_done = true;
        // Back to main_, which chooses who goes on.
    }
    void schedule_from_main() {
        std::array<std::size_t, 8> runnable;
        std::size_t count = 0;
        for (std::size_t t = 0; t < threads_.size(); ++t)
            if (!threads_[t].is_done) runnable[count++] = t;
        const auto next = runnable[choose(count, about_who)];
        running_ = next;
        trace([&] { trace_ << "thread " << next; });
        swapcontext(&main_, &threads_[next].context);
    }
    void switch_to(std::size_t next) {
        auto& me = threads_[running_];
        const auto mine = running_;
        running_ = next;
        trace([&] { trace_ << "thread " << next; });
        swapcontext(&me.context, &threads_[next].context);
        running_ = mine;
    }
    [[noreturn]] void abandon() {
        is_abandoned_ = true;
        setcontext(&main_);
        __builtin_unreachable();
    }

    [[nodiscard]] std::size_t choose(std::size_t options, std::uint64_t about) {
        if (options <= 1) return 0;
        if (depth_ < decisions_.size()) {
            const auto taken = decisions_[depth_++].taken;
            if (taken >= options) fail("the program is not deterministic");
            return std::min<std::size_t>(taken, options - 1);
        }
        if (is_traced_ || is_pruned_) return 0;
        auto hash = mix(mix(mix(memory_hash_, options), stale_reads_), about);
        // What is left to explore depends on who runs only where changes are counted.
        if (how_.preemptions_max != ~std::uint32_t{0}) hash = mix(mix(hash, preemptions_), running_);
        for (const auto& t : threads_) hash = mix(hash, t.is_done ? mix(t.hash, 1) : t.hash);
        // From here on this run shows nothing new; it goes on only for its threads to end.
        if (!seen_.insert(hash).second) {
            is_pruned_ = true;
            return 0;
        }
        ++depth_;
        decisions_.push_back({static_cast<std::uint8_t>(options), 0});
        return 0;
    }

    [[nodiscard]] std::uint32_t index_of(const void* address) const {
        const auto offset = static_cast<const std::byte*>(address) - arena_;
        return static_cast<std::uint32_t>(offset / 8);
    }
    [[nodiscard]] word_state& state_of(std::uint32_t at, std::uint64_t value) {
        auto& w = words_[at];
        if (w.values.empty()) {
            w.values.push_back({value, {}});
            touched_.push_back(at);
        }
        return w;
    }
    void see(thread_state& me, std::uint32_t at, const word_state& w, std::uint32_t index, std::memory_order order) {
        if (how_.stale_reads_max != 0) {
            me.known.raise(at, index);
            if (acquires(order)) me.known.join(w.values[index].known);
            note_read(at, index);
        }
        note_read(at, w.values[index].value);
    }
    void write(std::uint32_t at, word_state& w, std::uint64_t& value, std::uint64_t to, std::memory_order order,
               bool is_read_too) {
        auto& me = threads_[running_];
        const auto index = static_cast<std::uint32_t>(w.values.size());
        note_read(at, 0x77);
        value = to;
        memory_hash_ -= w.hash;
        if (how_.stale_reads_max != 0) {
            value_of_word made{to, {}};
            me.known.raise(at, index);
            // A read-modify-write belongs to the release sequence of what it read.
            if (is_read_too) made.known = w.values.back().known;
            if (releases(order)) made.known.join(me.known);
            if (order == std::memory_order_seq_cst) w.last_seq_cst = index;
            w.hash = mix(mix(w.hash, made.known.hash()), w.last_seq_cst);
            w.values.push_back(std::move(made));
            w.hash = mix(mix(w.hash, at), to);
        } else {
            w.values.back().value = to;
            w.hash = mix(mix(at, 0x77), to);
        }
        memory_hash_ += w.hash;
        trace([&] { trace_ << "  write " << name(at) << " = " << std::hex << to << std::dec; });
    }
    void note_read(std::size_t at, std::uint64_t value) {
        if (running_ != nobody) threads_[running_].hash = mix(mix(threads_[running_].hash, at), value);
    }
    [[nodiscard]] static std::string name(std::uint32_t at) { return "word " + std::to_string(at); }
    template <class Say>
    void trace(const Say& say) {
        if (!is_traced_) return;
        say();
        trace_ << '\n';
    }

    const program& what_;
    const exploration& how_;
    bool is_traced_;
    std::byte* arena_;
    std::size_t arena_used_ = 0;
    std::size_t blocks_allocated_ = 0;
    std::vector<bool> is_freed_;
    // Kept from run to run: who used each word, and which of them need a choice before they are accessed.
    static constexpr std::uint8_t used_by_many = 1;
    static constexpr std::uint8_t written = 2;
    std::vector<std::size_t> first_user_;
    std::vector<std::uint8_t> uses_;
    std::vector<bool> is_shared_;
    std::vector<word_state> words_;
    std::vector<std::uint32_t> touched_;
    std::vector<thread_state> threads_;
    std::size_t running_ = nobody;
    ucontext_t main_{};
    bool is_running_ = false;
    bool is_pruned_ = false;
    bool is_abandoned_ = false;
    bool found_sharing_ = false;
    std::uint64_t memory_hash_ = 0;
    std::uint64_t steps_ = 0;
    std::uint64_t stale_reads_ = 0;
    std::uint64_t preemptions_ = 0;
    std::size_t depth_ = 0;
    std::vector<decision> decisions_;
    std::unordered_set<std::uint64_t> seen_;
    std::string failure_;
    std::ostringstream trace_;
};

world* now = nullptr;

}  // namespace

explored explore(const program& what, const exploration& how) {
    world w{what, how};
    now = &w;
    auto found = w.explore();
    now = nullptr;
    return found;
}

explored explore_and_report(const char* name, const program& what, const exploration& how) {
    auto found = explore(what, how);
    if (found.failure.empty()) return found;
    exploration again = how;
    again.replay = found.seed;
    found.trace = explore(what, again).trace;
    std::cout << name << ": " << found.failure << " in run " << found.runs << "\nchoices:";
    for (const auto choice : found.seed.choices) std::cout << ' ' << unsigned{choice};
    std::cout << "\nbefore accesses of words:";
    for (const auto at : found.seed.words) std::cout << ' ' << at;
    std::cout << '\n' << found.trace << '\n';
    return found;
}

namespace model {

std::byte* allocate(std::size_t size_bytes) {
    return now->allocate(size_bytes);
}
void free(std::byte* block, std::size_t size_bytes) {
    now->free(block, size_bytes);
}
std::size_t blocks_allocated() {
    return now->blocks_allocated();
}
void fail(const std::string& why) {
    now->fail(why);
}
void yield() {
    now->yield();
}
std::size_t thread() {
    return now->running();
}
std::vector<std::uint32_t> completed() {
    return now->completed();
}
void complete() {
    now->complete();
}

std::uint64_t word::load(std::memory_order order) const {
    return now->load(value_, order);
}
void word::store(std::uint64_t value, std::memory_order order) {
    now->store(value_, value, order);
}
std::uint64_t word::exchange(std::uint64_t value, std::memory_order order) {
    return now->read_and_write(value_, order, order, [&](std::uint64_t) { return std::pair{true, value}; });
}
std::uint64_t word::fetch_add(std::uint64_t value, std::memory_order order) {
    return now->read_and_write(value_, order, order, [&](std::uint64_t old) { return std::pair{true, old + value}; });
}
bool word::compare_exchange_strong(std::uint64_t& expected, std::uint64_t desired, std::memory_order success,
                                   std::memory_order failure) {
    const auto wanted = expected;
    expected = now->read_and_write(value_, success, failure, [&](std::uint64_t old) {
        return std::pair{old == wanted, desired};
    });
    return expected == wanted;
}

}  // namespace model

}  // namespace xacthuc::tests
