// SPDX-License-Identifier: Apache-2.0
// Changes that are durable and cannot come into memory yet: they are answered for as what they are, and are made as
// soon as they can be; nothing stops, and nothing is lost, also when the process is killed meanwhile.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <vector>

#include "durability/faulty_system.hpp"
#include "index/index_view.hpp"
#include "index/slot.hpp"
#include "unit/registry/outcome.hpp"
#include "unit/registry/small_registry.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr auto number_end = small_registry::number_end;
using access = open_registry_options::access;

[[nodiscard]] detailed_result<registry> open(const small_registry& at, registry_system system = plain_system(),
                                             access how = access::write) {
    return registry_opener::open(
        system, at.directory, at.authority.public_key(),
        {.how = how, .authority = at.authority, .stall_patience = std::chrono::milliseconds{20}});
}

[[nodiscard]] std::size_t partition_of_number(const citizen_index& index, std::uint64_t number) {
    return partition_of(placement_hash(sample_id(number).value(), index.placement_seed()));
}

// A partition without any of the sample's citizens, filled over and over with others, larger and then smaller: while
// somebody stays inside, the tables that are replaced so take up all that may wait for readers. It is left empty, or
// with citizens of its own.
class stalled_index {
  public:
    explicit stalled_index(const citizen_index& index) : index_{const_cast<citizen_index&>(index)} {
        std::vector<bool> taken(partition_count);
        for (std::uint64_t number = 0; number < number_end; ++number) taken[partition_of_number(index, number)] = true;
        while (taken[partition_]) ++partition_;
        inside_.emplace(index_view{index_}.enter());
        for (std::size_t count = 40'000; count > 0; count /= 2)
            while (index_.rebuild_partition(partition_, strangers(count), {}).has_value()) {
            }
    }
    void reader_leaves() {
        inside_.reset();
        REQUIRE(succeeded(index_.rebuild_partition(partition_, {}, {})));
    }

  private:
    [[nodiscard]] static std::vector<record> strangers(std::size_t count) {
        std::vector<record> made(count);
        for (std::size_t i = 0; i < count; ++i) {
            made[i].words[0] = slot_word::live_identity(79'000'000'000 + i);
            made[i] = with_integrity(made[i]);
        }
        return made;
    }

    citizen_index& index_;
    std::size_t partition_ = 0;
    std::optional<epoch::guard> inside_;
};

// Changes one citizen until her partition's table is full.
[[nodiscard]] detailed_result<freshness> apply_until_it_stalls(small_registry& at, registry& in) {
    for (std::uint32_t ward = 100;; ++ward) {
        REQUIRE(ward < 1000);
        std::vector<change> changes;
        // A batch of several, so that one may be made in part.
        for (std::uint32_t i = 0; i < 5; ++i)
            changes.push_back(change::upsert(sample_citizen(i, ward, at.digests), sample_key(ward)));
        changes.push_back(change::erase(sample_id(4)));
        changes.push_back(change::upsert(sample_citizen(4, ward + 1, at.digests)));
        for (const auto& what : changes) make_in(at.expected, what);
        auto done = in.apply(changes);
        if (!done) return done;
        CHECK(done->sequence == in.durable_sequence());
    }
}

// A number whose citizen is in the partition of number 0's.
[[nodiscard]] std::uint64_t neighbour_of_0(const citizen_index& index, std::uint64_t from = number_end) {
    while (partition_of_number(index, from) != partition_of_number(index, 0)) ++from;
    return from;
}

// Flips a bit of the citizen's record in memory. Others of the partition are changed well until its table is full.
void damage(const citizen_index& index, std::uint64_t number) {
    auto* const bytes = const_cast<std::byte*>(index.block(partition_of_number(index, number)).data());
    block_head head;
    std::memcpy(&head, bytes, sizeof head);
    for (std::size_t slot = 0; slot < head.line_count * slots_per_line; ++slot) {
        record r;
        auto* const at = bytes + sizeof head + slot * sizeof r;
        std::memcpy(&r, at, sizeof r);
        if (layout::id.get(r.words[0]) == sample_id(number).value()) at[9] ^= std::byte{4};
    }
}

void check_holds(const registry& r, const small_registry& at) {
    CHECK(read_register(r.index(), at.expected.rbegin()->first + 1) == at.expected);
    CHECK(r.index().as_of().sequence == r.durable_sequence());
}

}  // namespace

TEST_CASE("a reader that stays inside leaves a durable change pending; nothing stops, and it is made when he leaves") {
    for (const int way : {0, 1, 2}) {
        CAPTURE(way);
        small_registry at;
        REQUIRE(succeeded(at.create()));
        auto opened = open(at);
        REQUIRE(succeeded(opened));
        stalled_index stalled{opened->index()};
        const auto pending = apply_until_it_stalls(at, *opened);
        CHECK(code_of(pending) == errc::changes_pending);
        const auto durable = opened->durable_sequence();
        CHECK(opened->index().as_of().sequence == durable - 7);

        // Until then nothing more is taken, and the answer says so.
        const std::array more{change::upsert(sample_citizen(9, 5, at.digests))};
        CHECK(code_of(opened->apply(more)) == errc::reclamation_stalled);
        CHECK(code_of(opened->refresh()) == errc::reclamation_stalled);
        CHECK(opened->durable_sequence() == durable);
        // A checkpoint has it, and leaves in the log what memory still lacks.
        const auto saved = opened->checkpoint({.snapshots_kept = 1});
        REQUIRE(succeeded(saved));
        CHECK(saved->as_of.sequence == durable);
        CHECK(opened->index().as_of().sequence == durable - 7);

        stalled.reader_leaves();
        if (way == 0) {
            CHECK(opened->refresh().value().sequence == durable);
        } else if (way == 1) {
            REQUIRE(succeeded(opened->scrub(0, 1)));
        } else {
            REQUIRE(succeeded(opened->apply(more)));
            make_in(at.expected, more[0]);
        }
        check_holds(*opened, at);
        REQUIRE(succeeded(opened->apply(at.next_changes(50))));
        check_holds(*opened, at);
        CHECK(succeeded(opened->close()));
        const auto again = open(at);
        REQUIRE(succeeded(again));
        check_holds(*again, at);
    }
}

TEST_CASE("killed while a change is pending, the next opening has it") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    std::array<int, 2> pipe{};
    REQUIRE(::pipe(pipe.data()) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        auto opened = open(at);
        if (!opened) ::_exit(1);
        const stalled_index stalled{opened->index()};
        const bool is_pending = code_of(apply_until_it_stalls(at, *opened)) == errc::changes_pending;
        const auto durable = opened->durable_sequence();
        if (!is_pending || ::write(pipe[1], &durable, sizeof durable) != sizeof durable) ::_exit(2);
        ::kill(::getpid(), SIGKILL);
    }
    ::close(pipe[1]);
    std::uint64_t durable = 0;
    CHECK(::read(pipe[0], &durable, sizeof durable) == sizeof durable);
    ::close(pipe[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    const auto again = open(at);
    REQUIRE(succeeded(again));
    CHECK(again->durable_sequence() == durable);
    CHECK(again->index().as_of().sequence == durable);
    // The parent did not make them; the same batches, one after the other, are what is there.
    const auto ward = static_cast<std::uint32_t>(100 + (durable - 7) / 7 - 1);
    const auto found = read_register(again->index(), number_end);
    for (std::uint64_t i = 0; i < 4; ++i) CHECK(found.at(i) == sample_facts{ward, sample_key(ward)});
    CHECK(found.at(4) == sample_facts{ward + 1, {}});
}

TEST_CASE("a reader's registry that stalls while it catches up goes on where it was") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    auto writer = open(at);
    REQUIRE(succeeded(writer));
    auto reader = open(at, plain_system(), access::read);
    REQUIRE(succeeded(reader));
    stalled_index stalled{reader->index()};
    for (int round = 0; round < 30; ++round) REQUIRE(succeeded(writer->apply(at.next_changes(100))));
    CHECK(code_of(reader->refresh()) == errc::reclamation_stalled);
    CHECK(reader->index().as_of().sequence < writer->durable_sequence());
    CHECK(code_of(reader->refresh()) == errc::reclamation_stalled);
    stalled.reader_leaves();
    REQUIRE(succeeded(reader->refresh()));
    check_holds(*reader, at);
}

TEST_CASE("a damaged partition is repaired in the middle of a batch, with what the batch had already changed") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    auto opened = open(at);
    REQUIRE(succeeded(opened));
    const auto neighbour = neighbour_of_0(opened->index());
    const auto comes = change::upsert(sample_citizen(neighbour, 5, at.digests));
    REQUIRE(succeeded(opened->apply({&comes, 1})));
    damage(opened->index(), neighbour);
    const auto newcomer = neighbour_of_0(opened->index(), neighbour + 1);
    std::vector<change> changes{change::upsert(sample_citizen(newcomer, 7, at.digests))};
    for (std::uint32_t ward = 10; ward < 60; ++ward)
        changes.push_back(change::upsert(sample_citizen(0, ward, at.digests)));
    REQUIRE(succeeded(opened->apply(changes)));
    for (const auto& what : changes) make_in(at.expected, what);
    make_in(at.expected, comes);
    CHECK(read_register(opened->index(), newcomer + 1) == at.expected);
    CHECK(opened->scrub().value().damaged_slots == 0);
}

