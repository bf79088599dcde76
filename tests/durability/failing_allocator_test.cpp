// SPDX-License-Identifier: Apache-2.0
// The public interface with the k-th allocation refused, once and from then on, in the library and in SQLite: nothing
// hangs, crashes, is lost or is acknowledged falsely, and afterwards all goes on.
#include "durability/failing_allocator.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <array>
#include <atomic>
#include <cstring>
#include <optional>
#include <thread>
#include <vector>
#include <xacthuc/xacthuc.hpp>

#include "sanitized.hpp"
#include "unit/registry/outcome.hpp"
#include "unit/registry/small_registry.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr auto number_end = small_registry::number_end;

// SQLite's own allocator with the gate before it.
sqlite3_mem_methods beneath;
void* allocate(int size) {
    return failing_allocator::refuses() ? nullptr : beneath.xMalloc(size);
}
void* reallocate(void* block, int size) {
    return failing_allocator::refuses() ? nullptr : beneath.xRealloc(block, size);
}
const bool sqlite_is_gated = [] {
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &beneath) != SQLITE_OK) return false;
    auto gated = beneath;
    gated.xMalloc = allocate;
    gated.xRealloc = reallocate;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &gated) == SQLITE_OK;
}();

// Files that are still open, and those that were being written when memory lacked: neither may grow. SQLite keeps some
// of a database's until no connection has a lock on it.
std::size_t open_files() {
    std::size_t count = 0;
    std::error_code gone;
    for (const auto& one : std::filesystem::directory_iterator{"/proc/self/fd"})
        count += std::filesystem::read_symlink(one.path(), gone).filename() != "changes.sqlite";
    return count;
}
std::size_t begun_files(const std::filesystem::path& in) {
    std::size_t count = 0;
    for (const auto& one : std::filesystem::recursive_directory_iterator{in})
        count += one.path().filename().string().find(".saving-") != std::string::npos;
    return count;
}

// Every k, or the first of them and then ever fewer: what a call does over and over need not be failed each time. Under
// ThreadSanitizer a sample, as each k takes the same ways through the locks.
struct steps {
    std::size_t dense = SIZE_MAX;
    [[nodiscard]] std::size_t after(std::size_t k) const {
        if (XACTHUC_TEST_THREAD_SANITIZED) return k < 4 ? k + 1 : k + 1 + k / 2;
        return k < dense ? k + 1 : k + 1 + k / 16;
    }
};

// Runs work() with allocations failing, and then look() without, until one run met no failure. Returns how many
// allocations there were to refuse.
template <class Work, class Look>
std::size_t for_every_k(const char* name, steps which, const Work& work, const Look& look) {
    std::size_t tried = 0;
    std::size_t there = 0;
    const auto open = open_files();
    for (const bool sticky : {false, true})
        for (std::size_t k = 0;; k = which.after(k)) {
            CAPTURE(name);
            CAPTURE(k);
            CAPTURE(sticky);
            failing_allocator::fail(k, sticky);
            try {
                work();
            } catch (const std::bad_alloc&) {
            }
            const auto met = failing_allocator::relent() > k;
            look();
            CHECK(open_files() == open);
            if (!met) break;
            ++tried;
            there += which.after(k) - k;
        }
    MESSAGE(std::string{name} << ": " << tried << " allocations refused");
    CHECK(tried > 0);
    return there;
}

// A registry that lives on while its allocations fail.
struct stage {
    small_registry at;
    std::optional<registry> opened;

    stage() {
        REQUIRE(sqlite_is_gated);
        REQUIRE(succeeded(at.create()));
        reopen();
    }
    void reopen() {
        opened.reset();
        auto again = at.open();
        REQUIRE(succeeded(again));
        opened.emplace(std::move(*again));
        check();
    }
    void check() const { REQUIRE(read_register(opened->index(), number_end) == at.expected); }
};

// What one call of apply() was told, and whether that is so.
class one_batch {
  public:
    explicit one_batch(std::vector<change> what) : changes_{std::move(what)} {}
    void apply(registry& in) noexcept {
        code_.reset();
        try {
            const auto done = in.apply(changes_);
            code_ = done ? boost::system::error_code{} : done.error().code;
        } catch (const std::bad_alloc&) {
            code_ = make_error_code(errc::out_of_memory);
        }
    }
    [[nodiscard]] bool is_acknowledged() const { return code_ && !*code_; }
    [[nodiscard]] bool may_be_there() const { return *code_ == errc::changes_in_doubt; }
    [[nodiscard]] bool is_there() const { return is_acknowledged() || *code_ == errc::changes_pending; }
    [[nodiscard]] const std::vector<change>& changes() const { return changes_; }

  private:
    std::vector<change> changes_;
    std::optional<boost::system::error_code> code_;
};

