// SPDX-License-Identifier: Apache-2.0
// Writers and readers at once on a few crowded partitions, against an oracle that knows, for each citizen, the last
// change that was acknowledged.
#include <atomic>
#include <cstring>
#include <memory>
#include <random>
#include <thread>
#include <vector>
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/index/citizen_index.hpp>

#include "index/index_view.hpp"
#include "unit/index/made_records.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// A record that says in each of its words which change of its citizen it is.
[[nodiscard]] record numbered(std::uint64_t id, std::uint32_t number) noexcept {
    auto r = made_record(id, number);
    r.words[2] |= layout::sex.put(1);
    return with_integrity(r);
}
[[nodiscard]] public_key numbered_key(std::uint64_t number) noexcept {
    const std::array<std::uint64_t, 4> words{number, number * 3, ~number, number << 20 | 1};
    public_key key;
    std::memcpy(key.bytes.data(), words.data(), sizeof key);
    return key;
}
// The number a key was made of, or -1 when it is not whole.
[[nodiscard]] std::int64_t number_of(const public_key& key) noexcept {
    std::uint64_t number = 0;
    std::memcpy(&number, key.bytes.data(), sizeof number);
    return numbered_key(number) == key ? static_cast<std::int64_t>(number) : -1;
}

constexpr std::uint32_t version_mask = (1U << 20) - 1;

// Does a change again until readers let it have its memory: a reader that the machine has put aside holds it back for
// as long as it likes, and that is no failure of either.
template <class Change>
[[nodiscard]] auto patiently(const Change& change) {
    for (;;) {
        auto made = change();
        if (made.has_value() || made.error() != errc::reclamation_stalled) return made;
        std::this_thread::yield();
    }
}

class contest {
  public:
    static constexpr std::size_t partitions_used = 6;

    contest(std::size_t citizens, std::size_t writers) : writers_{writers}, oracle_(citizens) {
        for (std::uint64_t i = 0; ids_.size() < citizens; ++i)
            if (partition_of(placement_hash(made_id(i), 0)) < partitions_used) ids_.push_back(made_id(i));
        index_builder::options how;
        how.with_keys = true;
        // A part of the citizens is there from the start, so that tables begin at their original places.
        how.placement_seed = 0;  // by which the ids were chosen
        auto builder = index_builder::create(how).value();
        {
            auto appender = builder.make_appender();
            for (std::size_t i = 0; i < citizens / 2; ++i)
                appender.append(numbered(ids_[i], 0), 0, numbered_key(0)).value();
        }
        index_.emplace(std::move(builder).build(1).value());
    }

    void run(std::uint64_t operations, std::size_t readers) {
        {
            std::vector<std::jthread> threads;
            for (std::size_t r = 0; r < readers; ++r) threads.emplace_back([this, r] { read(r); });
            {
                std::vector<std::jthread> writing;
                for (std::size_t w = 0; w < writers_; ++w)
                    writing.emplace_back([this, w, operations] { write(w, operations / writers_); });
            }
            done_.store(true, std::memory_order_relaxed);
        }
        check_end();
    }

    [[nodiscard]] citizen_index& index() noexcept { return *index_; }

  private:
    // Every eighth citizen is changed by all writers, every other by one.
    [[nodiscard]] static bool is_shared(std::size_t i) noexcept { return i % 8 == 0; }

    struct truth {
        std::atomic<std::uint32_t> acknowledged{0};  // the number of the last change known to be done
        std::atomic<std::uint32_t> shared_changes{0};
        bool is_there = false;
    };

    void write(std::size_t me, std::uint64_t operations) {
        std::mt19937_64 random{me + 1};
        std::vector<std::uint32_t> number(ids_.size(), 0);
        std::vector<bool> is_there(ids_.size(), false);
        for (std::size_t i = 0; i < ids_.size() / 2; ++i) is_there[i] = true;
        for (std::uint64_t op = 0; op < operations; ++op) {
            const auto i = random() % ids_.size();
            if (is_shared(i)) {
                failures_ += !patiently([&] { return index_->upsert(numbered(ids_[i], 0)); }).has_value();
                oracle_[i].shared_changes.fetch_add(1, std::memory_order_relaxed);
                continue;
            }
            if (i % writers_ != me) continue;
            change_own(i, random(), number[i], is_there);
        }
        for (std::size_t i = 0; i < ids_.size(); ++i)
            if (!is_shared(i) && i % writers_ == me) oracle_[i].is_there = is_there[i];
    }

    void change_own(std::size_t i, std::uint64_t dice, std::uint32_t& number, std::vector<bool>& is_there) {
        const auto id = personal_id::from_trusted(ids_[i]);
        const auto next = number + 1;
        const auto version = next & version_mask;
        result<citizen_index::change_result> made = errc::io;
        switch (dice % 16) {
            case 0:
                made = patiently([&] { return index_->erase(id, version); });
                failures_ += made.has_value() != is_there[i];
                if (made) is_there[i] = false;
                break;
            case 1:
                // A change that comes twice is ignored and says so; of an erased citizen whose table was cleaned up
                // nothing is known any more.
                if (is_there[i]) {
                    made = patiently(
                        [&] { return index_->upsert(numbered(ids_[i], number), std::nullopt, number & version_mask); });
                    failures_ += made.has_value() || made.error() != errc::change_is_older;
                }
                return;
            default:
                made = patiently([&] { return index_->upsert(numbered(ids_[i], next), numbered_key(next), version); });
                failures_ += !made.has_value() || made->inserted == is_there[i] || made->version != version;
                if (made) is_there[i] = true;
        }
        if (!made) return;
        number = next;
        oracle_[i].acknowledged.store(number, std::memory_order_release);
    }