TEST_CASE("a repair that fails for now leaves the change pending, and the next call repairs and makes it") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    const auto comes = change::upsert(sample_citizen(neighbour_of_0(*at.first), 5, at.digests));
    REQUIRE(succeeded(open(at).value().apply({&comes, 1})));
    make_in(at.expected, comes);
    std::size_t pending = 0;
    std::size_t calls = 1;
    for (std::size_t k = 0; k < calls; ++k) {
        CAPTURE(k);
        faulty_system files{at.directory, faulty_system::power::reliable};
        auto opened = open(at, files.system());
        REQUIRE(succeeded(opened));
        damage(opened->index(), number_of(comes));
        std::vector<change> changes;
        for (std::uint32_t ward = 10; ward < 60; ++ward)
            changes.push_back(change::upsert(sample_citizen(0, ward, at.digests), sample_key(k)));
        // From the k-th call on, so that no second snapshot makes up for it.
        files.set({.what = faulty_system::kind::error, .at = calls == 1 ? SIZE_MAX : k, .sticky = true});
        const auto before = opened->durable_sequence();
        const auto done = opened->apply(changes);
        if (calls == 1) {
            REQUIRE(succeeded(done));
            calls = files.calls_made();
            k = SIZE_MAX;
        }
        files.set({});
        if (code_of(done) == errc::changes_pending) {
            ++pending;
            CHECK(opened->index().as_of().sequence == before);
            CHECK(succeeded(opened->refresh()));
            CHECK(opened->index().as_of().sequence == before + changes.size());
        }
        const bool taken = done || code_of(done) == errc::changes_pending || opened->durable_sequence() != before;
        REQUIRE(succeeded(opened->apply({})));
        if (taken || opened->durable_sequence() != before)
            for (const auto& what : changes) make_in(at.expected, what);
        else
            REQUIRE(succeeded(opened->scrub()));
        check_holds(*opened, at);
    }
    CHECK(pending > 5);
    MESSAGE(calls << " calls; " << pending << " times the change was left pending");
}