std::size_t fail_apply(stage& on, std::size_t count) {
    std::uint64_t before = 0;
    std::uint32_t ward = 1000;
    std::optional<one_batch> batch;
    const auto prepare = [&] {
        before = on.opened->durable_sequence();
        std::vector<change> changes;
        ++ward;
        for (std::uint64_t i = 0; i < count; ++i)
            changes.push_back(change::upsert(sample_citizen((ward + i) % number_end, ward, on.at.digests)));
        if (on.at.expected.contains(ward % 300)) changes.push_back(change::erase(sample_id(ward % 300)));
        batch.emplace(std::move(changes));
    };
    prepare();
    return for_every_k(
        "apply", {}, [&] { batch->apply(*on.opened); },
        [&] {
            const auto asked = on.opened->durable_sequence();
            // Whatever is pending or in doubt is settled by the next call.
            REQUIRE(succeeded(on.opened->apply({})));
            const auto now = on.opened->durable_sequence();
            CHECK((now == before || now == before + batch->changes().size()));
            if (!batch->may_be_there()) CHECK(batch->is_there() == (now != before));
            if (batch->is_there()) CHECK(asked == now);
            if (now != before)
                for (const auto& what : batch->changes()) make_in(on.at.expected, what);
            on.check();
            prepare();
        });
}

}  // namespace

TEST_CASE("apply() with every allocation failing: the registry goes on, and reopening finds what was acknowledged") {
    stage on;
    CHECK(fail_apply(on, 3) > 20);
    on.reopen();
    CHECK(fail_apply(on, 40) > 50);
    REQUIRE(succeeded(on.opened->close()));
    on.reopen();
}

TEST_CASE("several threads that apply while allocations fail: all come back, and what they are told is so") {
    stage on;
    constexpr steps every;
    std::size_t rounds = 0;
    for (const bool sticky : {false, true})
        for (std::size_t k = 0; k < 150; k = every.after(k)) {
            CAPTURE(k);
            const auto before = on.opened->durable_sequence();
            std::vector<one_batch> batches;
            for (std::uint64_t thread = 0; thread < 3; ++thread) {
                std::vector<change> changes;
                for (std::uint64_t i = 0; i < 4; ++i)
                    changes.push_back(change::upsert(
                        sample_citizen(thread * 100 + i, static_cast<std::uint32_t>(2000 + rounds), on.at.digests)));
                batches.emplace_back(std::move(changes));
            }
            {
                std::atomic<int> waiting{3};
                std::vector<std::jthread> threads;
                threads.reserve(batches.size());
                for (auto& batch : batches)
                    threads.emplace_back([&] {
                        --waiting;
                        while (waiting > 0) std::this_thread::yield();
                        batch.apply(*on.opened);
                    });
                while (waiting > 0) std::this_thread::yield();
                failing_allocator::fail(k, sticky);
            }
            failing_allocator::relent();
            REQUIRE(succeeded(on.opened->apply({})));
            std::size_t there = 0;
            for (const auto& batch : batches) {
                // The wards tell which are there.
                const auto found = read_register(on.opened->index(), number_end);
                const auto is_there =
                    found.at(number_of(batch.changes()[0])).ward == static_cast<std::uint32_t>(2000 + rounds);
                if (!batch.may_be_there()) CHECK(batch.is_there() == is_there);
                if (!is_there) continue;
                ++there;
                for (const auto& what : batch.changes()) make_in(on.at.expected, what);
            }
            CHECK(on.opened->durable_sequence() == before + 4 * there);
            on.check();
            ++rounds;
        }
    REQUIRE(succeeded(on.opened->close()));
    on.reopen();
}

TEST_CASE("what else a registry does, with allocations failing, some of those that come in a row") {
    stage on;
    constexpr steps some{40};
    REQUIRE(succeeded(on.opened->apply(on.at.next_changes(50))));
    for_every_k(
        "checkpoint", some, [&] { static_cast<void>(on.opened->checkpoint()); },
        [&] {
            REQUIRE(succeeded(on.opened->apply(on.at.next_changes(3))));
            on.check();
        });
    for_every_k(
        "scrub", {},
        [&] {
            static_cast<void>(on.opened->scrub(0, 20));
            std::vector<std::uint64_t> one(8);  // the scrub of what is whole makes none
        },
        [] {});
    for_every_k(
        "follow", {},
        [&] {
            std::vector<change> found;
            if (auto feed = on.opened->follow()) static_cast<void>(feed->next(found));
        },
        [] {});
    REQUIRE(succeeded(on.opened->checkpoint()));
    {
        auto reader = on.at.open_to_read();
        REQUIRE(succeeded(reader));
        REQUIRE(succeeded(on.opened->apply(on.at.next_changes(20))));
        for_every_k(
            "refresh", {}, [&] { static_cast<void>(reader->refresh()); },
            [&] {
                REQUIRE(succeeded(reader->refresh()));
                CHECK(reader->index().as_of().sequence == on.opened->durable_sequence());
                CHECK(read_register(reader->index(), number_end) == on.at.expected);
                REQUIRE(succeeded(on.opened->apply(on.at.next_changes(20))));
            });
    }
    REQUIRE(succeeded(on.opened->close()));
    on.opened.reset();
    for_every_k(
        "open", some, [&] { static_cast<void>(on.at.open()); }, [] {});
    on.reopen();
}