    void read(std::size_t me) {
        std::mt19937_64 random{1000 + me};
        std::vector<std::uint32_t> seen(ids_.size(), 0);
        std::vector<std::uint32_t> seen_key(ids_.size(), 0);
        std::vector<request> requests(64);
        std::vector<verdict> verdicts(requests.size());
        const engine judge{*index_};
        while (!done_.load(std::memory_order_relaxed)) {
            for (auto& q : requests) {
                q.words[0] = ids_[random() % ids_.size()] | request_layout::claims.put(mask_of(claim::sex));
                q.words[2] = layout::sex.put(1);
            }
            judge.verify(requests, verdicts);
            for (const auto& v : verdicts)
                wrong_verdicts_ += v.outcome() != outcome::verified && v.outcome() != outcome::not_found;
            for (int k = 0; k < 64; ++k) look_up(random() % ids_.size(), seen, seen_key);
        }
    }

    void look_up(std::size_t i, std::vector<std::uint32_t>& seen, std::vector<std::uint32_t>& seen_key) {
        const auto id = personal_id::from_trusted(ids_[i]);
        const auto least = oracle_[i].acknowledged.load(std::memory_order_acquire);
        const auto found = index_->find(id);
        torn_ += !found.has_value();
        public_key key;
        const bool has_key = index_->find_key(id, key);
        if (has_key) {
            const auto number = number_of(key);
            torn_ += number < 0;
            stale_ += !is_shared(i) && (number < seen_key[i] || number < least);
            seen_key[i] = static_cast<std::uint32_t>(number);
        }
        if (!found || !*found) return;
        const auto& r = **found;
        if (is_shared(i)) {
            const auto version = static_cast<std::uint32_t>(layout::version.get(r.words[0]));
            stale_ += ((version - seen[i]) & version_mask) >= 1U << 19;
            seen[i] = version;
            return;
        }
        const auto number = static_cast<std::uint32_t>(layout::folded_name.get(r.words[3]));
        const auto expected = numbered(ids_[i], number);
        torn_ += r.words[1] != expected.words[1] || r.words[2] != expected.words[2] ||
                 layout::version.get(r.words[0]) != (number & version_mask);
        stale_ += number < seen[i] || number < least;
        seen[i] = number;
    }

    void check_end() {
        CHECK(failures_ == 0);
        CHECK(wrong_verdicts_ == 0);
        CHECK(torn_ == 0);
        CHECK(stale_ == 0);
        std::uint64_t there = 0;
        for (std::size_t i = 0; i < ids_.size(); ++i) {
            const auto found = index_->find(personal_id::from_trusted(ids_[i])).value();
            there += found.has_value();
            if (is_shared(i)) {
                // Every change counted once: the version is their number, less one for who was not there at first.
                const auto changes = oracle_[i].shared_changes.load() - (i < ids_.size() / 2 ? 0 : 1);
                if (oracle_[i].shared_changes.load() != 0)
                    REQUIRE(layout::version.get(found.value().words[0]) == (changes & version_mask));
                continue;
            }
            REQUIRE(found.has_value() == oracle_[i].is_there);
            if (found) REQUIRE(layout::folded_name.get(found->words[3]) == oracle_[i].acknowledged.load());
        }
        CHECK(index_->citizens() == there);
        const auto report = index_->scrub();
        CHECK(report.live == there);
        CHECK(report.damaged == 0);
    }

    std::size_t writers_;
    std::vector<std::uint64_t> ids_;
    std::vector<truth> oracle_;
    std::optional<citizen_index> index_;
    std::atomic<bool> done_{false};
    std::atomic<std::uint64_t> failures_{0};
    std::atomic<std::uint64_t> wrong_verdicts_{0};
    std::atomic<std::uint64_t> torn_{0};
    std::atomic<std::uint64_t> stale_{0};
};

}  // namespace

