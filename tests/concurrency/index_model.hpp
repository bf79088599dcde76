// SPDX-License-Identifier: Apache-2.0
// One partition of the index's own code, on the explorer's words: what its threads do, and the check that what they
// were told can be put in one order.
#pragma once

#include <array>
#include <cstdint>
#include <new>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "concurrency/explorer.hpp"
#include "index/partitions.hpp"

namespace xacthuc::tests {

// A record whose payload is a function of the id and a number.
[[nodiscard]] inline record made_content(std::uint64_t id, std::uint64_t number) {
    record r;
    r.words = {id, number * 0x0101'0101'0101, number, number};
    return r;
}
[[nodiscard]] inline key_words made_key(std::uint64_t number) {
    return {number, number, number, number};
}

// What a citizen's record says, or that there is none.
struct entry_seen {
    std::uint64_t id = 0;
    bool is_there = false;
    std::uint32_t version = 0;
    std::uint64_t number = 0;
    std::uint64_t key = 0;
    bool is_elsewhere = false;  // and nothing can be said of her

    friend bool operator==(const entry_seen&, const entry_seen&) = default;
};

struct operation {
    enum class kind : std::uint8_t { put, put_key, erase, set_key, find, batch, copy, rebuild, reclaim, add, drop };
    kind what = kind::find;
    std::uint64_t id = 0;
    std::uint64_t number = 0;
    std::optional<std::uint32_t> version;
    std::vector<entry_seen> contents;  // of a rebuild, and of a partition that is brought in
};

// What an operation was told.
struct told {
    operation what;
    std::vector<std::uint32_t> completed_before;  // how many operations of each thread
    bool is_error = false;
    errc error{};
    bool inserted = false;
    std::uint32_t version = 0;
    std::vector<entry_seen> seen;
};

struct scenario {
    std::uint64_t line_count = 2;
    bool with_keys = false;
    std::vector<entry_seen> at_first;
    std::vector<operation> before;  // done after that, before the threads
    std::vector<std::vector<operation>> threads;
};

// Whether the threads' reports and the final state can come from operations done one after the other, in an order that
// keeps the order of those that did not overlap. At last the partition may be elsewhere.
[[nodiscard]] bool is_linearizable(const scenario& s, const std::vector<told>& before,
                                   const std::vector<std::vector<told>>& reports,
                                   const std::optional<std::vector<entry_seen>>& at_last);
[[nodiscard]] std::string to_text(const std::vector<std::vector<told>>& reports);

template <class Steps_>
class index_model {
  public:
    explicit index_model(const scenario& s) : s_{s} {}

    [[nodiscard]] program as_program() {
        program p;
        p.set_up = [this] { set_up(); };
        for (std::size_t t = 0; t < s_.threads.size(); ++t) p.threads.emplace_back([this, t] { run(t); });
        p.check = [this] { check(); };
        return p;
    }

  private:
    struct memory {
        static std::byte* allocate(std::size_t size) { return model::allocate(size); }
        static void free(std::byte* block, std::size_t size) { model::free(block, size); }
    };
    struct policy {
        using Word = model::word;
        using Memory = memory;
        using Epoch = basic_epoch<model::word, 3, Steps_>;
        using Steps = Steps_;
        static constexpr std::uint64_t look_home_every = 1;
        static std::size_t partition(std::uint64_t) { return 0; }
        // Ids 1 to 4 begin their paths in the four quarters of a table.
        static std::uint64_t placement(std::uint64_t id, std::uint64_t) { return ((id - 1) & 3) << 30; }
    };
    using Table = basic_table<model::word>;
    using Partitions = partitions<policy>;

    struct shared {
        std::array<model::word, 1> directory{};
        std::array<model::word, 1> irregular{};
        std::array<std::uint64_t, 1> original{};
        typename policy::Epoch readers;
        std::atomic<std::uint64_t> citizens{0};
        struct alignas(64) {
            block_head head;
            basic_line<model::word> only;
        } elsewhere{};
        std::optional<Partitions> live;
    };