TEST_CASE("making registries, snapshots and indexes with allocations failing, some of those that come in a row") {
    const small_registry at;
    constexpr steps some{30};
    for_every_k(
        "create", some, [&] { static_cast<void>(at.create()); },
        [&] {
            if (std::filesystem::exists(at.directory)) CHECK(begun_files(at.directory) == 0);
            // What is there then is whole, or none; a second attempt mends it.
            const auto again = at.create();
            CHECK((again || code_of(again) == errc::already_exists));
            const auto opened = at.open();
            REQUIRE(succeeded(opened));
            CHECK(read_register(opened->index(), number_end) == at.expected);
            std::filesystem::remove_all(at.directory);
        });
    const auto path = at.place / "one.xts";
    for_every_k(
        "save_snapshot", some, [&] { static_cast<void>(save_snapshot(*at.first, path, at.authority, {.threads = 2})); },
        [&] { CHECK(begun_files(at.place.path()) == 0); });
    for_every_k(
        "load_snapshot", some,
        [&] { static_cast<void>(load_snapshot(path, at.authority.public_key(), {.threads = 2})); }, [] {});
    for_every_k(
        "map_snapshot", some, [&] { static_cast<void>(map_snapshot(path, at.authority.public_key())); }, [] {});
    for_every_k(
        "index_builder", some,
        [&] {
            auto builder = index_builder::create({});
            if (!builder) return;
            {
                auto appender = builder->make_appender();
                for (std::uint64_t i = 0; i < 100; ++i)
                    static_cast<void>(appender.append(sample_citizen(i, 1, at.digests), i));
            }
            static_cast<void>(std::move(*builder).build(2));
        },
        [] {});
}

TEST_CASE("asking, counting and keys, with every allocation failing") {
    const small_registry at;
    const engine answers{*at.first};
    std::size_t wrong = 0;
    for_every_k(
        "prepare and verify", {},
        [&] {
            claim_set said{.id = sample_id(3), .name = "NGUYỄN AN"};
            std::vector<request> asked;
            if (auto one = prepare(said, at.digests)) asked.push_back(*one);
            std::vector<verdict> verdicts(asked.size());
            answers.verify(asked, verdicts);
            for (const auto& v : verdicts) wrong += v.outcome() != outcome::verified;
            // A batch allocates nothing; this makes one allocation at least.
            std::vector<std::uint64_t> some(8);
        },
        [&] { CHECK(wrong == 0); });
    constexpr std::array dimensions{tally_dimension::province, tally_dimension::sex};
    for_every_k(
        "tally", {30}, [&] { static_cast<void>(count_by(*at.first, dimensions, {.threads = 2})); }, [] {});
    const std::array<authority_key, 3> pairs{authority_key::generate(), authority_key::generate(),
                                             authority_key::generate()};
    const auto key_of = [&](std::size_t i) { return pairs[i].public_key().key(); };
    for_every_k(
        "key_ring and agency_keys", {},
        [&] {
            agency_keys keys{{.comb_bytes_max = 1 << 20, .promote_after_uses = 2}};
            for (std::uint16_t agency = 0; agency < 3; ++agency) static_cast<void>(keys.set(agency, key_of(agency)));
            for (int round = 0; round < 4; ++round)
                for (std::uint16_t agency = 0; agency < 3; ++agency) static_cast<void>(keys.find(agency));
            static_cast<void>(keys.revoke(1));
        },
        [] {});
}

TEST_CASE("keys with every allocation failing: no secret stays behind") {
    const small_registry at;
    const auto digests_file = at.place / "kept-digest.key";
    const auto pair_file = at.place / "kept-authority.key";
    REQUIRE(succeeded(at.digests.save(digests_file)));
    REQUIRE(succeeded(at.authority.save(pair_file)));
    const auto held = how_secrets_are_kept().held;
    for_every_k(
        "keys", {},
        [&] {
            const auto made = digest_key::generate();
            static_cast<void>(digest_key::from_bytes(made.bytes()));
            static_cast<void>(authority_key::generate());
            static_cast<void>(digest_key::load(digests_file));
            static_cast<void>(authority_key::load(pair_file));
            static_cast<void>(at.digests.save(at.place / "new-digest.key"));
            static_cast<void>(at.authority.save(at.place / "new-authority.key"));
        },
        [&] {
            CHECK(how_secrets_are_kept().held == held);
            CHECK(begun_files(at.place.path()) == 0);
            for (const auto* const name : {"new-digest.key", "new-authority.key"})
                std::filesystem::remove(at.place / name);
        });
}