TEST_CASE("readers never see a change undone, a torn record or a wrong verdict while writers run") {
    contest{300, 2}.run(400'000, 2);
    contest{40, 3}.run(200'000, 1);
}

TEST_CASE("the same for ten million changes" * doctest::test_suite("slow")) {
    contest{2000, 2}.run(8'000'000, 2);
    contest{24, 2}.run(2'000'000, 1);
}

TEST_CASE("the same for a hundred million changes" * doctest::test_suite("nightly")) {
    contest{5000, 2}.run(90'000'000, 2);
    contest{24, 3}.run(10'000'000, 2);
}

TEST_CASE("a reader that stays inside stops writers by an error, at a bound, and only until it leaves") {
    auto index = build_index(20'000);
    const auto at_first = index.memory_bytes();
    std::uint64_t changes = 0;
    result<citizen_index::change_result> last = errc::io;
    {
        const auto inside = index_view{index}.enter();
        do last = index.upsert(made_record(made_id(changes % 20'000), changes));
        while (last.has_value() && ++changes < 100'000'000);
        REQUIRE(last.error() == errc::reclamation_stalled);
        CHECK(index.memory_bytes() < at_first + (std::uint64_t{160} << 20));
        // Readers go on.
        for (std::uint64_t i = 0; i < 20'000; ++i)
            REQUIRE(index.find(personal_id::from_trusted(made_id(i))).value().has_value());
    }
    CHECK(index.upsert(made_record(made_id(changes % 20'000), changes)).has_value());
    CHECK(index.scrub().damaged == 0);
}

namespace {

// The live records of a copied block, each checked, and their keys.
struct block_contents {
    std::vector<record> records;
    std::vector<public_key> keys;
};
[[nodiscard]] block_contents contents_of(const std::vector<std::byte>& block) {
    block_head head;
    std::memcpy(&head, block.data(), sizeof head);
    REQUIRE(block.size() == block_bytes(head.line_count, true));
    REQUIRE(head.spare == decltype(head.spare){});
    block_contents found;
    for (std::size_t number = 0; number < head.line_count * slots_per_line; ++number) {
        record r;
        std::memcpy(&r, block.data() + sizeof head + number * sizeof r, sizeof r);
        const auto* const key = block.data() + block_bytes(head.line_count, false) + number * public_key_bytes;
        if (r.words[0] == 0) continue;
        REQUIRE(slot_word::state_of(r.words[0]) == slot_state::live);
        REQUIRE(is_intact(r));
        found.records.push_back(r);
        std::memcpy(found.keys.emplace_back().bytes.data(), key, public_key_bytes);
    }
    REQUIRE(found.records.size() == head.live_count);
    return found;
}

}  // namespace

TEST_CASE("copies, scrubs and rebuilds of a partition are whole while a writer changes it") {
    contest c{200, 1};
    auto& index = c.index();
    std::vector<std::uint64_t> ids;
    for (std::uint64_t i = 0; ids.size() < 60; ++i)
        if (partition_of(placement_hash(made_id(i), 0)) == 1) ids.push_back(made_id(i));
    for (const auto id : ids) REQUIRE(index.upsert(numbered(id, 0), numbered_key(0)).has_value());
    std::atomic<bool> done{false};
    std::atomic<std::uint64_t> failed{0};
    std::jthread writer{[&] {
        for (std::uint32_t number = 1; !done.load(); ++number)
            for (const auto id : ids)
                failed += !patiently([&] { return index.upsert(numbered(id, number), numbered_key(number)); });
    }};
    // A check that fails throws, and the writer is waited for.
    const std::unique_ptr<std::atomic<bool>, void (*)(std::atomic<bool>*)> stop{&done,
                                                                                [](auto* flag) { *flag = true; }};
    std::vector<std::byte> block;
    std::vector<std::byte> again;
    for (int round = 0; round < 300; ++round) {
        REQUIRE(index.scrub(1, 1).damaged == 0);
        REQUIRE(index.copy_block(1, block).has_value());
        const auto found = contents_of(block);
        REQUIRE(found.records.size() >= ids.size());
        for (std::size_t i = 0; i < found.records.size(); ++i) {
            const auto number = layout::folded_name.get(found.records[i].words[3]);
            REQUIRE(number_of(found.keys[i]) == static_cast<std::int64_t>(number));
        }
        const auto rebuild = [&]() -> result<void> {
            if (const auto made = index.rebuild_partition(1, found.records, found.keys); !made)
                return made.error().code;
            return {};
        };
        if (round % 10 == 0) REQUIRE(patiently(rebuild).has_value());
    }
    done.store(true);
    writer.join();
    CHECK(failed == 0);
    // The same records give the same bytes, and a rebuild from a copy changes nothing.
    REQUIRE(index.copy_block(1, block).has_value());
    const auto last = contents_of(block);
    const auto citizens = index.citizens();
    REQUIRE(index.rebuild_partition(1, last.records, last.keys).has_value());
    CHECK(index.citizens() == citizens);
    REQUIRE(index.copy_block(1, again).has_value());
    if (again.size() == block.size()) CHECK(again == block);
    for (const auto& r : last.records) {
        const auto found = index.find(personal_id::from_trusted(layout::id.get(r.words[0]))).value();
        REQUIRE(found.has_value());
        auto alone = r;  // that its line is closed says nothing of it
        alone.words[0] &= ~layout::closed.mask();
        REQUIRE(found->words == alone.words);
    }
    CHECK(index.scrub().damaged == 0);
    std::uint64_t live = 0;
    for (std::size_t p = 0; p < partition_count; ++p) {
        REQUIRE(index.copy_block(p, again).has_value());
        live += contents_of(again).records.size();
    }
    CHECK(live == index.citizens());
}