    void set_up() {
        reports_.assign(s_.threads.size(), {});
        auto* const at = model::allocate(sizeof(shared));
        shared_ = new (at) shared;
        const auto size = block_bytes(s_.line_count, s_.with_keys);
        auto* const block = model::allocate(size);
        block_head head;
        head.line_count = static_cast<std::uint32_t>(s_.line_count);
        *reinterpret_cast<block_head*>(block) = head;
        const Table first{table_word{block + sizeof head, s_.line_count}};
        static_cast<void>(lay_out(first, s_.with_keys, s_.at_first.size(), entries_of(s_.at_first)));
        shared_->original[0] = first.word().bits();
        shared_->directory[0].store(first.word().bits());
        shared_->citizens = s_.at_first.size();
        const Table elsewhere{table_word{&shared_->elsewhere.only, 1}};
        Partitions::stand_for_elsewhere(elsewhere);
        shared_->live.emplace(
            typename Partitions::parts{.directory = shared_->directory,
                                       .irregular = shared_->irregular,
                                       .original = shared_->original,
                                       .placement_seed = 0,
                                       .regular = {reinterpret_cast<std::uintptr_t>(first.lines()), 0, s_.line_count},
                                       .with_keys = s_.with_keys,
                                       .retired_bytes_max = 1 << 20,
                                       .elsewhere = elsewhere.word().bits(),
                                       .citizens = &shared_->citizens},
            shared_->readers);
        blocks_at_first_ = model::blocks_allocated();
        before_.clear();
        for (const auto& what : s_.before) {
            told report;
            report.what = what;
            const auto inside = shared_->readers.enter_at(0);
            perform(what, report);
            before_.push_back(report);
        }
    }

    [[nodiscard]] static auto entries_of(const std::vector<entry_seen>& contents) {
        return [&contents](std::size_t i, const auto& use) {
            const auto& e = contents[i];
            auto r = made_content(e.id, e.number);
            r.words[0] = slot_word::live_identity(e.id) | layout::version.put(e.version);
            use(static_cast<std::uint32_t>(policy::placement(e.id, 0)), with_integrity(r), made_key(e.key));
        };
    }

    void run(std::size_t t) {
        for (const auto& what : s_.threads[t]) {
            model::yield();
            told report;
            report.what = what;
            report.completed_before = model::completed();
            // Who only reclaims need not be inside.
            if (what.what == operation::kind::reclaim) {
                perform(what, report);
            } else {
                const auto inside = shared_->readers.enter_at(t);
                perform(what, report);
            }
            reports_[t].push_back(report);
            model::complete();
        }
    }

    void perform(const operation& what, told& report) {
        using kind = operation::kind;
        switch (what.what) {
            case kind::put:
            case kind::put_key:
            case kind::erase:
            case kind::set_key:
                return change(what, report);
            case kind::find:
                return look_up(what.id, shared_->live->table_of(0), report);
            case kind::batch:
                return look_up_in_batch(what.id, report);
            case kind::copy:
                return copy(report);
            case kind::rebuild: {
                const auto done = shared_->live->replace(0, what.contents.size(), [&](Table to) {
                    return lay_out(to, s_.with_keys, what.contents.size(), entries_of(what.contents));
                });
                note_error(done, report);
                return;
            }
            case kind::add: {
                const auto done = shared_->live->add(0, what.contents.size(), [&](Table to) {
                    return lay_out(to, s_.with_keys, what.contents.size(), entries_of(what.contents));
                });
                return note_error(done, report);
            }
            case kind::drop:
                return note_error(shared_->live->drop(0), report);
            case kind::reclaim:
                shared_->live->reclaim();
        }
    }

    template <class T>
    static void note_error(const result<T>& done, told& report) {
        report.is_error = !done.has_value();
        if (!done) report.error = static_cast<errc>(done.error().value());
    }

    void change(const operation& what, told& report) {
        using kind = operation::kind;
        wanted_change wanted;
        wanted.what = what.what == kind::erase     ? wanted_change::kind::erase
                      : what.what == kind::set_key ? wanted_change::kind::set_key
                                                   : wanted_change::kind::upsert;
        wanted.id = what.id;
        wanted.content = made_content(what.id, what.number);
        if (what.what == kind::put_key || what.what == kind::set_key) wanted.key = made_key(what.number);
        wanted.version = what.version;
        const auto made = shared_->live->make(wanted);
        note_error(made, report);
        if (!made) return;
        report.inserted = made->inserted;
        report.version = made->version;
    }

    // As the verification kernels look: by the flag, line after line to the end of the path, at each slot's word 0 once
    // for the record and once for what speaks against a miss; whatever is in doubt goes the slow way.
    void look_up_in_batch(std::uint64_t id, told& report) {
        const std::span<const model::word> irregular = shared_->irregular;
        const Table in =
            Partitions::is_flagged(irregular, 0) ? shared_->live->table_of(0) : Table{table_word{shared_->original[0]}};
        bool in_doubt = false;
        bool path_ends = false;
        for (auto at = in.home(policy::placement(id, 0)); at < in.line_count() && !path_ends; ++at) {
            const auto* const line = in.lines() + at;
            const auto here = live_in(line, id);
            if (here.is_there) return take(in, here, report);
            auto closes = ~std::uint64_t{0};
            for (const auto& s : line->slots) {
                const auto word = s.words[0].load(std::memory_order_relaxed);
                closes &= word;
                const auto state = slot_word::state_of(word);
                const bool speaks = state == slot_state::live || state == slot_state::moved;
                in_doubt |= Steps_::follows_links && speaks && layout::id.get(word) == id;
                path_ends |= (word & ~layout::closed.mask()) == 0;
            }
            path_ends |= slot_word::line_is_closed(closes, closes);
        }
        if (in_doubt || !path_ends) return look_up(id, shared_->live->table_of(0), report);
        report.seen.push_back({id, false, 0, 0, 0});
    }

    void take(Table in, const place_in_line<model::word>& here, told& report) {
        record r;
        r.words[0] = here.word;
        for (std::size_t i = 1; i < 4; ++i) r.words[i] = here.at->words[i].load(std::memory_order_relaxed);
        std::uint64_t key = 0;
        if (s_.with_keys) key = whole(in.key_of(static_cast<std::uint64_t>(here.at - &in.slot_at(0))));
        report.seen.push_back(seen_of(r, key));
    }

    // Ids of the model all belong to its one partition.
    static bool belongs_here(std::uint64_t) { return true; }
    void look_up(std::uint64_t id, Table in, told& report) {
        if (shared_->live->is_elsewhere(in)) {
            report.seen.push_back({.id = id, .is_elsewhere = true});
            return;
        }
        const auto found = locate<model::word, Steps_>(in, policy::placement(id, 0), id, belongs_here);
        if (found.is == located::outcome::damaged) model::fail("a look-up says damaged");
        if (found.is != located::outcome::found) {
            report.seen.push_back({id, false, 0, 0, 0});
            return;
        }
        report.seen.push_back(seen_of(found.copy, s_.with_keys ? whole(in.key_of(found.number)) : 0));
    }

    [[nodiscard]] static std::uint64_t whole(const key_words& key) {
        if (key != made_key(key[0])) model::fail("a key is torn");
        return key[0];
    }
    [[nodiscard]] static entry_seen seen_of(const record& r, std::uint64_t key) {
        const auto id = layout::id.get(r.words[0]);
        if (!is_intact(r)) model::fail("a record fails its check");
        if (r.words[1] != made_content(id, r.words[2]).words[1]) model::fail("a record is torn");
        return {id, true, static_cast<std::uint32_t>(layout::version.get(r.words[0])), r.words[2], key};
    }

    void copy(told& report) {
        const auto done = shared_->live->observe(0, [&](Table from, live_list& records) -> result<void> {
            report.seen.clear();
            for (const auto& e : records.entries()) {
                auto r = copy_of(from.slot_at(e.number));
                r.words[0] = e.word;
                report.seen.push_back(seen_of(r, s_.with_keys ? whole(from.key_of(e.number)) : 0));
            }
            return {};
        });
        note_error(done, report);
    }

    void check() {
        if (shared_->readers.oldest_entered() != shared_->readers.current()) model::fail("somebody never left");
        shared_->live->reclaim();
        shared_->readers.advance();
        shared_->live->reclaim();
        const auto in = shared_->live->table_of(0);
        const bool is_home = in.word().bits() == shared_->original[0];
        const bool is_elsewhere = shared_->live->is_elsewhere(in);
        if (model::blocks_allocated() != blocks_at_first_ + (is_home || is_elsewhere ? 0 : 1))
            model::fail("a block was never freed");
        const std::span<const model::word> irregular = shared_->irregular;
        if (!is_home && !Partitions::is_flagged(irregular, 0))
            model::fail("readers are sent to the original place and the table is elsewhere");
        std::vector<entry_seen> at_last;
        std::set<std::uint64_t> ids;
        for (std::uint64_t number = 0; number < in.slot_count(); ++number) {
            const auto r = copy_of(in.slot_at(number));
            if (slot_word::state_of(r.words[0]) != slot_state::live) continue;
            const auto seen = seen_of(r, s_.with_keys ? whole(in.key_of(number)) : 0);
            at_last.push_back(seen);
            if (!ids.insert(seen.id).second) model::fail("a citizen is there twice");
            if (locate(in, policy::placement(seen.id, 0), seen.id, belongs_here).number != number)
                model::fail("a record lies where nobody looks");
        }
        if (shared_->citizens != at_last.size()) model::fail("the number of citizens is wrong");
        if (!is_linearizable(s_, before_, reports_, is_elsewhere ? std::nullopt : std::optional{at_last}))
            model::fail("no order explains this:" + to_text(reports_));
    }

    const scenario& s_;
    shared* shared_ = nullptr;
    std::size_t blocks_at_first_ = 0;
    std::vector<told> before_;
    std::vector<std::vector<told>> reports_;
};

}  // namespace xacthuc::tests
